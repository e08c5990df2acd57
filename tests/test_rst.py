from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.articles.rst import MEDIA_TYPE, load_rst
from articleqa.models import BlockKind
from articleqa.text.rst_blocks import rst_blocks

KIND = {BlockKind.PROSE: "|", BlockKind.BOILERPLATE: "x"}


def shown(text: str) -> list[str]:
    return [f"{'#' * block.level or KIND[block.kind]} {block.span.of(text)}" for block in rst_blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title\n=====\n\nText.", ["# Title", "x =====", "| Text."]),
        ("=====\n Title\n=====\nText.", ["x =====", "# Title", "x =====", "| Text."]),
        ("A\n==\nB\n--\nC\n==\n", ["# A", "x ==", "## B", "x --", "# C", "x =="]),
        ("==\nA\n==\n\nB\n==\n", ["x ==", "# A", "x ==", "## B", "x =="]),
        ("Title\r\n=====\r\n\r\nText.\r\n", ["# Title", "x =====", "| Text."]),
        ("Text, that goes on\nand on.\n-------\n", ["| Text, that goes on", "| and on.", "x -------"]),
        ("Text.\n\n----\n\nMore.", ["| Text.", "x ----", "| More."]),
        ("    Some code in lines.\n    ====\n", ["| Some code in lines.", "x ===="]),
        ("A line of words.\n==\n", ["| A line of words.", "x =="]),
        (".. image:: a.png\n   :alt: A\n\nText.", ["x .. image:: a.png", "x :alt: A", "| Text."]),
        (
            ".. figure:: a.png\n   :width: 9\n\n   Caption.",
            ["x .. figure:: a.png", "x :width: 9", "| Caption."],
        ),
        (".. note:: Take care.\n   It bites.", ["x .. note::", "| Take care.", "| It bites."]),
        (".. note::\n\n   Take care.", ["x .. note::", "| Take care."]),
        (
            ".. toctree::\n   :maxdepth: 2\n\n   a\n   b\nText.",
            ["x .. toctree::", "x :maxdepth: 2", "x a", "x b", "| Text."],
        ),
        (
            ".. A comment\n   goes on\n\n   and on.\n\nText.",
            ["x .. A comment", "x goes on", "x and on.", "| Text."],
        ),
        ("..\n   A comment.\n\nText.", ["x ..", "x A comment.", "| Text."]),
        ("..\n\n   A quotation.", ["x ..", "| A quotation."]),
        (".. _target: http://x.org/\n\nText.", ["x .. _target: http://x.org/", "| Text."]),
        ("Text [1]_.\n\n.. [1] Noted.", ["| Text [1]_.", "x .. [1]", "| Noted."]),
        (".. seealso:: Two. Three.\n   Four.", ["x .. seealso::", "| Two. Three.", "| Four."]),
        ("...and so on.", ["| ...and so on."]),
        ("Ab\n..\n", ["| Ab", "x .."]),
        ("", []),
    ],
)
def test_marks_are_told_from_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


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


LINES = st.lists(
    st.sampled_from(
        ["", "Title", " Title", "=====", "==", "..", ".. c", "   :a: b", ".. note:: x", ".. image:: y"]
    )
    | st.text("ab.=: -\t\n\r", max_size=8),
    max_size=14,
)


@given(LINES)
def test_blocks_cover_all_that_is_no_white_space_in_order_and_apart(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = rst_blocks(text)
    assert all(one.span.end <= two.span.start for one, two in pairwise(blocks))
    assert all(block.span.of(text) == block.span.of(text).strip() != "" for block in blocks)
    assert sum(len(c.span.of(text).split()) > 0 for c in blocks) == len(blocks)
    covered = "".join("".join(block.span.of(text).split()) for block in blocks)
    assert covered == "".join(text.split())
