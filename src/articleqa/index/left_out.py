"""The lines of an article that are in no passage: menus, boilerplate, code fences, headings without text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from articleqa.models import Article, Passage
from articleqa.text.markup import MARKED_UP, without_markup


class Line(NamedTuple):
    """A line of an article's text without its line end, and whether it is left out of all passages."""

    text: str
    left_out: bool


def lines_of(article: Article, passages: Iterable[Passage]) -> Iterator[Line]:
    """Yield the lines of `article`; `passages` must be all of its passages.

    A line counts as left out if it has letters or digits apart from its markup, and no part of it is in a
    sentence, in a sentence's heading or in its lead-in.
    """
    used = sorted(
        {
            span
            for passage in passages
            for span in chain(passage.sentence_spans, passage.headings, *passage.lead_ins)
        }
    )
    plain = without_markup if article.media_type in MARKED_UP else str
    start = at = 0
    for whole in article.text.splitlines(keepends=True):
        end = start + len(whole)
        while at < len(used) and used[at].end <= start:
            at += 1
        text = whole.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        is_used = at < len(used) and used[at].start < end
        yield Line(text, not is_used and any(map(str.isalnum, plain(text))))
        start = end
