"""The rooms of the package import in one direction only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import articleqa

SOURCE = Path(articleqa.__file__).parent
FACE = ("__init__", "__main__")
"""What a user imports or starts; it may import every room."""

ROOMS = (
    "arrays",
    "exceptions",
    "nltk_parts",
    "data",
    "language",
    "_worker",
    "_fork_server",
    "_worker_pool",
    "_parallel",
    "interrupts",
    "listening",
    "dates",
    "printing",
    "quote_markup",
    "models",
    "answers",
    "filters",
    "json_envelope",
    "text",
    "lexicon",
    "loaders",
    "sections",
    "passages",
    "passage_text",
    "encoder",
    "storage",
    "question",
    "retrieval",
    "evidence",
    "ranking",
    "answering",
    "index",
    "evaluation",
    "training",
    "mcp",
    "integrations",
    "web",
    "cli",
)
"""Modules and packages right below `articleqa`, lowest first. Each may import those before it."""


def imported_rooms(path: Path) -> list[tuple[int, str]]:
    """Return (line, room) for each import of another part of the package, also those inside functions."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "articleqa":
            found += [(node.lineno, alias.name) for alias in node.names if alias.name in ROOMS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("articleqa."):
            found.append((node.lineno, str(node.module).split(".")[1]))
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            found += [(node.lineno, parts[1]) for parts in names if parts[0] == "articleqa" and parts[1:]]
    return found


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {
        path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - set(FACE) == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    below = ROOMS[: ROOMS.index(room) + 1]
    paths = (
        [SOURCE / f"{room}.py"] if (SOURCE / f"{room}.py").exists() else sorted((SOURCE / room).rglob("*.py"))
    )
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} imports {other}"
        for path in paths
        for line, other in imported_rooms(path)
        if other not in below
    ]
    assert wrong == []
