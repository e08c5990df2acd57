"""The tables of an index on disk, and the versions of the format, analysis and encoder that made it.

`articles` is the source of truth; everything else can be rebuilt from it (`articleqa index check --repair`).
"""

from __future__ import annotations

import hashlib
from functools import cache

from articleqa.data import data_path
from articleqa.language import LANGUAGE
from articleqa.language.other_languages import FACTS
from articleqa.language.protocol import ANALYSIS_FILES

FORMAT = 6
"""The version of the tables and of their contents.

Format 1 had no `layout`, 2 no `search_files`, 3 no `vectors`, 4 no lead-ins of list items, 5 no facets of
folders and media types.
"""

OLDEST = 1
"""The oldest format whose articles can be read, so that a repair can convert the index to this format."""

ENCODING = 3
"""Increase this by hand when the code in `encoder/` gives the same passage other vectors."""

ANALYSIS = 3
"""Increase this by hand when the code in `language/`, `text/` or `passages.py` gives other terms or spans."""

TABLES = """
-- The description of the index: its format, the analysis that made it, the name of its search folder, and
-- the encoder of its vectors if it has any.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Numbers increase in the order in which articles were added, and are never reused.
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    media_type TEXT NOT NULL,
    metadata TEXT NOT NULL,
    text TEXT NOT NULL,
    layout TEXT NOT NULL,
    checksum BLOB NOT NULL,
    file TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_file ON articles (file);

-- `storage.sqlite.passage_rows` defines `spans` and `terms`; equal passages share one `digest`.
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    spans BLOB NOT NULL,
    terms TEXT NOT NULL,
    digest BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_digest ON passages (digest);

-- The vectors of passages' sentences; `storage.sqlite.vector_rows` defines them. Not every passage has any.
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY,
    vectors BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;

-- The number of passages that contain each term.
CREATE TABLE terms (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The number of passages and of all their terms; the number of changes so far; the next free numbers.
CREATE TABLE totals (
    passages INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    next_article INTEGER NOT NULL,
    next_passage INTEGER NOT NULL
) STRICT;
INSERT INTO totals VALUES (0, 0, 0, 1, 1);

-- Ranges of article numbers that the search index may hold although `articles` does not.
CREATE TABLE unfinished (first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;

-- The tantivy files as the last writer left them; none while a writer is at work, or after one was killed.
CREATE TABLE search_files (name TEXT PRIMARY KEY, size INTEGER NOT NULL, checksum INTEGER NOT NULL)
STRICT, WITHOUT ROWID;
"""

_DECIDING = sorted([FACTS, *(LANGUAGE.folder / name for name in ANALYSIS_FILES)], key=lambda path: path.name)
"""The shipped files that determine the passages, sentences and terms of a text."""


@cache
def analysis_identity() -> str:
    """Return an identifier of this version's text analysis: its code, word lists and sentence parameters."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _DECIDING:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{LANGUAGE.code}-{ANALYSIS}-{digest.hexdigest()}"


@cache
def encoder_identity() -> str:
    """Return an identifier of the shipped encoder; vectors of different encoders cannot be compared."""
    digest = hashlib.blake2b(data_path("encoder.onnx").read_bytes(), digest_size=8)
    return f"{ENCODING}-{digest.hexdigest()}"
