"""Copies: passages that say the same, sentence by sentence, as twenty papers print one wire story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from articleqa.passages import AnalysedPassage
from articleqa.storage.contract import Store
from articleqa.text.folding import fold


def digest_of(passage: AnalysedPassage, text: str) -> bytes:
    """Return the 16 bytes that a passage of the article whose text is `text` shares with its equals."""
    folded = repr([fold(span.of(text)) for span in passage.passage.sentences])
    return hashlib.blake2b(folded.encode(), digest_size=16).digest()


def collapse(
    store: Store, passages: Iterable[AnalysedPassage], terms: Iterable[str], most: int
) -> list[AnalysedPassage]:
    """Return the first `most` of `passages`, each group of equals once, where the first of it stood.

    The first copy that was added stands for the others, unless the title or the headings of
    another hold more of `terms`: then the question means that one.
    """
    asked = frozenset(terms)
    seen: set[str] = set()
    found: list[AnalysedPassage] = []
    for passage in passages:
        if passage.key in seen:
            continue
        group = store.copies_of(passage)
        seen.update(copy.key for copy in group)
        found.append(_standing(group, asked))
        if len(found) == most:
            break
    return found


def _standing(group: Sequence[AnalysedPassage], asked: frozenset[str]) -> AnalysedPassage:
    if len(group) == 1:
        return group[0]
    return max(group, key=lambda copy: len(asked.intersection(copy.context)))  # the first of equals
