"""What a verb needs beyond the base install: told in one line before any work where it is missing."""

from __future__ import annotations

from importlib.util import find_spec

import click


def require(module: str, *, extra: str, wanted_by: str) -> None:
    """Check that `module`, which the extra `extra` brings, is installed.

    Raises:
        ClickException: it is not; the message says who wants it and how to install it.
    """
    if find_spec(module) is None:
        raise click.ClickException(
            f'{wanted_by} needs {module}; install it with: pip install "articleqa[{extra}]"'
        )
