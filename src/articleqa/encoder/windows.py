"""Windows, the networks' input: a question, the title and headings, and sentences of a passage.

    [CLS] question [SEP] title > heading > heading [SEP] sentence sentence sentence ... [SEP]

A sentence is read together with the others in its window, because its neighbours help to recognise it: a
lead-in by its items, an answer by the sentence before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from articleqa.encoder.wordpiece import SEPARATOR, START, WordPieces
from articleqa.text.markup import without_markup

QUESTION_PIECES = 48
CONTEXT_PIECES = 32
SENTENCE_PIECES = 96
WINDOW_PIECES = 128
"""The most pieces of a question, of the title and headings, of a sentence, and of a window's sentences."""


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive sentences of a passage: their numbers, and the pieces of each."""

    sentences: tuple[int, ...]
    pieces: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class WindowInput:
    """The input for one window: its piece numbers, and where the question and the sentences are in them.

    `question_end` is the position of the [SEP] after the question, 0 without a question. `spans` has the
    (start, end) of each sentence of the window.
    """

    pieces: list[int]
    question_end: int
    spans: list[tuple[int, int]]


def windows_of(sentences: Sequence[Sequence[int]]) -> list[Window]:
    """Cut a passage, given as the pieces of its sentences, into windows that overlap by one sentence."""
    cut = [tuple(pieces[:SENTENCE_PIECES]) for pieces in sentences]
    windows: list[Window] = []
    first = 0
    while first < len(cut):
        end, size = first + 1, len(cut[first])
        while end < len(cut) and size + len(cut[end]) <= WINDOW_PIECES:
            size += len(cut[end])
            end += 1
        windows.append(Window(tuple(range(first, end)), tuple(cut[first:end])))
        if end == len(cut):
            break
        # The last sentence is read again with what follows it, unless it fills the window alone.
        first = max(end - 1, first + 1)
    return windows


def windows_in_context(
    vocabulary: WordPieces, title: str, sentences: Sequence[str], above: Callable[[int], Sequence[str]]
) -> Iterator[tuple[tuple[int, ...], Window]]:
    """Yield the windows of a passage, each with the pieces of its context line; both are without markup.

    `above` returns the headings and lead-ins of the sentence that a window begins with, outermost first.
    """
    for window in windows_of([vocabulary.numbers_of(without_markup(sentence)) for sentence in sentences]):
        context = without_markup(context_line(title, above(window.sentences[0])))
        yield tuple(vocabulary.numbers_of(context)), window


def context_line(title: str, headings: Sequence[str]) -> str:
    """Return the title and the headings, outermost first, in one line; repeated ones appear once."""
    return " > ".join(line for line in dict.fromkeys([title, *headings]) if line)


def window_input(
    vocabulary: WordPieces, question: Sequence[int] | None, context: Sequence[int] | None, window: Window
) -> WindowInput:
    """Join the pieces of a question, of a context line and of a window; the first two may be None."""
    start, separator = vocabulary.numbers[START], vocabulary.numbers[SEPARATOR]
    pieces = [start]
    question_end = 0
    if question is not None:
        pieces += [*question[:QUESTION_PIECES], separator]
        question_end = len(pieces) - 1
    if context is not None:
        # Too long a context is cut at its start: the innermost headings say most, and they come last.
        pieces += [*context[-CONTEXT_PIECES:], separator]
    spans: list[tuple[int, int]] = []
    at = len(pieces)
    for sentence in window.pieces:
        spans.append((at, at + len(sentence)))
        at += len(sentence)
    return WindowInput([*pieces, *chain.from_iterable(window.pieces), separator], question_end, spans)
