"""Blocks in the main text that are not part of it: repeats, teasers, labels, rows of links, references."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.elements import letters
from articleqa.loaders.html.captions import is_caption
from articleqa.loaders.html.labels import is_label, is_promotion

if TYPE_CHECKING:
    from lxml.etree import _Element

_REFERENCES = regex.compile(
    r"(?:(?:foot)?notes(?:\ and|,)\ )?(?:references|citations|bibliography|(?:works|literature)\ cited)"
    r"|literatur(?:verzeichnis|nachweise?)?|einzelnachweise|quellen(?:verzeichnis)?|bibliographie|références"
    r"|referencias|bibliografía|bibliografia|riferimenti|referências|referenties",
    regex.VERBOSE | regex.IGNORECASE,
)
"""Headings of lists of cited works. A title in such a list says nothing about the article's subject."""

_REFERENCE_LISTS = frozenset(
    str.split("references reflist bibliography citations ltx_biblist doc-bibliography")
)

_LONG = 40
"""Letters of a text that is not repeated by chance."""

_FEWEST_TEASERS = 3
_MOSTLY = 0.6
_CUT_OFF = regex.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_FEWEST_LINKS = 2
_MOST_OTHER_WORDS = 2
_TIME = regex.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?")
"""The time of an entry in a live ticker: "18:40"."""

_SENTENCE_END = regex.compile(r"[.!?…。！？]\p{P}*$")


def without_strays(blocks: Sequence[ElementBlock], title: str) -> list[ElementBlock]:
    """Return `blocks` without those that are not part of the article; `title` is the article's.

    Items of lists of cited works get a role of their own: they can be read, but cannot answer.
    """
    repeated = _repeats(blocks, title)
    teasers = _teasers(blocks)
    references = _references(blocks)
    pointers = _pointers(blocks)
    return [
        block._replace(role=Role.CITED_WORK) if number in references else block
        for number, block in enumerate(blocks)
        if number not in repeated
        and number not in pointers
        and block.element not in teasers
        and not (block.role is Role.PARAGRAPH and _is_stray(block, blocks[number - 1] if number else None))
    ]


def _is_stray(paragraph: ElementBlock, above: ElementBlock | None) -> bool:
    """Return whether a paragraph says nothing by itself, or is a label of the interface or a promotion.

    `above` is the block before it: a number right below a subheading is what the subheading is about.
    """
    text = paragraph.text
    is_figure = (
        above is not None and above.role is Role.HEADING and above.level > 1 and any(map(str.isdigit, text))
    )
    says_nothing = not any(map(str.isalpha, text)) and not (is_figure or _TIME.fullmatch(text))
    return says_nothing or is_label(paragraph.text) or is_promotion(paragraph) or _is_line_of_links(paragraph)


def _repeats(blocks: Sequence[ElementBlock], title: str) -> set[int]:
    """Return the numbers of blocks that repeat the title, teasers that break off, and second captions.

    Other equal blocks are a refrain or what an author says twice, and stay.
    """
    texts = [letters(block.text) for block in blocks]
    found: set[int] = set()
    is_prose = [block.role in (Role.PARAGRAPH, Role.ITEM) for block in blocks]
    # Sorted, a text stands right before those that begin with it; equal ones stay in reading order.
    order = sorted(range(len(blocks)), key=lambda number: (texts[number], -number))
    for one, other in pairwise(order):
        if not (is_prose[one] and len(texts[one]) >= _LONG and texts[other].startswith(texts[one])):
            continue
        if _CUT_OFF.search(blocks[one].text) or is_caption(blocks[one]) or is_caption(blocks[other]):
            found.add(one)
    name = letters(title)
    headings = [n for n, block in enumerate(blocks) if block.role is Role.HEADING and texts[n] == name]
    if headings and name:
        found.update(n for n in range(len(blocks)) if is_prose[n] and texts[n] == name)
    return found


def _teasers(blocks: Sequence[ElementBlock]) -> set[_Element]:
    """Return the elements in lists whose items mostly break off: the beginnings of other articles."""
    lists: dict[_Element, list[ElementBlock]] = {}
    for block in blocks:
        around = next(block.element.iterancestors("ul", "ol"), None)
        if around is not None:
            lists.setdefault(around, []).append(block)
    found: set[_Element] = set()
    for inside in lists.values():
        items = [block for block in inside if block.role is Role.ITEM]
        cut_off = sum(_CUT_OFF.search(block.text) is not None for block in items)
        if cut_off >= _FEWEST_TEASERS and cut_off >= _MOSTLY * len(items):
            found.update(block.element for block in inside)
    return found


def _references(blocks: Sequence[ElementBlock]) -> set[int]:
    """Return the numbers of the items in lists of cited works."""
    found: set[int] = set()
    level = 0
    for number, block in enumerate(blocks):
        if block.role is Role.HEADING:
            if level == 0 or block.level <= level:
                level = block.level if _REFERENCES.fullmatch(block.text.strip(" :")) else 0
        elif block.role is Role.ITEM and (level or _is_in_reference_list(block.element)):
            found.add(number)
    return found


def _is_in_reference_list(element: _Element) -> bool:
    for around in element.iterancestors("ul", "ol", "div", "section"):
        names = f"{around.get('class') or ''} {around.get('role') or ''}".lower().split()
        if not _REFERENCE_LISTS.isdisjoint(names):
            return True
    return False


def _pointers(blocks: Sequence[ElementBlock]) -> set[int]:
    """Return the numbers of paragraphs that only lead elsewhere: "Read more: The harbour of Aldmouth".

    On a page that is mostly such paragraphs, they are its text.
    """
    paragraphs = [n for n, block in enumerate(blocks) if block.role is Role.PARAGRAPH]
    found = {n for n in paragraphs if _is_pointer(blocks[n])}
    return found if 2 * len(found) < len(paragraphs) else set()


def _is_pointer(paragraph: ElementBlock) -> bool:
    if paragraph.element.tag != "p" or _SENTENCE_END.search(paragraph.text):
        return False
    return is_mostly_links(paragraph)


def is_mostly_links(block: ElementBlock) -> bool:
    """Return whether most characters of `block` are in links."""
    return block.linked > _MOSTLY * len("".join(block.text.split()))


def _is_line_of_links(paragraph: ElementBlock) -> bool:
    """Return whether a paragraph is a row of links with a label at most: "Languages: de el en"."""
    if not paragraph.linked or _SENTENCE_END.search(paragraph.text):
        return False
    links = [a for a in paragraph.element.iterdescendants("a") if "".join(a.itertext()).strip()]
    linked_words = sum(len("".join(a.itertext()).split()) for a in links)
    other_words = len(paragraph.text.split()) - linked_words
    return len(links) >= _FEWEST_LINKS and other_words <= min(_MOST_OTHER_WORDS, len(links) - 1)
