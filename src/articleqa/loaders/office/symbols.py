"""Characters of the fonts Symbol and Wingdings, whose codes stand for other characters than in Unicode."""

from __future__ import annotations

import regex

_CODE = regex.compile(r"[0-9A-Fa-f]{1,5}")
_PRIVATE = 0xF000
"""Word adds this to the codes of symbol fonts, which puts them into Unicode's private use area."""

_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")
_CODES = regex.compile(r"[\uF020-\uF0FF]")

_SYMBOL = str.maketrans(
    "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz"
    "\\-@\xa3\xa5\xae\xb0\xb1\xb3\xb4\xb6\xb7\xb8\xb9\xba\xbb\xd0\xd1\xd5\xd6\xd7\xde\xe5\xf2\xce\xcf\xac\xad"
    "\xaf\xab\xd8\xd9\xda",
    "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ∴−≅≤∞→°±≥×∂•÷≠≡≈∠∇∏√⋅⇒∑∫∈∉←↑↓↔¬∧∨",
)
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xE0: "→", 0xFB: "✗", 0xFC: "✓",
    0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """Return the character with that hexadecimal code in `font`; empty if it has none in Unicode."""
    if not _CODE.fullmatch(code):
        return ""
    number = int(code, 16)
    low = number - _PRIVATE if _PRIVATE < number <= _PRIVATE + 0xFF else number
    match font.casefold():
        case "symbol":
            return chr(low).translate(_SYMBOL) if low <= 0xFF else chr(number)
        case "wingdings":
            return _WINGDINGS.get(low, "")
        case name if name.startswith(("wingdings", "webdings")):
            return ""
    return chr(low) if low >= 0x20 and not 0xD800 <= low < 0xF900 else ""


def with_symbols(text: str, font: str) -> str:
    """Return text set in `font` with the characters that codes of a symbol font in it stand for."""
    if not _CODES.search(text) or not font.casefold().startswith(_SYMBOL_FONTS):
        return text
    return _CODES.sub(lambda code: symbol(font, f"{ord(code[0]):X}"), text)
