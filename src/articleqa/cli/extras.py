"""Check for optional packages before a command does any work."""

from __future__ import annotations

from importlib.util import find_spec

import click


def require(module: str, *, extra: str, wanted_by: str) -> None:
    """Check that `module`, which the extra `extra` installs, is there.

    Raises:
        ClickException: it is not; the message says that `wanted_by` needs it and how to install it.
    """
    if find_spec(module) is None:
        raise click.ClickException(
            f'{wanted_by} needs {module}; install it with: pip install "articleqa[{extra}]"'
        )
