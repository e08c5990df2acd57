"""tantivy's schema and errors, and opening its files for reading.

An index is opened for reading through links: a temporary folder holds a copy of `meta.json` and links to the
files that it names, and is removed once they are open. So reading needs no write permission (tantivy locks
the folder that it reads), sees a single commit whatever a writer does, and opens no file that the index does
not list.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import tantivy

from articleqa.exceptions import IndexFolderError
from articleqa.storage.integrity import LARGEST_META, MANAGED, META, is_file_name, size_of_own_file


def schema() -> tantivy.Schema:
    """Return the fields of a passage: its number and terms; its article's number, facets and day."""
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("passage", fast=True)
        .add_unsigned_field("article", indexed=True)
        .add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("facets", tokenizer_name="whitespace", index_option="basic")
        .add_unsigned_field("day", indexed=True, fast=True)
        .build()
    )


@contextmanager
def translate_errors(error_of: Callable[[str], IndexFolderError]) -> Iterator[None]:
    """Translate tantivy's exceptions into the error that `error_of` makes from their message.

    A panic in tantivy's Rust code is raised as a `BaseException`, which would end any program.
    """
    try:
        yield
    except (ValueError, OSError, OverflowError) as error:
        raise error_of(" ".join(str(error).split())) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise error_of(f"tantivy panicked: {' '.join(str(error).split())}") from None


_IN_MEMORY = "/dev/shm"
"""Linux's in-memory file system: making links there takes a tenth of the time that a busy disk takes."""


class OpenedSearch(NamedTuple):
    """A search index as of one commit."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher


def open_for_reading(path: Path, names: Iterable[str]) -> OpenedSearch:
    """Open the search index in the folder `path`, which has the files `names`.

    Raises:
        ValueError, OSError: it cannot be opened. If a writer is at work, it may just have removed files.
    """
    wanted = [name for name in names if is_file_name(name) and name not in (META, MANAGED)]
    for name in (META, *wanted):
        if size_of_own_file(path / name) is None:
            raise ValueError(f"{name} is missing")
    with _linked(path, wanted) as folder:
        index = tantivy.Index.open(str(folder))
        index.config_reader(reload_policy="manual")
        return OpenedSearch(index.schema, index.searcher())


@contextmanager
def _linked(path: Path, names: Iterable[str]) -> Iterator[Path]:
    """Yield a folder with links to the files in `path`, or `path` itself if no links can be made."""
    with (path / META).open("rb") as opened:
        meta = opened.read(LARGEST_META)
    try:
        where = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
        made = TemporaryDirectory(prefix="articleqa-", dir=where, ignore_cleanup_errors=True)
    except OSError:  # no temporary folder can be made
        yield path
        return
    with made:
        folder = Path(made.name)
        try:
            (folder / META).write_bytes(meta)
            for name in names:
                (folder / name).symlink_to((path / name).absolute())
        except OSError:  # a full disk, or a system without links
            folder = path
        yield folder


@lru_cache(maxsize=10_000)  # each passage of an article has its facets
def facet_token(facet: str) -> str:
    """Return the token for a facet in the search index; the facet may be long and contain white space."""
    return hashlib.blake2b(facet.encode(), digest_size=12).hexdigest()
