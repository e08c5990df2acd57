"""Choose the articles that are held out of the reader's training, by their names alone."""

from __future__ import annotations

import hashlib

HELD_OUT = 20
"""One in this many articles is held out, with its questions."""


def is_held_out(article: str) -> bool:
    """Return whether an article's questions are kept out of training."""
    return int(hashlib.md5(article.encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT == 0
