"""Sample sentences from folders and print those that seem to be cut at the end of a line.

    python eval/cut_sentences.py PATH... [--sentences 1000] [--seed 1]

A sentence was probably cut if the text goes on in lower case on the next line, or if the next line of the
same paragraph is the next sentence and this one has no end mark. Some are right all the same (verse,
addresses, items of a list), so a person has to read the lines. Prints counts for each path.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import click

from articleqa import Article, load_articles
from articleqa.models import BlockKind, Span
from articleqa.passages import passages_of
from articleqa.text.blocks import article_blocks

_NEXT_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t>]*(?=\S)")
_END = re.compile(r"[.!?…:;。！？।|][\"'”’»)\]*_`]*$")
_MARK = re.compile(r"(?:[-*+•#|>]|\(?(?:\d{1,3}|[a-z])[.)])\s|\{[{%]|</?\w")
"""Start of an item, a heading, a row, a quotation, a shortcode or a tag: no sentence goes on with one."""

_BY_LINE = frozenset({BlockKind.ROW, BlockKind.CODE})

SHOWN = 100
"""Number of characters printed of a sentence, and of what follows it."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--sentences", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(paths: tuple[Path, ...], sentences: int, seed: int) -> None:
    """Sample sentences from each of PATHS, and print those that end in the middle of a clause."""
    for path in paths:
        found = [each for article in load_articles(path) for each in _sentences(article)]
        sample = random.Random(seed).sample(found, min(sentences, len(found)))
        cut = [
            (article, span, rest) for article, span, kind in sample if (rest := _goes_on(article, span, kind))
        ]
        for article, span, rest in cut:
            quote = " ".join(span.of(article.text).split())[-SHOWN:]
            click.echo(f"{article.id}:{article.text.count(chr(10), 0, span.end) + 1}: {quote} ⏎ {rest}")
        click.echo(
            f"{path}: {len(cut)} of {len(sample)} sentences end at a line's end in the middle of a clause"
        )


def _sentences(article: Article) -> Iterator[tuple[Article, Span, BlockKind | None]]:
    """Yield each sentence of an article with the kind of the block that it is in."""
    blocks = article_blocks(article)
    place = 0
    for passage in passages_of(article):
        for span in passage.sentence_spans:
            while place < len(blocks) and blocks[place].span.end <= span.start:
                place += 1
            yield article, span, blocks[place].kind if place < len(blocks) else None


def _goes_on(article: Article, span: Span, kind: BlockKind | None) -> str:
    """Return the line on which the sentence seems to go on; empty if it does not."""
    newline = _NEXT_LINE.match(article.text, span.end)
    if newline is None or kind in _BY_LINE or _END.search(article.text, max(0, span.end - 6), span.end):
        return ""
    rest = article.text[newline.end() : newline.end() + SHOWN].splitlines()[0]
    if _MARK.match(rest):
        return ""
    wide = span.end - 1 - max(article.text.rfind(end, 0, span.end) for end in "\n\r")
    return rest if rest[:1].islower() or wide in range(60, 101) else ""


if __name__ == "__main__":
    main()
