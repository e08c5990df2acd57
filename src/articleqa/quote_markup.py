"""Quotes and their places as HTML and Markdown; what could be markup in a text is escaped."""

from __future__ import annotations

import re
from html import escape

from articleqa.printing import one_line, shown

SURROUNDINGS = 500
"""The most characters shown of the passage on each side of a quote."""

_INLINE = re.compile(r"[\\`*_\[\]<>&~|$]")
"""What may begin markup, a link, HTML, an entity, or in some dialects a formula or a cell."""

_LINE_START = re.compile(r"[ \t]*(?:([#+=:-])|([0-9]{1,9})([.)]))?")
"""What may begin a heading, a list, a rule or a definition, after the space that may begin code."""

_ADDRESS = re.compile(r"(https?|ftp|www|mailto)([:.])|@", re.IGNORECASE)
"""What some dialects make a link of by itself."""


def html_text(text: str) -> str:
    """Return a text as HTML."""
    return escape(shown(text))


def html_quote(before: str, quote: str, after: str, place: str) -> str:
    """Return a quote marked between what stands around it, with its place."""
    if len(before) > SURROUNDINGS:
        before = "…" + before[-SURROUNDINGS:].partition(" ")[2]
    if len(after) > SURROUNDINGS:
        after = after[:SURROUNDINGS].rpartition(" ")[0] + "…"
    marked = f"{html_text(before)}<mark>{html_text(quote)}</mark>{html_text(after)}"
    return (
        f'<blockquote><p style="white-space: pre-line">{marked}</p>'
        f"<footer>{escape(one_line(place))}</footer></blockquote>"
    )


def markdown_quote(quote: str, number: int) -> str:
    """Return a quote as a block, with a reference to the footnote of this number."""
    lines = [markdown_line(line) for line in shown(quote).split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in [*lines[:-1], f"{lines[-1]}[^{number}]"])


def markdown_note(place: str, number: int) -> str:
    """Return the footnote of this number, which names a place."""
    return f"[^{number}]: {markdown_line(one_line(place))}"


def markdown_line(line: str) -> str:
    """Return a line of text so that Markdown shows it as it is, without white space at its start."""
    found = _LINE_START.match(line)
    assert found is not None
    begin = line[found.end() - len(found[0].lstrip()) : found.end()]
    if found[1]:
        begin = "\\" + begin
    elif found[3]:
        begin = f"{found[2]}\\{found[3]}"
    rest = _INLINE.sub(lambda each: "\\" + each[0], line[found.end() :])
    return begin + _ADDRESS.sub(lambda each: f"{each[1]}\\{each[2]}" if each[1] else "\\@", rest)
