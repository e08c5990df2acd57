"""Errors of OpenSearch and its client as this package's exceptions: one clear line each, without secrets."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any

from articleqa.exceptions import (
    ArticleQAError,
    IndexDamagedError,
    IndexUnavailableError,
    IndexWriteError,
    NotAnIndexError,
)
from articleqa.storage.opensearch.address import Address

_LONGEST = 200
"""The most characters of a cluster's own message that are shown."""

RETRIED = (429, 502, 503, 504)
"""The statuses of a cluster that is overloaded, or has lost a node and will recover."""

_LOST_NODE = frozenset(
    {"node_not_connected_exception", "node_disconnected_exception", "receive_timeout_transport_exception"}
)
"""The errors, with a status of 500, of a node that asked another one just when that was lost."""


def may_pass(status: int, info: object) -> bool:
    """Return whether the same request may succeed a little later."""
    kind, _ = kind_and_reason(info)
    return (status in RETRIED or kind in _LOST_NODE) and not is_blocked(status, kind)


def unreachable(address: Address, cause: object, tries: int) -> ArticleQAError:
    """Return the error for a connection that failed."""
    reason = _security_reason(cause)
    if reason is not None:
        return IndexUnavailableError(f"{address}: {reason}")
    nodes = "its node" if len(address.nodes) == 1 else f"none of its {len(address.nodes)} nodes"
    told = "cannot be reached" if len(address.nodes) == 1 else "can be reached"
    hint = "" if address.tls else ", and does it use TLS (?tls=true)"
    return IndexUnavailableError(
        f"{address}: {nodes} {told} ({_connection_reason(cause)}, {tries} tries); is the cluster running, is"
        f" the address right{hint}?"
    )


def too_slow(address: Address, seconds: float) -> ArticleQAError:
    """Return the error for a cluster that does not answer in time."""
    return IndexUnavailableError(
        f"{address}: no answer within {seconds:g} seconds; see whether the cluster is healthy, or give it"
        " more time (timeout_s, question_s)"
    )


def refused(address: Address, status: int, info: object, *, writes: bool) -> ArticleQAError:
    """Return the error for a request that the cluster answered with an error status."""
    kind, reason = kind_and_reason(info)
    if status == 401:
        return IndexUnavailableError(
            f"{address}: wrong user or password; give them in the URL, or as ARTICLEQA_OPENSEARCH_USER and"
            " ARTICLEQA_OPENSEARCH_PASSWORD"
        )
    if is_blocked(status, kind):
        return IndexWriteError(f"{address}: {_block_reason(reason)}")
    if status == 403 and writes:
        return IndexWriteError(f"{address}: this user may not write to it; ask it, or add as another user")
    if status == 403:
        return IndexUnavailableError(f"{address}: this user may not read it; ask as another user")
    if kind == "index_not_found_exception":
        return NotAnIndexError(f"{address}: no such index; `articleqa index add {address} PATH` makes one")
    if status == 413 or "content length" in reason.lower():
        return IndexWriteError(f"{address}: an article is too large for the cluster; add it in parts")
    if may_pass(status, info):
        return IndexUnavailableError(
            f"{address}: the cluster cannot answer now ({_shown(kind, reason) or status}); see whether it is"
            " healthy, and try again"
        )
    if status == 404:
        return IndexDamagedError(f"{address}: a part of the index is missing ({_shown(kind, reason)})")
    found = IndexWriteError if writes else IndexUnavailableError
    return found(f"{address}: the cluster refused a request ({status}: {_shown(kind, reason)})")


def is_blocked(status: int, kind: str) -> bool:
    """Return whether an index cannot be written to until somebody changes that."""
    return kind == "cluster_block_exception" and status in (403, 429)


def kind_and_reason(info: object) -> tuple[str, str]:
    """Return the name of the error in a response, and its reason; the innermost cause says most."""
    found: Any = info.get("error", info) if isinstance(info, Mapping) else info
    if not isinstance(found, Mapping):
        return "", str(found or "")
    roots = found.get("root_cause")
    if isinstance(roots, list) and roots and isinstance(roots[0], Mapping):
        found = roots[0]
    cause = found.get("caused_by")
    inner = f" ({cause.get('reason')})" if isinstance(cause, Mapping) else ""
    return str(found.get("type", "")), f"{found.get('reason', '')}{inner}"


def _block_reason(reason: str) -> str:
    if "flood" in reason or "read-only-allow-delete" in reason:
        return (
            "a disk of the cluster is full (the flood-stage block): make room, then repeat what you did; what"
            " was committed is kept"
        )
    return (
        "the index is read-only (its settings index.blocks.* say so); remove the block, then repeat what you"
        " did"
    )


def _security_reason(cause: object) -> str | None:
    """Return what is wrong with a certificate; None if something else is wrong."""
    seen: object = cause
    for _ in range(8):
        if isinstance(seen, ssl.SSLCertVerificationError):
            return _certificate_reason(seen.verify_message or str(seen))
        if isinstance(seen, ssl.SSLError):
            return (
                f"the TLS connection failed ({_plain(seen.reason or str(seen))}); does the cluster use TLS?"
            )
        if not isinstance(seen, BaseException):
            return None
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = getattr(seen, "reason", None) or seen.__cause__ or seen.__context__ or inner
    return None


def _certificate_reason(message: str) -> str:
    if "expired" in message:
        return "its certificate has expired; renew it on the cluster"
    if "match" in message or "mismatch" in message:
        return f"its certificate is for another host ({_plain(message)}); use the name in the certificate"
    return (
        f"its certificate is not trusted ({_plain(message)}); give the file of its authority with ?ca=FILE or"
        " ARTICLEQA_OPENSEARCH_CA"
    )


def _connection_reason(cause: object) -> str:
    text = str(cause)
    found = re.search(r"\[Errno -?\d+\] ([\w ]+)", text)
    if found:
        return found[1].lower()
    return "the connection was closed" if "Remote" in text or "abort" in text else "the connection failed"


def _shown(kind: str, reason: str) -> str:
    return _plain(": ".join(part for part in (kind, reason) if part))


def _plain(text: str) -> str:
    """Return a text in one line without control characters; it comes from another machine."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
