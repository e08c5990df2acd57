"""`articleqa ask`: a question and articles in, an answer out."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from articleqa import __version__
from articleqa.cli.models import load_confidence, load_ranker, model_options
from articleqa.cli.output import emit
from articleqa.cli.reading import STANDARD_INPUT, read_index
from articleqa.cli.render import answer_lines, explanation_lines
from articleqa.cli.screen import is_terminal, paint, this_screen
from articleqa.collection import ArticleIndex
from articleqa.models import Answer

ABSTAINED = 3
"""The exit code of an answer that abstains, where `--fail-on-abstain` asks for one."""


def _is_a_number(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):  # which a range lets through
        raise click.BadParameter("nan is not in the range 0<=x<=1.", ctx, option)
    return value


@click.command("ask")
@click.argument("words", nargs=-1, metavar="QUESTION PATH...")
@click.option(
    "--top", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Sentences to show."
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    callback=_is_a_number,
    metavar="X",
    help="Abstain below this confidence (0 to 1).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, exact and in a stable format.")
@click.option("--explain", is_flag=True, help="Say for each sentence how its score came about.")
@model_options
@click.option("--fail-on-abstain", is_flag=True, help="Exit with 3 when the articles do not say.")
@click.version_option(__version__, message="%(prog)s %(version)s", prog_name="articleqa")
def ask_command(
    words: tuple[str, ...],
    top: int,
    min_confidence: float | None,
    as_json: bool,
    explain: bool,
    fail_on_abstain: bool,
    ranker: Path | None,
    confidence: Path | None,
) -> None:
    """Ask articles a question.

    PATHs are text and Markdown files, folders of them, or - for one article on standard input. With a
    PATH and no QUESTION, in a terminal, it asks line after line.

    \b
    Examples:
      articleqa ask "When was the confederation shut down?" seeds/
      articleqa ask "Who pays?" a.txt b.md --min-confidence 0.5
      articleqa ask seeds/
    """
    if _asks_line_after_line(words):
        if as_json or fail_on_abstain:
            raise click.UsageError("--json and --fail-on-abstain need a question: put it before the path")
        from articleqa.cli.prompt import ask_line_after_line

        index = _read(words, ranker, confidence)
        ask_line_after_line(
            index,
            lambda question: _show(
                index.ask(question, top_k=top, min_confidence=min_confidence), index, explain
            ),
        )
        return
    _refuse_incomplete(words)
    question, *paths = words
    index = _read(paths, ranker, confidence)
    answer = index.ask(_as_typed(question), top_k=top, min_confidence=min_confidence)
    if as_json:
        from articleqa.envelope import AnswerEnvelope

        emit(AnswerEnvelope.of(answer, explain=explain).to_json())
    else:
        _show(answer, index, explain)
    if fail_on_abstain and not answer.answered:
        raise click.exceptions.Exit(ABSTAINED)


def _read(paths: Sequence[str], ranker: Path | None, confidence: Path | None) -> ArticleIndex:
    # The models first: a file that is none is told of before articles are read.
    return read_index(paths, ranker=load_ranker(ranker), confidence=load_confidence(confidence))


def _show(answer: Answer, index: ArticleIndex, explain: bool) -> None:
    screen = this_screen()
    lines = [*answer_lines(answer, index.articles, lit=screen.styled)]
    if explain:
        lines += explanation_lines(answer.explain())
    emit(paint(lines, screen))


def _asks_line_after_line(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and _exists(words[0]) and is_terminal(sys.stdin) and is_terminal(sys.stdout)


def _as_typed(question: str) -> str:
    """Return `question` with bytes that the locale could not decode read as UTF-8, as they mostly are."""
    return question.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _exists(path: str) -> bool:
    try:
        return bool(path) and Path(path).exists()
    except OSError:  # a question is soon too long for a file's name
        return False


def _refuse_incomplete(words: tuple[str, ...]) -> None:
    """Raise a usage error that says what is missing."""
    if not words:
        raise click.UsageError("no question, and no articles to ask")
    if len(words) == 1 and _exists(words[0]):
        raise click.UsageError(f"no question for {words[0]}: put one before it, or ask in a terminal")
    if not words[0].strip():
        raise click.UsageError("the question is empty")
    if len(words) == 1:
        raise click.UsageError("no articles to ask: give a file or folder, or - for standard input")
    if "" in words[1:]:
        raise click.UsageError("a path is empty")
    if words[1:].count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input (-) can be read only once")
