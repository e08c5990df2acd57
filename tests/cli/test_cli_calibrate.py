"""`articleqa calibrate` on real, small sets: a confidence model comes out, or one line that says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from articleqa import ArticleIndex, load_articles
from articleqa.answering.confidence import ConfidenceModel, shipped_confidence
from articleqa.cli import cli
from articleqa.ranking.ranker import WORDS
from articleqa.training import calibration
from articleqa.training import calibration_data as making
from articleqa.training.threshold import Operation
from samples import ranker
from towns import paragraph, towns

ROOT = Path(__file__).parents[2]
HILLS = "The hills are green and round, and sheep graze there from the spring until the first snow. " * 8


def with_unanswerable() -> list[dict[str, Any]]:
    """Return the towns, each with a question that it does not answer, and of two passages."""
    documents = towns()
    for document in documents:
        first, second = document["paragraphs"]
        for one in (first, second):
            one["context"] += f" {HILLS}".rstrip()
        town = document["title"]
        asked = {"id": town, "question": f"Who burnt down {town}?", "answers": [], "is_impossible": True}
        first["qas"].append(asked)
    return documents


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a set and an article."""
    monkeypatch.chdir(tmp_path)
    write("towns.json", with_unanswerable())
    Path("notes").mkdir()
    Path("notes", "harbour.txt").write_text("It was cold. The harbour froze in 1740.", encoding="utf-8")
    return tmp_path


def write(name: str, documents: list[dict[str, Any]]) -> None:
    Path(name).write_text(json.dumps({"data": documents}), encoding="utf-8")


def run(*args: str, verb: str = "calibrate") -> Result:
    return CliRunner().invoke(cli, [verb, *args], prog_name="articleqa", catch_exceptions=False)


def refused(result: Result, line: str) -> bool:
    return (result.exit_code, result.stdout, result.stderr) == (1, "", f"articleqa: {line}\n")


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking a question would fail."""
    monkeypatch.setattr(making, "cases_of", None)


def test_a_model_comes_out_that_can_be_read(folder: Path) -> None:
    result = run("towns.json", "--out", "mine.json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = ConfidenceModel.load(Path("mine.json"))
    assert found.about == "Fitted by `articleqa calibrate` to towns.json."
    assert set(found.weights) == set(shipped_confidence(WORDS).weights)
    assert found.min_confidence == float(result.stdout.splitlines()[-1].split()[0])


def test_the_curve_is_printed_with_what_was_asked_and_how_it_did(folder: Path) -> None:
    lines = run("towns.json", "--out", "mine.json").stdout.splitlines()
    assert lines[0] == (
        "12 answerable  3 unanswerable  12 asked without the passage that answers  12 asked of other articles"
    )
    measures = dict(line.strip().rsplit(": ", 1) for line in lines[:7] if ": " in line)
    assert set(measures) == {
        "P@1 of the answerable",
        "AUROC, answerable against unanswerable",
        "AUROC, answerable against asked without the passage that answers",
        "AUROC, answerable against asked of other articles",
        "ECE",
    }
    assert all(0.0 <= float(value) <= 1.0 for value in measures.values())
    assert lines[7].split("  ") == ["", "threshold", "answered", "wrong of these"]
    *curve, chosen = [line.split() for line in lines[8:]]
    assert [row[0] for row in curve] == [f"{number / 10:.2f}" for number in range(10)]
    answered = [float(row[1]) for row in curve]
    assert answered[0] == 1.0
    assert answered == sorted(answered, reverse=True)
    assert chosen[3:] == ["<-", "min_confidence", "in", "mine.json"]
    assert float(chosen[2]) <= 0.55


def test_less_risk_gives_a_threshold_that_is_no_lower(folder: Path) -> None:
    found: list[float] = []
    for risk in ("1", "0.3", "0"):
        assert run("towns.json", "--out", "mine.json", "--risk", risk).exit_code == 0
        found.append(ConfidenceModel.load(Path("mine.json")).min_confidence)
    assert found == sorted(found)
    assert found[0] == 0.0 < found[-1]


def test_the_default_risk_is_a_fifth(folder: Path) -> None:
    assert run("towns.json", "--out", "mine.json").exit_code == 0
    chosen = run("towns.json", "--out", "other.json", "--risk", "0.2").stdout.splitlines()[-1]
    assert Path("mine.json").read_bytes() == Path("other.json").read_bytes()
    assert float(chosen.split()[2]) <= 0.2


def with_curve(monkeypatch: pytest.MonkeyPatch, *points: tuple[float, float, float]) -> None:
    """Let calibration measure `points`: thresholds, the share answered, and the share wrong of these."""
    curve = [Operation(threshold=each[0], coverage=each[1], risk=each[2]) for each in points]
    monkeypatch.setattr(calibration, "operations", lambda *_: curve)


def test_a_risk_that_cannot_be_met_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_curve(monkeypatch, (0.0, 1.0, 0.7), (0.5, 0.4, 0.33), (0.9, 0.1, 0.3), (1.0, 0.0, 0.0))
    Path("mine.json").write_text("older")
    result = run("towns.json", "--out", "mine.json")
    problem = "no threshold answers anything with at most 0.2 of the answers wrong; --risk 0.3 answers 10.0%"
    assert (result.exit_code, result.stderr) == (
        1,
        f"articleqa: towns.json: {problem}; mine.json is not written\n",
    )
    assert "       0.50     0.400           0.330\n" in result.stdout
    assert "min_confidence" not in result.stdout
    assert Path("mine.json").read_text() == "older"


def test_answers_that_are_always_wrong_are_said_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_curve(monkeypatch, (0.0, 1.0, 1.0), (1.0, 1.0, 1.0))
    result = run("towns.json", "--out", "mine.json")
    problem = "no threshold answers anything with at most 0.2 of the answers wrong; mine.json is not written"
    assert (result.exit_code, result.stderr) == (1, f"articleqa: towns.json: {problem}\n")


def test_a_threshold_that_answers_little_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_curve(monkeypatch, (0.0, 1.0, 0.7), (0.5, 0.4, 0.33), (0.9, 0.01, 0.0), (1.0, 0.0, 0.0))
    result = run("towns.json", "--out", "mine.json")
    told = "only 1.0% of the questions are answered at --risk 0.2; --risk 0.33 answers 40.0%"
    assert (result.exit_code, result.stderr) == (0, f"articleqa: towns.json: {told}\n")
    assert ConfidenceModel.load(Path("mine.json")).min_confidence == 0.9


def test_a_risk_at_which_everything_is_answered_is_said_in_a_line(folder: Path) -> None:
    result = run("towns.json", "--out", "mine.json", "--risk", "1")
    assert result.exit_code == 0
    assert ConfidenceModel.load(Path("mine.json")).min_confidence == 0.0
    told = "at --risk 1 the threshold is 0.00: every question is answered, right or wrong"
    assert result.stderr == f"articleqa: towns.json: {told}; a smaller --risk makes answers abstain\n"


@pytest.mark.parametrize("risk", ["1.5", "-0.1", "much"])
@pytest.mark.usefixtures("no_work")
def test_a_risk_is_a_share(folder: Path, risk: str) -> None:
    result = run("towns.json", "--out", "mine.json", "--risk", risk)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for '--risk'" in result.stderr


def test_questions_are_asked_by_the_model(folder: Path) -> None:
    assert run("towns.json", "--out", "mine.json").exit_code == 0
    question = "When did the harbour freeze?"
    result = run(question, "notes", "--confidence", "mine.json", "--json", verb="ask")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)["answer"]
    model = ConfidenceModel.load(Path("mine.json"))
    expected = ArticleIndex.from_articles(load_articles("notes"), confidence=model).ask(question)
    assert (answer["confidence"], answer["min_confidence"]) == (expected.confidence, model.min_confidence)
    shipped = json.loads(run(question, "notes", "--json", verb="ask").stdout)["answer"]
    assert answer["confidence"] != shipped["confidence"]


def test_questions_are_asked_by_the_ranker_given(folder: Path) -> None:
    # This one puts the sentence last that has the question's words.
    Path("backwards.json").write_text(ranker(overlap=-9.0).model_dump_json(), encoding="utf-8")
    assert "P@1 of the answerable: 1.000\n" in run("towns.json", "--out", "mine.json").stdout
    result = run("towns.json", "--out", "mine.json", "--ranker", "backwards.json")
    # Nothing is right, which is told in one line too.
    problem = "confidence needs both right and wrong answers to learn from"
    assert refused(result, f"towns.json: {problem}")


def test_the_same_set_gives_the_same_bytes_again_and_in_any_process(folder: Path) -> None:
    by_words = ("towns.json", "--ranker", "words", "--out", "mine.json")
    first = run(*by_words).stdout
    written = Path("mine.json").read_bytes()
    second = subprocess.run(
        [sys.executable, "-m", "articleqa", "calibrate", *by_words],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "1"},
        timeout=60,
    )
    assert second.stdout.decode().replace("\r\n", "\n") == first
    assert Path("mine.json").read_bytes() == written
    assert run(*by_words).stdout == first
    assert Path("mine.json").read_bytes() == written


def test_a_set_without_unanswerable_questions_says_what_was_not_measured(folder: Path) -> None:
    write("towns.json", towns())
    result = run("towns.json", "--out", "mine.json")
    assert result.exit_code == 0
    assert "  AUROC, answerable against unanswerable: not measured\n" in result.stdout


def test_help_says_which_mix_the_risk_is_of() -> None:
    shown = " ".join(run("--help").stdout.split())
    assert "the articles answer four of five questions" in shown


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "no questions: give .json files in SQuAD v2.0 format, or .jsonl files"),
        (("notes",), "notes: questions are .jsonl files, or .json files in SQuAD v2.0 format"),
        (
            ("towns.json", "--articles", "notes"),
            "--articles is for .jsonl files; .json files hold their articles",
        ),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_a_usage_error(
    folder: Path, arguments: tuple[str, ...], problem: str
) -> None:
    result = run(*arguments, "--out", "mine.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"Error: {problem}\n")
    assert not Path("mine.json").exists()


@pytest.mark.usefixtures("no_work")
def test_what_cannot_be_written_is_found_before_the_long_work(folder: Path) -> None:
    file = str(Path("nowhere", "mine.json"))
    assert refused(run("towns.json", "--out", file), f"{file}: No such file or directory")
    result = run("towns.json", "--out", "notes")
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: Invalid value for '--out': File 'notes' is a directory.\n")


@pytest.mark.usefixtures("no_work")
def test_without_scipy_one_line_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    problem = 'articleqa calibrate needs scipy; install it with: pip install "articleqa[train]"'
    assert refused(run("towns.json", "--out", "mine.json"), problem)
    assert not Path("mine.json").exists()


@pytest.mark.usefixtures("no_work")
def test_a_ranker_that_is_missing_or_damaged_is_one_line_that_names_it(folder: Path) -> None:
    result = run("towns.json", "--out", "mine.json", "--ranker", "nope.json")
    assert refused(result, "nope.json: No such file or directory")
    Path("torn.json").write_text(ranker(overlap=1.0).model_dump_json()[:30], encoding="utf-8")
    result = run("towns.json", "--out", "mine.json", "--ranker", "torn.json")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("articleqa: torn.json: the file: Invalid JSON")
    assert not Path("mine.json").exists()


def test_a_missing_set_is_one_line_and_an_older_model_stays(folder: Path) -> None:
    Path("mine.json").write_text("older")
    result = run("nope.json", "--out", "mine.json")
    assert refused(result, "nope.json: No such file or directory; give the path of a question file")
    assert Path("mine.json").read_text() == "older"


def test_one_article_alone_is_one_line_and_an_older_model_stays(folder: Path) -> None:
    write("one.json", with_unanswerable()[:1])
    Path("mine.json").write_text("older")
    problem = "the questions are about one article; calibration holds articles out, and needs two"
    assert refused(run("one.json", "--out", "mine.json"), f"one.json: {problem}")
    assert Path("mine.json").read_text() == "older"


def test_questions_for_which_nothing_comes_up_are_one_line(folder: Path) -> None:
    text = "Rain is common. Farmers sell apples."
    write("zebras.json", [{"title": "A", "paragraphs": [paragraph(text, ("Zebras?", "apples"))]}])
    problem = "no question has a candidate sentence; check that the questions are about the articles"
    assert refused(run("zebras.json", "--out", "mine.json"), f"zebras.json: {problem}")
    assert not Path("mine.json").exists()
