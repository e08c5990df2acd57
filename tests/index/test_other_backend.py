"""An index asks any backend that keeps the protocols: here one that no module of the package knows."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner

from articleqa import (
    Article,
    ArticleIndex,
    Changes,
    DuplicateArticleError,
    IndexUnavailableError,
    NotAnIndexError,
    UnknownArticleError,
    load_articles,
)
from articleqa.cli import cli
from articleqa.filters import Filter, Traits
from articleqa.index.upserts import Upsert
from articleqa.passage_text import LineTable, PassageText
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval.protocol import NO_TRAITS, Statistics
from articleqa.storage.checksums import checksum_of, fields_of
from articleqa.storage.digests import digest_of
from articleqa.storage.files import file_of
from articleqa.storage.protocol import Document, KnownArticle

SEEDS = Path(__file__).parents[2] / "seeds"
T = TypeVar("T")


class JsonStore:
    """Keeps each article as a string of JSON, as a remote store would send it."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    @property
    def articles(self) -> Mapping[str, Article]:
        return {key: Article.model_validate_json(text) for key, text in self.rows.items()}

    def titles(self) -> dict[str, str]:
        return {key: article.title for key, article in self.articles.items()}

    def documents(self) -> list[Document]:
        return [
            Document(p.key, order, p.passage.span.start, p.terms(), lambda p=p: p)  # type: ignore[misc]
            for order, article in enumerate(self.articles.values())
            for p in analyse(article)
        ]

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        return [document for document in self.documents() if document.key in keys]

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        groups: dict[bytes, list[Document]] = {}
        for document in self.documents():
            groups.setdefault(self._digest(document.passage), []).append(document)
        return [groups[self._digest(passage)] for passage in passages]

    def _digest(self, passage: AnalysedPassage) -> bytes:
        return digest_of(passage, self.articles[passage.passage.article_id].text)

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        found: dict[str, PassageText] = {}
        for document in self.documents_at(keys):
            passage = document.passage.passage
            article = self.articles[passage.article_id]
            found[document.key] = PassageText.of(article, passage, LineTable(article.text))
        return found

    def consistently(self, read: Callable[[], T]) -> T:
        return read()


class PlainRetriever:
    """BM25 in plain Python over the passages that were added."""

    has_own_order = False

    def __init__(self) -> None:
        self.held: dict[str, tuple[str, Sequence[str], Traits]] = {}
        self.is_reachable = True

    def add(
        self, article: str, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS
    ) -> None:
        self.held |= {key: (article, terms, traits) for key, terms in passages}

    def remove(self, articles: Iterable[str]) -> None:
        gone = set(articles)
        self.held = {key: row for key, row in self.held.items() if row[0] not in gone}

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        asked = list(dict.fromkeys(terms))
        counts = self.statistics(asked)
        allowed = self.keys(wanted or Filter())
        scored: list[tuple[str, float]] = []
        for key, (_, held, _) in self.held.items():
            score = sum(self._part(Counter(held), term, counts) for term in asked)
            if score > 0 and key in allowed:
                scored.append((key, score))
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
        return {key for key, (_, _, traits) in self.held.items() if wanted.allows(traits)}

    def statistics(self, terms: Iterable[str]) -> Statistics:
        if not self.is_reachable:
            raise IndexUnavailableError("toy://towns: no answer within 2 seconds; is it running?")
        held = [terms for _, terms, _ in self.held.values()]
        length = sum(map(len, held)) / len(held) if held else 0.0
        return Statistics(len(held), length, {term: sum(term in each for each in held) for term in terms})

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        return {term: [] for term in terms}


class JsonBackend:
    """The two together, and their writer."""

    folder: Path | None = None
    known_at_once = 100

    def __init__(self) -> None:
        self.store = JsonStore()
        self.retriever = PlainRetriever()
        self.asked_about: list[int] = []

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        return [document.passage for document in self.store.documents()]

    def by_meaning(self, question: object, *, above: int = 0) -> None:
        del question, above

    @contextmanager
    def writing(self) -> Iterator[JsonBackend]:
        yield self

    def known(self, ids: Sequence[str]) -> Mapping[str, KnownArticle]:
        self.asked_about.append(len(ids))
        held = [article for key, article in self.store.articles.items() if key in ids]
        return {a.id: KnownArticle(a.source, file_of(a), checksum_of(fields_of(a))) for a in held}

    def put(self, upserts: Iterator[Upsert]) -> None:
        for article, replaces in list(upserts):
            if replaces:
                self.remove([article.id])
            self.store.rows[article.id] = article.model_dump_json()
            passages = ((passage.key, passage.terms()) for passage in analyse(article))
            self.retriever.add(article.id, passages, Traits.of(article))

    def remove(self, ids: Sequence[str]) -> None:
        self.retriever.remove(ids)
        for article_id in ids:
            del self.store.rows[article_id]

    def ids_from_file(self, file: Path) -> list[str]:
        return [key for key, article in self.store.articles.items() if article.source == str(file)]

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        del folder
        return []

    def refresh(self) -> None:
        """See what others changed: nobody does."""

    def close(self) -> None:
        """Let go of files: there are none."""


RUNNING: dict[str, JsonBackend] = {}
"""The indexes that "run somewhere", by their URLs."""


def connect(url: str, *, make: bool = False) -> JsonBackend:
    """Open an index of these tests; the entry point of the scheme "toy"."""
    if make:
        RUNNING[url] = JsonBackend()
    if url not in RUNNING:
        raise NotAnIndexError(f"{url}: no such index")
    return RUNNING[url]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Install a package that has the backend, and return the URL of an index of the seeds."""
    installed = tmp_path / "toy-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        f"[articleqa.backends]\ntoy = {__name__}:connect\nbroken = no_such_module:connect\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    with ArticleIndex.connect("toy://host/towns", make=True) as index:
        assert index.add(load_articles(SEEDS)) == Changes(added=2)
    yield "toy://host/towns"
    RUNNING.clear()


@pytest.fixture
def index(url: str) -> ArticleIndex:
    return ArticleIndex.connect(url)


QUESTIONS = (
    "When was the confederation shut down?",
    "How many oil workers went on a hunger strike?",
    "Who won the football world cup in 2018?",
    "What did the ILO committee say about the 2014 trade union law?",
)


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


def test_what_is_added_replaced_or_refused_is_decided_above_a_backend(url: str) -> None:
    index, backend = ArticleIndex.connect(url), RUNNING[url]
    towns = [Article(id=f"t{n}", text=f"Zorp{n} froze in {1740 + n}.", source="towns") for n in range(150)]
    backend.asked_about.clear()
    assert index.add(towns) == Changes(added=150)
    assert backend.asked_about == [100, 50]
    changed = towns[0].model_copy(update={"text": "Zorp0 thawed in 1750."})
    assert index.add([changed, *towns[1:3]]) == Changes(replaced=1, unchanged=2)
    other = changed.model_copy(update={"source": "elsewhere"})
    with pytest.raises(DuplicateArticleError, match="'t0': towns and elsewhere"):
        index.add([Article(id="new", text="New."), other])
    assert "new" not in index.articles
    assert index.update([other]) == Changes(replaced=1)
    with pytest.raises(DuplicateArticleError, match="two articles with the id 'twice'"):
        index.add([Article(id="twice", text="A."), Article(id="twice", text="B.")])
    assert (len(index), index.read("t0")) == (152, "Zorp0 thawed in 1750.")


def test_an_unreachable_backend_is_an_error_and_never_abstains(url: str) -> None:
    index = ArticleIndex.connect(url)
    RUNNING[url].retriever.is_reachable = False
    with pytest.raises(IndexUnavailableError, match="no answer within 2 seconds"):
        index.ask(QUESTIONS[0])
    with pytest.raises(IndexUnavailableError):
        index.search(QUESTIONS[0])
    shown = CliRunner().invoke(cli, ["ask", QUESTIONS[0], "--index", url])
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.splitlines()[-1].endswith("toy://towns: no answer within 2 seconds; is it running?")


def test_the_command_line_asks_another_backend_by_its_url(url: str) -> None:
    shown = CliRunner().invoke(cli, ["ask", QUESTIONS[0], "--index", url])
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "a court in southern Kazakhstan on January 4 shut down the confederation" in shown.stdout


class Reversed(PlainRetriever):
    """A retriever with an order of its own: the worst by BM25 comes first."""

    has_own_order = True

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        return super().search(terms, 1000, wanted)[::-1][:k]


def test_a_retrievers_own_order_of_candidates_is_kept() -> None:
    backend = JsonBackend()
    backend.retriever = Reversed()
    index = ArticleIndex(backend)
    texts = [f"The harbour froze in {1700 + n}" + f", says quax{n}" * n + "." for n in range(30)]
    index.add([Article(id=str(n), text=text) for n, text in enumerate(texts)])
    found = index.candidates("Which harbour froze?").passages
    # BM25 prefers short passages; this retriever chose the 20 longest, the longest first.
    assert [passage.passage.article_id for passage in found] == [str(n) for n in range(29, 9, -1)]


@pytest.mark.parametrize("spelling", ["{}", "file:{}", "file://{}", "FILE://localhost{}"])
def test_a_path_or_a_file_url_connects_to_an_index_on_disk(tmp_path: Path, spelling: str) -> None:
    folder = tmp_path / "a kb"
    ArticleIndex.create(folder).add([Article(id="note", text="The harbour of Zorp froze in 1740.")])
    place = spelling.format(folder if spelling == "{}" else str(folder).replace(" ", "%20"))
    with ArticleIndex.connect(place, wait_s=1.0) as index:
        assert index.ask("When did the harbour of Zorp freeze?").answered
    assert ArticleIndex.connect(folder).info().folder == str(folder)


def test_a_relative_path_with_a_colon_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ArticleIndex.create("news:2020").add([Article(id="note", text="The harbour of Zorp froze in 1740.")])
    assert len(ArticleIndex.connect("news:2020")) == 1


def test_memory_connects_to_a_new_index_in_memory() -> None:
    index = ArticleIndex.connect("memory:")
    index.add([Article(id="note", text="The harbour of Zorp froze in 1740.")])
    assert (len(index), len(ArticleIndex.connect("memory:"))) == (1, 0)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (
            "cloud://me:secret@host/kb",
            r"cloud://…: no backend for 'cloud'; known are broken, file, memory, opensearch, toy",
        ),
        ("file://host/kb", "file://host/kb: a file on another machine; give a path"),
        ("toy://elsewhere", "toy://elsewhere: no such index"),
        ("no/such/folder", "no such index"),
    ],
)
@pytest.mark.usefixtures("url")
def test_what_cannot_be_connected_to_gives_one_clear_line(place: str, told: str) -> None:
    with pytest.raises(NotAnIndexError, match=told) as caught:
        ArticleIndex.connect(place)
    assert "secret" not in str(caught.value)
    shown = CliRunner().invoke(cli, ["ask", QUESTIONS[0], "--index", place])
    assert (shown.exit_code, shown.stdout, len(shown.stderr.splitlines())) == (1, "", 1)


@pytest.mark.usefixtures("url")
def test_a_backend_that_cannot_be_imported_gives_one_clear_line() -> None:
    shown = CliRunner().invoke(cli, ["ask", QUESTIONS[0], "--index", "broken://host"])
    (line,) = shown.stderr.splitlines()
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "broken://…: its backend cannot be imported (ModuleNotFoundError" in line
