"""Question sets become windows with labels that the reader is trained on."""

import json
from pathlib import Path

import pytest

from articleqa.training.reader.examples import RIGHT, UNJUDGED, WRONG, main

PAGE = """# Keeping bees

Bees need little. They need water all year.

You must not:

- keep more than two hives
- leave a hive open
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bees.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "docs" / "wasps.md").write_text("# Wasps\n\nWasps need no keeper at all.\n", encoding="utf-8")
    return tmp_path


def rows_of(folder: Path, quote: str, article: str = "bees.md") -> list[dict[str, object]]:
    answers = [{"article": article, "quote": quote}] if quote else []
    row = {"id": "1", "question": "how many hives", "kind": "factoid", "answers": answers}
    (folder / "set.jsonl").write_text(json.dumps(row), encoding="utf-8")
    main(["--about", str(folder / "set.jsonl"), str(folder / "docs"), "--out", str(folder / "out")])
    written = (folder / "out" / "set.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


def labels_of(rows: list[dict[str, object]]) -> dict[str, int]:
    sentences = [row["sentences"] for row in rows if "sentences" in row]
    return {
        sentence: label
        for passage in rows[-1]["passages"]  # type: ignore[attr-defined]
        for sentence, label in zip(sentences[passage["passage"]], passage["labels"], strict=True)
    }


def test_a_quote_that_begins_with_a_list_s_mark_makes_its_item_right(folder: Path) -> None:
    labels = labels_of(rows_of(folder, "- keep more than two hives"))
    assert labels["keep more than two hives"] == RIGHT
    assert labels["leave a hive open"] == labels["You must not:"] == WRONG


def test_a_quote_over_two_sentences_counts_for_the_first_alone(folder: Path) -> None:
    labels = labels_of(rows_of(folder, "Bees need little. They need water all year."))
    assert labels["Bees need little."] == RIGHT
    assert labels["They need water all year."] == UNJUDGED


def test_a_question_without_an_answer_has_wrong_sentences_alone(folder: Path) -> None:
    assert set(labels_of(rows_of(folder, "")).values()) == {WRONG}


def test_what_a_list_s_items_stand_under_is_told_with_them(folder: Path) -> None:
    rows = rows_of(folder, "- leave a hive open")
    (bees,) = (row for row in rows if row.get("article") == "bees.md" and "sentences" in row)
    item = bees["sentences"].index("keep more than two hives")  # type: ignore[attr-defined]
    assert bees["lead_ins"][str(item)] == ["You must not:"]  # type: ignore[index]
