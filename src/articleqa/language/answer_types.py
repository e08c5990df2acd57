"""The types of answer that a question may ask for; each language has patterns for them."""

from __future__ import annotations

from enum import StrEnum


class AnswerType(StrEnum):
    """The type of answer that a question asks for."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    DURATION = "duration"
    CAUSE = "cause"
    MANNER = "manner"
    NAME = "name"
    DEFINITION = "definition"
    EXPANSION = "expansion"
    YES_NO = "yes or no"
    THING = "thing"
