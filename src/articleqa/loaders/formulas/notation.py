"""The parts of a formula in a line of text.

The notation is that of Unicode's linear format for mathematics (UTN 28), which Word and LibreOffice read
too: a bar becomes "/", an index that has no character of its own "_" or "^", and brackets keep together what
stood together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from articleqa.loaders.superscripts import lowered, raised

_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_BRACKETS = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩"}
_SHIFTED = regex.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋′″‴*†]+")
_NUMBER = r"\d[\d.,]*"
_NAME = r"(?:\p{L}\p{M}*[₀-₉′]*|\p{L}{3,})"
_ATOM = regex.compile(rf"{_NUMBER}|{_NAME}|[∞∅%]|[\p{{L}}\p{{M}}]+\([^()]*\)")
_SINGLE = regex.compile(rf"[+\N{{MINUS SIGN}}-]?(?:{_NUMBER}|{_NAME}|\S)")
_SUM = regex.compile(r"[\s\u2061+\-−±∓=<>≤≥≠≈,;/|¦⋅·×∗*]")
_SPACED = regex.compile(r"\w$")
_APART = "\N{INVISIBLE SEPARATOR}"
"""Stands at the ends of what must not run into a number or name beside it: of "1/2" in "2 1/2"."""

_APPLY = "\N{FUNCTION APPLICATION}"
_INVISIBLE = str.maketrans("", "", f"\N{INVISIBLE TIMES}{_APART}\N{INVISIBLE PLUS}\u200b\u2060")
_BETWEEN_WORDS = regex.compile(rf"(?<=[\w\p{{M}}]){_APART}+(?=\w)")
_APPLIED_TO_BRACKET = regex.compile(rf"{_APPLY}\s*(?=[(\[])")


def characters(text: str) -> str:
    """Return the text of a formula's leaf without the operators that only machines see."""
    return text.translate(_INVISIBLE)


def finished(line: str) -> str:
    """Return a whole formula with single spaces: "sin x", but "sin(x)"."""
    line = _BETWEEN_WORDS.sub(" ", line).replace(_APART, "")
    return " ".join(_APPLIED_TO_BRACKET.sub("", line).replace(_APPLY, " ").split())


def after(text: str, formula: str) -> str:
    """Return a whole formula as it is written after `text`: a number must not run into that before it."""
    return f" {formula}" if text[-1:].isdigit() and formula[:1].isdigit() else formula


def function(name: str, argument: str) -> str:
    """Return a function applied to an argument."""
    return f"{name}{_APPLY}{argument}"


def fraction(above: str, below: str) -> str:
    """Return "above/below", each in brackets unless it is a single number or name."""
    above, below = _bare(above), _operand(below)
    if not (above and below):
        return above or below
    is_plain = _is_bracketed(above) or not _SUM.search(above.strip("+-−"))
    return f"{_APART}{above if is_plain else f'({above})'}/{below}{_APART}"


def stack(above: str, below: str) -> str:
    """Return two lines above each other without a bar, as in a binomial coefficient."""
    return f"{_bare(above)} ¦ {_bare(below)}"


def root(degree: str, radicand: str) -> str:
    """Return a root: "√16", "∛x", "ⁿ√(a+b)"."""
    degree = _bare(degree)
    if degree in _ROOTS:
        return _ROOTS[degree] + _operand(radicand)
    above = raised(degree)
    return (above if _SHIFTED.fullmatch(above) else f"({degree})") + "√" + _operand(radicand)


def scripts(base: str, below: str = "", above: str = "") -> str:
    """Return `base` with an index below and an exponent above: "x²", "x_i", "e^(x+1)"."""
    base, below, above = _bare(base), _bare(below), _bare(above)
    if not base:  # MathML's way to write what stands before a symbol: "₆¹²C"
        return _script(below, lowered(below), "_") + _script(above, raised(above), "^")
    whole = base if not above or not _SUM.search(base) or _is_bracketed(base) else f"({base})"
    return whole + _script(below, lowered(below), "_") + _script(above, raised(above), "^")


def limits(operator: str, below: str = "", above: str = "", operand: str = "") -> str:
    """Return an operator such as "∑" with its limits, and what it is applied to."""
    operand = operand.strip()
    line = scripts(operator, below, above)
    return f"{line} {operand}" if operand and (below or above or _SPACED.search(operator)) else line + operand


def fenced(parts: Sequence[str], opening: str = "(", closing: str = ")", separator: str = ",") -> str:
    """Return the parts between brackets; either bracket may be empty."""
    return opening + separator.join(part.strip() for part in parts) + closing


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return a matrix, or lines of a formula: cells are separated by commas and rows by semicolons."""
    return "; ".join(", ".join(cell.strip() for cell in row) for row in rows)


def accented(base: str, accent: str) -> str:
    """Return a letter with a combining accent, as "x̂"; `base` alone if it is longer than one letter."""
    return base + accent if len(base) == 1 else base


def _script(text: str, shifted: str, sign: str) -> str:
    if not text or _SHIFTED.fullmatch(shifted):
        return shifted
    return sign + (f"{text}{_APART}" if _SINGLE.fullmatch(text) or _is_bracketed(text) else f"({text})")


def _bare(text: str) -> str:
    return text.strip(f" {_APART}")


def _operand(text: str) -> str:
    text = _bare(text)
    return text if not text or _ATOM.fullmatch(text) or _is_bracketed(text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    """Return whether the first character opens a bracket that the last one closes."""
    closing = _BRACKETS.get(text[:1])
    if closing is None or len(text) < 2 or text[-1] != closing:
        return False
    if closing == text[0]:
        return closing not in text[1:-1]
    depth = 0
    for place, character in enumerate(text):
        depth += (character == text[0]) - (character == closing)
        if depth == 0:
            return place == len(text) - 1
    return False
