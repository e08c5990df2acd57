"""`articleqa calibrate`: fit a confidence model to question sets, and print its risk-coverage curve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from articleqa.cli.extras import require
from articleqa.cli.model_options import load_ranker
from articleqa.cli.output import emit
from articleqa.cli.output_files import check_writable, opened
from articleqa.cli.paths import LocalPath
from articleqa.cli.progress import progress_bar
from articleqa.cli.question_sets import read_sets, set_options
from articleqa.printing import one_line
from articleqa.training.threshold import threshold_for

if TYPE_CHECKING:
    from articleqa.training.calibration import Calibration
    from articleqa.training.calibration_data import Case
    from articleqa.training.threshold import Operation

SHOWN = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Thresholds of the curve that are printed, in addition to the chosen one."""

DEFAULT_RISK = 0.2
"""The risk of the shipped thresholds; chosen by judgement, not measured."""

FEW = 0.05
"""A share of questions answered; a threshold below it is of little use, and its risk is mostly chance."""


@click.command("calibrate")
@set_options
@click.option(
    "--ranker", type=LocalPath(path_type=Path), help="Use this ranker file instead of the shipped ranker."
)
@click.option(
    "--risk",
    type=click.FloatRange(0, 1),
    default=DEFAULT_RISK,
    show_default=True,
    help="The largest share of wrong answers that you accept among those given (on the mix above).",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the confidence model to this file.",
)
def calibrate_command(
    questions: tuple[Path, ...],
    paragraphs: tuple[Path, ...],
    articles: str | None,
    ranker: Path | None,
    risk: float,
    out: Path,
) -> None:
    """Fit a confidence model to your own questions, and print the results at each threshold.

    QUESTIONS are files in the formats of `articleqa eval`, about two or more articles. Each answerable
    question is also asked of articles that do not answer it: of its own article without the passage that
    answers, and of other articles. The curve is measured on articles that the model was not fitted to.
    Questions for which no sentence is found are left out.

    The risk and the curve are those of a mix as in real use: the articles answer four of five questions; one
    in five is unanswerable in the set, or asked of articles that do not answer it. If no threshold within
    --risk answers anything, no file is written (exit code 1); if the chosen one answers few questions, a
    line says which risk answers more; if a --risk above the default answers all, a line says so.

    Use the model with `articleqa --confidence FILE`. Needs scipy: pip install "articleqa[train]".
    """
    from articleqa.ranking.ranker import shipped_ranker
    from articleqa.training.calibration import calibrate
    from articleqa.training.calibration_data import cases_of

    require("scipy", extra="train", wanted_by="articleqa calibrate")
    asking = load_ranker(ranker) or shipped_ranker()
    sets = read_sets(questions, paragraphs, articles)
    check_writable(out)
    cases: list[Case] = []
    for question_set in sets:
        with progress_bar(question_set.name, None) as step:
            for case in cases_of(question_set, asking):
                cases.append(case)
                step()
    names = ", ".join(question_set.name for question_set in sets)
    try:
        result = calibrate(cases, about=f"Fitted by `articleqa calibrate` to {names}.", risk=risk)
    except ValueError as error:
        raise click.ClickException(f"{names}: {error}") from error
    met = result.chosen.coverage > 0 and result.chosen.risk <= risk
    emit("".join(f"{line}\n" for line in _lines(result, out if met else None)))
    if not met:
        problem = f"no threshold answers anything with at most {risk:g} of the answers wrong"
        raise click.ClickException(f"{names}: {problem}{_more(result)}; {out} is not written")
    with opened(out) as file:
        file.write(result.model.model_dump_json(indent=1) + "\n")
    if result.chosen.threshold == 0.0 and risk > DEFAULT_RISK:
        never = f"at --risk {risk:g} the threshold is 0.00: every question is answered, right or wrong"
        click.echo(one_line(f"articleqa: {names}: {never}; a smaller --risk makes answers abstain"), err=True)
    if result.chosen.coverage < FEW:
        answered = f"only {result.chosen.coverage:.1%} of the questions are answered at --risk {risk:g}"
        click.echo(one_line(f"articleqa: {names}: {answered}{_more(result)}"), err=True)


def _more(result: Calibration) -> str:
    """Return a clause with the least risk, in hundredths, that answers `FEW` or more; empty if none does."""
    for hundredth in range(1, 100):
        found = threshold_for(hundredth / 100, result.curve)
        if found.risk <= hundredth / 100 and found.coverage >= FEW:
            return f"; --risk {hundredth / 100:g} answers {found.coverage:.1%}"
    return ""


def _lines(result: Calibration, out: Path | None) -> Iterator[str]:
    """Yield the report: the cases, the measures, the curve and, if `out` is given, the chosen threshold."""
    yield "  ".join(f"{count} {kind}" for kind, count in result.cases.items())
    yield f"P@1 of the answerable: {_figure(result.p_at_1)}"
    yield "on held-out articles (ECE and thresholds on the mix that --help describes):"
    for kind, value in result.auroc.items():
        yield f"  AUROC, answerable against {kind}: {_figure(value)}"
    yield f"  ECE: {_figure(result.ece)}"
    yield "  threshold  answered  wrong of these"
    for point in result.curve:
        if point.threshold in SHOWN:
            yield _row(point)
    if out is not None:
        yield f"{_row(result.chosen)}   <- min_confidence in {out}"


def _row(point: Operation) -> str:
    return f"  {point.threshold:9.2f}  {point.coverage:8.3f}  {point.risk:14.3f}"


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"
