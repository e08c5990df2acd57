"""Conversion of analysed passages to database rows and back.

Answering a question must not analyse an article again, so a passage is stored with the spans and terms of
its sentences. This takes about twice the size of its text and is read back in some 15 microseconds
(`pytest benchmarks` measures both); analysing the passage takes hundreds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from articleqa.models import Passage, Span
from articleqa.passages import AnalysedPassage


class DamagedRecordError(ValueError):
    """A row that does not match its checksum, or holds values that no index of ours has."""


class Record(NamedTuple):
    """A passage as it is stored.

    `spans` holds 32-bit little-endian integers: the number of headings and of sentences, then the start and
    end of the passage, of each heading and of each sentence; then, if any sentence has lead-ins, for each
    sentence the number of its lead-ins and the start and end of each. `terms` has one line for the context
    and one for each sentence, with spaces between the terms. `checksum` is the CRC-32 of `spans`, `terms` and
    `digest`.
    """

    spans: bytes
    terms: str
    digest: bytes
    checksum: int


def record_of(analysed: AnalysedPassage, digest: bytes) -> Record:
    """Return the row for a passage; equal passages share the same `digest`."""
    passage = analysed.passage
    numbers = [len(passage.headings), len(passage.sentence_spans)]
    for span in (passage.span, *passage.headings, *passage.sentence_spans):
        numbers += span.start, span.end
    for lead_ins in passage.lead_ins:
        numbers.append(len(lead_ins))
        for span in lead_ins:
            numbers += span.start, span.end
    terms = "\n".join(" ".join(line) for line in (analysed.context, *analysed.sentence_terms))
    spans = struct.pack(f"<{len(numbers)}i", *numbers)
    return Record(spans, terms, digest, checksum_of(spans, terms, digest))


def passage_of(key: str, article_id: str, record: Record) -> AnalysedPassage:
    """Return the passage that a row holds.

    Raises:
        DamagedRecordError: the row does not match its checksum, or its values are invalid.
    """
    spans, terms, digest, checksum = record
    if checksum_of(spans, terms, digest) != checksum:
        raise DamagedRecordError(f"passage {key} of {article_id!r} is damaged")
    context, *sentences = (tuple(line.split(" ")) if line else () for line in terms.split("\n"))
    try:
        passage = passage_at(article_id, spans)
    except (struct.error, ValueError):
        raise DamagedRecordError(f"passage {key} of {article_id!r} has invalid spans") from None
    if len(passage.sentence_spans) != len(sentences):
        raise DamagedRecordError(f"passage {key} of {article_id!r} has terms for another number of sentences")
    return AnalysedPassage(key=key, passage=passage, sentence_terms=tuple(sentences), context=context)


def passage_at(article_id: str, spans: bytes) -> Passage:
    """Return the passage with the `spans` of a row.

    Raises:
        struct.error: `spans` ends too early.
        ValueError: a span or a count is invalid, or the sentences are not in order within the passage.
    """
    headings, count = struct.unpack_from("<2i", spans)
    if headings < 0 or count < 0:
        raise ValueError("a count of spans is negative")
    whole, *inner = _pairs(struct.unpack_from(f"<{2 * (1 + headings + count)}i", spans, 8))
    lead_ins = tuple(_lead_ins(spans, 16 + 8 * len(inner)))
    inside = [bound for span in inner[headings:] for bound in (span.start, span.end)]
    bounds = [whole.start, *inside, whole.end]
    around = (whole, *inner[:headings], *chain.from_iterable(lead_ins))
    if not all(0 <= span.start <= span.end for span in around) or bounds != sorted(bounds):
        raise ValueError("a span is invalid")
    if len(lead_ins) not in (0, count):
        raise ValueError("the lead-ins are for another number of sentences")
    return Passage(article_id, whole, tuple(inner[headings:]), tuple(inner[:headings]), lead_ins)


def _lead_ins(spans: bytes, at: int) -> Iterator[tuple[Span, ...]]:
    while at < len(spans):
        (count,) = struct.unpack_from("<i", spans, at)
        if count < 0:
            raise ValueError("a count of spans is negative")
        yield tuple(_pairs(struct.unpack_from(f"<{2 * count}i", spans, at + 4)))
        at += 4 + 8 * count


def _pairs(numbers: Sequence[int]) -> Iterator[Span]:
    bounds = iter(numbers)
    return map(Span, bounds, bounds)


def checked_record(spans: object, terms: object, digest: object, checksum: object) -> Record:
    """Return the row with these values, which it checks.

    Raises:
        DamagedRecordError: a value has the wrong type, or they do not match the checksum.
    """
    if isinstance(spans, bytes) and isinstance(terms, str) and isinstance(digest, bytes):
        record = Record(spans, terms, digest, checksum_of(spans, terms, digest))
        if record.checksum == checksum:
            return record
    raise DamagedRecordError("a passage is damaged")


def start_of(spans: bytes) -> int:
    """Return where the passage of a row starts; 0 for a damaged row, which `passage_of` refuses."""
    return int(struct.unpack_from("<i", spans, 8)[0]) if len(spans) >= 12 else 0


def checksum_of(spans: bytes, terms: str, digest: bytes) -> int:
    """Return the checksum of a row with these values."""
    return zlib.crc32(digest, zlib.crc32(terms.encode(), zlib.crc32(spans)))
