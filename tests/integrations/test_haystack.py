"""The Haystack reader and retriever: answers, saved pipelines, filters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import articleqa
from articleqa import Article, ArticleIndex

if TYPE_CHECKING:
    from haystack import Document

QUESTION = "When did the mill close?"
MILL = "🙂 The mill opened in 1870.\fIt stood by the river. The mill closed in 1950 after a fire."
NOTE = "The bakery sells bread on Sundays."
WITH_DATES = [
    Article(id="mill", title="The mill", text=MILL, metadata={"author": "Ann", "date": "1951-02-03"}),
    Article(id="note", text="A note says that the mill closed in 1949.", metadata={"author": "Bob", "n": 2}),
]


@pytest.fixture(autouse=True)
def _send_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAYSTACK_TELEMETRY_ENABLED", "False")  # read when haystack is imported
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def documents() -> list[Document]:
    from haystack import Document

    return [
        Document(id="n", content=NOTE),
        Document(id="m", content=MILL, meta={"title": "The mill", "page_number": 7}),
        Document(id="m", content=MILL),
        Document(id="none"),
    ]


@pytest.fixture
def kb(tmp_path: Path) -> str:
    with ArticleIndex.create(tmp_path / "kb", vectors=False) as index:
        index.add(WITH_DATES)
    return str(tmp_path / "kb")


def reader(**options: Any) -> Any:
    from haystack_integrations.components.readers.articleqa import ArticleQAReader

    return ArticleQAReader(**options)


def test_answer_is_a_quote_of_its_document(documents: list[Document]) -> None:
    answers = reader().run(QUESTION, documents)["answers"]
    best = answers[0]
    assert best.data == "The mill closed in 1950 after a fire."
    assert best.document.id == "m"
    for answer in answers:
        if answer.data is not None:
            content, at, within = answer.document.content, answer.document_offset, answer.context_offset
            assert content[at.start : at.end] == answer.data
            assert answer.context[within.start : within.end] == answer.data
            assert answer.context in content
    assert best.meta["answer_page_number"] == 8
    assert best.query == QUESTION


def test_score_is_the_confidence_and_no_answer_comes_last(documents: list[Document]) -> None:
    answers = reader().run(QUESTION, documents)["answers"]
    confidence = articleqa.ask(QUESTION, Article(id="m", title="The mill", text=MILL)).confidence
    assert answers[0].score == pytest.approx(confidence, abs=0.1)
    assert answers[0].score > 0.6
    assert (answers[-1].data, answers[-1].document) == (None, None)
    assert answers[-1].score == pytest.approx(1 - answers[0].score)


def test_no_answer_comes_first_if_the_documents_do_not_say(documents: list[Document]) -> None:
    answers = reader().run("Who painted the ceiling of the mill?", documents)["answers"]
    assert answers[0].data is None
    assert all(answer.score <= answers[0].score for answer in answers)
    assert [each.data for each in reader().run(QUESTION, [])["answers"]] == [None]
    assert reader().run(QUESTION, [])["answers"][0].score == 1


def test_options_of_a_reader_are_kept(documents: list[Document]) -> None:
    without = reader(top_k=1, no_answer=False)
    assert len(without.run(QUESTION, documents)["answers"]) == 1
    assert len(without.run(QUESTION, documents, top_k=2, no_answer=True)["answers"]) == 3
    sure = reader(score_threshold=0.5).run(QUESTION, documents)["answers"]
    assert [answer.score > 0.5 for answer in sure] == [True]
    with pytest.raises(ValueError, match="top_k must be at least 1"):
        reader(top_k=0)


def test_saved_pipeline_is_loaded_and_runs(kb: str) -> None:
    from haystack import Pipeline

    from haystack_integrations.components.retrievers.articleqa import ArticleQARetriever

    filters = {"field": "meta.author", "operator": "in", "value": ["Ann", "Cleo"]}
    pipeline = Pipeline()
    pipeline.add_component("retriever", ArticleQARetriever(kb, top_k=5, filters=filters))
    pipeline.add_component("reader", reader(top_k=2, score_threshold=0.01, no_answer=False))
    pipeline.connect("retriever.documents", "reader.documents")
    saved = pipeline.dumps()
    loaded = Pipeline.loads(saved)
    assert loaded.dumps() == saved
    ran = loaded.run({"retriever": {"query": QUESTION}, "reader": {"query": QUESTION}})
    best = ran["reader"]["answers"][0]
    assert best.data == "The mill closed in 1950 after a fire."
    meta = best.document.meta
    in_article = meta["split_idx_start"] + best.document_offset.start
    assert (meta["source_id"], MILL[in_article:].startswith(best.data)) == ("mill", True)
    assert best.to_dict()["document"]["meta"]["author"] == "Ann"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (None, {"mill", "note"}),
        ({"field": "meta.author", "operator": "==", "value": "Bob"}, {"note"}),
        ({"field": "meta.n", "operator": "==", "value": 2}, {"note"}),
        (
            {
                "operator": "AND",
                "conditions": [
                    {"field": "meta.date", "operator": ">=", "value": "1951-02-03"},
                    {"field": "meta.date", "operator": "<", "value": "1951-02-04"},
                ],
            },
            {"mill"},
        ),
        ({"field": "meta.date", "operator": ">", "value": "1951-02-03"}, set()),
    ],
)
def test_filters_choose_what_haystack_would(kb: str, filters: dict[str, Any] | None, found: set[str]) -> None:
    from haystack import Document
    from haystack.utils.filters import document_matches_filter

    from haystack_integrations.components.retrievers.articleqa import ArticleQARetriever

    documents = ArticleQARetriever(kb).run(QUESTION, filters=filters)["documents"]
    assert {document.meta["source_id"] for document in documents} == found
    if filters:
        ours = [Document(id=each.id, meta=dict(each.metadata)) for each in WITH_DATES]
        assert {each.id for each in ours if document_matches_filter(filters, each)} == found


@pytest.mark.parametrize(
    "filters",
    [
        {"field": "meta.author", "operator": "!=", "value": "Ann"},
        {"field": "content", "operator": "==", "value": "Ann"},
        {"operator": "OR", "conditions": [{"field": "meta.author", "operator": "==", "value": "Ann"}]},
        {"operator": "NOT", "conditions": []},
        {"author": "Ann"},
    ],
)
def test_filter_that_cannot_be_applied_is_refused(kb: str, filters: dict[str, Any]) -> None:
    from haystack_integrations.components.retrievers.articleqa import ArticleQARetriever

    with pytest.raises(ValueError, match="cannot be applied"):
        ArticleQARetriever(kb, filters=filters)
    with pytest.raises(ValueError, match="cannot be applied"):
        ArticleQARetriever(kb).run(QUESTION, filters=filters)


def test_other_packages_can_share_the_folders() -> None:
    folder = Path(articleqa.__file__).parent.parent / "haystack_integrations"
    assert [path.name for path in folder.rglob("*.py")] == ["articleqa.py"] * 2
