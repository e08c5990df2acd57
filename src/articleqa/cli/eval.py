"""`articleqa eval`: ask question sets and measure the answers."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from rich.console import Console

from articleqa.answers import Answer
from articleqa.cli.extras import require
from articleqa.cli.model_options import load_confidence, load_ranker, model_options
from articleqa.cli.output import emit
from articleqa.cli.output_files import check_writable, opened
from articleqa.cli.paths import ArticlesPath, LocalPath
from articleqa.cli.progress import progress_bar
from articleqa.cli.question_sets import refuse_other_kinds
from articleqa.cli.reading import read_index
from articleqa.evaluation import (
    Ablation,
    EvaluatedSet,
    Evaluation,
    EvaluationQuestion,
    QuestionSet,
    ablate,
    evaluate,
    html_page,
    read_questions,
    read_squad,
    run_lines,
)
from articleqa.evaluation.report import evaluations_json, print_evaluation
from articleqa.evaluation.runner import SHOWN_MISSES
from articleqa.exceptions import ArticleQAError
from articleqa.index.article_index import ArticleIndex

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker


class _Models(NamedTuple):
    """The ranker and the confidence model to use; None stands for the shipped one."""

    ranker: Ranker | None
    confidence: ConfidenceModel | None


@click.command("eval", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("questions", nargs=-1, required=True, type=LocalPath(path_type=Path))
@click.option(
    "--articles", type=ArticlesPath(allow_dash=True), help="The articles that .jsonl questions are about."
)
@click.option("--paragraphs", is_flag=True, help="Treat each paragraph of a .json set as an article.")
@click.option("--limit", type=click.IntRange(min=1), help="Ask N questions, sampled with a fixed seed.")
@click.option(
    "--run",
    "run_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the sentences found as a TREC run.",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an HTML report on all files: charts, an ablation of the ranker, and misses.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one evaluation per file.")
@click.option(
    "--min-accuracy", type=click.FloatRange(0, 1), help="Exit with code 1 if P@1 is below this for any file."
)
@click.option(
    "--misses", type=click.IntRange(min=0), default=SHOWN_MISSES, show_default=True, help="Misses to show."
)
@model_options
def evaluate_command(
    questions: tuple[Path, ...],
    articles: str | None,
    paragraphs: bool,
    limit: int | None,
    run_file: Path | None,
    html_file: Path | None,
    as_json: bool,
    min_accuracy: float | None,
    misses: int,
    ranker: Path | None,
    confidence: Path | None,
) -> None:
    """Ask the questions of each file and measure the answers.

    QUESTIONS are .jsonl files about --articles, with one object per line (id, question, kind, and answers
    with article and quote), or .json files in SQuAD v2.0 format, which contain their articles.
    """
    _refuse_odd_combinations(questions, articles, paragraphs, run_file)
    if html_file is not None:
        require("jinja2", extra="report", wanted_by="--html")
        check_writable(html_file)
    models = _Models(load_ranker(ranker), load_confidence(confidence))
    evaluations: list[Evaluation] = []
    shown: list[EvaluatedSet] = []
    try:
        for path in questions:
            index, question_set = _read(path, articles, paragraphs, models)
            if limit is not None:
                question_set = question_set.sample(limit)
            evaluations.append(_evaluate(index, question_set, misses, run_file))
            if not as_json:
                emit("\n" * (len(evaluations) > 1) + _rendered(evaluations[-1]))
            if html_file is not None:
                ablation = _ablate(question_set, models.ranker)
                shown.append(EvaluatedSet(evaluations[-1], ablation, index.articles, index.passages))
    except ArticleQAError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        emit(evaluations_json(evaluations) + "\n")
    if html_file is not None:
        page = html_page(shown)
        with opened(html_file) as file:
            file.write(page)
    if min_accuracy is not None:
        _check_min_accuracy(min_accuracy, evaluations)


def _refuse_odd_combinations(
    questions: tuple[Path, ...], articles: str | None, paragraphs: bool, run_file: Path | None
) -> None:
    """Raise a usage error for options that would be ignored or do not fit the question files."""
    for path in questions:
        refuse_other_kinds(path)
        if path.suffix == ".jsonl" and articles is None:
            raise click.UsageError(f"{path} needs --articles, the articles that its questions are about")
    suffixes = {path.suffix for path in questions}
    if ".jsonl" not in suffixes and articles is not None:
        raise click.UsageError(f"{questions[0]} holds its articles; leave --articles out")
    if ".json" not in suffixes and paragraphs:
        raise click.UsageError(f"--paragraphs is for .json files; {questions[0]} is not one")
    if run_file is not None and len(questions) > 1:
        raise click.UsageError("--run writes the answers to one question file; give only one")


def _read(
    path: Path, articles: str | None, paragraphs: bool, models: _Models
) -> tuple[ArticleIndex, QuestionSet]:
    """Return the index to ask, and the questions of `path`."""
    if articles is None or path.suffix == ".json":
        question_set = read_squad(path, paragraphs=paragraphs)
        return ArticleIndex.from_articles(question_set.articles, **models._asdict()), question_set
    index = read_index([articles], **models._asdict())
    return index, read_questions(path, index.articles.values())


def _evaluate(
    index: ArticleIndex, question_set: QuestionSet, misses: int, run_file: Path | None
) -> Evaluation:
    with ExitStack() as stack:
        run = stack.enter_context(opened(run_file)) if run_file else None
        step = stack.enter_context(progress_bar(question_set.name, len(question_set.questions)))

        def note(question: EvaluationQuestion, answer: Answer) -> None:
            if run:
                run.writelines(f"{line}\n" for line in run_lines(question.id, answer))
            step()

        return evaluate(index, question_set, misses=misses, on_answer=note)


def _ablate(question_set: QuestionSet, ranker: Ranker | None) -> Ablation:
    with progress_bar(f"{question_set.name}, ablation", None) as step:
        return ablate(question_set, ranker=ranker, on_answer=lambda _, total: step(total=total))


def _rendered(evaluation: Evaluation) -> str:
    """Return the tables as text for standard output: coloured in a terminal, plain otherwise."""
    console = Console(highlight=False)
    with console.capture() as captured:
        print_evaluation(evaluation, console)
    return captured.get()


def _check_min_accuracy(min_accuracy: float, evaluations: list[Evaluation]) -> None:
    """Raise an error if P@1 is below `min_accuracy` or, without answerable questions, undefined."""
    for evaluation in evaluations:
        p_at_1 = evaluation.overall.p_at_1
        if p_at_1 is None:
            raise click.ClickException(f"{evaluation.name} has no answerable question, and so no P@1")
        if p_at_1 < min_accuracy:
            raise click.ClickException(f"{evaluation.name}: P@1 is {p_at_1:.4f}, below {min_accuracy}")
