"""The environment of the programs that tests run: the sources, and no scipy, which only who trains has."""

from __future__ import annotations

import os
from pathlib import Path

SOURCES = Path(__file__).parent.parent / "src"
USER_PATH = os.pathsep.join(map(str, (SOURCES, Path(__file__).parent / "without_scipy")))

USERS = {**os.environ, "PYTHONPATH": USER_PATH}
