"""The writer of an index on disk: adds articles in parts, each of which is committed, and removes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic

from articleqa.filters import Traits
from articleqa.index.analysis import Analysed, analysed, encoded
from articleqa.index.upserts import Upsert, articles_of
from articleqa.models import Article
from articleqa.retrieval.tantivy import DiskRetriever
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage.protocol import VECTORS_UP_TO, KnownArticle
from articleqa.storage.sqlite.writer import DiskWriter

COMMIT_S = 30.0
COMMIT_CHARACTERS = 100_000_000
"""The seconds and the characters of text after which the articles added so far are committed."""

Analysing = Callable[[Sequence[Article]], Iterator[Analysed]]


class DiskChanges:
    """A `BackendWriter` of an index on disk; the caller holds its lock."""

    known_at_once = 1

    def __init__(
        self,
        database: DiskWriter,
        retriever: DiskRetriever,
        search: SearchWriter,
        *,
        vectors: bool | None,
        workers: int | None,
        analysing: Analysing | None,
    ) -> None:
        """Write to `database` and, with `retriever`, to the search index that `search` has opened.

        `vectors` is as in `DiskBackend`. `analysing` receives a list of all new articles and turns them into
        rows; by default, `analysed` does so as they come, with `workers` processes.
        """
        self._database = database
        self._retriever = retriever
        self._search = search
        self._makes_vectors = vectors
        self._workers = workers
        self._analysing = analysing

    def known(self, ids: Sequence[str]) -> Mapping[str, KnownArticle]:
        """See `BackendWriter.known`."""
        return self._database.known(ids)

    def put(self, upserts: Iterator[Upsert]) -> None:
        """See `BackendWriter.put`; many articles are committed in parts, so that little work is ever lost."""
        replaced: set[str] = set()
        news = articles_of(upserts, replaced)
        rows = self._analysing(list(news)) if self._analysing else analysed(news, self._workers)
        rows = encoded(rows, self._gets_vectors)
        while self._put_part(rows, replaced):
            pass

    def remove(self, ids: Sequence[str]) -> None:
        """See `BackendWriter.remove`; ids that the index does not hold are skipped."""
        numbers = self._database.numbers_of(ids)
        with self._database.transaction():
            for number in numbers:
                self._database.remove(number)
        self._forget(numbers)

    def _gets_vectors(self, article: Analysed) -> bool:
        if self._makes_vectors is not None:
            return self._makes_vectors
        return self._database.passages + len(article.records) <= VECTORS_UP_TO

    def _put_part(self, news: Iterator[Analysed], replaced: set[str]) -> int:
        """Store articles until there is enough to commit, and commit them; return how many were stored."""
        stored = characters = 0
        interrupted = False
        until = monotonic() + COMMIT_S
        removed: list[int] = []
        with self._database.transaction():
            while characters < COMMIT_CHARACTERS and monotonic() < until:
                try:
                    article, records, vectors = next(news)
                except StopIteration:
                    break
                except KeyboardInterrupt:
                    # Ctrl-C mostly comes while this waits for `news`: the articles so far are complete, so
                    # they are kept.
                    interrupted = True
                    break
                if article.id in replaced:
                    for number in self._database.numbers_of([article.id]):
                        self._database.remove(number)
                        removed.append(number)
                number, passages = self._database.add(article, records, vectors)
                terms = (
                    (str(passage), record.terms.split())
                    for passage, record in zip(passages, records, strict=True)
                )
                self._retriever.add(str(number), terms, Traits.of(article))
                stored += 1
                characters += len(article.text)
            if stored:
                self._search.commit()
        self._forget(removed)
        if interrupted:
            raise KeyboardInterrupt
        return stored

    def _forget(self, numbers: Sequence[int]) -> None:
        """Remove from the search index the articles that were removed from the database."""
        if numbers:
            self._retriever.remove(map(str, numbers))
            self._search.commit()
            self._database.finish()
