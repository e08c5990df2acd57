"""Model files: named weights in JSON, tied to the code that they were fitted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, FiniteFloat, ValidationError, field_validator

from articleqa.exceptions import DataFileError
from articleqa.models import Model
from articleqa.storage.identity import analysis_identity

MADE_BY_ANOTHER = "made by another version of articleqa; retrain it with this one"


class Weights(Model):
    """Named weights, their version, and what they were made from.

    `features` are the names of the weighted features, in the order in which this version computes them.
    `analyser` identifies the text analysis that made the terms from which they are computed. Weights fit only
    the code that they were made for: new weights get both values from the code, and a file must contain both
    and agree with the code.
    """

    own_features: ClassVar[tuple[str, ...]] = ()
    """The features that this version computes, in order."""

    tied_to_code: ClassVar[tuple[str, ...]] = ("version", "features", "analyser")
    """The fields that default to the code's own values, and that every file must contain."""

    version: int
    about: str
    features: tuple[str, ...] = ()
    analyser: str = Field(default_factory=analysis_identity)
    weights: Mapping[str, FiniteFloat]

    @field_validator("features")
    @classmethod
    def _are_those_of_the_code(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        demand_same(value, cls.own_features)
        return value

    @field_validator("analyser")
    @classmethod
    def _is_that_of_the_code(cls, value: str) -> str:
        if value != analysis_identity():
            raise ValueError(f"{value!r} is not {analysis_identity()!r}; {MADE_BY_ANOTHER}")
        return value

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights from a file.

        Raises:
            DataFileError: the file cannot be read or is damaged, or does not fit this version's code.
        """
        try:
            return cls.from_json(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else "not UTF-8"
            raise DataFileError(f"{path}: {reason}") from None

    @classmethod
    def from_json(cls, text: str, name: str = "weights") -> Self:
        """Read the weights from JSON; `name` is the file's name in messages.

        Raises:
            DataFileError: the JSON is damaged, or does not fit this version's code.
        """
        try:
            found = cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the file"
            what = problem["msg"].removeprefix("Value error, ")
            if place == "version" and problem["type"] != "missing":
                what = f"{what}; another kind of file, or {MADE_BY_ANOTHER}"
            raise DataFileError(f"{name}: {place}: {what}") from None
        for field in cls.tied_to_code:
            if field not in found.model_fields_set:
                raise DataFileError(f"{name}: {field}: Field required")
        if unknown := sorted(found.weights.keys() - set(found.features)):
            raise DataFileError(f"{name}: weights: {unknown[0]!r} is not a feature; {MADE_BY_ANOTHER}")
        return found


def demand_same(names: Sequence[str], own: Sequence[str]) -> None:
    """Refuse `names` that differ from `own`, this version's names in their order.

    Raises:
        ValueError: they differ; the message names the first difference.
    """
    for number, (name, expected) in enumerate(zip_longest(names, own), start=1):
        if name != expected:
            raise ValueError(
                f"number {number} is {name or 'missing'!r}, but {expected or 'none'!r} in this version;"
                f" {MADE_BY_ANOTHER}"
            )
