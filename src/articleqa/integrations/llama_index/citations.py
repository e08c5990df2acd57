"""A LlamaIndex post-processor that puts quotes in the place of the nodes they are in."""

from __future__ import annotations

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, QueryBundle, TextNode

from articleqa import Citation
from articleqa.integrations.texts import ask_texts

PLACE = ("quote_start", "quote_end")
"""The metadata that is added; it is for programs, and no model is shown it."""


class CitationPostprocessor(BaseNodePostprocessor):
    """Returns the sentences that answer, each as a node, instead of the nodes; none if the nodes do not say.

    The text of such a node is a sentence of a given one, word for word: the characters of the given node's
    text from `quote_start` to `quote_end`, both in its metadata. Its score is the confidence, and its
    relationship SOURCE the given node, which may come from any retriever. Below `min_confidence`, by default
    that of articleqa, nothing is returned.
    """

    min_confidence: float | None = None

    @classmethod
    def class_name(cls) -> str:
        """Return the name by which LlamaIndex stores the class."""
        return "CitationPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("CitationPostprocessor needs the question: give query_str or query_bundle")
        given = {each.node.node_id: each.node for each in reversed(nodes)}
        texts = [(key, node.get_content(), node.metadata.get("title")) for key, node in given.items()]
        answer = ask_texts(
            query_bundle.query_str, reversed(texts), top_k=3, min_confidence=self.min_confidence
        )
        scores = {sentence.citation: sentence.confidence for sentence in answer.sentences}
        return [
            NodeWithScore(
                node=_quote(cited, given[cited.article_id]), score=scores.get(cited, answer.confidence)
            )
            for cited in answer.citations
        ]


def _quote(cited: Citation, node: BaseNode) -> TextNode:
    start = getattr(node, "start_char_idx", None)
    return TextNode(
        id_=f"{node.node_id}#{cited.start}-{cited.end}",
        text=cited.quote,
        metadata=node.metadata | dict(zip(PLACE, (cited.start, cited.end), strict=True)),
        excluded_llm_metadata_keys=[*node.excluded_llm_metadata_keys, *PLACE],
        excluded_embed_metadata_keys=[*node.excluded_embed_metadata_keys, *PLACE],
        start_char_idx=None if start is None else start + cited.start,
        end_char_idx=None if start is None else start + cited.end,
        relationships={NodeRelationship.SOURCE: node.as_related_node_info()},
    )
