"""Lines onto this terminal: bold and wrapped where it can, one line each in a pipe."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable
from typing import NamedTuple

from articleqa.cli.escaping import one_line
from articleqa.cli.render import Line


class Screen(NamedTuple):
    """What standard output can do: the columns to wrap at (None: do not wrap) and whether it has styles."""

    width: int | None
    styled: bool


def this_screen() -> Screen:
    """Return what the standard output of this process can do."""
    if not is_terminal(sys.stdout):
        return Screen(width=None, styled=False)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    return Screen(width=shutil.get_terminal_size().columns, styled=not plain)


def is_terminal(stream: object) -> bool:
    """Say whether `stream` (None where it was closed) is a terminal."""
    return isinstance(stream, io.TextIOBase) and not stream.closed and stream.isatty()


def paint(lines: Iterable[Line], screen: Screen) -> str:
    """Return `lines` as this screen shows them."""
    if screen.width is None:
        return "".join(f"{_plain(line)}\n" for line in lines)
    return _wrapped(lines, screen.width, screen.styled)


def _plain(line: Line) -> str:
    text = one_line("".join(text for text, _ in line.parts))
    return f"{line.mark:<{line.indent}}{text}".rstrip()


def _wrapped(lines: Iterable[Line], width: int, styled: bool) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        width=width,
        color_system="standard" if styled else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for line in lines:
            text = Text.assemble(*line.parts)
            for number, row in enumerate(text.wrap(console, max(1, width - line.indent))):
                row.rstrip()
                lead = f"{line.mark if not number else '':<{line.indent}}"
                console.print(Text(lead).append_text(row), soft_wrap=True)
    return capture.get()
