"""A text into blocks: prose, headings and boilerplate, as spans.

In plain text a blank line ends a block, and so does a line end unless the text is hard-wrapped. In
Markdown a block is what CommonMark says, and a line end inside it is a space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import regex

from articleqa.models import Span
from articleqa.text.boilerplate import is_boilerplate, is_menu

WRAPPED_WIDTHS = range(60, 101)
"""The columns of a line that was broken to fit a page."""

HEADING_WORDS = 15
"""A heading has at most this many words."""

_BULLET = regex.compile(r"[ \t]*(?:[•‣◦▪●·*–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_SENTENCE_END = regex.compile(r"[.!…。！？:;,][\"'”’»)\]]*$")
_WORD = regex.compile(r"\w")


class BlockKind(StrEnum):
    """What a block is to a reader."""

    PROSE = "prose"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text of one kind, without outer white space.

    `level` is a heading's depth (1 the outermost); `hard_wrapped` says that a line end inside the
    block is a space, not an end.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    hard_wrapped: bool = False


def blocks_of(text: str, media_type: str = "text/plain") -> list[Block]:
    """Return the blocks of `text` in order, disjoint.

    `media_type` "text/markdown" reads CommonMark; any other is plain text, whose blocks cover every
    character that is not white space.
    """
    if media_type == "text/markdown":
        from articleqa.text.markdown_blocks import markdown_blocks

        return markdown_blocks(text)
    return _plain_blocks(text)


def _plain_blocks(text: str) -> list[Block]:
    groups = list(_groups(text))
    hard_wrapped = _is_hard_wrapped(text, groups)
    units = [unit for group in groups for unit in _units(text, group, hard_wrapped)]
    blocks: list[Block] = []
    for number, unit in enumerate(units):
        following = units[number + 1].span.of(text) if number + 1 < len(units) else ""
        kind = BlockKind.PROSE
        if unit.in_menu or is_boilerplate(unit.span.of(text)):
            kind = BlockKind.BOILERPLATE
        elif unit.opens_group and is_heading(unit.span.of(text), following):
            kind = BlockKind.HEADING
        level = 1 if kind is BlockKind.HEADING else 0
        blocks.append(Block(kind, unit.span, level=level, hard_wrapped=hard_wrapped))
    return blocks


def is_heading(block: str, following: str) -> bool:
    """Say whether `block` is a short block without a full stop ahead of a longer one."""
    if "\n" in block or len(block.split()) > HEADING_WORDS or _SENTENCE_END.search(block):
        return False
    if _BULLET.match(block) or block[0].islower() or not _WORD.search(block):
        return False
    return len(following) > len(block) or (
        bool(following) and following[0].isupper() and "." not in following
    )


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, or one of its lines where line ends count."""

    span: Span
    opens_group: bool
    in_menu: bool


def _groups(text: str) -> Iterator[list[Span]]:
    """Yield the runs of lines between blank lines, each line without its outer white space."""
    group: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            left = start + len(line) - len(line.lstrip())
            group.append(Span(left, left + len(stripped)))
        elif group:
            yield group
            group = []
        start += len(line)
    if group:
        yield group


def _is_hard_wrapped(text: str, groups: list[list[Span]]) -> bool:
    """Say whether most lines that another follows in their paragraph are 60 to 100 columns wide."""
    broken = [line for group in groups for line in group[:-1] if not _BULLET.match(line.of(text))]
    fitting = sum(len(line) in WRAPPED_WIDTHS for line in broken)
    return len(broken) >= 3 and fitting > len(broken) / 2


def _units(text: str, group: list[Span], hard_wrapped: bool) -> Iterator[_Unit]:
    """Yield the blocks of one run of lines: its lines, or where it is hard-wrapped its paragraphs."""
    in_menu = is_menu([line.of(text) for line in group])
    if not hard_wrapped:
        for line in group:
            yield _Unit(line, line is group[0], in_menu)
        return
    start = group[0].start
    for before, line in zip(group, group[1:], strict=False):
        # Items of a list are set apart by their bullets alone.
        if _BULLET.match(line.of(text)):
            yield _Unit(Span(start, before.end), start == group[0].start, in_menu)
            start = line.start
    yield _Unit(Span(start, group[-1].end), start == group[0].start, in_menu)
