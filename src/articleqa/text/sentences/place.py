"""A place in a text where a sentence may end, and what stands around it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from articleqa.text.sentences.languages import Language, guess_language
from articleqa.text.sentences.punkt import is_starter

QUOTES = "\"'“”‘’„«»‹›"


class Paragraph:
    """One line or paragraph, and what language it seems to be in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Note the paragraph's place in `text`."""
        self.text = text
        self.start = start
        self.end = end

    @cached_property
    def language(self) -> Language | None:
        """Guess the language, None for English or one that is not known."""
        return guess_language(self.text, self.start, self.end)


class Place(NamedTuple):
    """What stands around a mark that may end a sentence."""

    paragraph: Paragraph
    sentence: int  # start of the sentence
    at: int  # of the mark
    mark: str
    tail: str  # closing quotes, brackets and footnotes behind the mark
    previous: str  # the word before `word`, punctuation included
    word: str  # the word right before the mark, or empty
    next: str  # the word behind, or empty when something else stands there
    next_at: int

    @property
    def is_followed_small(self) -> bool:
        """Say whether a word in small letters follows; iPhone, eBay and `code` do not count."""
        is_small = self.next[:1].islower() and not self.next[1:2].isupper()
        return is_small and self.paragraph.text[self.next_at - 1] != "`"

    @property
    def closes_quote(self) -> bool:
        """Say whether a quotation ends with the mark."""
        return any(character in QUOTES for character in self.tail)

    @property
    def follows_next(self) -> str:
        """Return the character behind `next`, empty at the end."""
        at = self.next_at + len(self.next)
        return self.paragraph.text[at] if at < self.paragraph.end else ""

    @property
    def language(self) -> Language | None:
        """Return the language of the paragraph, None for English or one that is not known."""
        return self.paragraph.language

    def is_before(self, expression: re.Pattern[str]) -> bool:
        """Say whether `expression` matches from the next word on."""
        return expression.match(self.paragraph.text, self.next_at, self.paragraph.end) is not None

    def is_before_starter(self) -> bool:
        """Say whether the next word, with a capital, is a small word of the paragraph's language."""
        if not self.next[:1].isupper():
            return False
        language = self.language
        return is_starter(self.next) if language is None else self.next.lower() in language.words
