"""What the servers of pages and of MCP share: the socket that they listen on, and who needs a token."""

from __future__ import annotations

import socket

from articleqa.exceptions import ArticleQAError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine for itself; a server that listens to no other is out of reach for others."""

SHORTEST_TOKEN, LONGEST_TOKEN = 16, 200
"""Characters: a shorter token can be guessed by trying, and a longer one does not fit a header."""

BACKLOG = 128


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` and `port`; 0 is any free port.

    Raises:
        ArticleQAError: the address cannot be used.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (
            (error.strerror or "unknown host").lower() if isinstance(error, OSError) else "no host's name"
        )
        raise ArticleQAError(
            f"{host}:{port}: cannot listen there ({reason}); give another --host or --port"
        ) from None
    return listener


def url_of(listener: socket.socket, path: str = "/") -> str:
    """Return the URL at which this machine reaches the server."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def fault_of_token(host: str, token: str | None) -> str | None:
    """Return what is wrong with the token for a server at `host`, and what to do; None if nothing is."""
    advice = "make one: python -c 'import secrets; print(secrets.token_urlsafe())'"
    if token is None:
        is_open = host.lower() not in LOOPBACK
        return f"--host {host} is open to other machines: give a --token; {advice}" if is_open else None
    is_sound = SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN and all("!" <= each <= "~" for each in token)
    if is_sound:
        return None
    return f"--token must have {SHORTEST_TOKEN} to {LONGEST_TOKEN} ASCII characters and no spaces; {advice}"
