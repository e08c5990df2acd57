"""Headings that name a part of any document, and so not this document: "Abstract", "2. Overview"."""

from __future__ import annotations

import regex

_LONGEST = 80
"""Characters of the longest heading that is looked at."""

_AROUND = regex.compile(r"^(?:\W|\d|[IVX]+\.)+|[\W_]+$")
_NAMES = frozenset(
    """
    abstract|background|contents|description|foreword|introduction|menu|motivation|navigation|on this page
    overview|preface|purpose|rationale|status of this memo|summary|synopsis|table of contents|toc
    einleitung|einführung|inhalt|inhaltsverzeichnis|überblick|vorwort|zusammenfassung
    résumé|sommaire|table des matières|contenido|índice|introducción|resumen
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)


def names_a_section(heading: str) -> bool:
    """Say whether `heading`, but for its number and marks, is one that most documents have."""
    if len(heading) > _LONGEST:
        return False
    return _AROUND.sub("", " ".join(heading.split())).casefold() in _NAMES
