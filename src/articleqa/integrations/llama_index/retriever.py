"""A LlamaIndex retriever over an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import FilterCondition, MetadataFilters

from articleqa import ArticleIndex, FoundPassage
from articleqa.integrations.filters import Condition, arguments_of

SHOWN = ("title", "place")
"""The metadata that a language model is shown; the rest is for programs."""


class ArticleIndexRetriever(BaseRetriever):
    """Finds the passages of an index that are nearest to a question, best first.

    Of `filters`, == and `in` of any key and comparisons of `date` by order are applied, if all of them must
    hold; others raise a `ValueError`.
    """

    def __init__(
        self,
        index: ArticleIndex,
        *,
        similarity_top_k: int = 4,
        filters: MetadataFilters | None = None,
        **options: Any,
    ) -> None:
        """Retrieve from `index`; `options` are those of LlamaIndex's `BaseRetriever`."""
        self._index = index
        self._arguments = {"top_k": similarity_top_k, **arguments_of(_conditions(filters))}
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(found) for found in self._index.search(query_bundle.query_str, **self._arguments)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(each) for each in await self._index.asearch(query_bundle.query_str, **self._arguments)]


def _conditions(filters: MetadataFilters | None) -> Iterator[Condition]:
    if filters is None:
        return
    if not isinstance(filters, MetadataFilters):
        raise TypeError(f"filters must be MetadataFilters, not of the type {type(filters).__name__}")
    if filters.condition is not FilterCondition.AND:
        raise ValueError(f"the filter {filters!r} cannot be applied: its condition is not AND")
    for each in filters.filters:
        if isinstance(each, MetadataFilters):
            yield from _conditions(each)
        else:
            yield Condition(each.key, each.operator.value, each.value)


def _node(found: FoundPassage) -> NodeWithScore:
    """Return a passage as a node; `start_char_idx` and `end_char_idx` are its place in the article."""
    place = found.citation
    metadata = {
        **found.metadata,
        "title": place.title,
        "place": place.place,
        "article_id": place.article_id,
        "source": place.source,
        "page": place.page,
    }
    hidden = [key for key in metadata if key not in SHOWN]
    node = TextNode(
        id_=found.id,
        text=found.text,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        start_char_idx=place.start,
        end_char_idx=place.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=place.article_id)},
    )
    return NodeWithScore(node=node, score=found.score)
