"""The options `--ranker` and `--confidence`, which replace the shipped models."""

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
    """Add the two options to a command, as the parameters `ranker` and `confidence`."""
    command = click.option(
        "--confidence",
        type=LocalPath(path_type=Path),
        metavar="FILE",
        help="Use this confidence model, made by `articleqa calibrate`.",
    )(command)
    return click.option(
        "--ranker",
        type=LocalPath(path_type=Path),
        metavar="words|FILE",
        help="Rank by words only, or use this ranker file, made by `articleqa train`.",
    )(command)


def load_ranker(path: Path | None) -> Ranker | None:
    """Return the ranker in the file `path`; for "words" the shipped one without the reader; None for None.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.ranking.ranker import WORDS, Ranker, shipped_ranker

    return shipped_ranker().without_reader() if str(path) == WORDS else Ranker.load(path)


def load_confidence(path: Path | None) -> ConfidenceModel | None:
    """Return the confidence model in the file `path`; None for None.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.answering.confidence import ConfidenceModel

    return ConfidenceModel.load(path)
