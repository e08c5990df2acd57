"""Weights by name, read from a data file that can be replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import FiniteFloat, ValidationError

from articleqa.exceptions import DataFileError
from articleqa.models import Model


class Weights(Model):
    """Named weights, their version, and what they were made from."""

    version: int
    about: str
    weights: Mapping[str, FiniteFloat]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read them from a file.

        Raises:
            DataFileError: the file cannot be read or is damaged, or of a version that is not known here.
        """
        try:
            return cls.from_json(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else "not UTF-8"
            raise DataFileError(f"{path}: {reason}") from None

    @classmethod
    def from_json(cls, text: str, name: str = "weights") -> Self:
        """Read them from JSON; `name` is the file's, for messages.

        Raises:
            DataFileError: the JSON is damaged, or of a version that is not known here.
        """
        try:
            found = cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the file"
            what = problem["msg"].removeprefix("Value error, ")
            if place == "version" and problem["type"] != "missing":
                what = f"{what}; another kind of file, or made by another version of articleqa: make it again"
            raise DataFileError(f"{name}: {place}: {what}") from None
        if "version" not in found.model_fields_set:  # which has a default, for those that are made here
            raise DataFileError(f"{name}: version: Field required")
        return found
