"""Mails of Outlook (MSG), and the compound files (OLE) that they are, for tests and fixtures."""

from __future__ import annotations

import struct

DIRECTORY_ENTRY = struct.Struct("<64sHBB3I16sI2QI2I")


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Return a compound file (OLE) with these streams in its root, each padded to 8 sectors at least."""
    padded = {
        name: data.ljust(-(-max(len(data), 4096) // 512) * 512, b"\0") for name, data in streams.items()
    }
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    entries = len(padded) + 1
    directory_sectors = -(-entries // 4)
    fat = [fat_sector, *range(2, directory_sectors + 1), end]
    starts: list[int] = []
    for data in padded.values():
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + len(data) // 512), end]

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        encoded = name.encode("utf-16-le")
        return DIRECTORY_ENTRY.pack(
            encoded, len(encoded) + 2, kind, 1, free, right, child, bytes(16), 0, 0, 0, start, size, 0
        )

    directory = entry("Root Entry", 5, free, 1, end, 0)
    for number, ((name, data), start) in enumerate(zip(padded.items(), starts, strict=True), start=1):
        directory += entry(name, 2, number + 1 if number < entries - 1 else free, free, start, len(data))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(512, b"\xff")
    return header + table + directory.ljust(directory_sectors * 512, b"\0") + b"".join(padded.values())


def outlook_mail(**texts: str) -> bytes:
    """Return an MSG file with these properties, by their hexadecimal number."""
    properties = bytes(32)
    streams: dict[str, bytes] = {}
    for number, text in texts.items():
        data = text.encode("utf-16-le")
        properties += struct.pack("<HHIII", 0x1F, int(number[1:], 16), 6, len(data) + 2, 0)
        streams[f"__substg1.0_{number[1:]}001F"] = text.ljust(2048).encode("utf-16-le")
    return compound_file({"__properties_version1.0": properties, **streams})
