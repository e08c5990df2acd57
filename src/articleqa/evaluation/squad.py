"""Question sets in SQuAD v2.0 JSON (Rajpurkar, Jia & Liang 2018, "Know What You Don't Know").

The file also holds the articles. Each title is one article, whose paragraphs a blank line separates; or each
paragraph is one article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from articleqa.evaluation.questions import (
    EvaluationQuestion,
    GoldAnswer,
    GoldRule,
    QuestionSet,
    describe,
    read_set_text,
)
from articleqa.exceptions import QuestionSetError
from articleqa.models import Article

_PARAGRAPH_BREAK = "\n\n"
_QUESTION_WORD = re.compile(
    r"\b(?:(?P<number>how (?:many|much))|(?P<person>who(?:m|se)?)|when|where|what|which|why|how)\b",
    re.IGNORECASE,
)


def read_squad(path: Path, *, paragraphs: bool = False) -> QuestionSet:
    """Read a question set and its articles from SQuAD v2.0 JSON.

    Article ids are the titles as spelt in the file, numbered if a title repeats; with `paragraphs`, each
    paragraph is an article ("Title/1", "Title/2", ...). The start of a gold answer is an offset in the
    article's text.

    Raises `QuestionSetError` with a one-line message for: a file that cannot be read, is not UTF-8, is not
    JSON or does not have this structure, a duplicate question id, a gold answer that is not where the file
    says, or a file without questions.
    """
    try:
        # pydantic parses the JSON, so that deep nesting and lone surrogates are faults like any other.
        file = _File.model_validate_json(read_set_text(path))
    except ValidationError as error:
        raise QuestionSetError(
            f"{path}: not SQuAD v2.0 JSON: {describe(error)}; it needs the keys data, title, paragraphs,"
            " context, qas, id, question, answers, text and answer_start"
        ) from error
    articles: list[Article] = []
    questions: dict[str, EvaluationQuestion] = {}
    taken: set[str] = set()
    for title, number, contexts in _documents(file, paragraphs):
        article_id = _unique(f"{title}/{number}" if paragraphs else title, taken)
        text = _PARAGRAPH_BREAK.join(context.context for context in contexts)
        articles.append(Article(id=article_id, title=title.replace("_", " ").strip(), text=text))
        offset = 0
        for context in contexts:
            for qa in context.qas:
                if qa.id in questions:
                    raise QuestionSetError(f"{path}: the question id {qa.id!r} occurs twice; rename one")
                questions[qa.id] = _question(qa, context.context, article_id, offset, path)
            offset += len(context.context) + len(_PARAGRAPH_BREAK)
    if not questions:
        raise QuestionSetError(f"{path}: no questions; add some under data, paragraphs, qas")
    return QuestionSet(
        name=path.name,
        rule=GoldRule.HOLDS_FIRST_CHARACTER,
        articles=tuple(articles),
        questions=tuple(questions.values()),
    )


def question_kind(question: str) -> str:
    """Return the kind of `question`: its first question word, or "other" if it has none.

    The kinds are who (also whom, whose), when, where, what, which, why, how, and how-many (also how much).
    """
    match = _QUESTION_WORD.search(" ".join(question.split()))
    if match is None:
        return "other"
    if match["number"]:
        return "how-many"
    return "who" if match["person"] else match[0].lower()


class _Raw(BaseModel):
    """JSON of the format, checked strictly; other keys (plausible_answers, ...) are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)


class _File(_Raw):
    data: list[_Document]


class _Document(_Raw):
    title: str
    paragraphs: list[_Context]


class _Context(_Raw):
    context: str
    qas: list[_QA]


class _QA(_Raw):
    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answers: list[_Answer]
    is_impossible: bool = False


class _Answer(_Raw):
    text: str = Field(min_length=1)
    answer_start: int = Field(ge=0)


def _documents(file: _File, paragraphs: bool) -> Iterator[tuple[str, int, list[_Context]]]:
    """Yield each article's title, its number within that title, and its contexts."""
    for document in file.data:
        title = document.title.strip() or "untitled"
        if paragraphs:
            for number, context in enumerate(document.paragraphs, start=1):
                yield title, number, [context]
        else:
            yield title, 1, document.paragraphs


def _unique(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, numbered from 2 if it is taken, and add the result to `taken`."""
    article_id = wanted
    number = 2
    while article_id in taken:
        article_id = f"{wanted} ({number})"
        number += 1
    taken.add(article_id)
    return article_id


def _question(qa: _QA, context: str, article_id: str, offset: int, path: Path) -> EvaluationQuestion:
    """Return the question with its distinct golds; `offset` is where its context starts in the article."""
    for answer in qa.answers:
        if not context.startswith(answer.text, answer.answer_start):
            raise QuestionSetError(
                f"{path}: question {qa.id!r}: the answer {answer.text[:60]!r} is not at offset"
                f" {answer.answer_start} of its context; correct answer_start (it counts code points)"
            )
    golds = dict.fromkeys(
        GoldAnswer(article_id=article_id, start=offset + answer.answer_start, text=answer.text)
        for answer in qa.answers
        if not qa.is_impossible
    )
    return EvaluationQuestion(
        id=qa.id,
        question=qa.question,
        kind=question_kind(qa.question),
        golds=tuple(golds),
        article_id=article_id,
    )
