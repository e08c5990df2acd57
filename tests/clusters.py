"""A real cluster of OpenSearch for the tests of `opensearch/`; without one they are skipped.

`ARTICLEQA_OPENSEARCH_URL` names a cluster that runs, as "opensearch://host:9200"; the tests make indices in
it and remove them. `ARTICLEQA_OPENSEARCH_CLUSTER` names a folder with a program `cluster` that starts one:
`cluster start --nodes N --port PORT --dir DIR [--secure]` prints the URL of each node, and `kill`, `revive`
and `stop` take the same PORT and DIR.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from articleqa import ArticleIndex
from articleqa.index.opensearch_backend import OpenSearchBackend
from articleqa.storage.opensearch.address import parse
from articleqa.storage.opensearch.connection import Cluster

STARTED_BY = os.environ.get("ARTICLEQA_OPENSEARCH_CLUSTER", "")
RUNNING = os.environ.get("ARTICLEQA_OPENSEARCH_URL", "")


class Nodes:
    """A cluster that these tests started."""

    def __init__(self, folder: Path, nodes: int, *options: str) -> None:
        self.folder = folder
        self._program = str(Path(STARTED_BY, "cluster"))
        self._options = ["--port", str(free_port()), "--dir", str(folder)]
        said = self._run("start", "--nodes", str(nodes), *options)
        self.places = [line.partition("://")[2] for line in said.split() if "://" in line]

    def url(self, name: str) -> str:
        return f"opensearch://{','.join(self.places)}/{name}"

    def kill(self, number: int) -> None:
        self._run("kill", str(number))

    def revive(self, *numbers: int) -> None:
        """Start killed nodes again, all at once: the program waits until the cluster is whole."""
        with ThreadPoolExecutor(len(numbers)) as pool:
            list(pool.map(lambda number: self._run("revive", str(number)), numbers))

    def stop(self) -> None:
        self._run("stop")

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [self._program, *words, *self._options], check=True, capture_output=True, text=True, timeout=300
        )
        return done.stdout


def free_port() -> int:
    """Return a port such that it and those used after it are most probably free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1]) // 200 * 200


def started(tmp_path_factory: pytest.TempPathFactory, nodes: int, *options: str) -> Iterator[Nodes]:
    """Yield a cluster of its own, and stop it at the end; skip without a program that starts one."""
    if not STARTED_BY:
        pytest.skip("no cluster: ARTICLEQA_OPENSEARCH_CLUSTER names no folder with a program that starts one")
    found = Nodes(tmp_path_factory.mktemp("cluster"), nodes, *options)
    yield found
    found.stop()


def remove_index(url: str) -> None:
    """Remove what an index has in the cluster, whether it is there or not."""
    address, credentials = parse(url)
    cluster = Cluster(address, credentials)
    for name in (address.articles, address.passages, address.state):
        cluster.write("DELETE", f"/{name}", ignore_unavailable="true")
    cluster.close()


def cluster_of(index: ArticleIndex) -> Cluster:
    """Return what sends the requests of an index."""
    assert isinstance(index._backend, OpenSearchBackend)
    return index._backend._cluster
