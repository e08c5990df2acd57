"""Bulk requests of bounded size; what a cluster has no time for is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic, sleep
from typing import Any

from articleqa.exceptions import IndexWriteError
from articleqa.storage.opensearch.connection import WRITING_S, Cluster
from articleqa.storage.opensearch.errors import may_pass, refused

BULK_CHARACTERS = 6_000_000
"""After so many characters a request is sent: OpenSearch advises 5 to 15 MB."""

LARGEST_CHARACTERS = 90_000_000
"""A document with more characters is refused: by default a cluster takes no request above 100 MB."""

Operation = tuple[str, ...]


def action(what: str, index: str, key: str) -> str:
    """Return the line that says what is done with a document: "index" or "delete".

    The names of indexes and the keys of documents have no characters that JSON escapes.
    """
    return f'{{"{what}":{{"_index":"{index}","_id":"{key}"}}}}'


def send_in_bulk(cluster: Cluster, lines: Iterable[str], *, lines_each: int) -> None:
    """Send operations, each of `lines_each` lines: an action, and a document unless something is deleted.

    Raises:
        IndexWriteError: an operation was refused.
        IndexUnavailableError: the cluster cannot be reached, or has no time.
    """
    rest = iter(lines)
    batch: list[Operation] = []
    size = 0
    while operation := tuple(islice(rest, lines_each)):
        length = sum(map(len, operation))
        if length > LARGEST_CHARACTERS:
            raise IndexWriteError(
                f"{cluster.address}: an article of {length:,} characters is too large for a cluster; add it"
                " in parts"
            )
        if batch and size + length > BULK_CHARACTERS:
            _send(cluster, batch)
            batch, size = [], 0
        batch.append(operation)
        size += length
    if batch:
        _send(cluster, batch)


def _send(cluster: Cluster, operations: Sequence[Operation]) -> None:
    until, pause = monotonic() + WRITING_S, 0.2
    left = list(operations)
    while True:
        body = "\n".join([line for operation in left for line in operation] + [""])
        answer = cluster.write("POST", "/_bulk", body, filter_path="errors,items.*.status,items.*.error")
        if not answer.get("errors"):
            return
        failed = list(_failed(left, answer["items"]))
        for _, status, item in failed:
            if not may_pass(status, item) or monotonic() + pause > until:
                raise refused(cluster.address, status, item, writes=True)
        left = [operation for operation, _, _ in failed]
        sleep(pause)
        pause = min(2 * pause, 5.0)


def _failed(operations: Sequence[Operation], items: Sequence[Any]) -> Iterator[tuple[Operation, int, Any]]:
    """Yield the operations that failed, with their statuses; deleting what is not there is none."""
    for operation, item in zip(operations, items, strict=True):
        ((_, result),) = item.items()
        if "error" in result:
            yield operation, int(result.get("status", 500)), result
