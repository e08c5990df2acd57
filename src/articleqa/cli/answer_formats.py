"""The formats in which `articleqa ask --format` prints answers for other programs: JSON, Markdown, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum

from articleqa.answers import Answer, RankedSentence
from articleqa.models import Citation
from articleqa.printing import shown
from articleqa.quote_markup import markdown_line


class Format(StrEnum):
    """The formats of answers. Text is for people, and printed by `articleqa.cli.render`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


COLUMNS = (
    *("question", "outcome", "rank", "cited", "sentence", "short_answer", "confidence", "title", "source"),
    *("page", "time", "section", "line", "start", "end", "article_id"),
)
"""The columns of CSV."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a cell a formula in a spreadsheet if it comes first (OWASP, "CSV Injection")."""


def formatted(answers: Iterable[Answer], form: Format, *, explain: bool, many: bool) -> Iterator[str]:
    """Yield the text for each answer, in a format for other programs.

    With `many`, an answer as JSON is one line, and as Markdown it is below its question.
    """
    if form is Format.JSON:
        yield from _json(answers, explain=explain, indent=None if many else 2)
    elif form is Format.MARKDOWN:
        yield from _markdown(answers, with_question=many)
    else:
        yield from _csv(answers)


def _json(answers: Iterable[Answer], *, explain: bool, indent: int | None) -> Iterator[str]:
    from articleqa.json_envelope import AnswerEnvelope

    for answer in answers:
        yield AnswerEnvelope.of(answer, explain=explain).to_json(indent=indent)


def _markdown(answers: Iterable[Answer], *, with_question: bool) -> Iterator[str]:
    notes = 0
    for answer in answers:
        text = answer.to_markdown(first_note=notes + 1)
        notes += len(answer.shown_citations)
        yield f"## {markdown_line(answer.question)}\n\n{text}\n" if with_question else text


def _csv(answers: Iterable[Answer]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for answer in answers:
        yield "".join(_csv_line([row.get(column, "") for column in COLUMNS]) for row in _rows(answer))


def _rows(answer: Answer) -> Iterator[dict[str, object]]:
    """Yield the columns of each cited sentence in reading order, then of the others, the nearest first.

    An answer without any sentence has one row.
    """
    about: dict[str, object] = {"question": answer.question, "outcome": answer.outcome.value}
    ranked = {sentence.citation: (rank, sentence) for rank, sentence in enumerate(answer.sentences, start=1)}
    citations = dict.fromkeys([*answer.citations, *ranked])
    if not citations:
        yield about
    for citation in citations:
        cited = "yes" if citation in answer.citations else "no"
        yield {**about, "cited": cited, **_place(citation), **_ranked(*ranked.get(citation, (None, None)))}


def _place(citation: Citation) -> dict[str, object]:
    return {
        "sentence": citation.quote,
        "title": citation.title,
        "source": citation.source,
        "page": citation.page,
        "time": citation.time,
        "section": " › ".join(citation.section),
        "line": citation.line,
        "start": citation.start,
        "end": citation.end,
        "article_id": citation.article_id,
    }


def _ranked(rank: int | None, sentence: RankedSentence | None) -> dict[str, object]:
    """Return the columns of a sentence that is among the nearest; nothing of another."""
    if sentence is None:
        return {}
    short = "; ".join(highlight.text for highlight in sentence.highlights)
    return {"rank": rank, "short_answer": short, "confidence": sentence.confidence}


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(value: object) -> str:
    """Return a cell; one that a spreadsheet would calculate gets an apostrophe before it."""
    text = "" if value is None else shown(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text
