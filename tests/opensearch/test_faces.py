"""`articleqa serve` and `articleqa mcp` over an index in a cluster with TLS and users."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from articleqa import ArticleIndex, load_articles
from articleqa.json_envelope import AnswerEnvelope
from clusters import Nodes, started
from user_path import USER_PATH

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "How many oil workers went on a hunger strike?"
NOTE = "000_db1add1b5e985d50.txt"
USER = PASSWORD = "admin"

pytestmark = pytest.mark.slow


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A cluster with TLS and users, and in it an index of the seeds."""
    for nodes in started(tmp_path_factory, 1, "--secure"):
        ca = nodes.folder / "ca.pem"
        index = ArticleIndex.create(nodes.url("news"), user=USER, password=PASSWORD, ca=ca, replicas=0)
        index.add(load_articles(SEEDS))
        yield nodes


@pytest.fixture
def expected(tmp_path: Path) -> Any:
    """The answer of an index on disk, as JSON."""
    index = ArticleIndex.create(tmp_path / "kb")
    index.add(load_articles(SEEDS))
    answer = index.ask(QUESTION)
    assert answer.answered
    return json.loads(AnswerEnvelope.of(answer.without_paths()).to_json())


@contextmanager
def running(log: Path, *words: str, **environment: str) -> Iterator[tuple[str, int]]:
    """Run a face at any free port; yield its address and the number of its process."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "articleqa", *words, "--port", "0"],
            env={**os.environ, "PYTHONPATH": USER_PATH, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    try:
        until = time.monotonic() + 60
        while not (found := re.search(r" at (http://\S+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield found[1].rstrip("/"), process.pid
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()


def fetched(url: str, body: object = None) -> tuple[int, Any]:
    """Return the status and the JSON of a response."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def arguments_below(process: int) -> list[str]:
    """Return the command lines of the processes that a process has started."""
    threads = Path(f"/proc/{process}/task").iterdir()
    children = [int(n) for each in threads for n in (each / "children").read_text().split()]
    lines = [Path(f"/proc/{child}/cmdline").read_bytes().decode() for child in children]
    return lines + [line for child in children for line in arguments_below(child)]


@pytest.mark.reader
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_serve_answers_as_from_disk_and_shows_no_password(
    secured: Nodes, expected: Any, tmp_path: Path
) -> None:
    ca = secured.folder / "ca.pem"
    url = f"{secured.url('news').replace('://', f'://{USER}:{PASSWORD}@')}?ca={ca}"
    with running(tmp_path / "log", "serve", url) as (address, process):
        assert fetched(f"{address}/api/ask", {"question": QUESTION}) == (200, expected)
        status, read = fetched(f"{address}/api/articles/{NOTE}?start=0&end=100")
        assert (status, read["article"]["text"]) == (200, (SEEDS / NOTE).read_text()[:100])
        assert fetched(f"{address}/api/health")[1]["articles"] == 2
        with urllib.request.urlopen(f"{address}/", timeout=60) as page:
            assert "<title>news" in page.read().decode()
        workers = arguments_below(process)
        assert workers
        assert not any(PASSWORD in line for line in workers)
    assert PASSWORD not in (tmp_path / "log").read_text()


@pytest.mark.anyio
@pytest.mark.reader
async def test_mcp_answers_as_from_disk_and_shows_no_password(
    secured: Nodes, expected: Any, tmp_path: Path
) -> None:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    with running(tmp_path / "log", "mcp", secured.url("news"), "--http", **credentials(secured)) as (
        address,
        _,
    ):
        async with Client(streamable_http_client(address)) as client:
            asked = await client.call_tool("ask", {"question": QUESTION})
            part = await client.call_tool("read", {"article_id": NOTE, "length": 100})
    assert asked.structured_content == expected
    assert part.structured_content["text"] == (SEEDS / NOTE).read_text()[:100]
    assert PASSWORD not in (tmp_path / "log").read_text()


@pytest.mark.anyio
async def test_faces_say_that_the_cluster_is_gone_and_answer_when_it_is_back(
    secured: Nodes, tmp_path: Path
) -> None:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    url, known = secured.url("news"), credentials(secured)
    with (
        running(tmp_path / "web", "serve", url, "--workers", "1", **known) as (page, _),
        running(tmp_path / "mcp", "mcp", url, "--http", **known) as (tools, _),
    ):
        secured.kill(1)
        status, told = fetched(f"{page}/api/ask", {"question": QUESTION})
        assert (status, told["schema"]) == (503, "articleqa.error")
        assert told["error"] == "the index cannot be reached now; try again in a moment"
        async with Client(streamable_http_client(tools)) as client:
            failed = await client.call_tool("ask", {"question": QUESTION})
        assert failed.is_error
        assert "the articles cannot be reached now; try again in a moment" in str(failed.content)
        secured.revive(1)
        status, answered = fetched(f"{page}/api/ask", {"question": QUESTION})
        assert (status, answered["answer"]["answered"]) == (200, True)
    for name in ("web", "mcp"):
        log = (tmp_path / name).read_text()
        assert "its node cannot be reached" in log
        assert PASSWORD not in log


def credentials(secured: Nodes) -> dict[str, str]:
    """Return the variables by which a program knows the user, the password and the authority."""
    known = {"USER": USER, "PASSWORD": PASSWORD, "CA": str(secured.folder / "ca.pem")}
    return {f"ARTICLEQA_OPENSEARCH_{name}": value for name, value in known.items()}
