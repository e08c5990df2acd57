"""What one question reads from a store: in batches, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.storage.protocol import Document, Store


class Reads:
    """Reads passages from a store for one question, and keeps them until it is answered."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._documents: dict[str, Document] = {}
        self._copies: dict[str, Sequence[Document]] = {}
        self._texts: dict[str, PassageText] = {}

    def documents(self, keys: Sequence[str]) -> list[Document]:
        """Return the passages with these keys, in the order of the keys; unknown keys are skipped."""
        new = [key for key in dict.fromkeys(keys) if key not in self._documents]
        if new:
            self._documents |= {found.key: found for found in self._store.documents_at(new)}
        return [self._documents[key] for key in keys if key in self._documents]

    def read_copies(self, passages: Iterable[AnalysedPassage]) -> None:
        """Read the copies of those of `passages` whose copies are not known yet, all at once."""
        new = list({p.key: p for p in passages if p.key not in self._copies}.values())
        for passage, copies in zip(new, self._store.copies_of(new) if new else (), strict=True):
            if passage.key not in self._copies:
                self._copies |= {copy.key: copies for copy in copies}  # a copy has the same copies
                for copy in copies:
                    self._documents.setdefault(copy.key, copy)

    def copies_of(self, passage: AnalysedPassage) -> Sequence[Document]:
        """Return the passages equal to `passage`, itself included, in the order in which they were added."""
        if passage.key not in self._copies:
            self.read_copies([passage])
        return self._copies[passage.key]

    def read_texts(self, passages: Iterable[AnalysedPassage]) -> None:
        """Read the texts of those of `passages` whose texts are not known yet, all at once."""
        new = list(dict.fromkeys(p.key for p in passages if p.key not in self._texts))
        if new:
            self._texts |= self._store.texts_at(new)

    def text_of(self, passage: AnalysedPassage) -> PassageText:
        """Return the text of a passage."""
        if passage.key not in self._texts:
            self.read_texts([passage])
        return self._texts[passage.key]

    def order_of(self, passage: AnalysedPassage) -> int:
        """Return the order of a passage's article: greater if it was added later."""
        return self.documents([passage.key])[0].order
