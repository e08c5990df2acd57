"""Compare an index in a cluster of OpenSearch with one on disk: the same answers, and what both cost.

`python -m benchmarks.cluster opensearch://host:9200 100000` makes up that many passages of about 60 words, as
`benchmarks.scale` does, builds both indexes, removes and updates some articles in both, and asks both the
same questions, ranked by words. It prints how many answers are the same byte for byte, how long building and
whole answers take, and how long the same documents take in bulk requests of other programs. The index made in
the cluster is removed at the end. No other network is used.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

from articleqa import Article, ArticleIndex
from articleqa.index.opensearch_backend import OpenSearchBackend
from articleqa.index.opensearch_writing import bodies_of
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.storage.files import size_of
from articleqa.storage.opensearch.address import parse
from articleqa.storage.opensearch.bulk import send_in_bulk
from articleqa.storage.opensearch.connection import Cluster
from articleqa.storage.opensearch.mappings import create_indices
from articleqa.storage.opensearch.passage_documents import document_of
from benchmarks.scale import articles_of, passages_of, write_corpus

CLIENTS = 8
"""How many threads ask at once."""

QUESTION_WORDS = 8


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


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def answers(index: ArticleIndex, questions: list[str]) -> tuple[list[str], list[float]]:
    """Return the answers as JSON, and how long each took, in milliseconds."""
    found: list[str] = []
    times: list[float] = []
    for question in questions:
        start = time.perf_counter()
        answer = index.ask(question, top_k=10, min_confidence=0)
        times.append((time.perf_counter() - start) * 1000)
        found.append(answer.model_dump_json())
    return found, times


def shown(times: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"median {statistics.median(times):.0f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms"


def bulk_alone(url: str, articles: Iterator[Article], shards: int, replicas: int) -> float:
    """Return how long the cluster takes for the documents of the passages alone, already made."""
    address, credentials = parse(url)
    cluster = Cluster(address, credentials)
    create_indices(cluster, shards=shards, replicas=replicas, vectors=None)
    spent = 0.0
    pending: list[str] = []
    for order, article in enumerate(articles):
        pending += [
            line
            for number, body in enumerate(bodies_of(article))
            for line in (
                json.dumps({"index": {"_index": address.passages, "_id": f"{order}.{number}"}}),
                document_of(order, body, None),
            )
        ]
        if order % 200 == 199:
            spent += timed(partial(send_in_bulk, cluster, pending, lines_each=2))
            pending = []
    spent += timed(partial(send_in_bulk, cluster, pending, lines_each=2))
    remove(url)
    return spent


def remove(url: str) -> None:
    """Remove an index from the cluster."""
    address, credentials = parse(url)
    cluster = Cluster(address, credentials)
    for name in (address.articles, address.passages, address.state):
        cluster.write("DELETE", f"/{name}", ignore_unavailable="true")


def compare(place: str, corpus: Path, passages: int, number: int, shards: int, replicas: int) -> None:
    """Build both indexes, ask both, and print what was measured."""
    url = f"{place}/bench-{secrets.token_hex(4)}"
    ranker = words_ranker()
    on_disk = ArticleIndex.create(corpus.parent / "kb", ranker=ranker, vectors=False)
    print(f"{passages:,} passages; {shards} shards, {replicas} replicas", flush=True)
    print(f"disk: built in {timed(lambda: on_disk.add(articles_of(corpus))):.1f} s", flush=True)
    index = ArticleIndex.create(url, ranker=ranker, vectors=False, shards=shards, replicas=replicas)
    try:
        building = timed(lambda: index.add(articles_of(corpus)))
        print(f"cluster: built in {building:.1f} s", flush=True)
        alone = bulk_alone(f"{url}-alone", articles_of(corpus), shards, replicas)
        print(f"the bulk requests alone: {alone:.1f} s; building takes {building / alone:.1f} times that")
        print(f"size: {size_of(corpus.parent / 'kb') / 1e6:,.0f} MB on disk; cluster {index.about()['size']}")
        articles = list(articles_of(corpus))
        doomed = [article.id for article in articles[7::50]]
        for each in (on_disk, index):
            took = timed(partial(each.remove, doomed)) + timed(partial(each.update, changed(articles)))
            print(f"{len(doomed)} removed, {len(articles[::50])} updated in {took:.1f} s", flush=True)
        ask_both(index, on_disk, questions_of(corpus, passages, number))
    finally:
        remove(url)


def ask_both(index: ArticleIndex, on_disk: ArticleIndex, questions: list[str]) -> None:
    """Ask both the same questions, and print what was measured."""
    answers(index, questions[:50])  # a node that has just started is slow at first
    expected, disk_times = answers(on_disk, questions)
    assert isinstance(index._backend, OpenSearchBackend)
    cluster = index._backend._cluster
    before = cluster.requests
    given, times = answers(index, questions)
    requests = (cluster.requests - before) / len(questions)
    same = sum(one == other for one, other in zip(given, expected, strict=True))
    print(f"the same answers, byte for byte: {same} of {len(questions)} ({same / len(questions):.1%})")
    print(f"a whole answer: disk {shown(disk_times)}; cluster {shown(times)}, {requests:.1f} requests each")
    parts = [questions[part::CLIENTS] for part in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        start = time.perf_counter()
        many = list(chain.from_iterable(times for _, times in pool.map(lambda p: answers(index, p), parts)))
        took = time.perf_counter() - start
    print(f"{CLIENTS} clients at once: {shown(many)}, {len(questions) / took:.0f} answers a second")


def main() -> None:
    """Read the command line and compare."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    words.add_argument("place", help="the cluster, as opensearch://host:9200")
    words.add_argument("passages", type=int, nargs="+")
    words.add_argument("--questions", type=int, default=500)
    words.add_argument("--shards", type=int, default=3)
    words.add_argument("--replicas", type=int, default=0)
    words.add_argument("--data", type=Path, help="question sets whose sentences are used")
    said = words.parse_args()
    for passages in said.passages:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus.txt"
            write_corpus(corpus, passages, said.data)
            compare(said.place.rstrip("/"), corpus, passages, said.questions, said.shards, said.replicas)


if __name__ == "__main__":
    main()
