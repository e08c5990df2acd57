"""Adding files that visitors upload to the index that is served."""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from articleqa import ArticleIndex, ArticleQAError, load_articles
from articleqa.printing import one_line

FOLDER = "uploads"
"""The folder of uploaded files below that of the index, and before their ids."""

MOST_FILES = 50
"""Files of one upload."""

MOST_KEPT = 2_000_000_000
"""Bytes of all uploaded files together: a visitor must not fill the disk."""

LONGEST_NAME = 100
"""Bytes of a file's name; most file systems allow 255."""

_NOT_IN_NAMES = re.compile(r"[^\w .,()+&@=~-]+")


class Added(NamedTuple):
    """The result for one file: its name, and how many articles were added, or why it was skipped."""

    name: str
    articles: int = 0
    problems: Sequence[str] = ()


def safe_name(given: str) -> str:
    """Return a file name without folders, control characters and anything that a system may interpret."""
    name = re.split(r"[/\\]", given)[-1]
    name = _NOT_IN_NAMES.sub("_", one_line(name)).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (name, "")
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    while len((stem + suffix).encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return (stem.strip(" .") or "file") + suffix


def keep(file: IO[bytes], name: str, folder: Path) -> Path:
    """Copy an uploaded file into `folder` and return where it is.

    A file with the same name and content is used as it is; beside one with other content, the new file gets a
    number.

    Raises:
        OSError: the file cannot be written.
    """
    folder.mkdir(exist_ok=True)
    digest = _digest(file)
    path = Path(name)
    for number in range(1, 1_000):
        kept = folder / (name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            with kept.open("xb") as copy:
                shutil.copyfileobj(file, copy)
        except FileExistsError:
            with kept.open("rb") as other:
                if _digest(other) == digest:
                    return kept
            continue
        return kept
    raise FileExistsError(f"{name}: too many files of this name")


def size_of(folder: Path) -> int:
    """Return the bytes of all files that were uploaded into `folder`."""
    return sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0


def add_file(index: ArticleIndex, path: Path) -> Added:
    """Add the articles of an uploaded file to the index, and remove the file if it has none.

    A worker process calls this: the loaders read a file in processes of their own, within limits of time and
    memory, so that a malicious one is skipped.
    """
    held = set(index.ids_from_file(path))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            articles = load_articles(path, prefix=FOLDER)
            index.add(article for article in articles if article.text.strip())
        except ArticleQAError as error:
            problems = [str(error)]
        else:
            problems = [str(each.message) for each in caught]
    added = [id_ for id_ in index.ids_from_file(path) if id_ not in held]
    if not (added or held):
        path.unlink(missing_ok=True)
        problems = problems or ["no text in it"]
    return Added(path.name, len(added), [_without_folder(one_line(each), path) for each in problems])


def _without_folder(message: str, path: Path) -> str:
    """Return a message about a file without the path of its folder."""
    parent = path.parent
    for folder in (str(parent.resolve()), str(parent.absolute()), os.path.relpath(parent), str(parent)):
        message = message.replace(os.path.join(folder, ""), "").replace(folder, "")  # noqa: PTH118
    return message.removeprefix("skipped ").removeprefix(f"{path.name}: ")


def _digest(file: IO[bytes]) -> bytes:
    file.seek(0)
    digest = sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    file.seek(0)
    return digest.digest()
