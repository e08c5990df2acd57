"""The room of the pages is built on the public API."""

from __future__ import annotations

from pathlib import Path

from test_layers import SOURCE, imported_rooms

ALLOWED = {"web", "models", "answers", "json_envelope", "printing", "listening"}
"""What it may name beside `articleqa`: the models, the envelope, text made safe to show, who may reach it."""


def test_pages_use_the_public_api_alone() -> None:
    paths: list[Path] = sorted((SOURCE / "web").rglob("*.py"))
    assert len(paths) > 10
    used = {room for path in paths for _, room in imported_rooms(path)}
    assert used - ALLOWED == set()
