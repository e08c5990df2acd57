"""`articleqa ask --format`: answers as JSON, Markdown and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli
from articleqa.cli.answer_formats import COLUMNS

HARBOUR = "The harbour of Zorp froze in the winter of 1740."
QUESTION = "When did the harbour of Zorp freeze?"
UNKNOWN = "Who invented the xylophone?"


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "harbour.md").write_text(f"# Harbour\n\n{HARBOUR}\n\n- salt\n- =1+1 herrings\n")
    return folder


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", input=stdin)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_for_each_sentence_and_says_which_are_cited(notes: Path) -> None:
    done = run(QUESTION, "notes", "--format", "csv")
    assert (done.exit_code, done.stderr) == (0, "")
    first, *others = rows(done.stdout)
    assert tuple(first) == COLUMNS
    assert (first["sentence"], first["outcome"], first["rank"], first["cited"]) == (
        HARBOUR,
        "answered",
        "1",
        "yes",
    )
    text = (notes / "harbour.md").read_text()
    assert text[int(first["start"]) : int(first["end"])] == HARBOUR
    assert first["source"] == str(notes / "harbour.md")
    assert (first["section"], first["line"], first["page"]) == ("Harbour", "3", "")
    assert {row["cited"] for row in others} <= {"no"}


def test_the_confidence_in_csv_is_that_of_the_json() -> None:
    first, *_ = rows(run(QUESTION, "notes", "--format", "csv").stdout)
    answer = json.loads(run(QUESTION, "notes", "--json").stdout)["answer"]
    assert float(first["confidence"]) == answer["sentences"][0]["confidence"]


def test_a_cell_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe() -> None:
    told = rows(run("How many herrings?", "notes", "--format", "csv").stdout)
    assert "'=1+1 herrings" in {row["sentence"] for row in told}


def test_a_question_without_any_sentence_is_still_a_row_in_csv() -> None:
    (row,) = rows(run(UNKNOWN, "notes", "--ranker", "words", "--format", "csv").stdout)
    assert (row["question"], row["outcome"], row["sentence"]) == (UNKNOWN, "not found", "")


def test_every_citation_is_in_csv_also_beyond_the_sentences_asked_for(notes: Path) -> None:
    (notes / "mill.txt").write_text("The mill burned in 1801. The mill burned because of a spark.")
    question = "When and why did the mill burn?"
    cited = json.loads(run(question, "notes", "--top", "1", "--json").stdout)["answer"]["citations"]
    told = rows(run(question, "notes", "--top", "1", "--format", "csv").stdout)
    assert [row["sentence"] for row in told if row["cited"] == "yes"] == [each["quote"] for each in cited]


def test_markdown_is_a_quote_with_a_footnote() -> None:
    done = run(QUESTION, "notes", "--format", "markdown")
    quote, note = done.stdout.strip().split("\n\n")
    assert quote == f"> {HARBOUR}[^1]"
    assert note.startswith("[^1]: Harbour, line 3, characters ")


def test_many_questions_as_markdown_have_headings_and_footnotes_of_their_own() -> None:
    asked = f"{QUESTION}\n{UNKNOWN}\n{QUESTION}\n"
    told = run("--questions", "-", "notes", "--format", "markdown", stdin=asked).stdout
    assert [line for line in told.split("\n") if line.startswith("## ")] == [
        f"## {QUESTION}",
        f"## {UNKNOWN}",
        f"## {QUESTION}",
    ]
    assert [line[:5] for line in told.split("\n") if line.startswith("[^")] == ["[^1]:", "[^2]:"]
    assert "The articles do not say." in told


def test_many_questions_as_csv_share_one_header() -> None:
    told = rows(run("--questions", "-", "notes", "--format", "CSV", stdin=f"{QUESTION}\n{UNKNOWN}\n").stdout)
    assert [*dict.fromkeys(row["question"] for row in told)] == [QUESTION, UNKNOWN]


def test_json_is_a_format_like_the_others() -> None:
    assert run(QUESTION, "notes", "--format", "json").stdout == run(QUESTION, "notes", "--json").stdout
    assert run(QUESTION, "notes", "--format", "text").stdout == run(QUESTION, "notes").stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--json", "--format", "csv"], "--json and --format csv contradict each other"),
        (["--explain", "--format", "csv"], "--explain is for text and JSON"),
        (["--explain", "--format", "markdown"], "--explain is for text and JSON"),
        (["--format", "yaml"], "'yaml' is not one of"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], told: str) -> None:
    done = run(QUESTION, "notes", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("options", [["--format", "text"], ["--open"]])
def test_many_questions_are_not_printed_for_people_nor_opened(options: list[str]) -> None:
    done = run("--questions", "-", "notes", *options, stdin=QUESTION)
    assert done.exit_code == 2
    assert "--questions prints JSON, Markdown or CSV, and opens nothing" in done.stderr
