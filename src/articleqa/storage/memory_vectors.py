"""The vectors of a corpus in memory, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from articleqa.storage.memory import MemoryStore
from articleqa.storage.protocol import VECTORS_UP_TO

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex, Vectors


class MemoryVectors:
    """The vectors of a store's passages by key. Any number of threads may ask for them at once."""

    def __init__(self, made: dict[str, Vectors] | None = None) -> None:
        """Start with those that are `made` already."""
        self._made = made or {}
        self._index: VectorIndex | None = None
        self._making = Lock()

    @property
    def made(self) -> dict[str, Vectors]:
        """Those made so far, by the passages' keys."""
        with self._making:
            return dict(self._made)

    def forget(self, keys: Iterable[str]) -> None:
        """Drop those of passages that are removed."""
        self.note_change()
        for key in keys:
            self._made.pop(key, None)

    def note_change(self) -> None:
        """Note that the store's passages are others now."""
        self._index = None

    def index(self, store: MemoryStore) -> VectorIndex | None:
        """Return the vectors of all passages of `store`; see `Backend.vectors`."""
        # Imported here: they bring numpy and, at the first passage, onnxruntime.
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
            given = ((store.articles[passage.passage.article_id], passage) for passage in new)
            for passage, rows in zip(new, passage_vectors(model, given), strict=True):
                self._made[passage.key] = rows
            index = VectorIndex.of([(passage.key, self._made[passage.key]) for passage in passages])
            # As parts of the one matrix they take no room of their own.
            ends = zip(index.starts.tolist(), index.starts[1:].tolist(), strict=False)
            self._made = {
                key: index.matrix[start:end] for key, (start, end) in zip(index.keys, ends, strict=True)
            }
            self._index = index
            return index
