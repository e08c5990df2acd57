"""The option `--quiet`, and the notes on standard error that it turns off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from articleqa.printing import one_line

Command = Callable[..., Any]

_QUIET = "articleqa.quiet"
"""The key in `Context.meta` that is set by `--quiet`."""


def quiet_option(command: Command) -> Command:
    """Add `--quiet` to a command; it is no parameter of the function."""
    return click.option(
        "--quiet",
        "-q",
        is_flag=True,
        expose_value=False,
        callback=_set_quiet,
        help="Print no warnings, notices or progress; errors are still printed.",
    )(command)


def is_quiet() -> bool:
    """Return whether the command that runs was given `--quiet`."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def note(message: str) -> None:
    """Print a warning or notice as one line on standard error, unless the command is quiet."""
    if not is_quiet():
        click.echo(f"articleqa: {one_line(message)}", err=True)


def _set_quiet(context: click.Context, _option: click.Parameter, value: bool) -> None:
    context.meta[_QUIET] = value
