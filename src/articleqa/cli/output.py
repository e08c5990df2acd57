"""Writing to standard output: as UTF-8 whatever the locale says, and quiet when nobody reads on."""

from __future__ import annotations

import errno
import io
import os
import sys

import click

from articleqa.loaders.paths import reason_of

_OF_WRITING = {errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EDQUOT, errno.EBADF}
"""What goes wrong in writing to a file that is open, as on a full disk."""


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
        raise click.ClickException(_cannot_be_written(error)) from error


def write_failure(error: OSError) -> str | None:
    """Return the message for an `error` of writing to standard output; None where it is of something else."""
    if error.filename is None and error.errno in _OF_WRITING:
        return _cannot_be_written(error)
    return None


def _cannot_be_written(error: OSError) -> str:
    return f"standard output: cannot be written ({reason_of(error)})"


def silence_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
