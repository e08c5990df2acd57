"""An index on disk answers as one in memory does, grows and shrinks, and is one writer's at a time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from articleqa import (
    AbstainReason,
    Article,
    ArticleIndex,
    Changes,
    DuplicateArticleError,
    IndexBusyError,
    IndexFolderError,
    NotAnIndexError,
    UnknownArticleError,
    _parallel,
    load_articles,
)
from articleqa.index import disk_writing
from articleqa.index.check import problems_of
from articleqa.index.disk_backend import DiskBackend
from articleqa.index.upserts import add_articles
from articleqa.models import Block, BlockKind, Span
from articleqa.storage.lock import writing_alone
from user_path import USERS

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
QUESTIONS = [
    json.loads(line)["question"]
    for name in ("questions", "development", "held_out", "hard_paraphrases")
    for line in (ROOT / "eval" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
UNION = Article(id="union", title="Union", text="The union was shut on January 4, 2017.", source="u.txt")
STORM = Article(
    id="storm", text="A storm tore the roof off the court of Zorp.", metadata={"date": "2019-03-02"}
)
TEA = Article(
    id="tea", text="Green tea was first drunk in Quax.", metadata={"date": "2021-07", "author": "Ann"}
)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    return tmp_path / "kb"


def test_articles_come_back_as_they_were_in_their_order(kb: Path) -> None:
    odd = Article(
        id="o\tdd 😀",
        title="\0",
        text="a\0b\r\n\u2028 c",
        source="x" * 5000,
        metadata={"a": [1, {"b": None}]},
    )
    index = ArticleIndex.create(kb)
    assert index.add([UNION, odd, STORM]) == Changes(added=3)
    opened = ArticleIndex.open(kb)
    assert list(opened.articles) == ["union", odd.id, "storm"]
    assert list(opened.articles.values()) == [UNION, odd, STORM]
    extracted = STORM.model_copy(
        update={
            "id": "pdf",
            "blocks": (Block(BlockKind.ROW, Span(0, 7)), Block(BlockKind.HEADING, Span(8, 12), level=2)),
            "pages": (0, 8),
        }
    )
    opened.add([extracted, STORM.model_copy(update={"id": "empty", "blocks": ()})])
    assert ArticleIndex.open(kb).articles["pdf"] == extracted
    assert ArticleIndex.open(kb).articles["empty"].blocks == ()
    opened.remove(["pdf", "empty"])
    assert (len(opened.articles), "storm" in opened.articles, "x" in opened.articles) == (3, True, False)
    with pytest.raises(KeyError):
        opened.articles["x"]
    assert problems_of(kb) == []


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_articles_already_there_are_treated_alike_by_both_backends(kb: Path, kind: str) -> None:
    index = ArticleIndex.from_articles([]) if kind == "memory" else ArticleIndex.create(kb)
    assert index.add([UNION, STORM]) == Changes(added=2)
    assert index.add([UNION, TEA]) == Changes(added=1, unchanged=1)
    changed = UNION.model_copy(update={"text": "The union was opened again by Blim."})
    assert index.add([changed]) == Changes(replaced=1)
    assert index.ask("Who opened the union?").citations[0].quote == changed.text
    assert list(index.articles) == ["storm", "tea", "union"]
    elsewhere = changed.model_copy(update={"source": "other.txt", "text": "Another."})
    with pytest.raises(DuplicateArticleError, match=r"'union': u\.txt and other\.txt"):
        index.add([Article(id="new", text="New."), elsewhere])
    with pytest.raises(DuplicateArticleError, match="'tea': one without a source"):
        index.add([Article(id="tea", text="Another.")])
    with pytest.raises(DuplicateArticleError, match="'twice'"):
        index.add([Article(id="twice", text="A."), Article(id="twice", text="A.")])
    assert list(index.articles) == ["storm", "tea", "union"]
    assert index.update([elsewhere, UNION.model_copy(update={"id": "x"})]) == Changes(added=1, replaced=1)
    assert index.articles["union"] == elsewhere
    with pytest.raises(UnknownArticleError, match="'nobody'"):
        index.remove(["tea", "nobody"])
    index.remove("tea")
    index.remove([])
    assert list(index.articles) == ["storm", "union", "x"]
    assert not index.ask("Where was green tea drunk?").answered
    if kind == "disk":
        assert problems_of(kb) == []


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_articles_whose_files_are_gone_are_pruned_and_no_others(tmp_path: Path, kb: Path, kind: str) -> None:
    news, other = tmp_path / "news", tmp_path / "newspaper"
    for folder in (news, other):
        folder.mkdir()
        for name in ("a", "b"):
            (folder / f"{folder.name}-{name}.txt").write_text(f"{name} of {folder.name}.")
    index = ArticleIndex.from_articles([]) if kind == "memory" else ArticleIndex.create(kb)
    index.add([*load_articles([news, other]), UNION])
    (news / "news-a.txt").unlink()
    (other / "newspaper-b.txt").unlink()
    assert index.prune(news) == ["news-a.txt"]
    assert index.prune(news) == []
    assert list(index.articles) == ["news-b.txt", "newspaper-a.txt", "newspaper-b.txt", "union"]


def test_a_reader_sees_what_another_commits(kb: Path) -> None:
    writer = ArticleIndex.create(kb)
    reader = ArticleIndex.open(kb)
    assert not reader.ask("When was the union shut?").sentences
    writer.add([UNION])
    assert reader.ask("When was the union shut?").citations[0].quote == UNION.text
    writer.update([UNION.model_copy(update={"text": "The union was shut in 1999."})])
    assert reader.ask("When was the union shut?").citations[0].quote == "The union was shut in 1999."
    writer.remove("union")
    assert not reader.ask("When was the union shut?").sentences


def test_every_thread_sees_what_was_committed_before_it_asks(kb: Path) -> None:
    writer = ArticleIndex.create(kb)
    reader = ArticleIndex.open(kb)
    for number in range(5):
        writer.add([Article(id=str(number), text=f"The harbour of Zorp{number} froze.")])
        with ThreadPoolExecutor(1) as pool:  # a thread, and with it a connection, of its own
            found = pool.submit(reader.ask, f"What froze in Zorp{number}?").result()
        assert found.sentences[0].citation.article_id == str(number)


def test_an_add_that_breaks_off_adds_nothing_of_what_was_not_committed(kb: Path) -> None:
    def broken() -> Iterator[Article]:
        yield UNION
        raise RuntimeError("broken")

    index = ArticleIndex.create(kb)
    index.add([STORM])
    with pytest.raises(RuntimeError, match="broken"):
        index.add(broken())
    assert list(index.articles) == ["storm"]
    assert index.add([UNION]) == Changes(added=1)
    assert problems_of(kb) == []


def test_what_was_added_before_an_interrupt_is_kept(kb: Path) -> None:
    def interrupted() -> Iterator[Article]:
        yield UNION
        yield STORM
        raise KeyboardInterrupt

    index = ArticleIndex.create(kb)
    with pytest.raises(KeyboardInterrupt):
        index.add(interrupted())
    assert list(index.articles) == ["union", "storm"]
    assert index.add([UNION, STORM, TEA]) == Changes(added=1, unchanged=2)
    assert problems_of(kb) == []


def test_very_many_are_committed_in_parts(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_writing, "COMMIT_CHARACTERS", 100)
    seen: list[int] = []

    def articles() -> Iterator[Article]:
        for number in range(9):
            seen.append(len(ArticleIndex.open(kb).articles))
            yield Article(id=str(number), text=f"Zorp {number}. " * 20)

    index = ArticleIndex.create(kb)
    with pytest.raises(DuplicateArticleError):
        index.add([*[Article(id=f"a{n}", text="Zorp. " * 20) for n in range(3)], UNION, UNION])
    assert list(index.articles) == ["a0", "a1", "a2"]
    index.add(articles())
    assert seen == list(range(3, 12))
    assert problems_of(kb) == []


@pytest.mark.workers
def test_many_articles_are_analysed_by_processes_to_the_same_index(
    kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 0)
    articles = [
        Article(id=f"a{n}", title=f"T{n}", text=f"The union of Zorp{n} was shut in {1900 + n}.\n\nIt rained.")
        for n in range(40)
    ]
    alone, together = DiskBackend, []
    for folder, workers in ((kb, 1), (tmp_path / "two", 2)):
        ArticleIndex.create(folder)
        add_articles(alone(folder).writing(workers=workers), articles, replacing=False)
        rows = alone(folder).store.rows("SELECT number, article, spans, terms, digest FROM passages")
        together.append(rows)
    assert together[0] == together[1]
    assert len(together[0]) == len(articles)


def test_a_second_writer_gets_one_line_while_readers_go_on(kb: Path) -> None:
    index = ArticleIndex.create(kb)
    index.add([UNION])
    with writing_alone(kb, 1.0):
        held = threading.Thread(target=lambda: None)
        held.start()
        held.join()
        with ThreadPoolExecutor(1) as pool:
            refused = pool.submit(ArticleIndex.open(kb, wait_s=0.05).add, [STORM])
            with pytest.raises(IndexBusyError, match="another process is writing to it"):
                refused.result()
        assert ArticleIndex.open(kb).ask("When was the union shut?").answered
    index.add([STORM])
    assert len(index.articles) == 2


def test_a_second_writer_waits_as_long_as_the_first_writes(kb: Path) -> None:
    index = ArticleIndex.create(kb)
    with ThreadPoolExecutor(1) as pool:
        with writing_alone(kb):
            second = pool.submit(ArticleIndex.open(kb).add, [STORM])
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        assert second.result() == Changes(added=1)
    assert list(index.articles) == ["storm"]


def test_a_change_within_a_change_is_refused_and_waits_for_nothing(kb: Path) -> None:
    index = ArticleIndex.create(kb)
    index.add([UNION])

    def articles() -> Iterator[Article]:
        yield STORM
        ArticleIndex.open(kb).remove("union")

    with pytest.raises(IndexBusyError, match="this thread is already changing it"):
        index.add(articles())
    index.remove("union")
    assert "union" not in index.articles


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_filters_choose_among_the_articles_before_ranking(kb: Path, kind: str) -> None:
    articles = [
        Article(
            id=f"{author}{year}",
            text=f"The council of Zorp met in {year} and {author} wrote it down.",
            metadata={"author": author, "date": f"{year}-06-01", "topics": ["council", f"t{year}"]},
        )
        for author in ("Ann", "Bob")
        for year in range(2000, 2040)
    ]
    index = ArticleIndex.from_articles([]) if kind == "memory" else ArticleIndex.create(kb)
    index.add(articles)

    def found(**chosen: Any) -> set[str]:
        answer = index.ask("When did the council of Zorp meet?", top_k=100, min_confidence=0, **chosen)
        return {citation.article_id for s in answer.sentences for citation in (s.citation, *s.also)}

    assert found(where={"author": "Ann"}, since="2038") == {"Ann2038", "Ann2039"}
    assert found(where={"topics": ["t2003", "t2004"]}) == {"Ann2003", "Bob2003", "Ann2004", "Bob2004"}
    assert found(since="2039-06-01", until="2039-06-01") == {"Ann2039", "Bob2039"}
    assert found(until="2000-05") == set()
    assert found(where={"author": "Cyd"}) == set()
    for nobody in ({"where": {"author": "Cyd"}}, {"since": "2041"}):
        assert index.ask("Who wrote it down?", **nobody).reason is AbstainReason.NO_ARTICLE_CHOSEN
    assert index.ask("Snarv?", where={"author": "Ann"}).reason is AbstainReason.NO_MATCHING_TERMS
    with pytest.raises(TypeError, match="where must give a value for each key"):
        found(where="author=Ann")


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_one_where_several_are_asked_for_is_refused(kb: Path, kind: str) -> None:
    index = ArticleIndex.from_articles([]) if kind == "memory" else ArticleIndex.create(kb)
    for refused in (UNION, "news", Path("news")):
        with pytest.raises(TypeError, match="articles is one"):
            index.add(refused)  # type: ignore[arg-type]  # as it may be called
    with pytest.raises(TypeError, match="questions is one string"):
        index.ask_many("Who?")
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        list(index.ask_many(["Who?"], workers=0))


def test_questions_before_one_that_fails_are_answered(kb: Path) -> None:
    index = ArticleIndex.from_articles([UNION])

    def questions() -> Iterator[str]:
        yield from ["When was the union shut?"] * 50
        raise OSError("gone")

    answers = index.ask_many(questions(), workers=2)
    for _ in range(50):
        assert next(answers).answered
    with pytest.raises(OSError, match="gone"):
        next(answers)


def test_asking_is_safe_from_many_threads(kb: Path) -> None:
    articles = load_articles(SEEDS)
    index = ArticleIndex.create(kb)
    index.add(articles)
    asked = QUESTIONS[:40]
    alone = [index.ask(question).model_dump_json() for question in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: index.ask(question).model_dump_json(), asked * 3))
    assert together == alone * 3


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_file_is_known_by_where_it_is_and_not_by_how_it_is_named(
    tmp_path: Path, kb: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("one", "two"):
        (tmp_path / place / "docs").mkdir(parents=True)
        (tmp_path / place / "docs" / "a.txt").write_text(f"The harbour of {place} froze.")
    index = ArticleIndex.from_articles([]) if kind == "memory" else ArticleIndex.create(kb)
    monkeypatch.chdir(tmp_path / "one")
    index.add(load_articles("docs"))
    assert index.add(load_articles(tmp_path / "one" / "docs")) == Changes(unchanged=1)
    monkeypatch.chdir(tmp_path / "two")
    with pytest.raises(DuplicateArticleError, match=r"'a\.txt'"):
        index.add(load_articles("docs"))


def test_an_index_is_in_its_own_file_when_a_writer_is_done(kb: Path) -> None:
    ArticleIndex.create(kb).add([UNION])
    assert not (kb / "articles.sqlite-wal").exists() or (kb / "articles.sqlite-wal").stat().st_size == 0


def test_writing_to_an_index_that_was_removed_leaves_nothing_there(kb: Path) -> None:
    index = ArticleIndex.create(kb)
    shutil.rmtree(kb)
    with pytest.raises(NotAnIndexError, match="no such index"):
        index.add([UNION])
    assert not kb.exists()


def test_ids_that_cannot_be_are_not_there(kb: Path) -> None:
    index = ArticleIndex.create(kb)
    index.add([UNION])
    assert "\ud900" not in index.articles
    assert [] not in index.articles  # type: ignore[comparison-overlap]
    with pytest.raises(UnknownArticleError):
        index.remove(["\ud900"])


KILLED = """
import os, sys, threading, time
from articleqa import Article, ArticleIndex
def articles():
    for number in range(10**6):
        yield Article(id=str(number), text=f"Zorp{number} rained. " * 50)
        if number == 500:
            print("going", flush=True)
ArticleIndex.open(sys.argv[1], vectors=False).add(articles())
"""


def test_processes_of_a_killed_writer_end_and_free_the_index(kb: Path) -> None:
    ArticleIndex.create(kb)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(kb)], env=USERS, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"going\n"
        writer.kill()
    until = time.monotonic() + 30
    while True:
        try:
            ArticleIndex.open(kb).add([UNION])
            break
        except IndexFolderError:
            assert time.monotonic() < until
            time.sleep(0.1)
    assert "union" in ArticleIndex.open(kb).articles
    assert problems_of(kb) == []


def test_nothing_is_made_where_something_is(kb: Path, tmp_path: Path) -> None:
    ArticleIndex.create(kb)
    with pytest.raises(NotAnIndexError, match="an index is already there"):
        ArticleIndex.create(kb)
    full = tmp_path / "full"
    full.mkdir()
    (full / "note.txt").write_text("mine")
    with pytest.raises(NotAnIndexError, match="already exists and is not an empty folder"):
        ArticleIndex.create(full)
    assert [path.name for path in full.iterdir()] == ["note.txt"]
    empty = tmp_path / "empty"
    empty.mkdir()
    ArticleIndex.create(empty).add([UNION])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "full", "kb"]


def test_what_is_no_index_is_named(kb: Path, tmp_path: Path) -> None:
    with pytest.raises(NotAnIndexError, match="no such index"):
        ArticleIndex.open(kb)
    with pytest.raises(NotAnIndexError, match="not an articleqa index"):
        ArticleIndex.open(tmp_path)
