"""Conversion of the vectors of a passage's sentences to database rows and back."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from articleqa.storage.sqlite.passage_rows import DamagedRecordError


class VectorRow(NamedTuple):
    """The vectors of a passage as they are stored.

    `vectors` has one signed byte per number, sentence by sentence. `checksum` is their CRC-32, started from
    the checksum of the passage's own row, so that the vectors of another passage do not match.
    """

    vectors: bytes
    checksum: int


def vector_row(vectors: bytes, passage_checksum: int) -> VectorRow:
    """Return the row for the vectors of the passage whose row has this checksum."""
    return VectorRow(vectors, zlib.crc32(vectors, passage_checksum))


def checked_vectors(
    number: object,
    spans: object,
    passage_checksum: object,
    vectors: object,
    checksum: object,
    *,
    dimensions: int,
) -> VectorRow:
    """Return the vectors of passage `number`, checked against the spans and checksum of its own row.

    Each sentence has one vector with this number of `dimensions`.

    Raises:
        DamagedRecordError: the vectors do not match their checksum or the passage.
    """
    if (
        isinstance(spans, bytes)
        and isinstance(vectors, bytes)
        and isinstance(passage_checksum, int)
        and len(vectors) == sentences_in(spans) * dimensions > 0
        and zlib.crc32(vectors, passage_checksum) == checksum
    ):
        return VectorRow(vectors, checksum)
    raise DamagedRecordError(f"the vectors of passage {number} are damaged")


def sentences_in(spans: bytes) -> int:
    """Return the number of sentences of a passage with these spans; less than 1 if they are damaged."""
    return int(struct.unpack_from("<i", spans, 4)[0]) if len(spans) >= 8 else 0
