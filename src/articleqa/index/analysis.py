"""Turn articles into the rows of an index on disk, with worker processes when there is much to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from articleqa._parallel import parallel_map
from articleqa.models import Article
from articleqa.passages import AnalysedPassage, analyse
from articleqa.storage.digests import digest_of
from articleqa.storage.sqlite.passage_rows import Record, passage_at, record_of
from articleqa.storage.sqlite.vector_rows import VectorRow, vector_row

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel

AT_ONCE = 16
"""How many articles a worker process gets at a time."""


class Analysed(NamedTuple):
    """An article with the rows of its passages in reading order and, if they were made, of their vectors."""

    article: Article
    records: list[Record]
    vectors: list[VectorRow] | None = None


def analysed(articles: Iterable[Article], workers: int | None = None) -> Iterator[Analysed]:
    """Yield the articles with their rows, in the order given; `workers` processes analyse them."""
    pairs = parallel_map(records_of, articles, at_once=AT_ONCE, workers=workers, modules=[__name__])
    for article, records in pairs:
        yield Analysed(article, records)


def records_of(article: Article) -> list[Record]:
    """Return the rows of an article's passages, in reading order."""
    return [record for _, record in recorded_passages(article)]


def recorded_passages(article: Article) -> Iterator[tuple[AnalysedPassage, Record]]:
    """Yield an article's passages with their rows, in reading order."""
    for analysed in analyse(article):
        yield analysed, record_of(analysed, digest_of(analysed, article.text))


def encoded(rows: Iterable[Analysed], is_wanted: Callable[[Analysed], bool]) -> Iterator[Analysed]:
    """Yield the articles; those for which `is_wanted` is true have the vectors of their passages.

    Without onnxruntime no article has vectors. Vectors that an article already has are kept. Only this
    process makes vectors, because the encoder already uses all processors.
    """
    from articleqa.encoder.model import encoder_model
    from articleqa.encoder.threads import thread_pool

    with thread_pool() as pool:
        for each in rows:
            model = encoder_model() if is_wanted(each) else None
            if model is None:
                yield each._replace(vectors=None)
            elif each.vectors is not None:
                yield each
            else:
                yield each._replace(vectors=vectors_of(model, each.article, each.records, pool))


def vectors_of(
    model: EncoderModel, article: Article, records: Sequence[Record], pool: ThreadPoolExecutor | None = None
) -> list[VectorRow]:
    """Return a row with the vectors of each of an article's passages, by the threads of `pool` if given."""
    from articleqa.encoder.vectors import passage_vectors

    passages = ((article, passage_at(article.id, record.spans)) for record in records)
    made = passage_vectors(model, passages, pool)
    return [vector_row(rows.tobytes(), record.checksum) for rows, record in zip(made, records, strict=True)]
