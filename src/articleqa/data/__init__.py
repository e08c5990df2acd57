"""The data files that the package ships, read from wherever it is installed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def read_data(name: str) -> str:
    """Return the text of the shipped data file `name`."""
    return (files(__name__) / name).read_text(encoding="utf-8")


def data_path(name: str) -> Path:
    """Return the path of the shipped data file `name`, for files that are mapped, not read."""
    return Path(__file__).with_name(name)
