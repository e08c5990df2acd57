"""Archives: a .gz holds one file, a .zip many. Nothing is written to disk, and sizes are limited."""

from __future__ import annotations

import io
from collections.abc import Iterator
from gzip import GzipFile
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import regex

from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError

MEGABYTE = 1_000_000

LARGEST_MEMBER = 200 * MEGABYTE
"""Maximum bytes that one file may expand to."""

LARGEST_IN_ALL = 1_000 * MEGABYTE
"""Maximum bytes that all files of a ZIP archive together may expand to."""

MOST_MEMBERS = 10_000
"""Maximum number of files in a ZIP archive."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_LONGEST_MIMETYPE = 100
_DRIVE = regex.compile(r"^[A-Za-z]:")
_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]")


def open_gzip(data: bytes, limit: int = LARGEST_MEMBER) -> bytes:
    """Return the decompressed file in gzip `data`.

    Raises:
        UnreadableDataError: `data` is not gzip, is damaged, or expands to more than `limit` bytes.
    """
    if not data:
        raise UnreadableDataError("not a gzip file; copy or download it again")
    try:
        with GzipFile(fileobj=io.BytesIO(data)) as stream:
            expanded = stream.read(limit + 1)
    except Exception:  # OSError, EOFError, zlib.error, struct.error: it depends on the damage
        raise UnreadableDataError("not a gzip file, or a damaged one; copy or download it again") from None
    if len(expanded) > limit:
        raise UnreadableDataError(f"expands to more than {limit // MEGABYTE} MB; split it")
    return expanded


def open_zip(data: bytes) -> ZipFile:
    """Open the ZIP archive in `data`, and check that no file in it is locked or too large.

    Raises:
        UnreadableDataError: `data` is not a ZIP archive, is damaged, is locked by a password, or exceeds a
            size limit.
    """
    # Count before reading the directory: each entry becomes an object. Entries of inner archives count too.
    if data.count(_DIRECTORY_ENTRY) > 10 * MOST_MEMBERS:
        raise UnreadableDataError(f"holds more than {MOST_MEMBERS:,} files; split it")
    try:
        archive = ZipFile(io.BytesIO(data))
    except Exception:  # BadZipFile, struct.error, UnicodeDecodeError, ...: it depends on the damage
        raise UnreadableDataError("not a ZIP archive, or a damaged one; copy or download it again") from None
    members = archive.infolist()
    if min((member.header_offset for member in members), default=0):
        # The data is cut off: the directory found is that of an archive stored inside this one.
        raise UnreadableDataError("not a ZIP archive, or a damaged one; copy or download it again")
    if len(members) > MOST_MEMBERS:
        raise UnreadableDataError(f"holds more than {MOST_MEMBERS:,} files; split it")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableDataError("locked by a password; save it without one")
    if any(member.file_size > LARGEST_MEMBER for member in members):
        raise UnreadableDataError(f"holds a file of more than {LARGEST_MEMBER // MEGABYTE} MB; split it")
    if sum(member.file_size for member in members) > LARGEST_IN_ALL:
        raise UnreadableDataError(f"expands to more than {LARGEST_IN_ALL // MEGABYTE} MB; split it")
    return archive


def read_member(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return the bytes of one file of an archive that `open_zip` opened.

    Raises:
        UnreadableDataError: the file is damaged, or compressed by a method other than deflate.
    """
    # Other methods expand a block of any size at once, whatever size the directory states.
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnreadableDataError("compressed with an unsupported method; pack it with deflate")
    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size)  # at most the stated size, unlike read() without a size
    except Exception:  # BadZipFile, EOFError, zlib.error, ...: it depends on the damage
        raise UnreadableDataError("a damaged ZIP archive; copy or download it again") from None


def zip_entries(data: bytes) -> tuple[frozenset[str], bytes]:
    """Return the names in the ZIP archive `data`, and the content of its entry "mimetype", empty without one.

    Raises:
        UnreadableDataError: as in `open_zip`.
    """
    with open_zip(data) as archive:
        names = frozenset(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size <= _LONGEST_MIMETYPE:
            return names, read_member(archive, archive.getinfo("mimetype")).strip()
    return names, b""


def gzip_members(file: NamedData, _: Fields) -> Iterator[NamedData]:
    """Yield the file in a .gz file."""
    inner = PurePosixPath(file.name).stem if file.name.lower().endswith(".gz") else file.name
    yield file._replace(data=open_gzip(file.data), name=inner)


def zip_members(file: NamedData, _: Fields) -> Iterator[NamedData]:
    """Yield the files in a ZIP archive; see `zip_files`."""
    for name, data in zip_files(file.data):
        yield NamedData(data, name, f"{file.article_id}/{name}", f"{file.source}/{name}")


def zip_files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a clean name and the bytes of each file in the ZIP archive `data`, sorted by name.

    A clean name is a relative path with "/" between its parts, without ".." or control characters; no two
    files get the same. Folders, hidden files and the files that macOS adds are skipped. An archive inside
    the archive is yielded unopened.

    Raises:
        UnreadableDataError: as in `open_zip` and `read_member`.
    """
    with open_zip(data) as archive:
        # If two entries have the same name, the later one counts: an update appends the new version.
        members = {member.filename: member for member in archive.infolist()}
        taken: dict[str, int] = {}
        for cleaned, name in sorted((clean_name(name), name) for name in members if not name.endswith("/")):
            if cleaned and not _is_hidden(cleaned):
                yield unique_name(cleaned, taken), read_member(archive, members[name])


def clean_name(name: str) -> str:
    """Return `name` as a relative path without "..", drives or control characters; it may be empty."""
    parts = _DRIVE.sub("", name.replace("\\", "/")).split("/")
    return "/".join(_UNPRINTABLE.sub("_", part) for part in parts if part.strip() not in ("", ".", ".."))


def unique_name(name: str, taken: dict[str, int]) -> str:
    """Return `name`, with a number before its suffix if it is taken; `taken` counts the uses of each name."""
    path = PurePosixPath(name)
    unique = name
    while unique in taken:
        taken[name] += 1
        unique = path.with_name(f"{path.stem} ({taken[name]}){path.suffix}").as_posix()
    taken[unique] = 1
    return unique


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts)
