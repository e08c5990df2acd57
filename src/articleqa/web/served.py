"""What a server serves, to whom, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from articleqa import ArticleIndex
from articleqa.listening import LOOPBACK

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Served:
    """An index and how it is served.

    `name` is shown on the pages. A visitor needs `token`, if there is one, and requests must name one of
    `hosts`. `upload_to` is the folder that keeps uploaded files; None if nobody may upload.
    """

    index: ArticleIndex
    name: str
    token: str | None = None
    hosts: tuple[str, ...] = LOOPBACK
    workers: int = 2
    timeout_s: float = 30.0
    upload_to: Path | None = None
    most_upload: int = 50 * MEGABYTE
