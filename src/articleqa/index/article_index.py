"""An index of articles to ask, in memory or on disk: the same verbs, the same answers."""

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
"""Questions that a process of `ask_many` is given at a time."""


class ArticleIndex:
    """Articles that can be asked.

    `from_articles` makes an index in memory, `create` and `open` one on disk. Any number of threads may ask
    one index at once; only one may change it. On disk any number of processes may ask meanwhile, each
    sees what another has committed from its next question on, and a second writer waits for the first.
    """

    def __init__(self, backend: Backend, answerer: Answerer) -> None:
        """Put an index together from its parts."""
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
        """Build an index of `articles` in memory, asked by this ranker and confidence, or the shipped ones.

        `articleqa train` and `articleqa calibrate` make others; `Ranker.load` and `ConfidenceModel.load`
        read them. With `cache`, an index of half a million characters or more is kept in the user's cache
        folder and asked there, so that the same articles are analysed once; add nothing to it. Where the
        cache cannot be written, the index is in memory, and a `CacheWarning` says so.

        Raises:
            DuplicateArticleError: two articles share an id.
        """
        if cache:
            from articleqa.index.cache.folder import worth_caching

            articles = list(arguments.each_article(articles))
            if worth_caching(articles):
                from articleqa.index.cache.backend import corpus_of_articles

                return cls(corpus_of_articles(articles), answerer_of(ranker, confidence))
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
        """Make an empty index on disk in `folder`, which is not there yet or is empty; see `open`.

        Raises:
            NotAnIndexError: something is there already.
            IndexWriteError: it cannot be made.
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
        """Open the index on disk in `folder`. No lock is taken.

        A change waits for another writer until that is done, or for at most `wait_s` seconds. `vectors` says
        whether articles that are added get vectors; by default they do while the index has at most 10,000
        passages, where onnxruntime is installed.

        Raises:
            IndexFolderError: there is none, it is damaged, or of another version.
            MissingPackageError: vectors are to be made, and onnxruntime is not installed.
        """
        from articleqa.index.disk_backend import DiskBackend

        return cls(DiskBackend(Path(folder), wait_s, vectors), answerer_of(ranker, confidence))

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order they were added; on disk, each is read when it is asked for."""
        return self._backend.store.articles

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles; on disk, all of them are read."""
        return self._backend.passages

    @property
    def has_passages(self) -> bool:
        """Whether there is anything to ask."""
        return self._backend.retriever.statistics(()).passages > 0

    def add(self, articles: Iterable[Article]) -> Changes:
        """Add articles, and say how many were added, replaced, or there already.

        One that is there already and unchanged is left alone; one from the same source that changed takes
        the place of the old one, behind all others. In memory all of them are added, or none where one
        cannot be. On disk this returns when they are committed; of very many, parts are committed as they
        come, and what was committed stays where it breaks off.

        Raises:
            DuplicateArticleError: an id is taken by an article from another source, or comes twice; the
                message names both sources.
            IndexFolderError: the index on disk cannot be written to.
            IndexBusyError: another one was still writing after the `wait_s` that it was opened with.
        """
        return self._backend.add(arguments.each_article(articles), replacing=False)

    def update(self, articles: Iterable[Article]) -> Changes:
        """Add articles; each takes the place of the one with its id, whatever its source. See `add`."""
        return self._backend.add(arguments.each_article(articles), replacing=True)

    def remove(self, ids: str | Iterable[str]) -> None:
        """Remove articles by id; all of them, or none where one is unknown.

        Raises:
            UnknownArticleError: the index holds no such article.
            IndexFolderError: the index on disk cannot be written to.
        """
        if not isinstance(ids, Iterable):
            raise TypeError(f"ids must be ids of articles, not {ids!r}")
        doomed = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))
        articles = self.articles
        for article_id in doomed:
            if article_id not in articles:
                raise UnknownArticleError(f"no article with the id {article_id!r} in the index")
        self._backend.remove(doomed)

    def ids_from_file(self, file: PathLike) -> list[str]:
        """Return the ids of the articles that came from a file; an archive or a table holds several."""
        return self._backend.ids_from_file(Path(file))

    def prune(self, folder: PathLike) -> list[str]:
        """Remove the articles from files below `folder` that are not there any more; return their ids.

        Articles from elsewhere are left alone, and so are those of a file that is there (see
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
        """Answer `question`, from all articles or from those that `where`, `since` and `until` choose.

        `top_k` is how many sentences to return, `min_confidence` (0 to 1) the threshold below which the
        answer abstains, by default the confidence model's. `where` gives for keys of `Article.metadata` the
        value that an article must have, or a list of values of which it must have one; `since` and `until`
        are days, months or years ("2020-05-17", "2020-05", "2020", or a `date`), both included, between
        which its `date` must lie.

        Raises:
            TypeError: `question` is no string, `top_k` or `min_confidence` no number, `where` no mapping of
                strings to what metadata can be.
            ValueError: `top_k` or `min_confidence` is out of range, or `since` or `until` no date.
            IndexDamagedError: the index on disk is damaged where it is read.
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
        """Yield the answer to each of `questions`, in their order; see `ask`.

        Many are asked by `workers` processes, by default one for each processor; each opens an index on disk
        again, and has one in memory, with its ranker and confidence, sent to it. The index must not be
        changed meanwhile. Where `questions` raises, those before are answered first.

        Raises:
            TypeError: `questions` is a string, or nothing that holds strings; or see `ask`.
            ValueError: `top_k`, `min_confidence` or `workers` is out of range, or `since` or `until` no date.
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
        """Close all files of an index on disk, those that other threads opened too.

        No thread may be asking meanwhile. An index that is asked afterwards opens them again. As a context
        manager (`with ArticleIndex.open("kb/") as index:`) an index is closed at the end.
        """
        self._backend.close()

    def __enter__(self) -> Self:
        """Return the index itself; see `close`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def candidates(self, question: str) -> Candidates:
        """Return the sentences that could answer `question`, as the ranker is given them."""
        return self._backend.store.consistently(lambda: self._candidates(question, None)[0])

    def _candidates(self, question: str, wanted: Filter | None) -> tuple[Candidates, list[UnmentionedTerm]]:
        from articleqa.index.candidates import find_candidates

        self._backend.refresh()
        return find_candidates(self._backend, question, self._answerer.ranker.reader, wanted)


def answerer_of(ranker: Ranker | None, confidence: ConfidenceModel | None) -> Answerer:
    """Return what answers by these, by default the shipped ones."""
    # Imported here: they bring numpy, which would double the time of `import articleqa`.
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import shipped_confidence
    from articleqa.ranking.ranker import shipped_ranker

    asked_by = ranker or shipped_ranker()
    return Answerer(asked_by, confidence or shipped_confidence(asked_by.name))
