"""The files that articles came from."""

from __future__ import annotations

from pathlib import Path

from articleqa.models import Article


def file_of(article: Article) -> str:
    """Return the absolute path of the file that an article came from; empty where it came from none."""
    path = Path(article.source).absolute() if article.source else None
    return str(path) if path is not None and is_file(path) else ""


def is_file(path: Path) -> bool:
    """Say whether there is a file at `path`, which may be anything: a source is soon too long for one."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
