"""Read question sets from the files named on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from articleqa.cli.paths import ArticlesPath, LocalPath
from articleqa.cli.reading import read_index
from articleqa.evaluation import QuestionSet, read_questions, read_squad

Command = Callable[..., Any]


def set_options(command: Command) -> Command:
    """Add to a command the parameters of `read_sets`: `questions`, `paragraphs` and `articles`."""
    for decorate in (
        click.option(
            "--articles",
            type=ArticlesPath(allow_dash=True),
            help="The articles that .jsonl questions are about.",
        ),
        click.option(
            "--paragraphs",
            multiple=True,
            type=LocalPath(path_type=Path),
            metavar="FILE",
            help="Read another .json set; treat each of its paragraphs as an article.",
        ),
        click.argument("questions", nargs=-1, type=LocalPath(path_type=Path)),
    ):
        command = decorate(command)
    return command


def refuse_other_kinds(path: Path) -> None:
    """Raise a usage error for a file without the suffix of a question file."""
    if path.suffix not in (".json", ".jsonl"):
        raise click.UsageError(f"{path}: questions are .jsonl files, or .json files in SQuAD v2.0 format")


def read_sets(
    questions: Sequence[Path], paragraphs: Sequence[Path], articles: str | None
) -> list[QuestionSet]:
    """Return the question sets of all files; in those of `paragraphs`, each paragraph is an article.

    Raises:
        click.UsageError: there is no file, one is of another kind, or `articles` is missing or not needed.
        ArticleQAError: a file or an article cannot be read.
    """
    if not questions and not paragraphs:
        raise click.UsageError("no questions: give .json files in SQuAD v2.0 format, or .jsonl files")
    for path in (*questions, *paragraphs):
        refuse_other_kinds(path)
        if path.suffix == ".jsonl" and (path in paragraphs or articles is None):
            raise click.UsageError(f"{path} needs --articles, the articles that its questions are about")
    lines = [path for path in questions if path.suffix == ".jsonl"]
    if articles is not None and not lines:
        raise click.UsageError("--articles is for .jsonl files; .json files hold their articles")
    about = tuple(read_index([articles]).articles.values()) if articles is not None else ()
    return [
        *(read_questions(path, about) if path in lines else read_squad(path) for path in questions),
        *(read_squad(path, paragraphs=True) for path in paragraphs),
    ]
