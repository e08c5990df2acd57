import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from articleqa.data import read_data
from articleqa.encoder.wordpiece import LONGEST_WORD, WordPieces

VOCABULARY = read_data("pieces.txt").split("\n")[:-1]
PIECES = WordPieces(VOCABULARY)
THEIRS = BertWordPieceTokenizer({piece: number for number, piece in enumerate(VOCABULARY)})

SCRIPTS = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x590), (0x5D0, 0x600), (0x900, 0xE00), (0x3040, 0xD7A4))


def theirs(text: str) -> list[int]:
    return list(THEIRS.encode(text, add_special_tokens=False).ids)


def is_old(character: str) -> bool:
    """Say whether a character means the same in Unicode 3.2 as now: newer ones differ between libraries."""
    return unicodedata.ucd_3_2_0.category(character) == unicodedata.category(character) != "Cn"


def strings(count: int) -> list[str]:
    chance = random.Random(0)
    letters = [[chr(code) for code in range(*script) if is_old(chr(code))] for script in SCRIPTS]
    found = []
    for _ in range(count):
        script = chance.choice(letters)
        mixed = [chance.choice(chance.choice([script, script, letters[0]])) for _ in range(12)]
        found.append("".join(mixed) if chance.random() < 0.5 else " ".join(mixed))
    return found


def test_pieces_are_those_of_tokenizers_in_all_scripts() -> None:
    different = [text for text in strings(100_000) if PIECES.numbers_of(text) != theirs(text)]
    assert different == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "Ünïcödé café naïve",
        "İstanbul ΣΟΦΟΣ Straße",
        "a\u00adb\u200bc\ufeffd\0e",
        "日本語 한국어 中文",
        "don't $5.00 (50%) e-mail@example.org",
        "\u037e\u1fef\u212a",
        "x" * LONGEST_WORD,
        "x" * (LONGEST_WORD + 1),
        "kubectl rollout restart deployment/nginx",
    ],
)
def test_odd_text_is_cut_as_tokenizers_cuts_it(text: str) -> None:
    assert PIECES.numbers_of(text) == theirs(text)


@given(st.text())
def test_pieces_stand_in_the_text_in_order(text: str) -> None:
    pieces = PIECES.cut(text)
    assert [piece.number for piece in pieces] == PIECES.numbers_of(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(one.start <= other.start for one, other in pairwise(pieces))


def test_a_piece_has_the_characters_of_its_word() -> None:
    text = "The Résumé, twice."
    assert [text[piece.start : piece.end] for piece in PIECES.cut(text)][1] == "Résumé"
