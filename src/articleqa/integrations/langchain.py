"""A LangChain retriever over an index; it needs the extra `langchain`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from articleqa import ArticleIndex, FoundPassage, MissingPackageError

try:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.prompts import PromptTemplate
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.tools import BaseTool, create_retriever_tool
    from pydantic import ConfigDict, Field
except ImportError as error:
    raise MissingPackageError('LangChain is not installed: pip install "articleqa[langchain]"') from error


class ArticleRetriever(BaseRetriever):
    """Finds the `k` passages of `index` that are nearest to a question, best first.

    `where`, `since` and `until` are as in `ArticleIndex.ask`. `invoke(question, k=2)` sets any of the four
    for one call; an argument of another name is an error.
    """

    model_config = ConfigDict(extra="forbid")

    index: ArticleIndex
    k: int = Field(default=4, ge=1)
    where: Mapping[str, Any] | None = None
    since: str | date | None = None
    until: str | date | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **given: Any
    ) -> list[Document]:
        return [_document(found) for found in self.index.search(query, **self._arguments(given))]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, **given: Any
    ) -> list[Document]:
        found = await self.index.asearch(query, **self._arguments(given))
        return [_document(each) for each in found]

    def _arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        arguments = {"k": self.k, "where": self.where, "since": self.since, "until": self.until}
        if unknown := given.keys() - arguments:
            raise TypeError(f"{', '.join(sorted(unknown))}: not known; use k, where, since and until")
        arguments |= given
        return {"top_k": arguments.pop("k"), **arguments}

    def as_tool(
        self,
        *,
        name: str = "search_articles",
        description: str = "Find passages of the articles about a question, each with its place.",
    ) -> BaseTool:
        """Return a tool for agents: its content is passages with their places, its artifact the documents."""
        prompt = PromptTemplate.from_template("{page_content}\n({place})")
        return create_retriever_tool(
            self, name, description, document_prompt=prompt, response_format="content_and_artifact"
        )


def _document(found: FoundPassage) -> Document:
    """Return a passage as a document; `page` counts from 0, as LangChain's loaders do."""
    place = found.citation
    metadata = {
        **found.metadata,
        "source": place.source or place.article_id,
        "article_id": place.article_id,
        "title": place.title,
        "start_index": place.start,
        "place": place.place,
        "score": found.score,
    }
    if place.page is not None:
        metadata |= {"page": place.page - 1, "page_label": str(place.page)}
    return Document(id=found.id, page_content=found.text, metadata=metadata)
