from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from articleqa.evaluation import (
    BaselineScores,
    CoveragePoint,
    Evaluation,
    GoldAnswer,
    GoldRule,
    Miss,
    ReliabilityBin,
    Scores,
    Share,
    ShortAnswerScores,
    Verdict,
)
from articleqa.evaluation.report import evaluations_json, print_evaluation
from articleqa.models import Citation, Span

SCORES = Scores(
    questions=6,
    answerable=4,
    p_at_1=0.5,
    mean_quote_length=131.4,
    mrr=0.625,
    recall_at_3=0.75,
    baseline=BaselineScores(p_at_1=0.25, mean_quote_length=160.6),
    answered_right=Share(count=1, of=4, rate=0.25),
    answered_wrong=Share(count=2, of=4, rate=0.5),
    wrongly_abstained=Share(count=1, of=4, rate=0.25),
    rightly_abstained=Share(count=2, of=2, rate=1.0),
    wrongly_answered=Share(count=0, of=0, rate=None),
    aurc=0.531,
    auroc=None,
    ece=0.1,
    brier=0.2,
)
CITATION = Citation(
    article_id="tea.txt",
    title="",
    source="",
    start=5,
    end=30,
    line=1,
    quote="Tea [is] \x1b[31mgreen\nand “hot”.",
    prefix="",
    suffix="",
    context=Span(5, 30),
)
MISS = Miss(
    id="q1",
    question="What is [bold]tea[/]?",
    kind="what",
    outcome=Verdict.ANSWERED_WRONG,
    confidence=0.875,
    given=CITATION,
    golds=(GoldAnswer(article_id="tea.txt", start=0, text="hot"),),
)
EVALUATION = Evaluation(
    name="set.jsonl",
    rule=GoldRule.OVERLAPS,
    articles=2,
    passages=19,
    min_confidence=0.35,
    overall=SCORES,
    kinds={"what": SCORES, "how-many": SCORES},
    reliability=(ReliabilityBin(lower=0.8, upper=0.9, questions=6, mean_confidence=0.875, right=0.25),),
    risk_coverage=(CoveragePoint(coverage=0.5, risk=0.25), CoveragePoint(coverage=1.0, risk=0.75)),
    misses=(MISS, MISS.model_copy(update={"given": None, "golds": (), "outcome": Verdict.WRONGLY_ANSWERED})),
)


def printed(evaluation: Evaluation, *, width: int = 80, terminal: bool = False) -> str:
    out = io.StringIO()
    print_evaluation(
        evaluation,
        Console(file=out, width=width, highlight=False, force_terminal=terminal, legacy_windows=False),
    )
    return out.getvalue()


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_every_measure_is_in_the_tables_of_an_80_column_terminal() -> None:
    found = rows(printed(EVALUATION))
    assert ["all", "4", "0.500", "131", "0.625", "0.750", "0.250", "161"] in found
    assert ["how-many", "4", "0.500", "131", "0.625", "0.750", "0.250", "161"] in found
    outcomes = ["1", "25.0%", "2", "50.0%", "1", "25.0%", "2", "100.0%", "-"]
    assert ["all", *outcomes] in found
    assert ["all", "6", "-", "0.531", "0.100", "0.200"] in found


def test_short_answers_have_a_table_where_they_were_measured() -> None:
    short = ShortAnswerScores(questions=2, marked=0.8, covers=0.5, overlaps=0.6, exact_match=0.25, f1=0.4375)
    scores = SCORES.model_copy(update={"marked": 0.7, "short_answers": short})
    text = printed(EVALUATION.model_copy(update={"overall": scores, "kinds": {"what": scores}}))
    figures = ["0.700", "2", "0.800", "0.600", "0.750", "0.500", "0.250", "0.438"]
    assert ["all", *figures] in rows(text)
    assert ["what", *figures] in rows(text)
    assert "Short answers" not in printed(EVALUATION)


def test_the_report_says_what_was_measured_and_how() -> None:
    text = printed(EVALUATION)
    assert text.startswith("set.jsonl: 6 questions (4 answerable), 2 articles, 19 passages.")
    assert "A sentence is right when it overlaps a gold quote." in text
    assert "Default threshold, 0.35" in text


def test_misses_show_what_was_given_and_what_was_right() -> None:
    text = printed(EVALUATION)
    assert "1. What is [bold]tea[/]? [q1, what]" in text
    assert "answered wrong, confidence 0.875" in text
    assert "gold:  hot" in text
    assert "gold:  none, it is unanswerable" in text
    assert "Worst misses" not in printed(EVALUATION.model_copy(update={"misses": ()}))


@pytest.mark.parametrize("terminal", [False, True])
def test_a_quote_stays_on_its_line_and_cannot_steer_the_terminal(terminal: bool) -> None:
    text = printed(EVALUATION, terminal=terminal)
    assert "given: Tea [is]  [31mgreen and “hot”. (tea.txt:5-30)" in text


def test_what_is_not_a_terminal_gets_plain_text() -> None:
    assert "\x1b" not in printed(EVALUATION)
    assert "\x1b" in printed(EVALUATION, terminal=True)


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in printed(EVALUATION, terminal=True)


def test_counts_of_a_large_set_stay_on_one_line_in_80_columns() -> None:
    share = Share(count=7938, of=7938, rate=1.0)
    shares = (
        "answered_right",
        "answered_wrong",
        "wrongly_abstained",
        "rightly_abstained",
        "wrongly_answered",
    )
    scores = SCORES.model_copy(update=dict.fromkeys(shares, share))
    text = printed(EVALUATION.model_copy(update={"overall": scores}))
    assert ["all", *["7938", "100.0%"] * 5] in rows(text)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_tables_respect_the_width(width: int) -> None:
    without_misses = EVALUATION.model_copy(update={"misses": ()})
    lines = printed(without_misses, width=width).splitlines()[1:]
    assert max(len(line) for line in lines) <= width


def test_json_is_a_list_of_versioned_evaluations_that_read_back() -> None:
    dumped = evaluations_json([EVALUATION, EVALUATION])
    assert [Evaluation.model_validate(found) for found in json.loads(dumped)] == [EVALUATION, EVALUATION]
    assert json.loads(dumped)[0]["version"] == 1
    assert "“hot”" in dumped
