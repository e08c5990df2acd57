"""How all tests run: with a cache of their own; hypothesis without deadlines, which a busy machine breaks."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("articleqa", deadline=None)
settings.load_profile("articleqa")

CACHE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the indexes that tests cache out of the user's cache folder, also those of other processes."""
    config.stash[CACHE] = folder = tempfile.TemporaryDirectory(prefix="articleqa-cache-")
    os.environ["XDG_CACHE_HOME"] = folder.name
    # A cache with an entry: the notice about the first one would come to whichever test happens to make it.
    (Path(folder.name) / "articleqa" / "indexes" / "-".join("0" * n for n in (16, 32, 8))).mkdir(parents=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that cache."""
    config.stash[CACHE].cleanup()
