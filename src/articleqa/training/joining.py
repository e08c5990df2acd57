"""Fit what the reader and the vectors weigh beside the words: `python -m articleqa.training.joining`.

The columns are the words ranker's score, the reader's score and the cosine; the loss is that
of `articleqa.learning.weights`. Questions should be those that the reader was not trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from articleqa.answering.ranker import Joining, Ranker, shipped_ranker
from articleqa.answering.vocabulary import Floats
from articleqa.collection import ArticleIndex
from articleqa.evaluation.questions import QuestionSet
from articleqa.evaluation.squad import read_squad
from articleqa.learning.weights import fit_weights

START = Joining(reader=2.0, cosine=3.0, cosine_first=10.0)
"""What chooses the sentences to read before anything is fitted."""


def main(arguments: list[str] | None = None) -> None:
    """Write the ranker with its joining weights to `--out`, and print how it does on the questions.

    Raises:
        ArticleQAError: a question set or the ranker cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.joining", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sets", type=Path, nargs="+", help="question sets in SQuAD v2.0 JSON")
    parser.add_argument("--ranker", type=Path, help="the words ranker, if not the shipped one")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    options = parser.parse_args(arguments)
    words = (Ranker.load(options.ranker) if options.ranker else shipped_ranker()).without_reader()
    ranker = words.model_copy(update={"joining": START})
    first: list[tuple[Floats, NDArray[np.bool_]]] = []
    second: list[tuple[Floats, NDArray[np.bool_]]] = []
    for path in options.sets:
        for before, after, right in columns(read_squad(path), ranker):
            first.append((before, right))
            second.append((after, right))
    chosen = fit_weights(first)
    joined = fit_weights(second)
    joining = Joining(
        reader=round(float(joined[1] / joined[0]), 3),
        cosine=round(float(joined[2] / joined[0]), 3),
        cosine_first=round(float(chosen[1] / chosen[0]), 3),
    )
    print(joining.model_dump_json())
    for name, weights in (
        ("words", (1.0, 0.0, 0.0)),
        ("cosine", (0.0, 0.0, 1.0)),
        ("reader", (0.0, 1.0, 0.0)),
        ("all", (1.0, joining.reader, joining.cosine)),
    ):
        print(f"{name}: P@1 {_p_at_1(second, weights):.3f} of {len(second)} questions")
    found = words.model_copy(update={"joining": joining})
    options.out.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")


def columns(question_set: QuestionSet, ranker: Ranker) -> Iterator[tuple[Floats, Floats, NDArray[np.bool_]]]:
    """Yield, for each answerable question, (rows, 2) before reading, (rows, 3) after it, and which are right.

    Before it the columns are the words' score and the cosine; the reader's score comes between them after
    it, and is the least of all for what was not read.
    """
    index = ArticleIndex.from_articles(question_set.articles, ranker=ranker)
    for question in question_set.questions:
        candidates = index.candidates(question.question)
        if not question.answerable or not len(candidates):
            continue
        ranking = ranker.rank(candidates)
        assert ranking.reader is not None
        assert ranking.reader.reader_scores is not None
        words = ranker.weighted_sums(ranking.table)
        if ranking.network is not None:
            words = words + ranking.network.added(len(words))
        read = np.full(len(words), ranking.reader.reader_scores.min())
        read[ranking.reader.rows] = ranking.reader.reader_scores
        right = np.array([question_set.rule.is_met([c], question.golds) for c in candidates], dtype=bool)
        yield (
            np.column_stack([words, candidates.cosines]),
            np.column_stack([words, read, candidates.cosines]),
            right,
        )


def _p_at_1(lists: Sequence[tuple[Floats, NDArray[np.bool_]]], weights: Sequence[float]) -> float:
    return float(np.mean([right[int(np.argmax(table @ np.array(weights)))] for table, right in lists]))


if __name__ == "__main__":
    main()
