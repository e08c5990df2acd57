"""The cache of the command as a process of its own: full disks, and several processes at once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from commands import python

QUESTION = "When did the harbour freeze?"
HARBOUR = "The harbour of Zorp froze in the winter of 1740."
MOST_BYTES = 40_960
"""Less than an index takes."""

COMMAND = """
from articleqa.__main__ import main
from articleqa.index.cache import folder
folder.WORTH_S = 0.0
main()
"""


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR)
    (folder / "ships.txt").write_text("\n\n".join(f"Ship {n} came in with tea." for n in range(100)))
    return folder


def run(cache: Path, *args: str, before: str = "") -> tuple[int, bytes, list[str]]:
    done = python("-c", before + COMMAND, QUESTION, *args, env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    return done.returncode, done.stdout, done.stderr.decode().splitlines()


LIMIT_FILE_SIZE = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({MOST_BYTES}, {MOST_BYTES}))"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a file system of `MOST_BYTES`."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MOST_BYTES}", "tmpfs", place], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a file system")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def check_answered_without(cache: Path, news: Path, before: str = "") -> None:
    expected = run(cache, str(news), "--no-cache")
    status, out, err = run(cache, str(news), before=before)
    assert (status, out) == expected[:2]
    assert HARBOUR in out.decode()
    assert len(err) == 1, err
    (line,) = err
    assert line.startswith(f"articleqa: {cache / 'articleqa' / 'indexes'}: cannot cache the index (")
    assert list((cache / "articleqa" / "indexes").iterdir()) == []


def test_files_that_may_not_grow_leave_the_answer(tmp_path: Path, news: Path) -> None:
    check_answered_without(tmp_path / "cache", news, LIMIT_FILE_SIZE)


def test_a_full_disk_leaves_the_answer(small_disk: Path, news: Path) -> None:
    check_answered_without(small_disk, news)


def test_a_disk_full_from_the_start_leaves_the_answer(small_disk: Path, news: Path) -> None:
    (small_disk / "articleqa" / "indexes").mkdir(parents=True)
    fill(small_disk)
    check_answered_without(small_disk, news)


def test_what_is_cached_is_asked_on_a_full_disk(small_disk: Path, news: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=20000000", small_disk], check=True)
    expected = run(small_disk, str(news))
    assert len(expected[2]) == 1
    assert "kept in" in expected[2][0]
    (kept,) = (small_disk / "articleqa" / "indexes").iterdir()
    fill(small_disk)
    assert run(small_disk, str(news)) == (0, expected[1], [])
    assert kept.exists()


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filling").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    assert shutil.disk_usage(disk).free == 0


@pytest.mark.slow
def test_processes_at_once_all_answer_the_same(tmp_path: Path, news: Path) -> None:
    cache = tmp_path / "cache"
    expected = run(cache, str(news), "--no-cache")[1]
    for change in ("", "Tea was drunk in Quax."):
        with (news / "ships.txt").open("a") as file:
            file.write(change)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda _: run(cache, str(news)), range(2)))
        assert [(status, out) for status, out, _ in done] == [(0, expected)] * 2
        assert all("cannot cache" not in line for _, _, err in done for line in err)
    with (news / "ships.txt").open("a") as file:
        file.write("Rye was grown in Zorp.")
    assert run(cache, str(news)) == (0, expected, [])
    assert len(list((cache / "articleqa" / "indexes").iterdir())) == 1
