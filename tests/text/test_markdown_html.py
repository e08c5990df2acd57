from __future__ import annotations

import pytest

from articleqa.loaders.text.markdown import load_markdown
from shown import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>It rained\nall day.</p><p>It stopped.</p>", ["| It rained\nall day.", "| It stopped."]),
        ("<h2>Title</h2>\n<div>Text.</div>", ["## Title", "| Text."]),
        ("<ul>\n<li>One\n<ul><li>Two</li></ul></li>\n<li>Three</li></ul>", ["* One", "** Two", "* Three"]),
        ("<ul><li><p>One</p><p>More</p></li></ul><p>Text</p>", ["* One", "** More", "| Text"]),
        ("<dl><dt>Tide</dt><dd>A rise</dd></dl>", ["* Tide", "** A rise"]),
        ("<pre><code>a\n\nb</code></pre>", ["$ a\n\nb"]),
        ('<pre class="mermaid">a --> b</pre>', ["- a --> b"]),
        ("<p>A<br>B</p>", ["| A", "| B"]),
        ("<p><b>A</b> or <i>b</i></p>", ["| <b>A</b> or <i>b</i>"]),
        ("<p><b>A</b></p>", ["| A"]),
        ("<p>a <b>c</b></p>", ["| a <b>c</b>"]),
        ("<div><!-- no --><script>\nno\n</script><svg>no</svg>Text.</div>", ["| Text."]),
        ("<figure>\n{% image 'a.png' %}\n<figcaption>The quay.</figcaption></figure>", ["| The quay."]),
        ("- <p>One</p>\n  <p>Two</p>", ["* One", "* Two"]),
    ],
)
def test_raw_html_is_read_by_its_tags(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_rows_of_an_html_table_are_rows() -> None:
    text = "<table>\n<tr><th>City</th><th>Rain</th></tr>\n<tr><td>Oslo</td>\n<td><b>12</b></td></tr></table>"
    assert shown(text) == ["= City</th><th>Rain", "+ Oslo</td>\n<td><b>12"]


def test_a_table_goes_on_below_blank_and_indented_lines() -> None:
    text = "<table>\n\n  <tr><td>a</td>\n\n      <td>b</td></tr>\n\n</table>\n\n    code"
    assert shown(text) == ["+ a</td>\n\n      <td>b", "$ code"]


@pytest.mark.parametrize(
    "row",
    ["<tr><td><b>A</b></td><td><b>B</b></td></tr>", "<thead><tr><td>A</td><td>B</td></tr></thead>"],
)
def test_a_bold_first_row_or_head_is_a_header_row(row: str) -> None:
    text = f"<table>{row}<tr><td><b>1</b></td><td><b>2</b></td></tr></table>"
    assert [line[0] for line in shown(text)] == ["=", "+"]


def test_a_row_of_one_cell_is_prose() -> None:
    assert shown("<table><tr><td>It rained all day.</td></tr></table>") == ["| It rained all day."]


def test_a_heading_of_html_is_a_title() -> None:
    assert load_markdown(b"<h1 align='center'><b>Storm</b></h1>\n\nText.", "a.md", "").title == "Storm"
