"""Connections of slow clients: closed after a time, and the oldest of too many at once.

uvicorn waits for a request as long as a client takes to send it. Here a connection whose request has not
fully arrived is closed after a while; if there are more than `MOST_WAITING` of these, the one that waited
longest is closed for each new one. A browser sends its request as soon as it is connected, so that it is
never among the oldest, however many others wait.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
"""Seconds in which the head of a request must arrive, and how long an idle connection is kept."""

BODY_S = 60.0
"""Seconds in which the body of a request must arrive."""

UPLOAD_S = 600.0
"""Seconds in which the files of an upload must arrive."""

SLOWEST_UPLOAD = 1_000
"""Bytes a second that must arrive of an upload in each `BODY_S`; a modem of 56 kbit/s sends 7,000."""

MOST_WAITING = 200
"""Connections without a full request that are kept open; a browser has about six."""

REPORTED_S = 10.0
"""Seconds between two lines of the log about closed connections: an attack must not fill the disk."""

LARGEST_HEAD = 32_768
"""Bytes of the first line and headers of a request; one with the longest question has some 12,000."""

UPLOAD_PATH = "/add"

log = logging.getLogger("articleqa.web")


class Waiting:
    """The connections of one server that wait for a full request, the oldest first."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: dict[LimitedProtocol, None] = {}
        self._closed = 0
        self._reported: asyncio.TimerHandle | None = None

    def add(self, connection: LimitedProtocol) -> None:
        """Add a connection; if there are too many, close the one that waited longest."""
        self._waiting.setdefault(connection)
        if len(self._waiting) > MOST_WAITING:
            next(iter(self._waiting)).give_up()

    def remove(self, connection: LimitedProtocol) -> None:
        """Remove a connection, if it is there."""
        self._waiting.pop(connection, None)

    def count_closed(self, loop: asyncio.AbstractEventLoop) -> None:
        """Count a closed connection, for one line in the log about all those of some seconds."""
        self._closed += 1
        if self._reported is None:
            self._reported = loop.call_later(REPORTED_S, self._report)

    def _report(self) -> None:
        log.warning("%d connections closed: no full request in time", self._closed)
        self._closed, self._reported = 0, None


class LimitedProtocol(H11Protocol):
    """A connection that is closed if its requests do not arrive in time."""

    waiting: Waiting

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first request."""
        super().connection_made(transport)
        self._patience: asyncio.TimerHandle | None = None
        self._has_head = False
        self._arrived = 0
        self._wait(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        """Stop waiting once all of a request has arrived; give its body time once the head has."""
        super().data_received(data)
        self._arrived += len(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._look()

    def give_up(self) -> None:
        """Close the connection."""
        self._stop_waiting()
        if not self.transport.is_closing():
            if self._is_slow():
                self.waiting.count_closed(self.loop)
            self.transport.abort()

    def _is_slow(self) -> bool:
        """Return whether a request was begun or none was ever made; other connections are idle browsers'."""
        return self.cycle is None or not self.cycle.response_complete or bool(self.conn.trailing_data[0])

    def _look(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            if self._patience is None:
                self._wait(HEAD_S)
            self._has_head = False
        elif not self.cycle.more_body:
            self._stop_waiting()
        elif not self._has_head:
            self._has_head = True
            self._stop_timer()
            if self.scope["path"] == UPLOAD_PATH:
                self._wait_for_upload(until=self.loop.time() + UPLOAD_S)
            else:
                self._wait(BODY_S)

    def _wait(self, seconds: float) -> None:
        self.waiting.add(self)
        self._patience = self.loop.call_later(seconds, self.give_up)

    def _wait_for_upload(self, until: float) -> None:
        self.waiting.add(self)
        self._arrived = 0
        self._patience = self.loop.call_later(BODY_S, self._check_upload, until)

    def _check_upload(self, until: float) -> None:
        if self.loop.time() < until and self._arrived >= SLOWEST_UPLOAD * BODY_S:
            self._wait_for_upload(until)
        else:
            self.give_up()

    def _stop_waiting(self) -> None:
        self.waiting.remove(self)
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def limited_protocol() -> type[LimitedProtocol]:
    """Return the class of the connections of one server."""
    members: dict[str, Any] = {"waiting": Waiting()}
    return type("ServerProtocol", (LimitedProtocol,), members)
