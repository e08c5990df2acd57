from __future__ import annotations

import pytest

from shown import shown


def test_an_item_below_an_item_is_one_level_deeper() -> None:
    text = "## Actions\n\n- Odra works out the cost\n  - Blocked on a meeting\n- Pell orders benches\n"
    assert shown(text) == [
        "## Actions",
        "* Odra works out the cost",
        "** Blocked on a meeting",
        "* Pell orders benches",
    ]


def test_items_parted_by_blank_lines_are_items() -> None:
    assert shown("You must bring:\n\n- scales\n\n- two crowns\n\nIt takes an hour.") == [
        "| You must bring:",
        "* scales",
        "* two crowns",
        "| It takes an hour.",
    ]


def test_what_goes_on_below_an_item_is_one_level_deeper() -> None:
    text = (
        "1. Open it.\n\n   Then wait.\n\n   ```sh\n   run it\n   ```\n\n   > It hums.\n\n"
        "   | a | b |\n   |---|---|\n   | 1 | 2 |\n\n2. Close it."
    )
    assert shown(text) == [
        "* Open it.",
        "** Then wait.",
        "$$ run it",
        "** It hums.",
        "== | a | b |",
        "++ | 1 | 2 |",
        "* Close it.",
    ]


def test_code_that_opens_an_item_has_its_level() -> None:
    assert shown("- ```\n  run\n  ```\n  Then wait.") == ["$ run", "** Then wait."]


@pytest.mark.parametrize("box", ["[ ]", "[x]", "[X]"])
def test_an_item_stands_without_its_check_box(box: str) -> None:
    assert shown(f"- {box} Feed the cock\n  - {box} and the hens") == ["* Feed the cock", "** and the hens"]


def test_brackets_that_are_no_check_box_stay() -> None:
    assert shown("- [x](y) z\n- [ab] c\n\n[x] d") == ["* [x](y) z", "* [ab] c", "| [x] d"]


def test_lettered_items_of_a_paragraph_are_items() -> None:
    text = (
        "The board may:\n(a) fine; or\n(b) warn, where\n  (i) he is new; or\n  (ii) she is ill.\n\n(c) wait."
    )
    assert shown(text) == [
        "| The board may:",
        "* fine; or",
        "* warn, where",
        "** he is new; or",
        "** she is ill.",
        "* wait.",
    ]


def test_the_letter_i_behind_h_is_no_roman_number() -> None:
    assert shown("(h) one\n(i) two\n(j) three") == ["* one", "* two", "* three"]


def test_one_bracket_at_a_line_start_is_no_item() -> None:
    text = "As is shown by equation\n(1) of the paper."
    assert shown(text) == [f"| {text}"]


def test_a_definition_stands_below_its_term() -> None:
    text = "Words:\n\nTide\n: The sea's rise,\n  and fall.\n\n    Twice a day.\n\nQuay\n\n:   A landing.\n"
    assert shown(text) == [
        "| Words:",
        "* Tide",
        "** The sea's rise,\n  and fall.",
        "*** Twice a day.",
        "* Quay",
        "** A landing.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- [One](#one)\n  - [Two `x`](#two)\n- [Three](#three)",
        "1. [One](#one)\n2. [Two](#two)",
        "[One](#one) | [Two](#two)",
        '<ul><li><a href="#one">One</a></li><li><a href="#two">Two</a></li></ul>',
    ],
)
def test_a_table_of_contents_is_no_text(text: str) -> None:
    assert {line[0] for line in shown(f"# A\n\n{text}\n\nB.")[1:-1]} == {"-"}


def test_links_that_a_sentence_leads_in_are_content() -> None:
    text = "The status of a node has these parts:\n\n* [Addresses](#addresses)\n* [Info](#info)"
    assert [line[0] for line in shown(text)] == ["|", "*", "*"]


def test_a_list_of_links_to_other_pages_is_content() -> None:
    assert shown("* [On mills](https://a.b/c)\n* [On top](#top)") == [
        "* [On mills](https://a.b/c)",
        "* [On top](#top)",
    ]
