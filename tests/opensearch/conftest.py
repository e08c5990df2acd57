"""The cluster that the tests of this folder use; see `clusters`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clusters import RUNNING, STARTED_BY, Nodes, remove_index, started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of this folder open sockets."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster, without the name of an index."""
    if RUNNING:
        yield RUNNING.rstrip("/")
    elif STARTED_BY:
        for nodes in started(tmp_path_factory, 1):
            yield nodes.url("").rstrip("/")
    else:
        pytest.skip("no cluster: neither ARTICLEQA_OPENSEARCH_URL nor ARTICLEQA_OPENSEARCH_CLUSTER is set")


@pytest.fixture
def new_url(place: str) -> Iterator[Callable[[], str]]:
    """Return a function that gives URLs of indices that are not there yet; they are removed at the end."""
    given: list[str] = []

    def new() -> str:
        given.append(f"{place}/test-{secrets.token_hex(6)}")
        return given[-1]

    yield new
    for url in given:
        remove_index(url)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Nodes]]:
    """Return a function that starts a cluster of so many nodes; all are stopped at the end."""
    running: list[Iterator[Nodes]] = []

    def start(number: int, *options: str) -> Nodes:
        running.append(started(tmp_path_factory, number, *options))
        return next(running[-1])

    yield start
    for each in running:
        next(each, None)
