"""Refusals and failures: a page for people, an envelope for programs, and one line in the log."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from articleqa.models import Model
from articleqa.web.connections import UPLOAD_PATH
from articleqa.web.templating import page

LOGGED = "articleqa.refused"
"""The key of a request's scope under which the log finds why it was refused."""


class ErrorEnvelope(Model):
    """What the JSON API returns instead of an answer."""

    model_config = ConfigDict(populate_by_name=True)

    schema_name: Literal["articleqa.error"] = Field(default="articleqa.error", alias="schema")
    version: Literal[1] = 1
    error: str


def refusal(request: Request, status: int, reason: str, *, logged: str = "") -> Response:
    """Return the response that refuses a request: JSON for the API, a page for people.

    The log gets `logged`, which may name what visitors must not see, or else `reason`.
    """
    notes = request.scope.get(LOGGED)
    if isinstance(notes, list):
        notes.append(logged or reason)
    if request.url.path.startswith("/api/"):
        headers = {"www-authenticate": "Bearer"} if status == 401 else None
        body = ErrorEnvelope(error=reason).model_dump(mode="json", by_alias=True)
        return JSONResponse(body, status, headers)
    if status == 401:
        query = f"?{request.url.query}" if request.url.query and "token=" not in request.url.query else ""
        wanted = request.query_params.get("next") or f"{request.url.path}{query}"
        is_wrong = "wrong" in reason
        return page("login.html", status=status, wanted=wanted, is_wrong=is_wrong)
    adds = request.method == "POST" and request.url.path == UPLOAD_PATH
    return page("error.html", status=status, reason=reason[:1].upper() + reason[1:], adds=adds)
