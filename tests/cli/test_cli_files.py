"""Files that options name, and packages that verbs need: checked before the work."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from articleqa.cli.extras import require
from articleqa.cli.output_files import check_writable, opened


def test_a_file_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("older")
    check_writable(new)
    check_writable(old)
    assert not new.exists()
    assert old.read_text() == "older"


def test_a_link_to_nothing_stays_a_link_to_nothing(tmp_path: Path) -> None:
    link = tmp_path / "link"
    try:
        link.symlink_to(tmp_path / "target")
    except OSError:
        pytest.skip("no links here")
    check_writable(link)
    assert link.is_symlink()
    assert not link.exists()


@pytest.mark.parametrize("name", ["nowhere/file", "folder"])
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(click.ClickException) as raised:
        check_writable(tmp_path / name)
    assert raised.value.message.startswith(f"{tmp_path / name}: ")


def test_what_is_written_is_utf8_with_plain_line_ends(tmp_path: Path) -> None:
    with opened(tmp_path / "file") as file:
        file.write(f"é\n{os.fsdecode(bytes([255]))}\n")
    assert (tmp_path / "file").read_bytes() == "é\n\\udcff\n".encode()


def test_what_is_installed_is_no_fault_and_what_is_not_is_named() -> None:
    require("numpy", extra="train", wanted_by="a verb")
    with pytest.raises(click.ClickException) as raised:
        require("no_such_module", extra="train", wanted_by="a verb")
    assert raised.value.message == (
        'a verb needs no_such_module; install it with: pip install "articleqa[train]"'
    )
