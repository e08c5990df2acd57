"""Folders with what may not be read in them: one line each, and everything else is read."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articleqa import ArticleReadError, SkippedFileWarning, load_articles
from commands import python

NO_NEIGHBOUR = 65534

AS_ANOTHER_USER = """
import json, os, sys, warnings
from pathlib import Path
from articleqa import ArticleIndex, ArticleQAError, load_articles
kept = {kind: ArticleIndex.from_articles([]) for kind in ["memory"]}
for index in kept.values():  # as somebody who may read everything, and with all that is imported later
    index.add(load_articles(sys.argv[1]))
    index.ask("Who?")
folder = Path(sys.argv[1])
for name in sys.argv[3:]:
    (folder / name.partition("=")[0]).chmod(int(name.partition("=")[2], 8))
if os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        found = [article.id for article in load_articles(folder)]
    except ArticleQAError as error:
        found = str(error)
pruned = {kind: index.prune(folder) for kind, index in kept.items()}
print(json.dumps([found, [str(each.message) for each in caught], pruned]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of articles that other users may enter, which those of `tmp_path` may not."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    for name in ("a.txt", "closed/b.txt", "closed/deep/c.txt", "listed/d.txt", "listed/e.txt", "z/f.txt"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("The union was shut in 2017.\n")
    yield made
    for path, _, _ in os.walk(made):
        Path(path).chmod(0o700)
        for below in Path(path).iterdir():
            below.chmod(0o700)
    shutil.rmtree(made)


def load_as_another(folder: Path, *modes: str) -> list[object]:
    """Load `folder` after these changes of modes ("closed=000"), as a user that is not root."""
    ran = python("-c", AS_ANOTHER_USER, folder, str(NO_NEIGHBOUR), *modes)
    assert (ran.returncode, ran.stderr) == (0, b"")
    return list(json.loads(ran.stdout))


def test_a_closed_folder_or_file_is_one_warning(folder: Path) -> None:
    found, told, pruned = load_as_another(folder, "closed=000", "listed=444", "z/f.txt=000")
    assert found == ["a.txt"]
    assert told == [
        f"skipped {folder}/closed: the folder cannot be read (permission denied)",
        f"skipped {folder}/listed: the folder cannot be read (permission denied)",
        f"skipped {folder}/z/f.txt: cannot be read (permission denied)",
    ]
    assert pruned == {"memory": []}, "what may not be seen is not gone"


@pytest.mark.parametrize("mode", ["000", "444"])
def test_a_closed_folder_that_is_named_is_an_error(folder: Path, mode: str) -> None:
    found, told, _ = load_as_another(folder, f".={mode}")
    assert found == f"{folder}: the folder cannot be read (permission denied)"
    assert told == []


def test_links_that_loop_are_one_warning_each(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "there.txt").symlink_to("back.txt")
    (tmp_path / "back.txt").symlink_to("there.txt")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    with pytest.warns(SkippedFileWarning) as told:
        assert [article.id for article in load_articles(tmp_path)] == ["a.txt"]
    loops = [str(each.message) for each in told]
    assert [loop.partition(": ")[0] for loop in loops] == [
        f"skipped {tmp_path / name}" for name in ("back.txt", "self", "there.txt")
    ]
    assert all("symbolic links" in loop for loop in loops)
    with pytest.raises(ArticleReadError, match="self: cannot be read"):
        load_articles(tmp_path / "self")


@pytest.mark.parametrize("vanishes", ["sub", "sub/b.txt"])
def test_what_vanishes_while_it_is_read_is_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vanishes: str
) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt"):
        (tmp_path / name).write_text("a")
    scan = os.scandir

    def scan_and_lose(path: str) -> object:
        entries = list(scan(path))
        if Path(path) == tmp_path and vanishes == "sub":
            (tmp_path / "sub").rename(tmp_path.parent / f"{tmp_path.name} gone")
        elif Path(path) == tmp_path / "sub":
            (tmp_path / vanishes).unlink()
        return Entries(entries)

    monkeypatch.setattr(os, "scandir", scan_and_lose)
    with pytest.warns(SkippedFileWarning, match=rf"skipped {tmp_path / vanishes}: .*no such file") as told:
        assert [article.id for article in load_articles(tmp_path)] == ["a.txt"]
    assert len(told) == 1


class Entries(list[os.DirEntry[str]]):
    """What `os.scandir` returns, read before something vanished."""

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self

    def __next__(self) -> os.DirEntry[str]:
        if not self:
            raise StopIteration
        return self.pop(0)

    def __enter__(self) -> Entries:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_strict_stops_at_a_closed_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(top: Path, onerror: Callable[[OSError], None]) -> Iterator[object]:
        onerror(PermissionError(13, "Permission denied", str(top / "closed")))
        return iter(())

    monkeypatch.setattr(os, "walk", walk)
    with pytest.raises(ArticleReadError, match="closed: the folder cannot be read"):
        load_articles(folder, strict=True)
