"""Write access to the search index (tantivy) of an index on disk; it knows passages by number."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import tantivy

from articleqa.exceptions import IndexWriteError
from articleqa.filters import Traits
from articleqa.retrieval.tantivy_calls import facet_token, schema, translate_errors
from articleqa.storage.integrity import MANAGED, META, foreign_paths, search_damage

HEAP_BYTES = 256_000_000
"""The memory that the writer fills before it writes a segment."""

NO_DAY = 0
"""The day of an article without a date."""


class SearchWriter:
    """Adds passages to a search index and removes them; readers see the changes after `commit`."""

    def __init__(self, path: Path) -> None:
        """Open the search index in the existing folder `path`; in an empty folder, create one.

        Raises:
            IndexDamagedError: it lists files that are not tantivy's.
            IndexWriteError: it cannot be written to, or is damaged.
        """
        self._path = path
        with translate_errors(self._error):
            for name in foreign_paths(path):
                raise search_damage(path.parent, f"{MANAGED} lists {name!r}")
            self._index = tantivy.Index(schema(), str(path), reuse=True)
            self._writer = self._index.writer(HEAP_BYTES)

    def add(self, passage: int, article: int, terms: str, traits: Traits) -> None:
        """Add a passage: its number, its article's number, its terms and its article's traits.

        `terms` are separated by white space.
        """
        document = tantivy.Document()
        document.add_unsigned("passage", passage)
        document.add_unsigned("article", article)
        document.add_text("terms", terms)
        if traits.facets:
            document.add_text("facets", " ".join(map(facet_token, sorted(traits.facets))))
        document.add_unsigned("day", NO_DAY if traits.day is None else traits.day)
        with translate_errors(self._error):
            self._writer.add_document(document)

    def remove(self, first: int, last: int) -> None:
        """Remove the passages added so far of the articles numbered `first` to `last`, both included."""
        # Always by a range query: `delete_documents_by_term` does not take its number as unsigned.
        with translate_errors(self._error):
            query = tantivy.Query.range_query(
                self._index.schema,
                "article",
                tantivy.FieldType.Unsigned,
                first,
                last,
                use_inverted_index=True,
            )
            self._writer.delete_documents_by_query(query)

    def commit(self) -> None:
        """Commit the changes made so far."""
        with translate_errors(self._error):
            self._writer.commit()
            self._open_to_readers()

    def close(self) -> None:
        """Close the writer and drop uncommitted changes; write errors, as on a full disk, are ignored."""
        # No rollback: it does not wait for merges that are already under way, and such a merge deletes
        # the files that it merged although the list of files still names them.
        with suppress(IndexWriteError), translate_errors(self._error):
            self._writer.wait_merging_threads()
            self._open_to_readers()

    def _open_to_readers(self) -> None:
        """Give the two lists of files the permissions of their folder, so that other users can read them.

        tantivy makes these lists private to their owner.
        """
        mode = self._path.stat().st_mode & 0o666
        for name in (META, MANAGED):
            (self._path / name).chmod(mode)

    def _error(self, reason: str) -> IndexWriteError:
        return IndexWriteError(
            f"{self._path.parent}: cannot be written ({reason}); everything committed earlier is kept"
        )
