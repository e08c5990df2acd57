"""The reStructuredText loader: plain text whose headings, directives and comments have marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from string import punctuation

import regex

from articleqa.articles.plain_text import decoded_text
from articleqa.articles.titles import shortened, title_of
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.blocks import blocks_of
from articleqa.text.plain_headings import LONGEST_HEADING

MEDIA_TYPE = "text/x-rst"

_LINE = regex.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_SYMBOLS = frozenset(punctuation)
_SHORTEST_ADORNMENT = 4
"""An underline has this many characters, if not as many as its title."""

_MARK = regex.compile(
    r"""(?P<indent>[ \t]*) \.\. (?:
        [ ]+ (?P<footnote>\[[^\]\s]+\]) (?=\s)
      | [ ]+ (?P<directive>[\w:+.-]*\w) [ ]?::(?=\s|$)
      | (?P<rest>(?:[ ]+\S.*)?) $
    )""",
    regex.VERBOSE,
)
_OPTION = regex.compile(r"[ \t]+:[^:\s][^:]*:(?:\s|$)")
_WITHOUT_TEXT = frozenset({"image", "index", "meta", "raw", "toctree"})
"""Directives of which nothing is for the reader."""

_NO_TEXT_IN_LINE = _WITHOUT_TEXT | {
    *("class", "code", "code-block", "contents", "currentmodule", "default-role", "figure", "highlight"),
    *("include", "literalinclude", "module", "only", "py:module", "role", "sectionauthor", "sourcecode"),
}
"""Directives whose own line names a file, a language, an option: only what stands below it is text."""


def load_rst(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text as decoded, its title the first heading or line of text.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, metadata = decoded_text(data)
    blocks = rst_blocks(text)
    shown = [block for block in blocks if block.kind is not BlockKind.BOILERPLATE]
    first = next((block for block in shown if block.kind is BlockKind.HEADING), next(iter(shown), None))
    title = shortened(" ".join(first.span.of(text).split())) if first else title_of(text)
    return Article(
        id=article_id,
        title=title or PurePath(article_id).stem,
        text=text,
        source=source,
        media_type=MEDIA_TYPE,
        metadata=metadata,
        blocks=tuple(blocks),
    )


def rst_blocks(text: str) -> list[Block]:
    """Return the blocks of reStructuredText in order, disjoint.

    Titles over or between lines of one symbol are headings, as deep as the order in which their symbols
    first come says. These lines are boilerplate, and so are comments, link targets and the marks of
    directives. All else is what it is in plain text, where headings are guessed only if none has a mark.
    """
    lines = _lines(text)
    titles = list(_titles(text, lines))
    marks = [Block(BlockKind.BOILERPLATE, Span(*span)) for span in _marks(text, lines)]
    known = sorted([*titles, *marks], key=_place)
    others = blocks_of(_blanked(text, known))
    if titles:  # then no other line is one
        others = [
            replace(block, kind=BlockKind.PROSE, level=0) if block.kind is BlockKind.HEADING else block
            for block in others
        ]
    return sorted([*known, *others], key=_place)


def _place(block: Block) -> tuple[int, int]:
    return block.span.start, block.span.end


def _blanked(text: str, blocks: list[Block]) -> str:
    """Return `text` with spaces where `blocks`, in order, stand."""
    pieces: list[str] = []
    done = 0
    for block in blocks:
        start = max(done, block.span.start)
        pieces += [text[done:start], " " * (block.span.end - start)]
        done = max(done, block.span.end)
    return "".join([*pieces, text[done:]])


_Line = tuple[int, int]


def _lines(text: str) -> list[_Line]:
    """Return the lines, without the white space at their ends."""
    return [(m.start(), m.start() + len(m[0].rstrip())) for m in _LINE.finditer(text)]


def _titles(text: str, lines: list[_Line]) -> Iterator[Block]:
    """Yield the headings, and the lines above and below them as boilerplate."""
    levels: dict[tuple[str, bool], int] = {}
    end_of_last = 0
    for number in range(len(lines) - 1):
        start, end = lines[number]
        below_start, below_end = lines[number + 1]
        if not _is_adornment(text, below_start, below_end) or not 0 < end - start <= LONGEST_HEADING:
            continue
        title, below = text[start:end], text[below_start:below_end]
        if not _is_adorned(title, below):
            continue
        above = text[slice(*lines[number - 1])] if number > end_of_last else ""
        has_line_above = above == below
        if (above or title[0].isspace()) and not has_line_above:
            continue
        level = levels.setdefault((below[0], has_line_above), len(levels) + 1)
        indent = len(title) - len(title.lstrip())
        if has_line_above:
            yield Block(BlockKind.BOILERPLATE, Span(*lines[number - 1]))
        yield Block(BlockKind.HEADING, Span(start + indent, end), level=level)
        yield Block(BlockKind.BOILERPLATE, Span(below_start, below_end))
        end_of_last = number + 2


def _is_adornment(text: str, start: int, end: int) -> bool:
    """Say whether `text[start:end]` is one symbol, repeated."""
    return end - start > 1 and text[start] in _SYMBOLS and text.count(text[start], start, end) == end - start


def _is_adorned(title: str, below: str) -> bool:
    return (
        len(below) >= min(len(title.strip()), _SHORTEST_ADORNMENT)
        and not _is_adornment(title, 0, len(title))
        and not _MARK.match(title)
        and not _MARK.match(below)
    )


def _marks(text: str, lines: list[_Line]) -> Iterator[_Line]:
    """Yield comments, link targets and the marks of directives and footnotes, line by line."""
    number = 0
    while number < len(lines):
        start, end = lines[number]
        number += 1
        if text.find("..", start, end) < 0:
            continue
        mark = _MARK.match(text[start:end])
        if mark is None:
            continue
        indent, directive = len(mark["indent"]), mark["directive"]
        has_text = mark["footnote"] or (directive and directive not in _NO_TEXT_IN_LINE)
        yield start + indent, start + mark.end() if has_text else end
        is_comment = bool(mark["rest"])
        if mark["rest"] == "" and number < len(lines):  # it begins on the next line, if at all
            is_comment = lines[number][1] > lines[number][0]
        is_hidden = is_comment or directive in _WITHOUT_TEXT
        while number < len(lines):
            start, end = lines[number]
            below = text[start:end]
            is_option = directive is not None and _OPTION.match(below) is not None
            if not (is_option or (is_hidden and _is_below(below, indent))):
                break
            if below:
                yield end - len(below.lstrip()), end
            number += 1


def _is_below(line: str, indent: int) -> bool:
    """Say whether a line belongs to a mark that stands `indent` deep: it is deeper, or blank."""
    return not line or len(line) - len(line.lstrip()) > indent
