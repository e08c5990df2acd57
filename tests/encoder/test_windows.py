import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from articleqa.data import read_data
from articleqa.encoder.packing import packed
from articleqa.encoder.windows import (
    CONTEXT_PIECES,
    QUESTION_PIECES,
    SENTENCE_PIECES,
    WINDOW_PIECES,
    Window,
    context_line,
    window_input,
    windows_of,
)
from articleqa.encoder.wordpiece import WordPieces

PIECES = WordPieces(read_data("pieces.txt").split("\n")[:-1])
LONGEST = 3 + 2 + QUESTION_PIECES + CONTEXT_PIECES + max(WINDOW_PIECES, SENTENCE_PIECES)

SENTENCES = st.lists(st.lists(st.integers(1, 20_000), max_size=150), min_size=1, max_size=12)


@given(SENTENCES)
def test_windows_hold_every_sentence_in_order(sentences: list[list[int]]) -> None:
    windows = windows_of(sentences)
    numbers = [number for window in windows for number in window.sentences]
    assert sorted(set(numbers)) == list(range(len(sentences)))
    assert numbers == sorted(numbers)
    for window in windows:
        assert list(window.sentences) == list(range(window.sentences[0], window.sentences[-1] + 1))
        for number, pieces in zip(window.sentences, window.pieces, strict=True):
            assert list(pieces) == sentences[number][:SENTENCE_PIECES]
        assert len(window.sentences) == 1 or sum(map(len, window.pieces)) <= WINDOW_PIECES


def test_neighbouring_windows_share_a_sentence() -> None:
    first, second, *_ = windows_of([[7] * 60] * 5)
    assert (first.sentences, second.sentences) == ((0, 1), (1, 2))


@given(SENTENCES, st.lists(st.integers(1, 9), max_size=90), st.lists(st.integers(1, 9), max_size=90))
def test_readings_fit_the_places_of_the_network(
    sentences: list[list[int]], question: list[int], context: list[int]
) -> None:
    for window in windows_of(sentences):
        reading = window_input(PIECES, question, context, window)
        assert len(reading.pieces) <= LONGEST <= 256
        found = [tuple(reading.pieces[start:end]) for start, end in reading.spans]
        assert found == list(window.pieces)
        assert reading.pieces[1 : reading.question_end] == question[:QUESTION_PIECES]


def test_the_innermost_headings_are_kept() -> None:
    context = list(range(100, 200))
    reading = window_input(PIECES, [5], context, Window((0,), ((9,),)))
    assert reading.pieces[3 : 3 + CONTEXT_PIECES] == context[-CONTEXT_PIECES:]


def test_a_context_line_has_each_heading_once() -> None:
    assert context_line("Dogs", ["Dogs", "Leads", ""]) == "Dogs > Leads"


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_packing_keeps_every_piece_and_marks_empty_cells(passages: list[list[list[int]]]) -> None:
    readings = [
        window_input(PIECES, [3, 4], [5], window)
        for sentences in passages
        for window in windows_of(sentences)
    ]
    batch = packed(readings)
    total = sum(len(reading.pieces) for reading in readings)
    assert batch.pieces.tolist() == [piece for reading in readings for piece in reading.pieces]
    assert batch.windows.flat[batch.cells].tolist() == list(range(total))
    assert (batch.windows == total).sum() == batch.windows.size - total
    at = 0
    for number, reading in enumerate(readings):
        for start, end in reading.spans:
            row = batch.sentences[at]
            assert batch.window_of[at] == number
            assert batch.pieces[row[row < total]].tolist() == reading.pieces[start:end]
            at += 1
        asked = batch.asked[number]
        assert batch.pieces[asked[asked < total]].tolist() == [3, 4]
    assert np.array_equal(batch.kinds == 0, batch.places <= 3)
