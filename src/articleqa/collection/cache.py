"""Indexes of articles that are asked as they come, kept so that the same articles are analysed once.

Each is an index on disk in the user's cache folder, named by what its articles say: other articles, or
another analysis, are another index. The least recently asked are removed where they take too much room.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import time

from articleqa.collection.disk import DiskCorpus, create_folder
from articleqa.exceptions import ArticleQAError
from articleqa.models import Article
from articleqa.storage.article_rows import checksum_of, fields_of
from articleqa.storage.files import size_of, writing_to
from articleqa.storage.schema import FORMAT, analysis_identity

PAYS_FROM = 1_000_000
"""Characters of text from which on articles are kept; fewer are analysed in about a second."""

MOST_BYTES = 2_000_000_000
"""What all kept indexes together may take."""

ABANDONED_S = 24 * 3600
"""After how long an index in the making is taken for one whose process was killed."""


def cache_folder() -> Path:
    """Return where indexes are kept: in the user's cache folder, or where XDG_CACHE_HOME says."""
    from platformdirs import user_cache_path

    return user_cache_path("articleqa", appauthor=False) / "indexes"


def pays(articles: Sequence[Article]) -> bool:
    """Say whether the index of `articles` is worth keeping."""
    return sum(len(article.text) for article in articles) >= PAYS_FROM


def kept_index(articles: Sequence[Article]) -> DiskCorpus:
    """Return an index of `articles` in the cache, made where it is not there yet.

    Raises:
        IndexWriteError: the cache cannot be written to.
        DuplicateArticleError: two articles share an id.
    """
    folder = cache_folder() / _name_of(articles)
    with suppress(ArticleQAError):
        corpus = DiskCorpus(folder)
        os.utime(folder)
        return corpus
    with writing_to(folder):
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        create_folder(made / "index")
        new = DiskCorpus(made / "index")
        new.add(articles, replacing=False)
        new.close()
        with suppress(OSError):  # another process may have been as quick
            (made / "index").replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    _make_room(folder)
    return DiskCorpus(folder)


def _name_of(articles: Sequence[Article]) -> str:
    digest = hashlib.blake2b(f"{FORMAT} {analysis_identity()}".encode(), digest_size=16)
    for article in articles:
        digest.update(checksum_of(fields_of(article)))
    return digest.hexdigest()


def _make_room(asked: Path) -> None:
    """Remove the least recently asked indexes, but for `asked`, until all take little enough room."""
    with suppress(OSError):
        for left in asked.parent.glob(".*"):
            if time() - left.stat().st_mtime > ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)
        kept = sorted(asked.parent.glob("[!.]*"), key=lambda path: path.stat().st_mtime, reverse=True)
        room = MOST_BYTES
        for folder in [asked, *(path for path in kept if path != asked)]:
            room -= size_of(folder)
            if room < 0 and folder != asked:
                shutil.rmtree(folder, ignore_errors=True)
