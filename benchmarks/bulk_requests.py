"""The bulk requests of a program: recorded in a file, and sent again as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from articleqa.storage.opensearch.connection import Cluster

_SIZE = 8
"""How many bytes the size of a request takes in the file."""


@contextmanager
def recorded_bulk_requests(cluster: Cluster, path: Path | None) -> Iterator[None]:
    """Write the bodies of the bulk requests of `cluster` within this context to a file, after their sizes."""
    if path is None:
        yield
        return
    sent = cluster.write
    with path.open("wb") as file:

        def write(method: str, where: str, body: Any = None, **params: str) -> Any:
            if where == "/_bulk":
                file.write(len(body).to_bytes(_SIZE, "little") + body)
            return sent(method, where, body, **params)

        cluster.write = write  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            cluster.write = sent  # type: ignore[method-assign]


def send_again(cluster: Cluster, path: Path) -> None:
    """Send recorded bulk requests one after another, and make the documents searchable at the end."""
    with path.open("rb") as file:
        while size := file.read(_SIZE):
            body = file.read(int.from_bytes(size, "little"))
            answer = cluster.write("POST", "/_bulk", body, filter_path="errors")
            assert not answer["errors"]
    cluster.write("POST", f"/{cluster.address.passages},{cluster.address.articles}/_refresh")
