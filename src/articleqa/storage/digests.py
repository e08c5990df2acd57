"""Digests of passages, equal for copies such as one wire story printed by twenty papers."""

from __future__ import annotations

import hashlib

from articleqa.passages import AnalysedPassage
from articleqa.text.folding import folded


def digest_of(passage: AnalysedPassage, text: str) -> bytes:
    """Return a digest of 16 bytes; `text` is the whole text of the passage's article.

    Passages whose sentences are equal after folding (`text.folding`) have the same digest.
    """
    sentences = repr([folded(span.of(text)) for span in passage.passage.sentence_spans])
    return hashlib.blake2b(sentences.encode(), digest_size=16).digest()
