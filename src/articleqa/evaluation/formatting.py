"""Figures as the reports print them; what is undefined is a dash."""

from __future__ import annotations


def ratio(value: float | None) -> str:
    """Return a share or a measure with three decimals."""
    return "-" if value is None else f"{value:.3f}"


def difference(value: float | None) -> str:
    """Return how far two shares are apart, with its sign and three decimals; no sign for nothing."""
    return "-" if value is None else signed(value, 3)


def signed(value: float, decimals: int) -> str:
    """Return `value` with a plus or a true minus in front, neither where it rounds to 0."""
    size = f"{abs(value):.{decimals}f}"
    if not float(size):
        return size
    return ("+" if value > 0 else "−") + size


def length(value: float | None) -> str:
    """Return a mean length in whole characters."""
    return "-" if value is None else f"{value:.0f}"


def percent(value: float | None) -> str:
    """Return a share as a percentage with one decimal."""
    return "-" if value is None else f"{value:.1%}"
