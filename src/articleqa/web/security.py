"""Who may ask: requests that name this server, come from its own pages, and have its token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from articleqa.web.errors import refusal

COOKIE = "articleqa"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy: scripts, styles and images of this server alone, and nothing inline."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With "no-referrer" browsers send "Origin: null" with the page's own forms, which would then be refused.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Headers of every response, unless it has its own."""

_OPEN = ("/login", "/static/")
"""Where the paths begin that need no token: the form that asks for it, and how it looks."""


class SecurityHeaders:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        """Store the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = Headers(raw=message["headers"])
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in HEADERS.items() if k not in held),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnRequests:
    """Refuses requests that name another host, and changes that another site's page asks for.

    The first keeps a site from reading answers after its name was made to lead to this machine (DNS
    rebinding); the second from posting forms in a visitor's name.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        """Store the names that a Host header may have, without ports."""
        self._app = app
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            response = refusal(Request(scope), 400, "the request names another host")
            await response(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD") and not _is_from_own_page(headers):
            response = refusal(Request(scope), 403, "the request comes from another site")
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = host_name(host)
        return name in self._hosts or ("*ip" in self._hosts and _is_address(name))


def host_name(host: str) -> str:
    """Return the name in a Host header, in lower case and without port and brackets; empty if malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower() if "@" not in host and "/" not in host else ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_from_own_page(headers: Headers) -> bool:
    """Return whether a request that changes something comes from a page of this server, or from no page."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers["host"].lower()


class Token:
    """Lets in only requests with the token: in the cookie, or as a bearer token in a header.

    `?token=` on any address sets the cookie and redirects to the address without it, so that the token stays
    in no history and no log. The login form does the same.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        """Store the token."""
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        given = request.query_params.get("token")
        if given is not None and scope["method"] == "GET":
            await self._log_in(request, given)(scope, receive, send)
        elif self._has_token(request) or request.url.path.startswith(_OPEN):
            await self._app(scope, receive, send)
        else:
            reason = "the token is missing" if _bearer(request) is None else "the token is wrong"
            await refusal(request, 401, reason)(scope, receive, send)

    def _has_token(self, request: Request) -> bool:
        cookie, bearer = request.cookies.get(COOKIE, ""), _bearer(request)
        return is_same(cookie, cookie_of(self._token)) or (
            bearer is not None and is_same(bearer, self._token)
        )

    def _log_in(self, request: Request, given: str) -> Response:
        if not is_same(given, self._token):
            return refusal(request, 401, "the token is wrong")
        rest = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
        path = "/" + request.url.path.lstrip("/")  # "//host" would lead to another host
        return logged_in(f"{path}?{urlencode(rest)}" if rest else path, self._token)


def _bearer(request: Request) -> str | None:
    """Return the bearer token that a request has in its header; None without one."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def logged_in(url: str, token: str) -> Response:
    """Return a redirect to `url` that sets the cookie."""
    response = RedirectResponse(url, status_code=303)
    response.set_cookie(COOKIE, cookie_of(token), httponly=True, samesite="lax", path="/")
    return response


def cookie_of(token: str) -> str:
    """Return the cookie's value: from it, nobody learns the token."""
    return sha256(f"articleqa cookie {token}".encode()).hexdigest()


def is_same(given: str, secret: str) -> bool:
    """Return whether a secret was given; it takes as long for a wrong one, whatever it begins with."""
    return hmac.compare_digest(given.encode(), secret.encode())
