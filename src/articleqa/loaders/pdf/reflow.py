"""Reflow of PDF lines into running text: line-end hyphens, paragraphs split over columns or pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.loaders.pdf.addresses import ADDRESS, breaks_address
from articleqa.loaders.pdf.dictionary import is_word
from articleqa.loaders.pdf.layout_stats import SMALL, LayoutStats
from articleqa.loaders.pdf.lines import BULLET, Line
from articleqa.loaders.pdf.paragraphs import (
    Block,
    Kind,
    has_ended,
    is_full,
    is_prose,
    starts_lower,
)
from articleqa.loaders.pdf.tables import have_same_columns
from articleqa.text.terms import terms

_SOFT = "\u00ad‐"
"""Hyphens normally used only where a word is broken."""

_LONGEST_WORD = 100
_LAST_PART = regex.compile(r"(\p{L}*)[-\u00ad‐]$")
_FIRST_PART = regex.compile(r"\p{L}*")
_WORDS = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")
_SUSPENDED = frozenset(LAYOUT.suspending)
"""A hyphen before one of these words stands for the end of a later word: "pre- and post-war"."""

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}、。，」』）]")
_UNSPACED_END = regex.compile(r"(?<=\w)[—–/]$")
_DASHED = regex.compile(r"[-–—] \p{Ll}")
_DASH_START = regex.compile(r"—\w")
_CAPTION = regex.compile(
    rf"{any_of(*LAYOUT.captions, *LAYOUT.pdf_captions)}\s*[\p{{Nd}}A-Z]", regex.IGNORECASE
)


class Hyphens:
    """Decides what a hyphen at a line end means, using the words of the document and of the language."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """Take the words of `lines`, except the last word of each line, which may be broken."""
        self._inner = [line.text.rpartition(" ")[0] for line in lines]

    def joined(self, text: str, following: str) -> tuple[str, str]:
        """Return `text` as it should read before `following` in a paragraph, and the separator between."""
        last = text[-_LONGEST_WORD:].rpartition(" ")[2]
        if last.isalpha() and last.isascii() and following[:1].isalnum():  # as most are
            return text, " "
        if breaks_address(last, following[:_LONGEST_WORD].partition(" ")[0]):
            return text, ""
        if ADDRESS.search(last) and last[-1] == "/":
            return text, " "
        match = _LAST_PART.search(last)
        if match is None or len(last) < 2:
            return text, _between(text, following)
        hyphen, part = text[-1], match[1]
        first = _FIRST_PART.match(following[:_LONGEST_WORD])
        rest = first[0] if first else ""
        if hyphen in _SOFT and hyphen not in self._is_typed and rest:
            return text[:-1], ""
        if rest.casefold() in _SUSPENDED:
            return text, " "
        if not part or not rest or ADDRESS.search(last) or self._is_compound(last, part, rest):
            return text, ""
        return text[:-1], ""

    @cached_property
    def _words(self) -> set[str]:
        """The words of the document, in lower case; many documents break no word."""
        return {word.casefold() for word in _WORDS.findall("\n".join(self._inner))}

    @cached_property
    def _is_typed(self) -> set[str]:
        """The soft hyphens that are within lines."""
        return {char for char in _SOFT if any(char in inner for inner in self._inner)}

    @cached_property
    def _stems(self) -> set[str]:
        """The stems of the document's words."""
        return set(terms(" ".join(word for word in self._words if "-" not in word)))

    def _is_compound(self, word: str, part: str, rest: str) -> bool:
        if not rest[0].islower() and not (part + rest).isupper():
            return True
        joined, compound = f"{part}{rest}".casefold(), f"{part}-{rest}".casefold()
        if compound in self._words:
            return True
        if joined in self._words or any(term in self._stems for term in terms(joined)):
            return False
        if is_word(joined):
            return False
        has_more_hyphens = "-" in word[:-1]
        return has_more_hyphens or (min(len(part), len(rest)) > 2 and is_word(part) and is_word(rest))


def _between(text: str, following: str) -> str:
    if _UNSPACED.match(text[-1:]) and _UNSPACED.match(following):
        return ""
    if _UNSPACED_END.search(text[-2:]) or (_DASH_START.match(following) and text[-1:].isalnum()):
        return ""
    return " "


@dataclass(slots=True)
class FlowedBlock:
    """A block with its continuations in other columns and on other pages: its parts, each with its page.

    `has_header` says whether the first row of a table is a header row.
    """

    parts: list[tuple[int, Block]]
    has_header: bool = True

    @property
    def head(self) -> Block:
        """The first block."""
        return self.parts[0][1]

    @property
    def page(self) -> int:
        """The index of the page that it begins on."""
        return self.parts[0][0]


def join_continued_blocks(
    columns: Iterable[tuple[int, Sequence[Block]]], measures: LayoutStats
) -> list[FlowedBlock]:
    """Return the blocks of all columns in reading order, each joined with its continuations.

    Each column is given with the index of its page. Footnotes and captions between the parts of a paragraph
    come before it, or after it if they are on a later page.
    """
    passages: list[FlowedBlock] = []
    tail: FlowedBlock | None = None
    above: Block | None = None
    header: tuple[str, ...] = ()
    for page, blocks in columns:
        floating = _floating(blocks, measures)
        body = [place for place in range(len(blocks)) if place not in floating]
        head = blocks[body[0]] if body else None
        is_past_table = bool(body) and any(blocks[place].kind is Kind.TABLE for place in range(body[0]))
        joined = None
        if tail and head and _goes_on(tail.parts[-1][1], head, strictly=is_past_table):
            joined = tail
            _lift(passages, tail)
            tail.parts.append((page, head))
        for place, block in enumerate(blocks):
            if joined is None or block is not head:
                goes_on = place == 0 and above is not None and _is_of_table(block, above)
                has_header = not goes_on or block.rows[0] == header
                header = block.rows[0] if block.rows and has_header else header
                passages.append(FlowedBlock([(page, block)], has_header))
            if body and place == body[-1]:
                tail = joined if block is head and joined else passages[-1]
        above = blocks[-1] if blocks else above
    return passages


def _lift(passages: list[FlowedBlock], tail: FlowedBlock) -> None:
    """Move the passages that follow `tail` on the page on which it begins in front of it."""
    place = next(place for place in range(len(passages) - 1, -1, -1) if passages[place] is tail)
    page = tail.page
    after = passages[place + 1 :]
    passages[place:] = [
        *(passage for passage in after if passage.page <= page),
        tail,
        *(passage for passage in after if passage.page > page),
    ]


def _floating(blocks: Sequence[Block], measures: LayoutStats) -> set[int]:
    """Return the indices of footnotes and captions at a column's end, and captions and tables at its top."""
    floating: set[int] = set()
    for place in range(len(blocks) - 1, 0, -1):
        if blocks[place].size >= SMALL * measures.size and not _is_caption(blocks[place]):
            break
        floating.add(place)
    for place, block in enumerate(blocks):
        if not (_is_caption(block) or block.kind is Kind.TABLE):
            break
        floating.add(place)
    return floating


def _is_of_table(block: Block, above: Block) -> bool:
    """Return whether `block`, at the top of a column, continues the table that ends the previous column."""
    return block.kind is above.kind is Kind.TABLE and have_same_columns(above.lines, block.lines)


def _is_caption(block: Block) -> bool:
    return _CAPTION.match(block.lines[0].text) is not None


def _goes_on(block: Block, head: Block, *, strictly: bool) -> bool:
    """Return whether `head`, at the top of a column, continues `block`, at the bottom of the previous one."""
    last, first = block.lines[-1], head.lines[0]
    if Kind.TABLE in (block.kind, head.kind) or abs(block.size - head.size) > 0.05 * block.size:
        return False
    if (
        block.bold != head.bold
        or BULLET.match(first.text)
        or (head.kind is Kind.ITEM and not _DASHED.match(first.text))
    ):
        return False
    ended = has_ended(last.text)
    if starts_lower(first.text) and (not ended or is_full(block, last, first)):
        return True
    if strictly or not is_prose(last) or not is_full(block, last, first):
        return False
    is_indented = first.left > (head.lines[1].left if len(head.lines) > 1 else head.left) + 0.5 * first.size
    return not is_indented
