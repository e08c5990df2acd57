"""Split articles into folds, so that no question is judged by a model fitted to its own article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def folds_of(groups: Iterable[str], folds: int) -> Mapping[str, int]:
    """Return the fold (from 0) of each group; groups are dealt out in the order of their names."""
    return {group: number % folds for number, group in enumerate(sorted(set(groups)))}
