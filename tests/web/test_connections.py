"""A server on a real socket: slow clients, cut off, and malformed requests."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from articleqa.web import connections
from web_sites import FLOOD, HARBOUR, OPENED, index_on_disk, server_of_articles

pytestmark = pytest.mark.enable_socket

SLOW_CLIENTS = 1_000


@pytest.fixture
def site() -> Iterator[tuple[str, int]]:
    with server_of_articles([HARBOUR, FLOOD]) as address:
        parts = urlsplit(address)
        assert parts.hostname is not None
        assert parts.port is not None
        yield parts.hostname, parts.port


def get(site: tuple[str, int], path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(*site, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def is_closed(connection: socket.socket) -> bool:
    """Return whether the server has closed a connection, after reading what it sent."""
    connection.settimeout(20)
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n"
     b"Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"],
    ids=["silent", "head", "body"],
)  # fmt: skip
def test_a_thousand_slow_clients_stop_nobody_else(site: tuple[str, int], sent: bytes) -> None:
    slow: list[socket.socket] = []
    try:
        for number in range(SLOW_CLIENTS):
            slow.append(socket.create_connection(site, timeout=20))
            slow[-1].sendall(sent)
            if number % 250 == 249:
                status, body = get(site, f"/?q={quote(OPENED)}")
                assert status == 200
                assert b"1907" in body
            if len(slow) > 400:  # this process may not open more files than most systems allow
                with slow.pop(0) as oldest:
                    assert is_closed(oldest)
    finally:
        for connection in slow:
            connection.close()
    assert get(site, "/api/health")[0] == 200


def test_request_that_does_not_arrive_in_time_is_cut_off(
    site: tuple[str, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("HEAD_S", "BODY_S", "REPORTED_S"):
        monkeypatch.setattr(connections, name, 0.5)
    caplog.set_level(logging.INFO, "articleqa.web")
    heads = (
        b"",
        b"GET / HT",
        b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{",
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HT",
    )
    began = time.monotonic()
    for head in heads:
        with socket.create_connection(site, timeout=20) as connection:
            connection.sendall(head)
            assert is_closed(connection)
    assert time.monotonic() - began > 1.5
    time.sleep(0.7)
    assert any("closed: no full request in time" in message for message in caplog.messages)


@pytest.mark.parametrize(
    ("piece", "upload_s", "is_cut"),
    [(1, 600.0, True), (10_000, 600.0, False), (10_000, 1.0, True)],
    ids=["drips", "flows", "goes on for too long"],
)
def test_upload_that_drips_or_never_ends_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int, upload_s: float, is_cut: bool
) -> None:
    monkeypatch.setattr(connections, "BODY_S", 0.5)
    monkeypatch.setattr(connections, "UPLOAD_S", upload_s)
    head = b"POST /add HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    part = b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    with server_of_articles(index_on_disk(tmp_path / "kb"), upload_to=tmp_path / "kb" / "uploads") as address:
        parts = urlsplit(address)
        assert parts.hostname is not None
        assert parts.port is not None
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
            connection.sendall(head + kind + part)
            ends = time.monotonic() + 2
            try:
                while time.monotonic() < ends:
                    connection.sendall(b"a" * piece)
                    time.sleep(0.1)
            except ConnectionError:
                assert is_cut
            else:
                assert not is_cut


def test_connection_is_kept_for_the_next_request(site: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*site, timeout=20)
    for _ in range(3):
        connection.request(
            "POST", "/api/ask", json.dumps({"question": OPENED}), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["answer"]["answered"]
    connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0\1\2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    ],
    ids=["long", "no host", "noise", "two hosts"],
)
def test_malformed_request_is_refused(site: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(site, timeout=20) as connection:
        connection.sendall(sent)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 400 ")
    assert get(site, "/api/health")[0] == 200
