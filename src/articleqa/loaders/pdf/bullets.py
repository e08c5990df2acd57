"""Bullets set in glyphs that are known as something else: "!", "¢" or a letter of a symbol font."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from articleqa.loaders.pdf.lines import BULLET, NUMBERING, Row
from articleqa.loaders.pdf.words import Word

_FEWEST = 2
_FEWEST_ALIKE = 3
"""Minimum number of lines that begin with a bullet: of a font of its own, of the font of the text."""

_MOSTLY = 0.9
"""This share of a bullet's occurrences begin a line."""

_LEAST_GAP = 0.45
"""A bullet is at least this many font sizes from its text, more than a space is wide."""

_ARROWS = frozenset("→⇒")
"""Bullets that may be as near to their text as a word."""

_NO_BULLETS = frozenset("\"'“”‘’«»‹›„‚([{)]}$€£¥§#&%@=/\\.,;:?…")
"""Characters of the text's own font that begin lines for other reasons."""

_Glyph = tuple[str, str]
"""A character and the name of its font."""


def with_known_bullets(pages: Iterable[Sequence[Sequence[Row]]]) -> list[list[list[Row]]]:
    """Return the rows of each part of each page, with a bullet character for each glyph used as one."""
    laid_out = [[list(part) for part in parts] for parts in pages]
    totals = Counter[_Glyph]()
    starts = Counter[_Glyph]()
    places: dict[_Glyph, list[tuple[Word, Word]]] = defaultdict(list)
    for row in _rows(laid_out):
        totals.update((word.text, word.font) for word in row if len(word.text) == 1)
        glyph = row[0].text, row[0].font
        if _may_be_bullet(row):
            starts[glyph] += 1
            places[glyph].append((row[0], row[1]))
    bullets = {glyph for glyph, count in starts.items() if count >= _MOSTLY * totals[glyph]}
    bullets = {glyph for glyph in bullets if _is_bullet(glyph, places[glyph])}
    if not bullets:
        return laid_out
    return [[[_marked(row, bullets) for row in part] for part in parts] for parts in laid_out]


def _rows(pages: Sequence[Sequence[Sequence[Row]]]) -> Iterator[Row]:
    return (row for parts in pages for part in parts for row in part)


def _may_be_bullet(row: Row) -> bool:
    text = row[0].text
    return (
        len(row) > 1
        and len(text) == 1
        and not (text.isnumeric() or BULLET.match(text) or NUMBERING.fullmatch(text))
        and (text in _ARROWS or row[1].left - row[0].right >= _LEAST_GAP * row[1].size)
    )


def _is_bullet(glyph: _Glyph, places: Sequence[tuple[Word, Word]]) -> bool:
    """Return whether a glyph that begins lines is a bullet; each place is it and the word after it."""
    char, font = glyph
    if all(following.font != font for _, following in places):
        return len(places) >= _FEWEST and (not char.isalnum() or _is_aligned(places))
    return len(places) >= _FEWEST_ALIKE and not char.isalnum() and char not in _NO_BULLETS


def _is_aligned(places: Sequence[tuple[Word, Word]]) -> bool:
    """Return whether a glyph always stands equally far from its text."""
    gaps = [following.left - word.left for word, following in places]
    return max(gaps) - min(gaps) <= 1.0


def _marked(row: Row, bullets: set[_Glyph]) -> Row:
    if (row[0].text, row[0].font) not in bullets or not _may_be_bullet(row):
        return row
    return [row[0]._replace(text="•"), *row[1:]]
