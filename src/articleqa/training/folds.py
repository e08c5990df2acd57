"""Articles into folds: no question is judged by what was fitted to questions of its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def folds_of(groups: Iterable[str], folds: int) -> Mapping[str, int]:
    """Return the fold, from 0 on, of each group, dealt out in the order of the groups' names."""
    return {group: number % folds for number, group in enumerate(sorted(set(groups)))}
