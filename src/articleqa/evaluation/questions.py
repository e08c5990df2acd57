"""Question sets: questions with gold answers, the articles they are about, and our JSONL format.

A file has one question per line: `{"id", "question", "kind", "answers": [{"article", "quote"}]}`. An empty
list of answers means that the articles hold none. Reading a set checks that each quote occurs exactly once
in its article.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import ConfigDict, Field, ValidationError

from articleqa.exceptions import QuestionSetError
from articleqa.models import Article, Model

SAMPLE_SEED = 0
"""Seed of the shuffle in `QuestionSet.sample`."""


class GoldAnswer(Model):
    """A right answer: `text` starts at offset `start` (code points) of the article `article_id`."""

    article_id: str
    start: int = Field(ge=0)
    text: str = Field(min_length=1)

    @property
    def end(self) -> int:
        """Return the offset after the last character."""
        return self.start + len(self.text)


class EvaluationQuestion(Model):
    """A question and all its right answers; if there are none, it is unanswerable.

    `article_id` is the article that the question was asked about, if the file says so.
    """

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    golds: tuple[GoldAnswer, ...]
    article_id: str | None = None

    @property
    def answerable(self) -> bool:
        """Return whether the articles hold an answer."""
        return bool(self.golds)


class Place(Protocol):
    """A stretch of an article that is judged, such as a citation."""

    @property
    def article_id(self) -> str:
        """The article's id."""

    @property
    def start(self) -> int:
        """The offset of the first character."""

    @property
    def end(self) -> int:
        """The offset after the last character."""


class GoldRule(StrEnum):
    """The rule for when a place counts as a gold answer."""

    HOLDS_FIRST_CHARACTER = "holds the first character of a gold answer"
    OVERLAPS = "overlaps a gold quote"

    def is_met(self, places: Iterable[Place], golds: Sequence[GoldAnswer]) -> bool:
        """Return whether any of `places` counts as any of `golds`, in the right article."""
        return any(
            place.article_id == gold.article_id and self._meets(place.start, place.end, gold)
            for place in places
            for gold in golds
        )

    def _meets(self, start: int, end: int, gold: GoldAnswer) -> bool:
        if self is GoldRule.HOLDS_FIRST_CHARACTER:
            return start <= gold.start < end
        return start < gold.end and gold.start < end


class QuestionSet(Model):
    """A named list of questions with unique ids, their articles, and the rule for what counts as right."""

    name: str
    rule: GoldRule
    articles: tuple[Article, ...]
    questions: tuple[EvaluationQuestion, ...]

    def sample(self, size: int) -> QuestionSet:
        """Return the set with the first `size` questions of a seeded shuffle, and all articles."""
        shuffled = list(self.questions)
        random.Random(SAMPLE_SEED).shuffle(shuffled)
        return self.model_copy(update={"questions": tuple(shuffled[:size])})


def read_questions(path: Path, articles: Iterable[Article]) -> QuestionSet:
    """Read a question set about `articles` in our JSONL format.

    Raises `QuestionSetError`, which names the file, the line and what to do, for: a file that cannot be
    read, a line that is malformed or lacks a key, a duplicate id, an unknown article, a quote that does not
    occur exactly once in its article, or a file without questions.
    """
    articles = tuple(articles)
    texts = {article.id: article.text for article in articles}
    first_lines: dict[str, int] = {}
    questions: list[EvaluationQuestion] = []
    # Split at "\n" only: JSON strings may contain U+2028 and similar line ends unescaped.
    for number, line in enumerate(read_set_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        row = _parse(line, where)
        if row.id in first_lines:
            raise QuestionSetError(
                f"{where}: the id {row.id!r} is already used on line {first_lines[row.id]}; choose another"
            )
        first_lines[row.id] = number
        golds = tuple(_locate(answer, texts, where) for answer in row.answers)
        questions.append(EvaluationQuestion(id=row.id, question=row.question, kind=row.kind, golds=golds))
    if not questions:
        raise QuestionSetError(f"{path}: no questions; write one JSON object per line")
    return QuestionSet(name=path.name, rule=GoldRule.OVERLAPS, articles=articles, questions=tuple(questions))


def read_set_text(path: Path) -> str:
    """Return the text of the question file `path`, without a byte order mark.

    Raises `QuestionSetError` when it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionSetError(
            f"{path}: {error.strerror or error}; give the path of a question file"
        ) from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


def describe(error: ValidationError) -> str:
    """Return the first fault that pydantic found, on one line: where it is, and what is wrong."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]


class _Row(Model):
    """One line of a file, parsed from JSON."""

    model_config = ConfigDict(strict=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    answers: list[_Quote]


class _Quote(Model):
    model_config = ConfigDict(strict=True)

    article: str
    quote: str = Field(min_length=1)


def _parse(line: str, where: str) -> _Row:
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        raise QuestionSetError(
            f"{where}: {describe(error)}; a line is a JSON object with the keys id, question, kind, answers"
            " (a list of objects with article, quote)"
        ) from error


def _locate(answer: _Quote, texts: Mapping[str, str], where: str) -> GoldAnswer:
    """Return where the quote is; raise `QuestionSetError` unless it occurs exactly once."""
    text = texts.get(answer.article)
    if text is None:
        known = ", ".join(sorted(texts)[:5]) + (", ..." if len(texts) > 5 else "")
        raise QuestionSetError(
            f"{where}: there is no article {answer.article!r}; correct it (known articles: {known or 'none'})"
        )
    start = text.find(answer.quote)
    if start < 0:
        raise QuestionSetError(
            f"{where}: the quote {_shorten(answer.quote)!r} is not in {answer.article!r};"
            " copy it from the article character for character"
        )
    # Search from the next character, so that overlapping occurrences count too.
    if text.find(answer.quote, start + 1) >= 0:
        raise QuestionSetError(
            f"{where}: the quote {_shorten(answer.quote)!r} occurs more than once in {answer.article!r};"
            " extend it until it is unique"
        )
    return GoldAnswer(article_id=answer.article, start=start, text=answer.quote)


def _shorten(quote: str) -> str:
    return quote if len(quote) <= 60 else quote[:57] + "..."
