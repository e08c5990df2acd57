"""The options `--text-field`, `--title-field`, `--strict` and `--quiet` of commands that load files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import click

from articleqa.cli.quiet import quiet_option

Command = Callable[..., Any]


class Loading(NamedTuple):
    """How files are loaded; see `load_articles`."""

    text_field: str | None = None
    title_field: str | None = None
    strict: bool = False


DEFAULT_LOADING = Loading()


def loading_options(command: Command) -> Command:
    """Add the options to a command; `--quiet` is no parameter of its function, the others are."""
    command = quiet_option(command)
    for what in ("title", "text"):
        command = click.option(
            f"--{what}-field", metavar="NAME", help=f"The CSV column or JSONL key with the {what}."
        )(command)
    return click.option("--strict", is_flag=True, help="Stop at the first file that cannot be read.")(command)
