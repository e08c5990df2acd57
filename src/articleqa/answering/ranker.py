"""Feature rows into scores: a linear ranker whose weights are a data file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import Field, FiniteFloat, ValidationError

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

    def score(self, row: Mapping[str, float]) -> float:
        """Return the score of one row of features; a feature without a weight counts nothing."""
        return sum(self.weights.get(name, 0.0) * value for name, value in row.items())

    def shares(self, row: Mapping[str, float]) -> tuple[FeatureShare, ...]:
        """Return what each feature adds to the score, the largest share first."""
        shares = [
            FeatureShare(name=name, value=value, share=self.weights.get(name, 0.0) * value)
            for name, value in row.items()
        ]
        return tuple(sorted(shares, key=lambda share: (-abs(share.share), share.name)))


@cache
def shipped_ranker() -> LinearRanker:
    """Return the ranker that the package ships."""
    return LinearRanker.from_json(read_data("ranker.json"), "ranker.json")
