"""Evaluations as tables for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from articleqa.evaluation.formatting import length, ratio
from articleqa.evaluation.results import Evaluation, Miss, Scores, Share


def evaluations_json(evaluations: Iterable[Evaluation]) -> str:
    """Return `evaluations` as a JSON list; each states its `version`."""
    dumped = [evaluation.model_dump(mode="json") for evaluation in evaluations]
    return json.dumps(dumped, ensure_ascii=False, indent=2)


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """Print the metrics of all questions and of each kind, then the worst misses.

    The output is plain text unless `console` is a terminal; rich itself honours NO_COLOR.
    """
    overall = evaluation.overall
    _print_line(
        console,
        f"{evaluation.name}: {overall.questions} questions ({overall.answerable} answerable),"
        f" {evaluation.articles} articles, {evaluation.passages} passages."
        f" A sentence is right when it {evaluation.rule}.",
        style="bold",
    )
    for table in _tables(evaluation):
        console.print()
        console.print(table)
    if evaluation.misses:
        console.print()
        _print_line(console, "Worst misses", style="bold")
    for number, miss in enumerate(evaluation.misses, start=1):
        _print_miss(console, number, miss)


def _tables(evaluation: Evaluation) -> Iterator[Table]:
    yield _ranking(evaluation)
    yield _outcomes(evaluation)
    yield _confidence(evaluation)
    if evaluation.overall.short_answers is not None:
        yield _short_answers(evaluation)


def _ranking(evaluation: Evaluation) -> Table:
    table = _table(
        "First sentence, threshold off (chars: mean length of its quote)",
        ["answerable", "P@1", "chars", "MRR", "recall@3", "BM25\nP@1", "BM25\nchars"],
    )
    for name, scores in _rows(evaluation):
        baseline = scores.baseline
        table.add_row(
            name,
            str(scores.answerable),
            ratio(scores.p_at_1),
            length(scores.mean_quote_length),
            ratio(scores.mrr),
            ratio(scores.recall_at_3),
            ratio(baseline.p_at_1),
            length(baseline.mean_quote_length),
        )
    return table


def _outcomes(evaluation: Evaluation) -> Table:
    table = _table(
        f"Default threshold, {evaluation.min_confidence:.3g}",
        [
            "answerable:\nright",
            "\nwrong",
            "\nabstained",
            "unanswerable:\nabstained",
            "\nanswered",
        ],
    )
    for name, scores in _rows(evaluation):
        table.add_row(
            name,
            _share(scores.answered_right),
            _share(scores.answered_wrong),
            _share(scores.wrongly_abstained),
            _share(scores.rightly_abstained),
            _share(scores.wrongly_answered),
        )
    return table


def _confidence(evaluation: Evaluation) -> Table:
    table = _table(
        "Confidence that the first sentence is right", ["questions", "AUROC", "AURC", "ECE", "Brier"]
    )
    for name, scores in _rows(evaluation):
        table.add_row(
            name,
            str(scores.questions),
            ratio(scores.auroc),
            ratio(scores.aurc),
            ratio(scores.ece),
            ratio(scores.brier),
        )
    return table


def _short_answers(evaluation: Evaluation) -> Table:
    table = _table(
        "Short answers marked in first sentences, compared with the golds where the sentence is right",
        [
            "answerable:\nmarked",
            "right:\nquestions",
            "\nmarked",
            "\noverlap",
            "of those\nmarked",
            "\ncover",
            "\nEM",
            "\nF1",
        ],
    )
    for name, scores in _rows(evaluation):
        if (short := scores.short_answers) is not None:
            table.add_row(
                name,
                ratio(scores.marked),
                str(short.questions),
                ratio(short.marked),
                ratio(short.overlaps),
                ratio(short.overlaps_of_marked),
                ratio(short.covers),
                ratio(short.exact_match),
                ratio(short.f1),
            )
    return table


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("kind")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _rows(evaluation: Evaluation) -> Iterator[tuple[Text, Scores]]:
    yield Text("all", style="bold"), evaluation.overall
    for kind, scores in evaluation.kinds.items():
        yield Text(_printable(kind)), scores


def _share(share: Share) -> str:
    return "-" if share.rate is None else f"{share.count} {share.rate:6.1%}"


def _print_miss(console: Console, number: int, miss: Miss) -> None:
    _print_line(console, f"{number}. {miss.question} [{miss.id}, {miss.kind}]")
    _print_line(console, f"   {miss.outcome}, confidence {miss.confidence:.3f}", style="red")
    if miss.given is not None:
        place = f"{miss.given.article_id}:{miss.given.start}-{miss.given.end}"
        _print_line(console, f"   given: {miss.given.quote} ({place})")
    golds = " | ".join(dict.fromkeys(gold.text for gold in miss.golds))
    _print_line(console, f"   gold:  {golds or 'none, it is unanswerable'}")


def _print_line(console: Console, line: str, style: str = "") -> None:
    # As Text, so that rich does not read brackets in a question or an article as markup.
    console.print(Text(_printable(line), style=style), soft_wrap=True)


def _printable(text: str) -> str:
    """Replace line ends and control characters, which could steer a terminal, with spaces."""
    return "".join(char if char.isprintable() else " " for char in text)
