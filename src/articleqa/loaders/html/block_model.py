"""The model that gives each block of a web page the probability that it is main text.

It is a sum of small decision trees, fitted by eval/train_web_pages.py with the histogram gradient boosting
of scikit-learn.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Annotated, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, FiniteFloat, model_validator

from articleqa.arrays import Float64Array, Places
from articleqa.data import read_data
from articleqa.models import Model

LEAF = -1
"""Stands for the feature of a node that is a leaf."""

DECIMALS = 6
"""Decimals of a feature: its last bits differ between processors and must not decide anything."""

_AT_ONCE = 4096
"""Blocks that fall through the trees together, to limit memory."""


class Nodes(NamedTuple):
    """The nodes of all trees, each tree from its root on; a left child stands right after its parent.

    `features` are the numbers of the features that are compared, or `LEAF`; `numbers` are the largest values
    that go left, or what a leaf adds; `right` are the numbers of the right children, 0 for a leaf.
    """

    features: Places
    numbers: Float64Array
    right: Places


class BlockModel(Model):
    """The trees, their features by name, and the scores of words in the names of elements.

    `roots` are the numbers of the first nodes of the trees; see `Nodes` for the three lists of nodes.
    """

    about: str
    features: Annotated[tuple[str, ...], Field(min_length=1)]
    start: FiniteFloat
    roots: tuple[Annotated[int, Field(ge=0)], ...]
    node_features: tuple[Annotated[int, Field(ge=LEAF)], ...]
    node_numbers: tuple[FiniteFloat, ...]
    node_right: tuple[Annotated[int, Field(ge=0)], ...]
    name_scores: Mapping[str, FiniteFloat]

    @model_validator(mode="after")
    def _has_whole_trees(self) -> Self:
        size = len(self.node_features)
        if not size == len(self.node_numbers) == len(self.node_right):
            raise ValueError("the lists of nodes differ in length")
        if any(root >= size for root in self.roots) or max(self.node_features, default=LEAF) >= len(
            self.features
        ):
            raise ValueError("a tree begins after the last node, or compares a feature without a name")
        for number, (feature, right) in enumerate(zip(self.node_features, self.node_right, strict=True)):
            if feature != LEAF and not number + 1 < right < size:
                raise ValueError(f"node {number} has no children after it")
        return self

    @cached_property
    def _nodes(self) -> Nodes:
        return Nodes(
            np.array(self.node_features, dtype=np.intp),
            np.array(self.node_numbers, dtype=np.float64),
            np.array(self.node_right, dtype=np.intp),
        )

    def probabilities(self, features: Mapping[str, Float64Array]) -> Float64Array:
        """Return the probability of each block, from arrays with a number for each block.

        Raises:
            KeyError: `features` lacks one that the model compares.
        """
        columns = [features[name] for name in self.features]
        table = np.asarray(np.round(np.column_stack(columns), DECIMALS), dtype=np.float64)
        parts = [self._sums(table[i : i + _AT_ONCE]) for i in range(0, len(table), _AT_ONCE)]
        return np.asarray(1 / (1 + np.exp(-np.concatenate(parts))))

    def _sums(self, table: Float64Array) -> Float64Array:
        """Return what the trees add up to for each row of `table`."""
        rows = np.arange(len(table))[:, None]
        features_of, numbers, right = self._nodes
        at = np.tile(np.array(self.roots, dtype=np.intp), (len(table), 1))
        while (is_inner := features_of[at] != LEAF).any():
            goes_left = table[rows, features_of[at]] <= numbers[at]
            at = np.where(is_inner, np.where(goes_left, at + 1, right[at]), at)
        return np.asarray(self.start + numbers[at].sum(axis=1))


@cache
def block_model() -> BlockModel:
    """Return the model that the package ships."""
    return BlockModel.model_validate_json(read_data("web_page_blocks.json"))


def likely(probabilities: Float64Array, words: Float64Array) -> NDArray[np.bool_]:
    """Return the blocks that together have the highest expected F1, counted in words.

    These are all blocks whose probability is at least half of that F1 (Lipton, Elkan and Narayanaswamy,
    Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014): on a page of which the model is unsure,
    less is demanded of a block.
    """
    order = np.argsort(-probabilities, kind="stable")
    expected = np.cumsum((words * probabilities)[order])
    scores = 2 * expected / (np.cumsum(words[order]) + expected[-1])
    return np.asarray(probabilities >= scores.max() / 2)
