"""What the tests of the pages share: articles, and a client of an application that serves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from starlette.testclient import TestClient

from articleqa import Article, ArticleIndex
from articleqa.listening import listen
from articleqa.web.app import create_app
from articleqa.web.served import Served
from articleqa.web.server import server_of

HARBOUR = Article(
    id="ports/harbour.txt",
    title="The harbour of Varnholm",
    text=(
        "The harbour\n\nThe harbour of Varnholm was opened in 1907. It was paid for by the salt guild.\n\n"
        "The lighthouse\n\nThe lighthouse is 42 metres high. Larisa Tide has kept it since 1998.\n"
    ),
    metadata={"author": "Ada Wren", "date": "2021-03-14"},
)
FLOOD = Article(
    id="news/flood.txt",
    title="The flood",
    text=(
        "The flood\n\nThe harbour of Varnholm was opened in 1907."
        " A flood destroyed its northern wall in 1953.\n"
    ),
    metadata={"author": "Jon Reed", "date": "2020-05-17"},
)
OPENED = "When was the harbour of Varnholm opened?"


@contextmanager
def client_of(
    articles: Sequence[Article] | ArticleIndex = (HARBOUR, FLOOD), **options: Any
) -> Iterator[TestClient]:
    """Yield a client of an application that serves articles, or an index."""
    index = articles if isinstance(articles, ArticleIndex) else ArticleIndex.from_articles(articles)
    app = create_app(Served(index, name="Varnholm", **options))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@contextmanager
def server_of_articles(articles: Sequence[Article] | ArticleIndex, **options: Any) -> Iterator[str]:
    """Yield the address of a server of articles, or of an index, that runs in another thread."""
    index = articles if isinstance(articles, ArticleIndex) else ArticleIndex.from_articles(articles)
    started = Event()
    server = server_of(Served(index, name="Varnholm", **options), started.set)
    with listen("127.0.0.1", 0) as listener:
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            assert started.wait(30)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def index_on_disk(folder: Path) -> ArticleIndex:
    """Return an index on disk of the two articles."""
    index = ArticleIndex.create(folder, vectors=False)
    index.add([HARBOUR, FLOOD])
    return index
