"""The data files that the package ships, read from wherever it is installed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def read_data(name: str) -> str:
    """Return the text of the shipped data file `name`."""
    return (files(__name__) / name).read_text(encoding="utf-8")


def read_lines(name: str) -> list[str]:
    """Return the lines of `name` that are neither blank nor comments (from `#` on)."""
    lines = (line.partition("#")[0].strip() for line in read_data(name).splitlines())
    return [line for line in lines if line]


def data_path(name: str) -> Path:
    """Return the path of the shipped data file `name`, for files that are mapped, not read."""
    return Path(__file__).with_name(name)
