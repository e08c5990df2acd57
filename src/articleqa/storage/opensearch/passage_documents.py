"""Conversion of passages to documents and back; one that fails its checksums is refused.

A document holds all that answering and citing need, so that a question reads no articles.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

from articleqa.filters import Traits
from articleqa.models import Article, Span
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.storage.opensearch.mappings import DIMENSIONS
from articleqa.storage.protocol import Document
from articleqa.storage.sqlite.passage_rows import DamagedRecordError, Record, passage_of, start_of

_LONGEST_TERM = 200
"""The analyser of OpenSearch cuts words of more than 255 characters in two: longer terms are hashed."""

ORDER = "\x00"
"""Stands for an article's order number until it is known. JSON escapes this character: it is nowhere else."""

_FIRST = f'{{"order":{ORDER},'
"""How a document with `ORDER` begins."""

_LARGEST_HEAD = 8_000
"""The most characters of an article's title, source and metadata that are kept beside each of its passages;
larger ones are read with the article."""


def key_of(order: int | str, number: int) -> str:
    """Return the key of an article's passage with this number, which is also its document's id."""
    return f"{order}.{number}"


def indexed_term(term: str) -> str:
    """Return a term as the cluster indexes it."""
    if len(term) <= _LONGEST_TERM:
        return term
    return hashlib.blake2b(term.encode(), digest_size=16).hexdigest()


def facet_token(facet: str) -> str:
    """Return the token for a facet, which may be long."""
    return hashlib.blake2b(facet.encode(), digest_size=12).hexdigest()


def head_of(article: Article) -> list[str] | None:
    """Return what each passage keeps of its article; None if that is too much."""
    metadata = json.dumps(dict(article.metadata), ensure_ascii=False, sort_keys=True)
    head = [article.title, article.source, article.media_type, metadata]
    return head if sum(map(len, head)) <= _LARGEST_HEAD else None


class ArticleParts(NamedTuple):
    """What the documents of an article's passages have in common.

    `head` is as in `head_of`; `chosen_by` is the JSON of the fields by which they are chosen, facets and day.
    """

    head: list[str] | None
    chosen_by: str

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the parts of `article`."""
        traits = Traits.of(article)
        facets = f',"facets":{_json(sorted(map(facet_token, traits.facets)))}' if traits.facets else ""
        return cls(head_of(article), facets + (f',"day":{traits.day}' if traits.day is not None else ""))


def document_of(
    number: int, record: Record, terms: Sequence[str], text: PassageText, parts: ArticleParts
) -> str:
    """Return the JSON of a passage's document, with `ORDER`; `terms` are the terms of its record."""
    has_long = max(map(len, terms), default=0) > _LONGEST_TERM
    indexed = " ".join(map(indexed_term, terms)) if has_long else record.terms
    kept = f',"terms":{_json(record.terms)}' if has_long else ""
    spans = base64.b64encode(record.spans).decode()
    cited = _json(_cited(text, parts.head))
    checksum = zlib.crc32(cited.encode(), record.checksum)
    # By hand, because an encoder takes twice as long.
    return (
        f'{_FIRST}"number":{number},"terms":{_json(indexed)},"digest":"{record.digest.hex()}",'
        f'"record":{{"spans":"{spans}","checksum":{record.checksum},"cited":{checksum}{kept}}},'
        f'"cited":{{"json":{_json(cited)}}}{parts.chosen_by}}}'
    )


def record_of(document: str) -> Record:
    """Return the record in the JSON of a passage's document, with `ORDER`."""
    return StoredPassage("", json.loads("{" + document.removeprefix(_FIRST))).record


def with_vectors(document: str, vectors: bytes) -> str:
    """Return the JSON of a passage's document, with `ORDER` and its vectors.

    They have one signed byte per number, sentence by sentence.
    """
    kept = {
        "bytes": base64.b64encode(vectors).decode(),
        "checksum": zlib.crc32(vectors, record_of(document).checksum),
    }
    signed = memoryview(vectors).cast("b").tolist()
    rows = (signed[start : start + DIMENSIONS] for start in range(0, len(signed), DIMENSIONS))
    # The cluster refuses zeros, the vector of a sentence without words, such as a picture.
    sentences = [{"vector": row} for row in rows if any(row)]
    fields = f'"vectors":{_json(kept)},"sentences":{_json(sentences)},'
    return f"{_FIRST}{fields}{document.removeprefix(_FIRST)}"


# `json.dumps` would make an encoder for each call.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _cited(text: PassageText, head: list[str] | None) -> list[object]:
    """Return the fields of a passage's text except its passage, in a form that JSON has."""
    above = [[span.start, span.end, line] for span, line in text.above.items()]
    times = [list(each) for each in text.times]
    pages = list(text.pages)
    return [text.article_id, head, text.start, text.text, above, text.line, text.page, pages, times]


@dataclass(frozen=True)
class StoredPassage:
    """A passage as it was read from the cluster."""

    key: str
    source: Mapping[str, Any]

    @property
    def order(self) -> int:
        """The order number of its article."""
        return int(self.source["order"])

    @property
    def number(self) -> int:
        """Its place among the passages of its article."""
        return int(self.source["number"])

    @property
    def digest(self) -> str:
        """Its digest, in hexadecimal digits."""
        return str(self.source["digest"])

    @cached_property
    def record(self) -> Record:
        """The passage in the form in which an index on disk stores it."""
        kept = self.source["record"]
        terms = kept.get("terms") or self.source["terms"]
        try:
            spans, digest = base64.b64decode(kept["spans"], validate=True), bytes.fromhex(self.digest)
        except (binascii.Error, ValueError, TypeError):
            raise DamagedRecordError(f"passage {self.key} is damaged") from None
        return Record(spans, str(terms), digest, kept["checksum"])

    @cached_property
    def document(self) -> Document:
        """The passage as `Store.documents_at` returns it."""
        record = self.record
        return Document(self.key, self.order, start_of(record.spans), record.terms.split(), self.passage)

    def passage(self) -> AnalysedPassage:
        """Return the passage.

        Raises:
            DamagedRecordError: it does not match its checksum.
        """
        return passage_of(self.key, str(self._cited[0]), self.record)

    @property
    def has_head(self) -> bool:
        """Whether it has what is cited of its article."""
        return self._cited[1] is not None

    def text(self, article: Article | None = None) -> PassageText:
        """Return its text; `article` is needed if the passage has no head.

        Raises:
            DamagedRecordError: it does not match its checksum.
        """
        cited = self._cited
        try:
            article_id, head, start, text, above, line, page, pages, times = cited
            if article is None:
                title, source, media_type, metadata = head[0], head[1], head[2], json.loads(head[3])
            else:
                title, source, media_type = article.title, article.source, article.media_type
                metadata = article.metadata
            return PassageText(
                article_id=article_id,
                title=title,
                source=source,
                media_type=media_type,
                metadata=metadata,
                passage=self.document.passage.passage,
                start=start,
                text=text,
                above={Span(first, last): each for first, last, each in above},
                line=line,
                page=page,
                pages=tuple(pages),
                times=tuple((offset, seconds) for offset, seconds in times),
            )
        except (ValueError, TypeError):
            raise DamagedRecordError(f"the text of passage {self.key} is damaged") from None

    @cached_property
    def _cited(self) -> Sequence[Any]:
        kept = self.source["cited"]["json"]
        if zlib.crc32(kept.encode(), self.record.checksum) != self.source["record"]["cited"]:
            raise DamagedRecordError(f"the text of passage {self.key} does not match its checksum")
        found: Sequence[Any] = json.loads(kept)
        return found

    @property
    def vectors(self) -> bytes | None:
        """The vectors of its sentences; None if it has none.

        Raises:
            DamagedRecordError: they do not match their checksum.
        """
        kept = self.source.get("vectors")
        if kept is None:
            return None
        found = base64.b64decode(kept["bytes"])
        if zlib.crc32(found, self.record.checksum) != kept["checksum"]:
            raise DamagedRecordError(f"the vectors of passage {self.key} are damaged")
        return found


def stored(hit: Mapping[str, Any]) -> StoredPassage:
    """Return the passage of a search's hit.

    Raises:
        DamagedRecordError: it is not a document that this package wrote.
    """
    source = hit.get("_source")
    try:
        assert isinstance(source, Mapping)
        found = StoredPassage(str(hit["_id"]), source)
        if key_of(found.order, found.number) != found.key:
            raise ValueError("another id")
        for name in ("record", "cited"):
            if not isinstance(source[name], Mapping):
                raise TypeError(name)
        str(source["cited"]["json"]), int(source["record"]["cited"]), int(source["record"]["checksum"])
        str(source["terms"]), str(source["digest"])
    except (AssertionError, KeyError, ValueError, TypeError):
        raise DamagedRecordError(f"the document {hit.get('_id')!r} is not one of a passage") from None
    return found
