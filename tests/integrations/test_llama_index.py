"""The LlamaIndex retriever and its post-processor: nodes, quotes, filters."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from articleqa import Article, ArticleIndex

QUESTION = "When did the mill close?"
MILL = "🙂 It stood by the river. The mill closed in 1950 after a fire."
ARTICLES = [
    Article(
        id="mill",
        title="The mill",
        text=f"# History\n\n{MILL}",
        media_type="text/markdown",
        metadata={"author": "Ann", "date": "1951-02-03"},
    ),
    Article(id="note", text="A note says that the mill never closed.", metadata={"author": "Bob"}),
]


@pytest.fixture(scope="module")
def index() -> ArticleIndex:
    return ArticleIndex.from_articles(ARTICLES)


def retriever(index: ArticleIndex, **options: Any) -> Any:
    from articleqa.integrations.llama_index import ArticleIndexRetriever

    return ArticleIndexRetriever(index, **options)


def filters(*conditions: tuple[str, Any, str], condition: str = "and") -> Any:
    from llama_index.core.vector_stores.types import MetadataFilter, MetadataFilters

    each = [MetadataFilter(key=key, value=value, operator=operator) for key, value, operator in conditions]
    return MetadataFilters(filters=[MetadataFilters(filters=each, condition=condition)])


def test_node_has_the_place_of_its_text(index: ArticleIndex) -> None:
    found = retriever(index, similarity_top_k=1).retrieve(QUESTION)
    (node,) = (each.node for each in found)
    assert node.text == index.read("mill", node.start_char_idx, node.end_char_idx)
    assert node.node_id == f"mill#{node.start_char_idx}-{node.end_char_idx}"
    assert node.source_node.node_id == "mill"
    assert node.metadata["author"] == "Ann"
    assert found == asyncio.run(retriever(index, similarity_top_k=1).aretrieve(QUESTION))


def test_model_is_shown_title_and_place_and_no_more(index: ArticleIndex) -> None:
    from llama_index.core.schema import MetadataMode

    (found,) = retriever(index, similarity_top_k=1).retrieve(QUESTION)
    shown = found.node.get_content(MetadataMode.LLM)
    assert shown.startswith("title: The mill\nplace: The mill, “History”, line 3, characters 11–")
    assert shown.endswith(MILL)
    assert "Ann" not in shown
    assert found.node.get_content(MetadataMode.EMBED) == shown


def test_filters_choose_articles(index: ArticleIndex) -> None:
    for chosen, ids in (
        (filters(("author", "Bob", "==")), ["note"]),
        (filters(("author", ["Ann", "Cleo"], "in"), ("date", "1951-01-01", ">=")), ["mill"]),
        (filters(("date", "1951-02-03", ">")), []),
    ):
        found = retriever(index, filters=chosen).retrieve(QUESTION)
        assert [each.node.metadata["article_id"] for each in found] == ids


@pytest.mark.parametrize(
    ("conditions", "condition"),
    [
        ([("author", "Ann", "!=")], "and"),
        ([("author", "Ann", "text_match")], "and"),
        ([("author", None, "is_empty")], "and"),
        ([("author", "Ann", "=="), ("author", "Bob", "==")], "or"),
        ([("author", "Ann", "==")], "not"),
    ],
)
def test_filter_that_cannot_be_applied_is_refused(
    index: ArticleIndex, conditions: list[tuple[str, Any, str]], condition: str
) -> None:
    with pytest.raises(ValueError, match="cannot be applied"):
        retriever(index, filters=filters(*conditions, condition=condition))


def cited(nodes: list[Any], question: str, **options: Any) -> list[Any]:
    from articleqa.integrations.llama_index import CitationPostprocessor

    return list(CitationPostprocessor(**options).postprocess_nodes(nodes, query_str=question))


def test_quotes_of_any_retrievers_nodes_are_cited() -> None:
    from llama_index.core.schema import MetadataMode, NodeWithScore, TextNode

    other = TextNode(id_="b", text="The bakery sells bread on Sundays.")
    node = TextNode(
        id_="a", text=MILL, metadata={"file": "x", "key": "y"}, excluded_llm_metadata_keys=["key"]
    )
    nodes = [NodeWithScore(node=each, score=0.1) for each in (other, node, node)]
    (quote,) = cited(nodes, QUESTION)
    start, end = quote.node.metadata["quote_start"], quote.node.metadata["quote_end"]
    assert quote.node.text == MILL[start:end] == "The mill closed in 1950 after a fire."
    assert quote.node.source_node.node_id == "a"
    assert 0.6 < quote.score <= 1
    assert quote.node.get_content(MetadataMode.LLM) == "file: x\n\nThe mill closed in 1950 after a fire."
    assert quote.node.start_char_idx is None


def test_quote_of_a_passage_has_its_place_in_the_article(index: ArticleIndex) -> None:
    (quote,) = cited(retriever(index).retrieve(QUESTION), QUESTION)
    at = quote.node.start_char_idx, quote.node.end_char_idx
    assert index.read("mill", *at) == quote.node.text == "The mill closed in 1950 after a fire."


def test_nothing_is_left_if_the_nodes_do_not_say(index: ArticleIndex) -> None:
    nodes = retriever(index).retrieve(QUESTION)
    assert cited(nodes, "Who painted the ceiling of the mill?") == []
    assert cited([], QUESTION) == []
    assert len(cited(nodes, "Who painted the ceiling of the mill?", min_confidence=0.0)) == 1


def test_post_processor_needs_the_question() -> None:
    from articleqa.integrations.llama_index import CitationPostprocessor

    with pytest.raises(ValueError, match="needs the question"):
        CitationPostprocessor().postprocess_nodes([])
