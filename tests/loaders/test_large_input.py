"""A file of 25 MB in a single line is answered, within the time and memory that docs/guide.md states."""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SIZE = 25_000_000
SECONDS = 120
BYTES = 600_000_000
FACT = "The harbour bridge at Ostrava was opened on 7 May 1931."


@pytest.mark.slow
def test_a_single_line_of_25_mb_is_answered_in_bounds(tmp_path: Path) -> None:
    seeds = Path(__file__).resolve().parents[2] / "seeds"
    words = sorted(
        {word for path in seeds.iterdir() for word in re.findall(r"[a-z]{3,}", path.read_text("utf-8"))}
    )
    choose = random.Random(0)
    sentences = [" ".join(choose.choices(words, k=18)).capitalize() + "." for _ in range(10_000)]
    block = " ".join(sentences)
    half = block * (SIZE // (2 * len(block)))
    file = tmp_path / "line.txt"
    file.write_text(f"{half} {FACT} {half}", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "articleqa", "When was the harbour bridge opened?", str(file), "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES)),
    )

    citation = json.loads(done.stdout)["answer"]["citations"][0]
    assert citation["quote"] == FACT
    assert citation["start"] == len(half) + 1
