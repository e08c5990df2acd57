"""What mail programs write around a mail that they quote or forward, as patterns.

In English, German, French, Spanish, Italian, Portuguese, Dutch and Swedish: programs write in the language of
their user, whatever language the mail is in.
"""

from __future__ import annotations

import regex

_WROTE = r"\b(?:wrote|writes|schrieb|schreibt|a\sécrit|écrit|escribió|ha\sscritto|escreveu|schreef|skrev)\b"
ATTRIBUTION = regex.compile(rf"(?=.*{_WROTE}).*[:：]\s*", regex.IGNORECASE | regex.DOTALL)
BEGINS_ATTRIBUTION = regex.compile(
    r"(?:On|Am|Le|El|Il|Op|Em|Den|\p{L}{2,10}[.,]|\d{1,4}[-./])\s?[^\n]*?\d", regex.IGNORECASE
)
ORIGINAL = regex.compile(
    r"-{2,}\s?(?:Original\s(?:Message|Appointment)|Ursprüngliche\sNachricht|Message\sd['’]origine|"
    r"Mensaje\soriginal|Messaggio\soriginale|Mensagem\soriginal|Oorspronkelijk\sbericht|"
    r"Ursprungligt\smeddelande|Reply\sMessage)\s?-{2,}",
    regex.IGNORECASE,
)
FORWARDED = regex.compile(
    r"-{2,}[\s-]*(?:Forwarded\s(?:message|by)|Weitergeleitete\sNachricht|Message\stransféré|Mensaje\sreenviado|"
    r"Messaggio\sinoltrato|Mensagem\sencaminhada|Doorgestuurd\sbericht|Vidarebefordrat\smeddelande)\b[^\n]*"
    r"|(?:Begin\sforwarded\smessage|Anfang\sder\sweitergeleiteten\sNachricht|Début\sdu\smessage\sréexpédié|"
    r"Inicio\sdel\smensaje\sreenviado|Inizio\smessaggio\sinoltrato)\s?:",
    regex.IGNORECASE,
)
"""The line above a forwarded mail."""

FORWARDING_SUBJECT = regex.compile(
    r"(?:\[[^\]]*\]\s*)?(?:fwd?|wg|tr|rv|i|enc|doorst|vb)\s?:", regex.IGNORECASE
)
FROM = regex.compile(r"\*?(?:From|Von|De|Da|Van|Från)\s?:\*?\s*\S", regex.IGNORECASE)
OTHER_FIELD = regex.compile(
    r"\*?(?:Sent|Date|To|Cc|Subject|Reply-To|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?:\sel)?|Fecha|Para|"
    r"Asunto|Inviato|Data|A|Oggetto|Enviada\sem|Assunto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne)\s?:",
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
