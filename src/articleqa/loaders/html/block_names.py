"""Features of blocks from the classes, ids and labels of the elements around them ("StoryRelated-box")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import regex

from articleqa.arrays import Float64Array
from articleqa.loaders.element_blocks import ElementBlock
from articleqa.loaders.html.block_features import of_neighbours

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMED_BY = tuple(str.split("class id role itemprop data-testid data-component data-module name aria-label"))
_LEVELS = 5
"""Elements whose names count: the block's own and those around it."""

_NAMES_KEPT = 4096
"""Attributes whose words are kept: the elements of a page, and of a site's pages, share most of them."""

_WORD = regex.compile(r"\p{L}+|\p{N}+")
_CAMEL = regex.compile(r"(?<=[a-z])(?=[A-Z])")

Names = tuple[tuple[str, ...], ...]
"""The words in the names of a block's element, and of each element around it, the innermost first."""


def names_around(blocks: Sequence[ElementBlock]) -> list[Names]:
    """Return the words in the names around each block."""
    known: dict[_Element, Names] = {}
    for block in blocks:
        if block.element not in known:
            lineage = [block.element, *block.element.iterancestors()][:_LEVELS]
            known[block.element] = tuple(_names(element) for element in lineage)
    return [known[block.element] for block in blocks]


def name_features(names: Sequence[Names], scores: Mapping[str, float]) -> dict[str, Float64Array]:
    """Return features of blocks by name, computed from the scores of the words in `names`.

    A word that names main text has a score above 0; words without a score do not count.
    """
    known: dict[tuple[str, ...], tuple[float, float, float]] = {}

    def score(words: tuple[str, ...]) -> tuple[float, float, float]:
        if words not in known:
            found = [scores[word] for word in words if word in scores]
            known[words] = (sum(found) / len(found), min(found), max(found)) if found else (0.0, 0.0, 0.0)
        return known[words]

    table = np.zeros((len(names), _LEVELS, 3))
    for number, of_block in enumerate(names):
        for level, words in enumerate(of_block):
            table[number, level] = score(words)
    means, lowest, highest = np.moveaxis(table, 2, 0)
    around = {f"names_{level}": means[:, level] for level in range(1, _LEVELS)}
    return {
        "names_own": means[:, 0],
        **around,
        **of_neighbours("names_own", means[:, 0]),
        "names_lowest": lowest.min(axis=1),
        "names_highest": highest.max(axis=1),
        "names_sum": means.sum(axis=1),
    }


def _names(element: _Element) -> tuple[str, ...]:
    return tuple(word for name in _NAMED_BY if (value := element.get(name)) for word in _words(value))


@lru_cache(_NAMES_KEPT)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_CAMEL.sub(" ", name).lower()))
