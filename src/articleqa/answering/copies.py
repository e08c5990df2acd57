"""Copies: passages that say the same, sentence by sentence, as twenty papers print one wire story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from articleqa.passages import AnalysedPassage
from articleqa.text.folding import fold


class Copies:
    """The passages of an index in groups of equals.

    Passages are equal where each sentence of one equals the same sentence of the other after folding
    case, space and punctuation; one that has another number, name or byline is no copy. Titles and
    headings do not count.
    """

    def __init__(self) -> None:
        """Start without passages."""
        self._groups: dict[bytes, dict[str, AnalysedPassage]] = {}
        self._digests: dict[str, bytes] = {}

    def add(self, passage: AnalysedPassage, text: str) -> None:
        """Add a passage of the article whose text is `text`; in each group, passages keep this order."""
        digest = _digest(span.of(text) for span in passage.passage.sentences)
        self._digests[passage.key] = digest
        self._groups.setdefault(digest, {})[passage.key] = passage

    def remove(self, passage: AnalysedPassage) -> None:
        """Remove a passage that was added."""
        digest = self._digests.pop(passage.key)
        del self._groups[digest][passage.key]
        if not self._groups[digest]:
            del self._groups[digest]

    def of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """Return the passages equal to `passage`, itself among them, in the order they were added."""
        return tuple(self._groups[self._digests[passage.key]].values())

    def collapse(self, passages: Iterable[AnalysedPassage], terms: Iterable[str]) -> list[AnalysedPassage]:
        """Return `passages` with each group of equals once, where the first of the group stood.

        The first copy that was added stands for the others, unless the title or the headings of
        another hold more of `terms`: then the question means that one.
        """
        asked = frozenset(terms)
        groups = dict.fromkeys(self._digests[passage.key] for passage in passages)
        return [_standing(tuple(self._groups[digest].values()), asked) for digest in groups]


def _standing(group: Sequence[AnalysedPassage], asked: frozenset[str]) -> AnalysedPassage:
    if len(group) == 1:
        return group[0]
    return max(group, key=lambda copy: len(asked.intersection(copy.context)))  # the first of equals


def _digest(sentences: Iterable[str]) -> bytes:
    """Return the same 16 bytes for equal sentences: an index need not keep every folded text."""
    folded = repr([fold(sentence) for sentence in sentences])
    return hashlib.blake2b(folded.encode(), digest_size=16).digest()
