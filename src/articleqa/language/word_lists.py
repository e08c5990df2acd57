"""Word lists in text files: an entry a line, comments from `#` on."""

from __future__ import annotations

from pathlib import Path


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file that are neither blank nor comments (from `#` on)."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def any_of(*alternatives: str) -> str:
    """Return a pattern that matches any of the patterns `alternatives`, and nothing if there are none."""
    return "(?!)" if not alternatives else f"(?:{'|'.join(alternatives)})"
