"""`articleqa serve` as a user starts it, with the commands of docs/serve.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from articleqa import ArticleIndex
from articleqa.listening import listen
from commands import python
from user_path import USER_PATH

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if not line.startswith("pip install")
]
CURL = [line for line in COMMANDS if line.startswith("curl ")]
SERVE = [line for line in COMMANDS if line.startswith("articleqa serve")]
ENVIRONMENT = {**os.environ, "PYTHONPATH": USER_PATH, "BROWSER": "true", "NO_COLOR": "1"}

pytestmark = pytest.mark.enable_socket


def shell(command: str, folder: Path) -> list[str]:
    """Return the words that run a command of the page, with `kb/` in another folder."""
    moved = command.replace("kb/", f"{folder}/kb/")
    return ["bash", "-c", f'articleqa() {{ exec "{sys.executable}" -m articleqa "$@"; }}; {moved}']


@contextmanager
def running(command: str, folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a server on any free port; yield its address and its process."""
    with (folder / "log").open("wb") as log:
        words = shell(f"{command} --port 0 --workers 1", folder)
        process = subprocess.Popen(words, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=log)
    assert process.stdout is not None
    try:
        line = process.stdout.readline().decode()
        found = re.search(r" at (http://\S+)/ \(stop with Ctrl-C\)$", line)
        assert found, line + (folder / "log").read_text()
        yield found[1], process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            process.kill()
            process.stdout.close()


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_page_has_commands_of_each_kind() -> None:
    assert len(SERVE) == 4
    assert len(CURL) == 5
    assert len(COMMANDS) == len(SERVE) + len(CURL) + 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_commands_that_ask_get_what_the_page_says(tmp_path: Path) -> None:
    with running(SERVE[0], tmp_path) as (address, process):
        answers = []
        for line in CURL:
            done = subprocess.run(
                ["bash", "-c", line.replace("http://127.0.0.1:8080", address)],
                capture_output=True,
                timeout=120,
            )
            answers.append(json.loads(done.stdout))
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    asked, found, read, health, document = answers
    assert "January 4" in asked["answer"]["text"]
    assert found["schema"] == "articleqa.passages"
    assert len(read["article"]["text"]) == 100
    assert health["articles"] == 2
    assert document["openapi"].startswith("3.1")
    log = (tmp_path / "log").read_text().splitlines()
    requests = [line for line in log if re.fullmatch(r"[\d:]{8} (GET|POST) /api/\S+ 200, \d+ ms", line)]
    assert len(requests) == len(CURL)
    assert not any("Traceback" in line or "confederation" in line for line in log)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_commands_that_add_and_that_serve_others_do_so(tmp_path: Path) -> None:
    (added,) = (line for line in COMMANDS if line.startswith("articleqa index add"))
    subprocess.run(shell(added, tmp_path), cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True)
    uploads, others = SERVE[1:3]
    with running(uploads, tmp_path) as (address, _):
        assert "Add files" in get(f"{address}/add")[1]
    with running(others, tmp_path) as (address, _):
        status, page = get(address.replace("0.0.0.0", "127.0.0.1") + "/")
        assert status == 401
        assert "<h1>Token</h1>" in page
    assert len(ArticleIndex.open(tmp_path / "kb")) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs signals of POSIX")
@pytest.mark.parametrize("pause", [0.01, 0.05])
def test_ctrl_c_pressed_three_times_ends_it_in_silence(tmp_path: Path, pause: float) -> None:
    with running(SERVE[0], tmp_path) as (_, process):
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(pause)
        assert process.wait(30) in (130, -signal.SIGINT)
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_address_that_cannot_be_printed_is_an_error_of_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = python("-m", "articleqa", "serve", "seeds", "--port", "0", cwd=ROOT, stdout=full)
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line == "articleqa: standard output: cannot be written (no space left on device)"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["seeds", "--host", "0.0.0.0"], "open to other machines: give a --token"),
        (["seeds", "--host", "192.0.2.1", "--token", "short"], "must have 16 to 200 ASCII characters"),
        (["seeds", "--allow-upload"], "--allow-upload needs an index to add to"),
        (["nowhere"], "nowhere: no such file or folder"),
        (["seeds", "--port", "70000"], "70000 is not in the range"),
        (
            ["seeds", "--host", "no.such.host.invalid", "--token", "a-long-enough-token"],
            "cannot listen there",
        ),
    ],
)
def test_command_that_cannot_be_served_is_refused(arguments: list[str], told: str) -> None:
    done = python("-m", "articleqa", "serve", *arguments, cwd=ROOT)
    assert done.returncode in (1, 2)
    assert told in " ".join(done.stderr.decode().split())
    assert "Traceback" not in done.stderr.decode()


def test_port_that_is_taken_is_named_in_one_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        done = python("-m", "articleqa", "serve", "seeds", "--port", str(port), cwd=ROOT)
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert f"127.0.0.1:{port}: cannot listen there (address already in use)" in line
