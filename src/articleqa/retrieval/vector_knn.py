"""Search by meaning in a cluster: by Lucene's graph of nearest neighbours, or exactly in a small index.

The cluster only chooses candidates. Their cosines are computed here from the same 8-bit vectors and by the
same code as on one machine, and order them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from articleqa.arrays import Float64Array
from articleqa.encoder.vectors import DIMENSIONS, VectorIndex, Vectors
from articleqa.filters import Filter
from articleqa.retrieval.opensearch_queries import filter_query
from articleqa.storage.opensearch.connection import Search
from articleqa.storage.opensearch.passage_documents import StoredPassage
from articleqa.storage.opensearch.reading import Reading
from articleqa.storage.opensearch.state import Query
from articleqa.storage.opensearch.store import OpenSearchStore

EXACT_UP_TO = 100_000
"""Up to so many passages all vectors are compared, by a script in the cluster.

On three nodes, that costs 25, 23, 33 and 139 ms of processor time at 2,000, 5,000, 10,000 and 100,000
passages of three sentences, and the graph 25, 27, 42 and 119 ms. The graph misses some: at 100,000 passages,
299 of 300 answers were those of an index on disk, and 500 of 500 where all vectors were compared. Printed by
`python -m benchmarks.cluster PLACE 2000 5000 10000 100000 --vectors --data DIR`, and again with `--by-graph`.
"""

MORE = 20
"""So many passages more than asked for are fetched: the cluster's cosines are rounded otherwise than ours."""

EXPLORED = 26
"""The graph is searched for this many times the passages asked for, which finds more of the nearest.

Of the 30 passages that disk finds among 100,000, it then finds 99.9 % for 119 ms of processor time in the
nodes. With 12 times it found 99.5 % for 91 ms, and 289 of 300 answers were those from disk.
"""


class ClusterVectors:
    """A `MeaningSearch` over the vectors of an index in a cluster."""

    def __init__(self, store: OpenSearchStore, question: Vectors) -> None:
        """Compare with `question`, the vector of a question."""
        self._store = store
        self._question = question
        self._prepared: dict[tuple[int, Filter | None], Any] = {}

    def prepare(self, k: int, wanted: Filter | None = None) -> None:
        """See `MeaningSearch.prepare`."""

        def take(responses: Sequence[Any]) -> None:
            (self._prepared[k, wanted],) = responses

        with self._store.reading() as reading:
            reading.ask_later([self._search(reading, k, wanted)], take)

    def nearest(self, k: int, wanted: Filter | None = None) -> list[str]:
        """See `MeaningSearch.nearest`."""

        def read() -> list[str]:
            with self._store.reading() as reading:
                if (k, wanted) not in self._prepared:
                    self.prepare(k, wanted)
                    reading.send_waiting()
                found = reading.keep(self._prepared[k, wanted]["hits"]["hits"])
            found.sort(key=lambda each: (each.order, each.number))
            index_of = self._index(found)
            return index_of.nearest(index_of.cosines(self._question), k)

        return self._store.consistently(read)

    def cosines_of(self, keys: Sequence[str]) -> Mapping[str, Float64Array]:
        """See `MeaningSearch.cosines_of`."""
        index = self._index(self._store.passages_at(keys))
        return index.by_key(index.cosines(self._question))

    def _search(self, reading: Reading, k: int, wanted: Filter | None) -> Search:
        exactly = reading.state.totals.passages <= EXACT_UP_TO
        query = self._exact(reading, wanted) if exactly else self._by_graph(reading, k, wanted)
        body = {"query": query, "size": k + MORE, "track_total_hits": False}
        return Search(self._store.cluster.address.passages, body)

    def _exact(self, reading: Reading, wanted: Filter | None) -> Query:
        script = {
            "source": "knn_score",
            "lang": "knn",
            "params": {
                "field": "sentences.vector",
                "query_value": self._question.tolist(),
                "space_type": "cosinesimil",
            },
        }
        compared = {"script_score": {"query": {"match_all": {}}, "script": script}}
        nested = {"nested": {"path": "sentences", "score_mode": "max", "query": compared}}
        # A passage that has only zeros for vectors has none in the cluster, and is found last.
        limits = {"filter": [{"match_all": {}}], **self._limits(reading, wanted)}
        return {"bool": {"should": [nested], **limits}}

    def _by_graph(self, reading: Reading, k: int, wanted: Filter | None) -> Query:
        asked: dict[str, Any] = {"vector": self._question.tolist(), "k": EXPLORED * k + MORE}
        if limits := self._limits(reading, wanted):
            asked["filter"] = {"bool": limits}
        near = {"knn": {"sentences.vector": asked}}
        return {"nested": {"path": "sentences", "score_mode": "max", "query": near}}

    @staticmethod
    def _limits(reading: Reading, wanted: Filter | None) -> Query:
        limits: Query = {}
        if wanted is not None:
            limits["filter"] = [filter_query(wanted)]
        if hidden := reading.hidden():
            limits["must_not"] = hidden
        return limits

    @staticmethod
    def _index(passages: Sequence[StoredPassage]) -> VectorIndex:
        rows = ((each.key, each.vectors) for each in passages)
        return VectorIndex.of(
            [(key, np.frombuffer(made, dtype=np.int8).reshape(-1, DIMENSIONS)) for key, made in rows if made]
        )
