"""LangChain's own tests of a retriever; `test_langchain.py` runs them in a process of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from articleqa import ArticleIndex, load_articles
from articleqa.integrations.langchain import ArticleRetriever

SEEDS = Path(__file__).parent.parent.parent / "seeds"


@pytest.mark.anyio
class TestArticleRetriever(RetrieversIntegrationTests):
    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @property
    def retriever_constructor(self) -> type[ArticleRetriever]:
        return ArticleRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": ArticleIndex.from_articles(load_articles(SEEDS))}

    @property
    def retriever_query_example(self) -> str:
        return "Which unions were banned?"
