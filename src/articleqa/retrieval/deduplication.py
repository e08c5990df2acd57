"""Copies: passages that say the same, sentence by sentence, as twenty papers print one wire story.

Near copies say nearly the same: a word, the dateline or the last line differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Statistics
from articleqa.storage.protocol import Store
from articleqa.text.near_equal import NearlyEqual, Sentence

NEARLY = 0.6
"""Of the terms of the longer of two near copies, those of sentences that are nearly equal in both."""

MOST_NEAR = 100
"""Near copies that are taken beside the passages that were asked for: each has to be looked through."""


def collapse(
    store: Store, passages: Iterable[AnalysedPassage], terms: Iterable[str], most: int
) -> list[AnalysedPassage]:
    """Return the first `most` of `passages`, each group of equals once, where the first of it stood.

    The first copy that was added stands for the others, unless the title or the headings of
    another hold more of `terms`: then the question means that one. Near copies of a passage that comes
    before them are returned too, up to `MOST_NEAR`, and take no place.
    """
    asked = frozenset(terms)
    seen: set[str] = set()
    near = NearCopies(store)
    found: list[AnalysedPassage] = []
    places = most
    for passage in passages:
        if passage.key in seen:
            continue
        group = store.copies_of(passage)
        seen.update(copy.key for copy in group)
        standing = _standing(group, asked)
        if near.first_of(standing) == standing.key:
            places -= 1
        if places < 0 or len(found) == most + MOST_NEAR:
            break
        found.append(standing)
    return found


def _standing(group: Sequence[AnalysedPassage], asked: frozenset[str]) -> AnalysedPassage:
    if len(group) == 1:
        return group[0]
    return max(group, key=lambda copy: len(asked.intersection(copy.context)))  # the first of equals


class NearCopies:
    """Passages that come one after the other, and which of them are near copies of one before."""

    def __init__(self, store: Store) -> None:
        """Start with no passage; `store` has the texts."""
        self._store = store
        self._sentences = NearlyEqual()
        self._holders: dict[int, list[str]] = {}
        self._lengths: dict[str, int] = {}

    def first_of(self, passage: AnalysedPassage) -> str:
        """Return the key of the passage that `passage` is a near copy of; its own where there is none."""
        text = self._store.articles[passage.passage.article_id].text
        numbers: dict[int, int] = {}
        for span, terms in zip(passage.passage.sentence_spans, passage.sentence_terms, strict=True):
            number = self._sentences.number_of(Sentence(span.of(text), terms))
            numbers[number] = numbers.get(number, 0) + len(terms)
        length = sum(numbers.values())
        shared: Counter[str] = Counter()
        for number, size in numbers.items():
            for holder in self._holders.get(number, ()):
                shared[holder] += size
        for key, size in shared.most_common(1):
            if size >= NEARLY * max(length, self._lengths[key]):
                return key
        for number in numbers:
            self._holders.setdefault(number, []).append(passage.key)
        self._lengths[passage.key] = length
        return passage.key


def near_copies(store: Store, passages: Iterable[AnalysedPassage], terms: Iterable[str]) -> dict[str, str]:
    """Return, by key, the key of the passage that one of `passages` is a near copy of; its own if of none.

    The first of near copies, there too, is that with most of `terms` in its title and headings, and of these
    the first that was added.
    """
    asked = frozenset(terms)

    def place(passage: AnalysedPassage) -> tuple[int, int, int]:
        named = len(asked.intersection(passage.context))
        return -named, store.order_of(passage.passage.article_id), passage.passage.span.start

    near = NearCopies(store)
    return {passage.key: near.first_of(passage) for passage in sorted(passages, key=place)}


def without_copies(
    store: Store, statistics: Statistics, passages: Iterable[AnalysedPassage], first_of: Mapping[str, str]
) -> Statistics:
    """Return `statistics` as they would be if of the copies and near copies of `passages` there was one each.

    `first_of` has the key of the passage that one is a near copy of, by its own. What all copies of a story
    say is not common for that: else each copy would make an answer from it less sure.
    """
    by_key = {passage.key: passage for passage in passages}
    groups: dict[str, list[AnalysedPassage]] = {}
    for key, first in first_of.items():
        groups.setdefault(first, []).extend(store.copies_of(by_key[key]))
    frequencies = dict(statistics.document_frequencies)
    count, length = statistics.passages, round(statistics.passages * statistics.average_length)
    for group in groups.values():
        count -= len(group) - 1
        length -= sum(len(copy.terms()) for copy in group[1:])
        having = Counter(term for copy in group for term in frequencies.keys() & set(copy.terms()))
        for term, copies in having.items():
            frequencies[term] -= copies - 1
    if count == statistics.passages:
        return statistics
    return Statistics(count, length / count, frequencies)
