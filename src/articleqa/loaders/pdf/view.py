"""What a worker process does for `articleqa.loaders.pdf_viewer`: boxes, images and words of one PDF file."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import regex

from articleqa.loaders.file_reader import Reader
from articleqa.loaders.paths import printable, reason_of
from articleqa.loaders.pdf.boxes import Box, PageView, PageWord, PageWords, TextMap
from articleqa.loaders.pdf.document import lay_out, open_pdf
from articleqa.loaders.pdf.images import png_of
from articleqa.loaders.pdf.ocr import recognise
from articleqa.loaders.pdf.symbol_fonts import with_known_letters
from articleqa.loaders.protocol import Fields, Format, NamedData, UnreadableDataError
from articleqa.loaders.registry import PDF
from articleqa.loaders.text_builder import clean
from articleqa.models import Article, Span

_MOST_WORDS = 20_000
"""Words of a page beyond this number are left out; a page of a newspaper has about 5,000."""

_MOST_MAPPED = 64_000_000
"""Bytes of maps that a process keeps, so that the next quote of an article is found at once."""

_UNKNOWN = regex.compile(r"\p{Co}")


class File(NamedTuple):
    """The file of an article: its path, and what the article says about it.

    `sha256` is the digest of the file that was loaded, "" if unknown, and `text_sha256` that of the text.
    `stamp` says when the file was written last, and its size now.
    """

    path: Path
    source: str
    sha256: str
    text_sha256: str
    stamp: tuple[int, int]


class Boxes(NamedTuple):
    """A request for the boxes of a span."""

    file: File
    span: Span


class Image(NamedTuple):
    """A request for a page as a PNG image, of `scale` pixels a point."""

    file: File
    page: int
    scale: float


class Words(NamedTuple):
    """A request for the words of a page; of a scan, they are recognised again."""

    file: File
    page: int
    is_scan: bool


class Failed(NamedTuple):
    """Why a request has no result: a clause. `is_changed` if the file is not what the article was made of."""

    reason: str
    is_changed: bool = False


CHANGED = "the file has changed since it was loaded; load it again"
OTHER_VERSION = "its text was extracted by another version; load it again"

_maps: OrderedDict[str, TextMap] = OrderedDict()

_pdfium = Lock()
"""pdfium crashes if two threads use it: where no worker process can be started, many may ask."""


def answer(request: Boxes | Image | Words) -> tuple[Box, ...] | bytes | PageWords | Failed:
    """Return the result of a request."""
    try:
        with _pdfium:
            return _answer(request)
    except _ChangedError as error:
        return Failed(str(error), is_changed=True)
    except UnreadableDataError as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"cannot be read ({reason_of(error)})")
    except MemoryError:
        return Failed("it needs too much memory")
    except Exception as error:  # pdfium may fail in any way on a malicious file
        return Failed(f"cannot be shown ({type(error).__name__}: {error})")


def _answer(request: Boxes | Image | Words) -> tuple[Box, ...] | bytes | PageWords:
    data = _pdf_in(request.file)
    if isinstance(request, Boxes):
        return _boxes(data, request)
    return _image(data, request) if isinstance(request, Image) else _words(data, request)


class _ChangedError(Exception):
    """The file is not what the article was made of; the message is a clause."""


class _Finder(Reader):
    """Finds a PDF by its source, in a file that may be a container, and reads nothing else."""

    def __init__(self, source: str) -> None:
        super().__init__(Fields())
        self._source = source
        self.found: bytes | None = None

    def load(self, found: Format, file: NamedData) -> Article:
        """Keep the PDF that is looked for, and return an article without text."""
        if found is PDF and file.source == self._source:
            self.found = file.data
        return Article(id=file.article_id, text="")


def _pdf_in(file: File) -> bytes:
    """Return the PDF that an article was made of.

    Raises:
        _ChangedError: the file is another, and the text of its PDF too.
    """
    data = file.path.read_bytes()
    name = printable(str(file.path))
    finder = _Finder(file.source)
    for article in finder.read(NamedData(data, file.path.name, name, name)):
        if finder.found is None:
            continue
        if article.metadata["sha256"] == file.sha256 or _has_text(_map_of(finder.found), file):
            return finder.found
        break
    raise _ChangedError(CHANGED)


def _map_of(data: bytes) -> TextMap:
    digest = hashlib.sha256(data).hexdigest()
    found = _maps.pop(digest, None) or TextMap(lay_out(data, "pdf", ""))
    _maps[digest] = found
    while len(_maps) > 1 and sum(each.size for each in _maps.values()) > _MOST_MAPPED:
        _maps.popitem(last=False)
    return found


def _has_text(text_map: TextMap, file: File) -> bool:
    return hashlib.sha256(text_map.text.encode()).hexdigest() == file.text_sha256


def _boxes(data: bytes, request: Boxes) -> tuple[Box, ...]:
    text_map = _map_of(data)
    if not _has_text(text_map, request.file):
        raise _ChangedError(OTHER_VERSION)
    with open_pdf(data) as document:
        return tuple(text_map.boxes(document, request.span))


def _image(data: bytes, request: Image) -> bytes:
    with open_pdf(data) as document:
        return png_of(document[request.page - 1], request.scale)


def _words(data: bytes, request: Words) -> PageWords:
    number = request.page - 1
    with open_pdf(data) as document:
        recognised = recognise(document, [number]).words.get(number, []) if request.is_scan else None
        view = PageView(document, number, recognised)
        words: list[PageWord] = []
        for glyphs in view.words[:_MOST_WORDS]:
            text = _UNKNOWN.sub("\ufffd", with_known_letters(clean(glyphs.text), glyphs.word.font))
            box = view.box_of(glyphs)
            if text and box:
                words.append(PageWord(text, box))
        view.close()
        return PageWords(view.width, view.height, tuple(words))
