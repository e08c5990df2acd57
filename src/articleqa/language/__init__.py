"""The language of questions and articles: its words, patterns and rules, and those of other languages.

A language is a `Language` (`protocol.py`) in a folder of its own; English is in `en/`. The rooms take
everything that is particular to a language from here.
"""

from __future__ import annotations

from articleqa.language.en import ENGLISH
from articleqa.language.other_languages import OTHER_LAYOUT, OTHER_SENTENCES
from articleqa.language.protocol import Language

__all__ = ["LANGUAGE", "LAYOUT", "SENTENCES", "Language"]

LANGUAGE: Language = ENGLISH
"""The language in use. This line chooses it."""

LAYOUT = LANGUAGE.layout.joined(OTHER_LAYOUT)
SENTENCES = LANGUAGE.sentences.joined(OTHER_SENTENCES)
"""The words of all languages, for what is the same work in each: laying a document out, ending a sentence."""
