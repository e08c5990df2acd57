"""Fit confidence to folders that the reader never saw: `python -m articleqa.training.reader.confidence`.

Each question is asked of its whole folder, as in real use, and so are some questions about another
folder. `articleqa calibrate` does the same with small collections, and with passages removed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from articleqa._parallel import parallel_map
from articleqa.evaluation.questions import EvaluationQuestion, read_questions
from articleqa.index.article_index import ArticleIndex
from articleqa.loaders.api import load_articles
from articleqa.ranking.ranker import shipped_ranker
from articleqa.training.calibration import calibrate
from articleqa.training.calibration_data import Case, CaseBuilder, CaseKind

ELSEWHERE = 30
"""Number of questions about another folder that are asked of each folder."""


def main(arguments: list[str] | None = None) -> None:
    """Write the confidence model to `--out`, and print the coverage and risk of each threshold.

    Raises:
        ArticleQAError: a question set or a folder cannot be read.
        OSError: `--out` cannot be written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.confidence", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--about",
        type=Path,
        nargs=3,
        action="append",
        required=True,
        metavar=("QUESTIONS", "ARTICLES", "OTHERS"),
        help="a .jsonl file, the folder of its articles, and a .jsonl file about another folder",
    )
    parser.add_argument(
        "--risk", type=float, required=True, help="largest share of wrong answers among those given"
    )
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    options = parser.parse_args(arguments)
    cases: list[Case] = []
    for (questions, _, _), asked in parallel_map(cases_of_folder, options.about, at_once=1):
        print(f"{questions.stem}: {len(asked)} questions", flush=True)
        cases += asked
    names = [questions.stem for questions, _, _ in options.about]
    about = f"Fitted by `articleqa.training.reader.confidence` to the folders {', '.join(sorted(names))}."
    found = calibrate(cases, about=about, risk=options.risk)
    print(f"P@1 of the answerable {found.p_at_1:.3f}, ECE {found.ece:.3f}")
    for kind, value in found.auroc.items():
        print(f"AUROC, answerable against {kind}: " + ("not measured" if value is None else f"{value:.3f}"))
    for point in (*found.curve[::5], found.chosen):
        print(f"from {point.threshold:.2f}: {point.coverage:.3f} answered, {point.risk:.3f} of these wrong")
    options.out.write_text(found.model.model_dump_json(indent=1) + "\n", encoding="utf-8")


def cases_of_folder(given: tuple[Path, Path, Path]) -> list[Case]:
    """Return the cases of a folder; `given` is its questions, its articles, and questions about another."""
    questions, folder, others = given
    question_set = read_questions(questions, load_articles(folder))
    ranker = shipped_ranker()
    index = ArticleIndex.from_articles(question_set.articles, ranker=ranker)
    asking = CaseBuilder(question_set, ranker, question_set.name)
    cases: list[Case] = []
    for question in question_set.questions:
        kind = CaseKind.ANSWERABLE if question.answerable else CaseKind.UNANSWERABLE
        cases += asking.case(index, question, question.question, kind)
    for question in _unanswered(others):
        cases += asking.case(index, question, question.question, CaseKind.ELSEWHERE)
    return cases


def _unanswered(path: Path) -> Iterator[EvaluationQuestion]:
    """Yield the first questions of a file, without their answers."""
    for line in path.read_text(encoding="utf-8").splitlines()[:ELSEWHERE]:
        row = json.loads(line)
        yield EvaluationQuestion(id=row["id"], question=row["question"], kind=row["kind"], golds=())


if __name__ == "__main__":
    main()
