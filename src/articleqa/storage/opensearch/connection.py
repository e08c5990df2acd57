"""Requests to a cluster: with time-outs, retries and back-off, and errors in this package's words.

Every request can be sent twice without harm: documents have ids, and the one document that is changed is
changed on a condition. So each is sent again, to another node, if a node is lost or overloaded.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple

from articleqa.exceptions import ArticleQAError, IndexUnavailableError, MissingPackageError
from articleqa.storage.opensearch.address import Address, Credentials
from articleqa.storage.opensearch.errors import (
    kind_and_reason,
    may_pass,
    refused,
    too_slow,
    unreachable,
)

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

Json = Mapping[str, Any]

TIMEOUT_S = 10.0
"""How long a request that reads may take."""

QUESTION_S = 30.0
"""How long all that one question reads may take, retries included."""

WRITING_S = 120.0
"""How long a request that writes may be repeated, retries included."""

_WRITE_S = 60.0
"""How long a request that writes may take."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0
"""The pause before a request is repeated, doubled each time, and its limit."""

_CONNECTIONS = 16
"""How many connections to a node are kept open, for as many threads."""


class ConflictError(ArticleQAError):
    """A document was changed on a condition that no longer holds."""


class Search(NamedTuple):
    """One of the searches that are sent together: the name of an index, and the body."""

    where: str
    body: Json
    globally: bool = False
    """Whether scores come from the counts of all shards together."""


class Cluster:
    """Sends requests. Any number of threads may use it, and a forked process opens its own connections."""

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        *,
        timeout_s: float = TIMEOUT_S,
        question_s: float = QUESTION_S,
    ) -> None:
        """Prepare for requests to the cluster at `address`; nothing is sent yet.

        Raises:
            MissingPackageError: opensearch-py is not installed.
        """
        try:
            import opensearchpy  # noqa: F401
        except ImportError as error:
            raise MissingPackageError(
                f"{address}: needs opensearch-py, which is not installed: pip install 'articleqa[opensearch]'"
            ) from error
        # Its warnings say what the exceptions of this module say, with tracebacks.
        logging.getLogger("opensearch").addHandler(logging.NullHandler())
        self.address = address
        self.credentials = credentials
        self.timeout_s = timeout_s
        self.question_s = question_s
        self.requests = 0
        """How many requests were sent, for measurements."""
        self._opened: tuple[int, OpenSearch] | None = None
        self._opening = threading.Lock()
        self._local = threading.local()

    @contextmanager
    def question(self) -> Iterator[None]:
        """Limit everything that this thread sends inside the `with` block to `question_s` seconds."""
        self._local.until = monotonic() + self.question_s
        try:
            yield
        finally:
            del self._local.until

    def read(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """Send a request that changes nothing; return the response.

        Raises:
            IndexUnavailableError: the cluster cannot be reached or does not answer in time.
            NotAnIndexError: there is no such index.
        """
        until = getattr(self._local, "until", None) or monotonic() + self.question_s
        return self._send(method, path, body, params, until, writes=False)

    def write(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """Send a request that writes; return the response.

        Raises:
            IndexWriteError: the index cannot be written to.
            IndexUnavailableError: the cluster cannot be reached or does not answer in time.
            ConflictError: the condition of a change does not hold.
        """
        return self._send(method, path, body, params, monotonic() + WRITING_S, writes=True)

    def search_many(self, searches: Sequence[Search], *, in_order: bool = False) -> list[Any]:
        """Send searches together in one request; return their responses.

        With `in_order`, each begins when the one before it is done. A search to which not all shards
        contribute is an error, never a shorter result.

        Raises:
            IndexUnavailableError: the cluster cannot be reached, or a shard is missing.
        """
        lines: list[str] = []
        for search in searches:
            kind = "dfs_query_then_fetch" if search.globally else "query_then_fetch"
            head = {"index": search.where, "search_type": kind, "allow_partial_search_results": False}
            lines += json.dumps(head), json.dumps(search.body, ensure_ascii=False, separators=(",", ":"))
        body = "\n".join([*lines, ""])
        params = {"max_concurrent_searches": "1"} if in_order and len(searches) > 1 else {}
        until = getattr(self._local, "until", None) or monotonic() + self.question_s
        pause = _FIRST_PAUSE_S
        while True:
            responses = self._send("POST", "/_msearch", body, params, until, writes=False)["responses"]
            failed = next((each for each in responses if _has_failed(each)), None)
            if failed is None:
                return list(responses)
            status = int(failed.get("status", 503)) if "error" in failed else 503
            if not may_pass(status, failed) or monotonic() + pause > until:
                raise self._partial(failed, status)
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def search(self, search: Search) -> Any:
        """Send one search; see `search_many`."""
        (found,) = self.search_many([search])
        return found

    def close(self) -> None:
        """Close all connections; they are opened again when they are needed."""
        with self._opening:
            if self._opened is not None:
                self._opened[1].close()
            self._opened = None

    def _partial(self, failed: Json, status: int) -> ArticleQAError:
        if "error" in failed:
            kind, reason = kind_and_reason(failed)
            if kind in ("", "search_phase_execution_exception"):
                return self._missing_shard(reason)
            return refused(self.address, status, failed, writes=False)
        return self._missing_shard("")

    def _missing_shard(self, reason: str) -> IndexUnavailableError:
        told = f" ({reason[:100]})" if reason else ""
        return IndexUnavailableError(
            f"{self.address}: a part of the index cannot be reached{told}; see whether all nodes of the"
            " cluster run"
        )

    def _send(
        self, method: str, path: str, body: object, params: Mapping[str, str], until: float, *, writes: bool
    ) -> Any:
        from opensearchpy.exceptions import ConnectionError as NoConnectionError
        from opensearchpy.exceptions import ConnectionTimeout, SSLError, TransportError

        start, pause, failures = monotonic(), _FIRST_PAUSE_S, 0
        while True:
            left = until - monotonic()
            if left <= 0:
                raise too_slow(self.address, monotonic() - start) from None
            timeout = min(_WRITE_S if writes else self.timeout_s, left)
            try:
                self.requests += 1
                transport = self._client().transport
                return transport.perform_request(method, path, params=params, body=body, timeout=timeout)
            except ConnectionTimeout:
                if until - monotonic() <= pause:
                    raise too_slow(self.address, round(monotonic() - start, 1)) from None
            except SSLError as error:
                raise unreachable(self.address, error.info, failures + 1) from None
            except NoConnectionError as error:
                failures += 1
                reason = unreachable(self.address, error.info, failures)
                # Each node is tried twice: one that is restarted or just lost its connections answers then.
                if "certificate" in str(reason) or failures >= 2 * len(self.address.nodes):
                    raise reason from None
            except TransportError as error:
                status = error.status_code if isinstance(error.status_code, int) else 0
                info = error.info if isinstance(error.info, Mapping) else error.error
                if status == 409:
                    raise ConflictError(f"{self.address}: changed meanwhile") from None
                if not may_pass(status, info) or until - monotonic() <= pause:
                    raise refused(self.address, status, info, writes=writes) from None
            sleep(min(pause, max(0.0, until - monotonic())))
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _client(self) -> OpenSearch:
        opened = self._opened
        if opened is None or opened[0] != os.getpid():
            with self._opening:
                opened = self._opened
                if opened is None or opened[0] != os.getpid():
                    opened = self._opened = os.getpid(), self._open()
        return opened[1]

    def _open(self) -> OpenSearch:
        import ssl

        from opensearchpy import OpenSearch

        security: dict[str, Any] = {}
        if self.address.tls:
            try:
                security = {
                    "use_ssl": True,
                    "ssl_context": ssl.create_default_context(cafile=self.address.ca),
                }
            except (OSError, ssl.SSLError):
                raise IndexUnavailableError(
                    f"{self.address}: {self.address.ca}: not a file with certificates (PEM)"
                ) from None
        return OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in self.address.nodes],
            http_auth=self.credentials.pair,
            timeout=self.timeout_s,
            max_retries=0,  # `_send` repeats requests, with pauses and an end
            retry_on_timeout=True,  # a node that did not answer comes last from then on
            dead_timeout=2,
            pool_maxsize=_CONNECTIONS,
            **security,
        )


def _has_failed(response: Json) -> bool:
    shards = response.get("_shards", {})
    return "error" in response or bool(response.get("timed_out")) or bool(shards.get("failed"))
