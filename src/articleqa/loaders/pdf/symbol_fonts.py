"""Letters of glyphs that pdfium gives no letter for, known by the encoding of their font."""

from __future__ import annotations

import regex

from articleqa.loaders.pdf.characters import UNKNOWN

_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
)
"""The encoding of the font Symbol (PDF 32000-1, annex D.5) from 0x20, 0xA0 and 0xF1 on; Windows fonts put it
at U+F000."""

_SYMBOL_STARTS = (0x20, 0xA0, 0xF1)
_TEX = (
    (
        regex.compile(r"CM(?:R|B|TI|SL|SS|CSC|TT|DUNH|FF|U|FIB)", regex.IGNORECASE),
        "Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω ff fi fl ffi ffl ı ȷ ` ´ ˇ ˘ ¯ ˚ ¸ ß æ œ ø Æ Œ Ø",
    ),
    (
        regex.compile(r"CMM?MI|CMMIB", regex.IGNORECASE),
        "Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω α β γ δ ϵ ζ η θ ι κ λ μ ν ξ π ρ σ τ υ ϕ χ",
    ),
    (
        regex.compile(r"CMB?SY", regex.IGNORECASE),
        "− · × ∗ ÷ ⋄ ± ∓ ⊕ ⊖ ⊗ ⊘ ⊙ ○ ∘ ∙ ≍ ≡ ⊆ ⊇ ≤ ≥ ⪯ ⪰ ∼ ≈ ⊂ ⊃ ≪ ≫ ≺ ≻",
    ),
)
"""The first 32 glyphs of the Computer Modern fonts: the TeX encodings OT1, OML and OMS."""

_ADOBE = {
    0xF001: "fi",
    0xF002: "fl",
    **{0xF730 + digit: str(digit) for digit in range(10)},  # old-style digits
    **{0xF761 + place: chr(ord("A") + place) for place in range(26)},  # small capitals
    0xF724: "$",
    0xF726: "&",
    0xF721: "!",
    0xF73F: "?",
}
"""Adobe's private code points (Adobe Glyph List, "corporate use"), and Apple's of two ligatures."""

_PRIVATE = regex.compile(r"\p{Co}")
_SYMBOL_FONT = regex.compile("symbol", regex.IGNORECASE)


def is_unknown(text: str) -> bool:
    """Return whether `text` has a character that stands for an unknown letter."""
    return not text.isascii() and _PRIVATE.search(text) is not None


def with_known_letters(text: str, font: str) -> str:
    """Return `text` with the letters of the glyphs that the encoding of `font` tells."""
    if not is_unknown(text):
        return text
    table = _table_of(font)
    return "".join(table.get(ord(char), char) for char in text)


def _table_of(font: str) -> dict[int, str]:
    name = font.rpartition("+")[2]
    for pattern, glyphs in _TEX:
        if pattern.match(name):
            return _ADOBE | {UNKNOWN + code: glyph for code, glyph in enumerate(glyphs.split(" "))}
    if _SYMBOL_FONT.search(name):
        return _ADOBE | {
            0xF000 + start + place: char
            for start, chars in zip(_SYMBOL_STARTS, _SYMBOL, strict=True)
            for place, char in enumerate(chars)
        }
    return _ADOBE
