"""A closed index holds no file open, and opens again where it is asked."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex
from articleqa.index.check import problems_of, repair

QUESTION = "When did the harbour of Zorp7 freeze?"
ARTICLES = [Article(id=f"a{n}", text=f"The harbour of Zorp{n} froze in {1700 + n}.") for n in range(20)]

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc says what a process has open")


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    with ArticleIndex.create(tmp_path / "kb") as index:
        index.add(ARTICLES)
    return tmp_path / "kb"


def held_open(folder: Path) -> list[str]:
    """Return what of `folder` this process has open or mapped."""
    mapped = [
        line.split(maxsplit=5)[5] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line
    ]
    opened = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            opened.append(str(descriptor.readlink()))
        except OSError:
            continue  # that of the listing itself
    return [name for name in (*mapped, *opened) if name.startswith(str(folder))]


@on_linux
def test_a_closed_index_holds_nothing_of_any_thread(kb: Path) -> None:
    with ArticleIndex.open(kb) as index, ThreadPoolExecutor(3) as pool:
        assert all(answer.answered for answer in pool.map(index.ask, [QUESTION] * 6))
        assert held_open(kb)
        index.add([Article(id="new", text="Tea was drunk.")])
        assert index.ask(QUESTION).answered
        index.close()
        assert held_open(kb) == []
        assert index.ask(QUESTION).answered  # opened again


@on_linux
def test_checks_and_repairs_hold_nothing(kb: Path) -> None:
    assert problems_of(kb) == []
    assert held_open(kb) == []
    repair(kb)
    assert held_open(kb) == []


def test_an_open_index_answers_from_a_repaired_one(kb: Path) -> None:
    with ArticleIndex.open(kb) as index:
        assert index.ask(QUESTION).text == "The harbour of Zorp7 froze in 1707."
        with ArticleIndex.open(kb) as other:
            other.remove(["a0", "a1", "a7"])
        repair(kb)  # which gives the articles other numbers
        assert "Zorp7" not in index.ask(QUESTION).text
        assert (
            index.ask("When did the harbour of Zorp9 freeze?").text == "The harbour of Zorp9 froze in 1709."
        )
        assert "a7" not in index.articles


def test_an_index_in_memory_is_a_context_manager_too() -> None:
    with ArticleIndex.from_articles(ARTICLES) as index:
        assert index.ask(QUESTION).answered
    assert index.ask(QUESTION).answered
