"""The main text of a web page, as blocks.

1. What HTML or the site's own names (class, id, role) mark as boilerplate is removed, and trafilatura
   reads the rest (`candidates`).
2. A model says how likely each block is main text, and a few rules keep or leave out more (`selection`).
3. Teasers, repeats, labels and cited works in the middle of it go (`stray_blocks`), and credits in captions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.elements import HEADINGS, letters, word_count
from articleqa.loaders.html.candidates import candidates_of
from articleqa.loaders.html.captions import without_credit
from articleqa.loaders.html.selection import FEWEST_WORDS_OF_TEXT, selected
from articleqa.loaders.html.stray_blocks import without_strays
from articleqa.loaders.html.structured_data import article_body
from articleqa.text.boilerplate import is_boilerplate

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FEWEST_LETTERS = 250
"""A page with less text may be filled by a script; its structured data may hold the whole article."""

_FEWEST_WORDS = 4
"""Words of a heading that is a sentence."""

_SENTENCE_WORDS = 13
"""A heading of at least this many words is a standfirst, or a paragraph that is set like a heading."""

_STANDFIRST = regex.compile(
    r"stand-?first|sub-?title|sub-?head(?:line)?(?:\b|_)|\bdec?k\b|\blede\b|strap-?line|vorspann|chapo|entradilla",
    regex.IGNORECASE,
)
"""Names of the sentence between an article's title and its text, which sites set like a heading."""

_FULL_STOP = regex.compile(r"[.!…。！][\"'”’»)]*$")


def main_blocks(page: HtmlElement, title: str) -> list[ElementBlock]:
    """Return the blocks of the main text of `page`, in order; the boilerplate is removed from `page` itself.

    `title` is the article's; it identifies its heading.
    """
    body = page.find("body")
    body = page if body is None else body
    stated = article_body(page)
    found = candidates_of(page, title)
    kept = selected(found, title) if found.blocks else []
    shown = [block for each in without_strays(kept, title) if (block := without_credit(each)) is not None]
    first = next((n for n, block in enumerate(shown) if _is_text(block)), 0)
    text = _without_empty_sections(
        [_as_paragraph_if_sentence(block, title, is_lead=n < first) for n, block in enumerate(shown)]
    )
    if sum(len(block.text) for block in text) < min(_FEWEST_LETTERS, sum(map(len, stated)) / 2):
        return [ElementBlock(Role.PARAGRAPH, (paragraph,), body) for paragraph in stated]
    return text


def _is_text(block: ElementBlock) -> bool:
    return block.role in (Role.PARAGRAPH, Role.ITEM) and word_count(block.text) >= FEWEST_WORDS_OF_TEXT


def _as_paragraph_if_sentence(block: ElementBlock, title: str, *, is_lead: bool) -> ElementBlock:
    """Return a heading that is a sentence as a paragraph, unless it is the title.

    Where no text is above it (`is_lead`), one that is named as a standfirst is one too.
    """
    if block.role is not Role.HEADING or letters(block.text) == letters(title) or block.level == 1:
        return block
    words = len(block.text.split())
    is_standfirst = is_lead and _STANDFIRST.search(block.element.get("class") or "")
    is_sentence = is_standfirst or _FULL_STOP.search(block.text)
    if words < _SENTENCE_WORDS and not (words >= _FEWEST_WORDS and is_sentence):
        return block
    return block._replace(role=Role.PARAGRAPH, level=0)


def _without_empty_sections(blocks: Sequence[ElementBlock]) -> list[ElementBlock]:
    """Return `blocks` without boilerplate headings and without headings that have nothing below them.

    A subtitle, a heading directly below the first one, is kept; and so are all headings of a page that has
    nothing else.
    """
    if all(block.role is Role.HEADING for block in blocks):
        return list(blocks)
    kept: list[ElementBlock] = []
    filled: set[int] = set()
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.role is not Role.HEADING:
            filled = set(HEADINGS.values())
        elif len(block.text.split()) > 1 and is_boilerplate(block.text):
            continue
        elif block.level in filled or (index == 1 and blocks[0].role is Role.HEADING):
            filled -= set(range(block.level, max(HEADINGS.values()) + 1))
        else:
            continue
        kept.append(block)
    return kept[::-1]
