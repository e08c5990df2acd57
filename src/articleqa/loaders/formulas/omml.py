"""Formulas of Word (OMML, Office Math Markup Language)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from articleqa.loaders.formulas import notation

Element = Any
"""An lxml element; lxml has no type annotations."""

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = {M + "t", _W + "t"}
_LEFT_OUT = {_W + "del", _W + "moveFrom"}
_INTEGRAL = "∫"
_ROOF = "\N{COMBINING CIRCUMFLEX ACCENT}"
_BAR = "\N{COMBINING OVERLINE}"
_IS_ON = ("1", "true", "on", "")


def line_of_omml(formula: Element) -> str:
    """Return the formula of an `m:oMath`, or of several in an `m:oMathPara`, in one line of text."""
    if formula.tag == M + "oMathPara":
        return " ".join(line_of_omml(each) for each in formula.iterfind(M + "oMath"))
    return notation.finished(_line(formula))


def _line(element: Element | None) -> str:
    """Return the text of an element and what is in it; empty for None."""
    if element is None or element.tag in _LEFT_OUT or not isinstance(element.tag, str):
        return ""
    if element.tag in _TEXT:
        return notation.characters(element.text or "")
    name = element.tag.removeprefix(M)
    if name in _OBJECTS:
        return _OBJECTS[name](element)
    if name.endswith("Pr"):  # properties
        return ""
    return "".join(_line(child) for child in element)


def _part(element: Element, name: str) -> str:
    return _line(element.find(M + name))


def _setting(element: Element, name: str, default: str) -> str:
    """Return a setting in an element's properties; `default` if it is not stated."""
    found = element.find(f"{element.tag}Pr/{M}{name}")
    return default if found is None else found.get(M + "val", "")


def _fraction(element: Element) -> str:
    above, below = _part(element, "num"), _part(element, "den")
    join = notation.stack if _setting(element, "type", "bar") == "noBar" else notation.fraction
    return join(above, below)


def _root(element: Element) -> str:
    is_square = _setting(element, "degHide", "0") in _IS_ON
    return notation.root("" if is_square else _part(element, "deg"), _part(element, "e"))


def _scripts(element: Element) -> str:
    return notation.scripts(_part(element, "e"), _part(element, "sub"), _part(element, "sup"))


def _scripts_before(element: Element) -> str:
    return notation.scripts("", _part(element, "sub"), _part(element, "sup")) + _part(element, "e")


def _operator(element: Element) -> str:
    sign = _setting(element, "chr", _INTEGRAL)
    below = "" if _setting(element, "subHide", "0") in _IS_ON else _part(element, "sub")
    above = "" if _setting(element, "supHide", "0") in _IS_ON else _part(element, "sup")
    return notation.limits(sign, below, above, _part(element, "e"))


def _fenced(element: Element) -> str:
    parts = [_line(part) for part in element.iterfind(M + "e")]
    signs = (_setting(element, *each) for each in (("begChr", "("), ("endChr", ")"), ("sepChr", "|")))
    return notation.fenced(parts, *signs)


def _function(element: Element) -> str:
    return notation.function(_part(element, "fName"), _part(element, "e"))


def _limit_below(element: Element) -> str:
    return notation.limits(_part(element, "e"), below=_part(element, "lim"))


def _limit_above(element: Element) -> str:
    return notation.limits(_part(element, "e"), above=_part(element, "lim"))


def _accent(element: Element) -> str:
    return notation.accented(_part(element, "e"), _setting(element, "chr", _ROOF))


def _bar(element: Element) -> str:
    return notation.accented(_part(element, "e"), _BAR)


def _matrix(element: Element) -> str:
    return notation.table(
        [_line(cell) for cell in row.iterfind(M + "e")] for row in element.iterfind(M + "mr")
    )


def _lines(element: Element) -> str:
    return notation.table([_line(line)] for line in element.iterfind(M + "e"))


def _phantom(element: Element) -> str:
    return _part(element, "e") if _setting(element, "show", "1") in _IS_ON else ""


_OBJECTS: dict[str, Callable[[Element], str]] = {
    "f": _fraction,
    "rad": _root,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "nary": _operator,
    "d": _fenced,
    "func": _function,
    "limLow": _limit_below,
    "limUpp": _limit_above,
    "acc": _accent,
    "bar": _bar,
    "m": _matrix,
    "eqArr": _lines,
    "phant": _phantom,
}
