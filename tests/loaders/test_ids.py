"""Ids and sources of files: one for each file, and found again from anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, Changes, SourceCheck, ask, load_articles
from articleqa.cli import cli
from articleqa.loaders.ids import with_own_ids
from articleqa.loaders.paths import shown_source
from articleqa.loaders.sandbox import ArticleFile


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("d1/README.md", "d1/only.txt", "d1/in/b.txt", "d2/README.md", "e/d2/README.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The mill of {name.replace('/', ' ')} burnt down.")
    return tmp_path


def ids(*paths: str | Path) -> list[str]:
    return [article.id for article in load_articles(paths)]


def test_equal_names_in_two_folders_carry_their_names() -> None:
    assert ids("d1", "d2") == ["d1/README.md", "in/b.txt", "only.txt", "d2/README.md"]
    assert ids("d2/README.md", "d1/README.md") == ["d2/README.md", "d1/README.md"]


def test_folders_of_one_name_carry_those_above_too(folder: Path) -> None:
    above = folder.name
    assert ids("d2", "e/d2") == [f"{above}/d2/README.md", "e/d2/README.md"]


def test_a_name_that_another_file_has_is_passed_over(folder: Path) -> None:
    (folder / "f" / "d1").mkdir(parents=True)
    (folder / "f" / "d1" / "README.md").write_text("A third.")
    assert set(ids("d1/README.md", "d2/README.md", "f")) == {
        f"{folder.name}/d1/README.md",
        "d2/README.md",
        "f/d1/README.md",
    }


def test_a_prefix_stands_before_the_names_of_folders() -> None:
    found = load_articles(["d1/README.md", "d2"], prefix="x")
    assert [article.id for article in found] == ["x/d1/README.md", "x/d2/README.md"]


def test_articles_in_tables_of_equal_names_are_told_apart(folder: Path) -> None:
    for name in ("d1", "d2"):
        (folder / name / "t.jsonl").write_text(json.dumps({"text": f"The mill of {name} burnt down."}))
    assert ids("d1/t.jsonl", "d2/t.jsonl") == ["d1/t.jsonl#1", "d2/t.jsonl#1"]


@pytest.mark.parametrize(
    "spelled", ["./d1", "d2/../d1", "{}/d1", "d1/in", "d1/in/b.txt", "d1/in/../in/b.txt", "link", "link/in"]
)
def test_a_file_spelled_otherwise_is_loaded_once(folder: Path, spelled: str) -> None:
    (folder / "link").symlink_to("d1")
    assert ids("d1", spelled.format(folder)) == ["README.md", "in/b.txt", "only.txt"]


@pytest.mark.parametrize("spelled", ["./d1", "d2/../d1", "{}/d1"])
@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_file_spelled_otherwise_is_unchanged_in_an_index(folder: Path, spelled: str, kind: str) -> None:
    index = ArticleIndex.create("kb") if kind == "disk" else ArticleIndex.from_articles([])
    index.add(load_articles("d1"))
    assert index.add(load_articles(spelled.format(folder))) == Changes(unchanged=3)


def added(*paths: str) -> str:
    return CliRunner().invoke(cli, ["index", "add", "kb", *paths], prog_name="articleqa").stdout.split(";")[0]


def test_folders_added_one_by_one_keep_equal_names_apart(folder: Path) -> None:
    for name in ("d1", "d2"):
        (folder / name / "t.jsonl").write_text(json.dumps({"text": f"The mill of {name} burnt down."}))
    assert added("d1") == "4 added, 0 replaced, 0 unchanged"
    assert added("d2") == "2 added, 0 replaced, 0 unchanged"
    assert added("d1", "d2") == "0 added, 0 replaced, 6 unchanged"
    assert list(ArticleIndex.open("kb").articles) == [
        *("README.md", "in/b.txt", "only.txt", "t.jsonl#1", "d2/README.md", "d2/t.jsonl#1")
    ]


@pytest.mark.parametrize("again", ["d1/in", "d1/in/b.txt", ".", "e/../d1"])
def test_a_part_or_a_whole_added_again_is_unchanged(again: str) -> None:
    added("d1")
    assert added(again).endswith((", 0 replaced, 1 unchanged", ", 0 replaced, 3 unchanged"))


def test_an_id_that_a_caller_gave_is_not_taken_over(folder: Path) -> None:
    book = Article(id="chapter", text="The mill burnt.", source=str(folder / "d2" / "README.md"))
    ArticleIndex.create("kb").add([book])
    assert added("d2") == "1 added, 0 replaced, 0 unchanged"
    assert list(ArticleIndex.open("kb").articles) == ["chapter", "README.md"]


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_sources_are_verified_from_another_folder(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "d1" / "t.jsonl").write_text(json.dumps({"text": "The mill of Arden burnt in 1953."}))
    if kind == "memory":
        answer = ask("Which mill burnt?", ["d1", "d2/../d2"], top_k=9)
    else:
        ArticleIndex.create("kb").add(load_articles(["d1", "d2/../d2"]))
    monkeypatch.chdir("/")
    if kind == "disk":
        answer = ArticleIndex.open(folder / "kb").ask("Which mill burnt?", top_k=9)
    sources = {sentence.citation.source for sentence in answer.sentences}
    assert f"{folder}/d1/t.jsonl#1" in sources
    assert f"{folder}/d2/README.md" in sources
    assert {s.citation.verify_source() for s in answer.sentences} == {SourceCheck.YES}


def test_the_command_line_shows_paths_from_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(*args: str) -> str:
        return CliRunner().invoke(cli, [*args, "--top", "9"], prog_name="articleqa").stdout

    question = "Which mill burnt down?"
    assert " d1/only.txt, line 1," in shown(question, "d1", "d2")
    assert " d1/only.txt, line 1," in shown(question, f"{folder}/d1")
    monkeypatch.chdir(folder / "d2")
    assert f" {folder}/d1/only.txt, line 1," in shown(question, "../d1")
    answer = json.loads(shown(question, "../d1", "--json"))["answer"]
    assert f"{folder}/d1/only.txt" in {each["citation"]["source"] for each in answer["sentences"]}


def test_a_source_is_shown_where_the_working_folder_is_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    assert shown_source("/a/b.txt") == "/a/b.txt"
    assert ids(folder / "d2") == ["README.md"]


PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4).map(tuple)


@given(st.lists(st.tuples(PATHS, st.integers(1, 4)), max_size=8))
def test_any_files_get_ids_of_their_own(given: Sequence[tuple[tuple[str, ...], int]]) -> None:
    files = [
        ArticleFile(Path("/", *parts), "/".join(parts[-length:]), "/".join(parts), named=False)
        for parts, length in given
    ]
    found = with_own_ids(files)
    assert len({file.article_id for file in found}) == len(found) == len({parts for parts, _ in given})
    assert all(str(file.path).endswith(f"/{file.article_id}") for file in found)
