"""What sites write beside CommonMark: shortcodes, containers, footnotes, fields, bold headings."""

from __future__ import annotations

import pytest

from articleqa.loaders.text.markdown import load_markdown
from shown import shown


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{{< note >}}", "{{< /note >}}"),
        ('{{% tab name="A" %}}', "{{% /tab %}}"),
        ("{% raw %}", "{% endraw %}"),
        ('{% include a.html b="c" %}', "{%- endif -%}"),
        (":::note", ":::"),
        ("::: {.callout-tip}", ":::"),
        ('!!! note "Title"', ""),
        ("```{note}\n:class: wide", "```"),
        ("{: .note}", "{: #id}"),
        ("[TOC]", "[[_TOC_]]"),
        ('{{< figure\n src="a" >}}', "<!-- toc -->"),
    ],
)
def test_lines_of_shortcodes_and_containers_are_no_text(opening: str, closing: str) -> None:
    indent = "    " if opening.startswith("!!!") else ""
    within = f"{indent}It rained\n{indent}all day.\n\n{indent}- item\n"
    text = f"Before.\n\n{opening}\n{within}\n{closing}\n\nAfter.\n"
    lines = [" ".join(line.split()) for line in shown(text)]
    assert lines == ["| Before.", "| It rained all day.", "* item", "| After."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< note >}}It rained.{{< /note >}}", ["| It rained."]),
        ("It rained.\n{.wide}", ["| It rained."]),
        ("{{< a >}} {{< b >}}\n{% image 'a' \"{{ b }}\" %}\nText.", ["| Text."]),
        ("{% image 'a.png' \"A\" %}{.left .wide}", []),
        ("{{< part id='a' >}}</br>", []),
        ('<img src="{{ "/a.gif" | url }}" alt="A" />', []),
        ("{{ page.title }}", []),
        ("{{< skew next >}} is out.", ["| {{< skew next >}} is out."]),
    ],
)
def test_shortcodes_around_a_paragraph_are_no_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_a_shortcode_inside_a_paragraph_stays() -> None:
    text = 'Run\n{{< tip text="pods" id="pod" >}} on it.\n\n{{< tip text="Pods" id="pod" >}}\nrun.'
    assert shown(text) == [
        '| Run\n{{< tip text="pods" id="pod" >}} on it.',
        '| {{< tip text="Pods" id="pod" >}}\nrun.',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< highlight sh >}}\na\n\nb\n{{< /highlight >}}\nText.", ["$ a\n\nb", "| Text."]),
        ("{% highlight sh %}\na\n{% endhighlight %}", ["$ a"]),
        ("{{< mermaid >}}\na --> b\n{{</ mermaid >}}", ["- a --> b"]),
        ("```mermaid\na --> b\n```", ["- a --> b"]),
        ("``` {.plantuml}\na -> b\n```", ["- a -> b"]),
        ("{{< highlight sh >}}\nNever closed.", ["| Never closed."]),
        ("```text\nA. B.\n```", ["$ A. B."]),
        ("````{note}\n```sh\na\n```\nText.\n````", ["$ a", "| Text."]),
    ],
)
def test_code_is_one_block_and_a_diagram_no_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_a_footnote_is_prose_and_a_link_target_no_text() -> None:
    text = "Tides[^1] rise.\n\n[^1]: Twice a day,\n    mostly.\n\n    See there.\n\n[there]: http://a.b 'C'"
    assert shown(text) == ["| Tides[^1] rise.", "| Twice a day,\n    mostly.", "| See there."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Not allowed**\n\n- geese", ["####### Not allowed", "* geese"]),
        ("__Where?__\nAt the quay.", ["####### Where?", "| At the quay."]),
        ("<b>Where?</b><br>At the quay.", ["####### Where?", "| At the quay."]),
        ("**Where?**  \nAt the quay.", ["####### Where?", "| At the quay."]),
        ("**You must wear a hat.**\n\nAlways.", ["| **You must wear a hat.**", "| Always."]),
        ("**Note:** it rained.", ["| **Note:** it rained."]),
        ("**Last words**", ["| Last words"]),
        ("**By Bo**\n\n# Storm", ["| By Bo", "# Storm"]),
        ("- **Hat**\\\n  Wear it.", ["* **Hat**", "** Wear it."]),
        ("> **Note**\n> Rain.", ["| **Note**", "| Rain."]),
    ],
)
def test_a_bold_line_alone_heads_the_text_below_it(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_a_line_break_ends_a_line_unless_a_clause_goes_on() -> None:
    assert shown("Mill House  \n3 Quay<br>Harwick\\\nand so\\\non") == [
        "| Mill House",
        "| 3 Quay",
        "| Harwick\\\nand so\\\non",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Author: Bo\nDate: 2017\n**Status:** done", ["+ Author: Bo", "+ Date: 2017", "+ **Status:** done"]),
        ("Note: it rains\nall day.", ["| Note: it rains\nall day."]),
        ("| a | b |\n| 1 | 2 |", ["+ | a | b |", "+ | 1 | 2 |"]),
        ("+---+\n| a |\n+===+\n| 1 |\n| b |\n+---+", ["= | a |", "+ | 1 |\n| b |"]),
        ("*[CO]: Chief Officer\n*[BO]: Bo", ["+ *[CO]: Chief Officer", "+ *[BO]: Bo"]),
        ("| | |\n|-|-|\n| a | b |", ["+ | a | b |"]),
    ],
)
def test_lines_of_fields_and_cells_are_rows(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "heading",
    ["## Storm {#s}", "## Storm {: .big #s } ##", '## <a name="s"></a>Storm', "Storm {#s}\n---"],
)
def test_a_heading_stands_without_its_anchor(heading: str) -> None:
    assert shown(f"{heading}\n\nText.") == ["## Storm", "| Text."]


def test_imports_of_components_are_no_text() -> None:
    assert shown("import Tabs from '@theme/Tabs';\nimport 'a.css';\n\nimport taxes rose.") == [
        "| import taxes rose."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Contents\n\n- [A](#a)\n\n# Storm\n\nText.",
        "[Home](/) | [About](/about)\n\nStorm\n=====\n",
        "## Overview\n\nText.\n\n## Storm\n\nText.",
        "## Abstract\n\n**Storm**\n\nText.",
        "| a |\n|---|\n| b |\n\nStorm\n",
        "word. " * 500 + "\n\n# Storm\n",
    ],
)
def test_a_title_is_no_menu_and_no_name_of_a_part(text: str) -> None:
    assert load_markdown(text.encode(), "a.md", "").title == "Storm"


def test_a_text_without_words_is_called_by_its_file() -> None:
    assert load_markdown(b"## Contents\n\n| a |\n|---|\n| b |", "mills/odra.md", "").title == "odra"
