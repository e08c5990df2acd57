"""The options `--text-field`, `--title-field` and `--strict`, which control how files are loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import click

Command = Callable[..., Any]


class Loading(NamedTuple):
    """How files are loaded; see `load_articles`."""

    text_field: str | None = None
    title_field: str | None = None
    strict: bool = False


DEFAULT_LOADING = Loading()


def loading_options(command: Command) -> Command:
    """Add the three options to a command, as the parameters `text_field`, `title_field` and `strict`."""
    for what in ("title", "text"):
        command = click.option(
            f"--{what}-field", metavar="NAME", help=f"The CSV column or JSONL key with the {what}."
        )(command)
    return click.option("--strict", is_flag=True, help="Stop at the first file that cannot be read.")(command)
