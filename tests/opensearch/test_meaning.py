"""Passages found by meaning in a cluster are those that one machine finds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from articleqa import Article, ArticleIndex, IndexWriteError, load_articles
from articleqa.cli import cli
from articleqa.encoder.vectors import DIMENSIONS, VectorIndex, Vectors
from articleqa.filters import Filter
from articleqa.index.backend import IndexWarning
from articleqa.index.opensearch_backend import OpenSearchBackend
from articleqa.retrieval import vector_knn
from articleqa.retrieval.vector_knn import ClusterVectors
from articleqa.storage.opensearch import mappings
from articleqa.storage.opensearch.state_document import read_state
from articleqa.storage.protocol import VECTORS_UP_TO

SEEDS = Path(__file__).parents[2] / "seeds"
PLACES = ("harbour", "pier", "lake", "canal", "mill")


def test_the_dimensions_in_the_cluster_are_those_of_the_encoder() -> None:
    assert mappings.DIMENSIONS == DIMENSIONS


@pytest.mark.slow
@pytest.mark.reader
def test_answers_with_vectors_are_those_from_memory_byte_for_byte(url: str) -> None:
    articles = [
        *load_articles(SEEDS)[:1],
        *(
            Article(id=f"n{n}", text=f"The {PLACES[n % 5]} of Zorp{n} froze in {1700 + n}. Nobody knew why.")
            for n in range(30)
        ),
    ]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0, vectors=True)
    index.add(articles)
    assert index.about()["vectors"] == f"{index.info().passages} of {index.info().passages} passages"
    for question in ("Which port was iced over in 1720?", "Why was the union forbidden?"):
        assert index.ask(question).model_dump_json() == memory.ask(question).model_dump_json()
    assert index.check() == []


@pytest.mark.slow
@pytest.mark.reader
def test_passages_added_without_vectors_get_them(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [
        Article(id=f"n{n}", text=f"The {PLACES[n % 5]} of Zorp{n} froze in {1700 + n}. Nobody knew why.")
        for n in range(50)
    ]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    with monkeypatch.context() as limited:
        limited.setattr("articleqa.index.opensearch_writing.VECTORS_UP_TO", 0)
        index.add(articles)
    assert index.about()["vectors"] == "0 of 50 passages"
    backend = index._backend
    assert isinstance(backend, OpenSearchBackend)
    steps: list[None] = []

    def stop() -> None:
        steps.append(None)
        if len(steps) == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backend.fill_vectors(stop)
    assert backend.lacking_vectors() == 30
    file = tmp_path / "new.txt"
    file.write_text("The quay of Quax froze in 1800.")
    done = CliRunner().invoke(cli, ["index", "add", url, str(file), "--vectors"])
    assert (done.exit_code, backend.lacking_vectors()) == (0, 0)
    assert index.about()["vectors"] == "51 of 51 passages"
    memory.add(load_articles(file))
    assert list(index.titles()) == list(memory.titles())
    for question in ("Which port was iced over in 1720?", "Which mill froze?"):
        assert index.ask(question).model_dump_json() == memory.ask(question).model_dump_json()
    assert index.check() == []


def random_vectors(number: int) -> list[Vectors]:
    chance = np.random.default_rng(1)
    return [chance.integers(-127, 128, (1 + n % 3, DIMENSIONS), dtype=np.int8) for n in range(number)]


def index_of_random_vectors(
    url: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[OpenSearchBackend, dict[int, str], VectorIndex]:
    """Return an index of articles of one passage with random vectors, its passages' keys, and the vectors.

    Every seventh article has been removed. In every tenth, from the fifth on, the first vector is zeros, as
    that of a sentence without words. The metadata say which articles are odd, and the number's last digit.
    """
    rows = random_vectors(number)
    for wordless in rows[5::10]:
        wordless[0] = 0
    made = iter(rows)
    texts = ("One froze.", "One froze. Two thawed.", "One froze. Two thawed. Three sang.")
    articles = [
        Article(id=f"{n}", text=texts[n % 3], metadata={"odd": n % 2, "digit": n % 10}) for n in range(number)
    ]
    monkeypatch.setattr("articleqa.index.opensearch_writing.made_vectors", lambda *_: [next(made).tobytes()])
    monkeypatch.setattr("articleqa.index.opensearch_writing.shipped_encoder", lambda: object())
    index = ArticleIndex.create(url, replicas=0, shards=2)
    index.add(articles)
    backend = index._backend
    assert isinstance(backend, OpenSearchBackend)
    assert read_state(backend._cluster).totals.vectors == number
    index.remove([str(n) for n in range(0, number, 7)])
    orders = {
        each.id: each.order for each in backend.store.consistently(lambda: list(backend.store.listed()))
    }
    keys = {n: f"{orders[str(n)]}.0" for n in range(number) if n % 7}
    return backend, keys, VectorIndex.of([(key, rows[n]) for n, key in keys.items()])


@pytest.mark.parametrize("by_graph", [False, True])
def test_the_nearest_are_found_exactly_and_by_the_graph(
    url: str, by_graph: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_knn, "EXACT_UP_TO", 0 if by_graph else 1_000)
    backend, keys, here = index_of_random_vectors(url, 150, monkeypatch)
    odd = {key for n, key in keys.items() if n % 2}
    wordless = {key for n, key in keys.items() if n % 10 == 5}
    found = 0
    for question in random_vectors(40)[::4]:
        search = ClusterVectors(backend.store, question[0])
        cosines = here.cosines(question[0])
        expected = here.nearest(cosines, 30)
        nearest = search.nearest(30)
        found += len(set(nearest) & set(expected))
        wanted = Filter.of({"odd": 1}, None, None)
        assert set(search.nearest(30, wanted)) <= odd
        if not by_graph:
            assert nearest == expected
            assert search.nearest(30, wanted) == here.nearest(cosines, 30, odd)
            assert search.nearest(30, Filter.of({"digit": 5}, None, None)) == here.nearest(
                cosines, 30, wordless
            )
        given = search.cosines_of(nearest)
        assert all((given[key] == here.by_key(cosines)[key]).all() for key in nearest)
    assert found >= 0.97 * 300


def test_counts_passages_by_words_and_by_meaning_are_one_round_trip(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, _, here = index_of_random_vectors(url, 60, monkeypatch)
    question = random_vectors(61)[-1][0]
    before = backend._cluster.requests

    def read() -> list[str]:
        search = ClusterVectors(backend.store, question)
        search.prepare(30)
        assert backend.retriever.statistics(["freez"]).document_frequencies == {"freez": 51}
        assert backend.retriever.search(["freez"], 20)
        return search.nearest(30)

    assert backend.store.consistently(read) == here.nearest(here.cosines(question), 30)
    assert backend._cluster.requests - before == 2  # the other reads the state, as many were asked at once


@pytest.mark.slow
def test_the_graph_finds_the_nearest_of_many_vectors(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_knn, "EXACT_UP_TO", 0)
    backend, _, here = index_of_random_vectors(url, 1_500, monkeypatch)
    found = 0
    for question in random_vectors(1_520)[1_500:]:
        nearest = ClusterVectors(backend.store, question[0]).nearest(30)
        found += len(set(nearest) & set(here.nearest(here.cosines(question[0]), 30)))
    assert found >= 0.99 * 20 * 30  # 0.97 if it is searched for three times the passages asked for


def test_an_index_that_gets_vectors_unasked_is_searched_exactly() -> None:
    assert vector_knn.EXACT_UP_TO >= VECTORS_UP_TO


def test_a_cluster_without_nearest_neighbours_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a cluster says to a kind of field that it does not know.
    unknown = {"type": "nested", "properties": {"vector": {"type": "knn_unknown"}}}
    monkeypatch.setattr(mappings, "_SENTENCES", unknown)
    monkeypatch.setattr("articleqa.index.opensearch_backend._encoder", lambda: None)
    with pytest.raises(IndexWriteError, match="vectors need the plug-in opensearch-knn"):
        ArticleIndex.create(url, vectors=True)
    with pytest.warns(IndexWarning, match="found by words alone"):
        index = ArticleIndex.create(url, replicas=0)
    index.add([Article(id="note", text="The harbour of Zorp froze in 1740.")])
    off = "finding by meaning is off: the cluster has no k-NN plug-in"
    assert index.about()["vectors"] == f"none: {off}"
    answer = index.ask("When did the harbour of Zorp freeze?")
    assert (answer.answered, answer.limitation) == (True, off)
    explained = CliRunner().invoke(cli, ["ask", answer.question, "--index", url, "--explain"])
    assert f"Limitation: {off}" in explained.stdout
    asked = CliRunner().invoke(cli, ["ask", answer.question, "--index", url, "--json"])
    assert json.loads(asked.stdout)["answer"]["limitation"] == off
    with pytest.raises(IndexWriteError, match=r"it cannot have vectors \(finding by meaning is off"):
        ArticleIndex.connect(url, vectors=True)
