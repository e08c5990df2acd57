"""The blocks of a web page, what is boilerplate by its name, and what trafilatura takes as main text."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from articleqa.loaders.element_blocks import ElementBlock
from articleqa.loaders.elements import blocks_of_elements, letters
from articleqa.loaders.html.boilerplate import remove_boilerplate
from articleqa.loaders.html.shown import keep_shown

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_LARGEST = 100_000
"""Maximum elements of a page that trafilatura reads; of a larger page it takes nothing."""

_SAMPLE = 12
"""Number of letters compared at a time to find out whether trafilatura took a block."""


class Candidates(NamedTuple):
    """The blocks of a page that are shown, in order.

    `removed` says for each whether it is boilerplate by its HTML or by the site's names for it, `taken`
    whether trafilatura takes it as main text.
    """

    blocks: list[ElementBlock]
    removed: list[bool]
    taken: list[bool]


def candidates_of(page: HtmlElement, title: str) -> Candidates:
    """Return the blocks of `page` that are shown; `title` is the article's.

    What is not shown is removed from `page`, and then the boilerplate: the text of a block has no boilerplate
    in it, unless the whole block is removed.
    """
    body = page.find("body")
    body = page if body is None else body
    keep_shown(body)
    before = list(blocks_of_elements(body))
    remove_boilerplate(body, before, title)
    blocks, removed = _without_inner_boilerplate(before, list(blocks_of_elements(body)))
    taken = _taken(page, blocks)
    return Candidates(blocks, removed, [a and not b for a, b in zip(taken, removed, strict=True)])


def _without_inner_boilerplate(
    before: Sequence[ElementBlock], after: Sequence[ElementBlock]
) -> tuple[list[ElementBlock], list[bool]]:
    """Return the blocks of a page after boilerplate is removed, with those that were removed in their places.

    The second list says which were removed.
    """
    left: dict[_Element, deque[ElementBlock]] = {}
    for block in after:
        left.setdefault(block.element, deque()).append(block)
    to_come = Counter(block.element for block in before)
    blocks: list[ElementBlock] = []
    removed: list[bool] = []
    for block in before:
        of_element = left.get(block.element, deque())
        # An element has fewer blocks if what separated them was removed: then all are put at the first.
        count = 1 if len(of_element) == to_come[block.element] else len(of_element)
        found = [of_element.popleft() for _ in range(count)]
        to_come[block.element] -= 1
        blocks += found or [block]
        removed += [False] * len(found) or [True]
    return blocks, removed


def _taken(page: HtmlElement, blocks: Sequence[ElementBlock]) -> list[bool]:
    """Return, for each block, whether trafilatura takes most of it as main text.

    Its fallbacks are off: with them F1 is the same on half A of trafilatura's own pages (see
    eval/web_pages.py), and they take up to half a minute on a page made for it.
    """
    import trafilatura
    from trafilatura.settings import Document

    for cell in page.iter("td", "th"):  # trafilatura makes a cell for each place that one covers
        for span in ("colspan", "rowspan"):
            cell.attrib.pop(span, None)
    size = sum(1 for _ in page.iter())
    found = None
    if size <= _LARGEST:
        found = trafilatura.bare_extraction(page, fast=True, include_comments=False, include_tables=True)
    if not isinstance(found, Document):
        return [False] * len(blocks)
    samples = [_samples(letters(block.text)) for block in blocks]
    wanted = {sample for of_block in samples for sample in of_block}
    text = letters("".join(found.body.itertext()))
    seen = wanted.intersection(text[i : i + _SAMPLE] for i in range(len(text)))
    seen.update(wanted.intersection(letters("".join(e.itertext())) for e in found.body.iterdescendants()))
    return [2 * len(seen.intersection(of_block)) > len(of_block) for of_block in samples]


def _samples(text: str) -> set[str]:
    """Return `text` cut into stretches of `_SAMPLE` letters, or all of `text` if it is shorter."""
    if len(text) <= _SAMPLE:
        return {text}
    return {text[i : i + _SAMPLE] for i in range(0, len(text) - _SAMPLE + 1, _SAMPLE)}
