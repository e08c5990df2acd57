"""The README's commands and its Python run as they stand and print what it shows.

The two that install are run by `.ci/run`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ articleqa (.*)\n((?:.*\n)*?)```", README)
MADE = {"ranker.json", "confidence.json"}
BLOCKS = re.findall(r"```sh\n((?:articleqa .*\n)+)```", README)
INSTALLING = re.findall(r"```sh\n(.*)\n```", README)


def _run(*arguments: str) -> str:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=ROOT,
        check=True,
    )
    return done.stdout


def test_the_readme_has_the_commands_that_set_everything_up() -> None:
    main_job, tests, formats = INSTALLING
    assert main_job.endswith('articleqa "When was the confederation shut down?" seeds/')
    assert tests.endswith("pytest")
    assert formats == "pip install '.[all]'"


def test_the_readme_installs_nothing_from_a_package_index() -> None:
    assert not re.search(r'pip install "?articleqa', README)


def test_files_the_readme_makes_are_ignored_by_git() -> None:
    left = set(re.findall(r"(?:--out|--html) ([\w.]+)", README)) | {"kb/"}
    assert left == {"ranker.json", "confidence.json", "report.html", "kb/"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {f"/{name}" for name in left} <= set(ignored)


@pytest.mark.parametrize(("arguments", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_of_the_readme_prints_what_is_shown(arguments: str, shown: str) -> None:
    assert _run("-m", "articleqa", *shlex.split(arguments)).rstrip() == shown.rstrip()


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 3


def test_the_readme_s_python_prints_what_is_shown() -> None:
    match = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    assert match is not None
    assert _run("-c", match[1]) == match[2]


def test_the_readme_s_index_on_disk_is_made_asked_listed_and_checked(tmp_path: Path) -> None:
    block = next(block for block in BLOCKS if "index add" in block)
    printed = [
        _run("-m", "articleqa", *(word.replace("kb/", f"{tmp_path}/kb/") for word in shlex.split(line)[1:]))
        for line in block.splitlines()
    ]
    assert printed[0].startswith("2 added")
    assert printed[1].startswith("As a result, a court in southern Kazakhstan on January 4 shut down")
    assert len(printed[2].splitlines()) == 2
    assert "left out" in printed[3]
    assert printed[-1].endswith("rebuilt from 2 articles, none lost\n")


def test_the_readme_s_own_ranker_and_confidence_can_be_fitted_and_asked_by(tmp_path: Path) -> None:
    block = next(block for block in BLOCKS if "train" in block)
    printed = [
        _run(
            "-m",
            "articleqa",
            *(str(tmp_path / word) if word in MADE else word for word in shlex.split(line)[1:]),
        )
        for line in block.splitlines()
    ]
    assert {path.name for path in tmp_path.iterdir()} == MADE
    assert "P@1 by words on held-out articles" in printed[0]
    assert "min_confidence" in printed[1]
    assert "seeds/" in printed[2]


def test_every_place_that_the_readme_names_is_there() -> None:
    places = re.findall(r"`((?:seeds|src|eval|tests|benchmarks)/[\w./]*)`", README)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []
