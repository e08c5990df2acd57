"""Superscripts and subscripts in plain text, so that "10⁶ crowns" does not become "106 crowns"."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from itertools import groupby
from operator import itemgetter

import regex

from articleqa.text.endings import ends_sentence

_MINUS = "\N{HYPHEN-MINUS}\N{HYPHEN}\N{EN DASH}\N{MINUS SIGN}"
_BESIDE_LETTERS = str.maketrans(f"0123456789+{_MINUS}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺" + len(_MINUS) * "⁻")
_RAISED = _BESIDE_LETTERS | str.maketrans("()n", "⁽⁾ⁿ")
_LOWERED = str.maketrans(f"0123456789+{_MINUS}", "₀₁₂₃₄₅₆₇₈₉₊" + len(_MINUS) * "₋")
_WORD = regex.compile(r"\p{L}{3}")
_OTHER_LETTER = regex.compile(r"[\p{L}--n]", regex.VERSION1)
_NOTE_NUMBER = regex.compile(r"[\[(]?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*[\])]?|[*†‡§¶]+")


class Shift(Enum):
    """The position of a piece of text relative to its line."""

    NONE = auto()
    RAISED = auto()
    LOWERED = auto()


def raised(text: str) -> str:
    """Return `text` with its digits and signs as superscripts.

    Text with words is unchanged, and so are letters, except "n" if there is no other letter.
    """
    if _WORD.search(text):
        return text
    return text.translate(_BESIDE_LETTERS if _OTHER_LETTER.search(text) else _RAISED)


def lowered(text: str) -> str:
    """Return `text` with its digits and signs as subscripts; letters, and text with words, are unchanged."""
    return text if _WORD.search(text) else text.translate(_LOWERED)


def is_note_number(text: str) -> bool:
    """Return whether `text`, if it is raised after a sentence, is the number or sign of one or more notes."""
    return _NOTE_NUMBER.fullmatch(text) is not None


def joined(pieces: Iterable[tuple[str, Shift]]) -> str:
    """Join pieces of text, without the note numbers that are raised after sentences."""
    parts: list[str] = []
    for shift, group in groupby((piece for piece in pieces if piece[0]), key=itemgetter(1)):
        text = "".join(piece for piece, _ in group)
        if shift is Shift.LOWERED:
            text = lowered(text)
        elif shift is Shift.RAISED:
            is_note = bool(parts) and ends_sentence(parts[-1]) and is_note_number(text.strip())
            text = " " * (text != text.strip()) if is_note else raised(text)
        if text:
            parts.append(text)
    return "".join(parts)
