"""One line of log for each request: what was asked for, never the question or the token."""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from articleqa.printing import one_line
from articleqa.web.errors import LOGGED, refusal

ANSWERED_S = 120.0
"""Seconds in which a response must be made and taken: a client that reads slowly is cut off."""

ADDED_S = 1_200.0
"""The same where files are added."""

LONGEST_PATH = 200

log = logging.getLogger("articleqa.web")


class AccessLog:
    """Logs each request in one line, and turns what goes wrong in it into a refusal; it is the outermost."""

    def __init__(self, app: ASGIApp, slow_path: str) -> None:
        """Store the app; requests for `slow_path` may take longer."""
        self._app = app
        self._slow_path = slow_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        notes: list[str] = []
        scope[LOGGED] = notes
        began = perf_counter()
        status = 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            async with asyncio.timeout(ADDED_S if scope["path"] == self._slow_path else ANSWERED_S):
                await self._app(scope, receive, send_noting_status)
        except TimeoutError:
            notes.append("took too long")
            if not status:
                await refusal(Request(scope), 503, "this took too long")(scope, receive, send_noting_status)
        except ClientDisconnect:  # in the middle of its request; `connections` reports those that it closes
            return
        except Exception as error:
            notes.append(f"{type(error).__name__}: {error}")
            if not status:
                await refusal(Request(scope), 500, "something went wrong")(scope, receive, send_noting_status)
        why = f": {one_line(notes[0])}" if notes else ""
        path = one_line(scope["path"])[:LONGEST_PATH]
        log.log(
            logging.WARNING if status >= 400 or not status else logging.INFO,
            "%s %s %d, %.0f ms%s",
            scope["method"],
            path,
            status,
            1000 * (perf_counter() - began),
            why,
        )
