"""The script that draws sentences that were cut at a line's end."""

from __future__ import annotations

import runpy
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

SCRIPT = Path(__file__).parents[2] / "eval" / "cut_sentences.py"
CUT = "The council met\nin the hall at noon and sold\nthe old mill.\n"
WRAPPED = (
    "The council of the harbour met in the long hall at noon, as it had done for\n"
    "years, and sold the old mill to the miller's daughter, who had asked for it\n"
    "twice before and had been refused by all but one of them.\n"
)
LIST = "- the council met\n- the mill was sold\n- two boats left\n"


def drawn(folder: Path, *arguments: str) -> list[str]:
    command = runpy.run_path(str(SCRIPT))["main"]
    assert isinstance(command, click.Command)
    done = CliRunner().invoke(command, [str(folder), *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output.splitlines()


@pytest.mark.parametrize(
    ("name", "text", "cut"), [("a.txt", CUT, 2), ("a.txt", WRAPPED, 0), ("a.md", LIST, 0)]
)
def test_a_sentence_that_goes_on_below_is_drawn(tmp_path: Path, name: str, text: str, cut: int) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    *lines, counts = drawn(tmp_path)
    assert len(lines) == cut
    assert f": {cut} of " in counts


def test_no_more_sentences_are_drawn_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CUT, encoding="utf-8")
    assert " of 1 sentences " in drawn(tmp_path, "--sentences", "1")[-1]
