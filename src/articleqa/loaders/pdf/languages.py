"""Words of one language that the layout of a PDF is judged by: alternatives of regular expressions."""

PAGE_WORDS = "page|p|pg|pp|seite|s"
OF_WORDS = "of|von"
"""Words of a page number: "Page 3 of 20"."""

CAPTION_WORDS = r"Figure|Fig\.|Table|Chart|Abbildung|Abb\.|Tabelle"
"""Words that a caption begins with, before its number."""

CONTENTS_WORDS = "contents|table of contents|inhalt|inhaltsverzeichnis|sommaire|índice"
"""Headings of a table of contents."""

NO_TITLES = frozenset(
    {
        "references",
        "bibliography",
        "acknowledgements",
        "acknowledgments",
        "appendix",
        "index",
        "notes",
        "literatur",
    }
)
"""Headings of parts at the end of a document, which its first page may begin with; never its title."""

SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of"})
"""A hyphen before one of these words stands for the end of a later word: "pre- and post-war"."""

LIGATURES = ("fi", "fl", "ff", "ffi", "ffl", "tt", "ti", "ft", "Th")
"""What a single glyph may stand for within a word, the most frequent first."""

VOWELS = frozenset("aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüý")
"""Letters one of which nearly every word of a language in Latin letters has."""
