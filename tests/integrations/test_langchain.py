"""The LangChain retriever: its documents, its tool, and LangChain's own tests."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from articleqa import Article, ArticleIndex
from commands import python
from user_path import USER_PATH

if TYPE_CHECKING:
    from articleqa.integrations.langchain import ArticleRetriever

QUESTION = "When did the mill close?"
PAGES = Article(
    id="mill.pdf",
    title="The mill",
    text="The mill opened in 1870 by the river.\n\nThe mill closed in 1950 after a fire.",
    source="/home/ann/mill.pdf",
    metadata={"author": "Ann", "date": "1951-02-03"},
    pages=(0, 39),
)
NOTE = Article(id="note", text="A note says that the mill never closed.", metadata={"author": "Bob"})


@pytest.fixture(scope="module")
def index() -> ArticleIndex:
    return ArticleIndex.from_articles([PAGES, NOTE])


@pytest.fixture
def retriever(index: ArticleIndex) -> ArticleRetriever:
    from articleqa.integrations.langchain import ArticleRetriever

    return ArticleRetriever(index=index)


def test_langchains_own_tests_pass() -> None:
    tests = Path(__file__).with_name("langchain_standard.py")
    # Without our settings: its modules use marks that are not ours.
    options = f"-c {os.devnull} --rootdir {tests.parent} -p anyio.pytest_plugin -p no:cacheprovider"
    environment = {
        **os.environ,
        "PYTHONPATH": USER_PATH,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }
    done = python("-m", "pytest", tests, *options.split(), env=environment)
    assert re.search(r"\b5 passed", done.stdout.decode()), done.stdout.decode()
    assert done.returncode == 0


def test_document_has_the_place_of_its_text(retriever: ArticleRetriever, index: ArticleIndex) -> None:
    documents = retriever.invoke(QUESTION)
    assert [each.metadata["article_id"] for each in documents] == ["mill.pdf", "note"]
    for document in documents:
        start = document.metadata["start_index"]
        text = index.read(document.metadata["article_id"], start, start + len(document.page_content))
        assert document.page_content == text
        assert document.id == f"{document.metadata['article_id']}#{start}-{start + len(text)}"
        assert document.metadata["place"].endswith(f"characters {start}–{start + len(text)}")
    first, second = documents
    assert (first.metadata["source"], first.metadata["author"]) == ("/home/ann/mill.pdf", "Ann")
    assert (second.metadata["source"], "page" in second.metadata) == ("note", False)
    assert first.metadata["score"] >= second.metadata["score"]


def test_pages_count_from_zero_and_labels_from_one() -> None:
    from articleqa.integrations.langchain import ArticleRetriever

    paragraph = "It stood by the river for eighty years and ground the corn of the whole valley. " * 5
    text = f"{paragraph}\n\nThe mill closed in 1950 after a fire. {paragraph}"
    article = Article(id="a", text=text, pages=(0, text.index("The mill closed")))
    retriever = ArticleRetriever(index=ArticleIndex.from_articles([article]), k=1)
    (document,) = retriever.invoke(QUESTION)
    assert (document.metadata["page"], document.metadata["page_label"]) == (1, "2")


def test_arguments_choose_articles_and_others_are_refused(retriever: ArticleRetriever) -> None:
    assert [each.id for each in retriever.invoke(QUESTION, where={"author": "Bob"})] == ["note#0-39"]
    assert len(retriever.invoke(QUESTION, since="1951", until=None, k=1)) == 1
    assert retriever.invoke(QUESTION, since="1952") == []
    with pytest.raises(TypeError, match="filter: not known"):
        retriever.invoke(QUESTION, filter={"author": "Bob"})
    with pytest.raises(ValueError, match="not permitted"):
        type(retriever)(index=retriever.index, filter={"author": "Bob"})
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        type(retriever)(index=retriever.index, k=0)


def test_coroutine_finds_the_same(retriever: ArticleRetriever) -> None:
    assert asyncio.run(retriever.ainvoke(QUESTION)) == retriever.invoke(QUESTION)


def test_tool_gives_places_to_the_model_and_documents_to_the_program(retriever: ArticleRetriever) -> None:
    tool = retriever.as_tool()
    call = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"query": QUESTION}}
    message = tool.invoke(call)
    assert message.artifact == retriever.invoke(QUESTION)
    assert "The mill closed in 1950 after a fire.\n(The mill, pages 1-2, " in message.content


def test_missing_framework_is_named_with_its_extra() -> None:
    without = "import sys; sys.modules['langchain_core'] = None; import articleqa.integrations.langchain"
    done = python("-c", without)
    assert 'MissingPackageError: LangChain is not installed: pip install "articleqa[langchain]"' in str(
        done.stderr, "utf-8"
    )
