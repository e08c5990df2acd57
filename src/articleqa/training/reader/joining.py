"""Fit the weights that join the reader to the words ranker: `python -m articleqa.training.reader.joining`.

The fit is that of `articleqa train` (`articleqa.training.joining`); the words ranker stays unchanged.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from articleqa.evaluation.squad import read_squad
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.training.examples import ask_all
from articleqa.training.joining import fit_joining, joined_scores, p_at_1


def main(arguments: list[str] | None = None) -> None:
    """Write the ranker with its joining weights to `--out`, and print its P@1 on the questions.

    Raises:
        ArticleQAError: a question set or the ranker cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.joining", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sets", type=Path, nargs="+", help="question sets in SQuAD v2.0 JSON")
    parser.add_argument("--ranker", type=Path, help="the words ranker, if not the shipped one")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    options = parser.parse_args(arguments)
    ranker = Ranker.load(options.ranker) if options.ranker else shipped_ranker()
    lists = list(joined_scores(ranker, ask_all([read_squad(path) for path in options.sets])))
    joining = fit_joining(lists)
    print(joining.model_dump_json())
    for name, weights in (
        ("words", (1.0, 0.0, 0.0)),
        ("cosine", (0.0, 0.0, 1.0)),
        ("reader", (0.0, 1.0, 0.0)),
        ("all", (1.0, joining.reader, joining.cosine)),
    ):
        print(f"{name}: P@1 {p_at_1(lists, weights):.3f} of {len(lists)} questions")
    found = ranker.model_copy(update={"joining": joining})
    options.out.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
