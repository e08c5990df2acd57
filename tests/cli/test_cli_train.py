"""`articleqa train` on real, small sets: a ranker's file comes out, or one line that says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli
from articleqa.ranking.features import FEATURES
from articleqa.ranking.ranker import Ranker
from articleqa.training import ranker as learning
from towns import paragraph, towns

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with sets in both formats and an article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "towns.json").write_text(json.dumps({"data": towns()}), encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "harbour.txt").write_text(
        "It was cold. The harbour froze in 1740.", encoding="utf-8"
    )
    row = {
        "id": "1",
        "question": "When did the harbour freeze?",
        "kind": "when",
        "answers": [{"article": "harbour.txt", "quote": "in 1740"}],
    }
    (tmp_path / "harbour.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["train", *args], prog_name="articleqa", catch_exceptions=False)


def refused(result: Result, line: str) -> bool:
    return (result.exit_code, result.stdout, result.stderr) == (1, "", f"articleqa: {line}\n")


def misused(result: Result, problem: str) -> bool:
    return (result.exit_code, result.stdout) == (2, "") and result.stderr.endswith(f"Error: {problem}\n")


def test_a_ranker_comes_out_that_can_be_read(folder: Path) -> None:
    result = run("towns.json", "--out", "mine.json", "--folds", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()
    assert first == "mine.json: a ranker fitted to 12 questions"
    assert second.startswith("P@1 by words on held-out articles: ")
    assert 0.0 <= float(second.rpartition(" ")[2]) <= 1.0
    found = Ranker.from_json(Path("mine.json").read_text(encoding="utf-8"), "mine.json")
    assert found.about == "Fitted by `articleqa train` to 12 questions of towns.json."
    assert set(found.weights) == set(FEATURES)
    assert found.network is not None
    assert found.network.network.parameters.word_output.any()


def test_sets_of_both_formats_and_paragraphs_are_learned_from(folder: Path) -> None:
    (folder / "more.json").write_bytes((folder / "towns.json").read_bytes())
    result = run(
        "towns.json", "harbour.jsonl", "--articles", "notes", "--paragraphs", "more.json",
        "--out", "mine.json", "--folds", "0",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (0, "mine.json: a ranker fitted to 25 questions\n")
    about = Ranker.from_json(Path("mine.json").read_text(encoding="utf-8")).about
    assert about.endswith("to 25 questions of towns.json, harbour.jsonl, more.json.")


@pytest.mark.reader
@pytest.mark.slow
def test_the_same_sets_give_the_same_bytes_in_any_process(folder: Path) -> None:
    assert run("towns.json", "--out", "0.json", "--folds", "0").exit_code == 0
    command = [sys.executable, "-m", "articleqa", "train", "towns.json", "--out", "1.json", "--folds", "0"]
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "1"},
        timeout=300,
    )
    assert Path("0.json").read_bytes() == Path("1.json").read_bytes()


def test_one_article_has_none_to_hold_out(folder: Path) -> None:
    result = run("harbour.jsonl", "--articles", "notes", "--out", "mine.json")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "mine.json: a ranker fitted to 1 questions",
            "no P@1 on held-out articles: too few of them hold answers",
        ],
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "no questions: give .json files in SQuAD v2.0 format, or .jsonl files"),
        (("notes",), "notes: questions are .jsonl files, or .json files in SQuAD v2.0 format"),
        (("harbour.jsonl",), "harbour.jsonl needs --articles, the articles that its questions are about"),
        (
            ("--paragraphs", "harbour.jsonl", "--articles", "notes"),
            "harbour.jsonl needs --articles, the articles that its questions are about",
        ),
        (
            ("towns.json", "--articles", "notes"),
            "--articles is for .jsonl files; .json files hold their articles",
        ),
        (("towns.json", "--folds", "1"), "--folds 1 leaves nothing to train on; give 0, or at least 2"),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_a_usage_error(
    folder: Path, arguments: tuple[str, ...], problem: str
) -> None:
    assert misused(run(*arguments, "--out", "mine.json"), problem)
    assert not Path("mine.json").exists()


def test_a_missing_file_is_one_line(folder: Path) -> None:
    result = run("nope.json", "--out", "mine.json")
    assert refused(result, "nope.json: No such file or directory; give the path of a question file")


def test_out_is_not_optional(folder: Path) -> None:
    assert misused(run("towns.json"), "Missing option '--out'.")


def test_questions_whose_answers_never_come_up_are_one_line(folder: Path) -> None:
    text = "Rain is common. Farmers sell apples."
    document = {"title": "A", "paragraphs": [paragraph(text, ("Zebras?", "apples"))]}
    (folder / "zebras.json").write_text(json.dumps({"data": [document]}), encoding="utf-8")
    problem = (
        "zebras.json: no question has a right sentence among its candidates;"
        " check that the questions are about the articles"
    )
    assert refused(run("zebras.json", "--out", "mine.json"), problem)
    assert not Path("mine.json").exists()


def test_what_cannot_be_written_is_found_before_the_long_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "learn_ranker", None)
    file = str(Path("nowhere", "mine.json"))
    assert refused(run("towns.json", "--out", file), f"{file}: No such file or directory")
    result = run("towns.json", "--out", "notes")
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: Invalid value for '--out': File 'notes' is a directory.\n")


def test_an_older_ranker_stays_where_there_is_no_new_one(folder: Path) -> None:
    Path("mine.json").write_text("older")
    assert run("nope.json", "--out", "mine.json").exit_code == 1
    assert Path("mine.json").read_text() == "older"


def test_without_scipy_one_line_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    problem = 'articleqa train needs scipy; install it with: pip install "articleqa[train]"'
    assert refused(run("towns.json", "--out", "mine.json"), problem)
    assert not Path("mine.json").exists()
