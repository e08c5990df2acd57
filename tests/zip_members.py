"""Files that are ZIP archives (DOCX, ODT, XLSX, PPTX) with another content for one of their members."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    """Return the archive in `data` with `content` as its member `name`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
        for member, part in {**members, name: content}.items():
            copy.writestr(member, part)
    return packed.getvalue()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the archive in `data` with what `change` makes of its member `name`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read(name)
    return replaced(data, name, change(part))
