"""Formulas of web pages, e-books and OpenDocument (MathML)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from articleqa.loaders.formulas import notation

Element = Any
"""An lxml element; lxml has no type annotations."""

_LEAVES = frozenset(["mi", "mn", "mo", "mtext", "ms"])
_LEFT_OUT = frozenset(["annotation", "annotation-xml", "mphantom", "none", "mprescripts"])
_FIRST_ONLY = frozenset(["semantics", "maction"])
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "‾": "\u0305", "_": "\u0305", "―": "\u0305",
    "~": "\u0303", "˜": "\u0303", "→": "\u20d7", "⃗": "\u20d7", ".": "\u0307", "˙": "\u0307",
    "¨": "\u0308", "ˇ": "\u030c", "˘": "\u0306", "´": "\u0301", "`": "\u0300",
}  # fmt: skip
"""Signs above a letter, and the combining characters for them."""


def line_of_mathml(formula: Element) -> str:
    """Return the formula of a `math` element in one line of text; its `alttext` if the element is empty."""
    return notation.finished(_line(formula)) or " ".join((formula.get("alttext") or "").split())


def _line(element: Element) -> str:
    """Return the text of an element and what is in it."""
    name = _name(element)
    if name in _LEFT_OUT:
        return ""
    if name in _LEAVES:
        text = notation.characters("".join(element.itertext()))
        return text if name == "mtext" else text.strip()
    if name in _OBJECTS:
        return _OBJECTS[name](element)
    parts = [line for child in element if (line := _line(child))]
    return "".join(parts[:1] if name in _FIRST_ONLY else parts)


def _name(element: Element) -> str:
    """Return an element's name without its namespace; "none" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "none"


def _parts(element: Element, count: int) -> list[str]:
    """Return the lines of the first `count` children, with empty ones for those that are missing."""
    lines = [_line(child) for child in element[:count]]
    return lines + [""] * (count - len(lines))


def _row(element: Element) -> str:
    return "".join(_line(child) for child in element)


def _fraction(element: Element) -> str:
    above, below = _parts(element, 2)
    is_stack = (element.get("linethickness") or "").rstrip("%pxtemcin.") in ("0", "0.0")
    return notation.stack(above, below) if is_stack else notation.fraction(above, below)


def _square_root(element: Element) -> str:
    return notation.root("", _row(element))


def _root(element: Element) -> str:
    radicand, degree = _parts(element, 2)
    return notation.root(degree, radicand)


def _superscript(element: Element) -> str:
    base, above = _parts(element, 2)
    return notation.scripts(base, above=above)


def _subscript(element: Element) -> str:
    base, below = _parts(element, 2)
    return notation.scripts(base, below)


def _both_scripts(element: Element) -> str:
    return notation.scripts(*_parts(element, 3))


def _below(element: Element) -> str:
    base, below = _parts(element, 2)
    return base if _is_mark(below) else notation.limits(base, below)


def _above(element: Element) -> str:
    base, above = _parts(element, 2)
    if above in _ACCENTS:
        return notation.accented(base, _ACCENTS[above])
    return base if _is_mark(above) else notation.limits(base, above=above)


def _below_and_above(element: Element) -> str:
    return notation.limits(*_parts(element, 3))


def _many_scripts(element: Element) -> str:
    """Return a base with scripts after it, and before it those that follow `mprescripts`."""
    before, after = ["", ""], ["", ""]
    side = after
    for place, child in enumerate(element[1:]):
        if _name(child) == "mprescripts":
            side, shift = before, place + 1
        else:
            side[(place - (shift if side is before else 0)) % 2] += _line(child)
    base = _line(element[0]) if len(element) else ""
    return notation.scripts("", *before) + notation.scripts(base, *after)


def _fenced(element: Element) -> str:
    parts = [_line(child) for child in element]
    separators = "".join((element.get("separators") or ",").split())
    return notation.fenced(
        parts,
        element.get("open", "("),
        element.get("close", ")"),
        separators[:1] if "separators" not in element.attrib or separators else "",
    )


def _table(element: Element) -> str:
    rows = [[_line(cell) for cell in row if _name(cell) == "mtd"] for row in element]
    # In lines of a formula that are aligned at a sign, a row's cells are one formula.
    is_aligned = all(cell[:1] in ("", *"=<>≤≥≈+-−") for row in rows for cell in row[1:])
    return notation.table(["".join(row)] if is_aligned else row for row in rows)


def _enclosed(element: Element) -> str:
    is_root = "radical" in (element.get("notation") or "").split()
    return notation.root("", _row(element)) if is_root else _row(element)


def _space(_: Element) -> str:
    return " "


def _is_mark(text: str) -> bool:
    """Return whether a text above or below another is a line or brace that only groups it."""
    return text in _ACCENTS or text in ("⏞", "⏟", "⎴", "⎵", "︷", "︸", "\u0332", "\u00af")


_OBJECTS: dict[str, Callable[[Element], str]] = {
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msup": _superscript,
    "msub": _subscript,
    "msubsup": _both_scripts,
    "munder": _below,
    "mover": _above,
    "munderover": _below_and_above,
    "mmultiscripts": _many_scripts,
    "mfenced": _fenced,
    "mtable": _table,
    "menclose": _enclosed,
    "mspace": _space,
}
