"""Other packages add formats: by an entry point, as docs/contributing.md says, or by `register_format`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from articleqa import Article, SkippedFileWarning, load_articles
from articleqa.loaders import registry
from articleqa.loaders.file_reader import Reader
from articleqa.loaders.protocol import Fields, Format, MissingLibraryError, NamedData, optional_import
from articleqa.loaders.registry import register_format
from commands import python
from user_path import USER_PATH

pytestmark = pytest.mark.workers

LOADER = '''
"""A loader of lyrics with times (LRC)."""

import re

from articleqa.loaders.protocol import Format
from articleqa.models import Article


def load_lrc(data: bytes, article_id: str, source: str) -> Article:
    """Return the lines without their times."""
    lines = [re.sub(r"^\\[[\\d:.]+\\]", "", line) for line in data.decode().splitlines()]
    metadata = {"extractor": "lyrics-1"}
    return Article(id=article_id, text="\\n".join(lines), source=source, metadata=metadata)


LRC = Format("lyrics", suffixes=(".lrc",), load=load_lrc)
'''

LYRICS = """[00:01.00]The harbour of Zorp froze in 1740.
[00:04.00]Nobody could leave it until May.
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Install a package with a loader into a folder, as pip would: a module and its entry point."""
    site = tmp_path / "site"
    about = site / "lyrics-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "lyrics.py").write_text(LOADER)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: lyrics\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[articleqa.formats]\nlrc = lyrics:LRC\n")
    return site


def asked(package: Path, talks: Path, cache: Path) -> subprocess.CompletedProcess[bytes]:
    """Ask a folder with the package installed; the answer must be right."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(package), USER_PATH]),
        "XDG_CACHE_HOME": str(cache),
    }
    question = "When did the harbour of Zorp freeze?"
    done = python("-m", "articleqa", question, talks, "--ranker", "words", env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("The harbour of Zorp froze in 1740.")
    return done


def test_a_loader_of_another_package_reads_its_files_from_a_folder(package: Path, tmp_path: Path) -> None:
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "harbour.lrc").write_text(LYRICS)
    done = asked(package, talks, tmp_path / "cache")
    assert "harbour.lrc" in done.stdout.decode()


NOTES = '''
from articleqa.loaders.protocol import Format
from articleqa.models import Article


def load_notes(data: bytes, article_id: str, source: str) -> Article:
    """Return the lines below the signature."""
    return Article(id=article_id, text=data.decode().partition("\\n")[2], source=source)


def is_notes(name: str, head: bytes) -> bool:
    """Return whether a file begins with the signature, whatever its name is."""
    return head.startswith(b"%NOTES")


NOTES = Format("notes", load=load_notes, sniff=is_notes)
'''


def test_a_file_is_recognised_by_the_sniffer_of_another_package(package: Path, tmp_path: Path) -> None:
    (package / "lyrics.py").write_text(NOTES)
    (package / "lyrics-1.0.dist-info" / "entry_points.txt").write_text(
        "[articleqa.formats]\nnotes = lyrics:NOTES\n"
    )
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.xyz").write_text("%NOTES 1\nThe harbour of Zorp froze in 1740.\n")
    (folder / "b.xyz").write_text("The harbour of Quux froze in 1741.\n")
    script = "import sys, articleqa\nfor a in articleqa.load_articles(sys.argv[1]): print(a.id, a.text)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(package), USER_PATH])}
    command = [sys.executable, "-W", "ignore", "-c", script, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "a.xyz The harbour of Zorp froze in 1740.\n\n"


@pytest.fixture
def _no_registered_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", [])


def load_shouting(data: bytes, article_id: str, source: str) -> Article:
    return Article(id=article_id, text=data.decode().upper(), source=source)


def open_pages(file: NamedData, fields: Fields) -> Iterator[Article | NamedData]:
    del fields
    for number, part in enumerate(file.data.split(b"\f")):
        yield NamedData(part, f"{number}.txt", f"{file.article_id}/{number}", f"{file.source}/{number}")


@pytest.mark.usefixtures("_no_registered_formats")
def test_a_registered_format_comes_before_those_of_this_package(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 snow")
    register_format(Format("shouting", suffixes=(".txt",), load=load_shouting))
    register_format(Format("own PDF", load=load_shouting, sniff=lambda _, head: head.startswith(b"%PDF")))
    assert [article.text for article in load_articles(tmp_path)] == ["%PDF-1.7 SNOW", "IT RAINED."]


@pytest.mark.usefixtures("_no_registered_formats")
def test_a_registered_container_yields_files_that_are_read_in_turn(tmp_path: Path) -> None:
    (tmp_path / "a.book").write_bytes(b"It rained.\fIt snowed.\f\0\1")
    register_format(Format("book", suffixes=(".book",), members=open_pages))
    with pytest.warns(UserWarning, match="neither text nor a supported format"):
        found = load_articles(tmp_path)
    assert [(article.id, article.text) for article in found] == [
        ("a.book/0", "It rained."),
        ("a.book/1", "It snowed."),
    ]


def load_tables(data: bytes, article_id: str, source: str) -> Article:
    optional_import("no_such_library", extra="tables", package="lyrics")
    return Article(id=article_id, text=data.decode(), source=source)


@pytest.mark.usefixtures("_no_registered_formats")
def test_a_library_that_another_package_needs_is_named_by_its_package(tmp_path: Path) -> None:
    (tmp_path / "a.tab").write_text("It rained.")
    register_format(Format("tables", suffixes=(".tab",), load=load_tables))
    with pytest.warns(SkippedFileWarning, match=r"needs a library: pip install 'lyrics\[tables\]'"):
        load_articles(tmp_path)


@pytest.mark.parametrize(
    ("extra", "package", "wanted"), [("pdf", "articleqa", "articleqa[pdf]"), ("", "pysrt", "pysrt")]
)
def test_a_missing_library_says_what_installs_it(extra: str, package: str, wanted: str) -> None:
    with pytest.raises(MissingLibraryError) as caught:
        optional_import("no_such_library", extra=extra, package=package)
    assert str(caught.value) == f"reading it needs a library: pip install '{wanted}'"


def test_a_library_that_is_there_is_returned() -> None:
    assert optional_import("json", extra="pdf") is json


@pytest.mark.usefixtures("_no_registered_formats")
def test_registering_a_format_again_changes_nothing() -> None:
    added = Format("shouting", suffixes=(".txt",), load=load_shouting)
    register_format(added)
    register_format(added)
    assert registry.registered_formats() == (added,)


MAIN_SCRIPT = """
import sys
from articleqa import Article, Format, load_articles, register_format

def load_foo(data, article_id, source):
    return Article(id=article_id, text=data.decode().upper(), source=source)

register_format(Format("foo", suffixes=(".foo",), load=load_foo))
for article in load_articles(sys.argv[1]):
    print(article.id, len(article.text))
"""


def test_a_loader_in_the_main_script_leaves_other_formats_to_the_workers(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.foo").write_text("It rained.")
    (folder / "b.html").write_text("<html><body><p>It snowed all day long in the hills.</p></body></html>")
    script = tmp_path / "script.py"
    script.write_text(MAIN_SCRIPT)
    environment = {**os.environ, "PYTHONPATH": USER_PATH}
    command = [sys.executable, "-W", "error", str(script), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["a.foo", "b.html"]


@pytest.mark.parametrize(
    "content",
    ["import nothing_of_this_name", "raise SystemExit(5)", "LRC = 3"],
    ids=["import", "exit", "type"],
)
def test_a_broken_package_is_named_in_a_line_and_takes_nothing_with_it(
    package: Path, tmp_path: Path, content: str
) -> None:
    (package / "lyrics.py").write_text(content)
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "harbour.lrc").write_text(LYRICS)
    (talks / "harbour.txt").write_text("The harbour of Zorp froze in 1740.")
    done = asked(package, talks, tmp_path / "cache")
    assert "the format 'lrc' is not read: lyrics:LRC: " in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.usefixtures("_no_registered_formats")
def test_a_sniffer_that_fails_recognises_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    failing = Format("odd", suffixes=(".odd",), load=load_shouting, sniff=lambda *_: 1 // 0 > 0)
    register_format(failing)
    assert [article.text for article in load_articles(tmp_path)] == ["It rained."]


def load_failing(data: bytes, article_id: str, source: str) -> Article:
    raise TypeError("this loader is broken")


@pytest.mark.usefixtures("_no_registered_formats")
def test_a_loader_that_fails_on_a_part_leaves_the_other_parts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "It rained.")
        archive.writestr("b.bad", "It snowed.")
    register_format(Format("bad", suffixes=(".bad",), load=load_failing))
    reader = Reader(Fields())
    data = NamedData((tmp_path / "a.zip").read_bytes(), "a.zip", "a.zip", "a.zip")
    assert [article.text for article in reader.read(data)] == ["It rained."]
    assert reader.lost == [
        (
            "a.zip/b.bad",
            "cannot be read (TypeError: this loader is broken); save it again or in another format",
        )
    ]


@pytest.mark.parametrize("suffixes", [".lrc", (".LRC",), ("lrc",)])
def test_suffixes_that_no_file_matches_are_refused(suffixes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="suffixes must be in lower case with their dot"):
        Format("lyrics", suffixes=suffixes, load=load_shouting)


def test_what_is_no_format_or_loads_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must have either load or members"):
        Format("nothing", suffixes=(".no",))
    with pytest.raises(TypeError, match="a format must be a Format, not 'lrc'"):
        register_format("lrc")  # type: ignore[arg-type]
