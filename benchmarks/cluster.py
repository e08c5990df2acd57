"""Compare an index in a cluster of OpenSearch with one on disk: the same answers, and what both cost.

`python -m benchmarks.cluster opensearch://host:9200 100000` makes up that many passages of about 60 words, as
`benchmarks.scale` does, builds both indexes, removes and updates some articles in both, and asks both the
same questions in turn, ranked by words, or with `--vectors` by the reader and by meaning too. It prints how
many answers are the same byte for byte, how long building and whole answers take, and how long the same bulk
requests take when they are sent again. `--beside` names another cluster that does the same, such as one of
a single node, and `--no-disk` leaves out the index on disk. The indexes made are removed at the end. No other
network is used.
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from articleqa import Article, ArticleIndex
from articleqa.encoder.model import encoder_model
from articleqa.encoder.vectors import question_vector
from articleqa.index.backend import Backend
from articleqa.index.opensearch_backend import OpenSearchBackend
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.retrieval import vector_knn
from articleqa.storage.files import size_of
from articleqa.storage.opensearch.connection import Cluster
from articleqa.storage.opensearch.mappings import create_indices
from benchmarks.bulk_requests import recorded_bulk_requests, send_again
from benchmarks.processor_time import processor_time
from benchmarks.scale import PER_ARTICLE, articles_of, passages_of, write_corpus

CLIENTS = 8
"""How many threads ask at once."""

QUESTION_WORDS = 8

WARMING = 50
"""So many questions are asked before any is measured: a node that has just started is slow at first."""

WARMING_PASSAGES = 100_000
"""So many passages are added, and removed, before an index is built, for the same reason."""

NEAREST = 30
"""How many passages a question finds by meaning."""


class Asked(NamedTuple):
    """The answers to all questions as JSON, how long each took (ms), and the processor time of all (s)."""

    answers: list[str]
    times: list[float]
    here: float
    there: float

    def __str__(self) -> str:
        """Return the figures, for people."""
        each = 1000 / len(self.times)
        told = f"{_quantiles(self.times)}; processor time {self.here * each:.0f} ms"
        return f"{told} here, {self.there * each:.0f} ms in the nodes" if self.there else told


def words_ranker() -> Ranker:
    """Return the shipped ranker without the reader."""
    return shipped_ranker().model_copy(update={"joining": None})


def questions_of(corpus: Path, passages: int, number: int) -> list[str]:
    """Return questions, each of random words of a random passage."""
    chance = random.Random(2)
    drawn = set(chance.sample(range(passages), number))
    found: list[str] = []
    for place, passage in enumerate(passages_of(corpus)):
        if place in drawn:
            words = list(dict.fromkeys(passage.lower().replace(".", "").split()))
            found.append(" ".join(chance.sample(words, min(QUESTION_WORDS, len(words)))))
    return found


def changed(articles: list[Article]) -> Iterator[Article]:
    """Yield every 50th article with its paragraphs in another order."""
    for article in articles[::50]:
        paragraphs = article.text.split("\n\n")
        yield article.model_copy(update={"text": "\n\n".join(reversed(paragraphs))})


def timed(work: Callable[[], object], cluster: Cluster | None = None) -> tuple[float, str]:
    """Return how many seconds `work` takes, and a text with them and the processor time here and there."""
    start, before = time.perf_counter(), processor_time(cluster)
    work()
    took, after = time.perf_counter() - start, processor_time(cluster)
    there = f", {after.there - before.there:.0f} s in the nodes" if cluster else ""
    return took, f"{took:.1f} s (processor time {after.here - before.here:.0f} s here{there})"


def asked(index: ArticleIndex, questions: list[str], cluster: Cluster | None = None) -> Asked:
    """Ask an index all questions."""
    found: list[str] = []
    times: list[float] = []
    before = processor_time(cluster)
    for question in questions:
        start = time.perf_counter()
        answer = index.ask(question, top_k=10, min_confidence=0)
        times.append((time.perf_counter() - start) * 1000)
        found.append(answer.model_dump_json())
    after = processor_time(cluster)
    return Asked(found, times, after.here - before.here, after.there - before.there)


def _quantiles(times: list[float]) -> str:
    return f"median {statistics.median(times):.0f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms"


def cluster_of(index: ArticleIndex) -> Cluster:
    """Return what sends the requests of an index."""
    assert isinstance(index._backend, OpenSearchBackend)
    return index._backend._cluster


def remove(cluster: Cluster) -> None:
    """Remove an index from the cluster."""
    for name in (cluster.address.articles, cluster.address.passages, cluster.address.state):
        cluster.write("DELETE", f"/{name}", ignore_unavailable="true")


@contextmanager
def created(
    place: str, ranker: Ranker, said: argparse.Namespace, vectors: bool | None
) -> Iterator[ArticleIndex]:
    """Create an empty index at `place`, and remove it at the end."""
    index = ArticleIndex.create(
        f"{place}/bench-{secrets.token_hex(4)}",
        ranker=ranker,
        vectors=vectors,
        shards=said.shards,
        replicas=said.replicas,
    )
    try:
        yield index
    finally:
        remove(cluster_of(index))


@contextmanager
def built(
    place: str, corpus: Path, ranker: Ranker, said: argparse.Namespace, records: Path | None
) -> Iterator[ArticleIndex]:
    """Build an index at `place`, print what that took, and remove it at the end; record the bulk requests."""
    with created(place, ranker, said, vectors=False) as warming:
        warming.add(islice(articles_of(corpus), WARMING_PASSAGES // PER_ARTICLE))
    with created(place, ranker, said, said.vectors) as index:
        cluster = cluster_of(index)
        with recorded_bulk_requests(cluster, records):
            _, told = timed(lambda: index.add(articles_of(corpus)), cluster)
        print(f"cluster: built in {told}; {index.about()['size']}", flush=True)
        yield index


def compare(corpus: Path, passages: int, said: argparse.Namespace) -> None:
    """Build the indexes, ask them, and print what was measured."""
    ranker = shipped_ranker() if said.vectors else words_ranker()
    questions = questions_of(corpus, passages, said.questions)
    folder, records = corpus.parent / "kb", corpus.parent / "bulk"
    print(f"{passages:,} passages; {said.shards} shards, {said.replicas} replicas", flush=True)
    articles = list(articles_of(corpus))
    on_disk: ArticleIndex | None = None
    if said.disk:
        on_disk = ArticleIndex.create(folder, ranker=ranker, vectors=said.vectors)
        _, told = timed(lambda: on_disk.add(articles_of(corpus)))
        print(f"disk: built in {told}; {size_of(folder) / 1e6:,.0f} MB", flush=True)
        change(on_disk, articles)
    for place in (said.place, *said.beside):
        print(f"{place}:", flush=True)
        with built(place, corpus, ranker, said, records if place == said.place else None) as index:
            change(index, articles)
            ask_both(index, on_disk, questions, said.rounds)
            if on_disk is not None and said.vectors:
                find_by_meaning(index, on_disk, questions)
        if place == said.place:
            repeat(cluster_of(index), records, said)


def change(index: ArticleIndex, articles: list[Article]) -> None:
    """Remove and update some articles, and print how long that took."""
    doomed = [article.id for article in articles[7::50]]
    took = timed(lambda: index.remove(doomed))[0] + timed(lambda: index.update(changed(articles)))[0]
    print(f"{len(doomed)} removed, {len(articles[::50])} updated in {took:.1f} s", flush=True)


def repeat(cluster: Cluster, records: Path, said: argparse.Namespace) -> None:
    """Send the bulk requests again to an index that is made again, and print how long they took alone."""
    vectors = True if said.vectors else None
    create_indices(cluster, shards=said.shards, replicas=said.replicas, vectors=vectors)
    try:
        _, told = timed(lambda: send_again(cluster, records), cluster)
    finally:
        remove(cluster)
    print(f"the same bulk requests alone: {told}", flush=True)


def ask_both(index: ArticleIndex, on_disk: ArticleIndex | None, questions: list[str], rounds: int) -> None:
    """Ask both the same questions in turn, and print what was measured."""
    cluster = cluster_of(index)
    asked(index, questions[-WARMING:])
    before = cluster.requests
    there, disk = [], []
    for _ in range(rounds):
        there.append(asked(index, questions, cluster))
        disk += [] if on_disk is None else [asked(on_disk, questions)]
    requests = (cluster.requests - before) / len(questions) / rounds
    print(f"a whole answer in the cluster: {best(there)}; {requests:.1f} requests", flush=True)
    at_once("the cluster", index, questions)
    if on_disk is not None:
        same = sum(one == other for one, other in zip(there[0].answers, disk[0].answers, strict=True))
        print(f"a whole answer on disk: {best(disk)}", flush=True)
        at_once("disk", on_disk, questions)
        print(f"the same answers, byte for byte: {same} of {len(questions)} ({same / len(questions):.1%})")


def best(rounds: list[Asked]) -> Asked:
    """Return the round with the least median."""
    return min(rounds, key=lambda each: statistics.median(each.times))


def at_once(name: str, index: ArticleIndex, questions: list[str]) -> None:
    """Ask an index all questions by several threads, and print what was measured."""
    parts = [questions[part::CLIENTS] for part in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        start = time.perf_counter()
        many = list(chain.from_iterable(each.times for each in pool.map(partial(asked, index), parts)))
        took = time.perf_counter() - start
    rate = len(questions) / took
    print(f"{CLIENTS} clients of {name}: {_quantiles(many)}, {rate:.0f} answers a second", flush=True)


def find_by_meaning(index: ArticleIndex, on_disk: ArticleIndex, questions: list[str]) -> None:
    """Print how many of the passages found by meaning on disk are found in the cluster, and at what cost."""
    expected = [nearest(on_disk._backend, question) for question in questions]
    cluster, chosen = cluster_of(index), vector_knn.EXACT_UP_TO
    for name, up_to in (("exactly", sys.maxsize), ("by the graph", 0)):
        vector_knn.EXACT_UP_TO = up_to
        for question in questions[-WARMING:]:
            nearest(index._backend, question)
        found = 0
        times: list[float] = []
        before = processor_time(cluster)
        for question, wanted in zip(questions, expected, strict=True):
            start = time.perf_counter()
            found += len(wanted & nearest(index._backend, question))
            times.append((time.perf_counter() - start) * 1000)
        there = (processor_time(cluster).there - before.there) * 1000 / len(questions)
        share = found / sum(map(len, expected))
        told = f"{_quantiles(times)}; processor time in the nodes {there:.0f} ms"
        print(f"found by meaning {name}: {share:.1%} of those on disk; {told}", flush=True)
    vector_knn.EXACT_UP_TO = chosen


def nearest(backend: Backend, question: str) -> set[tuple[str, int]]:
    """Return the passages found by meaning: their articles, and where they start."""
    model = encoder_model()
    assert model is not None
    search = backend.by_meaning(lambda: question_vector(model, question))
    assert search is not None
    documents = backend.store.documents_at(search.nearest(NEAREST))
    return {(each.passage.passage.article_id, each.start) for each in documents}


def main() -> None:
    """Read the command line and compare."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    words.add_argument("place", help="the cluster, as opensearch://host:9200")
    words.add_argument("passages", type=int, nargs="+")
    words.add_argument("--beside", action="append", default=[], metavar="PLACE", help="another cluster")
    words.add_argument("--no-disk", dest="disk", action="store_false", help="without an index on disk")
    words.add_argument("--questions", type=int, default=500)
    words.add_argument("--rounds", type=int, default=3, help="how often all are asked; the fastest counts")
    words.add_argument("--shards", type=int, default=3)
    words.add_argument("--replicas", type=int, default=0)
    words.add_argument("--vectors", action="store_true", help="rank by the reader, find by meaning too")
    words.add_argument("--by-graph", action="store_true", help="search the graph of vectors, however few")
    words.add_argument("--data", type=Path, help="question sets whose sentences are used")
    said = words.parse_args()
    if said.by_graph:
        vector_knn.EXACT_UP_TO = 0
    for passages in said.passages:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus.txt"
            write_corpus(corpus, passages, said.data)
            compare(corpus, passages, said)


if __name__ == "__main__":
    main()
