"""Letters of a PDF that its fonts do not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import DamagedTextWarning, load_articles
from articleqa.loaders.pdf.characters import UNKNOWN
from articleqa.loaders.pdf.symbol_fonts import with_known_letters
from articleqa.loaders.pdf.unknown_glyphs import with_letters
from articleqa.loaders.pdf.words import Word
from pdf_pages import KINDS, lines, pdf_of, read, read_kind


def words_of(text: str, font: str = "ABCDEF+Times") -> list[Word]:
    return [Word(word, 0, 1, 0, 10, False, True, order, font) for order, word in enumerate(text.split())]


def letters_of(text: str, font: str = "ABCDEF+Times") -> str:
    pages, _ = with_letters([words_of(text, font)])
    return " ".join(word.text for word in pages[0])


def test_a_ligature_without_a_letter_is_known_by_its_words() -> None:
    expected = (
        "The office of the harbour opens at nine. A fine of six crowns is due. The clerk finds the file"
    )
    assert read_kind("ligature_to_nul").text.startswith(expected)


def test_a_private_ligature_is_known_by_its_other_words() -> None:
    text = "The \ue000sh and the \ue000le of the of\ue000ce, \ue000nally, were \ue000fteen of Mel\ue000k."
    assert letters_of(text) == "The fish and the file of the office, finally, were fifteen of Melfik."


def test_glyphs_of_tex_and_symbol_fonts_are_known_by_their_encoding() -> None:
    assert with_known_letters(f"e{chr(UNKNOWN + 14)}cient", "XYZABC+CMR10") == "efficient"
    assert with_known_letters("\uf061 \uf0a3 \uf062", "ABCDEF+SymbolMT") == "α ≤ β"
    assert with_known_letters("\uf731\uf739", "Minion-Expert") == "19"


def test_a_font_without_letters_is_left_out_and_reported(tmp_path: Path) -> None:
    article = read_kind("no_unicode_for_glyphs")
    assert (article.text, article.metadata.get("garbled_pages")) == ("Sprouts of Melvik, 37", 1)
    with pytest.warns(DamagedTextWarning, match=r"the text layer of 1 page is unreadable.*OCR"):
        list(load_articles(KINDS / "no_unicode_for_glyphs.pdf"))


def test_letters_of_a_wrong_encoding_are_reported() -> None:
    prose = "The harbour board met in March and chose a new pilot for the northern channel. " * 8
    moved = "".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.islower() else c for c in prose)
    assert read(pdf_of(lines([prose[:90]] * 6))).metadata.get("garbled_pages") is None
    shown = [moved[start : start + 80] for start in range(0, len(moved), 80)]
    assert (
        read(pdf_of(lines(shown))).metadata["garbled_pages"] == 1
    )  # recognised, these letters are no words either


def test_a_glyph_that_nothing_tells_is_shown_as_unknown() -> None:
    assert letters_of(f"zq{chr(UNKNOWN)}wv") == f"zq{chr(UNKNOWN)}wv"
