"""The bulk requests of a program: recorded in a file, and sent again as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from articleqa.storage.opensearch.connection import Cluster


@contextmanager
def recorded_bulk_requests(cluster: Cluster, path: Path | None) -> Iterator[None]:
    """Write the bodies of the bulk requests of `cluster` within this context to a file, one a line."""
    if path is None:
        yield
        return
    sent = cluster.write
    with path.open("w", encoding="utf-8") as file:

        def write(method: str, where: str, body: Any = None, **params: str) -> Any:
            if where == "/_bulk":
                file.write(json.dumps(body) + "\n")
            return sent(method, where, body, **params)

        cluster.write = write  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            cluster.write = sent  # type: ignore[method-assign]


def send_again(cluster: Cluster, path: Path) -> None:
    """Send recorded bulk requests one after another, and make the documents searchable at the end."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            answer = cluster.write("POST", "/_bulk", json.loads(line), filter_path="errors")
            assert not answer["errors"]
    cluster.write("POST", f"/{cluster.address.passages},{cluster.address.articles}/_refresh")
