"""Features of the blocks of a web page, from which a model tells main text from the rest of the page.

A block is compared with the page, with its neighbours, with the blocks in the same elements around it, with
those in elements of the same kind anywhere on the page, and with its section. A mean over such a group
leaves out the block itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import regex

from articleqa.arrays import Float64Array, Places
from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.elements import letters, word_count
from articleqa.loaders.html.captions import is_caption
from articleqa.loaders.html.labels import is_label, is_promotion
from articleqa.text.endings import SENTENCE_MARKS

if TYPE_CHECKING:
    from lxml.etree import _Element

_AROUND = ("article", "dl", "footer", "header", "li", "main", "nav", "section", "table", "ul")
_FAR = 20
"""Stands for the distance to an element that is not around a block."""

_GROUPS = {"parent": 1, "grandparent": 2, "third": 3, "fifth": 5}
"""How far above a block the element is that it shares with other blocks of its group."""

_WINDOWS = {"near": 5, "around": 12}
"""Blocks before and after a block."""

_NEIGHBOURS = {"before": -1, "after": 1, "second_after": 2}
_MOST_BLOCKS = 50
"""A distance in blocks that is as good as any longer one."""

_PROSE = 8
"""Words of a block from which it is prose."""

_WORD = regex.compile(r"\p{L}+|\p{N}+")
_MARK = regex.compile(r"[.,;:!?…，。、]")
_SENTENCE_END = regex.compile(rf"[{SENTENCE_MARKS}:]\p{{P}}*$")


def block_features(
    blocks: Sequence[ElementBlock],
    removed: Sequence[bool],
    taken: Sequence[bool],
    title: str,
) -> dict[str, Float64Array]:
    """Return the named features of `blocks`, at least one, each an array with a number for each block.

    `removed` and `taken` say for each block whether it is removed as boilerplate, and whether trafilatura
    takes it; `title` is the article's.
    """
    words = np.array([word_count(block.text) for block in blocks], dtype=np.float64)
    characters = np.array([max(1, len("".join(block.text.split()))) for block in blocks])
    links = np.array([block.linked for block in blocks]) / characters
    is_taken = np.array(taken, dtype=np.float64)
    lineages = list(_lineages(blocks))
    found = {
        "words": np.log1p(words),
        "links": links,
        "taken": is_taken,
        "removed": np.array(removed, dtype=np.float64),
        **_text_features(blocks, characters, words, title),
        **_element_features(blocks, lineages),
    }
    for name in ("words", "taken", "removed", "ends", "heading"):
        found |= of_neighbours(name, found[name])
    found |= _place_features(words, is_taken)
    for where, size in _WINDOWS.items():
        found[f"taken_{where}"] = _in_window(words * is_taken, words, size)
        found[f"links_{where}"] = _in_window(words * links, words, size)
    sections = _sections(found["heading"])
    is_under_heading = sections >= 0
    found["since_heading"] = np.where(is_under_heading, np.arange(len(blocks)) - sections, _MOST_BLOCKS)
    found["heading_taken"] = np.where(is_under_heading, is_taken[np.maximum(sections, 0)], -1.0)
    is_prose = (words >= _PROSE) & (links < 0.5)
    measures = {"taken": is_taken, "links": links, "prose": is_prose.astype(np.float64)}
    for name, level in _GROUPS.items():
        keys: list[Hashable] = [lineage[min(level, len(lineage) - 1)] for lineage in lineages]
        found |= _group_features(name, keys, words, measures)
    found |= _group_features("kind", [_kind(lineage) for lineage in lineages], words, measures)
    return found | _group_features("section", list(sections), words, measures)


def _lineages(blocks: Sequence[ElementBlock]) -> Iterator[tuple[_Element, ...]]:
    """Yield for each block its element and those around it."""
    known: dict[_Element, tuple[_Element, ...]] = {}
    for block in blocks:
        if block.element not in known:
            known[block.element] = (block.element, *block.element.iterancestors())
        yield known[block.element]


def _text_features(
    blocks: Sequence[ElementBlock], characters: Float64Array, words: Float64Array, title: str
) -> dict[str, Float64Array]:
    texts = [block.text for block in blocks]
    plain = [letters(text) for text in texts]
    times = Counter(plain)
    named, words_of_title = letters(title), set(_WORD.findall(title.casefold()))
    shared = [len(words_of_title.intersection(_WORD.findall(text.casefold()))) for text in texts]
    capitals = [sum(word[:1].isupper() for word in text.split()) for text in texts]
    measures = {
        "ends": [_SENTENCE_END.search(text) is not None for text in texts],
        "digits": np.array([sum(map(str.isdigit, text)) for text in texts]) / characters,
        "capitals": np.array(capitals) / np.maximum(words, 1),
        "marks": np.array([len(_MARK.findall(text)) for text in texts]) / np.maximum(words, 1),
        "word_length": characters / np.maximum(words, 1),
        "title": [bool(bare) and bare == named for bare in plain],
        "in_title": np.array(shared) / max(1, len(words_of_title)),
        "repeats": [times[bare] for bare in plain],
        "label": [is_label(text) for text in texts],
        "promotion": [is_promotion(block) for block in blocks],
        "caption": [is_caption(block) for block in blocks],
        "parted": ["©" in text or "|" in text for text in texts],
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in measures.items()}


def _element_features(
    blocks: Sequence[ElementBlock], lineages: Sequence[tuple[_Element, ...]]
) -> dict[str, Float64Array]:
    roles = {
        "heading": (Role.HEADING,),
        "item": (Role.ITEM,),
        "row": (Role.ROW, Role.HEADER_ROW),
        "code": (Role.CODE, Role.PREFORMATTED),
    }
    found = {
        name: np.array([block.role in of_kind for block in blocks], dtype=np.float64)
        for name, of_kind in roles.items()
    }
    found["level"] = np.array([block.level for block in blocks], dtype=np.float64)
    found["depth"] = np.array([len(lineage) for lineage in lineages], dtype=np.float64)
    tags = [[str(element.tag) for element in lineage[:_FAR]] for lineage in lineages]
    for tag in _AROUND:
        distances = [each.index(tag) if tag in each else _FAR for each in tags]
        found[f"in_{tag}"] = np.array(distances, dtype=np.float64)
    return found


def _place_features(words: Float64Array, taken: Float64Array) -> dict[str, Float64Array]:
    """Return where blocks are on the page and in what trafilatura takes of it, and how large the page is."""
    size, total = len(words), max(1.0, float(words.sum()))
    order = np.arange(size)
    places = np.flatnonzero(taken)
    first, last = (int(places[0]), int(places[-1])) if len(places) else (0, size - 1)
    return {
        "order": order / max(1, size - 1),
        "words_above": (np.cumsum(words) - words) / total,
        "above_taken": np.clip(first - order, 0, _MOST_BLOCKS),
        "below_taken": np.clip(order - last, 0, _MOST_BLOCKS),
        "page_words": np.full(size, np.log1p(total)),
        "page_blocks": np.full(size, np.log1p(size)),
        "page_taken": np.full(size, float(words @ taken) / total),
    }


def _sections(heading: Float64Array) -> Places:
    """Return the number of the heading that each block is below, or that it is; -1 above the first."""
    return np.maximum.accumulate(np.where(heading > 0, np.arange(len(heading)), -1))


def _kind(lineage: tuple[_Element, ...]) -> Hashable:
    """Return what elements of the same kind share: the tags and classes of two levels."""
    return tuple((str(element.tag), element.get("class") or "") for element in lineage[:2])


def _group_features(
    name: str, keys: Sequence[Hashable], words: Float64Array, measures: Mapping[str, Float64Array]
) -> dict[str, Float64Array]:
    """Return how large the group of each block is, and the mean of each measure over its other blocks.

    Blocks with the same key are a group. Means are weighted by words, and -1 for a block that is alone.
    """
    numbers: dict[Hashable, int] = {}
    group = np.array([numbers.setdefault(key, len(numbers)) for key in keys])
    sizes = np.bincount(group)[group]
    weights = words + 0.5
    total = np.bincount(group, weights)[group]
    found = {f"{name}_words": np.log1p(total), f"{name}_blocks": np.log1p(sizes)}
    others = np.maximum(total - weights, 0.5)
    for measure, values in measures.items():
        held = np.bincount(group, weights * values)[group] - weights * values
        found[f"{name}_{measure}"] = np.where(sizes > 1, held / others, -1.0)
    return found


def of_neighbours(name: str, values: Float64Array) -> dict[str, Float64Array]:
    """Return the named values of the block before each block and of two after it; -1 outside the page."""
    found = {}
    for where, distance in _NEIGHBOURS.items():
        places = np.arange(len(values)) + distance
        is_on_page = (places >= 0) & (places < len(values))
        found[f"{name}_{where}"] = np.where(is_on_page, values[places.clip(0, len(values) - 1)], -1.0)
    return found


def _in_window(values: Float64Array, words: Float64Array, size: int) -> Float64Array:
    """Return the sum of `values` for each word, over a block and `size` blocks on either side of it."""
    order = np.arange(len(values))
    first, last = np.maximum(order - size, 0), np.minimum(order + size + 1, len(values))
    held, total = (np.concatenate([[0.0], np.cumsum(each)]) for each in (values, words))
    return np.asarray((held[last] - held[first]) / np.maximum(total[last] - total[first], 1.0))
