"""Print lines for standard output: styled and wrapped in a terminal, plain and unwrapped elsewhere."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable
from typing import NamedTuple

from articleqa.cli.render import Line
from articleqa.printing import one_line


class Screen(NamedTuple):
    """Standard output's width in columns to wrap at (None: do not wrap), and whether it shows styles."""

    width: int | None
    styled: bool


def this_screen() -> Screen:
    """Return the width and styling of this process's standard output."""
    if not is_terminal(sys.stdout):
        return Screen(width=None, styled=False)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    return Screen(width=shutil.get_terminal_size().columns, styled=not plain)


def is_terminal(stream: object) -> bool:
    """Return whether `stream` is a terminal; it may be None, which stands for a closed stream."""
    return isinstance(stream, io.TextIOBase) and not stream.closed and stream.isatty()


def paint(lines: Iterable[Line], screen: Screen) -> str:
    """Return the text that shows `lines` on `screen`."""
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
