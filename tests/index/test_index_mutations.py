"""Whatever is changed in an index's files: no crash, no wrong quote, `check` finds it, a repair mends it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from user_path import USERS

PROGRAM = Path(__file__).parents[1] / "mutate_index.py"


@pytest.mark.parametrize("arguments", [("3", "0"), ("3", "100", "large")])
@pytest.mark.slow
def test_random_damage_breaks_no_promise(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, str(PROGRAM), *arguments]
    done = subprocess.run(command, env=USERS, capture_output=True, text=True, timeout=600)
    assert done.stdout.startswith("3 mutations: 0 promises broken"), done.stdout + done.stderr[-2000:]
