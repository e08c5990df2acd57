"""Writing the search side of an index on disk: passages go in by number, and are found from a commit on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import tantivy

from articleqa.exceptions import IndexWriteError
from articleqa.filters import Traits
from articleqa.retrieval.tantivy_calls import facet_token, schema, translate_errors
from articleqa.storage.integrity import MANAGED, META, foreign_paths, search_damage

HEAP_BYTES = 256_000_000
"""What the writer gathers in memory before it writes a segment."""

NO_DAY = 0
"""The day of an article without a date."""


class SearchWriter:
    """Adds to and removes from the search side in one folder; nothing is seen before `commit`."""

    def __init__(self, path: Path) -> None:
        """Open the search side at `path`, a folder that is there; empty, it becomes one.

        Raises:
            IndexDamagedError: it lists files that are not its own.
            IndexWriteError: it cannot be written to, or is damaged.
        """
        self._path = path
        with translate_errors(self._error):
            for name in foreign_paths(path):
                raise search_damage(path.parent, f"{MANAGED} lists {name!r}")
            self._index = tantivy.Index(schema(), str(path), reuse=True)
            self._writer = self._index.writer(HEAP_BYTES)

    def add(self, passage: int, article: int, terms: str, traits: Traits) -> None:
        """Add a passage: its number, its article's, its terms parted by white space, its article's traits."""
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
        """Remove the passages of the articles with these numbers, both included, that were added so far."""
        # By a range always: a number given to `delete_documents_by_term` is not taken for an unsigned one.
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
        """Make what was done so far last."""
        with translate_errors(self._error):
            self._writer.commit()
            self._open_to_readers()

    def close(self) -> None:
        """Let go of the writer; what was not committed is lost. A full disk changes nothing about that."""
        # No rollback: tantivy does not wait for merges that were under way before one, and such a merge
        # deletes the files that it merged although the list of files still names them.
        with suppress(IndexWriteError), translate_errors(self._error):
            self._writer.wait_merging_threads()
            self._open_to_readers()

    def _open_to_readers(self) -> None:
        """Let whoever may read the folder's other files read the lists too; tantivy makes them private."""
        mode = self._path.stat().st_mode & 0o666
        for name in (META, MANAGED):
            (self._path / name).chmod(mode)

    def _error(self, reason: str) -> IndexWriteError:
        return IndexWriteError(
            f"{self._path.parent}: cannot be written ({reason}); what was committed before stands"
        )
