"""The tables of an index on disk, and what they must have been made by to be read.

`articles` is the truth; all else can be made again from it (`articleqa index check --repair`).
"""

from __future__ import annotations

import hashlib
from functools import cache

from articleqa.data import data_path

FORMAT = 5
"""The version of the tables and of what stands in them.

Format 1 had no `layout`, 2 no `search_files`, 3 no `vectors`, 4 no lead-ins of items.
"""

OLDEST = 1
"""The oldest format whose articles can be read, to make an index of this one from them."""

ENCODING = 3
"""Count this up by hand when the code of `encoder/` gives the same passage other vectors."""

ANALYSIS = 3
"""To be counted up by hand whenever the code of `text/` or `passages.py` gives other terms or spans."""

TABLES = """
-- What the index is: its format, the analysis it was made by, the folder of its search side, and the
-- encoder of its vectors where it has any.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Numbers rise in the order in which articles were added, and are never given twice.
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

-- `spans` and `terms` are as `storage.sqlite.passage_rows` writes them; equal passages have one `digest`.
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

-- The vectors of passages' sentences as `storage.sqlite.vector_rows` writes them; not every passage has them.
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY,
    vectors BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;

-- In how many passages each term stands.
CREATE TABLE terms (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- How many passages there are and how many terms they have; how often that was changed; the next numbers.
CREATE TABLE totals (
    passages INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    next_article INTEGER NOT NULL,
    next_passage INTEGER NOT NULL
) STRICT;
INSERT INTO totals VALUES (0, 0, 0, 1, 1);

-- Articles, from the first number to the last, that the search side may hold and `articles` does not.
CREATE TABLE unfinished (first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;

-- The files of the search side as the last writer left them; none while one is at work, or was killed.
CREATE TABLE search_files (name TEXT PRIMARY KEY, size INTEGER NOT NULL, checksum INTEGER NOT NULL)
STRICT, WITHOUT ROWID;
"""

_DECIDING = (
    "abbreviations.txt",
    "boilerplate.txt",
    "languages.txt",
    "punkt.json",
    "stop_words.txt",
    "word_forms.txt",
)
"""The shipped files that decide which passages, sentences and terms a text gives."""


@cache
def analysis_identity() -> str:
    """Return what names the analyser, its word lists and the sentence parameters of this version."""
    digest = hashlib.blake2b(digest_size=8)
    for name in _DECIDING:
        digest.update(name.encode() + b"\0" + data_path(name).read_bytes() + b"\0")
    return f"en-{ANALYSIS}-{digest.hexdigest()}"


@cache
def encoder_identity() -> str:
    """Return what names the shipped encoder: vectors of different encoders cannot be compared."""
    digest = hashlib.blake2b(data_path("encoder.onnx").read_bytes(), digest_size=8)
    return f"{ENCODING}-{digest.hexdigest()}"
