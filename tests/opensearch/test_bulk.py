"""Bulk requests: large articles go in several, and what the cluster had no time for is sent again."""

from __future__ import annotations

from typing import Any

import pytest

from articleqa import Article, ArticleIndex, IndexWriteError
from articleqa.storage.opensearch import bulk
from clusters import cluster_of

PARAGRAPH = "The harbour of Zorp{0} froze in {0}. Nobody skated there, “not even once”, as the mayor said. "


def recorded(
    index: ArticleIndex, monkeypatch: pytest.MonkeyPatch, rejected: int | None = None
) -> list[bytes]:
    """Return a list that gets the bodies of bulk requests.

    The operation `rejected` of the first is answered as a cluster does that has no time.
    """
    cluster, sent = cluster_of(index), list[bytes]()
    write = cluster.write

    def recording(method: str, path: str, body: Any = None, **params: str) -> Any:
        answer = write(method, path, body, **params)
        if path == "/_bulk":
            sent.append(body)
            if rejected is not None and len(sent) == 1:
                error = {"type": "rejected_execution_exception", "reason": "no time"}
                answer["items"][rejected] = {"index": {"status": 429, "error": error}}
                answer["errors"] = True
        return answer

    monkeypatch.setattr(cluster, "write", recording)
    return sent


def test_an_article_larger_than_a_request_is_sent_in_several(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_BYTES", 4_000)
    index = ArticleIndex.create(url, replicas=0)
    sent = recorded(index, monkeypatch)
    large = "\n\n".join(PARAGRAPH.format(1700 + n) * 4 for n in range(20))
    articles = [Article(id="large", text=large), Article(id="small", text=PARAGRAPH.format(1600))]
    index.add(articles)
    assert len(sent) > 5
    assert all(len(body) <= 4_000 or body.count(b"\n") == 2 for body in sent)
    assert index.check() == []
    assert index.info().passages == 21
    assert list(index.articles.values()) == articles


def test_only_what_the_cluster_had_no_time_for_is_sent_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ArticleIndex.create(url, replicas=0)
    sent = recorded(index, monkeypatch, rejected=2)
    index.add([Article(id=f"n{n}", text=PARAGRAPH.format(1700 + n)) for n in range(3)])
    first, again = sent
    assert again == b"".join(first.splitlines(keepends=True)[4:6])
    assert index.check() == []


def test_a_document_too_large_for_a_request_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BULK_BYTES", 1_000)
    monkeypatch.setattr(bulk, "LARGEST_BYTES", 3_000)
    index = ArticleIndex.create(url, replicas=0)
    with pytest.raises(IndexWriteError, match="too large for a cluster; add it in parts"):
        index.add([Article(id="large", text=PARAGRAPH.format(1700) * 50)])
    assert (index.info().articles, index.check()) == (0, [])
