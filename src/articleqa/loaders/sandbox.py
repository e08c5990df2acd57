"""Load many files as articles: text in this process, everything else in workers, each file within limits.

A malicious file can use up only the time and memory of its worker process: that process is ended, and the
file is reported. Files come back in the order in which they were given, whichever takes longest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from articleqa._parallel import processors
from articleqa._worker import Limits
from articleqa._worker_pool import WorkerEndedError, WorkerPool
from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.file_reader import Reader
from articleqa.loaders.paths import reason_of
from articleqa.loaders.protocol import TEXT_TYPES, Fields, Format, NamedData, UnreadableDataError
from articleqa.loaders.registry import (
    BUILT_IN,
    HEAD,
    TEXT,
    ZIP_SIGNATURE,
    format_named,
    format_of,
    register_format,
    registered_formats,
)
from articleqa.loaders.unread_formats import advice_about
from articleqa.models import Article

AHEAD = 8
"""How many files each worker process is given ahead of the one being waited for."""


LIMITS = Limits()
"""Limits on the time and memory for extracting one file."""


class ArticleFile(NamedTuple):
    """A file to load: its path, and the id and the source that its article gets.

    `named` is true if the caller named the file itself, not a folder that contains it.
    """

    path: Path
    article_id: str
    source: str
    named: bool


class Loaded(NamedTuple):
    """The result of loading a file: its articles, or a clause that says why it has none.

    `skipped`: its format is not supported. `failed`: its format is supported, but it cannot be read. `lost`
    lists the parts of an archive that cannot be read, each with its source and such a clause.
    """

    file: ArticleFile
    articles: tuple[Article, ...] = ()
    skipped: str = ""
    failed: str = ""
    lost: tuple[tuple[str, str], ...] = ()


def load_files(
    files: Iterable[ArticleFile], fields: Fields, *, limits: Limits = LIMITS, workers: int | None = None
) -> Iterator[Loaded]:
    """Yield the result of loading each of `files`, in their order.

    Text is read at once, in this process. Everything else is extracted by `workers` processes, by default
    one per processor. If no process can be started, this process extracts it, without limits.
    """
    files = list(files)
    workers = min(processors() if workers is None else workers, max(1, len(files)))
    extract = partial(
        _extract, fields=fields, registered=tuple(f for f in registered_formats() if f.is_importable())
    )
    pool = WorkerPool(extract, workers, limits, modules=(__name__, *_modules_for(files)))
    waiting: deque[tuple[ArticleFile, Loaded | Callable[[], Loaded]]] = deque()
    try:
        for file in files:
            waiting.append((file, _start_loading(file, fields, pool)))
            while waiting and (len(waiting) > AHEAD * workers or isinstance(waiting[0][1], Loaded)):
                yield _result_of(*waiting.popleft())
        while waiting:
            yield _result_of(*waiting.popleft())
    finally:
        pool.stop()


def _modules_for(files: Iterable[ArticleFile]) -> list[str]:
    """Return the names of the modules that are imported to load `files`, by the suffixes of their names."""
    suffixes = dict.fromkeys(file.path.suffix for file in files)
    formats = filter(None, (format_named(f"_{suffix}") for suffix in suffixes))
    return [name for each in formats if not each.is_text for name in each.modules()]


def texts_of(files: Iterable[ArticleFile]) -> Iterator[str]:
    """Yield the texts of those of `files` that have a text suffix and can be read, as in their articles.

    This package's formats keep the text of the file; another package's may change it, so its loader is asked.
    """
    for file in files:
        found = format_named(file.path.name)
        if found is not None and found.is_text and file.path.is_file():  # a pipe can be read only once
            with suppress(OSError, ValueError):
                data = file.path.read_bytes()
                if found in BUILT_IN:
                    yield decode(data).text
                else:
                    articles = _loaded(file, data, Fields()).articles
                    yield from (each.text for each in articles if each.media_type in TEXT_TYPES)


def _start_loading(
    file: ArticleFile, fields: Fields, pool: WorkerPool[ArticleFile, Loaded]
) -> Loaded | Callable[[], Loaded]:
    """Return the result of loading a file, or a function that waits for it."""
    try:
        with file.path.open("rb") as opened:
            head = opened.read(HEAD)
            found = format_of(file.path.name, head)
            if found is None and (advice := advice_about(file.path.name)):
                return Loaded(file, skipped=advice)
            found = found or (TEXT if file.named else None)
            if found is None:
                suffix = file.path.suffix
                what = f"{suffix} files are not read" if suffix else "its format is not read"
                return Loaded(file, skipped=f"{what} from a folder; name the file itself if it is text")
            is_text = found.is_text and not head.startswith(ZIP_SIGNATURE)
            is_own = found in registered_formats() and not found.is_importable()
            if is_text or is_own or not file.path.is_file():  # a pipe can be read only once
                return _loaded(file, head + opened.read(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    return pool.submit(file)


def _result_of(file: ArticleFile, begun: Loaded | Callable[[], Loaded]) -> Loaded:
    """Return the result of loading a file; wait for it if necessary."""
    if isinstance(begun, Loaded):
        return begun
    try:
        return begun()
    except WorkerEndedError as error:
        return Loaded(file, failed=f"{error}; split it, or save it in another format")


def _extract(file: ArticleFile, fields: Fields, registered: tuple[Format, ...]) -> Loaded:
    for added in reversed(registered):  # a worker process knows only this package's formats
        register_format(added)
    try:
        return _loaded(file, file.path.read_bytes(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    except MemoryError:
        return Loaded(file, failed="it needs too much memory; split it")


def _loaded(file: ArticleFile, data: bytes, fields: Fields) -> Loaded:
    try:
        reader = Reader(fields)
        named = NamedData(data, file.path.name, file.article_id, file.source)
        return Loaded(file, articles=tuple(reader.read(named)), lost=tuple(reader.lost))
    except BinaryDataError:
        return Loaded(file, skipped="neither text nor a supported format; save it as .txt, .docx or .pdf")
    except UnreadableDataError as error:
        return Loaded(file, failed=str(error))
    except MemoryError:
        return Loaded(file, failed="it needs too much memory; split it")
    except Exception as error:  # a library may raise anything on a malicious file
        return Loaded(
            file,
            failed=f"cannot be read ({type(error).__name__}: {error}); save it again or in another format",
        )
