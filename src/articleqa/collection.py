"""The public verbs: ask, and an index of articles to ask."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from articleqa.answering.copies import Copies
from articleqa.answering.question import Question, analyse_question
from articleqa.articles.loading import PathLike, load_articles
from articleqa.exceptions import DuplicateArticleError, UnknownArticleError
from articleqa.models import Answer, Article, UnmentionedTerm
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval import MemoryRetriever, Retriever, Statistics
from articleqa.text.terms import tokens

if TYPE_CHECKING:
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.candidates import Candidates
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.answering.ranker import Ranker

__all__ = ["ArticleIndex", "ask", "load_articles"]

CANDIDATE_PASSAGES = 20
"""Passages whose sentences are ranked, whatever `top_k` is: confidence must not depend on it."""


def ask(
    question: str,
    articles: ArticleIndex | Article | PathLike | Iterable[Article | PathLike],
    *,
    top_k: int = 3,
    min_confidence: float | None = None,
) -> Answer:
    """Answer `question` from `articles`: an index, articles, or paths of files and folders.

    A `str` is always a path; a text comes as an `Article`. Each call loads and analyses its articles
    anew: build an `ArticleIndex` to ask more than once. `top_k` is how many sentences to return,
    `min_confidence` (0 to 1) the threshold below which the answer abstains, by default the one that
    the shipped confidence model was given.

    Raises:
        ArticleQAError: a path is missing or unreadable, or two articles share an id.
        ValueError: `top_k` or `min_confidence` is out of range.
    """
    index = articles if isinstance(articles, ArticleIndex) else ArticleIndex.from_articles(_gather(articles))
    return index.ask(question, top_k=top_k, min_confidence=min_confidence)


def _gather(articles: Article | PathLike | Iterable[Article | PathLike]) -> list[Article]:
    if isinstance(articles, Article):
        return [articles]
    if isinstance(articles, str | os.PathLike):
        return load_articles(articles)
    gathered: list[Article] = []
    paths: list[PathLike] = []
    for item in articles:
        if isinstance(item, Article):
            # Paths in a row are loaded together, so that a file named twice is loaded once.
            gathered += [*load_articles(paths), item]
            paths = []
        else:
            paths.append(item)
    return gathered + load_articles(paths)


class ArticleIndex:
    """Articles that can be asked, in memory."""

    def __init__(self, retriever: Retriever, answerer: Answerer) -> None:
        """Start an empty index from its parts; `from_articles` is the usual way."""
        self._retriever = retriever
        self._answerer = answerer
        self._articles: dict[str, Article] = {}
        self._passages: dict[str, AnalysedPassage] = {}
        self._keys: dict[str, list[str]] = {}
        self._copies = Copies()
        self._order: dict[str, int] = {}
        self._counter = count()

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
    ) -> Self:
        """Build an index of `articles`, asked by this ranker and confidence, or else by the shipped ones.

        `articleqa train` and `articleqa calibrate` make others; `Ranker.load` and `ConfidenceModel.load`
        read them.

        Raises:
            DuplicateArticleError: two articles share an id.
        """
        # Imported here: they bring numpy, which would double the time of `import articleqa`.
        from articleqa.answering.answerer import Answerer
        from articleqa.answering.confidence import shipped_confidence
        from articleqa.answering.ranker import shipped_ranker

        answerer = Answerer(ranker or shipped_ranker(), confidence or shipped_confidence())
        index = cls(MemoryRetriever(), answerer)
        index.add(articles)
        return index

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order they were added."""
        return MappingProxyType(self._articles)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""
        return list(self._passages.values())

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; all of them, or none where one cannot be added.

        Raises:
            DuplicateArticleError: an id is already taken; the message names both sources.
        """
        new: dict[str, Article] = {}
        for article in articles:
            taken = new.get(article.id) or self._articles.get(article.id)
            if taken is not None:
                raise DuplicateArticleError(
                    f"two articles with the id {article.id!r}: {taken.source or 'one without a source'} and"
                    f" {article.source or 'one without a source'}"
                )
            new[article.id] = article
        passages = {article.id: analyse(article) for article in new.values()}
        self._retriever.add((p.key, p.terms()) for analysed in passages.values() for p in analysed)
        for article_id, analysed in passages.items():
            self._articles[article_id] = new[article_id]
            self._passages.update((passage.key, passage) for passage in analysed)
            self._keys[article_id] = [passage.key for passage in analysed]
            self._order[article_id] = next(self._counter)
            for passage in analysed:
                self._copies.add(passage, new[article_id].text)

    def remove(self, ids: str | Iterable[str]) -> None:
        """Remove articles by id; all of them, or none where one is unknown.

        Raises:
            UnknownArticleError: the index holds no such article.
        """
        doomed = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))
        for article_id in doomed:
            if article_id not in self._articles:
                raise UnknownArticleError(f"no article with the id {article_id!r} in the index")
        self._retriever.remove(key for article_id in doomed for key in self._keys[article_id])
        for article_id in doomed:
            for key in self._keys.pop(article_id):
                self._copies.remove(self._passages.pop(key))
            del self._articles[article_id], self._order[article_id]

    def ask(self, question: str, *, top_k: int = 3, min_confidence: float | None = None) -> Answer:
        """Answer `question`; see the function `ask`.

        Raises:
            ValueError: `top_k` or `min_confidence` is out of range.
        """
        # Halves of surrogate pairs, as undecodable bytes on a command line give, are no text.
        question = question.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        candidates = self.candidates(question)
        return self._answerer.answer(
            candidates,
            self._articles,
            copies=self._copies,
            order=self._order,
            never_mentioned=self._never_mentioned(candidates.question, candidates.statistics),
            top_k=top_k,
            min_confidence=min_confidence,
        )

    def candidates(self, question: str) -> Candidates:
        """Return the sentences that could answer `question`, as the ranker is given them."""
        from articleqa.answering.candidates import Candidates

        analysed = analyse_question(question)
        statistics = self._retriever.statistics(analysed.terms)
        passages = self._candidate_passages(analysed, statistics)
        return Candidates(analysed, statistics, passages, self._articles)

    def _candidate_passages(self, question: Question, statistics: Statistics) -> list[AnalysedPassage]:
        """Return the best passages, ties in the order of their articles and places.

        Words that the articles never use, and all words where few passages match, are looked for by
        words of like meaning too.
        """
        from articleqa.text.word_vectors import synonyms

        found = self._best(question.terms, question)
        few = len(found) < CANDIDATE_PASSAGES
        looked_for = [t for t in question.terms if few or not statistics.document_frequencies[t]]
        alike = dict.fromkeys(near for term in looked_for for near in synonyms(term))
        keys = {passage.key for passage in found}
        found += [passage for passage in self._best(alike, question) if passage.key not in keys]
        return found

    def _best(self, terms: Iterable[str], question: Question) -> list[AnalysedPassage]:
        """Return the best `CANDIDATE_PASSAGES` for `terms`, copies counted once."""
        k = CANDIDATE_PASSAGES
        while True:
            found = [(self._passages[key], score) for key, score in self._retriever.search(terms, k)]
            found.sort(key=lambda pair: (-pair[1], self._place(pair[0])))
            distinct = self._copies.collapse([passage for passage, _ in found], question.terms)
            if len(found) < k or len(distinct) >= CANDIDATE_PASSAGES:
                return distinct[:CANDIDATE_PASSAGES]
            k *= 4

    def _place(self, passage: AnalysedPassage) -> tuple[int, int]:
        return self._order[passage.passage.article_id], passage.passage.span.start

    def _never_mentioned(self, question: Question, statistics: Statistics) -> list[UnmentionedTerm]:
        """Return the question's words that no article uses, other than those that only frame it."""
        if not statistics.passages:
            return []
        absent = {
            word: term
            for term, word in zip(question.terms, question.words, strict=True)
            if not statistics.document_frequencies[term] and term not in question.frame
        }
        return [UnmentionedTerm(word=word, suggestion=self._spelling(term)) for word, term in absent.items()]

    def _spelling(self, term: str) -> str | None:
        """Return the word of the articles that is spelt most like `term`, as it stands in them."""
        for similar in self._retriever.similar_terms(term)[:1]:
            for key, _ in self._retriever.search([similar], 1)[:1]:
                passage = self._passages[key].passage
                text = self._articles[passage.article_id].text
                for span in (*passage.sentences, *passage.headings):
                    for token in tokens(span.of(text)):
                        if similar in token.terms:
                            return text[span.start + token.start : span.start + token.end]
        return None
