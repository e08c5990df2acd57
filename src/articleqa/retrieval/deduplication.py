"""Copies and near copies of passages, as when twenty papers print one wire story.

Copies say the same, sentence by sentence. Near copies say nearly the same: a word, the dateline or the last
line differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Statistics
from articleqa.storage.protocol import Store
from articleqa.text.near_equal import NearlyEqual, Sentence

NEARLY = 0.6
"""Passages are near copies if sentences nearly equal in both have this share of the longer one's terms."""

MOST_NEAR = 100
"""The most near copies returned in addition to the passages asked for, because each must be examined."""


def collapse(
    store: Store, passages: Iterable[AnalysedPassage], terms: Iterable[str], most: int
) -> list[AnalysedPassage]:
    """Return the first `most` of `passages`; each group of copies counts once, at the place of its first.

    The copy that was added first represents its group, unless the title or headings of another copy contain
    more of `terms`: then the question means that one. Near copies of a passage earlier in the result are
    returned too, up to `MOST_NEAR` of them, and do not count towards `most`.
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
    return max(group, key=lambda copy: len(asked.intersection(copy.context)))  # the first on a tie


class NearCopies:
    """Finds near copies among passages that are given one after another."""

    def __init__(self, store: Store) -> None:
        """Start with no passages; `store` holds their texts."""
        self._store = store
        self._sentences = NearlyEqual()
        self._holders: dict[int, list[str]] = {}
        self._lengths: dict[str, int] = {}

    def first_of(self, passage: AnalysedPassage) -> str:
        """Return the key of the earlier passage that `passage` is a near copy of, else its own key."""
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
    """Map the key of each passage to the key of the passage that it is a near copy of, or to itself.

    In a group of near copies, the passage with most of `terms` in its title and headings counts as the
    original; on a tie, the one that was added first. The keys are ordered in the same way.
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
    """Return `statistics` as if each group of copies and near copies of `passages` were a single passage.

    `first_of` maps the key of each passage to that of the passage it is a near copy of (see `near_copies`).
    Otherwise a term that all copies of one story contain would count as common, and each copy would make an
    answer from that story less certain.
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
