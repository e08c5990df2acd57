"""The title of a document, from its style or from what its first lines look like."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from articleqa.loaders.office.blocks import Paragraph
from articleqa.loaders.titles import LONGEST_TITLE
from articleqa.text.endings import ends_sentence
from articleqa.text.section_names import names_a_section

_LOOKED_AT = 12
"""How many paragraphs at the start of a document are searched for its title."""

_LARGER = 1.2
"""Minimum type size of a title, as a multiple of the text's; headings of Word's templates begin there."""

_LONGEST_ABOVE = 300
"""Maximum characters between the start and a heading that is the title: a letterhead, a date, an author."""

_FIT_ANY = frozenset(
    (
        "context", "scope", "objective", "objectives", "aim", "aims", "general", "preamble", "disclaimer",
        "executive summary", "key points", "highlights", "agenda", "instructions", "note",
        "references", "bibliography", "works cited", "literature", "sources", "notes", "endnotes",
        "footnotes", "acknowledgements", "acknowledgments", "appendix", "annex", "glossary", "index",
        "further reading",
    )
)  # fmt: skip


class _Line(NamedTuple):
    text: str
    level: int
    size: float
    is_item: bool


class Opening:
    """Takes the paragraphs of a document in order, and finds its title among the first."""

    def __init__(self) -> None:
        """Start without paragraphs."""
        self.styled_title = ""
        self._is_in_title = False
        self._lines: list[_Line] = []
        self._characters: Counter[float] = Counter()

    def take(self, paragraph: Paragraph) -> None:
        """Take the next paragraph."""
        text = " ".join(paragraph.text.split())
        if not text:
            return
        if paragraph.is_title and (not self.styled_title or self._is_in_title):
            title = f"{self.styled_title} {text}".strip()
            self.styled_title = title if len(title) <= LONGEST_TITLE else self.styled_title or text
        self._is_in_title = paragraph.is_title
        if len(self._lines) < _LOOKED_AT:
            self._lines.append(_Line(text, paragraph.level, paragraph.size, bool(paragraph.item_level)))
        for piece in paragraph.pieces:
            self._characters[piece.size] += len(piece.text)

    def title(self) -> str:
        """Return the heading or the large line at the start, else the first line.

        Empty if the document begins with a heading that any document may have, such as "Introduction".
        """
        headings = [n for n, line in enumerate(self._lines) if line.level and not _fits_any(line.text)]
        end = headings[0] if headings else len(self._lines)
        above = self._lines[:end]
        large = self._large_lines(above)
        if large:
            return large
        if any(line.level for line in above) and not _is_outer(self._lines, end):
            return "" if above[0].level else above[0].text
        if headings and (not above or _is_short(above)):
            return self._lines[end].text
        return next((line.text for line in self._lines if not line.text.startswith("[")), "")

    def _large_lines(self, lines: list[_Line]) -> str:
        """Return the lines in the largest type if it is larger than the text's, up to the next other line."""
        text_size = max(self._characters, key=lambda size: self._characters[size], default=0.0)
        fit = [_may_be_title(line) and line.size >= _LARGER * text_size for line in lines]
        if not any(fit):
            return ""
        largest = max(line.size for line, fits in zip(lines, fit, strict=True) if fits)
        title = ""
        for line, fits in zip(lines, fit, strict=True):
            if fits and line.size == largest and len(title) + len(line.text) < LONGEST_TITLE:
                title = f"{title} {line.text}".strip()
            elif title:
                break
        return title


def _may_be_title(line: _Line) -> bool:
    is_short = len(line.text) <= LONGEST_TITLE and any(c.isalpha() for c in line.text)
    is_placeholder = line.text.startswith("[") and line.text.endswith("]")
    is_text = line.level or line.is_item or ends_sentence(line.text)
    return is_short and not (is_text or is_placeholder or _fits_any(line.text))


def _is_short(lines: list[_Line]) -> bool:
    """Return whether lines are what stands above a title, not the text of the document."""
    return sum(len(line.text) for line in lines) <= _LONGEST_ABOVE and (
        sum(ends_sentence(line.text) for line in lines) <= 1
    )


def _is_outer(lines: list[_Line], place: int) -> bool:
    """Return whether the heading at `place` is one level further out than all headings before it."""
    return place < len(lines) and all(lines[place].level < line.level for line in lines[:place] if line.level)


def _fits_any(heading: str) -> bool:
    """Return whether any document may have a heading: "Overview", "References"."""
    return names_a_section(heading) or heading.strip(" .:0123456789").casefold() in _FIT_ANY
