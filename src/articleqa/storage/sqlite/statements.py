"""SQL statements for many values at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_AT_ONCE = 500
"""The most values in one statement, because SQLite has a limit."""

Value = TypeVar("Value", int, str)


def in_statements(values: Sequence[Value]) -> Iterator[tuple[list[Value], str]]:
    """Yield the values in batches for one statement each, with as many question marks."""
    for start in range(0, len(values), _AT_ONCE):
        batch = list(values[start : start + _AT_ONCE])
        yield batch, ", ".join("?" * len(batch))
