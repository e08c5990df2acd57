"""An article's title, from its text."""

from __future__ import annotations

import regex

from articleqa.models import Block, BlockKind
from articleqa.text.plain_blocks import plain_blocks

LONGEST_TITLE = 120
"""Characters; a longer first line is cut at a word and ends in an ellipsis."""

_LOOKED_AT = 20_000
"""Characters within which the first line of the article itself is found."""

_NO_TITLE = regex.compile(
    r"(?:\W|\d)*(?:abstract|status of this memo|table of contents|contents|preface|foreword"
    r"|zusammenfassung|inhalt|inhaltsverzeichnis|vorwort|résumé|sommaire|table des matières"
    r"|resumen|índice)\W*",
    regex.IGNORECASE,
)
"""Headings of parts that many documents have: none says what its own document is about."""

_MARKS = regex.compile(r"^[*_=#~ ]+|[*_=#~ ]+$")


def title_of(text: str, media_type: str = "text/plain") -> str:
    """Return the title that the first lines of `text` show, empty when there is none."""
    return shortened(first_line(text, media_type))


def first_line(text: str, media_type: str) -> str:
    """Return what `title_of` does, at full length."""
    beginning = text[:_LOOKED_AT]
    if media_type == "text/markdown":
        from articleqa.text.markdown_blocks import first_shown_block

        first = first_shown_block(beginning)
        return " ".join(first.span.of(text).splitlines()[0].split()) if first else ""
    return _plain_title(beginning)


def _plain_title(text: str) -> str:
    """Return the heading above the fields of a plain text, or else the first line below them."""
    shown = [block for block in plain_blocks(text) if block.kind is not BlockKind.BOILERPLATE]
    fields = [number for number, block in enumerate(shown) if block.kind is BlockKind.ROW]
    candidates = shown
    if fields and not any(block.kind is BlockKind.HEADING for block in shown[: fields[0]]):
        last = next((n for n in fields if n + 1 not in fields), fields[0])
        candidates = [*shown[last + 1 :], *shown[: last + 1]]
    titles = [
        title for block in candidates if (title := _line_of(block, text)) and not _NO_TITLE.fullmatch(title)
    ]
    return titles[0] if titles else ""


def _line_of(block: Block, text: str) -> str:
    """Return the first line of a block, all lines of a heading, without the marks around it."""
    said = block.span.of(text)
    line = said if block.kind is BlockKind.HEADING else said.splitlines()[0]
    return _MARKS.sub("", " ".join(line.split()))


def shortened(line: str) -> str:
    """Return `line`, cut at a word where it is too long for a title."""
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
