from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article
from articleqa.loaders.text.markdown import load_markdown
from articleqa.passages import passages_of
from articleqa.text.blocks import blocks_of
from shown import shown


def sentences(text: str) -> list[str]:
    article = Article(id="a", text=text, media_type="text/markdown")
    return [span.of(text) for passage in passages_of(article) for span in passage.sentence_spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n## Two ##\n### C# #\nText.", ["# One", "## Two", "### C#", "| Text."]),
        ("One\n===\nTwo\nlines\n---\nText.", ["# One", "## Two\nlines", "| Text."]),
        ("#\n\n# #\n\nText #", ["| Text #"]),
        (
            "- one\n- two\n  goes on\n\n1. three\n   - four",
            ["* one", "* two\n  goes on", "* three", "** four"],
        ),
        ("* [x] done\n+ plus", ["* done", "* plus"]),
        ("> quote\n>\n> > deep", ["| quote", "| deep"]),
        ("```py\n- code # x\n\n  more\n```\n", ["$ - code # x\n\n  more"]),
        ("    indented\n\ttab", ["$ indented\n\ttab"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["= | a | b |", "+ | 1 | 2 |"]),
        ("***\n\n---\n\n___", []),
        ("---\ntitle: X\n---\nText.", ["+ title: X", "| Text."]),
        ("---\r\ntitle: X\r\n---\r\nText.", ["+ title: X", "| Text."]),
        ("---\rtitle: X\r---\rText.", ["+ title: X", "| Text."]),
        ("---\nno end of front matter", ["| no end of front matter"]),
        ("<!-- hidden -->\nshown\n\n<!-- not\n\nshown -->", ["| shown"]),
        ("<script>\nvar a = 1;\n</script>\n\nText.", ["| Text."]),
        ("<p>The <b>law</b> was changed.</p>", ["| The <b>law</b> was changed."]),
        ("<details><summary>More</summary>\n\nText.\n\n</details>", ["| More", "| Text."]),
        ("Skip to main content\n\n# Storm\n\nText.", ["- Skip to main content", "# Storm", "| Text."]),
        ("1986\\. A year.", ["| 1986\\. A year."]),
        ("[ref]: http://example.com\n\nText [ref].", ["| Text [ref]."]),
        ("![alt](a.png)", ["| ![alt](a.png)"]),
        ("", []),
    ],
)
def test_blocks_are_those_of_commonmark(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(line_end: str) -> None:
    text = "# Storm\n\nThe storm came\nby night. It left.\n\n- One.\n- Two.\n".replace("\n", line_end)
    assert [" ".join(line.split()) for line in shown(text)] == [
        "# Storm",
        "| The storm came by night. It left.",
        "* One.",
        "* Two.",
    ]


def test_a_line_end_inside_a_paragraph_is_a_space() -> None:
    assert sentences("It rained\nall day. Then\nit stopped.") == ["It rained\nall day.", "Then\nit stopped."]


def test_a_sentence_of_a_quotation_does_not_open_with_its_mark() -> None:
    assert sentences("> It rained.\n> Then it\n> stopped.\n\nAfter > before.") == [
        "It rained.",
        "Then it\n> stopped.",
        "After > before.",
    ]


def test_headings_of_a_lower_level_stay_context_of_what_is_below_them() -> None:
    text = "# One\n\nA.\n\n## Two\n\nB.\n\n### Three\n\nC.\n\n## Four\n\nD.\n"
    article = Article(id="a", text=text, media_type="text/markdown")
    assert [[h.of(text) for h in passage.headings] for passage in passages_of(article)] == [
        ["One"],
        ["One", "Two"],
        ["One", "Two", "Three"],
        ["One", "Four"],
    ]


def test_lists_nest_deeply_without_a_loss() -> None:
    text = "\n".join("  " * depth + f"- level {depth}" for depth in range(45))
    assert shown(text) == [f"{'*' * (depth + 1)} level {depth}" for depth in range(45)]


PIECES = [
    *"ab #>-*`_[](){}<>!|\\&~=+.\n\r\t1)",
    "\n\n",
    "\r\n",
    "```",
    "---\n",
    "# ",
    "> ",
    "- ",
    "<p>",
    "<!--",
    "-->",
    *("[^a]: ", "\n: ", "(a) ", "**", "  \n", "<br>", "{{< a >}}\n", "{% highlight %}\n", ":::note\n"),
    *("!!! a\n    ", "```{note}\n", "<li>", "<tr><td>", "</ul>", "<pre>", "](#a)", "a: ", "+++\n", "|\n|"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=50).map("".join))
def test_any_markdown_gives_spans_in_order_without_outer_white_space(text: str) -> None:
    end = 0
    for block in blocks_of(text, "text/markdown"):
        assert end <= block.span.start < block.span.end <= len(text)
        assert block.span.of(text) == block.span.of(text).strip()
        end = block.span.end


HOSTILE = [
    "> ",
    ">",
    "- ",
    "1. ",
    "[",
    "![",
    "[a](",
    "*",
    "**a *",
    "_a ",
    "`",
    "\\",
    "&",
    "<",
    "<!-- ",
    "|-|",
    "#",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_markup_is_read_once(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(blocks_of(text, "text/markdown")) <= 1


@pytest.mark.parametrize("end", ["", "\n", "\n```", "\n```\n", "\n\n"])
def test_a_fence_that_is_never_closed_loses_no_line(end: str) -> None:
    text = "# A\n\n```\nalpha line one.\nThe bridge opened in 1991." + end
    assert shown(text) == ["# A", "$ alpha line one.\nThe bridge opened in 1991."]


def test_a_fence_of_one_line_that_is_never_closed_loses_nothing() -> None:
    assert shown("# A\n```\nThe bridge was opened in 1991.\n") == ["# A", "$ The bridge was opened in 1991."]


def test_a_title_is_that_of_the_whole_text_wherever_it_is_cut() -> None:
    for text in (
        "Storm\n{}\n=====\n\nText.",
        "<!-- {} -->\n\n# Storm\n\nText.",
        "[a]: b '{}'\n\nStorm\n\n{}",
    ):
        article = load_markdown(text.replace("{}", f"{'word ' * 10}\n" * 60).encode(), "a.md", "")
        assert article.title == "Storm"
