"""Write to standard output: as UTF-8 whatever the locale, and without a traceback when the pipe is closed."""

from __future__ import annotations

import errno
import io
import os
import sys

import click

from articleqa.loaders.paths import reason_of

_WRITE_ERRNOS = {errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EDQUOT, errno.EBADF}
"""The errors of writing to an open file, such as a full disk."""


def emit(text: str) -> None:
    """Write `text` to standard output and flush it.

    Raises:
        BrokenPipeError: the process at the other end of the pipe has closed it.
        ClickException: `text` cannot be written, for example because the disk is full.
    """
    stream = sys.stdout
    if stream is None:  # standard output was closed before the start: nobody reads it
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
    """Return the message for an error of writing to standard output; None if `error` is another error."""
    if error.filename is None and error.errno in _WRITE_ERRNOS:
        return _cannot_be_written(error)
    return None


def _cannot_be_written(error: OSError) -> str:
    return f"standard output: cannot be written ({reason_of(error)})"


def silence_output() -> None:
    """Send buffered output to the null device, so that the interpreter's final flush does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
