"""The blocks of text in a tree of HTML or XHTML elements, in reading order."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import WITHOUT_TEXT, ElementBlock, Role
from articleqa.loaders.element_tables import blocks_of_table
from articleqa.loaders.formulas import after, line_of_mathml
from articleqa.loaders.line_ends import with_line_ends
from articleqa.loaders.preformatted import is_code, text_with_lines
from articleqa.loaders.superscripts import is_note_number, lowered, raised
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

_NOTE_MARK = regex.compile(r"[\[(]?(?:[a-z]|[ivx]+|[*†‡§¶]+|[↩↑^]\N{VARIATION SELECTOR-15}?)[\])]?")
_REMARK = regex.compile(r"\[[^\[\]]{1,60}\]")
"""What editors of an encyclopedia add to a sentence: "[citation needed]", "[a]"."""

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]")
_CHARACTERS_OF_WORD = 2
"""Mean characters of a word in scripts without spaces between words."""

_LINE_END = "\N{LINE SEPARATOR}"
"""Stands for a line end that is shown, unlike those of the file."""

_SHIFTED = {"sup": raised, "sub": lowered}
_TYPESETTING = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
"""Invisible characters that say where a line may or may not break."""


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
        if tag == "table" and (rows := blocks_of_table(element, _text)):
            yield from rows
            walk.skip_subtree()
        elif tag == "pre" and (block := flow.preformatted(element)):
            yield block
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
        self._parts.append(_LINE_END)
        return True

    def is_in_word(self) -> bool:
        return bool(self._parts) and not self._parts[-1][-1].isspace()

    def is_at_sentence_end(self) -> bool:
        return bool(self._parts) and ends_sentence(self._parts[-1])

    def flush(self) -> ElementBlock | None:
        linked, self._linked, self._after_line_end = self._linked, 0, False
        if not self._parts:
            return None
        text = "".join(self._parts).translate(_TYPESETTING)
        self._parts.clear()
        lines = [line for each in text.split(_LINE_END) if (line := " ".join(each.split()))]
        if not (lines and self.open):
            return None
        role, level = self._role()
        text = with_line_ends(lines) if len(lines) > 1 else lines[0]
        return ElementBlock(role, (text,), self.open[-1], level, linked)

    def preformatted(self, element: _Element) -> ElementBlock | None:
        """Return the block of a `pre` with its line ends; None if it has no text, or other blocks in it."""
        text = text_with_lines(element)
        if text is None or not text.strip():
            return None
        linked = sum(len("".join("".join(a.itertext()).split())) for a in element.iterdescendants("a"))
        if not is_code(element, text):
            return ElementBlock(Role.PREFORMATTED, (text,), element, 0, linked)
        role, level = self._role()
        return ElementBlock(Role.CODE, (text,), element, level + 1 if role is Role.ITEM else 0, linked)

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


def _text(element: _Element) -> str:
    """Return the text of a cell or caption, with spaces between its blocks."""
    return " ".join(block.text for block in blocks_of_elements(element))
