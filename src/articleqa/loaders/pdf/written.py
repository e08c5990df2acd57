"""Where the words of a PDF were written in the text of its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from articleqa.loaders.pdf.lines import Cell, Line
from articleqa.loaders.pdf.words import Word
from articleqa.loaders.text_builder import clean
from articleqa.models import Article

SOFT_HYPHEN = "\u00ad"


class Stretch(NamedTuple):
    """A part of an article's text, and what of one page was written there: lines, or the cells of a row.

    It starts and ends with the white space around it. Of the lines, `cut` says which were written without
    their last character, a hyphen.
    """

    page: int
    start: int
    end: int
    lines: Sequence[Line] = ()
    cut: Sequence[bool] = ()
    row: Sequence[Sequence[Cell]] = ()


class LaidOut(NamedTuple):
    """An article, the stretches of its text, and the words of the pages that were recognised, by index."""

    article: Article
    stretches: list[Stretch]
    recognised: dict[int, list[Word]]


class Run(NamedTuple):
    """A word in an article's text, from `start` to `end`.

    `orders` are the words of the page with index `page`, in drawing order, that it was made of: none for a
    bullet that is a shape. Words of one `line` are on one line of the page, or in one cell of a table.
    """

    start: int
    end: int
    page: int
    line: int
    orders: tuple[int, ...]


def runs_of(laid_out: LaidOut) -> Iterator[Run]:
    """Yield each word of an article in the order of its text.

    Between a line's words and the text, only white space and characters that cannot be shown are added or
    left out; so words and text are counted off against each other, character by character.
    """
    text = laid_out.article.text
    line = 0
    for stretch in laid_out.stretches:
        shown = [at for at in range(stretch.start, stretch.end) if not text[at].isspace()]
        done = 0
        for words, between in _lines_in(stretch):
            done += between
            for word, letters in words:
                if letters:
                    orders = (word.order,) if word.drawn is None else word.drawn
                    ends = shown[done], shown[done + letters - 1] + 1
                    yield Run(*ends, stretch.page, line, orders)
                    done += letters
            line += 1
        if done != len(shown):
            raise ValueError(f"{len(shown)} characters were written, but {done} laid out")


def _lines_in(stretch: Stretch) -> Iterator[tuple[Iterable[tuple[Word, int]], int]]:
    """Yield the words of each line of a stretch, with the number of characters written of each.

    With them comes the number of characters written before them: a line between two cells.
    """
    for line, is_cut in zip(stretch.lines, stretch.cut, strict=True):
        texts = [word.text for word in line.words]
        if is_cut:
            texts[-1] = texts[-1][:-1]
        texts = [text.replace(SOFT_HYPHEN, "") for text in texts]
        yield zip(line.words, map(_letters, texts), strict=True), 0
    for number, cells in enumerate(stretch.row):
        between = int(number > 0)
        for cell in cells:
            texts = [word.text for word in cell.words]
            last = texts[-1][-1:]
            texts = [text.replace(SOFT_HYPHEN, "") for text in (*texts[:-1], texts[-1][:-1])]
            texts[-1] += last
            yield zip(cell.words, map(_letters, texts), strict=True), between
            between = 0
        if between:
            yield (), between


def _letters(text: str) -> int:
    return len(clean(text).replace(" ", ""))
