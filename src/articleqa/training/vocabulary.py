"""The pieces of a vocabulary that a language needs: the others cost a row of the model each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from articleqa.ranking.wordpiece import PADDING, SEPARATOR, START, UNKNOWN, WordPieces


def kept_pieces(vocabulary: Sequence[str], texts: Iterable[str], size: int) -> list[int]:
    """Return the numbers of `size` pieces, in order: marks and letters, what `texts` use, then the commonest.

    BERT's vocabulary is in the order of frequency, letters first.
    """
    counts: Counter[int] = Counter()
    pieces = WordPieces(vocabulary)
    for text in texts:
        counts.update(pieces.numbers_of(text))
    special = {UNKNOWN, START, SEPARATOR, PADDING}
    always = [n for n, piece in enumerate(vocabulary) if piece in special or _is_letter(piece)]
    used = sorted((n for n in counts if n not in set(always)), key=lambda n: (-counts[n], n))
    rest = (n for n, piece in enumerate(vocabulary) if piece.isascii() and not piece.startswith("["))
    return sorted(list(dict.fromkeys([*always, *used, *rest]))[:size])


def _is_letter(piece: str) -> bool:
    """Say whether a piece is one character of ASCII or of Latin, alone or within a word."""
    bare = piece.removeprefix("##")
    return len(bare) == 1 and (ord(bare) < 0x250 or 0x2000 <= ord(bare) < 0x2150)
