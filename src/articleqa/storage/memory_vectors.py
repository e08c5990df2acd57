"""The vectors of passages in memory, computed when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from articleqa.storage.memory import MemoryStore
from articleqa.storage.protocol import VECTORS_UP_TO

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex, Vectors


class MemoryVectors:
    """The vectors of a store's passages, by key. Any number of threads may read them at once."""

    def __init__(self, made: dict[str, Vectors] | None = None) -> None:
        """Start with the vectors in `made`, if there are any."""
        self._made = made or {}
        self._index: VectorIndex | None = None
        self._making = Lock()

    @property
    def made(self) -> dict[str, Vectors]:
        """The vectors computed so far, by the keys of their passages."""
        with self._making:
            return dict(self._made)

    def forget(self, keys: Iterable[str]) -> None:
        """Drop the vectors of passages that are removed."""
        self.note_change()
        for key in keys:
            self._made.pop(key, None)

    def note_change(self) -> None:
        """Drop the combined index, because the store's passages have changed."""
        self._index = None

    def index(self, store: MemoryStore) -> VectorIndex | None:
        """Return the vectors of all passages of `store`, computing those missing; see `Backend.vectors`."""
        # Imported here: these modules import numpy and, at the first passage, onnxruntime.
        from articleqa.encoder.model import encoder_model
        from articleqa.encoder.vectors import VectorIndex, passage_vectors

        with self._making:
            if self._index is not None:
                return self._index
            passages = store.passages
            model = encoder_model()
            if model is None or len(passages) > VECTORS_UP_TO:
                return None
            new = [passage for passage in passages if passage.key not in self._made]
            given = ((store.articles[each.passage.article_id], each.passage) for each in new)
            for passage, rows in zip(new, passage_vectors(model, given), strict=True):
                self._made[passage.key] = rows
            index = VectorIndex.of([(passage.key, self._made[passage.key]) for passage in passages])
            # Keep views of the one matrix: they take no memory of their own.
            ends = zip(index.starts.tolist(), index.starts[1:].tolist(), strict=False)
            self._made = {
                key: index.matrix[start:end] for key, (start, end) in zip(index.keys, ends, strict=True)
            }
            self._index = index
            return index
