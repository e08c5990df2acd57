"""Where blocks of a web page stand: in the main text's element, or in a section of other articles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.elements import subtree_weights

if TYPE_CHECKING:
    from lxml.etree import _Element

_NEARLY_ALL = 0.9


def are_inside(blocks: Sequence[ElementBlock], kept: Sequence[bool]) -> list[bool]:
    """Return whether each block is in the innermost element with nearly all of the text that is kept."""
    held = subtree_weights(
        (_container(block), len(block.text)) for block, is_kept in zip(blocks, kept, strict=True) if is_kept
    )
    most = _NEARLY_ALL * max(held.values(), default=0.0)
    holding = [element for element in held if held[element] >= most]
    main = max(holding, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)
    if main is None:
        return [False] * len(blocks)
    return [any(e is main for e in (block.element, *block.element.iterancestors())) for block in blocks]


def _container(block: ElementBlock) -> _Element:
    parent = block.element.getparent()
    return block.element if parent is None or block.element.tag == "body" else parent


def foreign_sections(blocks: Sequence[ElementBlock], taken: Sequence[bool]) -> set[ElementBlock]:
    """Return the blocks of sections that are not the article's: other articles, sharing, newsletters.

    A section is a heading and what is below it up to the next one. It is foreign if trafilatura took none of
    it, and nothing from an element of the same tag and classes as the one that its heading is in.
    """
    containers = {_kind(_container(block)) for block, is_taken in zip(blocks, taken, strict=True) if is_taken}
    found: set[ElementBlock] = set()
    starts = [n for n, block in enumerate(blocks) if block.role is Role.HEADING]
    for start, end in pairwise([*starts, len(blocks)]):
        if not any(taken[start:end]) and _kind(_container(blocks[start])) not in containers:
            found.update(blocks[start:end])
    return found


def _kind(element: _Element) -> tuple[str, str]:
    return str(element.tag), element.get("class") or ""
