"""Files of many formats on the command line: what is read, what is told, and what stops it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
QUESTION = "Which fungus reached the valley in 2009?"
ANSWER = "A fungus called blister blight reached the valley in 2009 in plants from a garden centre."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    for kind in ("pdf", "docx", "html"):
        (tmp_path / "news" / f"tea.{kind}").write_bytes((FORMATS / kind / f"tea.{kind}").read_bytes())
    (tmp_path / "news" / "cut.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "news" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return tmp_path


def run(*args: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", input=stdin)


def test_many_formats_are_asked_and_skipped_files_are_named() -> None:
    done = run(QUESTION, "news", "--top", "1")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, ANSWER)
    assert "news/tea.pdf, page 3, “Trouble and research”" in done.stdout
    assert done.stderr.splitlines() == [
        "articleqa: skipped news/cut.pdf: a damaged PDF file; print it to a new one",
        "articleqa: skipped news/photo.jpg: picture files are not read; run OCR on it,"
        " and give the text or a PDF with text",
    ]


def test_adding_to_an_index_ends_with_what_became_of_the_files() -> None:
    done = run("index", "add", "kb", "news")
    assert (done.exit_code, done.stdout) == (0, "3 added, 0 replaced, 0 unchanged; 3 articles in kb\n")
    assert done.stderr.splitlines()[0] == "articleqa: 5 files: 3 loaded, 1 skipped, 1 failed"
    assert run("index", "add", "kb", "news").stdout.startswith("0 added, 0 replaced, 3 unchanged")
    assert run(QUESTION, "--index", "kb").stdout.splitlines()[0] == ANSWER


@pytest.mark.parametrize("args", [(QUESTION, "news", "--strict"), ("index", "add", "kb", "news", "--strict")])
def test_strictly_the_first_file_that_cannot_be_read_stops_it(args: tuple[str, ...]) -> None:
    done = run(*args)
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        done.stderr.splitlines()[-1] == "articleqa: news/cut.pdf: a damaged PDF file; print it to a new one"
    )


def test_the_fields_of_records_are_named_by_options(folder: Path) -> None:
    (folder / "rows.jsonl").write_text(json.dumps({"story": ANSWER, "head": "On blight", "n": 1}))
    done = run(QUESTION, "rows.jsonl")
    assert done.exit_code == 1
    told = "articleqa: rows.jsonl: line 1: none of the fields text, body, content, article, maintext;"
    assert done.stderr == f"{told} it has: story, head, n (--text-field and --title-field name others)\n"
    done = run(QUESTION, "rows.jsonl", "--text-field", "story", "--title-field", "head")
    assert done.stdout.splitlines()[:4:2] == [ANSWER, "On blight"]


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_standard_input_is_known_by_its_content(kind: str) -> None:
    data = (FORMATS / kind / f"tea.{kind}").read_bytes()
    assert run(QUESTION, "-", stdin=data).stdout.splitlines()[0] == ANSWER


def test_pruning_removes_what_a_file_holds_no_more(folder: Path) -> None:
    rows = [
        json.dumps({"text": f"The mill of {town} burnt down.", "id": town}) for town in ("Arden", "Brome")
    ]
    (folder / "news" / "rows.jsonl").write_text("\n".join(rows))
    assert run("index", "add", "kb", "news").stdout.startswith("5 added")
    (folder / "news" / "rows.jsonl").write_text(rows[1])
    told = run("index", "add", "kb", "news", "--prune").stdout
    assert told == "0 added, 1 replaced, 3 unchanged, 1 removed; 4 articles in kb\n"
    assert "Arden" not in run("index", "list", "kb").stdout
