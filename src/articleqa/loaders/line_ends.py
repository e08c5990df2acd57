"""Lines within a paragraph (`<br>`): as in verse and addresses, they stay apart unless a sentence goes on.

Plain text is read in the same way: its line ends count unless the lines were wrapped to fit a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from articleqa.text.bullets import BULLETS
from articleqa.text.endings import ends_sentence
from articleqa.text.lines import lines_of
from articleqa.text.plain.wrapping import opens_paragraph, own_width

_LONGEST_OWN_LINE = 55
"""Of two lines, one of more characters without a full stop may be cut by a program: it goes on below. Where
programs cut three or more, some of them start with small letters."""

_OPENING = "\"'“”‘’„«»‹›([{*_¿¡"
_MARKER = regex.compile(rf"[{BULLETS}*–—-]\s|\(?\d{{1,3}}[.)]\s")


def with_line_ends(lines: Sequence[str]) -> str:
    """Return lines as one text, with a space between two if the second goes on with a sentence of the first.

    Empty without lines; no line may be empty, nor have line ends of its own.
    """
    text = "\n".join(lines)
    run = lines_of(text)
    width = own_width(text, run) if len(run) == len(lines) else None
    parts = [*lines[:1]]
    for number, (above, below) in enumerate(pairwise(lines)):
        if width is None:
            is_apart = are_apart(above, below, are_alone=len(lines) == 2)
        else:
            is_apart = opens_paragraph(text, run[number], run[number + 1], width)
        parts += ["\n" if is_apart else " ", below]
    return "".join(parts)


def are_apart(above: str, below: str, *, are_alone: bool = True) -> bool:
    """Return whether a line does not go on with a sentence of the line above it.

    `are_alone` says that there are no other lines beside the two.
    """
    if ends_sentence(above) or above.endswith(":") or _MARKER.match(below):
        return True
    if below.lstrip(_OPENING)[:1].islower():
        return False
    return not are_alone or len(above) <= _LONGEST_OWN_LINE
