"""Format figures for reports; an undefined figure becomes a dash."""

from __future__ import annotations


def ratio(value: float | None) -> str:
    """Return a share or a metric with three decimals."""
    return "-" if value is None else f"{value:.3f}"


def difference(value: float | None) -> str:
    """Return the difference of two shares with its sign and three decimals; 0 has no sign."""
    return "-" if value is None else signed(value, 3)


def signed(value: float, decimals: int) -> str:
    """Return `value` with a plus or a true minus sign in front, or without a sign if it rounds to 0."""
    size = f"{abs(value):.{decimals}f}"
    if not float(size):
        return size
    return ("+" if value > 0 else "−") + size


def length(value: float | None) -> str:
    """Return a mean length, rounded to whole characters."""
    return "-" if value is None else f"{value:.0f}"


def percent(value: float | None) -> str:
    """Return a share as a percentage with one decimal."""
    return "-" if value is None else f"{value:.1%}"
