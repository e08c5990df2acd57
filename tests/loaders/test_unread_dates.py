"""Articles with an unreadable date are reported once a load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import JsonValue

from articleqa import Article, ArticleIndex, UnreadDateWarning, ask
from articleqa.cli import cli
from articleqa.loaders.unread_dates import noting_unread_dates

TOLD = (
    "is ambiguous or not a date, so since and until leave it out (2 more like it); write dates as 2020-05-17"
)
MILLS: list[tuple[str, JsonValue]] = [
    ("Arden", "2020-05-17"),
    ("Brome", "May 17, 2020"),
    ("Corve", "17.05.2020"),
    ("Dunne", 2020),
    ("Esk", "05/06/2020"),
    ("Fal", "n.d."),
    ("Gade", "soon"),
]


def articles_of(*dates: JsonValue) -> list[Article]:
    return [Article(id=f"a{n}", text="", metadata={"date": each}) for n, each in enumerate(dates)]


def test_the_first_unread_date_is_named_once() -> None:
    articles = articles_of("2020", "05/06/2020", None, "", "May 17, 2020", "n.d.", "soon")
    with pytest.warns(UnreadDateWarning) as caught:
        assert list(noting_unread_dates(articles)) == articles
    (warning,) = caught
    assert str(warning.message) == (
        "a1: its date, '05/06/2020', is ambiguous or not a date, so since and until leave it out"
        " (2 more like it); write dates as 2020-05-17"
    )


def test_a_long_unread_date_is_cut_in_the_warning() -> None:
    with pytest.warns(UnreadDateWarning, match=r"a0: its date, 'x{40}…', is ambiguous"):
        list(noting_unread_dates(articles_of("x" * 5000)))


def test_dates_that_can_be_read_give_no_warning() -> None:
    list(noting_unread_dates(articles_of("2020-05-17", "May 17, 2020", 2020, None)))


@pytest.fixture
def mills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [json.dumps({"text": f"The mill of {town} burnt down.", "date": day}) for town, day in MILLS]
    (tmp_path / "mills.jsonl").write_text("\n".join(rows))
    return tmp_path


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_other_dates_are_found_in_memory_and_on_disk(mills: Path, kind: str) -> None:
    articles = [
        Article(id=town, text=f"The mill of {town} burnt down.", metadata={"date": day, "mills": 1.0})
        for town, day in MILLS
    ]
    index = ArticleIndex.create(mills / "kb") if kind == "disk" else ArticleIndex.from_articles([])
    with pytest.warns(UnreadDateWarning, match="Esk: its date") as caught:
        index.add(articles)
    assert len(caught) == 1

    def found(since: str, mills: int) -> set[str]:
        answer = index.ask("Which mill burnt down?", top_k=9, since=since, where={"mills": mills})
        return {sentence.citation.article_id for sentence in answer.sentences}

    assert found("2020", 1) == {"Arden", "Brome", "Corve", "Dunne"}
    assert found("2020-05-17", 1) == {"Arden", "Brome", "Corve"}
    assert found("2020", 2) == set()
    assert index.articles["Corve"].metadata["date"] == "17.05.2020"


def test_a_question_of_paths_warns_once_of_the_file(mills: Path) -> None:
    with pytest.warns(UnreadDateWarning, match=r"mills\.jsonl#5: its date, '05/06/2020', ") as caught:
        ask("Which mill burnt down?", "mills.jsonl")
    assert len(caught) == 1


@pytest.mark.parametrize(
    "args", [("Which mill burnt?", "mills.jsonl"), ("index", "add", "kb", "mills.jsonl")]
)
def test_the_command_line_tells_of_it_in_one_line(mills: Path, args: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, list(args), prog_name="articleqa")
    assert done.exit_code == 0
    assert done.stderr == f"articleqa: mills.jsonl#5: its date, '05/06/2020', {TOLD}\n"
