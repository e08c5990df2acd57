"""The unit of which blocks of plain text are made."""

from __future__ import annotations

from typing import NamedTuple

from articleqa.models import BlockKind


class Unit(NamedTuple):
    """A paragraph, an item, a row, or a line where line ends count.

    `run` numbers the run of lines in which it stands, and `opens_run` says that it is the first there.
    """

    start: int
    end: int
    kind: BlockKind
    run: int
    opens_run: bool
    level: int = 0
    wrapped: bool = False
