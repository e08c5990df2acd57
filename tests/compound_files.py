"""Mails of Outlook (MSG), and the compound files (OLE) that they are, for tests and fixtures."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

DIRECTORY_ENTRY = struct.Struct("<64sHBB3I16sI2QI2I")


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file (OLE) with these streams, each padded to 8 sectors at least.

    A "/" in a name stands between a storage and what is in it.
    """
    padded = {
        name: data.ljust(-(-max(len(data), 4096) // 512) * 512, b"\0") for name, data in streams.items()
    }
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    storages = {
        "/".join(name.split("/")[:depth]) for name in padded for depth in range(1, name.count("/") + 1)
    }
    paths = ["", *sorted(storages), *padded]
    number_of = {path: number for number, path in enumerate(paths)}
    directory_sectors = -(-len(paths) // 4)
    fat = [fat_sector, *range(2, directory_sectors + 1), end]
    starts: dict[str, int] = {}
    for name, data in padded.items():
        starts[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + len(data) // 512), end]
    assert len(fat) <= 128, "one sector of the table has room for no more"

    def within(path: str) -> list[str]:
        return [each for each in paths[1:] if each.rpartition("/")[0] == path]

    directory = b""
    for path in paths:
        beside = within(path.rpartition("/")[0]) if path else []
        behind = beside[beside.index(path) + 1 :] if path else []
        inside = within(path) if path not in padded else []
        encoded = (path.rpartition("/")[2] if path else "Root Entry").encode("utf-16-le")
        directory += DIRECTORY_ENTRY.pack(
            encoded,
            len(encoded) + 2,
            2 if path in padded else 1 if path else 5,
            1,
            free,
            number_of[behind[0]] if behind else free,
            number_of[inside[0]] if inside else free,
            bytes(16),
            *(0, 0, 0),
            starts.get(path, end),
            len(padded.get(path, b"")),
            0,
        )
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(512, b"\xff")
    return header + table + directory.ljust(directory_sectors * 512, b"\0") + b"".join(padded.values())


def outlook_mail(attached: Mapping[str, str] | None = None, /, **texts: str) -> bytes:
    """Return an MSG file with these properties, by their hexadecimal number.

    `attached` has the properties of a mail that is attached to it.
    """
    streams = dict(_properties(texts, 32))
    if attached is not None:
        folder = "__attach_version1.0_#00000000"
        streams[f"{folder}/__properties_version1.0"] = bytes(8)
        inner = f"{folder}/__substg1.0_3701000D"
        streams |= {f"{inner}/{name}": data for name, data in _properties(attached, 24)}
    return compound_file(streams)


def _properties(texts: Mapping[str, str], header: int) -> Iterator[tuple[str, bytes]]:
    """Yield the streams of a mail with these properties, and `header` bytes above them."""
    properties = bytes(header)
    for number, text in texts.items():
        size = len(text.encode("utf-16-le")) + 2
        properties += struct.pack("<HHIII", 0x1F, int(number[1:], 16), 6, size, 0)
        yield f"__substg1.0_{number[1:]}001F", text.ljust(2048).encode("utf-16-le")
    yield "__properties_version1.0", properties
