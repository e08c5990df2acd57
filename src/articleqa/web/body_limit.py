"""The limit of a request's body, and how a larger one is refused."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from articleqa.web.served import MEGABYTE


class BodyLimit:
    """Refuses bodies of more than `most` bytes, by their declared length or else while they arrive.

    Starlette's own limit answers in plain text if the length is declared; this one raises an `HTTPException`,
    so that the refusal is a page for people and JSON for programs.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Store the limit."""
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        self._check(int(Headers(scope=scope).get("content-length", "0")))
        arrived = 0

        async def receive_within_limit() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            self._check(arrived)
            return message

        await self._app(scope, receive_within_limit, send)

    def _check(self, size: int) -> None:
        if size > self._most:
            limit = f"{self._most // MEGABYTE} MB" if self._most >= MEGABYTE else f"{self._most:,} bytes"
            raise HTTPException(413, f"this is too large: at most {limit} can be sent at once")
