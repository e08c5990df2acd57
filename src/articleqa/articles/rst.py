"""The reStructuredText loader: plain text whose headings, directives and comments have marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

import regex

from articleqa.articles.plain_text import decoded_text
from articleqa.articles.titles import shortened, title_of
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.blocks import LONGEST_HEADING, blocks_of

MEDIA_TYPE = "text/x-rst"

_LINE = regex.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_ADORNMENT = regex.compile(r"([!-/:-@\[-`{-~])\1+")
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
    marks = [Block(BlockKind.BOILERPLATE, span) for span in _marks(text, lines)]
    known = [*titles, *marks]
    rest = list(text)
    for block in known:
        rest[block.span.start : block.span.end] = " " * len(block.span)
    others = blocks_of("".join(rest))
    if titles:  # then no other line is one
        others = [
            replace(block, kind=BlockKind.PROSE, level=0) if block.kind is BlockKind.HEADING else block
            for block in others
        ]
    return sorted([*known, *others], key=lambda block: block.span)


def _lines(text: str) -> list[Span]:
    """Return the lines, without the white space at their ends."""
    return [Span(m.start(), m.start() + len(m[0].rstrip())) for m in _LINE.finditer(text)]


def _titles(text: str, lines: list[Span]) -> Iterator[Block]:
    """Yield the headings, and the lines above and below them as boilerplate."""
    levels: dict[tuple[str, bool], int] = {}
    end_of_last = 0
    for number in range(len(lines) - 1):
        title, below = lines[number].of(text), lines[number + 1].of(text)
        above = lines[number - 1].of(text) if number > end_of_last else ""
        if not _is_adorned(title, below):
            continue
        has_line_above = above == below
        if (above or title[0].isspace()) and not has_line_above:
            continue
        level = levels.setdefault((below[0], has_line_above), len(levels) + 1)
        indent = len(title) - len(title.lstrip())
        if has_line_above:
            yield Block(BlockKind.BOILERPLATE, lines[number - 1])
        yield Block(BlockKind.HEADING, Span(lines[number].start + indent, lines[number].end), level=level)
        yield Block(BlockKind.BOILERPLATE, lines[number + 1])
        end_of_last = number + 2


def _is_adorned(title: str, below: str) -> bool:
    return (
        0 < len(title) <= LONGEST_HEADING
        and _ADORNMENT.fullmatch(below) is not None
        and len(below) >= min(len(title.strip()), _SHORTEST_ADORNMENT)
        and not _ADORNMENT.fullmatch(title)
        and not _MARK.match(title)
        and not _MARK.match(below)
    )


def _marks(text: str, lines: list[Span]) -> Iterator[Span]:
    """Yield comments, link targets and the marks of directives and footnotes, line by line."""
    number = 0
    while number < len(lines):
        line = lines[number]
        mark = _MARK.match(line.of(text))
        number += 1
        if mark is None:
            continue
        indent, directive = len(mark["indent"]), mark["directive"]
        has_text = mark["footnote"] or (directive and directive not in _NO_TEXT_IN_LINE)
        yield Span(line.start + indent, line.start + mark.end() if has_text else line.end)
        is_comment = bool(mark["rest"])
        if mark["rest"] == "" and number < len(lines):  # it begins on the next line, if at all
            is_comment = len(lines[number]) > 0
        is_hidden = is_comment or directive in _WITHOUT_TEXT
        while number < len(lines):
            below = lines[number].of(text)
            is_option = directive is not None and _OPTION.match(below) is not None
            if not (is_option or (is_hidden and _is_below(below, indent))):
                break
            if below:
                yield Span(lines[number].end - len(below.lstrip()), lines[number].end)
            number += 1


def _is_below(line: str, indent: int) -> bool:
    """Say whether a line belongs to a mark that stands `indent` deep: it is deeper, or blank."""
    return not line or len(line) - len(line.lstrip()) > indent
