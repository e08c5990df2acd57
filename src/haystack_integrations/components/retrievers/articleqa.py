"""A Haystack retriever over an index of articleqa; it needs the extra `haystack`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from haystack import Document, component, default_to_dict

from articleqa import ArticleIndex, FoundPassage
from articleqa.integrations.filters import Condition, arguments_of


@component
class ArticleQARetriever:
    """Finds the passages of an index that are nearest to a question.

    Of `filters`, == and `in` of metadata and comparisons of `meta.date` by order are applied, if all of them
    must hold; others raise a `ValueError`.
    """

    def __init__(self, index: str, top_k: int = 10, filters: dict[str, Any] | None = None) -> None:
        """Retrieve from the index at the path or URL `index`; `filters` are used if `run` gets none."""
        arguments_of(_conditions(filters))  # refused before the pipeline runs
        self.index = index
        self.top_k = top_k
        self.filters = filters
        self._opened: ArticleIndex | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the component as a dictionary, for a saved pipeline."""
        saved: dict[str, Any] = default_to_dict(
            self, index=self.index, top_k=self.top_k, filters=self.filters
        )
        return saved

    def warm_up(self) -> None:
        """Open the index."""
        if self._opened is None:
            self._opened = ArticleIndex.connect(self.index)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """Return the `documents` nearest to `query`, best first."""
        self.warm_up()
        assert self._opened is not None
        chosen = arguments_of(_conditions(filters or self.filters))
        found = self._opened.search(query, top_k=self.top_k if top_k is None else top_k, **chosen)
        return {"documents": [_document(passage) for passage in found]}


def _conditions(filters: Mapping[str, Any] | None) -> Iterator[Condition]:
    if not filters:
        return
    if "field" in filters:
        field = str(filters["field"])
        if not field.startswith("meta."):
            raise ValueError(f"the filter of {field!r} cannot be applied: only fields that begin with meta.")
        yield Condition(field.removeprefix("meta."), filters["operator"], filters["value"])
    elif filters.get("operator") == "AND":
        for each in filters["conditions"]:
            yield from _conditions(each)
    else:
        raise ValueError(f"the filter {dict(filters)!r} cannot be applied: its operator is not AND")


def _document(found: FoundPassage) -> Document:
    """Return a passage as a document, with the metadata that Haystack's splitter gives."""
    place = found.citation
    meta = {
        **found.metadata,
        "title": place.title,
        "file_path": place.source,
        "source_id": place.article_id,
        "split_idx_start": place.start,
        "place": place.place,
    }
    if place.page is not None:
        meta["page_number"] = place.page
    return Document(id=found.id, content=found.text, meta=meta, score=found.score)
