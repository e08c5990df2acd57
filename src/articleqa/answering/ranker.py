"""Feature rows into scores: a linear ranker whose weights are a data file."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np

from articleqa.answering.candidates import Floats
from articleqa.answering.features import FEATURES
from articleqa.answering.weights import Weights
from articleqa.data import read_data
from articleqa.models import FeatureShare


class LinearRanker(Weights):
    """A weight for each feature; a row's score is the weighted sum of its features."""

    def scores(self, table: Floats) -> Floats:
        """Return the score of each row of `feature_table`; a feature without a weight counts nothing."""
        # Not a matrix product: its last bits differ between processors.
        return np.asarray((table * self._vector).sum(axis=1))

    def shares(self, row: Floats) -> tuple[FeatureShare, ...]:
        """Return what each feature adds to the score of one row, the largest share first."""
        shares = [
            FeatureShare(name=name, value=float(value), share=float(value * weight))
            for name, value, weight in zip(FEATURES, row, self._vector, strict=True)
        ]
        return tuple(sorted(shares, key=lambda share: -abs(share.share)))

    @cached_property
    def _vector(self) -> Floats:
        return np.array([self.weights.get(name, 0.0) for name in FEATURES])


@cache
def shipped_ranker() -> LinearRanker:
    """Return the ranker that the package ships."""
    return LinearRanker.from_json(read_data("ranker.json"), "ranker.json")
