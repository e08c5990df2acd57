"""Every verb on a terminal of 40, 80 and 120 columns: it ends well, and bars and answers fit."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from terminals import ROOT, terminal
from towns import towns

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
ASKED = [line for line in re.findall(r"```console\n\$ articleqa (.*)\n", README) if "kb/" not in line]
INDEX = next(block for block in re.findall(r"```sh\n((?:articleqa .*\n)+)```", GUIDE) if "index add" in block)
ONE_AFTER_ANOTHER = """
import json, sys
from articleqa.cli import cli
for arguments in json.loads(sys.argv[1]):
    try:
        cli(arguments, prog_name="articleqa")
    except SystemExit as end:
        print(f"exit code {end.code}", flush=True)
"""
"""A program that runs many command lines in one process, for imports take longer than each of them."""

widths = pytest.mark.parametrize("columns", [40, 80, 120])


def shown(lines: list[list[str]], columns: int) -> list[str]:
    """Run command lines that end well and return the rows of their terminal."""
    with terminal(
        json.dumps(lines), columns=columns, errors_too=True, program=("-c", ONE_AFTER_ANOTHER)
    ) as screen:
        assert screen.finish() == 0
    rows = screen.rows()
    assert "Traceback" not in "".join(rows)
    assert [row for row in rows if row.startswith("exit code")] == ["exit code 0"] * len(lines), rows[-20:]
    return rows


def bars(rows: list[str]) -> list[str]:
    return [row for row in rows if re.search("[━╸╺]", row)]


@widths
def test_the_readmes_questions_fit_the_terminal(columns: int) -> None:
    assert len(ASKED) >= 4
    rows = shown([shlex.split(line) for line in ASKED], columns)
    assert max(map(len, rows)) <= columns


@widths
def test_an_index_is_made_and_kept_with_a_bar_that_fits(columns: int, tmp_path: Path) -> None:
    kb = str(tmp_path / "kb")
    guide = [[kb if word == "kb/" else word for word in shlex.split(line)[1:]] for line in INDEX.splitlines()]
    more = [["index", "info", kb], ["index", "remove", kb, "000_db1add1b5e985d50.txt"]]
    drawn = bars(shown([*guide, *more], columns))
    assert any(row.startswith("Adding") and " 2/2 " in f"{row} " for row in drawn)
    assert max(map(len, drawn)) <= columns


@pytest.mark.slow
def test_fitting_and_measuring_show_bars_that_fit(tmp_path: Path) -> None:
    columns = 40  # the narrowest: three commands that import scipy take 15 seconds
    questions = tmp_path / "a [bold]long[red] name of a set of questions.json"
    questions.write_text(json.dumps({"data": towns()}), encoding="utf-8")
    ranker, confidence, page = (str(tmp_path / name) for name in ("ranker.json", "confidence.json", "a.html"))
    rows = shown(
        [
            ["train", str(questions), "--folds", "0", "--out", ranker],
            ["calibrate", str(questions), "--ranker", ranker, "--out", confidence],
            ["eval", str(questions), "--limit", "2", "--misses", "0", "--html", page],
        ],
        columns,
    )
    drawn = bars(rows)
    assert max(map(len, drawn)) <= columns
    assert any(row.startswith("Reading") for row in drawn)
    assert any(row.startswith("a [bold]") for row in drawn)


@widths
def test_the_prompt_answers_on_a_terminal_of_any_width(columns: int) -> None:
    with terminal("seeds/", columns=columns, term="dumb", errors_too=True) as screen:
        screen.wait_for("? ")
        screen.send("When was the confederation shut down?\n")
        screen.wait_for("? ", times=2)
        screen.send("quit\n")
        assert screen.finish() == 0
    assert "Traceback" not in screen.seen.decode()
    assert "confederation," in " ".join(screen.rows())


@widths
def test_every_verb_shows_its_help_on_a_terminal(columns: int) -> None:
    verbs = [[], ["ask"], ["index"], ["eval"], ["train"], ["calibrate"]]
    of_index = [["index", verb] for verb in ("add", "list", "remove", "info", "check")]
    shown([[*verb, "--help"] for verb in (*verbs, *of_index)], columns)


def test_many_files_show_how_fast_they_go(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number}.txt").write_text(f"Storm {number} struck in {1000 + number}.", encoding="utf-8")
    drawn = bars(shown([["index", "add", str(tmp_path / "kb"), str(folder)]], 80))
    assert any(re.search(r" \d+/120 +\d+/s ", row) for row in drawn)
