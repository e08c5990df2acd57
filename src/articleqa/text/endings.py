"""How a text ends: like a statement, like a question, or like a clause after which more comes."""

from __future__ import annotations

STATEMENT_MARKS = ".!…。！"
QUESTION_MARKS = "?？؟"
SENTENCE_MARKS = STATEMENT_MARKS + QUESTION_MARKS
CLAUSE_MARKS = ":;"
CLOSING = "\"'”’»)]"
"""Quotation marks and brackets that may stand behind the mark."""


def ends_with(text: str, marks: str, closing: str = CLOSING) -> bool:
    """Return whether `text` ends with one of `marks`, perhaps followed by characters of `closing`."""
    last = text.rstrip(closing)[-1:]
    return last != "" and last in marks


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends like a sentence."""
    return ends_with(text, SENTENCE_MARKS)


def ends_question(text: str) -> bool:
    """Return whether `text` ends like a question."""
    return ends_with(text, QUESTION_MARKS)
