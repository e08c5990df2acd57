"""Many files at once: in order, within limits, and a hostile one takes none of the others with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articleqa import Article, ArticleReadError, FailedFileWarning, SkippedFileWarning, load_articles
from articleqa.articles import bulk, pdf
from articleqa.articles.bulk import ArticleFile, Limits, Loaded, load_files
from articleqa.articles.contract import MissingLibraryError
from articleqa.articles.records import Fields

FORMATS = Path(__file__).parent / "fixtures" / "formats"
Extract = Callable[[bytes, str, str], Article]


@pytest.fixture
def extracted_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Extract], None]:
    """Have PDFs extracted by another function: the processes are forked after this."""

    def replace(extract: Extract) -> None:
        monkeypatch.setattr(pdf, "load_pdf", extract)

    return replace


def files(folder: Path, *names: str) -> Iterator[ArticleFile]:
    for name in names:
        (folder / name).write_bytes(b"%PDF-" + name.encode() if name.endswith(".pdf") else name.encode())
        yield ArticleFile(folder / name, name, name, named=False)


def loaded(folder: Path, *names: str, limits: Limits = bulk.LIMITS) -> list[Loaded]:
    return list(load_files(files(folder, *names), Fields(), limits=limits, workers=2))


def by_name(data: bytes, article_id: str, source: str) -> Article:
    name = data.removeprefix(b"%PDF-").decode()
    if name.startswith("slow"):
        time.sleep(0.3)
    if name.startswith("endless"):
        time.sleep(600)
    if name.startswith("huge"):
        bytearray(4_000_000_000)
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does where memory is short
    if name.startswith("odd"):
        raise RuntimeError("what a library may raise")
    if name.startswith("lacking"):
        raise MissingLibraryError("pdf")
    return Article(id=article_id, text=name, source=source)


def test_files_come_back_in_order_whatever_takes_longest(
    tmp_path: Path, extracted_by: Callable[[Extract], None]
) -> None:
    extracted_by(by_name)
    names = ["slow.pdf", "a.txt", "b.pdf", "slow2.pdf", *(f"{n}.pdf" for n in range(40)), "z.md"]
    found = loaded(tmp_path, *names)
    assert [each.file.article_id for each in found] == names
    assert [article.text for each in found for article in each.articles] == names


def test_a_hostile_file_is_told_of_and_takes_no_other_with_it(
    tmp_path: Path, extracted_by: Callable[[Extract], None]
) -> None:
    extracted_by(by_name)
    names = [
        "endless.pdf",
        "a.pdf",
        "huge.pdf",
        "b.pdf",
        "crash.pdf",
        "c.pdf",
        "odd.pdf",
        "lacking.pdf",
        "d.txt",
    ]
    start = time.monotonic()
    found = loaded(tmp_path, *names, limits=Limits(seconds=1.0, memory=500_000_000))
    assert time.monotonic() - start < 20
    assert {each.file.article_id: each.failed for each in found if each.failed} == {
        "endless.pdf": "not read within 1 seconds",
        "huge.pdf": "it needs too much memory",
        "crash.pdf": "the process that read it broke down",
        "odd.pdf": "cannot be read (RuntimeError: what a library may raise)",
        "lacking.pdf": "reading it needs a library: pip install 'articleqa[pdf]'",
    }
    assert [each.file.article_id for each in found if each.articles] == ["a.pdf", "b.pdf", "c.pdf", "d.txt"]


def test_what_fails_in_a_folder_is_a_warning_and_strictly_an_error(
    tmp_path: Path, extracted_by: Callable[[Extract], None]
) -> None:
    extracted_by(by_name)
    for file in files(tmp_path, "a.pdf", "odd.pdf", "z.jpg"):
        assert file.path.exists()
    with pytest.warns(SkippedFileWarning) as told:
        assert [article.id for article in load_articles(tmp_path)] == ["a.pdf"]
    assert [warning.category for warning in told] == [FailedFileWarning, SkippedFileWarning]
    with pytest.raises(ArticleReadError, match=r"odd\.pdf: cannot be read"):
        load_articles(tmp_path, strict=True)
    (tmp_path / "odd.pdf").unlink()
    with pytest.warns(SkippedFileWarning, match=r"z\.jpg: \.jpg files are not read from a folder"):
        assert len(load_articles(tmp_path, strict=True)) == 1


def test_where_processes_cannot_be_forked_files_are_read_by_this_one(
    tmp_path: Path, extracted_by: Callable[[Extract], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    extracted_by(by_name)
    monkeypatch.setattr(bulk, "can_fork", lambda: False)
    found = loaded(tmp_path, "a.pdf", "lacking.pdf", "b.txt")
    assert [len(each.articles) for each in found] == [1, 0, 1]
    assert found[1].failed.startswith("reading it needs a library")


def test_a_run_that_is_given_up_ends_its_processes(
    tmp_path: Path, extracted_by: Callable[[Extract], None]
) -> None:
    extracted_by(by_name)
    run = load_files(files(tmp_path, "a.pdf", "endless.pdf", "endless2.pdf"), Fields(), workers=2)
    assert next(run).articles
    start = time.monotonic()
    run.close()  # type: ignore[attr-defined]  # it is a generator
    assert time.monotonic() - start < 10


def test_a_process_that_may_have_none_of_its_own_reads_files_itself() -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        found = pool.apply(load_articles, (FORMATS / "docx" / "tea.docx",))
    assert [article.title for article in found] == ["Tea in the Quell Valley"]
