"""What killed writers and unfinished removals left in a cluster: found, hidden, and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import sleep, time

from articleqa.exceptions import IndexWriteError
from articleqa.storage.opensearch.connection import Cluster
from articleqa.storage.opensearch.processes import is_gone
from articleqa.storage.opensearch.state import Orders, Pending, State, abandoned, merged, without
from articleqa.storage.opensearch.state_document import change_state, read_state
from articleqa.storage.opensearch.store import OpenSearchStore

LEASE_S = 300
"""After so long, the numbers of a writer that has not finished are taken from it; a batch takes seconds."""


def without_dead_writers(cluster: Cluster) -> State:
    """Return the state after the numbers of writers that were killed are taken from them."""
    now = int(time())

    def is_dead(each: Pending) -> bool:
        return each.since + LEASE_S < now or is_gone(each.machine, each.process)

    state = read_state(cluster)
    if not any(map(is_dead, state.pending)):
        return state
    return change_state(cluster, lambda before: abandoned(before, is_dead), state)


def clean(store: OpenSearchStore) -> State:
    """Delete what killed writers and unfinished removals left; return the state afterwards."""
    cluster = store.cluster
    state, now = without_dead_writers(cluster), int(time())
    store.refuse_other_version(state)
    doomed = merged([*state.removed, *(each.orders for each in state.abandoned)])
    if not doomed:
        return state
    _delete(cluster, doomed)
    # What was abandoned lately stays hidden: requests of its writer may still be on their way.
    kept = tuple(each for each in state.abandoned if each.since + LEASE_S >= now)
    gone = set(state.abandoned) - set(kept)

    def forgotten(before: State) -> State:
        left = tuple(each for each in before.abandoned if each not in gone)
        return replace(before, removed=tuple(without(before.removed, state.removed)), abandoned=left)

    return change_state(cluster, forgotten, state)


def refresh(cluster: Cluster) -> None:
    """Make everything written so far searchable on all copies of all shards.

    Raises:
        IndexWriteError: a part of the index cannot be written to.
    """
    address = cluster.address
    for pause in (0.2, 1.0, 5.0, None):
        done = cluster.write("POST", f"/{address.passages},{address.articles}/_refresh")
        if not done["_shards"]["failed"]:
            return
        if pause is not None:
            sleep(pause)
    raise IndexWriteError(
        f"{address}: a part of the index cannot be written to; see whether all nodes of the cluster run,"
        " and repeat what you did"
    )


def _delete(cluster: Cluster, doomed: Sequence[Orders]) -> None:
    refresh(cluster)  # what is to be deleted must be found first
    ranges = [{"range": {"order": {"gte": first, "lte": last}}} for first, last in doomed]
    query = {"query": {"bool": {"should": ranges, "minimum_should_match": 1}}}
    for index in (cluster.address.articles, cluster.address.passages):
        cluster.write("POST", f"/{index}/_delete_by_query", query, conflicts="proceed", refresh="true")
