"""Each case of `fixtures/articles.txt` is an article in the manner of a saved page, and its blocks.

In what is expected, "# " opens a heading, "- " boilerplate, "| " prose, "* " an item ("** " one below it),
"$ " code, "= " a header row and "+ " a row.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, load_articles
from articleqa.models import Block, BlockKind
from articleqa.passages import passages_of
from articleqa.text.blocks import blocks_of

SEEDS = Path(__file__).parents[2] / "seeds"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "articles.txt"
CASE = re.compile(r"^== (.+)\n((?s:.*?))\n--\n((?s:.*?))(?=^== |\Z)", re.MULTILINE)
MARKS = {BlockKind.HEADING: "#", BlockKind.BOILERPLATE: "-", BlockKind.PROSE: "|"}
MARKS |= {BlockKind.HEADER_ROW: "=", BlockKind.ROW: "+", BlockKind.ITEM: "*", BlockKind.CODE: "$"}
CASES = [
    pytest.param(m[2], m[3].split("\n\n")[0].split("\n"), id=m[1])
    for m in CASE.finditer(FIXTURES.read_text("utf-8"))
]


def shown(block: Block, text: str) -> str:
    mark = MARKS[block.kind] * (block.level if block.kind is BlockKind.ITEM else 1)
    return f"{mark} {' '.join(block.span.of(text).split())}"


@pytest.mark.parametrize(("text", "expected"), CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_an_article_falls_into_its_blocks(text: str, expected: list[str], line_end: str) -> None:
    text = text.replace("\n", line_end)
    assert [shown(block, text) for block in blocks_of(text)] == [line for line in expected if line]


def test_the_fixture_file_is_read_to_its_end() -> None:
    assert len(CASES) == FIXTURES.read_text("utf-8").count("\n--\n") > 15


PIECES = [*"ab A.-•>\n\r\t\u2028?:1)", "\n\n", "Home", "\r\n", " word"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_blocks_are_in_order_and_leave_out_only_white_space_and_marks(text: str) -> None:
    end = 0
    rest = []
    for block in blocks_of(text):
        assert end <= block.span.start < block.span.end
        assert block.span.of(text) == block.span.of(text).strip()
        rest.append(text[end : block.span.start])
        end = block.span.end
    assert not re.sub(r"[1Aab]?[).]|[•>-]|A:", "", "".join([*rest, text[end:]])).strip()


def wrapped(text: str, width: int) -> str:
    lines = (
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
    return "\n".join(lines)


def sentences(article: Article) -> list[str]:
    return [
        " ".join(s.of(article.text).split())
        for passage in passages_of(article)
        for s in passage.sentence_spans
    ]


@pytest.mark.parametrize("width", [66, 72, 80, 100])
@pytest.mark.parametrize("number", [0, 1])
def test_a_hard_wrapped_article_has_the_sentences_of_the_unwrapped(number: int, width: int) -> None:
    article = load_articles(SEEDS)[number]
    hard = article.model_copy(update={"text": wrapped(article.text, width)})
    assert sentences(hard) == sentences(article)


PARAGRAPH = (
    "The court closed the confederation on Wednesday – at the request of the ministry – and its president, "
    "who had led it for ten years, was charged with embezzlement on the same day by the prosecutor in Astana."
)


def test_in_a_hard_wrapped_text_a_heading_may_stand_right_above_its_text() -> None:
    text = "\n\n".join(f"Heading {n}\n{wrapped(PARAGRAPH, 72)}" for n in range(3))
    assert [block.kind for block in blocks_of(text)] == [BlockKind.HEADING, BlockKind.PROSE] * 3


def test_in_a_hard_wrapped_text_the_items_of_a_list_stay_apart() -> None:
    items = [f"- {PARAGRAPH[:150]}", f"- {PARAGRAPH[41:170]}", "- a short one", f"- {PARAGRAPH[21:190]}"]
    text = wrapped(PARAGRAPH, 72) + "\n\n" + "\n".join(wrapped(item, 72) for item in items)
    found = [" ".join(block.span.of(text).split()) for block in blocks_of(text)]
    assert found == [PARAGRAPH, *(item[2:].strip() for item in items)]


def test_in_a_hard_wrapped_text_an_address_stays_in_lines() -> None:
    prose = wrapped(PARAGRAPH, 72)
    text = f"{prose}\n\n{prose}\n\nHuman Rights Watch\n350 Fifth Avenue\nNew York"
    assert [shown(block, text) for block in blocks_of(text)][2:] == [
        "| Human Rights Watch",
        "| 350 Fifth Avenue",
        "| New York",
    ]


def test_long_lines_that_end_sentences_are_no_hard_wrapping() -> None:
    lines = [
        f"{n} workers went on strike at the {'very ' * n}large plant near the southern city."
        for n in range(2, 8)
    ]
    text = "\n".join(lines)
    assert [block.span.of(text) for block in blocks_of(text)] == lines
    assert not any(block.hard_wrapped for block in blocks_of(text))


@pytest.mark.parametrize("between", [" | ", "\t", "\t\t"])
def test_lines_of_as_many_cells_each_are_a_table(between: str) -> None:
    rows = [between.join(row) for row in (("City", "Rain"), ("Oslo", "12. Or 13."), ("Rome", "4"))]
    text = "Rain\n\n" + "\n".join(rows) + "\n\nIt rained | or not.\nIt snowed."
    kinds = [(block.kind, block.span.of(text)) for block in blocks_of(text)]
    assert kinds[1:4] == [
        (BlockKind.HEADER_ROW, rows[0]),
        (BlockKind.ROW, rows[1]),
        (BlockKind.ROW, rows[2]),
    ]
    assert {kind for kind, _ in kinds[4:]} == {BlockKind.PROSE}
