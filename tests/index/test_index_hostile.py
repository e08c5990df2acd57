"""An index from a stranger: nothing outside its folder is read, written or removed, whatever it says."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, ArticleQAError, IndexDamagedError
from articleqa.cli import cli
from articleqa.index.check import problems_of, repair
from articleqa.index.disk_backend import DiskBackend
from articleqa.loaders.paths import DATABASE
from articleqa.storage.checksums import FIELDS, checksum_of
from articleqa.storage.integrity import MANAGED, META

ARTICLES = [
    Article(
        id=f"a{n}",
        title=f"Harbour {n}",
        text=f"The harbour of Zorp{n} froze in {1700 + n}.\n\nIt rained in Quand.",
        metadata={"author": f"Author {n}"},
    )
    for n in range(4)
]
QUESTION = "When did the harbour of Zorp2 freeze?"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "kb"
    with ArticleIndex.create(folder) as index:
        index.add(ARTICLES)
    return folder


@pytest.fixture
def kb(whole: Path, tmp_path: Path) -> Path:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "thesis.txt").write_text("Years of work.")
    return Path(shutil.copytree(whole, tmp_path / "kb"))


def alter(kb: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(kb / DATABASE)) as connection, connection:
        connection.execute(statement, values)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def use_in_every_way(kb: Path) -> Iterator[Callable[[], object]]:
    """Yield all that can be done with an index; a stranger's may be refused, and that is all."""
    yield lambda: ArticleIndex.open(kb).ask(QUESTION, where={"author": ["Author 2", "Author 1"]})
    yield lambda: list(ArticleIndex.open(kb).articles.values())
    yield lambda: DiskBackend(kb).vectors()
    yield lambda: DiskBackend(kb).fill_vectors()
    yield lambda: problems_of(kb)
    yield lambda: ArticleIndex.open(kb).update([ARTICLES[0], Article(id="new", text="Tea was drunk.")])
    yield lambda: ArticleIndex.open(kb).remove("a1")
    yield lambda: repair(kb)
    yield lambda: ArticleIndex.open(kb).ask(QUESTION)


NAMES = [
    "../victim",
    ".",
    "..",
    "",
    "victim",
    "/",
    "search-1/..",
    "search-1/",
    "search-01",
    "search-1\0",
    "kb",
]


@pytest.mark.parametrize("name", [*NAMES, "search-²", "search-1\n", "search-" + "1" * 400, "absolute"])
def test_a_named_search_folder_is_never_followed(kb: Path, tmp_path: Path, name: str) -> None:
    if name == "absolute":
        name = str(tmp_path / "victim")
    before = everything(tmp_path / "victim"), everything(kb)
    alter(kb, "UPDATE about SET value = ? WHERE name = 'search'", name)
    with pytest.raises(IndexDamagedError, match="search folder"):
        ArticleIndex.open(kb)
    assert "search folder" in problems_of(kb)[0]
    done = CliRunner().invoke(cli, ["index", "check", str(kb), "--repair"])
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    assert everything(tmp_path / "victim") == before[0]
    gone = before[1].keys() - everything(kb).keys()
    assert all(name.startswith(("search-1/", f"{DATABASE}-")) for name in gone)
    assert problems_of(kb) == []
    assert ArticleIndex.open(kb).ask(QUESTION).text == "The harbour of Zorp2 froze in 1702."


def test_a_search_folder_that_is_a_link_is_not_followed(kb: Path, tmp_path: Path, whole: Path) -> None:
    elsewhere = Path(shutil.copytree(whole / "search-1", tmp_path / "elsewhere"))
    shutil.rmtree(kb / "search-1")
    (kb / "search-1").symlink_to(elsewhere)
    before = everything(elsewhere)
    with pytest.raises(IndexDamagedError, match="search-1 is missing, or is a link or a file"):
        ArticleIndex.open(kb)
    repair(kb)
    assert everything(elsewhere) == before
    assert problems_of(kb) == []


@pytest.mark.parametrize("listed", ['["../../victim/thesis.txt"]', "ABSOLUTE", "{}", "[1]", "[[[", '"x"'])
def test_files_listed_as_tantivys_own_are_never_removed(kb: Path, tmp_path: Path, listed: str) -> None:
    thesis = tmp_path / "victim" / "thesis.txt"
    (kb / "search-1" / MANAGED).write_text(listed.replace("ABSOLUTE", json.dumps([str(thesis)])))
    with suppress(ArticleQAError):
        ArticleIndex.open(kb).remove("a1")
    assert thesis.read_text() == "Years of work."
    assert problems_of(kb)
    repair(kb)
    assert problems_of(kb) == []
    assert thesis.read_text() == "Years of work."


def test_links_in_a_search_folder_are_not_read(kb: Path, tmp_path: Path) -> None:
    meta = kb / "search-1" / META
    shutil.copy(meta, tmp_path / "meta.json")
    meta.unlink()
    meta.symlink_to(tmp_path / "meta.json")
    with pytest.raises(IndexDamagedError, match=r"meta\.json is missing"):
        ArticleIndex.open(kb)


def test_a_lock_that_is_a_link_changes_nothing_behind_it(kb: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "victim" / "thesis.txt"
    (kb / "lock").unlink(missing_ok=True)
    (kb / "lock").symlink_to(thesis)
    with suppress(ArticleQAError):
        ArticleIndex.open(kb).remove("a1")
    assert thesis.read_text() == "Years of work."


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER DELETE ON unfinished BEGIN DELETE FROM articles; END",
        "CREATE TABLE more (x)",
        "DROP TABLE terms",
        "DROP INDEX articles_by_file",
        "ALTER TABLE totals ADD COLUMN more TEXT",
        "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    ],
)
def test_other_tables_are_refused_and_repaired(kb: Path, statement: str) -> None:
    alter(kb, statement)
    with pytest.raises(IndexDamagedError, match="tables are not those of an articleqa index"):
        ArticleIndex.open(kb)
    assert repair(kb).articles == len(ARTICLES)
    assert problems_of(kb) == []


def test_a_view_in_place_of_the_articles_does_not_hang_a_repair(kb: Path) -> None:
    alter(kb, "DROP TABLE articles")
    alter(
        kb,
        "CREATE VIEW articles AS WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n)"
        " SELECT number, '' AS id FROM n",
    )
    for refused in (ArticleIndex.open, repair):
        with pytest.raises(ArticleQAError, match="kb"):
            refused(kb)


COLUMNS = {
    "about": ("value",),
    "articles": ("number", *FIELDS, "checksum", "file"),
    "passages": ("number", "article", "spans", "terms", "digest", "checksum"),
    "vectors": ("passage", "vectors", "checksum"),
    "terms": ("term", "passages"),
    "totals": ("passages", "terms", "changes", "next_article", "next_passage"),
    "unfinished": ("first", "last"),
    "search_files": ("name", "size", "checksum"),
}
INTEGERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 12))
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["../victim", "search-1", "[]", "{}", "null", "[" * 5000, "9" * 5000, "NaN", "3"]),
    st.sampled_from(
        [
            '{"blocks": [["prose", 0, 99, 0, 0]], "pages": []}',
            '{"blocks": [["prose", 9, 1, 0, 0]], "pages": [7, 3]}',
            '{"blocks": 7, "pages": {}}',
            '{"blocks": [["heading", -5, 3, "x", 0]], "pages": [1e400]}',
        ]
    ),
)
BYTES = st.one_of(st.binary(max_size=40), st.sampled_from([b"\xff" * 12, b"\0" * 12, bytes(range(48))]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_in_the_database_is_refused_or_harmless(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "victim").mkdir()
    (home / "victim" / "thesis.txt").write_text("Years of work.")
    kb = Path(shutil.copytree(whole, home / "kb"))
    for _ in range(data.draw(st.integers(1, 3))):
        table = data.draw(st.sampled_from(sorted(COLUMNS)))
        column = data.draw(st.sampled_from(COLUMNS[table]))
        value = data.draw(st.one_of(INTEGERS, TEXTS, BYTES))
        with suppress(sqlite3.Error, UnicodeEncodeError):  # what its tables do not take
            if table == "unfinished":
                alter(kb, "INSERT INTO unfinished VALUES (?, ?)", value, value)
            alter(kb, f"UPDATE OR REPLACE {table} SET {column} = ?", value)
    if data.draw(st.booleans()):
        sign(kb)
    for use in use_in_every_way(kb):
        told = ""
        try:
            use()
        except ArticleQAError as error:
            told = str(error)
        assert "\n" not in told
    assert {path.name for path in home.iterdir()} == {"kb", "victim"}
    assert (home / "victim" / "thesis.txt").read_text() == "Years of work."
    shutil.rmtree(home)


def sign(kb: Path) -> None:
    """Make the checksums right, as one who wants to do harm can."""
    with closing(sqlite3.connect(kb / DATABASE)) as connection, connection:
        for number, *fields in connection.execute(f"SELECT number, {', '.join(FIELDS)} FROM articles"):
            connection.execute(
                "UPDATE articles SET checksum = ? WHERE number = ?", (checksum_of(fields), number)
            )
        columns = "SELECT number, spans, terms, digest FROM passages"
        for number, spans, terms, digest in connection.execute(columns):
            crc = zlib.crc32(digest, zlib.crc32(terms.encode(), zlib.crc32(spans)))
            connection.execute("UPDATE passages SET checksum = ? WHERE number = ?", (crc, number))
        columns = "SELECT passage, vectors, p.checksum FROM vectors JOIN passages AS p ON p.number = passage"
        for number, vectors, begun in connection.execute(columns).fetchall():
            crc = zlib.crc32(vectors, begun)
            connection.execute("UPDATE vectors SET checksum = ? WHERE passage = ?", (crc, number))


@pytest.mark.parametrize("spans", [(0, 5000, 4900, 5000), (0, 10, 8, 4), (-9, 4, -9, -4), (0, 50, 40, 60)])
def test_signed_passages_outside_their_text_are_never_quoted(kb: Path, spans: tuple[int, ...]) -> None:
    packed = b"".join(number.to_bytes(4, "little", signed=True) for number in (0, *spans))
    alter(kb, "UPDATE passages SET spans = ?, terms = ?", packed, "harbor zorp2\nharbor zorp2 freez")
    sign(kb)
    with pytest.raises(IndexDamagedError):
        ArticleIndex.open(kb).ask(QUESTION)
    assert problems_of(kb)


@pytest.mark.parametrize("digest", [b"", b"\0", bytes(16)])
@pytest.mark.parametrize("signed", [True, False])
def test_false_copies_are_no_answer(kb: Path, digest: bytes, signed: bool) -> None:
    alter(kb, "UPDATE passages SET digest = ?", digest)
    with ArticleIndex.open(kb) as index:
        index.update([Article(id="more", text="Tea was drunk in Zorp2. It froze. It rained.")])
    alter(kb, "UPDATE passages SET digest = ?", digest)
    if signed:
        sign(kb)
    with pytest.raises(IndexDamagedError), ArticleIndex.open(kb) as index:
        index.ask(QUESTION)
    assert problems_of(kb)


def test_meta_of_any_json_is_refused_or_harmless(kb: Path) -> None:
    path = kb / "search-1" / META
    meta = json.loads(path.read_text())
    alter(kb, "DELETE FROM search_files")  # as after a writer that was killed
    changes: list[dict[str, object]] = [
        {"segments": [{"segment_id": "../../victim", "max_doc": 1, "deletes": None}]},
        {"segments": [{"segment_id": meta["segments"][0]["segment_id"], "max_doc": 4_000_000_000}]},
        {"segments": 7},
        {"segments": []},
        {"schema": []},
        {"opstamp": -1},
    ]
    for change in changes:
        path.write_text(json.dumps(meta | change))
        for use in (lambda: ArticleIndex.open(kb).ask(QUESTION), lambda: ArticleIndex.open(kb).remove("a3")):
            with suppress(ArticleQAError):
                use()
    repair(kb)
    assert problems_of(kb) == []


def test_a_repair_removes_what_an_earlier_one_left(kb: Path) -> None:
    (kb / "search-7").mkdir()
    for _ in range(2):
        repair(kb)
        assert len([path for path in kb.iterdir() if path.is_dir()]) == 1


def test_repairs_use_the_umask_without_touching_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(mask: int) -> int:
        raise AssertionError("the process's umask is every thread's")

    before = os.umask(0o027)
    try:
        monkeypatch.setattr(os, "umask", refuse)
        ArticleIndex.create(tmp_path / "kb").add(ARTICLES)
    finally:
        monkeypatch.undo()
        os.umask(before)
    assert (tmp_path / "kb").stat().st_mode & 0o777 == 0o750
