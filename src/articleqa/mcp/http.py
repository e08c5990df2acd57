"""Serving over streamable HTTP: on this machine, or with a token for others."""

from __future__ import annotations

import hmac
import socket

import uvicorn
from mcp.server.auth.provider import AccessToken
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from articleqa.listening import LOOPBACK

PATH = "/mcp"
ALL_ADDRESSES = ("0.0.0.0", "::")

MAX_BODY = 256 * 1024
"""The most bytes of a request: a question has up to 2,000 characters, and a filter some hundred values."""

GRACE_S = 2
"""How long requests may go on after Ctrl-C."""


class TokenCheck:
    """Accepts one token, which was agreed on beforehand."""

    def __init__(self, token: str) -> None:
        """Accept `token`."""
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return who the token stands for; None if it is another one."""
        if hmac.compare_digest(token.encode(errors="replace"), self._token):
            return AccessToken(token=token, client_id="articleqa", scopes=[])
        return None


def serve(server: MCPServer, listening: socket.socket, host: str) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Every request stands for itself: no session is kept for a client that never comes back.
    """
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        max_request_body_size=MAX_BODY,
        transport_security=_allowed(host),
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _allowed(host: str) -> TransportSecuritySettings:
    """Return which `Host` and `Origin` headers are accepted: those of the loopback, and of `host`.

    A web page whose name was pointed at this machine sends its own name, and is refused. A server at all
    addresses cannot know its names; it has a token, which such a page does not know.
    """
    if host in ALL_ADDRESSES:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    names = [f"[{name}]" if ":" in name else name for name in dict.fromkeys((*LOOPBACK, host))]
    hosts = [each for name in names for each in (name, f"{name}:*")]
    return TransportSecuritySettings(
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{each}" for scheme in ("http", "https") for each in hosts],
    )
