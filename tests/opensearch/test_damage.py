"""Damage to an index in a cluster is found and repaired, and what prevents writing is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from articleqa import (
    Article,
    ArticleIndex,
    IndexDamagedError,
    IndexVersionError,
    IndexWriteError,
    NotAnIndexError,
)
from articleqa.storage.opensearch.state_document import change_state
from clusters import cluster_of

FROZE = "The harbour of Zorp froze in {}. Nobody skated there."


def damage(index: ArticleIndex, which: str, key: str, **fields: object) -> None:
    cluster = cluster_of(index)
    name = getattr(cluster.address, which)
    source = cluster.read("GET", f"/{name}/_doc/{key}")["_source"]
    for path, value in fields.items():
        first, _, second = path.partition("__")
        if second:
            source[first][second] = value
        else:
            source[first] = value
    cluster.write("PUT", f"/{name}/_doc/{key}", source, refresh="true")


@pytest.mark.parametrize(
    ("which", "fields", "told"),
    [
        ("articles", {"fields__title": "Another"}, "'n1' does not match its checksum"),
        ("passages", {"cited__json": "[]"}, "the text of passage 2.0 does not match its checksum"),
        ("passages", {"record__spans": "AAAA"}, "is damaged"),
        ("passages", {"terms": "quax"}, "damaged"),
        ("articles", {"counts": {"totals": [1, 9, 9, 0]}}, "has 9 passages, but 1 are there"),
    ],
)
def test_damage_is_found_named_and_repaired(
    url: str, which: str, fields: dict[str, object], told: str
) -> None:
    index = ArticleIndex.create(url, replicas=0)
    articles = [Article(id=f"n{n}", text=FROZE.format(1700 + n), title=f"T{n}") for n in range(3)]
    index.add(articles)
    damage(index, which, "2" if which == "articles" else "2.0", **fields)
    problems = index.check()
    assert any(told in problem for problem in problems), problems
    if which == "passages" and "terms" not in fields:
        with pytest.raises(IndexDamagedError, match=r"passage 2\.0"):
            index.ask("When did the harbour of Zorp freeze?", top_k=10)
    lost = index.repair()
    assert lost == (["n1"] if "fields__title" in fields else [])
    assert list(index.articles.values()) == [article for article in articles if article.id not in lost]
    assert index.check() == []
    assert index.ask("When did the harbour of Zorp freeze?").answered


def test_a_lost_state_and_another_analysis_are_repaired(url: str) -> None:
    index = ArticleIndex.create(url, replicas=0)
    articles = [Article(id=f"n{n}", text=FROZE.format(1700 + n)) for n in range(3)]
    index.add(articles)
    cluster = cluster_of(index)
    about = {"format": "1", "analysis": "en-0-00", "knn": "yes"}
    change_state(cluster, lambda state: replace(state, about=about))
    with pytest.raises(IndexVersionError, match="made by the analysis en-0-00, but this version uses"):
        ArticleIndex.connect(url)
    with pytest.raises(IndexVersionError):
        index.ask("When did the harbour of Zorp freeze?")
    assert ArticleIndex.connect(url, salvage=True).repair() == []
    assert index.check() == []
    cluster.write("DELETE", f"/{cluster.address.state}/_doc/state", refresh="true")
    with pytest.raises(IndexDamagedError, match="its state is missing or invalid"):
        ArticleIndex.connect(url)
    assert ArticleIndex.connect(url, salvage=True).repair() == []
    with ArticleIndex.connect(url) as again:
        assert list(again.articles.values()) == articles
        assert again.check() == []


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("read_only_allow_delete", "a disk of the cluster is full .* make room, then repeat"),
        ("read_only", "the index is read-only"),
        ("write", "the index is read-only"),
    ],
)
def test_a_full_disk_and_a_read_only_index_are_named(url: str, block: str, told: str) -> None:
    index = ArticleIndex.create(url, replicas=0)
    index.add([Article(id="note", text=FROZE.format(1740))])
    cluster = cluster_of(index)
    names = f"/{cluster.address.articles},{cluster.address.passages},{cluster.address.state}/_settings"
    for blocked in (cluster.address.passages, cluster.address.state):
        cluster.write("PUT", f"/{blocked}/_settings", {f"index.blocks.{block}": True})
        with pytest.raises(IndexWriteError, match=told):
            index.add([Article(id="new", text=FROZE.format(1750))])
        assert index.ask("When did the harbour of Zorp freeze?").answered
        cluster.write("PUT", names, {f"index.blocks.{block}": None})
    index.add([Article(id="new", text=FROZE.format(1750))])
    assert index.check() == []


def test_an_index_whose_making_was_cut_short_is_named(url: str) -> None:
    cluster = cluster_of(ArticleIndex.create(url, replicas=0))
    cluster.write("DELETE", f"/{cluster.address.state}")
    with pytest.raises(NotAnIndexError, match="no such index"):
        ArticleIndex.connect(url)
    with pytest.raises(NotAnIndexError, match=r"making it was cut short before; delete .*-passages and"):
        ArticleIndex.create(url)
