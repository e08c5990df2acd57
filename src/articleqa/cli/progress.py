"""A sign of life on standard error, for work that takes more than a moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer

from articleqa.cli.plain import one_line
from articleqa.cli.screen import is_terminal

PATIENCE = 1.0
"""Seconds before there is anything to see."""

LONGEST = 60
"""Characters of the message."""


@contextmanager
def sign_of_life(message: str) -> Iterator[None]:
    """Show `message` and a spinner, after a second and on a terminal only, until the work is done."""
    if not is_terminal(sys.stderr):
        yield
        return
    with ExitStack() as spinner:
        timer = Timer(PATIENCE, _spin, (spinner, message))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()  # the spinner may be starting right now; the stack then stops it


def _spin(spinner: ExitStack, message: str) -> None:
    from rich.console import Console
    from rich.text import Text

    text = Text(one_line(message))
    text.truncate(LONGEST, overflow="ellipsis")
    spinner.enter_context(Console(stderr=True).status(text))
