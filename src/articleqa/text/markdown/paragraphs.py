"""Split a paragraph of Markdown into the parts people write in one: fields, lettered items, broken lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from articleqa.models import BlockKind
from articleqa.text.bullets import BULLETS

BOLD_HEADING = 7
"""The level of a bold line that serves as a heading: deeper than all others."""

_LONGEST_BOLD_HEADING = 30
"""Words; a longer bold line is emphasised text."""

_FEWEST_WORDS_OF_SENTENCE = 4
"""A bold line of at least this many words that ends in a full stop is text."""

_LINE = regex.compile(r"(?:[ \t]*+>)*+[ \t]*+([^\r\n]*+)(?:\r\n?|\n|\Z)")
_BREAK = regex.compile(r"[ \t]*+(?:<br[ \t]*+/?>[ \t\r\n>]*+)++", regex.IGNORECASE)
_BROKEN_LINE = regex.compile(r"(?:[ ]{2,}|\\)(?:\r\n?|\n)")
_BOLD = regex.compile(
    r"(?:(\*\*|__)(?=[^\s*_])(?P<text>(?:(?!\1).)+?)\1|<(b|strong)>(?P<text>(?:(?!</?\3>).)+?)</\3>)"
    r"[ \t]*+:?+",
    regex.DOTALL | regex.IGNORECASE,
)
_MARKER = regex.compile(
    r"(?:\((?:(?<roman>[ivxl]{1,6})|(?<letter>[a-z]{1,2})|(?<number>\d{1,3})|(?<capital>[A-Z]))\)"
    rf"|(?<bullet>[{BULLETS}]))[ \t]++(?=\S)"
)
_FIELD = regex.compile(
    r"(\*\*|__|\*|_)?\p{Lu}[\w'’/-]*+(?:[ ][\w'’/-]++){0,3}(?:\1[ \t]*+:|:(?:\1)?)(?:\*\*|__)?[ \t]++\S"
)
_ABBREVIATION = regex.compile(r"\*\[[^\[\]]++\]:")
_ONLY_RULES = regex.compile(r"[-+=:| \t]*+")
_ANCHOR_LINK = (
    r"(?:\[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+\]\(\#[^()\s]*+\)|<a\s[^<>]*href=[\"']\#[^<>]*+>[^<>]*+</a>)"
)
_ANCHOR_LINKS = regex.compile(
    rf"{_ANCHOR_LINK}(?:(?:[\s|·•,;>\\/.–—-]|<br\s*/?>)*+{_ANCHOR_LINK})*+[\s\\.]*+"
)
_SHORTCODES = regex.compile(
    r"(?:(?:\{\{[<%](?![^{}]*\btext\s*=)[^{}]*+\}\}|\{%[^{}]*+\}|\{[.#:][^{}]*+\}|</?br\s*+/?>|<img\b[^<>]*+>)\s*+)++"
    r"(?!\p{Ll})"
)
"""Shortcodes, images and the like that open a paragraph and show no text; not before a lower-case letter."""
_SHORTCODES_BEHIND = regex.compile(r"(?r)\s*+(?:(?:\{\{(?=[<%]\s*+/)[^{}]*+\}\}|\{(?=[.#:])[^{}]*+\})\s*+)++")
_OUTPUT = regex.compile(r"\{\{[^{}]*+\}\}")
_IMPORT = regex.compile(r"(?:import\s[^\n]*\sfrom\s|import\s|export\s[^\n]*\sfrom\s)[\"'][^\"'\n]*[\"'];?")
_WORD = regex.compile(r"\w")


_Line = tuple[int, int]
"""A line's start and end, without its outer white space; plain numbers, because a text has many lines."""


class Part(NamedTuple):
    """A part of a paragraph; `deeper` is how many item levels it is below the paragraph's start."""

    kind: BlockKind
    start: int
    end: int
    deeper: int = 0
    level: int = 0


def is_contents(text: str) -> bool:
    """Return whether a text consists only of links to places on its own page."""
    return ("](#" in text or "<a" in text) and _ANCHOR_LINKS.fullmatch(text) is not None


def trimmed(text: str, start: int, end: int) -> _Line:
    """Return the bounds of `text[start:end]` without outer white space."""
    stretch = text[start:end]
    left = len(stretch) - len(stretch.lstrip())
    return start + left, start + max(left, len(stretch.rstrip()))


class Paragraphs:
    """Splits the paragraphs of a text, in order; each lettered item may be a paragraph of its own."""

    def __init__(self, text: str) -> None:
        """Start outside any list."""
        self._text = text
        self._markers: list[tuple[str, str]] = []  # the kinds of enclosing markers, each with its last

    def parts(self, start: int, end: int, *, outermost: bool) -> Iterator[Part]:
        """Yield the parts of a paragraph, without empty ones.

        A bold line can be a heading, and a paragraph of links can be a table of contents, only where
        `outermost`: outside any list or quote. A part without an item marker of its own is PROSE, even inside
        a list.
        """
        text = self._text
        start, end = _without_shortcodes(text, start, end)
        paragraph = text[start:end]
        lines = [(start, end)]
        if "\n" in paragraph or "\r" in paragraph:
            lines = [
                (line.start(1), line.start(1) + len(line[1].rstrip()))
                for line in _LINE.finditer(text, start, end)
                if line[1]
            ]
            rows = _rows(text, lines)
            if rows:
                yield from rows
                return
        elif paragraph[:1].isalnum() and "<" not in paragraph:
            self._markers = []
            yield Part(BlockKind.PROSE, start, end)
            return
        if _says_nothing(paragraph):
            return
        if outermost and is_contents(paragraph):
            yield Part(BlockKind.BOILERPLATE, start, end)
            return
        yield from self._prose(lines, outermost)

    def _prose(self, lines: Sequence[_Line], outermost: bool) -> Iterator[Part]:
        markers = [_MARKER.match(self._text, *line) for line in lines]
        if not markers[0] and sum(map(bool, markers)) < 2:
            markers = [None] * len(lines)
        if not markers[0]:
            self._markers = []
        start = 0
        for number in range(1, len(lines) + 1):
            if number == len(lines) or markers[number]:
                if marker := markers[start]:
                    depth = self._depth_of(marker)
                    yield Part(BlockKind.ITEM, marker.end(), lines[number - 1][1], deeper=depth)
                else:
                    yield from self._lines(lines[start:number], outermost)
                start = number

    def _depth_of(self, marker: regex.Match[str]) -> int:
        """Return the depth of a marker: "(i)" is below "(a)", unless it follows "(h)"."""
        kind = marker.lastgroup or "bullet"
        value = marker[kind]
        kinds = [kind for kind, _ in self._markers]
        if kind == "roman" and len(value) == 1 and "roman" not in kinds:
            last = next((last for around, last in reversed(self._markers) if around == "letter"), "")
            if len(last) == 1 and ord(last) + 1 == ord(value):
                kind = "letter"
        if kind in kinds:
            del self._markers[kinds.index(kind) :]
        self._markers.append((kind, value))
        return len(self._markers)

    def _lines(self, lines: Sequence[_Line], outermost: bool) -> Iterator[Part]:
        """Yield lines as one part, or as several where a line break or a bold first line separates them."""
        for number, (start, end) in enumerate(self._broken(lines)):
            bold = None if number else _BOLD.fullmatch(self._text, start, end)
            if bold and outermost and _is_heading(bold["text"]):
                inner = trimmed(self._text, *bold.span("text"))
                yield Part(BlockKind.HEADING, *inner, level=BOLD_HEADING)
            elif _WORD.search(self._text, start, end):
                yield Part(BlockKind.PROSE, start, end, deeper=min(number, 1))

    def _broken(self, lines: Sequence[_Line]) -> Iterator[_Line]:
        """Yield the stretches between line breaks; a bold first line is a stretch of its own."""
        text = self._text
        (start, first_end), end = lines[0], lines[-1][1]
        breaks = [
            (before, after)
            for (_, before), (after, _) in pairwise(lines)
            if _BROKEN_LINE.search(text, before - 1, after)
            or (before == first_end and _BOLD.fullmatch(text, start, before))
        ]
        if "<br" in text[start:end].lower():
            breaks = sorted({*breaks, *(found.span() for found in _BREAK.finditer(text, start, end))})
        for before, after in breaks:
            if before <= start or after >= end or text[after].islower():
                continue
            yield trimmed(text, start, before - text.startswith("\\", before - 1))
            start = after
        yield start, end


def _without_shortcodes(text: str, start: int, end: int) -> _Line:
    """Return the bounds of a paragraph without the shortcodes and images that open or end it.

    They are empty if the paragraph consists only of these.
    """
    if text[start] in "{<" and (opening := _SHORTCODES.match(text, start, end)):
        start = opening.end()
    if text[end - 1] == "}" and (closing := _SHORTCODES_BEHIND.match(text, start, end)):
        end = closing.start()
    return start, end


def _rows(text: str, lines: Sequence[_Line]) -> list[Part]:
    """Return the rows of a paragraph whose lines are fields, abbreviations or cells between vertical bars.

    The list is empty for any other paragraph.
    """
    first = text[lines[0][0]]
    if len(lines) < 2:
        return []
    if first == "+":
        return _grid_rows(text, lines)
    if first == "|":
        is_table = all(text[start] == "|" for start, _ in lines)
        rows = [line for line in lines if not _ONLY_RULES.fullmatch(text, *line)]
        return [Part(BlockKind.ROW, *line) for line in rows] if is_table else []
    for form in (_FIELD, _ABBREVIATION):
        if all(form.match(text, *line) for line in lines):
            return [Part(BlockKind.ROW, *trimmed(text, *line)) for line in lines]
    return []


def _grid_rows(text: str, lines: Sequence[_Line]) -> list[Part]:
    """Return the rows of a grid table, as in Pandoc: the rows between lines of "+---+"."""
    rows: list[Part] = []
    start = -1
    for number, line in enumerate(lines):
        if text[line[0]] == "+" and _ONLY_RULES.fullmatch(text, *line):
            if start >= 0:
                is_header = "=" in text[slice(*line)] and not rows
                kind = BlockKind.HEADER_ROW if is_header else BlockKind.ROW
                rows.append(Part(kind, lines[start][0], lines[number - 1][1]))
            start = -1
        elif text[line[0]] != "|":
            return []
        elif start < 0:
            start = number
    return rows


def _says_nothing(paragraph: str) -> bool:
    if not paragraph or _OUTPUT.fullmatch(paragraph):
        return True
    if paragraph.startswith(("import ", "export ")):
        return all(_IMPORT.fullmatch(line.strip()) for line in paragraph.splitlines())
    return False


def _is_heading(bold: str) -> bool:
    """Return whether a bold line is short and not a whole sentence."""
    words = len(bold.split())
    is_sentence = words >= _FEWEST_WORDS_OF_SENTENCE and bold.rstrip().endswith((".", "!"))
    return words <= _LONGEST_BOLD_HEADING and not is_sentence
