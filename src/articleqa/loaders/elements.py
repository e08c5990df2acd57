"""The blocks of text in a tree of HTML or XHTML elements, in reading order."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

import regex

from articleqa.loaders.formulas import after, line_of_mathml
from articleqa.loaders.superscripts import is_note_number, lowered, raised
from articleqa.loaders.text_builder import TextBuilder
from articleqa.text.endings import ends_sentence

if TYPE_CHECKING:
    from lxml.etree import _Element

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ITEMS = frozenset(["li", "dd", "dt"])
_BLOCKS = frozenset(
    str.split(
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
        "p pre section summary table tbody td tfoot th thead tr ul"
    )
)
_OWN_FLOW = frozenset(["article", "blockquote", "figure", "section", "table", "td"])
"""Text in these elements does not belong to the list item around them."""

WITHOUT_TEXT = frozenset(
    str.split(
        "applet annotation annotation-xml audio button canvas datalist embed frame frameset head iframe "
        "input map meter noembed noframes noscript object option output progress rp rt script select style "
        "svg template textarea title video"
    )
)
"""Elements without text, or whose text is not part of the page's sentences."""

_LONGEST_CELL = 500
"""A cell with more characters than this holds paragraphs, so its table only lays out the page."""

_NOTE_MARK = regex.compile(r"[\[(]?(?:[a-z]|[ivx]+|[*†‡§¶]+|[↩↑^]\N{VARIATION SELECTOR-15}?)[\])]?")
_REMARK = regex.compile(r"\[[^\[\]]{1,60}\]")
"""What editors of an encyclopedia add to a sentence: "[citation needed]", "[a]"."""

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]")
_CHARACTERS_OF_WORD = 2
"""Mean characters of a word in scripts without spaces between words."""

_SHIFTED = {"sup": raised, "sub": lowered}
_TYPESETTING = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
"""Invisible characters that say where a line may or may not break."""


class Role(Enum):
    """The role of a block on its page."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    HEADER_ROW = auto()
    ROW = auto()


class ElementBlock(NamedTuple):
    """A block of text and the innermost block element that holds it.

    `cells` holds the cells of a row, and a single text for other blocks; `linked` counts the characters in
    links, without white space.
    """

    role: Role
    cells: tuple[str, ...]
    element: _Element
    level: int = 0
    linked: int = 0

    @property
    def text(self) -> str:
        """The whole text of the block, with single spaces."""
        return " ".join(" ".join(self.cells).split())

    def add_to(self, builder: TextBuilder) -> None:
        """Add the block to the text in `builder`."""
        match self.role:
            case Role.HEADING:
                builder.heading(self.cells[0], self.level)
            case Role.PARAGRAPH:
                builder.paragraph(self.cells[0])
            case Role.ITEM:
                builder.item(self.cells[0], self.level)
            case Role.HEADER_ROW:
                builder.header_row(self.cells)
            case Role.ROW:
                builder.row(self.cells)


def blocks_of_elements(root: _Element) -> Iterator[ElementBlock]:
    """Yield the non-empty blocks of `root`, which must be a block element itself.

    The tree must contain only elements, and their names must have no namespace. The mark of a note ("[1]")
    is left out if it is a link or follows a sentence; other raised or lowered digits become superscripts or
    subscripts.
    """
    from lxml.etree import iterwalk

    flow = _Flow()
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if tag in _BLOCKS:
                if block := flow.flush():
                    yield block
                flow.open.pop()
            flow.links -= tag == "a"
            if _shift(element):
                flow.shifts.pop()
            if element is not root:
                flow.take(element.tail)
            continue
        flow.links += tag == "a"
        if shift := _shift(element):
            flow.shifts.append(shift)
        if (tag in _BLOCKS or (tag == "br" and not flow.takes_line_end())) and (block := flow.flush()):
            yield block
        if tag in _BLOCKS:
            flow.open.append(element)
        if tag == "table" and (rows := _rows_of_data_table(element)):
            yield from _table_blocks(element, rows)
            walk.skip_subtree()
        elif tag == "math":
            flow.take_formula(line_of_mathml(element))
            walk.skip_subtree()
        elif tag in WITHOUT_TEXT or _is_note_mark(element, flow):
            walk.skip_subtree()
        else:
            flow.take(element.text)
    if block := flow.flush():
        yield block


def subtree_weights(weights: Iterable[tuple[_Element, float]]) -> dict[_Element, float]:
    """Return the total weight of each element: its own and that of the elements below it."""
    held: defaultdict[_Element, float] = defaultdict(float)
    for element, weight in weights:
        held[element] += weight
        for ancestor in element.iterancestors():
            held[ancestor] += weight
    return dict(held)


def word_count(text: str) -> int:
    """Return about how many words `text` has, also in scripts without spaces between words."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // _CHARACTERS_OF_WORD


def letters(text: str) -> str:
    """Return the letters and digits of `text`, case-folded, to compare texts however they are typeset."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


class _Flow:
    """The text since the last block boundary, and the block elements that are open around it."""

    def __init__(self) -> None:
        self.open: list[_Element] = []
        self.links = 0
        self.shifts: list[Callable[[str], str]] = []
        self._parts: list[str] = []
        self._linked = 0
        self._after_line_end = False

    def take(self, text: str | None) -> None:
        if not text:
            return
        self._parts.append(self.shifts[-1](text) if self.shifts else text)
        if not text.isspace():
            self._after_line_end = False
            if self.links:
                self._linked += len("".join(text.split()))

    def take_formula(self, formula: str) -> None:
        self.take(after(self._parts[-1] if self._parts else "", formula))

    def takes_line_end(self) -> bool:
        """Take a line end and return whether the block continues: two line ends in a row end it."""
        if self._after_line_end:
            return False
        self._after_line_end = True
        self._parts.append(" ")
        return True

    def is_in_word(self) -> bool:
        return bool(self._parts) and not self._parts[-1][-1].isspace()

    def is_at_sentence_end(self) -> bool:
        return bool(self._parts) and ends_sentence(self._parts[-1])

    def flush(self) -> ElementBlock | None:
        linked, self._linked, self._after_line_end = self._linked, 0, False
        if not self._parts:
            return None
        text = " ".join("".join(self._parts).translate(_TYPESETTING).split())
        self._parts.clear()
        if not (text and self.open):
            return None
        role, level = self._role()
        return ElementBlock(role, (text,), self.open[-1], level, linked)

    def _role(self) -> tuple[Role, int]:
        for element in reversed(self.open):
            if element.tag in HEADINGS:
                return Role.HEADING, HEADINGS[element.tag]
            if element.tag in _ITEMS:
                return Role.ITEM, sum(around.tag in _ITEMS for around in self.open)
            if element.tag in _OWN_FLOW:
                break
        return Role.PARAGRAPH, 0


def _shift(element: _Element) -> Callable[[str], str] | None:
    """Return the function that raises or lowers the text in `element`; None if it is neither."""
    return _SHIFTED.get(element.tag)


def _is_note_mark(element: _Element, flow: _Flow) -> bool:
    """Return whether `element` marks a note, unlike a number that is part of the text ("in chapter 2")."""
    if element.tag == "sup" and _REMARK.fullmatch("".join(element.itertext()).strip()):
        return True
    is_linked = element.tag == "a" and "#" in (element.get("href") or "")
    if not is_linked and not (element.tag == "sup" and flow.is_at_sentence_end()):
        return False
    text = "".join(element.itertext()).strip()
    parent = element.getparent()
    is_raised = element.find(".//sup") is not None or (parent is not None and parent.tag == "sup")
    is_set_apart = is_raised or text[:1] in ("[", "(") or flow.is_in_word()
    return is_set_apart and (is_note_number(text) or _NOTE_MARK.fullmatch(text) is not None)


class _Row(NamedTuple):
    """A row of a table, its cells, and their texts."""

    element: _Element
    cells: list[_Element]
    texts: tuple[str, ...]


def _rows_of_data_table(table: _Element) -> list[_Row]:
    """Return the rows of a table; none if it has no rows of several cells, but just lays out the page."""
    if table.get("role") in ("presentation", "none"):
        return []
    if next(table.iterdescendants("table", *HEADINGS), None) is not None:
        return []
    rows: list[_Row] = []
    for row in table.iterdescendants("tr"):
        cells = list(row.iterchildren("td", "th"))
        texts = tuple(map(_text, cells))
        if any(len(text) > _LONGEST_CELL for text in texts):
            return []
        rows.append(_Row(row, cells, texts))
    return rows if any(len(row.cells) > 1 for row in rows) else []


def _table_blocks(table: _Element, rows: list[_Row]) -> Iterator[ElementBlock]:
    for caption in table.iterchildren("caption"):
        if text := _text(caption):
            yield ElementBlock(Role.PARAGRAPH, (text,), caption)
    above = True
    for row, cells, texts in rows:
        if not any(texts):
            continue
        above = above and _is_header_row(row, cells, texts)
        linked = sum(len("".join("".join(a.itertext()).split())) for a in row.iterdescendants("a"))
        yield ElementBlock(Role.HEADER_ROW if above else Role.ROW, texts, row, linked=linked)


def _is_header_row(row: _Element, cells: list[_Element], texts: tuple[str, ...]) -> bool:
    parent = row.getparent()
    # The corner cell above the row headings is often an empty `td`.
    return (parent is not None and parent.tag == "thead") or all(
        cell.tag == "th" or not text for cell, text in zip(cells, texts, strict=True)
    )


def _text(element: _Element) -> str:
    """Return the text of a cell or caption, with spaces between its blocks."""
    return " ".join(block.text for block in blocks_of_elements(element))
