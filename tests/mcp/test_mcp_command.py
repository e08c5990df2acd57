"""`articleqa mcp` as clients meet it: a process on standard input and output, or an HTTP server.

The commands are those of docs/mcp.md, with folders and ports of the tests.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from articleqa import ArticleIndex, load_articles
from commands import python, start
from user_path import USER_PATH

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
PAGE = (ROOT / "docs" / "mcp.md").read_text("utf-8")
OVER_HTTP, TO_OTHERS = re.findall(r"```sh\n(.*)\n```", PAGE)
(CLIENT_SETTINGS,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
QUESTION = {"question": "Which unions were banned?", "top_k": 1}
TOKEN = "a-token-of-this-test"
LIST_TOOLS = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
loopback = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_client_asks_searches_and_reads_over_standard_output(tmp_path: Path) -> None:
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "note.txt").write_text("The mill closed in 1950.")
    # What is said of this one must not get between the messages.
    (notes / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    settings = json.loads(CLIENT_SETTINGS)["mcpServers"]["articles"]
    assert settings == {"command": "articleqa", "args": ["mcp", "/home/ann/kb"]}
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", settings["command"], settings["args"][0], str(SEEDS), str(notes)],
        env={**os.environ, "PYTHONPATH": USER_PATH},
    )
    with (tmp_path / "log").open("w+") as log:
        async with Client(stdio_client(command, log)) as client:
            assert client.server_info is not None
            assert client.server_info.name == "articleqa"
            assert "3 articles" in (client.instructions or "")
            asked = await client.call_tool("ask", QUESTION)
            found = await client.call_tool("search", QUESTION)
            part = await client.call_tool("read", {"article_id": "note.txt"})
            resource = await client.read_resource("article://note.txt")
            failed = await client.call_tool("read", {"article_id": "gone.txt"})
        log.seek(0)
        assert [line.split(":")[0] for line in log] == ["articleqa"]
    assert asked.structured_content["answer"]["answered"]
    assert len(found.structured_content["passages"]) == 1
    assert part.structured_content["text"] == "The mill closed in 1950."
    assert "The mill closed" in str(resource.contents)
    assert failed.is_error
    assert str(tmp_path) not in f"{asked}{found}{part}"


@pytest.mark.anyio
@loopback
async def test_client_asks_an_index_over_http(tmp_path: Path) -> None:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    with ArticleIndex.create(tmp_path / "kb", vectors=False) as index:
        index.add(load_articles(SEEDS))
    (tmp_path / "token.txt").write_text(TOKEN)
    with serving(TO_OTHERS, tmp_path) as url:
        assert status(url) == 401
        assert status(url, Authorization="Bearer another-token-of-this") == 401
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", "search", "read"]
            asked = await client.call_tool("ask", QUESTION)
            resource = await client.read_resource("article://000_db1add1b5e985d50.txt")
    assert "three affiliated unions" in str(asked.content)
    assert len(str(resource.contents)) > 5_000
    assert str(tmp_path) not in str(asked)


@loopback
def test_http_server_refuses_other_sites_and_large_requests() -> None:
    with serving(OVER_HTTP, ROOT) as url:
        port = url.split(":")[2].split("/")[0]
        assert status(url) == 200
        assert status(url, Host=f"localhost:{port}") == 200
        assert status(url, Host="evil.example") == 421
        assert status(url, Host=f"127.0.0.1.evil.example:{port}") == 421
        assert status(url, Origin="https://evil.example") == 403
        assert status(url, length=10_000_000) == 413
        assert status(url, body=b"not json") == 400
        assert status(url) == 200


@contextmanager
def serving(command: str, folder: Path) -> Iterator[str]:
    """Run a command line with a free port; yield its URL, and check that Ctrl-C ends it in silence."""
    words = shlex.split(
        re.sub(r"^(ARTICLEQA_TOKEN=\$\(cat token\.txt\) )?articleqa mcp |--port 8000", "", command)
    )
    token = {"ARTICLEQA_TOKEN": (folder / "token.txt").read_text()} if "ARTICLEQA_TOKEN=" in command else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "articleqa", "mcp", *words, "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": USER_PATH, **token},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert line.startswith("articleqa: MCP server at http://"), line
        yield re.sub(r"//0\.0\.0\.0:", "//127.0.0.1:", line.split()[-1])
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 130
    finally:
        process.kill()
        process.communicate()


def status(url: str, *, body: bytes = LIST_TOOLS, length: int | None = None, **headers: str) -> int:
    """Return the status of a POST that says that its body has `length` bytes and sends `body`."""
    address = urlsplit(url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    if length is not None:
        sent["Content-Length"] = str(length)
    with closing(connection):
        connection.request("POST", address.path, body, sent)
        return connection.getresponse().status


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["gone/"], 1, "articleqa: gone/: no such file or folder"),
        (["a.txt", "kb"], 2, "kb: an index must be the only PATH"),
        (["toy://here"], 1, "articleqa: toy://…: no backend for 'toy'"),
        (["a.txt", "--port", "80"], 2, "--port is for --http"),
        (["a.txt", "--token", TOKEN], 2, "--token is for --http"),
        (
            ["a.txt", "--http", "--host", "0.0.0.0"],
            2,
            "--host 0.0.0.0 is open to other machines: give a --token",
        ),
        (["a.txt", "--http", "--token", "short"], 2, "--token must have 16 to 200 ASCII characters"),
        (["a.txt", "--http", "--host", "no such host"], 2, "give a --token"),
    ],
)
def test_mistake_is_told_in_a_line(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    (tmp_path / "a.txt").write_text("The mill closed in 1950.")
    ArticleIndex.create(tmp_path / "kb")
    done = python("-m", "articleqa", "mcp", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, b"")
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "from articleqa.__main__ import main; sys.argv = ['articleqa', 'mcp', 'seeds/']; main()",
        "from articleqa.mcp import create_server; create_server(None)",
    ],
)
def test_missing_sdk_is_named_with_its_extra(asked: str) -> None:
    done = python("-c", f"import sys; sys.modules['mcp'] = None; {asked}", cwd=ROOT)
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert "needs mcp" in last
    assert last.endswith('pip install "articleqa[mcp]"')


@loopback
def test_port_in_use_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mill closed in 1950.")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = python("-m", "articleqa", "mcp", "a.txt", "--http", "--port", str(port), cwd=tmp_path)
    assert done.returncode == 1
    told = f"articleqa: 127.0.0.1:{port}: cannot listen there (address already in use);"
    assert done.stderr.decode().startswith(told)


def test_server_ends_with_its_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mill closed in 1950.")
    done = python("-m", "articleqa", "mcp", "a.txt", cwd=tmp_path, stdin=b"no message\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_ctrl_c_ends_a_server_that_waits_for_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mill closed in 1950.")
    (given, write), (read, out) = os.pipe(), os.pipe()
    with (
        (tmp_path / "log").open("wb") as log,
        os.fdopen(write, "wb", 0) as requests,
        os.fdopen(read, "rb") as answers,
    ):
        process = start(
            ["-m", "articleqa", "mcp", "a.txt"],
            (given, out, log),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": USER_PATH},
        )
        os.close(given)
        os.close(out)
        requests.write(LIST_TOOLS + b"\n")
        assert answers.readline().startswith(b'{"jsonrpc":"2.0","id":1')
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT
    assert (tmp_path / "log").read_bytes() == b""
