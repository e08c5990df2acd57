from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from articleqa.cli.eval import evaluate_command
from articleqa.evaluation.ablation import switches_of
from articleqa.ranking.ranker import shipped_ranker

FIXTURES = Path(__file__).parents[1] / "fixtures"
SQUAD = str(FIXTURES / "eval_squad.json")
JSONL = str(FIXTURES / "eval_questions.jsonl")
ARTICLES = {
    "road.txt": "The road opened in 114 BCE. Zhang Qian travelled it. Silk went west.",
    "envoys.txt": "The envoy Zhang Qian went first.",
}
VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """The elements of a page; fails where a tag is not balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[list[str]] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append([])
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            self.texts[element].append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
        """Return the attributes and the text, on one line, of the elements that have these."""
        return [
            (found, " ".join("".join(text).split()))
            for (name, found), text in zip(self.elements, self.texts, strict=True)
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in attributes.items())
        ]


def write_articles(folder: Path, articles: dict[str, str]) -> str:
    folder.mkdir()
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def page(tmp_path: Path, *arguments: str) -> tuple[Page, list[dict[str, Any]]]:
    """Return the page and the JSON of one run."""
    path = tmp_path / "report.html"
    result = CliRunner().invoke(evaluate_command, [*arguments, "--json", "--html", str(path)])
    assert result.exit_code == 0, result.output
    return Page(path.read_text(encoding="utf-8")), json.loads(result.stdout)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Page, list[dict[str, Any]]]:
    """A page about a set in each format."""
    articles = write_articles(tmp_path / "articles", ARTICLES)
    return page(tmp_path, JSONL, SQUAD, "--articles", articles)


def test_the_page_needs_nothing_but_itself(both: tuple[Page, list[dict[str, Any]]]) -> None:
    found, _ = both
    assert found.html.startswith("<!DOCTYPE html>")
    tags = {tag for tag, _ in found.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base", "form"})
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in found.elements:
        assert attributes.keys().isdisjoint({"src", "srcset", "action", "data", "style"})
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert attributes["href"].removeprefix("#") in ids
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
    assert "url(" not in found.html
    assert "@import" not in found.html


def test_the_page_orders_headings_and_names_tables_and_charts(
    both: tuple[Page, list[dict[str, Any]]],
) -> None:
    found, evaluations = both
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [text for _, text in found.all("h2")] == ["All sets", *(e["name"] for e in evaluations)]
    assert len(found.all("table")) == len(found.all("caption"))
    charts = found.all("svg")
    assert len(charts) == 1 + 4 * len(evaluations)
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes, _ in charts)


def test_the_figures_are_those_of_the_json(both: tuple[Page, list[dict[str, Any]]]) -> None:
    found, evaluations = both
    cells: list[tuple[str, str]] = [
        (attributes["data-label"], text) for attributes, text in found.all("td") if "data-label" in attributes
    ]
    expected: list[tuple[str, str]] = []
    for evaluation in evaluations:
        scores = evaluation["overall"]
        shares = {
            name: f"{scores[name]['count']} ({scores[name]['rate']:.1%})"
            for name in (
                "answered_right",
                "answered_wrong",
                "wrongly_abstained",
                "rightly_abstained",
                "wrongly_answered",
            )
        }
        expected += [
            ("questions", str(scores["questions"])),
            ("P@1", f"{scores['p_at_1']:.3f}"),
            ("P@1 of plain BM25", f"{scores['baseline']['p_at_1']:.3f}"),
            ("quote length", f"{scores['mean_quote_length']:.0f}"),
            ("quote length of plain BM25", f"{scores['baseline']['mean_quote_length']:.0f}"),
            ("answerable, answered right", shares["answered_right"]),
            ("answerable, answered wrong", shares["answered_wrong"]),
            ("answerable, abstained", shares["wrongly_abstained"]),
            ("unanswerable, abstained", shares["rightly_abstained"]),
            ("unanswerable, answered", shares["wrongly_answered"]),
            *((name, f"{scores[name.lower()]:.3f}") for name in ("AUROC", "AURC", "ECE")),
        ]
    assert cells == expected
    kinds = [kind for evaluation in evaluations for kind in evaluation["kinds"]]
    headers = [text for _, text in found.all("th", scope="row")]
    assert all(headers.count(kind) >= kinds.count(kind) for kind in kinds)


def test_the_charts_have_a_mark_for_each_figure(both: tuple[Page, list[dict[str, Any]]]) -> None:
    found, evaluations = both
    scores = [e["overall"] for e in evaluations] + [s for e in evaluations for s in e["kinds"].values()]
    assert len(found.all("rect", class_="bar ours")) == sum(s["p_at_1"] is not None for s in scores)
    assert len(found.all("rect", class_="bar plain")) == sum(s["p_at_1"] is not None for s in scores)
    bins = [len(evaluation["reliability"]) for evaluation in evaluations]
    assert len(found.all("text", class_="count")) == sum(bins)
    assert len(found.all("line", class_="stem")) == sum(bins)
    assert [len(attributes["points"].split()) for attributes, _ in found.all("polyline", class_="curve")] == [
        len(evaluation["risk_coverage"]) for evaluation in evaluations
    ]
    changes = found.all("rect", class_="bar loss") + found.all("rect", class_="bar gain")
    assert len(changes) == len(switches_of(shipped_ranker())) * len(evaluations)
    assert found.html.count("The ranker is not fitted again.") == len(evaluations)


def test_what_comes_from_outside_is_escaped(tmp_path: Path) -> None:
    text = f"The road {HOSTILE} is long. Zhang went {HOSTILE} west. </blockquote><script>alert(2)</script>"
    folder = write_articles(tmp_path / "articles", {f"{HOSTILE}.txt": text})
    row = {
        "id": HOSTILE,
        "question": f"Where did Zhang go, {HOSTILE}?",
        "kind": HOSTILE,
        "answers": [{"article": f"{HOSTILE}.txt", "quote": "is long"}],
    }
    questions = tmp_path / f"{HOSTILE}.jsonl"
    questions.write_text(json.dumps(row), encoding="utf-8")
    found, (evaluation,) = page(tmp_path, str(questions), "--articles", folder)
    assert len(evaluation["misses"]) == 1
    assert {"img", "script"}.isdisjoint(tag for tag, _ in found.elements)
    assert found.html.count(HOSTILE) == 0
    assert HOSTILE in found.all("h4")[0][1]
    (quote,) = found.all("blockquote")
    assert quote[1].replace("[given] ", "").replace("[gold] ", "") == text
    given = [mark for _, mark in found.all("mark", class_="given")]
    assert given == ["The sentence given", f"[given] {evaluation['misses'][0]['given']['quote']}"]


def test_short_answers_have_a_table_where_golds_are_short(tmp_path: Path) -> None:
    found, [evaluation] = page(tmp_path, SQUAD)
    short = evaluation["overall"]["short_answers"]
    name = evaluation["name"]
    [(_, text)] = found.all("div", **{"aria-label": f"Table: short answers, {name}"})
    figures = (evaluation["overall"]["marked"], short["questions"], short["marked"], short["overlaps"])
    assert "all{:.3f}{}{:.3f}{:.3f}".format(*figures) in text
    with_quotes, [of_quotes] = page(
        tmp_path, JSONL, "--articles", write_articles(tmp_path / "articles", ARTICLES)
    )
    assert of_quotes["overall"]["short_answers"] is None
    assert "Short answers" not in with_quotes.html


def test_a_set_without_answerable_questions_has_a_page_too(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", ARTICLES)
    questions = tmp_path / "none.jsonl"
    questions.write_text('{"id": "1", "question": "Zebra?", "kind": "what", "answers": []}')
    found, _ = page(tmp_path, str(questions), "--articles", articles)
    assert found.all("rect") == []
    assert "No question is answerable, so there is no P@1 to change." in found.html
    assert "At the default threshold nothing is answered." in found.html
    cells = [(attributes.get("data-label"), text) for attributes, text in found.all("td")]
    figures = {label: text for label, text in cells if label}
    assert figures["P@1"] == figures["AUROC"] == figures["answerable, answered right"] == "-"
    assert figures["unanswerable, abstained"] == "1 (100.0%)"
    assert "Worst misses" not in found.html


def test_a_miss_with_nothing_given_says_so(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", ARTICLES)
    questions = tmp_path / "zebra.jsonl"
    gold = {"article": "envoys.txt", "quote": "went first"}
    row = {"id": "1", "question": "Zebra?", "kind": "what", "answers": [gold]}
    questions.write_text(json.dumps(row))
    found, _ = page(tmp_path, str(questions), "--articles", articles)
    assert "Nothing was given: no sentence matches." in found.html
    assert [mark for _, mark in found.all("mark", class_="gold")][-1] == "[gold] went first"


def test_many_blank_lines_in_a_passage_are_shown_as_one(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", {"a.txt": "Tea is green.\n\n \n\nIt is hot."})
    questions = tmp_path / "tea.jsonl"
    gold = {"article": "a.txt", "quote": "hot"}
    row = {"id": "1", "question": "Is tea green?", "kind": "what", "answers": [gold]}
    questions.write_text(json.dumps(row))
    found, _ = page(tmp_path, str(questions), "--articles", articles)
    assert "Tea is green.</mark>\n\nIt is " in found.html


def test_a_file_whose_name_is_no_text_has_a_page(tmp_path: Path) -> None:
    questions = tmp_path / os.fsdecode(b"\xff.json")
    try:
        questions.write_bytes(Path(SQUAD).read_bytes())
    except OSError:
        pytest.skip("this file system takes names of text alone")
    found, _ = page(tmp_path, str(questions))
    assert found.all("h2")[1][1] == "\\udcff.json"


def test_the_same_sets_give_the_same_page(tmp_path: Path) -> None:
    first, _ = page(tmp_path, SQUAD)
    second, _ = page(tmp_path, SQUAD)
    assert first.html == second.html
