"""Vectors for the articles of an index in a cluster that were added without them.

Their documents are written again under the same ids, so that the articles keep their places. Vectors are
searched only once all passages have them, which the totals say: they are counted again at the end, so that a
run that was killed can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from articleqa.encoder.model import EncoderModel
from articleqa.encoder.threads import thread_pool
from articleqa.index.opensearch_writing import made_vectors, operations_of
from articleqa.models import Article
from articleqa.storage.identity import encoder_identity
from articleqa.storage.opensearch.article_documents import StoredArticle, article_of
from articleqa.storage.opensearch.state import State
from articleqa.storage.opensearch.state_document import change_state
from articleqa.storage.opensearch.store import OpenSearchStore
from articleqa.storage.opensearch.writer import NewArticle, OpenSearchWriter

_TOGETHER = 20
"""How many articles are read, and written again, at a time."""


def lacking_vectors(store: OpenSearchStore) -> int:
    """Return how many passages have no vectors that can be compared with a question's."""
    return sum(each.counts.passages for each in _lacking(store))


def fill_vectors(
    store: OpenSearchStore, model: EncoderModel, wait_s: float | None, step: Callable[[], None]
) -> None:
    """Make the vectors of all passages that have none, or those of another encoder; see `DiskBackend`.

    Raises:
        IndexBusyError: another writer is changing one of the articles.
        IndexWriteError: the index cannot be written to.
    """
    writer = OpenSearchWriter(store, wait_s)
    lacking = _lacking(store)
    change_state(store.cluster, _begun)
    with thread_pool() as pool:
        for start in range(0, len(lacking), _TOGETHER):
            held = lacking[start : start + _TOGETHER]
            writer.write_again(list(_with_vectors(store, model, pool, held, step)))
    writer.recount_vectors(encoder_identity())


def _lacking(store: OpenSearchStore) -> list[StoredArticle]:
    def lacking() -> list[StoredArticle]:
        with store.reading() as reading:
            others = reading.newest().about.get("encoder") != encoder_identity()
            return [
                each
                for each in store.listed()
                if each.counts.passages and (others or each.counts.vectors < each.counts.passages)
            ]

    return store.consistently(lacking)


def _with_vectors(
    store: OpenSearchStore,
    model: EncoderModel,
    pool: ThreadPoolExecutor,
    held: Sequence[StoredArticle],
    step: Callable[[], None],
) -> Iterator[tuple[int, NewArticle]]:
    """Yield the articles that are still there, by their order numbers, with vectors."""
    index = store.cluster.address.passages
    for order, article in _articles(store, [each.order for each in held]):
        passages = operations_of(article, index)
        vectors = made_vectors(model, article, passages.records(), pool)
        yield order, NewArticle(article, passages.with_vectors(index, vectors), replaces=True)
        for _ in vectors:
            step()


def _articles(store: OpenSearchStore, orders: Sequence[int]) -> list[tuple[int, Article]]:
    query = {"terms": {"order": list(orders)}}
    hits = store.consistently(lambda: store.matching_articles(query, source=True))
    return [(int(hit["_id"]), article_of(hit)) for hit in hits]


def _begun(state: State) -> State:
    """Return the state in which vectors of another encoder are not used, whatever version reads it."""
    encoder = state.about.get("encoder", encoder_identity())
    if encoder == encoder_identity():
        return replace(state, about={**state.about, "encoder": encoder})
    totals = state.totals._replace(vectors=0)
    return replace(state, about={**state.about, "encoder": ""}, totals=totals, removals=state.removals + 1)
