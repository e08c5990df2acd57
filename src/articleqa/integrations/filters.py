"""Filters of frameworks as `where`, `since` and `until`; one that these cannot express is an error."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

DATE = "date"
_DAY = timedelta(days=1)


class Condition(NamedTuple):
    """One comparison of an article's metadata: ==, in, >, >=, < or <= a value."""

    key: str
    operator: str
    value: object


def arguments_of(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return the arguments `where`, `since` and `until` that say that all of `conditions` hold.

    Metadata that is a list has each of its items as a value. Dates are compared by days.

    Raises:
        ValueError: a condition cannot be expressed by them.
    """
    where: dict[str, object] = {}
    bounds: dict[str, date] = {}
    for condition in conditions:
        if condition.operator in ("==", "in"):
            if condition.key in where:
                raise _refusal(condition, "a second condition for the same key")
            where[condition.key] = _accepted(condition)
        else:
            name, day = _bound(condition)
            if name in bounds:
                raise _refusal(condition, "a second bound of the same kind")
            bounds[name] = day
    return {"where": where or None, "since": bounds.get("since"), "until": bounds.get("until")}


def _accepted(condition: Condition) -> object:
    value = condition.value
    many = condition.operator == "in"
    if many != isinstance(value, list | tuple | set | frozenset):
        raise _refusal(condition, "in needs a list" if many else "== needs one value, not a list")
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    if not all(isinstance(each, str | int | float | bool) for each in values):
        raise _refusal(condition, "a value is no string, number or truth value")
    return values


def _bound(condition: Condition) -> tuple[str, date]:
    if condition.operator not in (">", ">=", "<", "<="):
        raise _refusal(condition, "the operator is none of ==, in, >, >=, <, <=")
    if condition.key != DATE:
        raise _refusal(condition, f"only {DATE!r} can be compared by order")
    value = condition.value
    try:
        if isinstance(value, datetime) or not isinstance(value, str | date):
            raise ValueError
        day = value if isinstance(value, date) else date.fromisoformat(value)
        if condition.operator == ">":
            day += _DAY
        elif condition.operator == "<":
            day -= _DAY
    except (ValueError, OverflowError):
        raise _refusal(condition, "the value is no day, such as '2020-05-17'") from None
    return ("since" if ">" in condition.operator else "until"), day


def _refusal(condition: Condition, reason: str) -> ValueError:
    return ValueError(
        f"the filter {condition.key} {condition.operator} {condition.value!r} cannot be applied: {reason}"
    )
