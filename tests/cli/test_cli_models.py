"""`--ranker` and `--confidence`: models of one's own are gone by, or one line says why they cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from articleqa import ArticleIndex, load_articles
from articleqa.answering.confidence import ConfidenceModel, shipped_confidence
from articleqa.cli import cli
from articleqa.ranking.ranker import WORDS, Ranker
from samples import random_network, ranker
from towns import towns

QUESTION = "When did the harbour freeze?"
TEXT = "The harbour froze in 1740. It was cold. The sailors of the harbour waited for spring."
SURE = ConfidenceModel(
    about="", min_confidence=0.9, maybe_confidence=0.9, intercept=2.0, weights={"share": 1.0}
)
NEVER = ConfidenceModel(about="", min_confidence=0.5, maybe_confidence=0.5, intercept=-9.0, weights={})
BACKWARDS = ranker(overlap=-9.0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an article, a set, and models."""
    monkeypatch.chdir(tmp_path)
    Path("notes").mkdir()
    Path("notes", "harbour.txt").write_text(TEXT, encoding="utf-8")
    Path("towns.json").write_text(json.dumps({"data": towns()}), encoding="utf-8")
    for name, model in (
        ("backwards", BACKWARDS),
        ("network", ranker(random_network(), overlap=1.0)),
        ("sure", SURE),
        ("never", NEVER),
    ):
        Path(f"{name}.json").write_text(model.model_dump_json(), encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", catch_exceptions=False)


def asked(*args: str) -> dict[str, Any]:
    result = run("ask", QUESTION, "notes", "--json", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)["answer"]
    assert isinstance(answer, dict)
    return answer


def evaluated(*args: str) -> dict[str, Any]:
    result = run("eval", "towns.json", "--json", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    (evaluation,) = json.loads(result.stdout)
    assert isinstance(evaluation, dict)
    return evaluation


@pytest.mark.parametrize("name", ["backwards", "network"])
def test_asking_goes_by_the_ranker_given_as_the_library_does(folder: Path, name: str) -> None:
    given = Ranker.load(Path(f"{name}.json"))
    expected = ArticleIndex.from_articles(load_articles("notes"), ranker=given).ask(QUESTION)
    answer = asked("--ranker", f"{name}.json")
    assert [s["score"] for s in answer["sentences"]] == [s.score for s in expected.sentences]
    assert [s["text"] for s in answer["sentences"]] == [s.text for s in expected.sentences]
    assert [s["score"] for s in answer["sentences"]] != [s["score"] for s in asked()["sentences"]]


def test_a_ranker_given_decides_which_sentence_comes_first(folder: Path) -> None:
    assert asked()["sentences"][0]["text"] == "The harbour froze in 1740."
    assert asked("--ranker", "backwards.json")["sentences"][-1]["text"] == "The harbour froze in 1740."


def test_asking_goes_by_the_confidence_given_as_the_library_does(folder: Path) -> None:
    expected = ArticleIndex.from_articles(load_articles("notes"), confidence=SURE).ask(QUESTION)
    answer = asked("--confidence", "sure.json")
    assert answer["confidence"] == expected.confidence
    assert (answer["answered"], answer["min_confidence"]) == (expected.answered, 0.9)
    assert asked()["min_confidence"] == shipped_confidence(WORDS).min_confidence


def test_a_confidence_given_withholds_what_it_is_not_sure_of(folder: Path) -> None:
    assert asked()["answered"]
    answer = asked("--confidence", "never.json")
    assert (answer["answered"], answer["reason"]) == (False, "below threshold")
    assert asked("--confidence", "never.json", "--min-confidence", "0")["answered"]


def test_both_can_be_given_and_the_short_form_takes_them_too(folder: Path) -> None:
    expected = ArticleIndex.from_articles(load_articles("notes"), ranker=BACKWARDS, confidence=SURE)
    answer = expected.ask(QUESTION)
    models = ("--ranker", "backwards.json", "--confidence", "sure.json")
    for args in ((*models, QUESTION, "notes", "--json"), (QUESTION, "notes", *models, "--json")):
        found = json.loads(run(*args).stdout)["answer"]
        assert (found["confidence"], found["text"]) == (answer.confidence, answer.text)


def test_evaluating_goes_by_the_ranker_given(folder: Path) -> None:
    assert evaluated()["overall"]["p_at_1"] == 1.0
    assert evaluated("--ranker", "backwards.json")["overall"]["p_at_1"] == 0.0


def test_evaluating_goes_by_the_confidence_given(folder: Path) -> None:
    evaluation = evaluated("--confidence", "never.json")
    assert evaluation["min_confidence"] == 0.5
    assert evaluation["overall"]["wrongly_abstained"] == {"count": 12, "of": 12, "rate": 1.0}
    assert evaluated()["overall"]["wrongly_abstained"]["count"] == 0
    assert evaluation["overall"]["p_at_1"] == 1.0


VERBS = {"ask": ("ask", QUESTION, "notes"), "eval": ("eval", "towns.json")}


def refused(result: Result, line: str) -> bool:
    return (result.exit_code, result.stdout, result.stderr) == (1, "", f"articleqa: {line}\n")


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("option", ["--ranker", "--confidence"])
def test_a_model_that_cannot_be_read_is_one_line_that_names_it(folder: Path, verb: str, option: str) -> None:
    Path("latin.json").write_bytes('{"about": "Zürich"}'.encode("latin-1"))
    assert refused(run(*VERBS[verb], option, "nope.json"), "nope.json: No such file or directory")
    assert refused(run(*VERBS[verb], option, "latin.json"), "latin.json: not UTF-8")
    result = run(*VERBS[verb], option, "notes")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("articleqa: notes: ")


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize(
    ("option", "model"), [("--ranker", BACKWARDS), ("--confidence", SURE)], ids=["ranker", "confidence"]
)
def test_a_damaged_model_is_one_line_that_names_it_and_the_place(
    folder: Path, verb: str, option: str, model: Ranker | ConfidenceModel
) -> None:
    whole = json.loads(model.model_dump_json())
    without_version = {name: value for name, value in whole.items() if name != "version"}
    for text, place in (
        (json.dumps(whole)[:-9], "the file"),
        ("", "the file"),
        (json.dumps(whole | {"version": 99}), "version"),
        (json.dumps(without_version), "version"),
        (json.dumps(whole | {"weights": {"overlap": "heavy"}}), "weights.overlap"),
        (json.dumps(whole | {"speed": 1}), "speed"),
    ):
        Path("mine.json").write_text(text, encoding="utf-8")
        result = run(*VERBS[verb], option, "mine.json")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert result.stderr.startswith(f"articleqa: mine.json: {place}: ")


@pytest.mark.parametrize("verb", list(VERBS))
def test_one_model_is_not_taken_for_the_other(folder: Path, verb: str) -> None:
    for option, file in (("--ranker", "sure.json"), ("--confidence", "backwards.json")):
        result = run(*VERBS[verb], option, file)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
        assert result.stderr.startswith(f"articleqa: {file}: ")


def test_a_model_that_cannot_be_read_is_told_of_before_articles_are(folder: Path) -> None:
    result = run("ask", QUESTION, "nowhere", "--ranker", "nope.json")
    assert refused(result, "nope.json: No such file or directory")
    result = run("eval", "nowhere.json", "--confidence", "nope.json")
    assert refused(result, "nope.json: No such file or directory")
