"""The address of an index in a cluster, and the credentials, which nothing prints, logs or pickles.

`opensearch://[user:password@]host[:port][,host[:port]...]/name[?tls=true][&ca=FILE]`
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import regex

from articleqa.exceptions import NotAnIndexError

SCHEME = "opensearch"
PORT = 9200

_NAME = regex.compile(r"[a-z0-9][a-z0-9_.-]{0,200}")
"""What OpenSearch accepts as the name of an index, with room for an ending."""

_HOST = regex.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?")

_USER, _PASSWORD, _CA = (f"ARTICLEQA_OPENSEARCH_{name}" for name in ("USER", "PASSWORD", "CA"))

_KEY = "ARTICLEQA_HANDED_OVER_BY"
"""The environment variable with the key that only this process and the processes it starts have."""


class Credentials:
    """A user and a password. Neither can be seen in `repr`; a pickle has them encrypted.

    `ArticleIndex.ask_many` sends them to the processes that it starts. What is pickled can be read only with
    a random key, which these processes inherit by their environment: a pickle in a file gives nothing away.
    """

    __slots__ = ("_password", "_user")

    def __init__(self, user: str = "", password: str = "") -> None:
        """Hold a user and a password; without a user, nothing is sent."""
        self._user, self._password = user, password

    @classmethod
    def of(cls, user: str | None, password: str | None) -> Credentials:
        """Return the credentials given, or those of the environment."""
        if user is None:
            user, given = os.environ.get(_USER, ""), os.environ.get(_PASSWORD, "")
            return cls(user, given if password is None else password)
        return cls(user, os.environ.get(_PASSWORD, "") if password is None else password)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The user and the password; None if there is no user."""
        return (self._user, self._password) if self._user else None

    def __repr__(self) -> str:
        """Return a text without the user and the password."""
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the credentials encrypted."""
        if not self._user:
            return type(self), ()
        key = os.environ.setdefault(_KEY, secrets.token_hex(32))
        salt = secrets.token_bytes(16)
        clear = f"{self._user}\0{self._password}".encode()
        return _decrypted, (salt, _mixed(clear, key, salt))


def _decrypted(salt: bytes, data: bytes) -> Credentials:
    """Return pickled credentials; without the key, those of the environment."""
    key = os.environ.get(_KEY)
    if key is None:
        return Credentials.of(None, None)
    user, _, password = _mixed(data, key, salt).decode("utf-8", "replace").partition("\0")
    return Credentials(user, password)


def _mixed(data: bytes, key: str, salt: bytes) -> bytes:
    """Return `data` combined with the key's stream of pseudorandom bytes, which is also the way back."""
    stream = hashlib.shake_256(key.encode() + salt).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))


@dataclass(frozen=True)
class Address:
    """Where an index is: the nodes of its cluster (host, port), its name, and how to talk to them."""

    nodes: tuple[tuple[str, int], ...]
    name: str
    tls: bool = False
    ca: str | None = None

    def __str__(self) -> str:
        """Return the URL without user and password."""
        nodes = ",".join(f"{_in_brackets(host)}:{port}" for host, port in self.nodes)
        return f"{SCHEME}://{nodes}/{self.name}{'?tls=true' if self.tls else ''}"

    @property
    def articles(self) -> str:
        """The name of the cluster's index of articles."""
        return f"{self.name}-articles"

    @property
    def passages(self) -> str:
        """The name of the cluster's index of passages."""
        return f"{self.name}-passages"

    @property
    def state(self) -> str:
        """The name of the cluster's index with the one document that says what is committed."""
        return f"{self.name}-state"


def parse(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    ca: str | os.PathLike[str] | None = None,
) -> tuple[Address, Credentials]:
    """Return the address and the credentials of a URL; keywords count more than the URL, and it more than
    the environment.

    Raises:
        NotAnIndexError: the URL has another form.
    """
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise _malformed("…", "it is not a URL") from None
    if "@" in parts.path or ("@" in url and not (parts.path or "@" in parts.netloc)):
        raise _malformed("…", "write '/', '?' and '#' in a user or password as %2F, %3F and %23")
    given, _, hosts = parts.netloc.rpartition("@")
    shown = f"{hosts}{parts.path}"
    nodes = tuple(_node(shown, host) for host in hosts.split(","))
    name = parts.path.strip("/")
    if not _NAME.fullmatch(name):
        raise _malformed(shown, "the index needs a name of lower-case letters, digits, '-', '_' and '.'")
    tls, found_ca = _security(shown, options)
    found = str(ca) if ca is not None else found_ca or os.environ.get(_CA) or None
    if found is not None and not Path(found).is_file():
        raise NotAnIndexError(f"{SCHEME}://{shown}: {found}: no such file with the authority's certificate")
    if user is None and given:
        user, colon, in_url = given.partition(":")
        user = unquote(user)
        password = unquote(in_url) if password is None and colon else password
    return Address(nodes, name, tls or found is not None, found), Credentials.of(user, password)


def _security(shown: str, options: Mapping[str, str]) -> tuple[bool, str | None]:
    if unknown := sorted(set(options) - {"tls", "ca"}):
        raise _malformed(shown, f"{unknown[0]!r} is not an option; known are tls and ca")
    tls = options.get("tls", "false").lower()
    if tls not in ("true", "false"):
        raise _malformed(shown, "tls must be true or false")
    return tls == "true", options.get("ca") or None


def _node(shown: str, host: str) -> tuple[str, int]:
    found = _HOST.fullmatch(host)
    if found is None or not 0 < int(found[2] or PORT) < 65536:
        raise _malformed(shown, "it needs a host, or several with commas between them")
    return found[1].strip("[]"), int(found[2] or PORT)


def _in_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _malformed(shown: str, problem: str) -> NotAnIndexError:
    return NotAnIndexError(f"{SCHEME}://{shown}: {problem}: {SCHEME}://HOST:9200/NAME")
