"""Count how many paragraphs each term occurs in.

`python -m articleqa.training.data_files.word_frequencies`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from articleqa.data import read_data
from articleqa.evaluation import read_squad
from articleqa.text.terms import terms
from articleqa.training.data_files.word_vectors import SOURCES


def main(arguments: list[str] | None = None) -> None:
    """Write `word_frequencies.npy` to `--out`.

    Raises:
        ArticleQAError: a question set cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.data_files.word_frequencies", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help=f"folder holding {', '.join(SOURCES)}")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    paragraphs = 0
    counts: Counter[str] = Counter()
    for source in SOURCES:
        for article in read_squad(options.data / source, paragraphs=True).articles:
            counts.update(set(terms(article.text)))
            paragraphs += 1
    known = read_data("word_vectors.txt").split()
    table = np.array([paragraphs, *(counts[term] for term in known)], dtype=np.uint16)
    np.save(options.out / "word_frequencies.npy", table)


if __name__ == "__main__":
    main()
