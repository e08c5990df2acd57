"""An index asks any backend that keeps the protocols: here one that no module of the package knows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from articleqa import Article, ArticleIndex, Changes, UnknownArticleError, load_articles
from articleqa.filters import Filter, Traits
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval.protocol import Statistics
from articleqa.storage.protocol import PassageTerms

SEEDS = Path(__file__).parents[2] / "seeds"
T = TypeVar("T")


class JsonStore:
    """Keeps each article as a string of JSON, as a remote store would send it."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}

    @property
    def articles(self) -> Mapping[str, Article]:
        return {key: Article.model_validate_json(text) for key, text in self.documents.items()}

    def titles(self) -> dict[str, str]:
        return {key: article.title for key, article in self.articles.items()}

    def order_of(self, article_id: str) -> int:
        return list(self.documents).index(article_id)

    def passages(self) -> list[AnalysedPassage]:
        return [passage for article in self.articles.values() for passage in analyse(article)]

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        found = {passage.key: passage for passage in self.passages()}
        return [found[key] for key in keys if key in found]

    def terms_at(self, keys: Sequence[str]) -> list[PassageTerms]:
        return [
            PassageTerms(p.key, self.order_of(p.passage.article_id), p.passage.span.start, p.terms())
            for p in self.passages_at(keys)
        ]

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        return [passage]

    def consistently(self, read: Callable[[], T]) -> T:
        return read()


class PlainRetriever:
    """BM25 in plain Python over all passages of a store."""

    def __init__(self, store: JsonStore) -> None:
        self.store = store

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        asked = list(dict.fromkeys(terms))
        counts = self.statistics(asked)
        allowed = self.keys(wanted or Filter())
        scored: list[tuple[str, float]] = []
        for passage in self.store.passages():
            held = Counter(passage.terms())
            score = sum(self._part(held, term, counts) for term in asked)
            if score > 0 and passage.key in allowed:
                scored.append((passage.key, score))
        scored.sort(key=lambda pair: -pair[1])
        cut = scored[min(k, len(scored)) - 1][1] if scored and k > 0 else math.inf
        return [(key, score) for key, score in scored if score >= cut]

    @staticmethod
    def _part(held: Counter[str], term: str, counts: Statistics) -> float:
        df = counts.document_frequencies[term]
        idf = math.log(1 + (counts.passages - df + 0.5) / (df + 0.5))
        norm = 1.2 * (0.25 + 0.75 * held.total() / counts.average_length)
        return idf * held[term] * 2.2 / (held[term] + norm)

    def has_any(self, wanted: Filter) -> bool:
        return bool(self.keys(wanted))

    def keys(self, wanted: Filter) -> set[str]:
        articles = self.store.articles
        allowed = {key for key, article in articles.items() if wanted.allows(Traits.of(article))}
        return {p.key for p in self.store.passages() if p.passage.article_id in allowed}

    def statistics(self, terms: Iterable[str]) -> Statistics:
        held = [passage.terms() for passage in self.store.passages()]
        length = sum(map(len, held)) / len(held) if held else 0.0
        return Statistics(len(held), length, {term: sum(term in each for each in held) for term in terms})

    def similar_terms(self, term: str) -> list[str]:
        return []


class JsonBackend:
    """The two together."""

    folder: Path | None = None

    def __init__(self) -> None:
        self.store = JsonStore()
        self.retriever = PlainRetriever(self.store)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        return self.store.passages()

    def vectors(self) -> None:
        return None

    def add(self, articles: Iterable[Article], *, replacing: bool) -> Changes:
        new = {article.id: article.model_dump_json() for article in articles}
        replaced = len(new.keys() & self.store.documents.keys()) if replacing else 0
        self.store.documents |= new
        return Changes(added=len(new) - replaced, replaced=replaced)

    def remove(self, ids: Sequence[str]) -> None:
        for article_id in ids:
            del self.store.documents[article_id]

    def ids_from_file(self, file: Path) -> list[str]:
        return [key for key, article in self.store.articles.items() if article.source == str(file)]

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        del folder
        return []

    def refresh(self) -> None:
        """See what others changed: nobody does."""

    def close(self) -> None:
        """Let go of files: there are none."""


QUESTIONS = (
    "When was the confederation shut down?",
    "How many oil workers went on a hunger strike?",
    "Who won the football world cup in 2018?",
    "What did the ILO committee say about the 2014 trade union law?",
)


@pytest.fixture
def index() -> ArticleIndex:
    index = ArticleIndex(JsonBackend())
    assert index.add(load_articles(SEEDS)) == Changes(added=2)
    return index


@pytest.mark.parametrize("question", QUESTIONS)
def test_another_backend_gives_the_answers_of_memory(index: ArticleIndex, question: str) -> None:
    in_memory = ArticleIndex.from_articles(load_articles(SEEDS))
    assert index.ask(question).model_dump_json() == in_memory.ask(question).model_dump_json()
    assert index.search(question) == in_memory.search(question)


def test_another_backend_is_changed_and_asked_by_the_same_methods(index: ArticleIndex) -> None:
    index.add([Article(id="note", text="The harbour of Zorp froze in 1740.", metadata={"date": "2020"})])
    assert index.ask("When did the harbour of Zorp freeze?").text == "The harbour of Zorp froze in 1740."
    assert not index.ask("When did the harbour of Zorp freeze?", until="2019").answered
    assert (len(index), list(index.titles())[-1], index.read("note", 0, 11)) == (3, "note", "The harbour")
    index.remove("note")
    with pytest.raises(UnknownArticleError):
        index.remove("note")
    assert (index.info().articles, index.check()) == (2, [])
