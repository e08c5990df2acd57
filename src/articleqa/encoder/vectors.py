"""8-bit vectors of sentences and questions, and the passages nearest to a question.

The encoder reads the sentences of a passage together with its title and headings, and each sentence's vector
is the mean of its pieces' states (Günther et al. 2024, "Late Chunking"). The product of two such vectors is a
sum of whole numbers below 2^24, which 32-bit floats add exactly, whatever the order and the processor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
from articleqa.encoder.model import EncoderModel
from articleqa.encoder.threads import in_threads
from articleqa.encoder.windows import Window, WindowInput, window_input, windows_in_context
from articleqa.models import Article, Passage, Span
from articleqa.passages import context_of

Vectors = NDArray[np.int8]
Pieces = tuple[int, ...]

DIMENSIONS = 384
"""The number of dimensions of a sentence vector."""

KEPT = 8_192
"""Passages whose vectors are cached, so that the same passage in another index is not encoded again."""


class _Input(NamedTuple):
    """All that the vectors of a passage depend on: `above` has the headings and lead-ins of each sentence."""

    model: EncoderModel
    title: str
    sentences: tuple[str, ...]
    above: tuple[tuple[str, ...], ...]


_encoded: dict[_Input, Vectors] = {}
"""The vectors of the passages that were encoded last."""

_keeping = Lock()

SCANNED_TOGETHER = 512
"""Vectors compared at a time: as 32-bit floats they fit into a processor's cache, ten times as fast."""


def passage_vectors(
    model: EncoderModel,
    passages: Iterable[tuple[Article, Passage]],
    pool: ThreadPoolExecutor | None = None,
) -> Iterator[Vectors]:
    """Yield the vectors of the sentences of each passage: (sentences, `DIMENSIONS`).

    `pool` is as in `in_threads`.
    """
    inputs = (_input_of(model, article, passage) for article, passage in passages)
    return in_threads(_encode, inputs, pool, _encoded.get)


def _input_of(model: EncoderModel, article: Article, passage: Passage) -> _Input:
    @cache
    def text_of(span: Span) -> str:  # a lead-in is one string, however many sentences stand below it
        return span.of(article.text)

    sentences = tuple(map(text_of, passage.sentence_spans))
    numbers = range(len(sentences) if passage.lead_ins else 1)
    above = tuple(tuple(map(text_of, context_of(passage, number))) for number in numbers)
    return _Input(model, article.title, sentences, above if passage.lead_ins else above * len(sentences))


def _encode(given: _Input) -> Vectors:
    model, title, sentences, above = given
    windows = list(windows_in_context(model.pieces, title, sentences, above.__getitem__))
    readings = [window_input(model.pieces, None, context, window) for context, window in windows]
    found: Vectors = np.zeros((len(sentences), DIMENSIONS), dtype=np.int8)
    # A sentence in two windows gets its vector from the first, which also has the sentence before it.
    for (_, window), rows in reversed(list(zip(windows, model.vectors(readings), strict=True))):
        found[list(window.sentences)] = quantised(rows)
    with _keeping:
        _encoded[given] = found
        if len(_encoded) > KEPT:
            del _encoded[next(iter(_encoded))]
    return found


def passage_windows(
    model: EncoderModel, title: str, text_of: Callable[[Span], str], passage: Passage
) -> Iterator[tuple[Pieces, Window]]:
    """Yield the windows of a passage, each with the pieces of its article's title, headings and lead-ins.

    `text_of` returns the text at a span of the article.
    """

    def above(number: int) -> list[str]:
        return list(map(text_of, context_of(passage, number)))

    yield from windows_in_context(model.pieces, title, list(map(text_of, passage.sentence_spans)), above)


def question_vector(model: EncoderModel, question: str) -> Vectors:
    """Return the vector of a question: (`DIMENSIONS`,)."""
    (rows,) = model.vectors([reading_of_question(model, question)])
    return np.asarray(quantised(rows)[0])


def reading_of_question(model: EncoderModel, question: str) -> WindowInput:
    """Return the input for a question: one sentence that includes the [CLS] and [SEP] around it."""
    window = Window((0,), (tuple(model.pieces.numbers_of(question)),))
    reading = window_input(model.pieces, None, None, window)
    return WindowInput(reading.pieces, 0, [(0, len(reading.pieces))])


def quantised(rows: NDArray[np.float32]) -> Vectors:
    """Return `rows` in 8 bits, each scaled to a largest absolute value of 127: only directions matter."""
    greatest = np.abs(rows).max(axis=1, keepdims=True)
    return np.asarray(np.round(rows / np.maximum(greatest, 1e-9) * 127), dtype=np.int8)


class _ByKey(Mapping[str, Float64Array]):
    """The cosines of the sentences of each passage, by key; they are looked up on access."""

    def __init__(self, index: VectorIndex, cosines: Float64Array) -> None:
        self._index, self._cosines = index, cosines

    def __getitem__(self, key: str) -> Float64Array:
        place = self._index.places[key]
        return self._cosines[self._index.starts[place] : self._index.starts[place + 1]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.keys)

    def __len__(self) -> int:
        return len(self._index.keys)


@dataclass(frozen=True)
class VectorIndex:
    """The vectors of all sentences of some passages.

    `keys` are the keys of the passages, in order; `starts` (keys + 1,) says where the vectors of each passage
    begin in `matrix` (sentences, `DIMENSIONS`).
    """

    keys: Sequence[str]
    starts: NDArray[np.int64]
    matrix: Vectors

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each key in `keys`."""
        return {key: number for number, key in enumerate(self.keys)}

    def cosines(self, question: Vectors) -> Float64Array:
        """Return the cosine of each sentence with `question`, rounded to four digits: (sentences,)."""
        asked = question.astype(np.float32)
        length = float(np.sqrt((asked.astype(np.float64) ** 2).sum())) or 1.0
        found = np.zeros(len(self.matrix))
        for start in range(0, len(self.matrix), SCANNED_TOGETHER):
            rows = self.matrix[start : start + SCANNED_TOGETHER].astype(np.float32)
            found[start : start + len(rows)] = rows @ asked
        return np.round(found / (self._lengths * length), 4)

    @cached_property
    def _lengths(self) -> Float64Array:
        """The length of each vector, at least 1; computed once for all questions."""
        found = np.zeros(len(self.matrix))
        for start in range(0, len(self.matrix), SCANNED_TOGETHER):
            rows = self.matrix[start : start + SCANNED_TOGETHER].astype(np.float32)
            found[start : start + len(rows)] = np.einsum("ij,ij->i", rows, rows)
        return np.maximum(np.sqrt(found), 1.0)

    def nearest(self, cosines: Float64Array, k: int, among: Set[str] | None = None) -> list[str]:
        """Return the keys of the `k` passages with the nearest sentences, nearest first.

        Ties keep their order. With `among`, only these keys are returned.
        """
        if not len(self.keys):
            return []
        best = np.maximum.reduceat(cosines, self.starts[:-1])
        order = (self.keys[number] for number in np.argsort(-best, kind="stable").tolist())
        return list(islice((key for key in order if among is None or key in among), k))

    def by_key(self, cosines: Float64Array) -> Mapping[str, Float64Array]:
        """Return the cosines of each passage's sentences, by the passage's key."""
        return _ByKey(self, cosines)

    @classmethod
    def of(cls, vectors: Sequence[tuple[str, Vectors]]) -> VectorIndex:
        """Combine the vectors of passages, given with their keys; each has at least one sentence."""
        sizes = [len(rows) for _, rows in vectors]
        return cls(
            keys=[key for key, _ in vectors],
            starts=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
            matrix=np.concatenate([rows for _, rows in vectors])
            if vectors
            else np.zeros((0, DIMENSIONS), dtype=np.int8),
        )
