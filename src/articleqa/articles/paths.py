"""What is at a path, which may be anything: a source is soon too long, or too odd, for a file's name."""

from __future__ import annotations

from pathlib import Path

DATABASE = "articles.sqlite"
"""The file by which a folder is an index on disk: what is in it is no article."""


def file_at(source: str) -> Path | None:
    """Return the file that `source` names; None where there is none.

    A source goes on behind the file's name where the file holds several articles: "news.zip/a.txt",
    "news.jsonl#3".
    """
    if not source:
        return None
    path = Path(source)
    table = path.name.partition("#")[0]
    places: list[Path] = [path, path.with_name(table) if table else path, *path.parents]
    for found in places:
        if is_file(found):
            return found
    return None


def is_file(path: Path) -> bool:
    """Say whether there is a file at `path`."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Say whether there is anything at `path`."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
