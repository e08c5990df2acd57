"""The bulk operations that write the passages of an article, in one piece of bytes.

Worker processes make them, before the article has an order number: bytes pass from process to process, and on
to the cluster, at almost no cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from articleqa.storage.opensearch.bulk import action
from articleqa.storage.opensearch.passage_documents import ORDER, key_of, record_of, with_vectors
from articleqa.storage.sqlite.passage_rows import Record


class PassageOperations(NamedTuple):
    """The lines of the operations for an article's passages, and what these count in the totals."""

    lines: bytes
    passages: int
    terms: int
    vectors: int = 0

    @classmethod
    def of(cls, index: str, documents: Sequence[str], terms: int) -> Self:
        """Return the operations that write these documents, with `terms` terms, to the index `index`."""
        return cls(_lines(index, documents), len(documents), terms)

    def numbered(self, order: int) -> bytes:
        """Return the lines for an article with this order number."""
        return self.lines.replace(ORDER.encode(), str(order).encode())

    def records(self) -> list[Record]:
        """Return the records of the passages, from which vectors are made."""
        return [record_of(document) for document in self._documents()]

    def with_vectors(self, index: str, vectors: Sequence[bytes]) -> Self:
        """Return the operations with the vectors of each passage."""
        pairs = zip(self._documents(), vectors, strict=True)
        lines = _lines(index, [with_vectors(document, each) for document, each in pairs])
        return self._replace(lines=lines, vectors=self.passages)

    def _documents(self) -> list[str]:
        return [line.decode() for line in self.lines.split(b"\n")[1::2]]


def _lines(index: str, documents: Sequence[str]) -> bytes:
    lines = (
        f"{action('index', index, key_of(ORDER, number))}\n{document}\n"
        for number, document in enumerate(documents)
    )
    return "".join(lines).encode()
