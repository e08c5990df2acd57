"""Frequencies of terms in everyday texts, which a small collection cannot show.

The counts are over the paragraphs of the question sets that the ranker is trained on;
`python -m articleqa.training.data_files.word_frequencies` makes them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from articleqa.data import data_path
from articleqa.lexicon.word_vectors import numbers_of


def everyday_share(term: str) -> float:
    """Return the share of everyday paragraphs that contain `term`, always greater than 0 and less than 1.

    Half a paragraph is added to the count, so that a term that was never seen is rare, not impossible.
    """
    counts = _counts()
    number = int(numbers_of([term])[0])
    return (float(counts[1 + number] if number >= 0 else 0) + 0.5) / (float(counts[0]) + 1.0)


@cache
def _counts() -> NDArray[np.uint16]:
    """The number of paragraphs, then how many contain each term with a vector, in the vectors' order."""
    counts: NDArray[np.uint16] = np.load(data_path("word_frequencies.npy"), allow_pickle=False)
    return counts
