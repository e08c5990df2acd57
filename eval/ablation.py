"""Print the P@1 of the ranker without each of its parts, as a Markdown table.

    python eval/ablation.py FILE... [--paragraphs FILE] [--articles PATH] [--ranker FILE] [--limit N]

The files are those that `articleqa eval` takes: .json in SQuAD v2.0 format, .jsonl about --articles. Each row
shows P@1 with one part switched off, and the difference from P@1 with everything on; nothing is retrained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from articleqa.cli.model_options import load_ranker
from articleqa.cli.output import emit
from articleqa.cli.question_sets import read_sets, set_options
from articleqa.evaluation import Ablation, QuestionSet, ablate
from articleqa.evaluation.ablation import MOST_QUESTIONS
from articleqa.evaluation.formatting import difference, ratio
from articleqa.exceptions import ArticleQAError
from articleqa.ranking.ranker import Ranker


@click.command()
@set_options
@click.option(
    "--ranker",
    "ranker_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this ranker file instead of the shipped one.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=MOST_QUESTIONS,
    show_default=True,
    help="At most this many questions of each set, sampled with a fixed seed.",
)
def main(
    questions: tuple[Path, ...],
    paragraphs: tuple[Path, ...],
    articles: str | None,
    ranker_file: Path | None,
    limit: int,
) -> None:
    """Print the P@1 of the ranker on QUESTIONS without each of its parts, as a Markdown table."""
    try:
        ranker = load_ranker(ranker_file)
        found = [
            (question_set.name, _ablated(question_set, ranker, limit))
            for question_set in read_sets(questions, paragraphs, articles)
        ]
    except ArticleQAError as error:
        raise click.ClickException(str(error)) from error
    emit("\n".join(markdown_lines(found)) + "\n")


def markdown_lines(ablations: Sequence[tuple[str, Ablation]]) -> Iterator[str]:
    """Yield the lines of a table with a row for each part switched off and a column for each question set."""
    columns = [found for _, found in ablations]
    yield _row("without", [f"{name} ({found.questions})" for name, found in ablations])
    yield _row("---", ["---:"] * len(ablations))
    yield _row("nothing", [ratio(found.p_at_1) for found in columns])
    for rows in zip(*(found.switched_off for found in columns), strict=True):
        changes = [
            None if off.p_at_1 is None or found.p_at_1 is None else off.p_at_1 - found.p_at_1
            for off, found in zip(rows, columns, strict=True)
        ]
        cells = [
            f"{ratio(off.p_at_1)} ({difference(change)})" for off, change in zip(rows, changes, strict=True)
        ]
        yield _row(rows[0].name, cells)


def _row(name: str, cells: Sequence[str]) -> str:
    return "| " + " | ".join([name, *cells]) + " |"


def _ablated(question_set: QuestionSet, ranker: Ranker | None, limit: int) -> Ablation:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(question_set.name, total=None)
        return ablate(
            question_set,
            ranker=ranker,
            limit=limit,
            on_answer=lambda done, total: progress.update(task, completed=done, total=total),
        )


if __name__ == "__main__":
    main(prog_name="python eval/ablation.py")
