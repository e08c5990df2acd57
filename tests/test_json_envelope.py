"""The JSON envelope is what its committed schema says."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import articleqa
from articleqa import Answer, Article
from articleqa.data import read_data
from articleqa.json_envelope import AnswerEnvelope, answer_schema

jsonschema = import_module("jsonschema")
SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = [
    ("When was the confederation shut down?", None),
    ("When was the confederation shut down?", 1.0),
    ("Who visited Kharkov?", None),
    ("???", 0.0),
    ("什么时候", None),
]


def asked(question: str, min_confidence: float | None = None) -> Answer:
    return articleqa.ask(question, SEEDS, min_confidence=min_confidence)


def validator() -> Any:
    schema = json.loads(read_data("answer.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_schema_is_the_generated_one() -> None:
    assert read_data("answer.schema.json") == answer_schema(), (
        "regenerate it: python -m articleqa.json_envelope > src/articleqa/data/answer.schema.json"
    )


@pytest.mark.parametrize(("question", "min_confidence"), QUESTIONS)
@pytest.mark.parametrize("explain", [False, True])
def test_real_answers_validate(question: str, min_confidence: float | None, explain: bool) -> None:
    envelope = json.loads(AnswerEnvelope.of(asked(question, min_confidence), explain=explain).to_json())
    validator().validate(envelope)
    assert ("explanations" in envelope) is explain


def test_an_answer_without_articles_validates() -> None:
    validator().validate(json.loads(AnswerEnvelope.of(articleqa.ask("Why?", [])).to_json()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda envelope: envelope.pop("version"),
        lambda envelope: envelope.update(version=2),
        lambda envelope: envelope.update(more=1),
        lambda envelope: envelope.update(explanations=None),
        lambda envelope: envelope["answer"].pop("never_mentioned"),
        lambda envelope: envelope["answer"]["sentences"][0]["citation"].pop("quote"),
        lambda envelope: envelope["answer"].update(confidence=1.1),
    ],
)
def test_the_schema_refuses_what_is_no_such_envelope(spoil: Any) -> None:
    envelope = json.loads(AnswerEnvelope.of(asked("When was the confederation shut down?")).to_json())
    spoil(envelope)
    assert not validator().is_valid(envelope)


def test_an_envelope_is_read_back_as_it_was() -> None:
    envelope = AnswerEnvelope.of(asked("When was the confederation shut down?"), explain=True)
    again = AnswerEnvelope.model_validate_json(envelope.to_json())
    assert again.to_json() == envelope.to_json()
    assert again.answer.citations == envelope.answer.citations


def test_every_character_is_exact_readable_and_harmless() -> None:
    text = "The “harbour” \x1b[31mfroze\x7f\x9b in 1740, 港も凍った 👩‍👩‍👧."
    answer = articleqa.ask("When did the harbour freeze?", Article(id="a", text=text), min_confidence=0)
    printed = AnswerEnvelope.of(answer).to_json()
    assert json.loads(printed)["answer"]["text"] == text
    assert "“harbour”" in printed
    assert "港も凍った 👩‍👩‍👧" in printed
    assert not set("\x1b\x7f\x9b") & set(printed)
