"""`articleqa cache`: what the cache of indexes holds, and how to empty it."""

from __future__ import annotations

from datetime import datetime

import click

from articleqa.cli.output import emit
from articleqa.index.cache.folder import cache_folder, clear, entries
from articleqa.printing import one_line


@click.group("cache")
def cache_command() -> None:
    """Show or empty the cache: indexes of files and folders that were asked, kept for the next question.

    Nothing is lost when it is emptied: the next question reads the articles again.
    """


@cache_command.command("info")
def info_command() -> None:
    """Show where the cache is, how many indexes it holds, their size, and when the last was used."""
    held = entries()
    used = max((entry.used for entry in held), default=None)
    rows = {
        "folder": one_line(str(cache_folder())),
        "indexes": f"{len(held):,}",
        "size": f"{_megabytes(sum(entry.size for entry in held))} MB",
        "last used": "never" if used is None else f"{datetime.fromtimestamp(used):%Y-%m-%d %H:%M}",
    }
    emit("".join(f"{name + ':':<11}{value}\n" for name, value in rows.items()))


@cache_command.command("clear")
def clear_command() -> None:
    """Remove all indexes from the cache, and nothing else from its folder."""
    removed = clear()
    size = _megabytes(sum(entry.size for entry in removed))
    emit(f"{len(removed):,} index{'es' * (len(removed) != 1)} removed, {size} MB\n")
    if left := len(entries()):
        raise click.ClickException(f"{cache_folder()}: {left:,} cannot be removed; see its permissions")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"
