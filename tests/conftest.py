"""How all tests run: with a cache of their own; hypothesis without deadlines, which a busy machine breaks.

What a test asks in its own process is ranked by words, which is fast, unless the test is marked `reader`;
commands in other processes rank as they do for a user. What it loads is extracted in its own process, without
limits of time and memory, unless it is marked `workers`: a worker process takes a second to start.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

from articleqa._worker_pool import WorkerPool

# Before numpy is imported, here and in commands: its threads spin while they wait for small arrays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# nltk imports both, and with them pandas: 8 s where all that tests need is installed.
SLOW = ("scipy", "sklearn")
for each in SLOW:
    sys.modules[each] = None  # type: ignore[assignment] # imports of it fail
import_module("nltk")
for each in SLOW:
    del sys.modules[each]

settings.register_profile("articleqa", deadline=None)
settings.load_profile("articleqa")

CACHE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.fixture(autouse=True)
def _words_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    # Patched apart from the test's own `monkeypatch`, which must be undone before its folders are removed.
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("reader") is None:
            for room in ("ranking.ranker", "encoder.model"):
                patch.setattr(f"articleqa.{room}.encoder_model", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _no_workers(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("workers") is None:
            patch.setattr(WorkerPool, "_pickled", lambda _: b"")  # as where no process can be started
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Keep the indexes that tests cache out of the user's cache folder, also those of other processes."""
    config.stash[CACHE] = folder = tempfile.TemporaryDirectory(prefix="articleqa-cache-")
    os.environ["XDG_CACHE_HOME"] = folder.name
    # A cache with an entry: the notice about the first one would come to whichever test happens to make it.
    (Path(folder.name) / "articleqa" / "indexes" / "-".join("0" * n for n in (16, 32, 8))).mkdir(parents=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that cache."""
    config.stash[CACHE].cleanup()
