"""Sections: what stands under which heading, and what an item of a list stands under."""

from __future__ import annotations

import pytest

from articleqa.models import Article, Block, BlockKind, Span
from articleqa.sections import LONGEST_CODE, MOST_LEAD_INS, sections_of

PROSE, ITEM, CODE, ROW = BlockKind.PROSE, BlockKind.ITEM, BlockKind.CODE, BlockKind.ROW
HEADING, BOILERPLATE = BlockKind.HEADING, BlockKind.BOILERPLATE


def article(*blocks: tuple[BlockKind, int, str]) -> Article:
    text, found = "", []
    for kind, level, line in blocks:
        found.append(Block(kind, Span(len(text), len(text) + len(line)), level, hard_wrapped=True))
        text += line + "\n\n"
    return Article(id="a", text=text, blocks=tuple(found))


def under(*blocks: tuple[BlockKind, int, str]) -> list[tuple[str, list[str]]]:
    made = article(*blocks)
    return [
        (sentence.span.of(made.text), [span.of(made.text) for span in sentence.lead_ins])
        for section in sections_of(made)
        for paragraph in section.paragraphs
        for sentence in paragraph
    ]


def test_an_item_stands_under_the_line_that_leads_in_its_list() -> None:
    found = under((PROSE, 0, "Bees live here. You may not keep:"), (ITEM, 1, "geese"), (ITEM, 1, "cockerels"))
    assert found[1:] == [
        ("You may not keep:", []),
        ("geese", ["You may not keep:"]),
        ("cockerels", ["You may not keep:"]),
    ]


def test_a_sentence_that_ends_leads_in_no_list() -> None:
    assert under((PROSE, 0, "Bees live here."), (ITEM, 1, "geese")) == [
        ("Bees live here.", []),
        ("geese", []),
    ]


def test_a_nested_item_stands_under_the_items_around_it() -> None:
    found = under(
        (PROSE, 0, "Bring"),
        (ITEM, 1, "Tools"),
        (ITEM, 2, "a rake"),
        (ITEM, 2, "a hoe"),
        (ITEM, 1, "Seeds"),
        (ITEM, 2, "beans"),
    )
    assert dict(found)["a hoe"] == ["Bring", "Tools"]
    assert dict(found)["beans"] == ["Bring", "Seeds"]
    assert dict(found)["Seeds"] == ["Bring"]


def test_what_goes_on_below_an_item_stands_under_it() -> None:
    found = dict(
        under(
            (ITEM, 1, "Stop the mill."),
            (ITEM, 2, "Then run:"),
            (CODE, 2, "sluice --shut"),
            (ITEM, 1, "Start it."),
        )
    )
    assert found["Then run:"] == ["Stop the mill."]
    assert found["sluice --shut"] == ["Stop the mill.", "Then run:"]
    assert found["Start it."] == []


def test_code_stands_under_the_line_that_leads_it_in() -> None:
    assert under((PROSE, 0, "To shut it, run:"), (CODE, 0, "shut"))[1] == ("shut", ["To shut it, run:"])


@pytest.mark.parametrize("between", [(HEADING, 1, "Tools"), (PROSE, 0, "It rained."), (ROW, 0, "1 | 2")])
def test_a_list_ends_where_something_else_begins(between: tuple[BlockKind, int, str]) -> None:
    found = under((PROSE, 0, "Bring:"), (ITEM, 1, "seeds"), between, (ITEM, 2, "a rake"))
    assert found[-1] == ("a rake", [])


def test_boilerplate_within_a_list_does_not_end_it() -> None:
    found = under((PROSE, 0, "Bring:"), (ITEM, 1, "seeds"), (BOILERPLATE, 0, "***"), (ITEM, 1, "a rake"))
    assert found[-1] == ("a rake", ["Bring:"])


def test_only_the_innermost_items_around_an_item_are_kept() -> None:
    found = under(*((ITEM, level, f"item {level}") for level in range(1, 50)))
    assert found[-1][1] == [f"item {level}" for level in range(49 - MOST_LEAD_INS, 49)]


def test_a_heading_that_is_a_whole_sentence_can_answer() -> None:
    blocks = (HEADING, 1, "You must hand in your key."), (PROSE, 0, "No exceptions.")
    made = article(*blocks)
    (section,) = sections_of(made)
    assert [span.of(made.text) for span in section.headings] == ["You must hand in your key."]
    assert [line for line, _ in under(*blocks)] == ["You must hand in your key.", "No exceptions."]


@pytest.mark.parametrize("heading", ["Keys and locks", "What about my key?", "Not so fast!", "Sec. 3."])
def test_other_headings_are_context_alone(heading: str) -> None:
    assert [line for line, _ in under((HEADING, 1, heading), (PROSE, 0, "It is lost."))] == ["It is lost."]


def test_a_block_of_code_is_one_sentence() -> None:
    code = "open the gate\n\nif it rains:\n    shut it"
    assert [line for line, _ in under((CODE, 0, code))] == [code]


def test_long_code_is_cut_at_its_blank_lines() -> None:
    part = "\n".join(["lift the gate"] * 50)
    assert LONGEST_CODE / 2 < len(part) < LONGEST_CODE
    assert [line for line, _ in under((CODE, 0, f"{part}\n\n{part}"))] == [part, part]


def test_code_without_blank_lines_is_cut_at_its_lines() -> None:
    lines = ["lift the gate"] * 1_000
    assert [line for line, _ in under((CODE, 0, "\n".join(lines)))] == lines
