"""The boxes of a span of text on the pages of its PDF, one for each line."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from articleqa.loaders.pdf.glyphs import Boxes, Glyphs, boxes_of_characters, glyphs_on, union
from articleqa.loaders.pdf.ocr import LINE_HEIGHT
from articleqa.loaders.pdf.words import Word
from articleqa.loaders.pdf.written import LaidOut, Run, runs_of
from articleqa.models import Span

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_TALL = 1.6
"""A character this many times as high as most of its line is a drop cap or a sign over several lines."""

_LINE_APART = 0.7
"""Characters are on different lines if their middles are more than this many heights apart; the middles of
raised and lowered ones are up to 0.5 heights from those of their line."""

_WIDE_GAP = 1.0
"""In a gap of more than this many heights, another character may stand."""

_UNITS = 1_000_000
"""pdfium places points on a page of this many pixels a side, in whole pixels."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page of a PDF.

    `page` counts from 1. The edges are fractions of the page as it is shown, turned and cropped: `left` and
    `right` of its width, from its left edge; `top` and `bottom` of its height, from its top edge.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word on a page of a PDF, and the box around it."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words on a page of a PDF, and its width and height in points as it is shown, turned and cropped."""

    width: float
    height: float
    words: tuple[PageWord, ...]


class TextMap:
    """Where each word of an article is on the pages of its PDF."""

    def __init__(self, laid_out: LaidOut) -> None:
        """Take what the loader laid out; only its words and their places are kept."""
        runs = list(runs_of(laid_out))
        self.extractor = str(laid_out.article.metadata["extractor"])
        self.text = laid_out.article.text
        self._runs = np.array(
            [(*run[:4], *run.orders, *[-1] * (2 - len(run.orders))) for run in runs], dtype=np.int32
        ).reshape(-1, 6)
        self._recognised = laid_out.recognised

    @property
    def size(self) -> int:
        """The approximate number of bytes that it takes."""
        return self._runs.nbytes + 4 * len(self.text)

    def runs_in(self, span: Span) -> Iterator[Run]:
        """Yield the words of a span, the first and the last as far as they are in it."""
        first = int(np.searchsorted(self._runs[:, 1], span.start, side="right"))
        last = int(np.searchsorted(self._runs[:, 0], span.end, side="left"))
        for start, end, page, line, *orders in self._runs[first:last].tolist():
            yield Run(start, end, page, line, tuple(order for order in orders if order >= 0))

    def boxes(self, document: PdfDocument, span: Span) -> Iterator[Box]:
        """Yield the boxes of a span of the text, line by line in the order of the text."""
        for number, runs in groupby(self.runs_in(span), key=attrgetter("page")):
            view = PageView(document, number, self._recognised.get(number))
            for _, line in groupby(runs, key=attrgetter("line")):
                drawn = [self._boxes_of(run, view.words, span) for run in line]
                for box in lines_in(np.vstack(drawn), view.turn, view.characters):
                    yield view.box(box)
            view.close()

    def _boxes_of(self, run: Run, words: Sequence[Glyphs], span: Span) -> Boxes:
        drawn = [words[order] for order in run.orders]
        if not drawn:  # a bullet that is a shape
            return np.empty((0, 4))
        boxes = boxes_of_characters(
            self.text[run.start : run.end],
            "".join(each.text for each in drawn),
            np.vstack([each.boxes for each in drawn]),
        )
        return boxes[max(0, span.start - run.start) : span.end - run.start]


class PageView:
    """A page as it is shown: its words in drawing order, and where a box on it is."""

    def __init__(self, document: PdfDocument, number: int, recognised: Sequence[Word] | None) -> None:
        """Open the page with this index; `recognised` are its words if it was scanned."""
        self.words = glyphs_on(document, number) if recognised is None else list(map(_as_glyphs, recognised))
        self.turn = self.words[0].turn if self.words else 0
        self.characters = np.vstack([np.empty((0, 4)), *(each.boxes for each in self.words)])
        self._page = document[number]
        self._number = number
        self._is_scan = recognised is not None
        self.width, self.height = self._page.get_size()

    def box(self, box: Boxes) -> Box:
        """Return the box around points of the page's own system; of a scan, of the page as it is shown."""
        left, low, right, high = box.tolist()
        one, other = self._shown(left, high), self._shown(right, low)
        (left, right), (top, bottom) = (_within_page(*ends) for ends in zip(one, other, strict=True))
        return Box(self._number + 1, left, top, right, bottom)

    def box_of(self, word: Glyphs) -> Box | None:
        """Return the box around a word; None if it takes no space."""
        has_area = (word.boxes[:, 2] > word.boxes[:, 0]) & (word.boxes[:, 3] > word.boxes[:, 1])
        return self.box(union(word.boxes[has_area])) if has_area.any() else None

    def close(self) -> None:
        """Close the page."""
        self._page.close()

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        if self._is_scan:
            return x / max(self.width, 1e-3), 1 - y / max(self.height, 1e-3)
        import pypdfium2.raw as pdfium

        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, _UNITS, _UNITS, 0, x, y, across, down)
        return across.value / _UNITS, down.value / _UNITS


def _within_page(edge: float, other: float) -> tuple[float, float]:
    first, last = sorted(min(1.0, max(0.0, each)) for each in (edge, other))
    return first, last


def _as_glyphs(word: Word) -> Glyphs:
    """Return a recognised word with equally wide characters; only the edges of words are known."""
    edges = np.linspace(word.left, word.right, len(word.text) + 1)
    bottom = np.full(len(word.text), -word.y)
    boxes = np.stack([edges[:-1], bottom, edges[1:], bottom + LINE_HEIGHT * word.size], axis=1)
    return Glyphs(word, boxes, 0)


def lines_in(boxes: Boxes, turn: int, on_page: Boxes) -> Iterator[Boxes]:
    """Yield the box of each line that characters stand on; drop caps, and signs as high, have their own.

    `turn` counts the quarter turns of the text on the page. A line is parted where other characters of
    those `on_page` stand in it.
    """
    boxes = boxes[(boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])]
    if not len(boxes):
        return
    low, high = (0, 2) if turn % 2 == 1 else (1, 3)
    heights, middles = boxes[:, high] - boxes[:, low], (boxes[:, high] + boxes[:, low]) / 2
    usual = float(np.median(heights))
    is_tall = heights > _TALL * usual
    lines: list[list[int]] = []
    for place in np.flatnonzero(~is_tall).tolist():
        if not lines or abs(middles[place] - np.mean(middles[lines[-1]])) > _LINE_APART * usual:
            lines.append([])
        lines[-1].append(place)
    lines += [[place] for place in np.flatnonzero(is_tall).tolist()]
    for line in sorted(lines):
        yield from _parts(boxes[line], 1 - low, _WIDE_GAP * usual, on_page)


def _parts(line: Boxes, start: int, wide: float, on_page: Boxes) -> Iterator[Boxes]:
    """Yield the boxes of the parts of a line between which other characters stand."""
    end = start + 2
    line = line[np.argsort(line[:, start], kind="stable")]
    reached = np.maximum.accumulate(line[:, end])
    cuts = [0]
    for place in (np.flatnonzero(line[1:, start] - reached[:-1] > wide) + 1).tolist():
        gap = union(line)
        gap[start], gap[end] = reached[place - 1], line[place, start]
        middles = (on_page[:, :2] + on_page[:, 2:]) / 2
        if ((middles >= gap[:2]) & (middles <= gap[2:])).all(axis=1).any():
            cuts.append(place)
    for first, last in pairwise([*cuts, len(line)]):
        yield union(line[first:last])
