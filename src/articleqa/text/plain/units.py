"""The unit from which blocks of plain text are made."""

from __future__ import annotations

from typing import NamedTuple

from articleqa.models import BlockKind


class Unit(NamedTuple):
    """A paragraph, a list item, a table row, or a single line where line ends count.

    `run` is the number of its run of lines; `opens_run` is true for the first unit of the run.
    """

    start: int
    end: int
    kind: BlockKind
    run: int
    opens_run: bool
    level: int = 0
    wrapped: bool = False
