"""The tables of an index on disk, and the version of their format.

`articles` is the source of truth; everything else can be rebuilt from it (`articleqa index check --repair`).
"""

from __future__ import annotations

FORMAT = 6
"""The version of the tables and of their contents.

Format 1 had no `layout`, 2 no `search_files`, 3 no `vectors`, 4 no lead-ins of list items, 5 no facets of
folders and media types.
"""

OLDEST = 1
"""The oldest format whose articles can be read, so that a repair can convert the index to this format."""

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
