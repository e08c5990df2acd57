"""What mail programs write around a mail that they quote or forward, as patterns.

In English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Finnish, Polish,
Czech, Russian, Turkish, Chinese and Japanese: programs write in the language of their user, whatever language
the mail is in.
"""

from __future__ import annotations

import regex

_WROTE = (
    r"(?:\b(?:wrote|writes|schrieb|schreibt|a\sécrit|écrit|escribió|ha\sscritto|escreveu|schreef|skrev|kirjoitti|"
    r"napisał|napisała|napsala?|писала?|пишет|написала?|yazdı)\b|写道|寫道)"
)
ATTRIBUTION = regex.compile(rf"(?=.*{_WROTE}).*[:：]\s*", regex.IGNORECASE | regex.DOTALL)
BEGINS_ATTRIBUTION = regex.compile(
    r"(?:-{2,}\s)?(?:On|Am|Le|El|Il|Op|Em|Den|\p{L}{2,10}[.,]|\d{1,4}[-./])\s?[^\n]*?\d", regex.IGNORECASE
)
ORIGINAL = regex.compile(
    r"-{2,}\s?(?:Original\s(?:Message|Appointment)|Ursprüngliche\sNachricht|Message\sd['’]origine|"
    r"Mensaje\soriginal|Messaggio\soriginale|Mensagem\soriginal|Oorspronkelijk\sbericht|"
    r"Ursprungligt\smeddelande|Oprindelig\smeddelelse|Opprinnelig\smelding|Alkuperäinen\sviesti|"
    r"Oryginalna\swiadomość|Wiadomość\soryginalna|Původní\szpráva|Исходное\sсообщение|"
    r"Original\sileti|Orijinal\sMesaj|原始邮件|原始郵件|元のメッセージ|Reply\sMessage)\s?-{2,}",
    regex.IGNORECASE,
)
FORWARDED = regex.compile(
    r"-{2,}[\s-]*(?:Forwarded\s(?:message|by)|Weitergeleitete\sNachricht|Message\stransféré|Mensaje\sreenviado|"
    r"Messaggio\sinoltrato|Mensagem\sencaminhada|Doorgestuurd\sbericht|Vidarebefordrat\smeddelande|"
    r"Videresendt\s(?:meddelelse|melding)|Välitetty\sviesti|Przekazana\swiadomość|Přeposlaná\szpráva|"
    r"Пересылаемое\sсообщение|İletilmiş\sileti|转发的邮件|已转发邮件|轉寄的郵件|転送メッセージ)\b[^\n]*"
    r"|(?:Begin\sforwarded\smessage|Anfang\sder\sweitergeleiteten\sNachricht|Début\sdu\smessage\sréexpédié|"
    r"Inicio\sdel\smensaje\sreenviado|Inizio\smessaggio\sinoltrato)\s?:",
    regex.IGNORECASE,
)
"""The line above a forwarded mail."""

FORWARDING_SUBJECT = regex.compile(
    r"(?:\[[^\]]*\]\s*)?(?:fwd?|wg|tr|rv|i|enc|doorst|vb)\s?:", regex.IGNORECASE
)
FROM = regex.compile(
    r"\*?(?:From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От|Kimden|Gönderen|发件人|寄件者|差出人)\s?[:：]\*?\s*\S",
    regex.IGNORECASE,
)
OTHER_FIELD = regex.compile(
    r"\*?(?:Sent|Date|To|Cc|Subject|Reply-To|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?:\sel)?|Fecha|Para|"
    r"Asunto|Inviato|Data|A|Oggetto|Enviada\sem|Assunto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|"
    r"Sendt|Dato|Til|Emne|Lähetetty|Päivämäärä|Vastaanottaja|Aihe|Wysłano|Do|DW|Temat|Odesláno|Datum|Komu|Předmět|"
    r"Отправлено|Дата|Кому|Копия|Тема|Gönderildi|Tarih|Kime|Bilgi|Konu|"
    r"发送时间|日期|收件人|抄送|主题|寄件日期|收件者|副本|主旨|送信日時|日付|宛先|件名)\s?[:：]",
    regex.IGNORECASE,
)
FIELDS_IN_A_LINE = regex.compile(
    r"(?:[_-]{5,}\s)?(?:From|Von|De|Da|Van):\s.{1,300}?\s"
    r"(?:Sent|Date|Gesendet|Envoyé|Enviado(?:\sel)?|Inviato|Verzonden):\s.{1,100}?\s(?:To|An|À|Para|A|Aan):\s",
    regex.IGNORECASE,
)
"""The same fields where HTML puts them into one paragraph."""

OF_LIST = regex.compile(r"mailing list|listinfo|unsubscribe", regex.IGNORECASE)
SENT_FROM = regex.compile(
    r"(?:Sent from (?:my|Yahoo|Outlook|Mail|Proton)|Get Outlook for|Von meinem \p{L}+ gesendet|Envoyé de mon|"
    r"Enviado desde mi|Inviato da(?:l mio)?)\b.{0,60}",
    regex.IGNORECASE,
)
TRAILER = regex.compile(
    r"(?:This|The\sinformation\sin\sthis)\s(?:e-?mail|message|communication)\b.{0,200}?"
    r"\b(?:confidential|privileged|intended\s(?:only|solely|exclusively))\b.*"
    r"|If\syou\s(?:are|were)\snot\sthe\sintended\srecipient\b.*"
    r"|Diese\s(?:E-?Mail|Nachricht)\b.{0,200}?\bvertraulich.*"
    r"|Ce\s(?:message|courriel)\b.{0,200}?\bconfidentiel.*"
    r"|You(?:\sare|['’]re)?\s(?:receiv(?:e|ed|ing)|get(?:ting)?|got)\sthis\s(?:e?-?mail|message|newsletter)\sbecause\b.*"
    r"|(?:Click\shere\sto\s)?unsubscribe(?:\s(?:here|from\s(?:this|these|all)\b.{0,60}))?[.|]?"
    r"|(?:View|Read|Open)\s(?:this\s(?:e-?mail|message|newsletter)\s)?(?:in|on)\s(?:your|a|the)\s(?:web\s?)?browser\.?",
    regex.IGNORECASE | regex.DOTALL,
)
"""A line that companies and newsletters put below, or above, their mails."""
