"""The VERSION of a cache entry, since other code or other libraries may read a file differently."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import regex

from articleqa.loaders.office import libreoffice
from articleqa.storage.identity import analysis_identity
from articleqa.storage.sqlite.schema import FORMAT

LIBRARIES = frozenset(
    {
        *("charset_normalizer", "htmldate", "justext", "lxml", "lxml_html_clean", "markdown_it_py"),
        *(
            "nltk",
            "onnxruntime",
            "pydantic",
            "pypdfium2",
            "pytesseract",
            "python_docx",
            "regex",
            "trafilatura",
        ),
        *(
            "feedparser",
            "olefile",
            "openpyxl",
            "python_oxmsg",
            "python_pptx",
            "striprtf",
            "warcio",
            "webvtt_py",
        ),
    }
)
"""The distributions whose versions decide which text, passages and vectors a file gives."""

_DISTRIBUTION = regex.compile(r"(.+?)-\d[^-]*(?:-.*)?\.(?:dist|egg)-info")


@cache
def version_name() -> str:
    """Return 16 hexadecimal digits that identify this package's code and the versions of `LIBRARIES`.

    They change too when LibreOffice is installed, updated or removed. Code files are identified by size and
    modification time, because the package's version number stays the same during development.
    """
    parts = [FORMAT, analysis_identity(), sys.version, sorted(_code()), sorted(_installed())]
    parts.append(libreoffice.identity())
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()


def _code() -> Iterator[tuple[str, int, int]]:
    for parent, _, names in os.walk(Path(__file__).parent.parent.parent):
        for name in names:
            if name.endswith(".py"):
                found = Path(parent, name).stat()
                yield name, found.st_size, found.st_mtime_ns


def _installed() -> Iterator[str]:
    """Yield the metadata folder's name, with the version, of each installed one of `LIBRARIES`.

    `importlib.metadata` would take a tenth of a second.
    """
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                found = _DISTRIBUTION.fullmatch(entry.name)
                if found and regex.sub(r"[-.]", "_", found[1]).lower() in LIBRARIES:
                    yield entry.name
