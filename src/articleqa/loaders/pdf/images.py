"""Pages of a PDF as PNG images."""

from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from articleqa.loaders.pdf.drawing import draw

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_PIXELS = 16_000_000
"""An image with more pixels is drawn at a smaller scale: A4 at 300 dots an inch has 8.7 million."""

_LONGEST_SIDE = 16_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY, _RGB = 0, 2
"""Colour types of PNG."""

_UP = 2
"""The PNG filter by which each row has its difference from the row above: zeros where a page is blank."""


def png_of(page: PdfPage, scale: float) -> bytes:
    """Return a page as a PNG image of `scale` pixels a point, or of fewer if there would be too many."""
    width, height = page.get_size()
    most = min(math.sqrt(MOST_PIXELS / max(1.0, width * height)), _LONGEST_SIDE / max(1.0, width, height))
    bitmap = draw(page, min(scale, most))
    try:
        return encode_png(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return rows of red, green and blue pixels as a PNG image, in shades of gray if all pixels are gray."""
    height, width, _ = pixels.shape
    is_gray = np.array_equal(pixels[:, :, 0], pixels[:, :, 1]) and np.array_equal(
        pixels[:, :, 0], pixels[:, :, 2]
    )
    rows = np.ascontiguousarray(pixels[:, :, 0] if is_gray else pixels).reshape(height, -1)
    filtered = np.full((height, 1 + rows.shape[1]), _UP, dtype=np.uint8)
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])  # modulo 256
    header = struct.pack(">IIBBBBB", width, height, 8, _GRAY if is_gray else _RGB, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 6)), (b"IEND", b"")
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
