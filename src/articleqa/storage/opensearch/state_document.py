"""Reading and changing the state document, and the check that this version made the index."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Any

from articleqa.exceptions import IndexBusyError, IndexDamagedError, IndexVersionError
from articleqa.storage.identity import analysis_identity, check_analysis, shown_setting
from articleqa.storage.opensearch.connection import Cluster, ConflictError, Search
from articleqa.storage.opensearch.mappings import FORMAT
from articleqa.storage.opensearch.state import State

_ID = "state"

_TRIES, _PAUSE_S = 40, 0.02
"""How often a change is tried while other writers change the state, and the pause, which grows by as much."""


def new_state(knn: str) -> State:
    """Return the state of an empty index; `knn` says whether passages can have vectors."""
    about = {"format": str(FORMAT), "analysis": analysis_identity(), "knn": knn}
    return State(about)


def create_state(cluster: Cluster, state: State) -> None:
    """Write the state document of a new index."""
    path = f"/{cluster.address.state}/_doc/{_ID}"
    cluster.write("PUT", path, {"state": state.source()}, refresh="true")


def read_state(cluster: Cluster) -> State:
    """Return the newest state.

    Raises:
        NotAnIndexError: there is no index.
        IndexDamagedError: its state is missing or invalid.
    """
    try:
        found = cluster.read("GET", f"/{cluster.address.state}/_doc/{_ID}")
    except IndexDamagedError:
        raise _damage(cluster) from None
    return _state_of(cluster, found)


def state_search(cluster: Cluster) -> Search:
    """Return the search for the state, to send with others."""
    return Search(cluster.address.state, {"size": 1, "seq_no_primary_term": True, "track_total_hits": False})


def found_state(cluster: Cluster, response: Any) -> State:
    """Return the state that `state_search` found."""
    hits = response["hits"]["hits"]
    if not hits:
        raise _damage(cluster)
    return _state_of(cluster, hits[0])


def change_state(cluster: Cluster, change: Callable[[State], State], known: State | None = None) -> State:
    """Change the state by `change`, which is called again if others change it at the same time.

    Whatever `change` raises, nothing is changed then. `known` is the newest state that the caller knows.

    Raises:
        IndexBusyError: others change it all the time.
        IndexWriteError: it cannot be written.
    """
    for tried in range(_TRIES):
        before = known or read_state(cluster)
        known = None
        number, term = before.version
        try:
            after = change(before)
            if after == before:
                return before
            written = cluster.write(
                "PUT",
                f"/{cluster.address.state}/_doc/{_ID}",
                {"state": after.source()},
                if_seq_no=str(number),
                if_primary_term=str(term),
                refresh="true",
            )
        except ConflictError:
            # Also if the answer to the same request was lost: `change` then finds its own work done.
            sleep(_PAUSE_S * (tried + 1))
            continue
        return State.of(after.source(), (written["_seq_no"], written["_primary_term"]))
    raise IndexBusyError(f"{cluster.address}: other writers change the index all the time; try again")


def check_state(cluster: Cluster, state: State) -> None:
    """Refuse an index that another version made.

    Raises:
        IndexVersionError: its format or its text analysis is another.
    """
    if state.about.get("format") != str(FORMAT):
        raise IndexVersionError(
            f"{cluster.address}: made in the format {shown_setting(state.about, 'format')}, but this version"
            f" uses {FORMAT}; make it again with `articleqa index add` under another name"
        )
    advice = f"`articleqa index check '{cluster.address}' --repair` rebuilds the passages"
    check_analysis(cluster.address, state.about, advice)


def _state_of(cluster: Cluster, hit: Any) -> State:
    try:
        return State.of(hit["_source"]["state"], (int(hit["_seq_no"]), int(hit["_primary_term"])))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise _damage(cluster) from None


def _damage(cluster: Cluster) -> IndexDamagedError:
    return IndexDamagedError(
        f"{cluster.address}: damaged (its state is missing or invalid);"
        f" `articleqa index check '{cluster.address}' --repair` rebuilds it"
    )
