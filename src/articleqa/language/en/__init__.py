"""English."""

from __future__ import annotations

from pathlib import Path

from articleqa.language.en.calendar import CALENDAR
from articleqa.language.en.evidence import EVIDENCE
from articleqa.language.en.layout import LAYOUT, ROLES
from articleqa.language.en.questions import QUESTIONS
from articleqa.language.en.sentences import SENTENCES
from articleqa.language.en.words import WORDS
from articleqa.language.protocol import Language

ENGLISH = Language(
    code="en",
    folder=Path(__file__).parent,
    words=WORDS,
    calendar=CALENDAR,
    questions=QUESTIONS,
    evidence=EVIDENCE,
    sentences=SENTENCES,
    layout=LAYOUT,
    roles=ROLES,
)
