"""A place in a text where a sentence may end, and the words around it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from articleqa.text.sentences.languages import OtherLanguage, guess_language
from articleqa.text.sentences.punkt import is_starter

QUOTES = "\"'“”‘’„«»‹›"


class Paragraph:
    """One line or paragraph, and the language it seems to be in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Store the paragraph's place in `text`."""
        self.text = text
        self.start = start
        self.end = end

    @cached_property
    def language(self) -> OtherLanguage | None:
        """Guess the language: None for the one in use or an unknown one."""
        return guess_language(self.text, self.start, self.end)


class Place(NamedTuple):
    """The words and symbols around a mark that may end a sentence."""

    paragraph: Paragraph
    sentence: int  # start of the sentence
    at: int  # offset of the mark
    mark: str
    tail: str  # closing quotes, brackets and footnotes after the mark
    previous: str  # the word before `word`, punctuation included
    word: str  # the word right before the mark, or empty
    next: str  # the word after the mark, or empty if something else follows
    next_at: int

    @property
    def is_followed_small(self) -> bool:
        """Return whether a word in lower case follows; iPhone, eBay and `code` do not count."""
        is_small = self.next[:1].islower() and not self.next[1:2].isupper()
        return is_small and self.paragraph.text[self.next_at - 1] != "`"

    @property
    def closes_quote(self) -> bool:
        """Return whether a quotation ends with the mark."""
        return any(character in QUOTES for character in self.tail)

    @property
    def follows_next(self) -> str:
        """Return the character after `next`, empty at the end."""
        at = self.next_at + len(self.next)
        return self.paragraph.text[at] if at < self.paragraph.end else ""

    @property
    def language(self) -> OtherLanguage | None:
        """Return the language of the paragraph, None for the one in use or an unknown one."""
        return self.paragraph.language

    def is_before(self, expression: re.Pattern[str]) -> bool:
        """Return whether `expression` matches from the next word on."""
        return expression.match(self.paragraph.text, self.next_at, self.paragraph.end) is not None

    def is_before_starter(self) -> bool:
        """Return whether the next word is capitalised, and is a small word of the paragraph's language."""
        if not self.next[:1].isupper():
            return False
        language = self.language
        return is_starter(self.next) if language is None else self.next.lower() in language.words
