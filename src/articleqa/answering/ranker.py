"""Feature rows into scores: a linear ranker whose weights are a data file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Annotated

import numpy as np
from pydantic import Field, FiniteFloat, ValidationError

from articleqa.answering.candidates import Floats
from articleqa.answering.features import FEATURES
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.models import FeatureShare, Model


class LinearRanker(Model):
    """A weight for each feature; a row's score is the weighted sum of its features."""

    version: Annotated[int, Field(ge=1, le=1)]
    about: str
    weights: Mapping[str, FiniteFloat]

    @classmethod
    def from_json(cls, text: str, name: str = "ranker") -> LinearRanker:
        """Read a ranker from its JSON.

        Raises:
            DataFileError: the JSON is damaged, or of a version that is not known here.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the file"
            raise DataFileError(f"{name}: {place}: {problem['msg']}") from None

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
