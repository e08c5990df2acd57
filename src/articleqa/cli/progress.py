"""Spinners and progress bars on standard error, for work that takes a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer

from articleqa.cli.quiet import is_quiet
from articleqa.cli.terminal import is_terminal
from articleqa.printing import one_line

PATIENCE = 1.0
"""Seconds before the spinner appears."""

LONGEST = 60
"""The most characters of the spinner's message."""

WIDE = 60
"""The least columns of a terminal in which a progress bar shows the speed."""


@contextmanager
def sign_of_life(message: str) -> Iterator[None]:
    """Show `message` and a spinner until the work is done; only in a terminal, and only after a second.

    A quiet command shows none.
    """
    if not _is_wanted():
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
            timer.join()  # the spinner may be starting at this moment; the stack then stops it


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Show a progress bar while the work goes on; only in a terminal, and erased at the end.

    A quiet command shows none.
    Yields a function that advances the bar by one; its argument `total` sets the total if it was not known
    before. The bar fits on one line in any terminal; the speed is shown if there is room for it.
    """
    if not _is_wanted():
        yield _no_step
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console = Console(stderr=True)
    width = console.width
    columns = [
        TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis", max_width=max(1, width // 4)),
        ),
        BarColumn(bar_width=max(1, min(40, width // 5))),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    ]
    if width >= WIDE:
        columns.insert(3, TextColumn("{task.fields[speed]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(one_line(what), total=total, speed="")

        def step(*, total: int | None = None) -> None:
            speed = bar.tasks[0].speed  # None until it can be estimated
            bar.update(task, advance=1, total=total, speed="" if speed is None else f"{speed:.0f}/s")

        yield step


def _is_wanted() -> bool:
    # rich stands in for standard output meanwhile, and goes on doing so if that is closed.
    return not is_quiet() and is_terminal(sys.stderr) and sys.stdout is not None


def _no_step(*, total: int | None = None) -> None:
    """Advance no bar."""


def _spin(spinner: ExitStack, message: str) -> None:
    from rich.console import Console
    from rich.text import Text

    text = Text(one_line(message))
    text.truncate(LONGEST, overflow="ellipsis")
    spinner.enter_context(Console(stderr=True).status(text))
