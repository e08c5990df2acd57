"""Counts of an index on disk: its passages, their terms, and the passages that contain each term."""

from __future__ import annotations

from collections.abc import Iterable

from articleqa.storage.sqlite.statements import in_statements
from articleqa.storage.sqlite.store import DiskStore

LARGEST = 2**48
"""Greater than any count that an index can have; sums of such numbers are exact."""

LAST_CHARACTER = "\U0010ffff"


def totals(store: DiskStore) -> tuple[int, int]:
    """Return the number of passages, and the number of terms in all of them.

    Raises:
        IndexDamagedError: an index cannot have such numbers.
    """
    rows = store.rows("SELECT passages, terms FROM totals")
    match rows:
        case [(int(passages), int(terms))] if 0 <= passages <= LARGEST and 0 <= terms <= LARGEST:
            return passages, terms
    raise store.damage("its totals are invalid")


def frequencies(store: DiskStore, terms: Iterable[str], most: int) -> dict[str, int]:
    """Return for each term the number of passages that contain it; the index has `most` passages.

    Raises:
        IndexDamagedError: a count is negative, or greater than the number of passages.
    """
    found = dict.fromkeys(terms, 0)
    for some, marks in in_statements(list(found)):
        for term, passages in store.rows(f"SELECT term, passages FROM terms WHERE term IN ({marks})", some):
            found[str(term)] = int(str(passages))
    for term, count in found.items():
        if not 0 <= count <= most:
            raise store.damage(f"the count of the term {term!r} is invalid")
    return found


def terms_like(store: DiskStore, term: str, longest_difference: int) -> list[str]:
    """Return the terms with the same first letter whose length differs by at most `longest_difference`."""
    first, size = term[:1], len(term)
    return [
        str(other)
        for (other,) in store.rows(
            "SELECT term FROM terms WHERE term >= ? AND term <= ? AND length(term) BETWEEN ? AND ?",
            (first, first + LAST_CHARACTER, size - longest_difference, size + longest_difference),
        )
    ]
