"""Words of further languages by which documents are laid out and cut into sentences, not answered from.

What sentence boundaries need to know beyond this is in `languages.txt`, a section for each language.
"""

from __future__ import annotations

from pathlib import Path

from articleqa.language.protocol import Layout, SentenceRules

FACTS = Path(__file__).with_name("languages.txt")
"""Small words, months, abbreviations and ordinals; `articleqa.text.sentences.languages` reads them."""

OTHER_SENTENCES = SentenceRules(
    numbered=("Artikel", "Artículo"),
    quote_particles=("と", "って"),  # 「行く。」と言った。
    before_names=("et", "und"),
    before_letters=("Abb",),
    elided=("l", "d", "dell", "all", "nell", "sull", "dall", "qu", "s", "n"),
)

OTHER_LAYOUT = Layout(
    page=("[Ss]eite", "[Pp]ágina", "[Pp]agina", "[Ss]ida", "[Ss]trana", r"S\."),
    of_pages=("von", "de", "sur"),
    short_pages=("s",),
    section_names=(
        *("einleitung", "einführung", "inhalt", "inhaltsverzeichnis", "überblick", "vorwort"),
        *("zusammenfassung", "résumé", "sommaire", "table des matières"),
        *("contenido", "índice", "introducción", "resumen"),
    ),
    end_sections=("literatur",),
    contents_titles=(
        *("inhalt(?:sverzeichnis)?", "sommaire", "table des matières", "índice", "indice"),
        "inhoud(?:sopgave)?",
    ),
    captions=("abbildung", r"abb\.", "tabelle"),
    byline=("par", "por", "von", "di", "da", "door", "av", "af"),
    credit_names=("bildnachweis",),
    credit_texts=(r"(?:foto|bild) ?(?::|by\b|credit)",),
    field_names=("autor", "datum", "von"),
    title_fields=("titel", "betreff"),
    name_particles=("van", "von", "de", "der", "den"),
    questioners=("Frage", "F", "P", "Pregunta", "D"),
    answerers=("Antwort", "R", "Respuesta", "Réponse"),
    speakers=("Frage", "Antwort"),
    days_of_months=(
        *("Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
        *("Oktober", "November", "Dezember", "januari?", "februari?", "mars", "maart", "april", "ma[ij]"),
        *("juni", "juli", "augusti?", "oktober", "december", "desember"),
    ),
    default_titles=(
        "(?:unbenannt|sans nom|sin título|senza nome).*",
        r"\[?(?:unbekannt|ohne titel|inconnu|sans titre|desconocido|sconosciuto|senza titolo)\]?",
    ),
    suspending=("und", "oder", "bis", "et", "ou", "y", "o", "e", "en"),
)
