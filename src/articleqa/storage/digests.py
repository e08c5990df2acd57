"""What passages share that say the same, sentence by sentence, as twenty papers print one wire story."""

from __future__ import annotations

import hashlib

from articleqa.passages import AnalysedPassage
from articleqa.text.folding import fold


def digest_of(passage: AnalysedPassage, text: str) -> bytes:
    """Return the 16 bytes that a passage of the article whose text is `text` shares with its equals."""
    folded = repr([fold(span.of(text)) for span in passage.passage.sentence_spans])
    return hashlib.blake2b(folded.encode(), digest_size=16).digest()
