"""The options `--ranker` and `--confidence`: your own models in place of the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from articleqa.cli.paths import LocalPath

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker

Command = Callable[..., Any]


def model_options(command: Command) -> Command:
    """Give a command the two options, as the parameters `ranker` and `confidence`."""
    command = click.option(
        "--confidence",
        type=LocalPath(path_type=Path),
        metavar="FILE",
        help="Use the confidence model in this file, from `articleqa calibrate`.",
    )(command)
    return click.option(
        "--ranker",
        type=LocalPath(path_type=Path),
        metavar="words|FILE",
        help="Rank by words alone, or use the ranker in this file, from `articleqa train`.",
    )(command)


def load_ranker(path: Path | None) -> Ranker | None:
    """Return the ranker in `path`, or the shipped one without the reader for "words"; None for None.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.ranking.ranker import WORDS, Ranker, shipped_ranker

    return shipped_ranker().without_reader() if str(path) == WORDS else Ranker.load(path)


def load_confidence(path: Path | None) -> ConfidenceModel | None:
    """Return the confidence model in `path`; None for the shipped one.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.answering.confidence import ConfidenceModel

    return ConfidenceModel.load(path)
