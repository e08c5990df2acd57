"""The options `--ranker` and `--confidence`: models of one's own in place of the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from articleqa.cli.paths import LocalPath

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.answering.ranker import Ranker

Command = Callable[..., Any]


def model_options(command: Command) -> Command:
    """Give a command the two options, as the parameters `ranker` and `confidence`."""
    for name, made_by in (("confidence", "calibrate"), ("ranker", "train")):
        command = click.option(
            f"--{name}",
            type=LocalPath(path_type=Path),
            metavar="FILE",
            help=f"The {name} to go by, from `articleqa {made_by}`.",
        )(command)
    return command


def load_ranker(path: Path | None) -> Ranker | None:
    """Return the ranker in `path`; None for the shipped one.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.answering.ranker import Ranker

    return Ranker.load(path)


def load_confidence(path: Path | None) -> ConfidenceModel | None:
    """Return the confidence model in `path`; None for the shipped one.

    Raises:
        DataFileError: the file cannot be read or is damaged.
    """
    if path is None:
        return None
    from articleqa.answering.confidence import ConfidenceModel

    return ConfidenceModel.load(path)
