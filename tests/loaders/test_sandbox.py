"""Many files at once: in order, within limits, and a hostile one takes none of the others with it."""

from __future__ import annotations

import multiprocessing
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import workloads
from articleqa import ArticleReadError, FailedFileWarning, SkippedFileWarning, load_articles
from articleqa._worker import Limits
from articleqa.loaders import sandbox
from articleqa.loaders.protocol import Fields
from articleqa.loaders.sandbox import ArticleFile, Loaded, load_files

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
HAS_LIMITS = sys.platform == "linux"
ADVICE = "split it, or save it in another format"

pytestmark = pytest.mark.workers


@pytest.fixture(autouse=True)
def pdfs_do_what_their_names_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_extract", workloads.extract_by_name)


def files(folder: Path, *names: str) -> Iterator[ArticleFile]:
    for name in names:
        (folder / name).write_bytes(b"%PDF-" + name.encode() if name.endswith(".pdf") else name.encode())
        yield ArticleFile(folder / name, name, name, named=False)


def loaded(folder: Path, *names: str, limits: Limits = sandbox.LIMITS) -> list[Loaded]:
    return list(load_files(files(folder, *names), Fields(), limits=limits, workers=2))


def test_files_come_back_in_order_whatever_takes_longest(tmp_path: Path) -> None:
    names = ["slow.pdf", "a.txt", "b.pdf", "slow2.pdf", *(f"{n}.pdf" for n in range(40)), "z.md"]
    found = loaded(tmp_path, *names)
    assert [each.file.article_id for each in found] == names
    assert [article.text for each in found for article in each.articles] == names


@pytest.mark.skipif(not HAS_LIMITS, reason="memory is limited on Linux alone of these systems")
def test_hostile_files_are_reported_and_others_read(tmp_path: Path) -> None:
    names = [
        "endless.pdf",
        "a.pdf",
        "huge.pdf",
        "stuck.pdf",
        "b.pdf",
        "crash.pdf",
        "c.pdf",
        "odd.pdf",
        "noisy.pdf",
        "lacking.pdf",
        "d.txt",
    ]
    found = loaded(tmp_path, *names, limits=Limits(seconds=1.0, memory=500_000_000))
    assert {each.file.article_id: each.failed for each in found if each.failed} == {
        "endless.pdf": f"it takes more than 1 seconds of processor time; {ADVICE}",
        "huge.pdf": "it needs too much memory; split it",
        "stuck.pdf": f"it takes more than 1 seconds of processor time; {ADVICE}",
        "crash.pdf": f"its worker process crashed (signal 9); {ADVICE}",
        "odd.pdf": "cannot be read (RuntimeError: what a library may raise);"
        " save it again or in another format",
        "lacking.pdf": "reading it needs a library: pip install 'articleqa[pdf]'",
    }
    read = ["a.pdf", "b.pdf", "c.pdf", "noisy.pdf", "d.txt"]
    assert [each.file.article_id for each in found if each.articles] == read


@pytest.mark.parametrize("name", ["notes.txt", "notes.md", "notes", "notes.docx"])
def test_an_archive_under_another_name_is_read_in_a_worker(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("crash.pdf", b"%PDF-crash")
    found = list(load_files([ArticleFile(tmp_path / name, name, name, named=True)], Fields(), workers=1))
    assert [each.failed for each in found] == [f"its worker process crashed (signal 9); {ADVICE}"]


def test_time_limit_counts_processor_time_not_the_clock(tmp_path: Path) -> None:
    found = loaded(tmp_path, "waiting.pdf", limits=Limits(seconds=1.0))
    assert [len(each.articles) for each in found] == [1]


def test_process_that_only_sleeps_is_ended_by_the_clock(tmp_path: Path) -> None:
    found = loaded(tmp_path, "asleep.pdf", "a.pdf", limits=Limits(clock_seconds=1.0))
    assert [each.failed for each in found] == [f"it takes more than 1 seconds; {ADVICE}", ""]


def test_what_fails_in_a_folder_is_a_warning_and_strictly_an_error(tmp_path: Path) -> None:
    for file in files(tmp_path, "a.pdf", "odd.pdf", "z.jpg"):
        assert file.path.exists()
    with pytest.warns(SkippedFileWarning) as told:
        assert [article.id for article in load_articles(tmp_path)] == ["a.pdf"]
    assert [warning.category for warning in told] == [FailedFileWarning, SkippedFileWarning]
    with pytest.raises(ArticleReadError, match=r"odd\.pdf: cannot be read"):
        load_articles(tmp_path, strict=True)
    (tmp_path / "odd.pdf").unlink()
    with pytest.warns(SkippedFileWarning, match=r"z\.jpg: picture files are not read; run OCR"):
        assert len(load_articles(tmp_path, strict=True)) == 1


@pytest.mark.parametrize("executable", ["", "/bin/false", "/nowhere/python"])
def test_where_no_process_starts_files_are_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    found = loaded(tmp_path, "a.pdf", "lacking.pdf", "b.txt")
    assert [len(each.articles) for each in found] == [1, 0, 1]
    assert found[1].failed.startswith("reading it needs a library")


def test_a_run_that_is_given_up_ends_its_processes(tmp_path: Path) -> None:
    run = load_files(files(tmp_path, "a.pdf", "endless.pdf", "endless2.pdf"), Fields(), workers=2)
    assert next(run).articles
    start = time.monotonic()
    run.close()  # type: ignore[attr-defined]  # it is a generator
    assert time.monotonic() - start < 10


def test_process_of_another_pool_reads_files_too() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(load_articles, (FORMATS / "docx" / "tea.docx",))
    assert [article.title for article in found] == ["Tea in the Quell Valley"]
