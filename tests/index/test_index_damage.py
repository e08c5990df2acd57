"""A damaged index gives one line that names it, never a wrong quote, and is repaired from its texts."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from articleqa import (
    Article,
    ArticleIndex,
    ArticleQAError,
    IndexDamagedError,
    IndexFolderError,
    IndexVersionError,
    IndexWriteError,
    NotAnIndexError,
)
from articleqa.index.backend import Repair
from articleqa.index.check import problems_of, repair
from articleqa.loaders.paths import DATABASE
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage.checksums import checksum_of, fields_of
from commands import python

ARTICLES = [
    Article(
        id=f"a{n}", title=f"Harbour {n}", text=f"The harbour of Zorp{n} froze in {1700 + n}.\n\nIt rained."
    )
    for n in range(40)
]
QUESTION = "When did the harbour of Zorp7 freeze?"
QUOTE = "The harbour of Zorp7 froze in 1707."


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    with ArticleIndex.create(folder) as index:  # closed: a mapped file that is truncated ends the process
        index.add(ARTICLES)
    return folder


def alter(kb: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(kb / DATABASE)
    with connection:
        connection.execute(statement, values)
    connection.close()


def truncate(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def settle(kb: Path) -> None:
    """Bring all that was committed into the database's own file."""
    connection = sqlite3.connect(kb / DATABASE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def overwrite(kb: Path) -> None:
    settle(kb)
    path = kb / DATABASE
    data = bytearray(path.read_bytes())
    at = data.index(b"The harbour of Zorp7 froze")
    data[at : at + 3] = b"Tho"
    path.write_bytes(data)


def foreign(kb: Path) -> None:
    (kb / DATABASE).write_bytes(b"This is a note of mine, and no database at all. " * 100)


def foreign_database(kb: Path) -> None:
    (kb / DATABASE).unlink()
    connection = sqlite3.connect(kb / DATABASE)
    connection.execute("CREATE TABLE mine (note TEXT)")
    connection.close()


def halve(kb: Path) -> None:
    settle(kb)
    truncate(kb / DATABASE, 0.5)


def search_gone(kb: Path) -> None:
    shutil.rmtree(kb / "search-1")


def search_cut(kb: Path) -> None:
    for path in (kb / "search-1").glob("*.*"):
        if path.suffix not in (".json", ".lock"):
            truncate(path, 0.3)


def search_empty(kb: Path) -> None:
    writer = SearchWriter(kb / "search-1")
    writer.remove(0, 2**40)
    writer.commit()
    writer.close()


def passage_changed(kb: Path) -> None:
    alter(kb, "UPDATE passages SET terms = replace(terms, 'zorp7', 'zorp9') WHERE terms LIKE '%zorp7%'")


def passage_gone(kb: Path) -> None:
    alter(kb, "DELETE FROM passages WHERE number = 3")


def counts_changed(kb: Path) -> None:
    alter(kb, "UPDATE terms SET passages = passages + 1 WHERE term = 'zorp7'")


DAMAGE: list[Callable[[Path], None]] = [
    overwrite,
    foreign,
    foreign_database,
    halve,
    search_gone,
    search_cut,
    search_empty,
    passage_changed,
    passage_gone,
    counts_changed,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told_in_one_line_and_never_gives_a_wrong_quote(
    kb: Path, damage: Callable[[Path], None]
) -> None:
    damage(kb)
    told = ""
    try:
        answer = ArticleIndex.open(kb).ask(QUESTION)
    except ArticleQAError as error:
        told = str(error)
    if told:
        assert str(kb) in told
        assert "\n" not in told
    else:
        texts = {article.id: article.text for article in ARTICLES}
        for sentence in answer.sentences:
            citation = sentence.citation
            assert texts[citation.article_id][citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("damage", [each for each in DAMAGE if each is not foreign_database])
def test_a_check_finds_the_damage(kb: Path, damage: Callable[[Path], None]) -> None:
    assert problems_of(kb) == []
    damage(kb)
    problems = problems_of(kb)
    assert problems
    assert all("\n" not in problem for problem in problems)


@pytest.mark.parametrize(
    "damage", [search_gone, search_cut, search_empty, passage_changed, passage_gone, counts_changed]
)
def test_what_can_be_made_anew_from_the_texts_is(kb: Path, damage: Callable[[Path], None]) -> None:
    damage(kb)
    done = repair(kb)
    assert (done.articles, done.lost) == (len(ARTICLES), ())
    assert problems_of(kb) == []
    index = ArticleIndex.open(kb)
    assert list(index.articles.values()) == ARTICLES
    assert index.ask(QUESTION).citations[0].quote == QUOTE
    index.add([Article(id="new", text="New.")])
    assert problems_of(kb) == []
    assert len(list(kb.glob("search-*"))) == 1


def test_an_article_that_is_not_as_it_was_is_lost_and_named(kb: Path) -> None:
    overwrite(kb)
    assert problems_of(kb)[0] == "the article 'a7' does not match its checksum"
    with pytest.raises(IndexDamagedError, match="the article 'a7' does not match its checksum"):
        ArticleIndex.open(kb).articles["a7"]
    done = repair(kb)
    assert (done.articles, done.lost) == (len(ARTICLES) - 1, ("a7",))
    assert problems_of(kb) == []


def test_of_half_a_database_what_can_be_read_is_saved(kb: Path) -> None:
    halve(kb)
    done = repair(kb)
    assert done.articles <= len(ARTICLES)
    assert problems_of(kb) == []
    saved = ArticleIndex.open(kb).articles
    assert all(article in ARTICLES for article in saved.values())


def test_another_analysis_or_format_is_refused_by_name(kb: Path) -> None:
    alter(kb, "UPDATE about SET value = 'en-0-other' WHERE name = 'analysis'")
    with pytest.raises(IndexVersionError, match="made by the analysis en-0-other"):
        ArticleIndex.open(kb)
    assert "en-0-other" in problems_of(kb)[0]
    repair(kb)
    assert ArticleIndex.open(kb).ask(QUESTION).answered
    alter(kb, "UPDATE about SET value = '9' WHERE name = 'format'")
    for refused in (ArticleIndex.open, repair):
        with pytest.raises(IndexVersionError, match="format 9, but this version reads only 6; it needs"):
            refused(kb)


def test_an_older_format_is_refused_and_updated_by_a_repair(kb: Path) -> None:
    before = dict(ArticleIndex.open(kb).articles)
    with closing(sqlite3.connect(kb / DATABASE, isolation_level=None)) as database:
        database.execute("ALTER TABLE articles DROP COLUMN layout")
        for article in before.values():
            checksum = checksum_of(fields_of(article)[:-1])
            database.execute("UPDATE articles SET checksum = ? WHERE id = ?", (checksum, article.id))
        database.execute("UPDATE about SET value = '1' WHERE name = 'format'")
    with pytest.raises(IndexVersionError, match=r"older format 1; .* --repair` converts it to format 6"):
        ArticleIndex.open(kb)
    assert repair(kb) == Repair(articles=len(before), lost=())
    assert problems_of(kb) == []
    assert dict(ArticleIndex.open(kb).articles) == before


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_older_format_with_a_layout_is_brought_up_to_date(kb: Path, version: str) -> None:
    before = dict(ArticleIndex.open(kb).articles)
    alter(kb, f"UPDATE about SET value = '{version}' WHERE name = 'format'")
    assert repair(kb) == Repair(articles=len(before), lost=())
    assert dict(ArticleIndex.open(kb).articles) == before


def test_where_nothing_can_be_saved_a_repair_says_so(kb: Path) -> None:
    foreign(kb)
    with pytest.raises(IndexDamagedError, match="nothing in it can be read; remove it and rebuild it"):
        repair(kb)


def test_a_repair_of_what_is_no_index_changes_nothing(tmp_path: Path, kb: Path) -> None:
    with pytest.raises(NotAnIndexError):
        repair(tmp_path / "nothing")
    foreign_database(kb)
    before = (kb / DATABASE).read_bytes()
    with pytest.raises(NotAnIndexError, match="not an articleqa index"):
        repair(kb)
    assert (kb / DATABASE).read_bytes() == before


FILLING = """
import resource, signal, sys
from articleqa import Article, ArticleIndex, ArticleQAError
vectors = sys.argv[3] == "True"
index = ArticleIndex.open(sys.argv[1], vectors=vectors)
sentences = 2 if vectors else 300
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    index.add(Article(id=f"b{n}", text=f"Zorp{n} rained on Quax{n * 7}. " * sentences) for n in range(200))
except ArticleQAError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on files here")
@pytest.mark.parametrize(
    ("bytes_left", "vectors"), [(20_000, False), (200_000, False), (1_000_000, False), (200_000, True)]
)
def test_no_space_left_loses_nothing_that_was_committed(kb: Path, bytes_left: int, vectors: bool) -> None:
    done = python("-c", FILLING, kb, str(bytes_left), str(vectors))
    assert done.stderr == b""
    assert done.stdout.startswith(b"IndexWriteError ")
    assert len(done.stdout.splitlines()) == 1
    assert problems_of(kb) == []
    assert list(ArticleIndex.open(kb).articles.values()) == ARTICLES
    index = ArticleIndex.open(kb)
    index.add([Article(id="new", text="New.")])
    assert problems_of(kb) == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexFolderError, match="file"):
        ArticleIndex.create(tmp_path / "file" / "kb")
    with pytest.raises(IndexWriteError):
        SearchWriter(tmp_path / "file")
