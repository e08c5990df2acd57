"""Web archives: read the pages that a crawler stored in a WARC file, plain or .gz."""

from __future__ import annotations

import io
import logging
import zlib
from collections import Counter
from collections.abc import Iterator
from gzip import GzipFile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from articleqa.loaders.archives import MEGABYTE, open_gzip
from articleqa.loaders.html import article_of_page
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError, optional_import
from articleqa.loaders.text.plain import load_plain_text
from articleqa.models import Article

if TYPE_CHECKING:
    from warcio.bufferedreaders import BufferedReader
    from warcio.recordloader import ArcWarcRecord

LARGEST_WARC = 2_000 * MEGABYTE
"""Maximum bytes that a WARC file may expand to."""

LARGEST_PAGE = 50 * MEGABYTE
"""Maximum bytes of a page, both before and after it is decompressed."""

LONGEST_LINE = 32 * MEGABYTE
"""Maximum bytes in a line: headers are read line by line, and one line of the whole file takes forever."""

MEDIA_TYPES = ("text/html", "application/xhtml+xml", "text/plain")

# Without this handler, warcio's warnings go to standard error if the caller has not set up logging.
logging.getLogger("warcio").addHandler(logging.NullHandler())

_GZIP = b"\x1f\x8b"
_BLOCK = MEGABYTE


class StoredPage(NamedTuple):
    """A page as its server sent it; `date` says when, and `charset` is what the server stated, or empty."""

    uri: str
    media_type: str
    payload: bytes
    date: str
    charset: str


def warc_members(file: NamedData, _: Fields) -> Iterator[Article]:
    """Yield an article for each page of a web archive; a page that was saved twice is two articles."""
    seen: Counter[str] = Counter()
    for page in warc_pages(file.data):
        seen[page.uri] += 1
        name = page.uri if seen[page.uri] == 1 else f"{page.uri}#{seen[page.uri]}"
        place = f"{file.article_id}/{name}", f"{file.source}/{name}"
        about = {"url": page.uri} | ({"saved": page.date} if page.date else {})
        if page.media_type == "text/plain":
            article = load_plain_text(page.payload, *place)
            yield article.model_copy(update={"metadata": {**article.metadata, **about}})
        else:
            yield article_of_page(
                page.payload, *place, media_type="text/html", charset=page.charset, metadata=about
            )


def warc_pages(data: bytes) -> Iterator[StoredPage]:
    """Yield the pages in WARC `data`, in order: responses with status 200 that are HTML or plain text.

    All other records are skipped, and so are pages compressed by other methods than gzip and deflate.

    Raises:
        MissingLibraryError: warcio is not installed.
        UnreadableDataError: `data` is not WARC, is too large, or is damaged; the message names the record.
    """
    readers = optional_import("warcio.bufferedreaders", extra="warc")
    records = optional_import("warcio.recordloader", extra="warc")
    stream = _BoundedStream(data)
    if not stream.is_warc():
        raise UnreadableDataError("not a WARC file; copy or download it again")
    # Read record by record: warcio's own iterator prints errors to standard error, which is the caller's.
    reader = readers.BufferedReader(stream, block_size=_BLOCK)
    loader = records.ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    first_line: bytes | None = None
    number = 0
    while first_line != b"":
        number += 1
        try:
            record = loader.parse_record_stream(reader, first_line, "warc", no_record_parse=True)
            page = _page(record)
            first_line = _finish(reader, record)
        except UnreadableDataError as error:
            raise UnreadableDataError(f"record {number}: {error}") from None
        except Exception:  # warcio's own, OSError, zlib.error, ...: it depends on the damage
            raise UnreadableDataError(f"record {number} is damaged; copy or download it again") from None
        if page is not None:
            yield page


def _page(record: ArcWarcRecord) -> StoredPage | None:
    from warcio.statusandheaders import StatusAndHeadersParser

    uri = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type != "response" or not uri.startswith(("http:", "https:")):
        return None
    headers = StatusAndHeadersParser([], verify=False).parse(record.raw_stream)
    media_type, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    media_type = media_type.strip().lower()
    if headers.get_statuscode() != "200" or media_type not in MEDIA_TYPES:
        return None
    encoding = (headers.get_header("Content-Encoding") or "identity").strip().lower()
    # Removed because warcio would expand a chunk of any size at once.
    headers.remove_header("Content-Encoding")
    record.http_headers = headers
    payload = record.content_stream().read(LARGEST_PAGE + 1)
    if len(payload) > LARGEST_PAGE:
        raise UnreadableDataError(
            f"a page of more than {LARGEST_PAGE // MEGABYTE} MB; save its text as a file of its own"
        )
    expanded = _expanded(payload, encoding)
    if expanded is None:
        return None
    date = record.rec_headers.get_header("WARC-Date") or ""
    return StoredPage(uri, media_type, expanded, date, _charset(parameters))


def _expanded(payload: bytes, encoding: str) -> bytes | None:
    """Return the decompressed bytes of a page; None if its compression is not supported."""
    if encoding in ("gzip", "x-gzip"):
        # Some crawlers store the decompressed page but leave the header unchanged.
        return open_gzip(payload, LARGEST_PAGE) if payload.startswith(_GZIP) else payload
    if encoding == "deflate":
        # The standard requires zlib's header, but some servers do not send it.
        has_header = payload[:1] == b"\x78"
        stream = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        expanded = stream.decompress(payload, LARGEST_PAGE)
        if not stream.eof:
            raise UnreadableDataError("a page that is cut off or too large; save it from the browser again")
        return expanded
    return payload if encoding in ("identity", "none") else None


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return ""


def _finish(reader: BufferedReader, record: ArcWarcRecord) -> bytes:
    """Read the rest of a record and the empty lines after it.

    Return the first line of the next record, empty at the end of the file. Raise `UnreadableDataError` if
    the record does not end where its stated length says.
    """
    if record.length is None:
        raise UnreadableDataError("states no length; copy or download it again")
    while record.raw_stream.read(_BLOCK):
        pass
    line: bytes = reader.readline()
    if line.strip() or record.raw_stream.limit:
        raise UnreadableDataError("cut off, or of another length than stated; copy or download it again")
    while line and not line.strip():
        line = reader.readline()
    return line


class _BoundedStream:
    """The bytes of a WARC file, expanded as they are read."""

    def __init__(self, data: bytes) -> None:
        """Begin at the start of `data`."""
        stream = io.BytesIO(data)
        self._stream = cast(BinaryIO, GzipFile(fileobj=stream)) if data.startswith(_GZIP) else stream
        self._start = b""
        self._read = 0
        self._line = 0

    def is_warc(self) -> bool:
        """Return whether the data begins with a WARC record."""
        try:
            self._start = self._stream.read(len(b"WARC/"))
        except (OSError, EOFError, zlib.error):
            return False
        return self._start == b"WARC/"

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size` of them."""
        try:
            block = self._start or self._stream.read(size)
        except (OSError, EOFError, zlib.error):  # warcio takes an EOFError to mean the end
            raise UnreadableDataError("damaged, or cut off; copy or download it again") from None
        self._start = b""
        self._read += len(block)
        line_end = block.rfind(b"\n")
        self._line = self._line + len(block) if line_end < 0 else len(block) - line_end - 1
        if self._read > LARGEST_WARC:
            raise UnreadableDataError(
                f"the file expands to more than {LARGEST_WARC // MEGABYTE} MB; split it"
            )
        if self._line > LONGEST_LINE:
            raise UnreadableDataError(
                f"a line of more than {LONGEST_LINE // MEGABYTE} MB; copy or download it again"
            )
        return block
