"""Many questions at once: the answers of `ask`, from other processes, of the same index and models."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from articleqa import Answer, Article, ArticleIndex, NotAnIndexError, _parallel, load_articles
from articleqa.answering.confidence import shipped_confidence
from articleqa.index.memory_backend import MemoryBackend
from articleqa.ranking.ranker import WORDS, Ranker, shipped_ranker

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = [
    "When was the confederation shut down?",
    "How many oil workers went on a hunger strike?",
    "Who is Larisa Kharkova?",
    "What did the ILO say?",
]

pytestmark = [pytest.mark.reader, pytest.mark.workers]  # other processes rank as they do for a user


@pytest.fixture(params=["memory", "disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> ArticleIndex:
    confidence = shipped_confidence(WORDS).model_copy(update={"intercept": 0.5})
    if request.param == "disk":
        index = ArticleIndex.create(tmp_path / "kb", ranker=other_ranker(), confidence=confidence)
        index.add(load_articles(SEEDS))
    else:
        index = ArticleIndex.from_articles(load_articles(SEEDS), ranker=other_ranker(), confidence=confidence)
    index.add([Article(id="removed", text="The confederation was shut down in 1234.")])
    index.remove("removed")
    return index


def other_ranker() -> Ranker:
    shipped = shipped_ranker()
    return shipped.model_copy(update={"weights": dict.fromkeys(shipped.weights, 1.0)})


def as_json(answers: list[Answer]) -> list[str]:
    return [answer.model_dump_json() for answer in answers]


@pytest.mark.slow
def test_other_processes_answer_as_this_one(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 0)
    alone = as_json([index.ask(question, top_k=5) for question in QUESTIONS])
    shipped = ArticleIndex.from_articles(load_articles(SEEDS))
    assert alone != as_json([shipped.ask(question, top_k=5) for question in QUESTIONS])
    asked: list[str] = []
    ask = ArticleIndex.ask

    def ask_and_note(self: ArticleIndex, question: str, **chosen: object) -> Answer:
        asked.append(question)
        return ask(self, question, **chosen)  # type: ignore[arg-type]

    ask_and_note.__name__ = "ask"  # as it is called in the other processes
    monkeypatch.setattr(ArticleIndex, "ask", ask_and_note)
    monkeypatch.setattr("articleqa.index.asking.ASKED_AT_ONCE", 1)
    assert as_json(list(index.ask_many(QUESTIONS, top_k=5, workers=2))) == alone
    assert asked == QUESTIONS[:2], "processes have asked the others"


@pytest.mark.reader
def test_a_pickled_index_has_the_vectors_of_its_passages() -> None:
    backend = MemoryBackend.of([Article(id="a", text="The pier of Varnholm burned down in 1911.")])
    _, vectors = backend.__getstate__()
    assert list(vectors) == ["a#0"]


def test_an_index_is_the_same_when_it_is_unpickled(index: ArticleIndex) -> None:
    again = pickle.loads(pickle.dumps(index))
    assert as_json([again.ask(question) for question in QUESTIONS[:4]]) == as_json(
        [index.ask(question) for question in QUESTIONS[:4]]
    )
    assert list(again.articles) == list(index.articles)
    again.add([Article(id="new", text="The mission arrived in Astana on 3 March 2022.")])
    assert again.ask("When did the mission arrive?").citations[0].article_id == "new"


def test_an_index_on_disk_is_opened_again_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ArticleIndex.create("kb").add([Article(id="a", text="The union was shut in 2017.")])
    pickled = pickle.dumps(ArticleIndex.open("kb"))
    monkeypatch.chdir("/")
    assert list(pickle.loads(pickled).articles) == ["a"]
    (tmp_path / "kb").rename(tmp_path / "moved")
    with pytest.raises(NotAnIndexError, match="no such index"):
        pickle.loads(pickled)


class OwnIndex(ArticleIndex):
    """One that a worker finds by its name only where it can import this module."""


def test_an_index_that_no_worker_can_load_is_asked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 0)
    index = OwnIndex.from_articles(load_articles(SEEDS))
    monkeypatch.setattr(OwnIndex, "__module__", "__main__")
    monkeypatch.setattr("__main__.OwnIndex", OwnIndex, raising=False)
    assert [a.question for a in index.ask_many(QUESTIONS, workers=2)] == QUESTIONS
