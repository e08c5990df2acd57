"""`articleqa cache`: what is kept for the next question, and how it is emptied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli
from articleqa.index.cache.folder import cache_folder

QUESTION = "When did the harbour of Zorp freeze?"


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("articleqa.index.cache.files.worth_caching", lambda *_: True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "harbour.txt").write_text("The harbour of Zorp froze in the winter of 1740.")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa")


def test_an_empty_cache_says_so() -> None:
    lines = run("cache", "info").stdout.splitlines()
    assert lines[1:] == ["indexes:   0", "size:      0.0 MB", "last used: never"]
    assert run("cache", "clear").stdout == "0 indexes removed, 0.0 MB\n"


def test_the_cache_is_counted_and_emptied() -> None:
    run(QUESTION, "harbour.txt")
    lines = run("cache", "info").stdout.splitlines()
    assert lines[:2] == [f"folder:    {cache_folder()}", "indexes:   1"]
    assert lines[2] != "size:      0.0 MB"
    assert run("cache", "clear").stdout.startswith("1 index removed, ")
    assert run("cache", "info").stdout.splitlines()[1] == "indexes:   0"
    assert run(QUESTION, "harbour.txt").stdout.startswith("The harbour of Zorp froze")


def test_nothing_is_removed_that_is_not_an_index_of_the_cache(asked: Path) -> None:
    run(QUESTION, "harbour.txt")
    (entry,) = cache_folder().iterdir()
    own, link = cache_folder() / "notes.txt", cache_folder() / f"{entry.name[:-1]}0"
    own.write_text("mine")
    link.symlink_to(asked)
    making = cache_folder() / ".making-abcd1234"
    making.mkdir()
    assert run("cache", "clear").stdout.startswith("1 index removed, ")
    assert {*cache_folder().iterdir()} == {own, link, making}
    assert (asked / "harbour.txt").exists()


def test_what_killed_processes_left_is_removed(asked: Path) -> None:
    run(QUESTION, "harbour.txt")
    left = cache_folder() / ".making-abcd1234"
    left.mkdir()
    os.utime(left, (0, 0))
    run("cache", "clear")
    assert not left.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may remove what others may not")
def test_a_cache_that_cannot_be_emptied_is_named() -> None:
    run(QUESTION, "harbour.txt")
    cache_folder().chmod(0o500)
    try:
        done = run("cache", "clear")
    finally:
        cache_folder().chmod(0o700)
    assert done.exit_code == 1
    assert f"{cache_folder()}: 1 cannot be removed" in done.stderr
