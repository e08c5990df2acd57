"""Make the reader's training examples: `python -m articleqa.training.reader.examples`.

Each question of a question set is asked of all articles of its set. Its example keeps the passages that the
words ranker finds likeliest and those that hold the answer, with a label for each of their sentences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import regex

from articleqa._parallel import parallel_map
from articleqa.evaluation.questions import EvaluationQuestion, QuestionSet, read_questions
from articleqa.evaluation.squad import read_squad
from articleqa.index.article_index import ArticleIndex
from articleqa.loaders.api import load_articles
from articleqa.models import Article, Passage, Span
from articleqa.passages import AnalysedPassage, context_of
from articleqa.ranking.ranker import shipped_ranker

MOST_PASSAGES = 10
"""The most passages that are kept, in addition to those that hold the answer."""

MARKDOWN_HEADING = "\n## "
"""Articles that contain this are treated as Markdown."""

_WORD = regex.compile(r"\p{L}{2}")

RIGHT, WRONG, UNJUDGED = 1, 0, -1
"""Labels of sentences; unjudged ones continue an answer, or are in a section that answers as a whole."""


def main(arguments: list[str] | None = None) -> None:
    """Write `NAME.jsonl` to `--out` for each question set: first its passages, then its questions.

    Raises:
        ArticleQAError: a question set cannot be read.
        OSError: `--out` cannot be written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.examples", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sets", type=Path, nargs="*", help="question sets in SQuAD v2.0 JSON")
    parser.add_argument(
        "--paragraphs",
        type=Path,
        nargs="*",
        default=[],
        help="those of the sets whose paragraphs are articles",
    )
    parser.add_argument(
        "--about",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("QUESTIONS", "ARTICLES"),
        help="a .jsonl file and the folder of articles that its questions are about",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    given = [(path, None) for path in options.sets] + [tuple(pair) for pair in options.about]
    write = partial(write_examples, paragraphs=options.paragraphs, out=options.out)
    for (path, _), names in parallel_map(write, given, at_once=1):
        print(path, names, flush=True)


def write_examples(given: tuple[Path, Path | None], *, paragraphs: Sequence[Path], out: Path) -> str:
    """Write the examples of one set, and return their counts as text.

    `given` is a question set, and the folder of its articles if the set does not hold them itself.
    """
    path, folder = given
    if folder is None:
        question_set = read_squad(path, paragraphs=path in paragraphs)
        sections = _sections(path, question_set)
    else:
        question_set, sections = read_questions(path, load_articles(folder)), {}
    articles = [
        article.model_copy(update={"media_type": "text/markdown"})
        if MARKDOWN_HEADING in article.text and folder is None
        else article
        for article in question_set.articles
    ]
    index = ArticleIndex.from_articles(articles, ranker=shipped_ranker().without_reader())
    numbers = {passage.key: number for number, passage in enumerate(index.passages)}
    with (out / f"{path.stem}.jsonl").open("w", encoding="utf-8") as file:
        by_article: dict[str, list[AnalysedPassage]] = {}
        for passage in index.passages:
            by_article.setdefault(passage.passage.article_id, []).append(passage)
            text = index.articles[passage.passage.article_id].text
            row: dict[str, Any] = {
                "article": passage.passage.article_id,
                "title": index.articles[passage.passage.article_id].title,
                "headings": [heading.of(text) for heading in passage.passage.headings],
                "sentences": [span.of(text) for span in passage.passage.sentence_spans],
                "lead_ins": _lead_ins(passage.passage, text),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        asked = 0
        for question in question_set.questions:
            row = {
                "id": question.id,
                "question": question.question,
                "article": question.golds[0].article_id if question.golds else question.article_id,
                "passages": list(_passages(index, by_article, numbers, question, sections.get(question.id))),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            asked += 1
    return f"{len(numbers)} passages, {asked} questions"


def _lead_ins(passage: Passage, text: str) -> dict[int, list[str]]:
    """Return the lead-ins above a window, by the sentence it begins with, for sentences that have any."""
    above = {
        number: [span.of(text) for span in context_of(passage, number)[len(passage.headings) :]]
        for number in range(len(passage.sentence_spans))
    }
    return {number: lines for number, lines in above.items() if lines}


def _passages(
    index: ArticleIndex,
    by_article: dict[str, list[AnalysedPassage]],
    numbers: dict[str, int],
    question: EvaluationQuestion,
    section: Span | None,
) -> Iterator[dict[str, Any]]:
    """Yield the passages to read, those with the best sentences first, with labels and scores."""
    candidates = index.candidates(question.question)
    ranker = shipped_ranker()
    scores = ranker.weighted_sums(ranker.table(candidates)) if len(candidates) else np.zeros(0)
    best: dict[str, AnalysedPassage] = {}
    scored: dict[str, dict[int, float]] = {}
    for row in np.argsort(-scores, kind="stable").tolist():
        candidate = candidates[row]
        if len(scored) < MOST_PASSAGES:
            best.setdefault(candidate.passage.key, candidate.passage)
        scored.setdefault(candidate.passage.key, {})[candidate.number] = round(float(scores[row]), 3)
    for gold in question.golds:
        for passage in by_article[gold.article_id]:
            if passage.passage.span.start < gold.end and gold.start < passage.passage.span.end:
                best.setdefault(passage.key, passage)
    for key, passage in best.items():
        article = index.articles[passage.passage.article_id]
        yield {
            "passage": numbers[key],
            "labels": [_label(article, span, question, section) for span in passage.passage.sentence_spans],
            "scores": scored.get(key, {}),
            "answers": list(_answers(passage, question)),
        }


def _label(article: Article, span: Span, question: EvaluationQuestion, section: Span | None) -> int:
    for gold in question.golds:
        if article.id == gold.article_id and span.start < gold.end and gold.start < span.end:
            # A gold over several sentences counts for the first of them; a list mark is not a sentence.
            return UNJUDGED if _WORD.search(article.text, gold.start, span.start) else RIGHT
    here = question.golds and article.id == question.golds[0].article_id
    if here and section is not None and span.start < section.end and section.start < span.end:
        return UNJUDGED
    return WRONG


def _answers(passage: AnalysedPassage, question: EvaluationQuestion) -> Iterator[tuple[int, int, int]]:
    """Yield each gold in the passage: its sentence, and its start and end within that sentence."""
    for gold in question.golds:
        if passage.passage.article_id != gold.article_id:
            continue
        for number, span in enumerate(passage.passage.sentence_spans):
            if span.start <= gold.start < span.end:
                yield number, gold.start - span.start, min(gold.end, span.end) - span.start


def _sections(path: Path, question_set: QuestionSet) -> dict[str, Span]:
    """Return, by question id, the section that answers as a whole, for questions whose file gives one."""
    sections: dict[str, Span] = {}
    starts = {article.id: article.text for article in question_set.articles}
    golds = {question.id: question.golds for question in question_set.questions}
    for document in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in document["paragraphs"]:
            for qa in paragraph["qas"]:
                if "section" not in qa or not golds[qa["id"]]:
                    continue
                gold = golds[qa["id"]][0]
                moved = gold.start - qa["answers"][0]["answer_start"]
                start, end = qa["section"]["start"], qa["section"]["end"]
                sections[qa["id"]] = Span(moved + start, min(moved + end, len(starts[gold.article_id])))
    return sections


if __name__ == "__main__":
    main()
