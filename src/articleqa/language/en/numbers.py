"""Numerals, measures and currencies in English."""

from __future__ import annotations

from articleqa.language.word_lists import any_of

_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEENS = (
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = ("hundred", "thousand", "million", "billion", "trillion")

SMALL_NUMBER = any_of(*_TO_TEN, *_TEENS, *_TENS)
SMALL_OR_ROUND = any_of(*_TO_TEN, *_TENS[:4])
"""Numerals that a short answer keeps with the unit behind them; with all of them, some marks would differ
from those on which `LIKELY` in `answering/short_answers.py` was measured."""

LARGE_NUMBER = any_of(*_LARGE)
LARGE_OR_DOZEN = rf"{any_of(*_LARGE, 'dozen')}s?"
FIGURE = r"\d+(?:[.,]\d+)*"
COUNT = rf"(?:{FIGURE}|{SMALL_NUMBER}(?:-{SMALL_NUMBER})?)(?:[ -]{LARGE_OR_DOZEN})*"

UNIT = any_of(
    *("percent", "per cent", "k?m", "cm", "mm", "mi", "ft", "kg", "g", "lbs?", "miles?"),
    *("(?:kilo|centi)?met(?:er|re)s?", "feet", "foot", "inch(?:es)?", "acres", "hectares", "tons?", "tonnes"),
    *("pounds", "kilograms", "lit(?:er|re)s", "gallons", "degrees", "dollars", "euros"),
)
CURRENCY = any_of("dollars", "euros", "pounds", "yen", "rubles", "tenge", "cents", "francs", "USD", "EUR")

_LENGTHS = ("metr", "meter", "foot", "ft", "inch", "cm", "kilometr", "km", "mile", "yard")
MEASURES = {
    "old": frozenset({"year", "month", "week", "day", "old", "age", "born"}),
    "far": frozenset({*_LENGTHS, "hour", "minut", "day"}),
    "heavy": frozenset({"kilogram", "kg", "gram", "ton", "tonn", "pound", "lb"}),
    **dict.fromkeys(("tall", "high", "deep", "wide"), frozenset(_LENGTHS)),
}
"""The terms of the units in which English says how old, how far and so on a thing is."""
