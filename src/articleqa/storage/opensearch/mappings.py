"""The three indices of a collection in a cluster: their settings, their mappings, and who made them.

`NAME-articles`   one document an article: its fields, and its checksum
`NAME-passages`   one document a passage: its terms, its vectors, and all that citing it needs
`NAME-state`      one document: what is committed (`storage.opensearch.state`)

Documents of articles and passages are never changed. Each stored version of an article has an order number
of its own, greater than those before it: a passage's id is "ORDER.NUMBER", an article's is "ORDER".
"""

from __future__ import annotations

from typing import Any

from articleqa.exceptions import IndexWriteError, NotAnIndexError
from articleqa.storage.opensearch.connection import Cluster
from articleqa.storage.opensearch.state import State

FORMAT = 1
"""The version of the documents and of the state."""

DIMENSIONS = 384
"""The number of dimensions of a vector, as `encoder.vectors` has it, which would import numpy."""

LONGEST_KEYWORD = 8_000
"""The most characters of an id or a path that are indexed: Lucene takes 32,766 bytes."""

KNN_MISSING = "missing"
"""The value of "knn" in the state's `about` if the cluster had no plug-in for vectors; else "yes" or "no"."""

NO_KNN = "finding by meaning is off: the cluster has no k-NN plug-in"

BM25 = {"type": "BM25", "k1": 1.2, "b": 0.75}
"""The parameters of `retrieval.bm25`."""

_KEPT: dict[str, Any] = {"type": "object", "enabled": False}
"""A field that is only kept, in any form that JSON has."""

_KEYWORD: dict[str, Any] = {"type": "keyword", "doc_values": False, "norms": False}

_ARTICLES: dict[str, Any] = {
    "order": {"type": "long"},
    "key": _KEYWORD,
    "id": _KEYWORD | {"ignore_above": LONGEST_KEYWORD},
    "file": _KEYWORD | {"ignore_above": LONGEST_KEYWORD},
    "fields": _KEPT,
    "checksum": _KEPT,
    "counts": _KEPT,
}

_PASSAGES: dict[str, Any] = {
    "order": {"type": "long"},
    "number": {"type": "integer"},
    "terms": {
        "type": "text",
        "analyzer": "whitespace",
        "similarity": "bm25",
        "index_options": "freqs",
    },
    "digest": _KEYWORD,
    "facets": _KEYWORD,
    "day": {"type": "integer", "doc_values": False},
    "record": _KEPT,
    "cited": _KEPT,
    "vectors": _KEPT,
}

_SENTENCES: dict[str, Any] = {
    "type": "nested",
    "properties": {
        "vector": {
            "type": "knn_vector",
            "dimension": DIMENSIONS,
            "data_type": "byte",
            "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"},
        }
    },
}
"""The vectors of a passage's sentences, for the search by meaning; the best sentence counts."""


def create_indices(cluster: Cluster, *, shards: int, replicas: int, vectors: bool | None) -> bool:
    """Create the three indices of a collection, all empty; return whether passages can have vectors.

    They cannot if the cluster lacks the plug-in for nearest neighbours, or if `vectors` is false.

    Raises:
        NotAnIndexError: one of them is there already.
        IndexWriteError: the cluster refuses to create them, or `vectors` is true and it lacks the plug-in.
    """
    address = cluster.address
    layout = {"number_of_shards": shards, "number_of_replicas": replicas, "refresh_interval": -1}
    names = address.passages, address.articles, address.state
    # Asked as one who writes: a user who may not is told so.
    there = [name for name in names if cluster.write("HEAD", f"/{name}")]
    if address.state in there:
        raise NotAnIndexError(f"{address}: an index is already there; open it with `ArticleIndex.connect`")
    if there:
        raise NotAnIndexError(
            f"{address}: making it was cut short before; delete {' and '.join(there)} in the cluster, then"
            " make it again"
        )
    knn = vectors is not False and _created_with_vectors(cluster, layout, needed=bool(vectors))
    if not knn:
        cluster.write("PUT", f"/{address.passages}", _passages_body(layout, knn=False))
    mappings = {"dynamic": "strict", "properties": _ARTICLES}
    cluster.write("PUT", f"/{address.articles}", {"settings": layout, "mappings": mappings})
    mappings = {"dynamic": "strict", "properties": {"state": _KEPT}}
    body = {"settings": layout | {"number_of_shards": 1}, "mappings": mappings}
    cluster.write("PUT", f"/{address.state}", body)
    return knn


def _created_with_vectors(cluster: Cluster, layout: dict[str, Any], *, needed: bool) -> bool:
    """Create the index of passages with a field for vectors; return False if the cluster knows none."""
    try:
        cluster.write("PUT", f"/{cluster.address.passages}", _passages_body(layout, knn=True))
    except IndexWriteError as error:
        # "unknown setting [index.knn]", or "No handler for type [knn_vector]"
        if "knn" not in str(error):
            raise
        if needed:
            raise IndexWriteError(
                f"{cluster.address}: vectors need the plug-in opensearch-knn, which the cluster has not"
            ) from None
        return False
    return True


def _passages_body(layout: dict[str, Any], *, knn: bool) -> dict[str, Any]:
    settings = {**layout, "similarity": {"bm25": BM25}}
    if not knn:
        return {"settings": settings, "mappings": {"dynamic": "strict", "properties": _PASSAGES}}
    mappings = {
        "dynamic": "strict",
        "properties": _PASSAGES | {"sentences": _SENTENCES},
        "_source": {"excludes": ["sentences"]},
    }
    return {"settings": settings | {"knn": True}, "mappings": mappings}


def described(cluster: Cluster, state: State) -> dict[str, str]:
    """Return what an index is, in names and values for people."""
    address, totals, about = cluster.address, state.totals, state.about
    settings = cluster.read("GET", f"/{address.passages}/_settings")
    (found,) = (each["settings"]["index"] for each in settings.values())
    indices = f"{address.passages},{address.articles},{address.state}"
    stats = cluster.read("GET", f"/{indices}/_stats/store", filter_path="_all.primaries.store.size_in_bytes")
    bytes_ = stats["_all"]["primaries"]["store"]["size_in_bytes"]
    vectors = f"{totals.vectors:,} of {totals.passages:,} passages"
    if about.get("knn") == KNN_MISSING:
        vectors = f"none: {NO_KNN}"
    elif about.get("knn") != "yes":
        vectors = "none: the index was made without"
    return {
        "articles": f"{totals.articles:,}",
        "passages": f"{totals.passages:,}",
        "vectors": vectors,
        "words": f"{totals.terms:,}",
        "size": f"{bytes_ / 1e6:,.1f} MB without replicas",
        "shards": f"{found['number_of_shards']}, each with {found['number_of_replicas']} replicas",
        "format": about.get("format", "unknown"),
        "analysis": about.get("analysis", "unknown"),
    }
