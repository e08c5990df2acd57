"""The web application: its addresses, and the order in which a request is checked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from articleqa import ArticleQAError, IndexPoolError, IndexUnavailableError, UnknownArticleError
from articleqa.web.access_log import AccessLog
from articleqa.web.api import LARGEST_BODY, Api
from articleqa.web.body_limit import BodyLimit
from articleqa.web.connections import UPLOAD_PATH
from articleqa.web.errors import refusal
from articleqa.web.openapi import openapi_document
from articleqa.web.pages import Pages
from articleqa.web.security import OwnRequests, SecurityHeaders, Token
from articleqa.web.served import Served
from articleqa.web.templating import TEMPLATES

STATIC = TEMPLATES.parent / "static"


def create_app(served: Served) -> ASGIApp:
    """Return the application that serves an index; its workers start and end with it."""
    pages = Pages(served)
    api = Api(lambda: pages.pool)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with pages.running():
            yield

    routes = [
        Route("/", pages.ask),
        Route("/answer", pages.answer),
        Route("/read", pages.read),
        Route("/page.png", pages.page_image),
        Route("/login", pages.login_form),
        _post("/login", pages.log_in, LARGEST_BODY),
        _post("/api/ask", api.ask, LARGEST_BODY),
        _post("/api/search", api.search, LARGEST_BODY),
        Route("/api/articles/{article_id:path}", api.article),
        Route("/api/health", api.health),
        Route("/api/openapi.json", _openapi),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    if served.upload_to is not None:
        routes += [Route(UPLOAD_PATH, pages.add_form), _post(UPLOAD_PATH, pages.add, served.most_upload)]
    handlers = {
        HTTPException: _http_error,
        ValueError: _value_error,
        ArticleQAError: _articleqa_error,
        ClientDisconnect: _disconnected,
        Exception: _failure,
    }
    app: ASGIApp = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    if served.token is not None:
        app = Token(app, served.token)
    return AccessLog(SecurityHeaders(OwnRequests(app, served.hosts)), UPLOAD_PATH)


def _post(path: str, endpoint: Callable[[Request], Awaitable[Response]], most: int) -> Route:
    """Return the route of requests with a body of at most `most` bytes."""
    return Route(path, endpoint, methods=["POST"], middleware=[Middleware(BodyLimit, most)])


async def _openapi(request: Request) -> Response:
    return Response(openapi_document(), media_type="application/json")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(
        request, error.status_code, _REASONS.get(error.status_code, error.detail), logged=error.detail
    )


_REASONS = {
    404: "there is no such page",
    405: "this address does not take that method",
}


async def _value_error(request: Request, error: Exception) -> Response:
    """Refuse a question that the index refuses, such as one with an impossible date."""
    return refusal(request, 422 if request.url.path.startswith("/api/") else 400, str(error))


async def _disconnected(request: Request, error: Exception) -> Response:
    """Leave it to the log: there is nobody to answer."""
    raise error


async def _failure(request: Request, error: Exception) -> Response:
    """Report a defect of this program; the log names it."""
    return refusal(request, 500, "something went wrong", logged=f"{type(error).__name__}: {error}")


async def _articleqa_error(request: Request, error: Exception) -> Response:
    """Report an error of the index; its message may name folders of this machine, and goes to the log."""
    if isinstance(error, UnknownArticleError):
        return refusal(request, 404, "there is no such article; it may have been removed", logged=str(error))
    if isinstance(error, IndexPoolError):
        return refusal(request, 503, str(error))
    if isinstance(error, IndexUnavailableError):
        told = "the index cannot be reached now; try again in a moment"
        return refusal(request, 503, told, logged=str(error))
    return refusal(request, 500, "the index cannot be read; the server's log says why", logged=str(error))
