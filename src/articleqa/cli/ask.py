"""`articleqa ask`: answer questions from articles."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

import click
from click.shell_completion import CompletionItem

from articleqa import __version__
from articleqa.answers import Answer
from articleqa.cli.answer_formats import Format, formatted
from articleqa.cli.filter_options import Choice, choice_options
from articleqa.cli.loading_options import Loading, loading_options
from articleqa.cli.model_options import load_confidence, load_ranker, model_options
from articleqa.cli.output import emit
from articleqa.cli.paths import command_line, exists, without_password
from articleqa.cli.reading import STANDARD_INPUT, read_index
from articleqa.cli.render import answer_lines, explanation_lines
from articleqa.cli.terminal import is_terminal, paint, this_screen
from articleqa.cli.usage_hints import AskCommand
from articleqa.exceptions import NotAnIndexError
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Citation
from articleqa.printing import one_line

ABSTAINED = 3
"""The exit code under `--fail-on-abstain` when the answer abstains."""


def _is_a_number(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):  # click.FloatRange accepts nan
        raise click.BadParameter("nan is not in the range 0<=x<=1.", ctx, option)
    return value


@click.command("ask", cls=AskCommand)
@click.argument(
    "words",
    nargs=-1,
    metavar="QUESTION PATH...",
    shell_complete=lambda _ctx, _param, incomplete: [CompletionItem(incomplete, type="file")],
)
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
@click.option(
    "--format",
    "form",
    type=click.Choice([*Format], case_sensitive=False),
    help="Print JSON with exact values, Markdown with footnotes, CSV with a row per sentence, or text.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--explain", is_flag=True, help="Show how each score was computed.")
@model_options
@click.option("--index", "folder", type=click.Path(), metavar="KB", help="Ask an index: a folder or a URL.")
@choice_options
@loading_options
@click.option("--no-cache", is_flag=True, help="Do not cache the index of large articles.")
@click.option(
    "--questions",
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help="Ask each line of FILE (- for standard input); print lines of JSON, or another --format.",
)
@click.option("--open", "to_open", is_flag=True, help="Open the cited file, at its page or line.")
@click.option("--fail-on-abstain", is_flag=True, help="Exit with code 3 if the articles do not say.")
@click.version_option(__version__, message="%(prog)s %(version)s", prog_name="articleqa")
def ask_command(
    words: tuple[str, ...],
    top: int,
    min_confidence: float | None,
    form: Format | None,
    as_json: bool,
    explain: bool,
    to_open: bool,
    fail_on_abstain: bool,
    ranker: Path | None,
    confidence: Path | None,
    folder: str | None,
    where: tuple[str, ...],
    since: str | None,
    until: str | None,
    text_field: str | None,
    title_field: str | None,
    strict: bool,
    no_cache: bool,
    questions: TextIO | None,
) -> None:
    """Ask articles a question.

    PATHs are files of any format that articleqa reads, folders of them, or - for standard input. To ask an
    index on disk (`articleqa index`), use --index instead. In a terminal, a PATH without a QUESTION prompts
    for questions.

    \b
    Examples:
      articleqa ask "When was the confederation shut down?" seeds/
      articleqa ask "Who pays?" a.txt b.md --min-confidence 0.5
      articleqa ask seeds/
      articleqa ask "Who pays?" --index kb/ --where author="Jane Doe" --since 2020
    """
    form = _form(form, as_json=as_json, explain=explain)
    choice = Choice.of(where, since, until)
    asking = _Asking(top, min_confidence, choice)
    loading = Loading(text_field, title_field, strict)
    reading = _Reading(folder, ranker, confidence, loading, cache=not no_cache)
    if questions is not None:
        _refuse_no_articles(words, folder)
        if to_open or form is Format.TEXT:
            raise click.UsageError("--questions prints JSON, Markdown or CSV, and opens nothing")
        _ask_all(questions, asking, reading.index(words), form or Format.JSON, explain=explain)
        return
    if _asks_line_after_line(words, folder):
        if fail_on_abstain or form not in (None, Format.TEXT):
            raise click.UsageError("--format, --json and --fail-on-abstain need a question before the path")
        from articleqa.cli.prompt import ask_line_after_line

        index = reading.index(words)
        show = _Showing(index, Format.TEXT, explain, to_open, lasting=True)
        ask_line_after_line(index, lambda question: show(asking.ask(index, question)))
        return
    _refuse_incomplete(words, folder)
    question, *paths = words
    index = reading.index(paths)
    answer = asking.ask(index, _as_typed(question))
    _Showing(index, form or Format.TEXT, explain, to_open)(answer)
    if fail_on_abstain and not answer.answered:
        raise click.exceptions.Exit(ABSTAINED)


def _form(form: Format | None, *, as_json: bool, explain: bool) -> Format | None:
    """Return the format that the options ask for; None if they do not say.

    Raises:
        UsageError: they contradict each other.
    """
    if as_json:
        if form not in (None, Format.JSON):
            raise click.UsageError(f"--json and --format {form} contradict each other: give one")
        form = Format.JSON
    if explain and form in (Format.MARKDOWN, Format.CSV):
        raise click.UsageError(f"--explain is for text and JSON: leave it out, or --format {form}")
    return form


@dataclass(frozen=True)
class _Showing:
    """How the answer to one question is printed, and whether its file is opened."""

    index: ArticleIndex
    form: Format
    explain: bool
    to_open: bool
    lasting: bool = False
    """Whether more questions follow, so that a file that cannot be opened does not end the command."""

    def __call__(self, answer: Answer) -> None:
        if self.form is Format.TEXT:
            self._print_for_people(answer)
        else:
            for text in formatted([answer], self.form, explain=self.explain, many=False):
                emit(text)
        if self.to_open and answer.shown_citations:
            self._open(answer.shown_citations[0])

    def _open(self, citation: Citation) -> None:
        from articleqa.cli.viewers import ViewerError, open_citation

        try:
            open_citation(citation)
        except ViewerError as error:
            if not self.lasting:
                raise
            click.echo(f"articleqa: {one_line(str(error))}", err=True)

    def _print_for_people(self, answer: Answer) -> None:
        screen = this_screen()
        lines = [*answer_lines(answer, self.index.articles, lit=screen.styled)]
        if self.explain:
            lines += explanation_lines(answer)
        emit(paint(lines, screen))


class _Asking(NamedTuple):
    """The options with which each question is asked."""

    top: int
    min_confidence: float | None
    choice: Choice

    def ask(self, index: ArticleIndex, question: str) -> Answer:
        (answer,) = self.ask_many(index, [question])
        return answer

    def ask_many(self, index: ArticleIndex, questions: Iterable[str]) -> Iterator[Answer]:
        return index.ask_many(
            questions,
            top_k=self.top,
            min_confidence=self.min_confidence,
            where=self.choice.where,
            since=self.choice.since,
            until=self.choice.until,
        )


@dataclass(frozen=True)
class _Reading:
    """Where articles are read from, and which models answer."""

    folder: str | None
    ranker: Path | None
    confidence: Path | None
    loading: Loading
    cache: bool

    def index(self, paths: Sequence[str]) -> ArticleIndex:
        # The models first, so that a bad model file is reported before articles are read.
        ranker, confidence = load_ranker(self.ranker), load_confidence(self.confidence)
        if self.folder is not None:
            try:
                return ArticleIndex.connect(self.folder, ranker=ranker, confidence=confidence)
            except NotAnIndexError as error:
                if not exists(self.folder):
                    raise
                asked = command_line("QUESTION", self.folder)
                raise click.ClickException(f"{error}; to ask articles, omit --index: {asked}") from error
        return read_index(paths, ranker=ranker, confidence=confidence, cache=self.cache, loading=self.loading)


def _ask_all(questions: TextIO, asking: _Asking, index: ArticleIndex, form: Format, *, explain: bool) -> None:
    """Print the answer to each non-blank line."""
    lines = (_as_typed(line.strip()) for line in questions if line.strip())
    try:
        for text in formatted(asking.ask_many(index, lines), form, explain=explain, many=True):
            emit(text)
    except UnicodeDecodeError:
        raise click.ClickException(f"{questions.name}: not UTF-8") from None


def _asks_line_after_line(words: tuple[str, ...], folder: str | None) -> bool:
    alone = not words if folder is not None else len(words) == 1 and exists(words[0])
    return alone and is_terminal(sys.stdin) and is_terminal(sys.stdout)


def _as_typed(question: str) -> str:
    """Return `question`, reading bytes that the locale could not decode as UTF-8, which they mostly are."""
    return question.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refuse_no_articles(words: tuple[str, ...], folder: str | None) -> None:
    """Raise a usage error unless `--questions` comes with either PATHs or `--index`."""
    if folder is not None and words:
        raise click.UsageError("--index and PATHs cannot be combined: give one or the other")
    if folder is None and not words:
        raise click.UsageError("no articles to ask: give a file or folder, or an index with --index")


def _refuse_incomplete(words: tuple[str, ...], folder: str | None) -> None:
    """Raise a usage error unless there is one question and either PATHs or `--index`."""
    if folder is not None:
        if not words or not words[0].strip():
            right = command_line("QUESTION", "--index", folder)
            shown = without_password(folder)
            raise click.UsageError(
                f"no question for {shown}: put one before --index, or ask in a terminal: {right}"
            )
        if len(words) > 1:
            raise click.UsageError("--index and PATHs cannot be combined: give one or the other")
        return
    if not words:
        raise click.UsageError("no question, and no articles to ask")
    if len(words) == 1 and exists(words[0]):
        asked = command_line("QUESTION", words[0])
        raise click.UsageError(
            f"no question for {words[0]}: put one before it, or ask in a terminal: {asked}"
        )
    if not words[0].strip():
        raise click.UsageError("the question is empty")
    if len(words) == 1:
        raise click.UsageError("no articles to ask: give a file or folder, or - for standard input")
    if "" in words[1:]:
        raise click.UsageError("a path is empty")
    if words[1:].count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input (-) can be read only once")
