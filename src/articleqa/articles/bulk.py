"""Many files into articles: what must be extracted by several processes at once, each file within limits.

A hostile file can take its process's time and memory, and nothing else: the process is ended, and the file
told of. Files come back in the order in which they were given, whatever takes longest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from articleqa.articles.contract import UnreadableDataError
from articleqa.articles.decoding import BinaryDataError, decode
from articleqa.articles.formats import BY_SUFFIX, HEAD, TEXT, format_of
from articleqa.articles.paths import reason_of
from articleqa.articles.reading import Named, Reader
from articleqa.articles.records import Fields
from articleqa.models import Article
from articleqa.processes import begin_worker, can_fork, processors

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

AHEAD = 8
"""Files that are given to each process ahead of the one that is waited for."""


class Limits(NamedTuple):
    """What a file that must be extracted may take: seconds, and bytes of memory."""

    seconds: float = 60.0
    memory: int = 2_000_000_000


LIMITS = Limits()


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
    processor; where processes cannot be forked, by this one, without limits.
    """
    workers = processors() if workers is None else workers
    pool = _Pool(workers, limits, fields) if can_fork() else None
    waiting: deque[tuple[ArticleFile, Loaded | Future[Loaded]]] = deque()
    try:
        for file in files:
            waiting.append((file, _begun(file, fields, pool)))
            while waiting and (len(waiting) > AHEAD * workers or isinstance(waiting[0][1], Loaded)):
                yield _done(*waiting.popleft(), limits)
        while waiting:
            yield _done(*waiting.popleft(), limits)
    finally:
        if pool is not None:
            pool.stop()


def texts_of(files: Iterable[ArticleFile]) -> Iterator[str]:
    """Yield the texts of those of `files` that are called text, and can be read, one after the other."""
    for file in files:
        found = BY_SUFFIX.get(file.path.suffix.lower())
        if found is not None and found.is_text:
            with suppress(OSError, ValueError):
                yield decode(file.path.read_bytes()).text


def _begun(file: ArticleFile, fields: Fields, pool: _Pool | None) -> Loaded | Future[Loaded]:
    """Return what became of a file, or what will."""
    try:
        with file.path.open("rb") as opened:
            head = opened.read(HEAD)
            found = format_of(file.path.name, head) or (TEXT if file.named else None)
            if found is None:
                suffix = file.path.suffix
                what = f"{suffix} files are not read" if suffix else "nothing that is read"
                return Loaded(file, skipped=f"{what} from a folder")
            if found.is_text or pool is None or not file.path.is_file():  # a pipe is read only once
                return _loaded(file, head + opened.read(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    return pool.submit(file)


def _done(file: ArticleFile, begun: Loaded | Future[Loaded], limits: Limits) -> Loaded:
    """Return what became of a file, when it has."""
    if isinstance(begun, Loaded):
        return begun
    from concurrent.futures import TimeoutError as OverdueError

    from pebble import ProcessExpired

    try:
        return begun.result()
    except OverdueError:
        return Loaded(file, failed=f"not read within {limits.seconds:g} seconds")
    except ProcessExpired:
        return Loaded(file, failed="the process that read it broke down")


def _loaded(file: ArticleFile, data: bytes, fields: Fields) -> Loaded:
    try:
        reader = Reader(fields)
        named = Named(data, file.path.name, file.article_id, file.source)
        return Loaded(file, articles=tuple(reader.read(named)), lost=tuple(reader.lost))
    except BinaryDataError:
        return Loaded(file, skipped="not text, nor of a format that is read")
    except UnreadableDataError as error:
        return Loaded(file, failed=str(error))


class _Pool:
    """Processes that extract files, started at the first one."""

    def __init__(self, workers: int, limits: Limits, fields: Fields) -> None:
        self._workers = workers
        self._limits = limits
        self._fields = fields
        self._pool: ProcessPool | None = None

    def submit(self, file: ArticleFile) -> Future[Loaded]:
        """Give a file to the next process that is free."""
        if self._pool is None:
            from multiprocessing import get_context

            from pebble import ProcessPool

            self._pool = ProcessPool(
                self._workers,
                initializer=_begin,
                initargs=(self._limits.memory,),
                context=get_context("fork"),
            )
        return self._pool.schedule(_extract, (file, self._fields), timeout=self._limits.seconds)

    def stop(self) -> None:
        """End all processes, whatever they do."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()


def _begin(memory: int) -> None:
    """Prepare a process that extracts: it may take so many bytes beyond what it has as it starts."""
    import resource

    begin_worker()
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + memory, has + memory))


def _extract(file: ArticleFile, fields: Fields) -> Loaded:
    try:
        return _loaded(file, file.path.read_bytes(), fields)
    except OSError as error:
        return Loaded(file, failed=f"cannot be read ({reason_of(error)})")
    except MemoryError:
        return Loaded(file, failed="it needs too much memory")
    except Exception as error:  # a library may raise anything over a hostile file
        return Loaded(file, failed=f"cannot be read ({type(error).__name__}: {error})")
