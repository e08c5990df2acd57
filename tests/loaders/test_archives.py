from __future__ import annotations

import gzip
import io
import random
import struct
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders import archives
from articleqa.loaders.archives import open_gzip, zip_files
from articleqa.loaders.protocol import UnreadableDataError

OFFICE = Path(__file__).parents[1] / "fixtures" / "office"


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


@given(st.binary(max_size=200))
def test_a_gzip_file_gives_back_what_went_in(data: bytes) -> None:
    assert open_gzip(gzip.compress(data)) == data
    assert open_gzip(gzip.compress(data) + gzip.compress(b"more")) == data + b"more"


def test_a_gzip_bomb_is_refused_at_the_limit() -> None:
    bomb = gzip.compress(bytes(3_000_000))
    assert len(open_gzip(bomb, 3_000_000)) == 3_000_000
    with pytest.raises(UnreadableDataError, match="expands to more than 2 MB"):
        open_gzip(bomb, 2_000_000)


@pytest.mark.parametrize("data", [b"", b"text", b"\x1f\x8b", gzip.compress(b"text" * 99, mtime=0)[:-5]])
def test_what_is_no_whole_gzip_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match="gzip"):
        open_gzip(data)


def test_files_come_by_name_without_folders_and_hidden_ones() -> None:
    data = zipped(
        ("b.txt", b"2"),
        ("a/", b""),
        ("a/c.txt", b"1"),
        (".hidden", b""),
        ("a/.git/x", b""),
        ("__MACOSX/b.txt", b""),
    )
    assert list(zip_files(data)) == [("a/c.txt", b"1"), ("b.txt", b"2")]


def test_names_are_made_harmless_and_stay_apart() -> None:
    names = (
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\etc\\passwd",
        "a\nb\u2028.txt",
        "./x//y.txt",
        "x/y.txt",
        "..",
    )
    found = [name for name, _ in zip_files(zipped(*((name, b"") for name in names)))]
    assert found == [
        "a_b_.txt",
        "etc/passwd",
        "etc/passwd (2)",
        "etc/passwd (3)",
        "x/y.txt",
        "x/y (2).txt",
    ]


def test_of_two_files_of_one_name_the_later_counts() -> None:
    assert list(zip_files(zipped(("a", b"old"), ("a", b"new")))) == [("a", b"new")]


def test_an_archive_in_an_archive_is_left_closed() -> None:
    inner = zipped(("a.txt", b"text"))
    assert list(zip_files(zipped(("in.zip", inner)))) == [("in.zip", inner)]


def test_an_encrypted_archive_is_locked() -> None:
    data = bytearray(zipped(("a.txt", b"text")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(UnreadableDataError, match="locked by a password"):
        list(zip_files(bytes(data)))


@pytest.mark.parametrize(
    ("name", "limit", "message"),
    [
        ("MOST_MEMBERS", 1, "holds more than 1 files"),
        ("LARGEST_MEMBER", 1_999_999, "holds a file of more than 1 MB"),
        ("LARGEST_IN_ALL", 3_000_000, "expands to more than 3 MB"),
    ],
)
def test_archives_beyond_a_limit_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int, message: str
) -> None:
    data = zipped(("a", bytes(2_000_000)), ("b", bytes(2_000_000)))
    assert len(list(zip_files(data))) == 2
    monkeypatch.setattr(archives, name, limit)
    with pytest.raises(UnreadableDataError, match=message):
        list(zip_files(data))


def test_a_directory_of_too_many_entries_is_not_even_read() -> None:
    entries = b"PK\x01\x02" * 100_001
    with pytest.raises(UnreadableDataError, match="holds more than 10,000 files"):
        list(zip_files(entries))


def test_a_size_that_is_stated_too_small_expands_to_no_more() -> None:
    data = bytearray(zipped(("bomb", bytes(50_000_000))))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + place, 10)
    with pytest.raises(UnreadableDataError, match="damaged"):
        list(zip_files(bytes(data)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_expand_without_bounds_are_refused(method: int) -> None:
    with pytest.raises(UnreadableDataError, match="method"):
        list(zip_files(zipped(("a", b"text"), method=method)))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_damage_is_never_anything_but_unreadable(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(zipped(("mimetype", b"application/epub+zip"), ("a.txt", b"text " * 50), ("é.txt", b"x")))
    for _ in range(chance.randrange(1, 9)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    damaged = bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
    with suppress(UnreadableDataError):
        list(zip_files(damaged))


@given(st.binary(max_size=100))
def test_random_bytes_are_unreadable(data: bytes) -> None:
    for start in (b"PK\x03\x04", b""):
        with pytest.raises(UnreadableDataError):
            list(zip_files(start + data))
