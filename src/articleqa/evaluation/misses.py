"""Misses prepared for a report: the passage of the given sentence, and those of the gold answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from articleqa.evaluation.questions import GoldAnswer
from articleqa.evaluation.results import Miss
from articleqa.models import Article, Span
from articleqa.passages import AnalysedPassage

SURROUNDINGS = 200
"""Characters shown on each side of a gold answer that is in no passage, such as one in a heading."""


class Piece(NamedTuple):
    """Text that is marked in one way: as the given sentence, as a gold answer, as both or as neither."""

    text: str
    given: bool
    gold: bool


class ShownPassage(NamedTuple):
    """A passage of `article`, cut into pieces."""

    article: Article
    pieces: tuple[Piece, ...]


class ShownMiss(NamedTuple):
    """A miss, the passage around the given sentence, and the passages of the gold answers outside it."""

    miss: Miss
    given: ShownPassage | None
    elsewhere: tuple[ShownPassage, ...]


def shown_miss(miss: Miss, articles: Mapping[str, Article], passages: Iterable[AnalysedPassage]) -> ShownMiss:
    """Return `miss` with its passages; gold answers in the same passage are shown together."""
    golds = list(miss.golds)
    given = None
    if miss.given is not None:
        sentence, context = Span(miss.given.start, miss.given.end), miss.given.context
        here = [
            gold for gold in golds if gold.article_id == miss.given.article_id and _starts_in(gold, context)
        ]
        golds = [gold for gold in golds if gold not in here]
        given = _shown(articles[miss.given.article_id], context, sentence, here)
    found: dict[tuple[str, Span], list[GoldAnswer]] = {}
    passages = list(passages)
    for gold in golds:
        place = gold.article_id, _around(gold, articles[gold.article_id], passages)
        found.setdefault(place, []).append(gold)
    elsewhere = tuple(
        _shown(articles[article_id], span, None, together) for (article_id, span), together in found.items()
    )
    return ShownMiss(miss, given, elsewhere)


def _around(gold: GoldAnswer, article: Article, passages: Iterable[AnalysedPassage]) -> Span:
    """Return the passage that `gold` starts in, or its surroundings if it is in no passage."""
    for analysed in passages:
        if analysed.passage.article_id == article.id and _starts_in(gold, analysed.passage.span):
            return analysed.passage.span
    return Span(max(0, gold.start - SURROUNDINGS), min(len(article.text), gold.end + SURROUNDINGS))


def _starts_in(gold: GoldAnswer, span: Span) -> bool:
    return span.start <= gold.start < span.end


def _shown(article: Article, span: Span, sentence: Span | None, golds: Sequence[GoldAnswer]) -> ShownPassage:
    """Return `span` of `article` in pieces; the span is extended if a gold answer ends after it."""
    span = Span(span.start, max([span.end, *(gold.end for gold in golds)]))
    marks = [Span(gold.start, gold.end) for gold in golds]
    return ShownPassage(article, tuple(_pieces(article.text, span, sentence, marks)))


def _pieces(text: str, span: Span, sentence: Span | None, golds: Sequence[Span]) -> Iterator[Piece]:
    """Cut `span` wherever a mark starts or ends, so that each piece lies inside or outside each mark."""
    marks = [*golds, *([sentence] if sentence else [])]
    cuts = {span.start, span.end, *(edge for mark in marks for edge in (mark.start, mark.end))}
    for start, end in pairwise(sorted(cuts)):
        yield Piece(
            text=text[start:end],
            given=sentence is not None and sentence.start <= start < sentence.end,
            gold=any(gold.start <= start < gold.end for gold in golds),
        )
