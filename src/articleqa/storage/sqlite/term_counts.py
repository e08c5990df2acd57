"""How many passages and terms an index on disk has, and in how many passages each term stands."""

from __future__ import annotations

from collections.abc import Iterable

from articleqa.storage.sqlite.store import DiskStore

LARGEST = 2**48
"""Above any count that an index can have; sums of such numbers are exact."""

LAST_CHARACTER = "\U0010ffff"


def totals(store: DiskStore) -> tuple[int, int]:
    """Return how many passages there are, and how many terms they have together.

    Raises:
        IndexDamagedError: these are no numbers that an index can have.
    """
    rows = store.rows("SELECT passages, terms FROM totals")
    match rows:
        case [(int(passages), int(terms))] if 0 <= passages <= LARGEST and 0 <= terms <= LARGEST:
            return passages, terms
    raise store.damage("its totals are no counts")


def frequencies(store: DiskStore, terms: Iterable[str]) -> dict[str, int]:
    """Return in how many passages each term stands.

    Raises:
        IndexDamagedError: one stands in more passages than there are.
    """
    most, _ = totals(store)
    found: dict[str, int] = {}
    for term in terms:
        rows = store.rows("SELECT passages FROM terms WHERE term = ?", (term,))
        found[term] = int(str(rows[0][0])) if rows else 0
        if not 0 <= found[term] <= most:
            raise store.damage(f"the count of the term {term!r} is none")
    return found


def terms_like(store: DiskStore, term: str, longest_difference: int) -> list[str]:
    """Return the terms that begin with the same letter and are about as long."""
    first, size = term[:1], len(term)
    return [
        str(other)
        for (other,) in store.rows(
            "SELECT term FROM terms WHERE term >= ? AND term <= ? AND length(term) BETWEEN ? AND ?",
            (first, first + LAST_CHARACTER, size - longest_difference, size + longest_difference),
        )
    ]
