"""Read access to the vectors of an index on disk."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING

from articleqa.storage.identity import encoder_identity
from articleqa.storage.sqlite.passage_rows import DamagedRecordError
from articleqa.storage.sqlite.readers import Change
from articleqa.storage.sqlite.store import DiskStore, Row
from articleqa.storage.sqlite.vector_rows import VectorRow, checked_vectors

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex

READ_TOGETHER = 1_000
"""Passages read by one statement: about 3 MB."""

_FIRST = -(2**63)
"""The lowest number that SQLite allows for a row."""

_ROWS = """
    SELECT p.number, substr(p.spans, 1, 8), p.checksum, v.vectors, v.checksum
    FROM passages AS p LEFT JOIN vectors AS v ON v.passage = p.number
"""


class StoredVectors:
    """The vectors of a store's passages, read once after each change of the index."""

    def __init__(self, store: DiskStore) -> None:
        """Read nothing yet."""
        self._store = store
        self._reading = Lock()
        self._kept: tuple[Change, VectorIndex | None] | None = None

    def index(self) -> VectorIndex | None:
        """Return the vectors of all passages, in order; None if any passage has none.

        Raises:
            IndexDamagedError: the vectors of a passage do not match their checksum.
        """
        with self._store.snapshot():
            change = self._store.change()
            with self._reading:
                if self._kept is None or self._kept[0] != change:
                    self._kept = change, self._read()
                return self._kept[1]

    def rows_of(self, article_id: str) -> list[VectorRow] | None:
        """Return an article's vectors as they are stored.

        None if any of its passages has none, or if they were made by another encoder.

        Raises:
            KeyError: there is no such article.
            DamagedRecordError: the vectors of a passage do not match their checksum.
        """
        if not self.are_comparable():
            return None
        order = self._store.order_of(article_id)
        rows = self._store.rows(f"{_ROWS} WHERE p.article = ? ORDER BY p.number", (order,))
        return None if any(row[3] is None for row in rows) else [_whole(row) for row in rows]

    def count(self) -> int:
        """Return how many passages have vectors."""
        if not self.are_comparable():
            return 0
        ((count,),) = self._store.rows("SELECT count(*) FROM passages JOIN vectors ON passage = number")
        return int(str(count))

    def are_comparable(self) -> bool:
        """Return whether this version's encoder made the vectors."""
        return self._store.about().get("encoder") == encoder_identity()

    def lacking(self, limit: int) -> dict[str, int]:
        """Return the first `limit` passages without vectors: their keys, with the checksums of their rows."""
        rows = self._store.rows(f"{_ROWS} WHERE v.passage IS NULL ORDER BY p.number LIMIT ?", (limit,))
        return {str(number): int(str(checksum)) for number, _, checksum, *_ in rows}

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the vectors, one line per problem."""
        ((strays,),) = self._store.rows(
            "SELECT count(*) FROM vectors WHERE passage NOT IN (SELECT number FROM passages)"
        )
        if strays:
            yield f"vectors without a passage: {strays}"
        if not self.are_comparable():
            if self._store.rows("SELECT 1 FROM vectors LIMIT 1"):
                yield "its vectors were made by another encoder than this version's"
            return
        for row in self._rows():
            try:
                if row[3] is not None:
                    _whole(row)
            except DamagedRecordError as error:
                yield str(error)

    def _read(self) -> VectorIndex | None:
        import numpy as np

        from articleqa.encoder.vectors import DIMENSIONS, VectorIndex

        if not self._store.rows("SELECT 1 FROM passages LIMIT 1"):
            return VectorIndex.of([])
        # Passages without vectors are mostly the last ones: if the last one has none, nothing else is read.
        last = "SELECT 1 FROM vectors WHERE passage = (SELECT max(number) FROM passages)"
        if not self.are_comparable() or not self._store.rows(last):
            return None
        keys: list[str] = []
        starts = [0]
        data = bytearray()
        for row in self._rows():
            if row[3] is None:
                return None
            try:
                data += _whole(row).vectors
            except DamagedRecordError as error:
                raise self._store.damage(str(error)) from error
            keys.append(str(row[0]))
            starts.append(len(data) // DIMENSIONS)
        matrix = np.frombuffer(data, dtype=np.int8).reshape(-1, DIMENSIONS)
        return VectorIndex(keys=keys, starts=np.array(starts, dtype=np.int64), matrix=matrix)

    def _rows(self) -> Iterator[Row]:
        """Yield the rows of all passages, joined with their vectors (None for a passage without)."""
        first = _FIRST
        statement = f"{_ROWS} WHERE p.number >= ? ORDER BY p.number LIMIT ?"
        while rows := self._store.rows(statement, (first, READ_TOGETHER)):
            yield from rows
            first = int(str(rows[-1][0])) + 1


def _whole(row: Row) -> VectorRow:
    # Imported here: the module imports numpy, which listing articles does not need.
    from articleqa.encoder.vectors import DIMENSIONS

    return checked_vectors(*row, dimensions=DIMENSIONS)
