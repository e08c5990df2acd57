"""Checksums of tantivy's files: recorded when a writer finishes, compared when the index is opened.

tantivy stores each file's checksum inside that file, so a file swapped for another one goes unnoticed, and
its `meta.json` has no checksum. The database therefore keeps the name, size and checksum of every file. While
a writer is at work, and after a writer was killed, it keeps none; then only tantivy's own can be compared.
"""

from __future__ import annotations

import json
import re
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from articleqa.exceptions import IndexDamagedError

META = "meta.json"
"""Lists the live segments; tantivy rewrites it at each commit."""

MANAGED = ".managed.json"
"""Lists the files that tantivy may delete; tantivy trusts every path in it."""

LARGEST_META = 100_000_000
"""The most bytes of `meta.json` that are read; with a million passages it has 10,000."""

_SEGMENT_FILE = re.compile(r"[0-9a-f]{32}(\.[0-9]{1,20})?\.[a-z]{1,16}", re.ASCII)
"""The names of segment files. A file is written once, and its name is never used again."""

_BLOCK = 1 << 20
"""Bytes read at a time."""

_FOOTER_MAGIC = 1337
_FOOTER_TAIL = 8
"""A segment file ends with a JSON footer, its length and a magic number (both 32-bit, little-endian)."""

_LONGEST_FOOTER = 10_000


class FileChecksum(NamedTuple):
    """The name of a file, its size in bytes and its CRC-32."""

    name: str
    size: int
    checksum: int


def search_damage(folder: Path, reason: str) -> IndexDamagedError:
    """Return the error for damage to tantivy's files in the index in `folder`."""
    return IndexDamagedError(
        f"{folder}: its search files are damaged ({reason});"
        f" `articleqa index check {folder} --repair` rebuilds them"
    )


def checksums_of(folder: Path, known: Iterable[FileChecksum] = ()) -> list[FileChecksum]:
    """Return the checksums of the live files in `folder`.

    Segment files that are in `known` are not read again, because they never change.

    Raises:
        OSError: a file cannot be read.
        ValueError: `meta.json` is damaged.
    """
    kept = {file.name: file for file in known if file.name != META}
    return [
        kept.get(name) or FileChecksum(name, (folder / name).stat().st_size, checksum_of_file(folder / name))
        for name in live_files(folder)
    ]


def damage_to(folder: Path, expected: Iterable[FileChecksum], *, contents: bool) -> Iterator[str]:
    """Yield what is wrong with the files in `folder`, one clause per file.

    Sizes are always compared; with `contents`, the files are read and their checksums compared too.
    """
    for file in expected:
        path = folder / file.name
        if not is_file_name(file.name):
            yield f"{file.name[:80]!r} is listed but is not a file name that tantivy uses"
        elif (size := size_of_own_file(path)) is None:
            yield f"{file.name} is missing"
        elif size != file.size:
            yield f"{file.name} has {size} bytes, not {file.size}"
        elif contents and checksum_of_file(path) != file.checksum:
            yield f"{file.name} has changed"


def damage_by_footers(folder: Path) -> Iterator[str]:
    """Yield a clause for each live file in `folder` that does not match the checksum in its own footer.

    Raises:
        OSError: a file cannot be read.
        ValueError: `meta.json` is damaged.
    """
    for name in live_files(folder):
        if name != META and not _agrees_with_footer(folder / name):
            yield f"{name} has changed"


def foreign_paths(folder: Path) -> Iterator[str]:
    """Yield the entries of `MANAGED` that are not names of tantivy's files.

    tantivy would delete the files at these paths, wherever they are.

    Raises:
        OSError: `MANAGED` cannot be read.
        ValueError: it is not a list of names.
    """
    path = folder / MANAGED
    names = json.loads(path.read_bytes()) if path.exists() else []
    if not isinstance(names, list):
        raise ValueError(f"{MANAGED} is not a list of names")
    yield from (str(name)[:80] for name in names if not (isinstance(name, str) and is_file_name(name)))


def live_files(folder: Path) -> list[str]:
    """Return the names of the live files in `folder`: `meta.json` and the files of the segments it lists.

    Other files are left over from merges and from uncommitted changes; tantivy may still be using them.

    Raises:
        OSError: a file cannot be read.
        ValueError: `meta.json` is damaged.
    """
    try:
        with (folder / META).open("rb") as opened:
            meta = json.loads(opened.read(LARGEST_META))
        deletes = {
            str(segment["segment_id"]).replace("-", ""): (segment["deletes"] or {}).get("opstamp")
            for segment in meta["segments"]
        }
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"{META} is damaged") from error
    names = [META]
    for path in sorted(folder.iterdir()):
        segment, *rest = path.name.split(".")
        is_live = len(rest) == 1 or rest == [str(deletes.get(segment)), "del"]
        if segment in deletes and is_live and is_file_name(path.name):
            names.append(path.name)
    return names


def is_file_name(name: str) -> bool:
    """Return whether `name` is a file name that tantivy uses."""
    return name in (META, MANAGED) or _SEGMENT_FILE.fullmatch(name) is not None


def size_of_own_file(path: Path) -> int | None:
    """Return the size of a regular file in bytes; None if `path` is missing, a link or anything else."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def checksum_of_file(path: Path) -> int:
    """Return the CRC-32 of a file.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as opened:
        return _crc_of(opened, path.stat().st_size)


def _crc_of(opened: BinaryIO, length: int) -> int:
    """Return the CRC-32 of the next `length` bytes."""
    crc = 0
    while length and (block := opened.read(min(_BLOCK, length))):
        crc, length = zlib.crc32(block, crc), length - len(block)
    return crc


def _agrees_with_footer(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as opened:
        opened.seek(max(0, size - _FOOTER_TAIL))
        tail = opened.read()
        length, magic = (int.from_bytes(tail[at : at + 4], "little") for at in (0, 4))
        payload = size - _FOOTER_TAIL - length
        if magic != _FOOTER_MAGIC or length > _LONGEST_FOOTER or payload < 0:
            return False
        opened.seek(payload)
        try:
            footer = json.loads(opened.read(length))
        except ValueError:
            return False
        expected = footer.get("crc") if isinstance(footer, Mapping) else None
        opened.seek(0)
        return _crc_of(opened, payload) == expected
