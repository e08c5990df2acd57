"""Sampling of labelled training windows for the reader; each draw of an example picks windows at random."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articleqa.encoder.windows import Window, WindowInput, window_input, windows_in_context
from articleqa.encoder.wordpiece import WordPieces
from articleqa.text.markup import without_markup
from articleqa.training.augmentation import augment
from articleqa.training.reader.examples import RIGHT, WRONG

UNANSWERED = 0.15
"""The share of questions that are asked without the window that answers."""

NO_CONTEXT = 0.1
"""The share of questions whose windows are read without title and headings."""

SHORT_ANSWER = 60
"""Answers of at most this many characters are marked within their sentence."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a set, with the windows that answer it, and others, likeliest first."""

    set_name: str
    question: str
    article: str
    right: list[Labelled]
    wrong: list[Labelled]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window of a passage with its context and labels, and (sentence, start, end) of a short answer."""

    context: tuple[int, ...]
    window: Window
    labels: list[int]
    answer: tuple[int, int, int] | None


def read_examples(path: Path, vocabulary: WordPieces) -> list[Example]:
    """Return the examples of a file that `articleqa.training.reader.examples` wrote."""
    passages: list[tuple[list[str], list[tuple[tuple[int, ...], Window]]]] = []
    examples: list[Example] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "question" not in row:
                passages.append((row["sentences"], list(_windows(row, vocabulary))))
                continue
            right: list[Labelled] = []
            wrong: list[Labelled] = []
            for place, passage in enumerate(row["passages"]):
                sentences, windows = passages[passage["passage"]]
                for context, window in windows:
                    labels = [passage["labels"][number] for number in window.sentences]
                    answer = _short_answer(passage["answers"], sentences, window, vocabulary)
                    scores = [passage["scores"].get(str(number), -99.0) for number in window.sentences]
                    labelled = Labelled(context, window, labels, answer)
                    if RIGHT in labels:
                        right.append(labelled)
                    elif WRONG in labels and (max(scores) > -99.0 or place < 3):
                        wrong.append(labelled)
            examples.append(Example(path.stem, row["question"], row["article"] or "", right, wrong))
    return examples


def _windows(passage: dict[str, Any], vocabulary: WordPieces) -> Iterator[tuple[tuple[int, ...], Window]]:
    def above(number: int) -> list[str]:
        return [*passage["headings"], *passage["lead_ins"].get(str(number), [])]

    return windows_in_context(vocabulary, passage["title"], passage["sentences"], above)


def _short_answer(
    answers: Sequence[Sequence[int]], sentences: Sequence[str], window: Window, vocabulary: WordPieces
) -> tuple[int, int, int] | None:
    """Return the first short answer in a window as (sentence of the window, first piece, end piece)."""
    for number, start, end in answers:
        if number not in window.sentences or end - start > min(SHORT_ANSWER, 0.7 * len(sentences[number])):
            continue
        place = window.sentences.index(number)
        pieces = vocabulary.cut(without_markup(sentences[number]))[: len(window.pieces[place])]
        within = [at for at, piece in enumerate(pieces) if piece.start < end and start < piece.end]
        if within:
            return place, within[0], within[-1] + 1
    return None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw of an example: readings, the labels of all their sentences, and a short answer, if any."""

    readings: list[WindowInput]
    labels: list[int]
    answer: tuple[int, int, int] | None


def draw(example: Example, vocabulary: WordPieces, chance: random.Random, two_wrong: float) -> Drawn | None:
    """Choose windows to read, two wrong ones with probability `two_wrong`; None if they can teach nothing."""
    right = list(example.right)
    wrong = list(example.wrong)
    count = 1 + (chance.random() < two_wrong)
    chosen: list[Labelled] = []
    if right and (chance.random() >= UNANSWERED or not wrong):
        chosen.append(chance.choice(right))
    else:
        count += 1
    # Likelier windows are drawn more often: the first has twice the chance of the third.
    while wrong and count:
        at = min(int(chance.expovariate(0.35)), len(wrong) - 1)
        chosen.append(wrong.pop(at))
        count -= 1
    if not chosen or (all(RIGHT not in labelled.labels for labelled in chosen) and len(chosen) < 2):
        return None
    question = vocabulary.numbers_of(augment(example.question, chance))
    bare = chance.random() < NO_CONTEXT
    readings = [
        window_input(vocabulary, question, [] if bare else labelled.context, labelled.window)
        for labelled in chosen
    ]
    answer = chosen[0].answer if RIGHT in chosen[0].labels else None
    return Drawn(readings, [label for labelled in chosen for label in labelled.labels], answer)
