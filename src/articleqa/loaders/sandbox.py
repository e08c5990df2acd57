"""Many files into articles: what must be extracted by several processes at once, each file within limits.

A malicious file can take its process's time and memory, and nothing else: the process is ended, and the file
reported. Files come back in the order in which they were given, whatever takes longest.
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
from articleqa.loaders.file_reader import Named, Reader
from articleqa.loaders.paths import reason_of
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.records import Fields
from articleqa.loaders.registry import BY_SUFFIX, HEAD, TEXT, format_of
from articleqa.models import Article

AHEAD = 8
"""Files that are given to each process ahead of the one that is waited for."""


LIMITS = Limits()
"""What a file that must be extracted may take."""


class ArticleFile(NamedTuple):
    """A file to load: where it is, and the id and the source that its article gets.

    `named` says that the caller named it, and not a folder that it is in.
    """

    path: Path
    article_id: str
    source: str
    named: bool


class Loaded(NamedTuple):
    """What became of a file: its articles, or a clause that says why it has none.

    `skipped`: it is of no format that is read. `failed`: it is, and cannot be read. `lost` has the parts of
    an archive that cannot be, each by its source and with such a clause.
    """

    file: ArticleFile
    articles: tuple[Article, ...] = ()
    skipped: str = ""
    failed: str = ""
    lost: tuple[tuple[str, str], ...] = ()


def load_files(
    files: Iterable[ArticleFile], fields: Fields, *, limits: Limits = LIMITS, workers: int | None = None
) -> Iterator[Loaded]:
    """Yield what becomes of each of `files`, in their order.

    Text is read here and at once. All else is extracted by `workers` processes, by default one for each
    processor; where no process can be started, by this one, without limits.
    """
    workers = processors() if workers is None else workers
    extract = partial(_extract, fields=fields)
    pool = WorkerPool(extract, workers, limits)
    waiting: deque[tuple[ArticleFile, Loaded | Callable[[], Loaded]]] = deque()
    try:
        for file in files:
            waiting.append((file, _begun(file, fields, pool)))
            while waiting and (len(waiting) > AHEAD * workers or isinstance(waiting[0][1], Loaded)):
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())
    finally:
        pool.stop()


def texts_of(files: Iterable[ArticleFile]) -> Iterator[str]:
    """Yield the texts of those of `files` that are called text, and can be read, one after the other."""
    for file in files:
        found = BY_SUFFIX.get(file.path.suffix.lower())
        if found is not None and found.is_text:
            with suppress(OSError, ValueError):
                yield decode(file.path.read_bytes()).text


def _begun(
    file: ArticleFile, fields: Fields, pool: WorkerPool[ArticleFile, Loaded]
) -> Loaded | Callable[[], Loaded]:
    """Return what became of a file, or what waits for it."""
    try:
        with file.path.open("rb") as opened:
            head = opened.read(HEAD)
            found = format_of(file.path.name, head) or (TEXT if file.named else None)
            if found is None:
                suffix = file.path.suffix
                what = f"{suffix} files are not read" if suffix else "nothing that is read"
                return Loaded(file, skipped=f"{what} from a folder")
            if found.is_text or not file.path.is_file():  # a pipe is read only once
                return _loaded(file, head + opened.read(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    return pool.submit(file)


def _done(file: ArticleFile, begun: Loaded | Callable[[], Loaded]) -> Loaded:
    """Return what became of a file, when it has."""
    if isinstance(begun, Loaded):
        return begun
    try:
        return begun()
    except WorkerEndedError as error:
        return Loaded(file, failed=str(error))


def _extract(file: ArticleFile, fields: Fields) -> Loaded:
    try:
        return _loaded(file, file.path.read_bytes(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    except MemoryError:
        return Loaded(file, failed="it needs too much memory")


def _loaded(file: ArticleFile, data: bytes, fields: Fields) -> Loaded:
    try:
        reader = Reader(fields)
        named = Named(data, file.path.name, file.article_id, file.source)
        return Loaded(file, articles=tuple(reader.read(named)), lost=tuple(reader.lost))
    except BinaryDataError:
        return Loaded(file, skipped="not text, nor of a format that is read")
    except UnreadableDataError as error:
        return Loaded(file, failed=str(error))
    except MemoryError:
        return Loaded(file, failed="it needs too much memory")
    except Exception as error:  # a library may raise anything over a hostile file
        return Loaded(file, failed=f"cannot be read ({type(error).__name__}: {error})")
