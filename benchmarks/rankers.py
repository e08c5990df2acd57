"""Compare the ways to rank: `python -m benchmarks.rankers QUESTIONS...`.

Asks sets in SQuAD v2.0 JSON by words alone, by the cosine of the encoder's vectors alone, by the reader's
score alone (over what words and cosine find), and by all together. Prints a row for each: P@1, the share of
questions with a right sentence among the first three, the median milliseconds per question, and the size of
the data files that it needs. Vectors are made before anything is timed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from articleqa import ArticleIndex
from articleqa.data import data_path
from articleqa.evaluation import QuestionSet, read_squad
from articleqa.evidence.candidates import Candidates
from articleqa.ranking.features import FEATURES
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.ranking.scores import Ranking

WORDS = ("ranker.json", "word_vectors.npy", "word_vectors.txt", "word_neighbours.npy", "word_frequencies.npy")
PIECES = ("pieces.txt", "piece_vectors.npy", "piece_scales.npy")
ENCODER = (*PIECES, "encoder.onnx")


class CosineRanker(Ranker):
    """Ranks by the cosine alone, without the network and the reader."""

    def rank(self, candidates: Candidates) -> Ranking:
        """Return the cosines as scores."""
        table = np.zeros((len(candidates), len(FEATURES)))
        return Ranking(candidates.cosines, table)


def rankers() -> Mapping[str, tuple[Ranker, tuple[str, ...]]]:
    """Return the rankers by name, each with the data files that it needs."""
    everything = shipped_ranker()
    assert everything.joining is not None
    fields = {name: getattr(everything, name) for name in Ranker.model_fields}
    alone = everything.joining.model_copy(update={"reader": 1000.0, "cosine": 0.0})
    return {
        "words": (everything.without_reader(), WORDS),
        "cosine": (CosineRanker.model_validate(fields), (*WORDS, *ENCODER)),
        "reader": (everything.model_copy(update={"joining": alone}), (*WORDS, *ENCODER, "reader.onnx")),
        "all together": (everything, (*WORDS, *ENCODER, "reader.onnx")),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path, metavar="QUESTIONS")
    parser.add_argument("--limit", type=int, default=300, help="at most this many questions of each set")
    options = parser.parse_args()
    for path in options.sets:
        questions = read_squad(path).sample(options.limit)
        print(f"{path.name}: {sum(q.answerable for q in questions.questions)} answerable questions")
        print(f"{'':14}{'P@1':>8}{'first 3':>9}{'ms':>8}{'MB':>7}")
        for name, (ranker, files) in rankers().items():
            first, three, ms = _asked(questions, ranker)
            size = sum(data_path(file).stat().st_size for file in files) / 1e6
            print(f"{name:14}{first:8.3f}{three:9.3f}{ms:8.1f}{size:7.1f}", flush=True)


def _asked(questions: QuestionSet, ranker: Ranker) -> tuple[float, float, float]:
    """Return P@1, the share of questions right among the first three, and the median milliseconds."""
    index = ArticleIndex.from_articles(questions.articles, ranker=ranker)
    index.ask("Is everything ready?")
    ranks: list[list[bool]] = []
    times: list[float] = []
    for question in questions.questions:
        if not question.answerable:
            continue
        start = time.perf_counter()
        answer = index.ask(question.question)
        times.append(time.perf_counter() - start)
        ranks.append([questions.rule.is_met((s.citation, *s.also), question.golds) for s in answer.sentences])
    first = statistics.mean(any(right[:1]) for right in ranks)
    return first, statistics.mean(map(any, ranks)), statistics.median(times) * 1000


if __name__ == "__main__":
    main()
