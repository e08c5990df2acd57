"""An analysed passage into a row of the database and back.

Asking must not analyse an article again, so a passage is kept with the spans of its sentences and
their terms: about twice the size of its text, read back in some 15 microseconds (`pytest benchmarks`
measures both), where analysing it takes hundreds.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from articleqa.models import Passage, Span
from articleqa.passages import AnalysedPassage


class DamagedRecordError(ValueError):
    """A row that is not as it was written, or that no index of ours has."""


class Record(NamedTuple):
    """A passage as it is stored.

    `spans` has 32-bit numbers, little-endian: how many headings there are, then the start and end of the
    passage, of each heading and of each sentence. `terms` has a line for the context and one for each
    sentence, the terms parted by spaces. `checksum` is the CRC-32 of these and of `digest`.
    """

    spans: bytes
    terms: str
    digest: bytes
    checksum: int


def record_of(analysed: AnalysedPassage, digest: bytes) -> Record:
    """Return the row for a passage, whose `digest` equal passages share."""
    passage = analysed.passage
    numbers = [len(passage.headings)]
    for span in (passage.span, *passage.headings, *passage.sentences):
        numbers += span.start, span.end
    terms = "\n".join(" ".join(line) for line in (analysed.context, *analysed.sentences))
    spans = struct.pack(f"<{len(numbers)}i", *numbers)
    return Record(spans, terms, digest, _checksum(spans, terms, digest))


def passage_of(key: str, article_id: str, record: Record) -> AnalysedPassage:
    """Return the passage of a row.

    Raises:
        DamagedRecordError: the row is not as it was written.
    """
    spans, terms, digest, checksum = record
    if _checksum(spans, terms, digest) != checksum:
        raise DamagedRecordError(f"passage {key} of {article_id!r} is damaged")
    if len(spans) < 12 or len(spans) % 8 != 4:
        raise DamagedRecordError(f"passage {key} of {article_id!r} has no spans")
    headings, *numbers = struct.unpack(f"<{len(spans) // 4}i", spans)
    pairs = iter(numbers)
    whole, *inner = map(Span, pairs, pairs)
    context, *sentences = (tuple(line.split(" ")) if line else () for line in terms.split("\n"))
    inside = [bound for span in inner[headings:] for bound in (span.start, span.end)]
    if not (
        0 <= headings <= len(inner)
        and len(inner) - headings == len(sentences)
        and all(0 <= span.start <= span.end for span in (whole, *inner[:headings]))
        and [whole.start, *inside, whole.end] == sorted([whole.start, *inside, whole.end])
    ):
        raise DamagedRecordError(f"passage {key} of {article_id!r} has spans that are none")
    return AnalysedPassage(
        key=key,
        passage=Passage(
            article_id=article_id,
            span=whole,
            sentences=tuple(inner[headings:]),
            headings=tuple(inner[:headings]),
        ),
        sentences=tuple(sentences),
        context=context,
    )


def whole_record(spans: object, terms: object, digest: object, checksum: object) -> Record:
    """Return the row with these values.

    Raises:
        DamagedRecordError: they are not as they were written.
    """
    if isinstance(spans, bytes) and isinstance(terms, str) and isinstance(digest, bytes):
        record = Record(spans, terms, digest, _checksum(spans, terms, digest))
        if record.checksum == checksum:
            return record
    raise DamagedRecordError("a passage is damaged")


def start_of(spans: bytes) -> int:
    """Return where the passage of a row starts; 0 for a damaged one, which `passage_of` refuses."""
    return int(struct.unpack_from("<i", spans, 4)[0]) if len(spans) >= 8 else 0


def _checksum(spans: bytes, terms: str, digest: bytes) -> int:
    return zlib.crc32(digest, zlib.crc32(terms.encode(), zlib.crc32(spans)))
