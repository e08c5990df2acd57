"""Tell a book's lists of contents from its text."""

from __future__ import annotations

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.text.endings import ends_sentence

_LINKED = 0.5
"""Minimum share of an entry's characters that are in links: Gutenberg has page numbers beside them."""

_LONG = 120
"""A block of this many characters is text even without a full stop, as in Japanese; no entry is as long."""

_MOST_TEXT = 0.1
"""Maximum share of a page of contents that may be sentences: a note on the edition."""


def without_contents(blocks: list[ElementBlock], contents_at: str) -> list[ElementBlock]:
    """Return the blocks of a page that is marked as contents, without the list of contents.

    A page may hold more than that: in books of Project Gutenberg, the title page and the first chapter. The
    list begins at the element with the id `contents_at`, if there is one, and ends where the text begins. A
    page that is no more than a list is left out whole, also if it has no links.
    """
    total = sum(len(block.text) for block in blocks)
    said = sum(len(block.text) for block in blocks if _is_text(block))
    if said <= _MOST_TEXT * total:
        return []
    start = _place_of(contents_at, blocks)
    end = next((n for n in range(start, len(blocks)) if _is_text(blocks[n])), len(blocks))
    return [
        block
        for number, block in enumerate(blocks)
        if not (start <= number < end and (_is_entry(block) or _is_heading_of_entries(blocks, number)))
    ]


def _is_text(block: ElementBlock) -> bool:
    if block.role is Role.HEADING or _is_entry(block):
        return False
    return ends_sentence(block.text) or len(block.text) >= _LONG


def _is_entry(block: ElementBlock) -> bool:
    letters = len("".join(block.text.split()))
    return block.role is not Role.HEADING and block.linked >= _LINKED * letters


def _is_heading_of_entries(blocks: list[ElementBlock], number: int) -> bool:
    """Return whether a block is the heading right above an entry."""
    below = blocks[number + 1 : number + 2]
    return blocks[number].role is Role.HEADING and bool(below) and _is_entry(below[0])


def _place_of(target: str, blocks: list[ElementBlock]) -> int:
    """Return the number of the first block in or after the element with the id `target`, else 0."""
    root = blocks[0].element.getroottree().getroot()
    order = {element: number for number, element in enumerate(root.iter())}
    found = next((e for e in order if target and target in (e.get("id"), e.get("name"))), None)
    if found is None:
        return 0
    around = set(found.iterancestors())
    for number, block in enumerate(blocks):
        if block.element in around or order[block.element] >= order[found]:
            return number
    return len(blocks)
