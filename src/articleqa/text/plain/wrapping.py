"""Detection of lines that were wrapped to fit a page, per run of lines, and of where paragraphs start."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from articleqa.text.lines import Line, Run, ends_sentence, first_letter, starts_small

PAGE_WIDTHS = range(60, 131)
"""Widths of a page in columns. In narrower text (a quotation, a column) a line may simply be short."""

NARROWEST = 40
"""Columns of the narrowest text whose lines alone can show that it is wrapped."""

_NARROWEST_PREFORMATTED = 12
"""The same for a `pre`: all its lines are set by hand. Narrower lines are a list of words."""

_FEWEST_LINES = 3
"""A run of fewer lines shows too little on its own."""

_CAPITALS = 0.3
"""Least share of lines that start with a lower-case letter in wrapped prose, for a language that capitalises
nouns, as German does; in English, four lines in five do."""

_SMALL_IN_NARROW = 0.6
"""The same share where lines are narrower than a page: lines of verse start with capitals."""

_FILLED = 0.7
"""Share of the width that a line must fill to have been broken because the next word had no room."""

_USUAL = 0.8
"""Share of lines that are no wider than the page for which they were wrapped."""

_SLACK = 4
"""Columns by which a paragraph may be wider than its neighbours and still be wrapped like them."""

_LAST_SPACED_SCRIPT = "\u0e00"
"""Scripts whose words are written without spaces between them come after this character."""

_IDEOGRAPH = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]")


class Width(NamedTuple):
    """The column at which the lines of a run were wrapped, or None where its line ends count.

    `page` is the column of its neighbours, 0 if no run near it is wrapped.
    """

    columns: int | None
    page: int


def wrapped_widths(text: str, runs: Sequence[Run], *, is_preformatted: bool = False) -> list[Width]:
    """Return for each run whether and at which column its lines were wrapped.

    `is_preformatted` says that the text is that of a `pre`, as for `own_width`. A run that shows too little
    on its own, such as one of two lines, is judged by the width of the nearest wrapped runs before and after
    it.
    """
    own = [own_width(text, run, is_preformatted=is_preformatted) for run in runs]
    after: list[int | None] = []
    nearest: int | None = None
    for width in reversed(own):
        nearest = width or nearest
        after.append(nearest)
    after.reverse()
    widths: list[Width] = []
    before: int | None = None
    for run, width, next_width in zip(runs, own, after, strict=True):
        page = max(before or 0, next_width or 0)
        widths.append(Width(width or _width_with_neighbours(text, run, page), page))
        before = width or before
    return widths


def own_width(text: str, run: Run, *, is_preformatted: bool = False) -> int | None:
    """Return the column at which the lines of `run` were wrapped, or None if they do not show it.

    Prose in a `pre` (`is_preformatted`) may be wrapped at nearly any column, and some of its lines start with
    small letters, unlike those of verse.
    """
    width = _usual_width(run)
    narrowest, fewest = (_NARROWEST_PREFORMATTED, 2) if is_preformatted else (NARROWEST, _FEWEST_LINES)
    if not narrowest <= width < PAGE_WIDTHS.stop or len(run) < fewest or has_columns(text, run):
        return None
    going_on = broken = small = cased = 0
    for above, line in pairwise(run):
        letter = first_letter(text, line)
        goes_on = not ends_sentence(text, above)
        is_full = not has_room(text, above, line, width)
        broken += above.right >= _FILLED * width and (is_full or (letter.islower() and goes_on))
        small += letter.islower()
        cased += letter.islower() or (letter.isupper() and not text[line.start : line.end].isupper())
        going_on += goes_on and (is_full or letter.islower())
    pairs = len(run) - 1
    is_narrow = width not in PAGE_WIDTHS
    share = _SMALL_IN_NARROW if is_narrow and not is_preformatted else _CAPITALS
    enough_small = small >= share * cased and not (is_narrow and starts_small(text, run[0]))
    if is_preformatted and not small:
        return None
    return width if enough_small and 2 * broken >= pairs and 2 * going_on >= pairs else None


def _usual_width(run: Run) -> int:
    """Return the column that few lines exceed: in proportional type, some lines are wider than the page."""
    rights = sorted(line.right for line in run)
    return rights[int(_USUAL * (len(rights) - 1) + 0.5)]


def _width_with_neighbours(text: str, run: Run, page: int) -> int | None:
    """Return the width of a run that is wrapped like its neighbours, or of two lines that show it alone."""
    widest = max(line.right for line in run)
    if len(run) < 2 or widest >= PAGE_WIDTHS.stop or has_columns(text, run):
        return None
    if not page:
        goes_on = starts_small(text, run[1]) and not ends_sentence(text, run[0])
        is_wide = run[0].right in PAGE_WIDTHS and not has_room(text, run[0], run[1], widest)
        return widest if len(run) == 2 and goes_on and is_wide else None
    width = max(widest, page)
    is_wider = widest > page + _SLACK
    broken = sum(
        is_broken(text, above, line, width) and (starts_small(text, line) or not is_wider)
        for above, line in pairwise(run)
    )
    return width if 2 * broken >= len(run) - 1 else None


def has_columns(text: str, run: Run) -> bool:
    """Return whether most lines have a wider gap than justified lines do: three spaces."""
    gaps = text.count("   ", run[0].start, run[-1].end)
    if gaps < len(run) / 2:
        return False
    return 2 * sum(text.find("   ", line.start, line.end) >= 0 for line in run) > len(run)


def is_broken(text: str, above: Line, line: Line, width: int) -> bool:
    """Return whether text that is `width` columns wide continues from the line `above` to `line`."""
    if above.right < _FILLED * width:
        return False
    return not has_room(text, above, line, width) or goes_on_small(text, above, line)


def goes_on_small(text: str, above: Line, line: Line) -> bool:
    """Return whether `line` continues, with a lower-case letter, the sentence that `above` leaves open."""
    return starts_small(text, line) and not ends_sentence(text, above)


def goes_on_below(text: str, above: Line, line: Line, page: int) -> bool:
    """Return whether a sentence continues from `above` to `line` in a run that is not wrapped as a whole.

    `page` is the width of the wrapped text around the run: a line that fills it was broken there.
    """
    is_row = text.find("   ", line.start, line.end) >= 0
    return bool(page) and not is_row and not ends_sentence(text, above) and is_broken(text, above, line, page)


def has_room(text: str, above: Line, line: Line, width: int) -> bool:
    """Return whether the first word of `line` would have fitted on the line `above`."""
    if text[line.start] > _LAST_SPACED_SCRIPT and _IDEOGRAPH.match(text, line.start):
        return width - above.right > 1
    room = width - above.right - 1
    if room <= 0:
        return False
    return line.end - line.start <= room or text.find(" ", line.start, line.start + room + 1) >= 0


def opens_paragraph(text: str, above: Line, line: Line, width: int) -> bool:
    """Return whether `line` of a wrapped run opens a paragraph, as text directly below its heading does."""
    if starts_small(text, line):
        return False
    ended = ends_sentence(text, above)
    if ended and 2 <= line.indent - above.indent <= 8:
        return True
    if not has_room(text, above, line, width):
        return False
    return above.right < _FILLED * width or (ended and line.indent > above.indent)
