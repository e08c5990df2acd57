"""Plain text as people write it: wrapped lines, mail, pages, lists, tables, code, contents, transcripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article
from articleqa.models import BlockKind
from articleqa.passages import passages_of
from articleqa.text.blocks import blocks_of

MARKS = {
    BlockKind.HEADING: "#",
    BlockKind.BOILERPLATE: "-",
    BlockKind.PROSE: "|",
    BlockKind.HEADER_ROW: "=",
    BlockKind.ROW: "+",
    BlockKind.ITEM: "*",
    BlockKind.CODE: "$",
}
WIDE = (
    "The council of the harbour met on Tuesday in the old customs house and\n"
    "spoke for two hours about the cranes, which have stood still since the\n"
    "storm in March, and about the ships that now go to Quellmouth instead.\n"
)


def shown(text: str) -> list[str]:
    """Return each block as its mark and its text, an item with one mark for each level."""
    blocks = blocks_of(text)
    return [
        MARKS[block.kind] * (block.level if block.kind is BlockKind.ITEM else 1)
        + " "
        + " ".join(block.span.of(text).split())
        for block in blocks
    ]


def sentences(text: str) -> list[str]:
    passages = passages_of(Article(id="a", text=text))
    return [span.of(text) for passage in passages for span in passage.sentence_spans]


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_mail_header_leaves_the_wrapped_text_below_it_whole() -> None:
    header = "From: Bo <bo@mill.example>\nTo: all\nSubject: Looms\n"
    text = f"{header}\nDear all,\n\n{WIDE}\nBo\n--\nBo Orr\nTel. 7\n"
    assert shown(text) == [
        *("+ From: Bo <bo@mill.example>", "+ To: all", "+ Subject: Looms", "| Dear all,"),
        f"| {one_line(WIDE)}",
        *("| Bo", "- --", "+ Bo Orr", "+ Tel. 7"),
    ]
    assert WIDE.strip() in sentences(text)


def test_two_lines_are_wrapped_as_their_neighbours_are() -> None:
    two = "The cranes were bought in the year in which the railway came to Orrby\nBridge.\n"
    assert shown(f"{WIDE}\n{two}\n{WIDE}")[1] == f"| {one_line(two)}"
    assert shown(two) == [
        "| The cranes were bought in the year in which the railway came to Orrby",
        "| Bridge.",
    ]


def test_a_heading_or_verse_in_wrapped_text_keeps_its_lines() -> None:
    verse = "Two ships went by\nAnd one came in\nAnd none went out\n"
    assert shown(f"{WIDE}\n{verse}\n{WIDE}")[1:4] == [f"| {line}" for line in verse.splitlines()]


def test_a_wide_line_does_not_hide_that_text_is_wrapped() -> None:
    wide = (
        WIDE + "and that there was no quorum until the pilots came in from the outer quays\n" + WIDE.lower()
    )
    assert shown(wide) == [f"| {one_line(wide)}"]


def test_justified_text_is_prose_and_no_table() -> None:
    text = (
        "This procedure  lets the  crews of  small boats  send a message  to the\n"
        "harbour  office with  as few words as  can be.  The office  answers  in\n"
        "turn, and  delivery of  the answer  is not  promised in  any weather by\n"
        "anyone.\n"
    )
    assert shown(text) == [f"| {one_line(text)}"]


def test_the_marks_of_quoted_mail_open_no_block() -> None:
    quoted = "".join(f"> {line}\n" for line in WIDE.splitlines())
    (first, second) = blocks_of(f"{quoted}\nI agree with all of that.")
    text = f"{quoted}\nI agree with all of that."
    assert first.hard_wrapped
    assert first.span.of(text).startswith("The council")
    assert second.span.of(text) == "I agree with all of that."


PAGES = """\
Harbour Board                                     Report 7

1. Cranes

   The board bought two cranes in the spring of last year, and both
   were put up on the north quay, where the ships with timber and



Orr                                                 [Page 1]
{feed}
Harbour Board                                     Report 7


   grain are unloaded. The third crane is on loan from the
   railway and goes back in May.

   It costs nothing.



Orr                                                 [Page 2]
{feed}
Harbour Board                                     Report 7


2. Sheds

   Shed four is dry.



Orr                                                 [Page 3]
"""


@pytest.mark.parametrize("feed", ["\f", ""])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_sentence_goes_on_over_a_page_break(feed: str, line_end: str) -> None:
    text = PAGES.format(feed=feed).replace("\n", line_end)
    said = [one_line(sentence) for sentence in sentences(text)]
    assert said[0].startswith("The board bought two cranes")
    assert said[0].endswith("grain are unloaded.")
    assert said[1:] == [
        "The third crane is on loan from the railway and goes back in May.",
        *("It costs nothing.", "Shed four is dry."),
    ]
    assert {"# 1. Cranes", "# 2. Sheds", "- Orr [Page 2]", "- Orr [Page 3]"} <= set(shown(text))


def test_numbered_chapters_are_no_page_numbers() -> None:
    text = "\n\n".join(f"Chapter {n}\n\nIt rained all day in the month after." for n in range(1, 5))
    assert shown(text)[::2] == [f"# Chapter {n}" for n in range(1, 5)]


def test_letters_and_numerals_of_laws_are_items_of_two_levels() -> None:
    text = (
        "A keeper shall ensure that:\n\n(a) the run is dry; and\n\n(b) the hens have:\n\n"
        "(i) water; and\n\n(ii) feed that is\nfit for hens.\n\nThis is the law."
    )
    assert shown(text) == [
        *("| A keeper shall ensure that:", "* the run is dry; and", "* the hens have:"),
        *("** water; and", "** feed that is fit for hens.", "| This is the law."),
    ]


def test_an_item_has_what_is_indented_below_it() -> None:
    text = "- Bring tools\n  and gloves.\n\n  They may be old.\n\n  - No axes.\n\n- Come early.\n\nThank you."
    assert shown(text) == [
        *("* Bring tools and gloves.", "** They may be old.", "** No axes.", "* Come early."),
        "| Thank you.",
    ]


def test_a_day_of_a_month_is_no_item() -> None:
    assert shown("3. Mai 1999 war der Tag.") == ["| 3. Mai 1999 war der Tag."]


def test_a_term_stands_above_its_meaning() -> None:
    text = "-v, --verbose\n    say more of it\n-q\n    say nothing at\n    all"
    assert shown(text) == ["* -v, --verbose", "** say more of it", "* -q", "** say nothing at all"]


def test_numbered_lines_between_texts_are_headings_by_depth() -> None:
    text = "1. Scope\n\n   It is for boats.\n\n1.1 Small boats\n\n   They are short.\n\n2. Fees\n\n   None."
    headings = [(b.level, b.span.of(text)) for b in blocks_of(text) if b.kind is BlockKind.HEADING]
    assert headings == [(1, "1. Scope"), (2, "1.1 Small boats"), (1, "2. Fees")]
    steps = "1. Wash the fruit\n\n2. Peel it\n\n3. Boil it"
    assert shown(steps) == ["* Wash the fruit", "* Peel it", "* Boil it"]


def test_underlined_lines_are_headings() -> None:
    text = "Boats\n=====\n\nAll of them.\n\nSmall\n-----\nThey are short."
    blocks = [(b.level, b.span.of(text)) for b in blocks_of(text) if b.kind is BlockKind.HEADING]
    assert blocks == [(1, "Boats"), (2, "Small")]


def test_columns_parted_by_spaces_are_a_table() -> None:
    table = "Day        High     Low\nMonday     06:12    12:30\nTuesday    06:58    13:15"
    text = f"Tides, week 32\n\n{table}\n\nLocal times."
    assert shown(text) == [
        *("# Tides, week 32", "= Day High Low", "+ Monday 06:12 12:30", "+ Tuesday 06:58 13:15"),
        "| Local times.",
    ]


def test_rows_of_words_only_have_their_header_too() -> None:
    text = "Name      Role\nOdra      chair\nPell      clerk"
    assert shown(text) == ["= Name Role", "+ Odra chair", "+ Pell clerk"]


def test_a_cell_that_goes_on_below_stays_in_its_row() -> None:
    text = "Code   Meaning\n10     the first of\n       two lines\n20     another"
    assert shown(text) == ["= Code Meaning", "+ 10 the first of two lines", "+ 20 another"]


def test_a_grid_is_a_table() -> None:
    rule = "+-------+-------+"
    text = f"{rule}\n| Well  | Depth |\n{rule}\n| North | 30 m  |\n| South | 42 m  |\n{rule}"
    assert [line for line in shown(text) if line[0] != "-"] == [
        *("= | Well | Depth |", "+ | North | 30 m |", "+ | South | 42 m |"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "$ pumpctl start --well 3\npump: running\n$ pumpctl status",
        "date-time = date SP time\ndate      = 4DIGIT 2DIGIT 2DIGIT\n            [zone]\nzone      = ALPHA",
        "int main() {\n    return 0;\n}",
        "0                   1\n+-+-+-+-+-+-+-+-+-+-+\n|  Port   | Length  |\n+-+-+-+-+-+-+-+-+-+-+",
        "[pump]\nspeed = 3\nname = north",
        '{\n  "name": "north",\n  "speed": 3\n}',
    ],
)
def test_code_grammars_and_figures_are_one_block(code: str) -> None:
    indented = "".join(f"    {line}\n" for line in code.splitlines())
    text = f"{WIDE}\n{indented}\n{WIDE}"
    (block,) = (block for block in blocks_of(text) if block.kind is BlockKind.CODE)
    assert block.span.of(text) == indented.strip()


def test_code_with_blank_lines_is_one_block() -> None:
    text = "To run it:\n\n    x = 1;\n    y = 2;\n\n    run(x, y);\n    stop();\n\nThat is all."
    assert [line[0] for line in shown(text)] == ["|", "$", "|"]


def test_contents_with_page_numbers_are_boilerplate() -> None:
    text = (
        "Table of Contents\n\n  1. Scope ........... 3\n    1.1 Boats ........ 4\n\n  2. Fees ........ 9\n\n"
        "1. Scope\n\nIt is for all boats.\n"
    )
    assert [line[0] for line in shown(text)] == ["-", "-", "-", "#", "|"]


def test_contents_without_page_numbers_are_boilerplate() -> None:
    text = "Contents\n\nSummary\nMethods\n\nSummary\n\nWe sank ten wells.\n\nMethods\n\nWe used a drill."
    assert shown(text)[2:] == ["# Summary", "| We sank ten wells.", "# Methods", "| We used a drill."]
    assert shown(text)[:2] == ["- Contents", "- Summary Methods"]


def test_a_price_list_with_leaders_is_no_table_of_contents() -> None:
    text = "Soup ........ 4\nFish ....... 12\nTea ......... 2"
    assert not any(line.startswith("- ") for line in shown(text))


def test_what_a_chapter_is_about_is_no_answer() -> None:
    text = (
        "CHAPTER VI\n\nLeave the Town--Salt Lake--Bolas--Foxes and\nFeatures of the Land--Hail--Meat Diet\n\n"
        "The bolas are of two kinds, and both are thrown by riders."
    )
    assert [line[0] for line in shown(text)] == ["#", "-", "|"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q: Who saw it?\nA: My sister.", ["# Q: Who saw it?", "| My sister."]),
        ("Q. Who saw it?\n\nA. My sister.", ["# Q. Who saw it?", "| My sister."]),
        (
            "MR. ORR: Who saw it?\nMISS HALE: My sister.",
            ["# MR. ORR: Who saw it?", "| MISS HALE: My sister."],
        ),
        ("What happens to my key?\n\nHand it in.", ["# What happens to my key?", "| Hand it in."]),
    ],
)
def test_a_question_is_the_heading_of_its_answer(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_a_question_does_not_hide_its_section() -> None:
    text = "Hearing of Monday\n\nQ: Who saw the smoke first?\nA: My sister.\nQ: When was that?\nA: At three."
    (*_, last) = passages_of(Article(id="a", text=text))
    assert [heading.of(text) for heading in last.headings] == ["Hearing of Monday", "Q: When was that?"]


LINES = [
    "word goes on",
    "- a",
    "(a) b; and",
    "1. C",
    "  2) d",
    "> e",
    "f  g  h",
    "|x|y|",
    "+--+",
    "\f",
    "[Page 1]",
]
LINES += [
    "",
    "",
    "A: no",
    "Q: why?",
    "Key: value",
    "====",
    "--",
    "x = 1;",
    "1 ... 3",
    "Contents",
    WIDE.strip(),
]


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_blocks_stay_apart_and_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    end = 0
    for block in blocks_of(text):
        assert end <= block.span.start < block.span.end
        assert block.span.of(text) == block.span.of(text).strip()
        end = block.span.end
    for sentence in sentences(text):
        assert sentence == sentence.strip() != ""
