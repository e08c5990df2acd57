"""Copies and near copies of passages, as when twenty papers print one wire story.

Copies say the same, sentence by sentence. Near copies say nearly the same: a word, the dateline or the last
line differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Statistics
from articleqa.storage.protocol import Document
from articleqa.storage.reads import Reads
from articleqa.text.near_equal import NearlyEqual, Sentence

NEARLY = 0.6
"""Passages are near copies if sentences nearly equal in both have this share of the longer one's terms."""

MOST_NEAR = 100
"""The most near copies returned in addition to the passages asked for, because each must be examined."""


def collapse(
    reads: Reads, documents: Sequence[Document], terms: Iterable[str], most: int
) -> list[AnalysedPassage]:
    """Return the first `most` of the passages; each group of copies counts once, at the place of its first.

    The copy that was added first represents its group, unless the title or headings of another copy contain
    more of `terms`: then the question means that one. Near copies of a passage earlier in the result are
    returned too, up to `MOST_NEAR` of them, and do not count towards `most`.
    """
    near = NearCopies(reads)
    found: list[AnalysedPassage] = []
    places = most
    for standing in _distinct(reads, documents, frozenset(terms), most):
        if near.first_of(standing) == standing.key:
            places -= 1
        if places < 0 or len(found) == most + MOST_NEAR:
            break
        found.append(standing)
    return found


def _distinct(
    reads: Reads, documents: Sequence[Document], asked: frozenset[str], most: int
) -> Iterator[AnalysedPassage]:
    """Yield the passage that represents each group of copies.

    Copies and texts are read for `most` passages at first, and then for as many as all before, so that
    however many are needed, few batches are read.
    """
    seen: set[str] = set()
    start, end = 0, max(most, 1)
    while start < len(documents):
        yield from _represent(reads, documents[start:end], asked, seen)
        start, end = end, 2 * end


def read_ahead(reads: Reads, documents: Sequence[Document], terms: Iterable[str]) -> None:
    """Read all that `collapse` will need of these passages, for several calls at once."""
    _represent(reads, documents, frozenset(terms), set())


def _represent(
    reads: Reads, documents: Sequence[Document], asked: frozenset[str], seen: set[str]
) -> list[AnalysedPassage]:
    """Return the passage that represents each group of copies; groups in `seen` are left out and noted."""
    passages = [document.passage for document in documents if document.key not in seen]
    reads.read_copies(passages)
    standing: list[AnalysedPassage] = []
    for passage in passages:
        if passage.key not in seen:
            group = reads.copies_of(passage)
            seen.update(copy.key for copy in group)
            standing.append(_standing(group, asked))
    reads.read_texts(standing)
    return standing


def _standing(group: Sequence[Document], asked: frozenset[str]) -> AnalysedPassage:
    if len(group) == 1:
        return group[0].passage
    # The first on a tie.
    return max((copy.passage for copy in group), key=lambda copy: len(asked.intersection(copy.context)))


class NearCopies:
    """Finds near copies among passages that are given one after another."""

    def __init__(self, reads: Reads) -> None:
        """Start with no passages; `reads` has their texts."""
        self._reads = reads
        self._sentences = NearlyEqual()
        self._holders: dict[int, list[str]] = {}
        self._lengths: dict[str, int] = {}

    def first_of(self, passage: AnalysedPassage) -> str:
        """Return the key of the earlier passage that `passage` is a near copy of, else its own key."""
        text = self._reads.text_of(passage)
        numbers: dict[int, int] = {}
        for span, terms in zip(passage.passage.sentence_spans, passage.sentence_terms, strict=True):
            number = self._sentences.number_of(Sentence(text.of_span(span), terms))
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


def near_copies(reads: Reads, passages: Iterable[AnalysedPassage], terms: Iterable[str]) -> dict[str, str]:
    """Map the key of each passage to the key of the passage that it is a near copy of, or to itself.

    In a group of near copies, the passage with most of `terms` in its title and headings counts as the
    original; on a tie, the one that was added first. The keys are ordered in the same way.
    """
    asked = frozenset(terms)

    def place(passage: AnalysedPassage) -> tuple[int, int, int]:
        named = len(asked.intersection(passage.context))
        return -named, reads.order_of(passage), passage.passage.span.start

    near = NearCopies(reads)
    return {passage.key: near.first_of(passage) for passage in sorted(passages, key=place)}


def without_copies(
    reads: Reads, statistics: Statistics, passages: Iterable[AnalysedPassage], first_of: Mapping[str, str]
) -> Statistics:
    """Return `statistics` as if each group of copies and near copies of `passages` were a single passage.

    `first_of` maps the key of each passage to that of the passage it is a near copy of (see `near_copies`).
    Otherwise a term that all copies of one story contain would count as common, and each copy would make an
    answer from that story less certain.
    """
    by_key = {passage.key: passage for passage in passages}
    groups: dict[str, list[Document]] = {}
    for key, first in first_of.items():
        groups.setdefault(first, []).extend(reads.copies_of(by_key[key]))
    frequencies = dict(statistics.document_frequencies)
    count, length = statistics.passages, round(statistics.passages * statistics.average_length)
    for group in groups.values():
        if len(group) == 1:
            continue
        count -= len(group) - 1
        length -= sum(len(copy.terms) for copy in group[1:])
        having = Counter(term for copy in group for term in frequencies.keys() & set(copy.terms))
        for term, copies in having.items():
            frequencies[term] -= copies - 1
    if count == statistics.passages:
        return statistics
    return Statistics(count, length / count, frequencies)
