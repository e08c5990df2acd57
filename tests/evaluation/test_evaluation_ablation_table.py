"""`eval/ablation.py`: what each part of a ranker is worth, as a Markdown table."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from articleqa.evaluation import Ablation, SwitchedOff
from articleqa.evaluation.ablation import switches_of
from samples import random_network, ranker

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "eval" / "ablation.py"
SQUAD = str(Path(__file__).parents[1] / "fixtures" / "eval_squad.json")
JSONL = str(Path(__file__).parents[1] / "fixtures" / "eval_questions.jsonl")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ablation_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(script: ModuleType, *args: str) -> Result:
    return CliRunner().invoke(script.main, list(args))


def test_a_row_is_a_part_and_a_column_a_set(script: ModuleType) -> None:
    def ablation(questions: int, *scores: float | None) -> Ablation:
        with_all, *others = scores
        names = ("overlap", "the network")
        off = tuple(SwitchedOff(name=name, p_at_1=p) for name, p in zip(names, others, strict=True))
        return Ablation(questions=questions, p_at_1=with_all, switched_off=off)

    found = [("a.json", ablation(8, 0.75, 0.5, 0.875)), ("b.json", ablation(0, None, None, None))]
    assert list(script.markdown_lines(found)) == [
        "| without | a.json (8) | b.json (0) |",
        "| --- | ---: | ---: |",
        "| nothing | 0.750 | - |",
        "| overlap | 0.500 (−0.250) | - (-) |",
        "| the network | 0.875 (+0.125) | - (-) |",
    ]


def test_the_ranker_of_a_file_is_taken_apart(script: ModuleType, tmp_path: Path) -> None:
    given = ranker(random_network(), overlap=1.0)
    (tmp_path / "mine.json").write_text(given.model_dump_json(), encoding="utf-8")
    result = run(
        script, SQUAD, "--paragraphs", SQUAD, "--limit", "1", "--ranker", str(tmp_path / "mine.json")
    )
    assert (result.exit_code, result.stderr) == (0, "")
    header, _, *rows = result.stdout.splitlines()
    assert header == "| without | eval_squad.json (1) | eval_squad.json (1) |"
    assert [row.split(" | ")[0] for row in rows] == [f"| {name}" for name in ("nothing", *switches_of(given))]


def test_bad_input_is_one_line(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{", encoding="utf-8")
    for arguments, problem in (
        ((SQUAD, "--ranker", str(tmp_path / "mine.json")), "mine.json: the file: "),
        ((str(tmp_path / "nope.json"),), "nope.json: No such file"),
        ((JSONL, "--articles", str(tmp_path / "nope")), "nope: no such file or folder"),
    ):
        result = run(script, *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        assert problem in result.stderr
    assert run(script).exit_code == 2


def test_it_runs_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), SQUAD, "--limit", "1"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("| without | eval_squad.json (1) |\n| --- | ---: |\n| nothing | 1.000 |\n")
