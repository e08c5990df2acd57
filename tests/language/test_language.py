"""What holds for any language, asked of the one in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
import regex

from articleqa.language import LANGUAGE, LAYOUT, SENTENCES
from articleqa.language.answer_types import AnswerType
from articleqa.language.other_languages import OTHER_LAYOUT, OTHER_SENTENCES
from articleqa.language.protocol import Layout, SentenceRules
from articleqa.language.word_lists import any_of
from articleqa.text.sentences.languages import Kind
from articleqa.text.terms import terms


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the name of each field that is or holds patterns, and the pattern."""
    for part in (LANGUAGE.questions, LANGUAGE.evidence, LANGUAGE.roles):
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, str) and not field.name.endswith("words") and field.name != "completed":
                yield field.name, value
    yield from ((kind.value, pattern) for kind, pattern in LANGUAGE.questions.answer_types)
    yield from ((kind.value, pattern) for kind, _, pattern in LANGUAGE.evidence.mentions)
    yield from LANGUAGE.evidence.time_units.items()
    yield from ((variant, variant) for variant, _ in LANGUAGE.words.spelling_variants)
    words = LANGUAGE.words
    yield from zip(
        ("prefixes", "elisions", "negation"),
        (words.bound_prefixes, words.elisions, words.negation),
        strict=True,
    )
    yield from (("layout", pattern) for field in fields(LAYOUT) for pattern in getattr(LAYOUT, field.name))
    yield from (("line", pattern) for pattern in LANGUAGE.boilerplate)


def test_each_pattern_compiles_and_needs_some_text() -> None:
    found = list(patterns())
    assert len(found) > 200
    wrong = [(name, pattern) for name, pattern in found if regex.compile(pattern).fullmatch("")]
    assert wrong == []


def test_questions_have_patterns_for_each_answer_type() -> None:
    kinds = [kind for kind, _ in LANGUAGE.questions.answer_types]
    assert set(kinds) == set(AnswerType)
    assert kinds[-1] is AnswerType.YES_NO


def test_sentences_have_mentions_of_each_type_but_two() -> None:
    kinds = {kind for kind, strength, _ in LANGUAGE.evidence.mentions if 0.0 < strength <= 1.0}
    assert kinds == set(AnswerType) - {AnswerType.YES_NO, AnswerType.THING}


def test_groups_that_the_rooms_ask_for_are_there() -> None:
    assert regex.compile(LANGUAGE.questions.focus).groups == 1
    assert regex.compile(LANGUAGE.evidence.measured).groups == 1
    assert "ask" in regex.compile(LANGUAGE.questions.further).groupindex
    assert LANGUAGE.questions.completed.format("x").startswith("x")


def test_terms_of_tables_are_terms_of_the_analyser() -> None:
    """A term that no text can give would never be found: "centuries" for "centuri"."""
    evidence, words = LANGUAGE.evidence, LANGUAGE.words
    named = {*evidence.time_units, *(term for counted in evidence.measures.values() for term in counted)}
    stemmed = words.load_stemmer()
    assert [term for term in sorted(named - LANGUAGE.stop_words) if stemmed(term) != term] == []
    pronouns = {word for group in words.pronouns.values() for word in group}
    assert [word for word in sorted(pronouns | words.clause_openers) if terms(word) != [word]] == []


def test_stop_words_and_word_forms_are_folded() -> None:
    assert {word for word in LANGUAGE.stop_words if word != word.casefold()} == set()
    assert LANGUAGE.word_forms["went"] == "go"
    assert not LANGUAGE.stop_words & LANGUAGE.word_forms.keys()


def test_each_abbreviation_has_a_known_kind() -> None:
    assert {Kind(section) for section in LANGUAGE.abbreviations.values()} <= set(Kind)
    assert not [word for word in LANGUAGE.abbreviations if word.endswith(".")]


def test_a_year_has_twelve_months() -> None:
    assert len(set(LANGUAGE.calendar.months)) == 12
    assert {month[:3] for month in LANGUAGE.calendar.months} <= set(LANGUAGE.calendar.short_months)


@pytest.mark.parametrize(
    ("all_words", "own", "others"),
    [(LAYOUT, LANGUAGE.layout, OTHER_LAYOUT), (SENTENCES, LANGUAGE.sentences, OTHER_SENTENCES)],
)
def test_words_of_all_languages_are_looked_for_once(
    all_words: Layout | SentenceRules, own: Layout | SentenceRules, others: Layout | SentenceRules
) -> None:
    for field in fields(all_words):
        joined = getattr(all_words, field.name)
        assert joined == getattr(own, field.name) + getattr(others, field.name)
        assert len(set(joined)) == len(joined), field.name


def test_a_pattern_of_no_alternatives_matches_nothing() -> None:
    assert regex.search(any_of(), "text") is None
    assert regex.fullmatch(any_of("a", "b"), "b")
