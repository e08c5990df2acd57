"""The methods of an index that answer questions and find passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pydantic import JsonValue

from articleqa.answers import AbstainReason, Answer, FoundPassage, UnmentionedTerm
from articleqa.exceptions import UnknownArticleError
from articleqa.filters import Day, Filter, Wanted, count_values
from articleqa.index import arguments
from articleqa.index.backend import Backend, Limited
from articleqa.index.reading import Reading
from articleqa.models import Article
from articleqa.storage.reads import Reads

if TYPE_CHECKING:
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.evidence.candidates import Candidates
    from articleqa.ranking.ranker import Ranker

ASKED_AT_ONCE = 8
"""How many questions a worker process of `ask_many` gets at a time."""


class Asking(Reading):
    """Asking questions and reading articles; see `ArticleIndex`."""

    @cached_property
    def _answerer(self) -> Answerer:
        """The answerer with the shipped models; it is loaded at the first question."""
        return _answerer_with(None, None)

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
        value that an article must have, or to a list of accepted values; the keys `folder` (of the id:
        "news/2020") and `media_type` work for every article. `since` and `until` limit the article's `date`;
        each is a day, month or year ("2020-05-17", "2020-05", "2020", or a `date`), and both are included.

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

        def answer(backend: Backend) -> Answer:
            reads = Reads(backend.store)
            candidates, never = self._candidates(backend, reads, question, wanted)
            found = self._answerer.answer(
                candidates,
                reads,
                never_mentioned=never,
                top_k=top_k,
                min_confidence=min_confidence,
            )
            unmet = found.reason is AbstainReason.NO_MATCHING_TERMS
            if wanted and unmet and not backend.retriever.has_any(wanted):
                found = found.model_copy(update={"reason": AbstainReason.NO_ARTICLE_CHOSEN})
            if isinstance(backend, Limited) and backend.limitation:
                found = found.model_copy(update={"limitation": backend.limitation})
            return found

        return self._read(answer)

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

    def search(
        self,
        question: str,
        *,
        top_k: int = 10,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> list[FoundPassage]:
        """Return the passages most likely to answer `question`, best first, at most `top_k` of them.

        Passages are found by words and, with the reader, by meaning, and ordered by the ranker's score of
        their best sentence. Copies of a passage are one. `where`, `since` and `until` are as in `ask`.

        Raises:
            TypeError: `question` is not a string, or `top_k` is not a whole number; or see `ask`.
            ValueError: `top_k` is below 1, or `since` or `until` is not a date.
            IndexDamagedError: the part of the index on disk that is read is damaged.
        """
        question = arguments.text("question", question)
        top_k = arguments.whole("top_k", top_k)
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        wanted = Filter.of(where, since, until)

        def search(backend: Backend) -> list[FoundPassage]:
            from articleqa.index.passage_search import found_passages

            backend.refresh()
            return found_passages(backend, self._answerer.ranker, question, top_k, wanted)

        return self._read(search)

    async def aask(
        self,
        question: str,
        *,
        top_k: int = 3,
        min_confidence: float | None = None,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> Answer:
        """Answer `question` in another thread; see `ask`."""
        from asyncio import to_thread  # longer to import than this module, and seldom needed

        ask = partial(self.ask, top_k=top_k, min_confidence=min_confidence)
        return await to_thread(ask, question, where=where, since=since, until=until)

    async def asearch(
        self,
        question: str,
        *,
        top_k: int = 10,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> list[FoundPassage]:
        """Return the passages most likely to answer `question`, found in another thread; see `search`."""
        from asyncio import to_thread

        search = partial(self.search, top_k=top_k)
        return await to_thread(search, question, where=where, since=since, until=until)

    def read(self, article_id: str, start: int = 0, end: int | None = None) -> str:
        """Return the text of an article from `start` to `end` (code points, the end excluded).

        Raises:
            UnknownArticleError: the index holds no article with this id.
        """
        return self.article(article_id).text[start:end]

    def article(self, article_id: str) -> Article:
        """Return the article with this id; on disk, it is read now.

        Raises:
            UnknownArticleError: the index holds no article with this id.
        """
        try:
            return self._read(lambda backend: backend.store.articles[article_id])
        except KeyError:
            raise UnknownArticleError(f"no article with the id {article_id!r} in the index") from None

    def titles(self) -> dict[str, str]:
        """Return the title of each article by id, in the order in which they were added."""
        return self._read(lambda backend: backend.store.titles())

    def facets(self, *keys: str) -> dict[str, dict[JsonValue, int]]:
        """Return for each of `keys` its values, as `where` takes them, and how many articles have each.

        The keys are those of `Article.metadata`, `folder` and `media_type`; see `ask`. A value that many
        articles have comes before one of few. Values that are themselves mappings are left out. Every article
        is read.
        """
        return self._read(lambda backend: count_values(backend.store.articles.values(), keys))

    def candidates(self, question: str) -> Candidates:
        """Return the sentences that could answer `question`, as the ranker receives them."""

        def candidates(backend: Backend) -> Candidates:
            return self._candidates(backend, Reads(backend.store), question, None)[0]

        return self._read(candidates)

    def _candidates(
        self, backend: Backend, reads: Reads, question: str, wanted: Filter | None
    ) -> tuple[Candidates, list[UnmentionedTerm]]:
        from articleqa.index.candidates import find_candidates

        backend.refresh()
        return find_candidates(backend, reads, question, self._answerer.ranker.reader, wanted)


def answerer_of(ranker: Ranker | None, confidence: ConfidenceModel | None) -> Answerer | None:
    """Return an answerer with these models; None for the shipped ones, which only questions need."""
    return None if ranker is None and confidence is None else _answerer_with(ranker, confidence)


def _answerer_with(ranker: Ranker | None, confidence: ConfidenceModel | None) -> Answerer:
    """Return an answerer with these models, by default the shipped ones."""
    # Imported here because they import numpy, which would double the time of `import articleqa`.
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import shipped_confidence
    from articleqa.ranking.ranker import shipped_ranker

    asked_by = ranker or shipped_ranker()
    return Answerer(asked_by, confidence or shipped_confidence(asked_by.name))
