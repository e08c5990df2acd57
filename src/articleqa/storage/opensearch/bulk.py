"""Bulk requests of bounded size; what a cluster has no time for is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic, sleep
from typing import Any

from articleqa.exceptions import IndexWriteError
from articleqa.storage.opensearch.connection import WRITING_S, Cluster
from articleqa.storage.opensearch.errors import may_pass, refused

BULK_BYTES = 6_000_000
"""After so many bytes a request is sent: OpenSearch advises 5 to 15 MB."""

LARGEST_BYTES = 90_000_000
"""A document with more bytes is refused: by default a cluster takes no request above 100 MB."""


def action(what: str, index: str, key: str) -> str:
    """Return the line that says what is done with a document: "index" or "delete".

    The names of indexes and the keys of documents have no characters that JSON escapes.
    """
    return f'{{"{what}":{{"_index":"{index}","_id":"{key}"}}}}'


def send_in_bulk(cluster: Cluster, pieces: Iterable[bytes], *, lines_each: int) -> None:
    """Send operations, each of `lines_each` lines: an action, and a document unless something is deleted.

    A piece has one operation or more, and ends with a line end.

    Raises:
        IndexWriteError: an operation was refused.
        IndexUnavailableError: the cluster cannot be reached, or has no time.
    """
    batch: list[bytes] = []
    size = 0
    for piece in _of_bounded_size(cluster, pieces, lines_each):
        if batch and size + len(piece) > BULK_BYTES:
            _send(cluster, b"".join(batch), lines_each)
            batch, size = [], 0
        batch.append(piece)
        size += len(piece)
    if batch:
        _send(cluster, b"".join(batch), lines_each)


def _of_bounded_size(cluster: Cluster, pieces: Iterable[bytes], lines_each: int) -> Iterator[bytes]:
    """Yield the pieces, and the operations of a larger one than a request should have one by one."""
    for piece in pieces:
        if len(piece) <= BULK_BYTES:
            yield piece
            continue
        for operation in _operations(piece, lines_each):
            if len(operation) > LARGEST_BYTES:
                raise IndexWriteError(
                    f"{cluster.address}: an article of {len(operation):,} bytes is too large for a cluster;"
                    " add it in parts"
                )
            yield operation


def _operations(lines: bytes, lines_each: int) -> Iterator[bytes]:
    rest = iter(lines.split(b"\n")[:-1])
    while operation := list(islice(rest, lines_each)):
        yield b"\n".join([*operation, b""])


def _send(cluster: Cluster, body: bytes, lines_each: int) -> None:
    until, pause = monotonic() + WRITING_S, 0.2
    while True:
        answer = cluster.write("POST", "/_bulk", body, filter_path="errors,items.*.status,items.*.error")
        if not answer.get("errors"):
            return
        failed = list(_failed(_operations(body, lines_each), answer["items"]))
        for _, status, item in failed:
            if not may_pass(status, item) or monotonic() + pause > until:
                raise refused(cluster.address, status, item, writes=True)
        body = b"".join(operation for operation, _, _ in failed)
        sleep(pause)
        pause = min(2 * pause, 5.0)


def _failed(operations: Iterable[bytes], items: Sequence[Any]) -> Iterator[tuple[bytes, int, Any]]:
    """Yield the operations that failed, with their statuses; deleting what is not there is none."""
    for operation, item in zip(operations, items, strict=True):
        ((_, result),) = item.items()
        if "error" in result:
            yield operation, int(result.get("status", 500)), result
