"""Another language is one folder: the rooms take all of it from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from german import FILES

from user_path import USER_PATH

SCRIPT = Path(__file__).with_name("german.py")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What `german.py` prints; a process of its own, because the rooms compile patterns on import."""
    folder = tmp_path_factory.mktemp("de")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    variables = {**os.environ, "PYTHONPATH": USER_PATH}
    command = [sys.executable, str(SCRIPT), str(folder)]
    run = subprocess.run(command, env=variables, capture_output=True, check=True, text=True)
    found: dict[str, object] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sentences", ["Die Häuser gingen an Hrn. Maier.", "Er zahlte am 3. März 1901."]),
        ("terms", ["die", "haus", "ging", "an", "hrn", "maier"]),
        ("asked", ["time", "zahlt", "maier", "haus"]),
        ("mentioned", ["3. März 1901"]),
        ("leans", [False, True]),
        ("denies", True),
        ("boilerplate", [True, False]),
        ("caption", ["foto", "maier", "bild"]),
        ("analysis", "de"),
    ],
)
def test_the_rooms_work_with_the_words_of_another_language(
    said: dict[str, object], name: str, value: object
) -> None:
    assert said[name] == value
