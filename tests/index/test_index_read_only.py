"""An index can be asked without permission to write in it, also while its owner writes to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex
from articleqa.loaders.paths import DATABASE
from commands import python
from user_path import USERS

STRANGER = 65534
"""Somebody else's user number ("nobody")."""

ASK = """
import os, sys, time
from articleqa import Article, ArticleIndex

folder, user, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
warm = ArticleIndex.from_articles([Article(id="w", text="The canal of Wum froze in 1801.")])
assert warm.ask("When did the canal of Wum freeze?").answered  # all imports, while files may be read
import articleqa.index.disk_backend
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
until = time.monotonic() + seconds
index = ArticleIndex.open(folder)
asked = 0
while not asked or time.monotonic() < until:
    answer = index.ask("When did the harbour of Zorp7 freeze?")
    assert answer.text == "The harbour of Zorp7 froze in 1707.", answer
    asked += 1
assert len(index.articles) >= 20
print(asked, os.access(folder, os.W_OK), len(index.articles))
index.close()
"""

is_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to be another user")


def article(number: int) -> Article:
    return Article(id=f"a{number}", text=f"The harbour of Zorp{number} froze in {1700 + number}.")


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that everybody may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def kb(home: Path) -> Path:
    with ArticleIndex.create(home / "kb") as index:
        index.add(article(number) for number in range(20))
    with ArticleIndex.open(home / "kb") as index:  # two segments, and some removed
        index.add(article(number) for number in range(20, 25))
        index.remove(["a3"])
    return home / "kb"


def ask(folder: Path, user: int = 0, seconds: float = 0.0) -> list[str]:
    done = python("-c", ASK, folder, str(user), str(seconds))
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().split()


def files_in(folder: Path) -> dict[str, tuple[int, int]]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


@is_root
def test_another_user_can_ask_and_leaves_no_trace(kb: Path) -> None:
    before = files_in(kb)
    assert ask(kb, STRANGER)[1:] == ["False", "24"]
    assert files_in(kb) == before


@is_root
@pytest.mark.slow
def test_another_user_can_ask_while_the_owner_writes(kb: Path) -> None:
    command = [sys.executable, "-c", ASK, str(kb), str(STRANGER), "4"]
    with subprocess.Popen(
        command, env=USERS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as stranger:
        number = 100
        while stranger.poll() is None:
            # Opened for each change, so that the log comes and goes.
            with ArticleIndex.open(kb) as index:
                index.add([article(number), article(number + 1)])
                index.remove([f"a{number}"])
            number += 2
        out, err = stranger.communicate()
    assert stranger.returncode == 0, err
    assert int(out.split()[0]) > 1
    assert number > 102


@is_root
def test_another_user_can_ask_what_a_killed_writer_left(kb: Path) -> None:
    script = (
        "import os, sys; from articleqa import Article, ArticleIndex\n"
        "index = ArticleIndex.open(sys.argv[1])\n"
        "index.add([Article(id='late', text='It came late.')])\n"
        "from articleqa.storage.sqlite.writer import DiskWriter\n"
        "DiskWriter.close = lambda self: os.kill(os.getpid(), 9)\n"
        "index.add([Article(id='later', text='It came later.')])\n"
    )
    python("-c", script, kb)
    assert (kb / f"{DATABASE}-wal").stat().st_size
    assert ask(kb, STRANGER)[2] == "26"


@is_root
def test_an_index_on_a_read_only_mount_can_be_asked(kb: Path, home: Path) -> None:
    mount = home / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(mount)], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        shutil.copytree(kb, mount / "kb")
        subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)
        assert ask(mount / "kb")[1:] == ["False", "24"]
    finally:
        subprocess.run(["umount", str(mount)], check=True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_index_that_nobody_may_change_can_be_asked(kb: Path) -> None:
    paths = [kb, *kb.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path, mode in zip(paths, modes, strict=True):
        path.chmod(mode & ~0o222)
    try:
        assert ask(kb)[1:] == ["False", "24"]
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


@is_root
def test_an_index_can_be_asked_where_no_temporary_folder_is(
    kb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("articleqa.retrieval.tantivy_calls.TemporaryDirectory", refuse)
    with ArticleIndex.open(kb) as index:
        assert index.ask("When did the harbour of Zorp7 freeze?").answered
