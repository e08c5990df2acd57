"""Selection of the blocks of a web page that are its main text.

trafilatura finds the main text, but does not return it word for word. From the pages in tests/fixtures/html
it lost picture captions, words in <time> in the middle of sentences, subtitles above the text, and headings
of live blogs; and it let through sponsors, bookmarks, support boxes and pull quotes. Hence three steps:

1. Remove from the page what HTML or the site's own names (class, id, role) mark as boilerplate.
2. Let trafilatura read the rest. The innermost element with nearly all of the text that it took is the main
   text's element. Keep every block in it, so that no sentence is lost, except blocks of links and sections
   that trafilatura did not take, and paragraphs that only lead elsewhere.
3. Outside that element, keep what trafilatura took if it is in the same article and ends like a sentence, and
   what is between the heading and the main text: a subtitle, a summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.elements import HEADINGS, blocks_of_elements, letters, word_count
from articleqa.loaders.html.boilerplate import remove_boilerplate
from articleqa.loaders.html.captions import is_caption, without_credit
from articleqa.loaders.html.places import foreign_sections, places
from articleqa.loaders.html.shown import keep_shown
from articleqa.loaders.html.stray_blocks import without_strays
from articleqa.loaders.html.structured_data import article_body
from articleqa.text.boilerplate import is_boilerplate
from articleqa.text.endings import SENTENCE_MARKS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOSTLY_LINKS = 0.6
"""A block with a larger share of its characters in links is treated as a list of other pages."""

_ALL_LINKS = 0.95
"""The same for a table row: the cell that says what the linked one is ("Capital") is no link."""

_LARGEST = 100_000
"""Maximum elements of a page that trafilatura reads; on a larger page, everything except boilerplate and
lists of links is main text."""

_SAMPLE = 12
"""Number of letters compared at a time to find out whether trafilatura took a block."""

_FEWEST_WORDS = 4
"""Between the heading and the main text, a block of fewer words is a date, a name or a button."""

_FEWEST_LETTERS = 250
"""A page with less text may be filled by a script; its structured data may hold the whole article."""

_SENTENCE_WORDS = 13
"""A heading of at least this many words is a standfirst, or a paragraph that is set like a heading."""

_STANDFIRST = regex.compile(
    r"stand-?first|sub-?title|sub-?head(?:line)?(?:\b|_)|\bdec?k\b|\blede\b|strap-?line|vorspann|chapo|entradilla",
    regex.IGNORECASE,
)
"""Names of the sentence between an article's title and its text, which sites set like a heading."""

_FULL_STOP = regex.compile(r"[.!…。！][\"'”’»)]*$")
_FEWEST_WORDS_OF_SENTENCE = 6
"""What trafilatura leaves out is kept if it is a sentence. On half A of trafilatura's own pages (see
eval/web_pages.py), this raised precision by four points and lost less than a point of recall."""

_LONGEST_BYLINE = 80
_SENTENCE_END = regex.compile(rf"[{SENTENCE_MARKS}:]\p{{P}}*$")
_YEAR = regex.compile(r"\b(?:19|20)\d\d\b")


def main_blocks(page: HtmlElement, title: str, author: str) -> list[ElementBlock]:
    """Return the blocks of the main text of `page`, in order; the boilerplate is removed from `page` itself.

    `title` and `author` are the article's; they identify its heading and its byline.
    """
    body = page.find("body")
    body = page if body is None else body
    stated = article_body(page)
    keep_shown(body)
    remove_boilerplate(page, title)
    blocks = list(blocks_of_elements(body))
    taken = _taken(page, blocks)
    if not any(taken):
        taken = [not _is_mostly_links(block) for block in blocks]
    inside, around = places(blocks, taken)
    is_long = (
        sum(len(block.text) for block, took in zip(blocks, taken, strict=True) if took) >= _FEWEST_LETTERS
    )
    kept = [
        block
        for block, is_taken, is_inside, is_around in zip(blocks, taken, inside, around, strict=True)
        if (is_inside or (is_around and is_taken and _ends_as_sentence(block)))
        and (is_taken or not (_is_mostly_links(block) or (is_long and _is_label(block))))
        and not (is_long and _is_pointer(block))
    ]
    kept = [block for block in kept if not _has_only_anchor_links(block)]
    above = blocks[: blocks.index(kept[0])] if kept else []
    lead = _heading_and_lead(above, title, author)
    foreign = foreign_sections(blocks, taken).difference(lead) if is_long else ()
    found = [block for block in without_strays([*lead, *kept], title) if block not in foreign]
    shown = [block for each in found if (block := without_credit(each)) is not None]
    first = next((n for n, block in enumerate(shown) if _is_text(block)), 0)
    found = _without_empty_sections(
        [_as_paragraph_if_sentence(block, title, is_lead=n < first) for n, block in enumerate(shown)]
    )
    if sum(len(block.text) for block in found) < min(_FEWEST_LETTERS, sum(map(len, stated)) / 2):
        return [ElementBlock(Role.PARAGRAPH, (text,), body) for text in stated]
    return found


def _is_text(block: ElementBlock) -> bool:
    return block.role in (Role.PARAGRAPH, Role.ITEM) and word_count(block.text) >= _FEWEST_WORDS_OF_SENTENCE


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


def _is_mostly_links(block: ElementBlock) -> bool:
    """Return whether a block is a list of other pages; a heading may link to a place on its own page."""
    if block.role is Role.HEADING and block.linked:
        links = list(block.element.iterdescendants("a"))
        if links and all((a.get("href") or "").startswith("#") for a in links):
            return False
    most = _ALL_LINKS if block.role is Role.ROW else _MOSTLY_LINKS
    return block.linked > most * len("".join(block.text.split()))


def _is_pointer(block: ElementBlock) -> bool:
    """Return whether a paragraph only leads to another page: "Read more: The harbour of Aldmouth"."""
    if block.element.tag != "p" or block.role is not Role.PARAGRAPH:
        return False
    return _is_mostly_links(block) and not _ends_as_sentence(block)


def _is_label(block: ElementBlock) -> bool:
    """Return whether a paragraph is no sentence: a date, a name, a button, what a box is about."""
    if block.role is not Role.PARAGRAPH or is_caption(block) or block.element.tag == "address":
        return False
    if any(around.tag in ("figure", "blockquote", "pre") for around in block.element.iterancestors()):
        return False
    if block.element.find(".//math") is not None:
        return False
    return word_count(block.text) < _FEWEST_WORDS_OF_SENTENCE or not _ends_as_sentence(block)


def _has_only_anchor_links(block: ElementBlock) -> bool:
    """Return whether a block has only links to places on the page: a table of contents, "skip this"."""
    if block.role is Role.HEADING or block.linked < len("".join(block.text.split())):
        return False
    element = block.element
    around = [] if block.role is Role.ROW else element.iterancestors("a")
    links = [*element.iterdescendants("a"), *around]
    return bool(links) and all((a.get("href") or "").startswith("#") for a in links)


def _heading_and_lead(above: Sequence[ElementBlock], title: str, author: str) -> list[ElementBlock]:
    """Return the article's heading, if it is above the main text, and the lead between the two."""
    headings = [i for i, b in enumerate(above) if b.role is Role.HEADING and not _is_mostly_links(b)]
    named = [i for i in headings if letters(above[i].text) == letters(title)]
    first = max(named or [i for i in headings if above[i].level == 1], default=None)
    if first is None:
        return []
    return [above[first], *(b for b in above[first + 1 :] if _is_lead(b, author))]


def _is_lead(block: ElementBlock, author: str) -> bool:
    if block.role is Role.HEADING or block.linked:
        return not block.linked
    is_caption = any(e.tag == "figcaption" for e in (block.element, *block.element.iterancestors()))
    if is_caption or len(block.text) > _LONGEST_BYLINE or _ends_as_sentence(block):
        return True
    is_dated = _YEAR.search(block.text) is not None
    is_byline = any(_stands_in(name, block.text) for name in author.split(";"))
    return not is_dated and not is_byline and word_count(block.text) >= _FEWEST_WORDS


def _ends_as_sentence(block: ElementBlock) -> bool:
    return _SENTENCE_END.search(block.text) is not None


def _stands_in(name: str, text: str) -> bool:
    return bool(letters(name)) and letters(name) in letters(text)


def _without_empty_sections(blocks: Sequence[ElementBlock]) -> list[ElementBlock]:
    """Return `blocks` without boilerplate headings and without headings that have nothing below them.

    A subtitle, a heading directly below the first one, is kept.
    """
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
