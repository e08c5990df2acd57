"""nltk is imported without scipy where the process is this package's own, and whole elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("scipy")

SOURCES = Path(__file__).parent.parent / "src"
CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from articleqa.nltk_parts import hide_slow_imports, nltk_module
if sys.argv[2] == "own":
    hide_slow_imports()
stem = nltk_module("nltk.stem.snowball").EnglishStemmer().stem
import scipy
print(stem("ferries"), "scipy.stats" in sys.modules)
"""


@pytest.mark.parametrize(("process", "printed"), [("own", "ferri False"), ("users", "ferri True")])
def test_only_in_our_own_processes_nltk_goes_without_scipy(process: str, printed: str) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, SOURCES, process], capture_output=True, text=True)
    assert done.stdout.strip() == printed, done.stderr
