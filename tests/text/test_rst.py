from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex
from articleqa.loaders.text.rst import MEDIA_TYPE, load_rst
from articleqa.models import Block, BlockKind
from articleqa.passages import passages_of
from articleqa.text.rst.blocks import rst_blocks

KIND = {
    BlockKind.PROSE: "|",
    BlockKind.HEADING: "#",
    BlockKind.ITEM: "-",
    BlockKind.CODE: "$",
    BlockKind.HEADER_ROW: "=",
    BlockKind.ROW: "+",
    BlockKind.BOILERPLATE: "x",
}


def shown(text: str) -> list[str]:
    return [f"{KIND[block.kind] * max(1, block.level)} {block.span.of(text)}" for block in rst_blocks(text)]


def content(text: str) -> list[str]:
    return [line for line in shown(text) if not line.startswith("x")]


def loaded(text: str, name: str = "a.rst") -> Article:
    return load_rst(text.encode(), name, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title\n=====\n\nText.", ["# Title", "x =====", "| Text."]),
        ("=====\n Title\n=====\nText.", ["x =====", "# Title", "x =====", "| Text."]),
        ("A\n==\nB\n--\nC\n==\n", ["# A", "x ==", "## B", "x --", "# C", "x =="]),
        ("==\nA\n==\n\nB\n==\n", ["x ==", "# A", "x ==", "## B", "x =="]),
        ("Title\r\n=====\r\n\r\nText.\r\n", ["# Title", "x =====", "| Text."]),
        ("Is it safe?\n-----------\nNo.", ["# Is it safe?", "x -----------", "| No."]),
        ("Text, that goes on\nand on.\n-------\n", ["| Text, that goes on\nand on.", "x -------"]),
        ("Text.\n\n----\n\nMore.", ["| Text.", "x ----", "| More."]),
        ("    A quotation.\n    ====\n", ["| A quotation.", "x ===="]),
        ("A line of words.\n==\n", ["| A line of words.", "x =="]),
        ("Ab\n..\n", ["| Ab", "x .."]),
        ("...and so on.", ["| ...and so on."]),
        ("", []),
    ],
)
def test_titles_are_told_from_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. image:: a.png\n   :alt: A\n\nText.", ["x .. image:: a.png\n   :alt: A", "| Text."]),
        (
            ".. figure:: a.png\n   :width: 9\n\n   Caption.",
            ["x .. figure:: a.png", "x :width: 9", "| Caption."],
        ),
        (".. note:: Take care.\n   It bites.", ["x .. note::", "| Take care.\n   It bites."]),
        (".. note::\n\n   Take care.\n\n   - one", ["x .. note::", "| Take care.", "- one"]),
        (
            ".. toctree::\n   :maxdepth: 2\n\n   a\nText.",
            ["x .. toctree::\n   :maxdepth: 2\n\n   a", "| Text."],
        ),
        (
            ".. A comment\n   goes on\n\n   and on.\n\nText.",
            ["x .. A comment\n   goes on\n\n   and on.", "| Text."],
        ),
        ("..\n   A comment.\n\nText.", ["x ..\n   A comment.", "| Text."]),
        ("..\n\n   A quotation.", ["x ..", "| A quotation."]),
        (".. _target: http://x.org/\n\nText.", ["x .. _target: http://x.org/", "| Text."]),
        ("__ http://x.org/\n\nText.", ["x __ http://x.org/", "| Text."]),
        ("Text [1]_.\n\n.. [1] Noted.", ["| Text [1]_.", "x .. [1]", "| Noted."]),
        (".. |x| replace:: y\n\n|x| |z|_\n", ["x .. |x| replace:: y", "x |x| |z|_"]),
        (".. raw:: html\n\n   <p>no</p>\n", ["x .. raw:: html\n\n   <p>no</p>"]),
        (".. rubric:: Knots\n\nText.", ["x .. rubric::", "######### Knots", "| Text."]),
        (".. sidebar:: Rope\n\n   Wet rope.", ["x .. sidebar::", "- Rope", "-- Wet rope."]),
        (".. versionadded:: 3.5\n   The gate.", ["x .. versionadded::", "| 3.5\n   The gate."]),
        (".. setting:: GATE\n\nText.", ["x .. setting:: GATE", "| Text."]),
        (
            ".. function:: lift(gate)\n   :noindex:\n\n   Lifts it.\n\n   :param gate: Which.\n\nText.",
            [
                *("x .. function::", "- lift(gate)", "x :noindex:", "-- Lifts it."),
                *("++ :param gate: Which.", "| Text."),
            ],
        ),
        (
            ".. confval:: depth\n   :default: 3\n\n   How deep.",
            ["x .. confval::", "- depth", "++ :default: 3", "-- How deep."],
        ),
        (
            ".. glossary::\n\n   spar\n   boom\n      A pole.",
            ["x .. glossary::", "- spar\n   boom\n      A pole."],
        ),
    ],
)
def test_directives_hide_their_marks_and_keep_their_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See::\n\n  a\n\n    b\n c\nText.", ["| See::", "$ a\n\n    b\n c", "| Text."]),
        ("See::\n  a\n", ["| See::", "$ a"]),
        ("::\n\n  a\n", ["x ::", "$ a"]),
        ("See::\n\n> a\n> b\n\nText.", ["| See::", "$ > a\n> b", "| Text."]),
        (">>> 1 + 1\n2\n\nText.", ["$ >>> 1 + 1\n2", "| Text."]),
        (
            ".. code-block:: sh\n   :linenos:\n\n   ls\n   cd\n",
            ["x .. code-block:: sh", "x :linenos:", "$ ls\n   cd"],
        ),
        (".. productionlist::\n   a: b\n   b: c\n", ["x .. productionlist::", "$ a: b\n   b: c"]),
        (".. math:: a^2\n", ["x .. math::", "$ a^2"]),
        ("- see::\n\n    a\n\n  after", ["- see::", "$$ a", "-- after"]),
    ],
)
def test_code_is_one_block(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one\n  goes on\n\n  more\n\n  - two\n\n    * three\n\n- four\n\nText.",
         ["- one\n  goes on", "-- more", "-- two", "--- three", "- four", "| Text."]),
        ("1. a\n#. b\n\n(a) c; and\n(b) d\n\niv) e", ["- a", "- b", "- c; and", "- d", "- e"]),
        ("- - a\n  - b", ["-- a", "-- b"]),
        ("*\ta\n\n\tb", ["- a", "-- b"]),
        ("- one\ngoes on\n- two", ["- one\ngoes on", "- two"]),
        ("- one\n  - two\n  - three", ["- one", "-- two", "-- three"]),
        ("It has:\n- one\n- two", ["| It has:", "- one", "- two"]),
        ("It costs 3 -\n- no, 4.", ["| It costs 3 -\n- no, 4."]),
        ("K. Petrie ties\nknots.", ["| K. Petrie ties\nknots."]),
        ("1740. It froze\nall year.", ["| 1740. It froze\nall year."]),
        ("knot : rope\n    A turn\n    of rope.\n\n    More.\nbend\n    A join.",
         ["- knot : rope\n    A turn\n    of rope.", "-- More.", "- bend\n    A join."]),
        ("knot\n    - a turn\n", ["- knot", "-- a turn"]),
        ("-v, --verbose  Be loud.\n-o FILE        Write\n               there.\n--all\n    Take all.",
         ["+ -v, --verbose  Be loud.", "+ -o FILE        Write\n               there.",
          "+ --all\n    Take all."]),
        ("| Roses\n| are\n  red\n|\n| and", ["| Roses", "| are\n  red", "| and"]),
    ],
)  # fmt: skip
def test_items_have_levels_and_lose_their_markers(text: str, expected: list[str]) -> None:
    assert content(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+--+--+\n| a| b|\n+==+==+\n| 1| 2|\n|  | x|\n+--+--+\n| 3| 4|\n+--+--+",
         ["= | a| b|", "+ | 1| 2|\n|  | x|", "+ | 3| 4|"]),
        ("+--+--+\n| 1| 2|\n+--+--+\n\nText.", ["+ | 1| 2|", "| Text."]),
        ("=====  ====\nA      B\n=====  ====\n1      2\n       x\n3      4\n=====  ====\n\nText.",
         ["= A      B", "+ 1      2\n       x", "+ 3      4", "| Text."]),
        ("==  ==\n1   2\n==  ==\n", ["+ 1   2"]),
        (".. list-table:: Fees\n   :header-rows: 1\n\n   * - Boat\n     - Fee\n   * - Skiff\n     - 3\n",
         ["| Fees", "= Boat\n     - Fee", "+ Skiff\n     - 3"]),
        ('.. csv-table:: Tides\n   :header: Day, Time\n\n   "Mon\n   day", 6\n   Tue, 7\n',
         ["| Tides", "= Day, Time", '+ "Mon\n   day", 6', "+ Tue, 7"]),
    ],
)  # fmt: skip
def test_a_row_of_a_table_is_one_block(text: str, expected: list[str]) -> None:
    assert content(text) == expected


@pytest.mark.parametrize(
    ("head", "title", "metadata"),
    [
        ("No: 20\nTitle: The Craft\n  of Knots\nCreated: 19-Aug-2004\n", "The Craft of Knots",
         {"no": "20", "created": "19-Aug-2004", "date": "19-Aug-2004"}),
        (":Title: Knots\n:Author: Bo\n:Date: $Date: 2020-05-17 $\n", "Knots",
         {"author": "Bo", "date": "2020-05-17"}),
        ("Knots\n#####\n\n:Author: Bo\n:orphan:\n", "Knots", {"author": "Bo"}),
        (".. title: Knots\n.. date: 2020-05-17\n", "Knots", {"date": "2020-05-17"}),
        (":encoding: none\n:Title: *The* ``Knot``\n", "The Knot", {}),
        ("No: 20\n", "No: 20", {"no": "20"}),
        ("Knots\n#####\n", "Knots", {}),
        (".. A comment: none\n", "a", {}),
    ],
)  # fmt: skip
def test_title_and_metadata_are_the_documents_own(head: str, title: str, metadata: Mapping[str, str]) -> None:
    article = loaded(f"{head}\nAbstract\n========\n\nText.\n\n:Note: No field of the head.\n\nEnd\n===\n")
    assert article.title == title
    assert article.metadata == {**metadata, "encoding": "utf-8"}


def test_a_common_name_is_the_title_where_it_stands_above_all() -> None:
    assert loaded("Introduction\n====\n\nText.\n\nKnots\n----\n").title == "Introduction"
    assert loaded("1. Introduction\n====\n\nText.\n\nKnots\n====\n", "b.rst").title == "b"


def test_fields_are_rows_that_answer() -> None:
    text = "Author: Tam\n  Petrie\nStatus: Active\n\nAbstract\n========\n"
    assert content(text) == ["+ Author: Tam\n  Petrie", "+ Status: Active", "# Abstract"]
    assert content("Note: It rained all day.\n") == ["| Note: It rained all day."]


def test_headings_are_guessed_only_where_none_is_marked() -> None:
    guessed = "A short line\n\nA much longer line of text that stands below it."
    assert shown(guessed)[0] == "# A short line"
    assert shown(f"Title\n=====\n\n{guessed}")[2] == "| A short line"


def test_an_article_keeps_its_text_and_has_its_first_heading_as_title() -> None:
    data = b"\xef\xbb\xbf.. _top:\r\n\r\nThe  Title\r\n==========\r\n\r\nText.\r\n"
    article = load_rst(data, "a.rst", "docs/a.rst")
    assert article.text.encode() == data[3:]
    assert (article.title, article.media_type) == ("The Title", MEDIA_TYPE)
    assert article.metadata == {"encoding": "utf-8"}
    assert article.blocks == tuple(rst_blocks(article.text))
    assert load_rst(b".. image:: a.png\n\nText.", "a", "").title == "Text."
    assert load_rst(b"", "a.rst", "").title == "a"


def test_sentences_go_on_over_line_ends_below_code() -> None:
    code = "".join(f"    gate.lift({number})\n" for number in range(20))
    text = f"Use it so::\n\n{code}\nThe inspection is planned for the week\nbefore the gate opens. Come.\n"
    sentences = [s.of(text) for passage in passages_of(loaded(text)) for s in passage.sentence_spans]
    assert sentences[2:] == ["The inspection is planned for the week\nbefore the gate opens.", "Come."]


def test_a_field_answers_who_wrote_a_document() -> None:
    text = (
        "Title: The Craft of Knots\nAuthor: Tam Petrie\n\nAbstract\n========\n\nA wet rope is tied twice.\n"
    )
    answer = ArticleIndex.from_articles([loaded(text)]).ask("Who is the author of The Craft of Knots?")
    assert answer.sentences[0].text == "Author: Tam Petrie"
    assert answer.sentences[0].citation.title == "The Craft of Knots"


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "  ", "   ", "\t"]),
        st.sampled_from(
            (
                *("", "Title", "=====", "==", "..", ".. c", ":a: b", ":a:", ".. note:: x", ".. image:: y"),
                *("- a", "* - a", "1. a", "a::", "::", "+--+--+", "| a|b |", "+==+==+", "== ==", "a  b"),
                *("-v, --x  a", "| v", "|", ">>> a", ".. list-table::", ".. csv-table:: t", ":header: a,b"),
                *('"a', ".. function:: f()", ".. glossary::", ".. rubric:: R", ".. [1] f", ".. code::"),
                *(
                    "A: b",
                    "__ u",
                    "> q",
                    "\x1c-",
                    "- \u2028",
                    "- - -\tx",
                    ".. math:: x",
                    ".. |x| replace:: y",
                ),
            )
        )
        | st.text("ab.=: -|+\t\n\r", max_size=8),
    ).map("".join),
    max_size=14,
)
MARKER = regex.compile(r"[-*+•‣⁃|]|\(?(\w+|#)[.)]")


@settings(max_examples=200)
@given(LINES)
def test_blocks_cover_all_but_markers_in_order_and_apart(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = rst_blocks(text)
    assert all(one.span.end <= two.span.start for one, two in pairwise(blocks))
    assert all(block.span.of(text) == block.span.of(text).strip() != "" for block in blocks)
    assert all(MARKER.fullmatch(word) for word in uncovered(text, blocks).split())


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_has_blocks_without_outer_white_space(text: str) -> None:
    assert all(block.span.of(text).strip() == block.span.of(text) != "" for block in rst_blocks(text))


def uncovered(text: str, blocks: list[Block]) -> str:
    ends = [0, *(block.span.end for block in blocks)]
    starts = [*(block.span.start for block in blocks), len(text)]
    return " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))


@pytest.mark.parametrize(
    "unit",
    [
        *("- ", "- a\n", "1. a\n\n", ":a: b\n", "a::\n\n  b\n\n", "== ==\na\n", "== ==\n\n", "+--+\n| a|\n"),
        *("| a\n", "-v, --x  a\n", "--aa", ":a:b", ".. note::\n", ".. a:b", "a\n  b\n", ".. list-table::\n"),
        *(">>> a\n", "::\n\n", "(a) ", "|a| ", ".. |", '.. csv-table::\n\n  "a\n', ".. _a\n\n\n", "\n", " "),
    ],
)
def test_many_marks_take_time_in_proportion_to_their_number(unit: str) -> None:
    start = time.process_time()
    rst_blocks(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 3  # half a second; hundreds of them in the square of the size


def test_deep_nesting_takes_time_in_proportion_to_the_text() -> None:
    deeper = "".join(f"{' ' * depth}.. note::\n" for depth in range(1_000))
    for text in (deeper, deeper.replace(".. note::", "a"), "- " * 100_000 + "a\n\n" * 1_000):
        start = time.process_time()
        assert rst_blocks(text)
        assert time.process_time() - start < 2
