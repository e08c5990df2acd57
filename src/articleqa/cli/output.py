"""Writing to standard output: as UTF-8 whatever the locale says, and quiet when nobody reads on."""

from __future__ import annotations

import io
import os
import sys

import click

from articleqa.articles.paths import reason_of


def emit(text: str) -> None:
    """Write `text` to standard output at once.

    Raises:
        BrokenPipeError: the reader has gone.
        ClickException: it cannot be written, as on a full disk.
    """
    stream = sys.stdout
    if stream is None:  # closed by the caller: there is nobody to tell
        return
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_output()
        raise click.ClickException(f"standard output: cannot be written ({reason_of(error)})") from error


def silence_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
