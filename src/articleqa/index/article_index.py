"""`ArticleIndex`: an index of articles, in memory or on disk, with the same methods and the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from articleqa.answers import AbstainReason, Answer, UnmentionedTerm
from articleqa.exceptions import UnknownArticleError
from articleqa.filters import Day, Filter, Wanted
from articleqa.index import arguments
from articleqa.index.backend import Backend
from articleqa.index.memory_backend import MemoryBackend
from articleqa.index.upserts import Changes
from articleqa.loaders.api import PathLike
from articleqa.models import Article
from articleqa.passages import AnalysedPassage

if TYPE_CHECKING:
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.evidence.candidates import Candidates
    from articleqa.ranking.ranker import Ranker

ASKED_AT_ONCE = 8
"""How many questions a worker process of `ask_many` gets at a time."""


class ArticleIndex:
    """An index of articles that answers questions.

    `from_articles` makes an index in memory, `create` and `open` one on disk. Any number of threads may ask
    an index at the same time; only one thread may change it. Any number of processes may ask an index on
    disk while another process changes it; each sees a committed change from its next question on. A second
    writer waits for the first.
    """

    def __init__(self, backend: Backend, answerer: Answerer) -> None:
        """Combine a backend and an answerer; callers use `from_articles`, `create` or `open`."""
        self._backend = backend
        self._answerer = answerer

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        cache: bool = False,
    ) -> Self:
        """Build an index of `articles` in memory.

        `ranker` and `confidence` default to the shipped models; `articleqa train` and `articleqa calibrate`
        make others, which `Ranker.load` and `ConfidenceModel.load` read. With `cache`, an index of half a
        million characters or more is kept in the user's cache folder and used from there, so that the same
        articles are analysed only once; do not add articles to such an index. If the cache cannot be
        written, the index is in memory and a `CacheWarning` is issued.

        Raises:
            DuplicateArticleError: two articles share an id.
        """
        if cache:
            from articleqa.index.cache.folder import worth_caching

            articles = list(arguments.each_article(articles))
            if worth_caching(articles):
                from articleqa.index.cache.backend import cached_backend

                return cls(cached_backend(articles), answerer_of(ranker, confidence))
        index = cls(MemoryBackend(), answerer_of(ranker, confidence))
        index.add(articles)
        return index

    @classmethod
    def create(
        cls,
        folder: PathLike,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        wait_s: float | None = None,
        vectors: bool | None = None,
    ) -> Self:
        """Create an empty index on disk in `folder`, which must be empty or not exist; see `open`.

        Raises:
            NotAnIndexError: `folder` already holds something.
            IndexWriteError: the index cannot be written.
        """
        from articleqa.index.disk_backend import create_folder

        create_folder(Path(folder))
        return cls.open(folder, ranker=ranker, confidence=confidence, wait_s=wait_s, vectors=vectors)

    @classmethod
    def open(
        cls,
        folder: PathLike,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        wait_s: float | None = None,
        vectors: bool | None = None,
    ) -> Self:
        """Open the index on disk in `folder`, without taking a lock.

        A change waits until another writer is done, but at most `wait_s` seconds if given. `vectors` says
        whether added articles get vectors; by default they do as long as onnxruntime is installed and the
        index has at most 10,000 passages.

        Raises:
            IndexFolderError: there is no index, it is damaged, or it is of another version.
            MissingPackageError: `vectors` is true, but onnxruntime is not installed.
        """
        from articleqa.index.disk_backend import DiskBackend

        return cls(DiskBackend(Path(folder), wait_s, vectors), answerer_of(ranker, confidence))

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order they were added; on disk, each is read when it is looked up."""
        return self._backend.store.articles

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles; on disk, this reads all of them."""
        return self._backend.passages

    @property
    def has_passages(self) -> bool:
        """Whether the index has any passages."""
        return self._backend.retriever.statistics(()).passages > 0

    def add(self, articles: Iterable[Article]) -> Changes:
        """Add articles; return how many were added, replaced, or already there unchanged.

        An article that is already there unchanged is left alone. A changed article from the same source
        replaces the old one and comes last in the order. In memory, either all articles are added or, if one
        cannot be, none. On disk, this returns when all are committed; very many articles are committed in
        parts, and if adding stops early, the committed parts stay.

        Raises:
            DuplicateArticleError: an id is taken by an article from another source, or comes twice; the
                message names both sources.
            IndexFolderError: the index on disk cannot be written to.
            IndexBusyError: another process was still writing after the `wait_s` given to `open`.
        """
        return self._backend.add(arguments.each_article(articles), replacing=False)

    def update(self, articles: Iterable[Article]) -> Changes:
        """Add articles; each replaces the article with the same id, whatever its source. See `add`."""
        return self._backend.add(arguments.each_article(articles), replacing=True)

    def remove(self, ids: str | Iterable[str]) -> None:
        """Remove articles by id; if one id is unknown, remove none.

        Raises:
            UnknownArticleError: the index holds no article with one of the ids.
            IndexFolderError: the index on disk cannot be written to.
        """
        if not isinstance(ids, Iterable):
            raise TypeError(f"ids must be article ids, not {ids!r}")
        doomed = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))
        articles = self.articles
        for article_id in doomed:
            if article_id not in articles:
                raise UnknownArticleError(f"no article with the id {article_id!r} in the index")
        self._backend.remove(doomed)

    def ids_from_file(self, file: PathLike) -> list[str]:
        """Return the ids of the articles that came from a file; an archive or a table can hold several."""
        return self._backend.ids_from_file(Path(file))

    def prune(self, folder: PathLike) -> list[str]:
        """Remove the articles whose files below `folder` no longer exist; return their ids.

        Articles from elsewhere stay, and so do all articles of a file that still exists (see
        `ids_from_file`).

        Raises:
            IndexFolderError: the index on disk cannot be written to.
        """
        gone = self._backend.ids_of_missing_files(Path(folder))
        self._backend.remove(gone)
        return gone

    def ask(
        self,
        question: str,
        *,
        top_k: int = 3,
        min_confidence: float | None = None,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> Answer:
        """Answer `question` from all articles, or from those that match `where`, `since` and `until`.

        `top_k` is how many sentences to return. `min_confidence` (0 to 1) is the threshold below which the
        answer abstains, by default the confidence model's. `where` maps keys of `Article.metadata` to the
        value that an article must have, or to a list of accepted values. `since` and `until` limit the
        article's `date`; each is a day, month or year ("2020-05-17", "2020-05", "2020", or a `date`), and
        both are included.

        Raises:
            TypeError: `question` is not a string, `top_k` or `min_confidence` is not a number, or `where` is
                not a mapping of strings to metadata values.
            ValueError: `top_k` or `min_confidence` is out of range, or `since` or `until` is not a date.
            IndexDamagedError: the part of the index on disk that is read is damaged.
        """
        question = arguments.text("question", question)
        top_k = arguments.whole("top_k", top_k)
        if min_confidence is not None:
            min_confidence = arguments.number("min_confidence", min_confidence)
        wanted = Filter.of(where, since, until)

        def answer() -> Answer:
            candidates, never = self._candidates(question, wanted)
            found = self._answerer.answer(
                candidates,
                self._backend.store,
                never_mentioned=never,
                top_k=top_k,
                min_confidence=min_confidence,
            )
            unmet = found.reason is AbstainReason.NO_MATCHING_TERMS
            if wanted and unmet and not self._backend.retriever.has_any(wanted):
                found = found.model_copy(update={"reason": AbstainReason.NO_ARTICLE_CHOSEN})
            return found

        return self._backend.store.consistently(answer)

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        top_k: int = 3,
        min_confidence: float | None = None,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
        workers: int | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer to each of `questions`, in the order given; see `ask`.

        If there are many, `workers` processes answer them, by default one per processor. Each process opens
        an index on disk again; an index in memory is sent to it, with its ranker and confidence. The index
        must not change in the meantime. If iterating over `questions` raises, the answers to the questions
        before that come first.

        Raises:
            TypeError: `questions` is a string or not an iterable of strings; or see `ask`.
            ValueError: `top_k`, `min_confidence` or `workers` is out of range, or `since` or `until` is not
                a date.
        """
        from articleqa._parallel import parallel_map

        if isinstance(questions, str):
            raise TypeError("questions is one string: give a list of questions, or use ask")
        if not isinstance(questions, Iterable):
            raise TypeError(f"questions must be a list of strings, not {questions!r}")
        if workers is not None:
            workers = arguments.whole("workers", workers)
        ask = partial(
            self.ask, top_k=top_k, min_confidence=min_confidence, where=where, since=since, until=until
        )
        pairs = parallel_map(ask, questions, at_once=ASKED_AT_ONCE, workers=workers)
        return (answer for _, answer in pairs)

    def close(self) -> None:
        """Close all files of an index on disk, including those that other threads opened.

        No thread may be asking at that time. Asking the index afterwards opens the files again. Used as a
        context manager (`with ArticleIndex.open("kb/") as index:`), an index is closed at the end.
        """
        self._backend.close()

    def __enter__(self) -> Self:
        """Return the index itself; see `close`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def candidates(self, question: str) -> Candidates:
        """Return the sentences that could answer `question`, as the ranker receives them."""
        return self._backend.store.consistently(lambda: self._candidates(question, None)[0])

    def _candidates(self, question: str, wanted: Filter | None) -> tuple[Candidates, list[UnmentionedTerm]]:
        from articleqa.index.candidates import find_candidates

        self._backend.refresh()
        return find_candidates(self._backend, question, self._answerer.ranker.reader, wanted)


def answerer_of(ranker: Ranker | None, confidence: ConfidenceModel | None) -> Answerer:
    """Return an answerer with these models, by default the shipped ones."""
    # Imported here because they import numpy, which would double the time of `import articleqa`.
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import shipped_confidence
    from articleqa.ranking.ranker import shipped_ranker

    asked_by = ranker or shipped_ranker()
    return Answerer(asked_by, confidence or shipped_confidence(asked_by.name))
