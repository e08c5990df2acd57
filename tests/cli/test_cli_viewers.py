"""`articleqa ask --open`: the cited file in the user's viewer, at its page or line."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa import Article, ArticleIndex
from articleqa.cli import cli
from terminals import terminal

ROOT = Path(__file__).parents[2]
PDF = ROOT / "tests" / "fixtures" / "formats" / "pdf" / "harbour.pdf"
HARBOUR = "The harbour of Zorp froze in the winter of 1740."
QUESTION = "When did the harbour of Zorp freeze?"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, so that no program of this machine is opened."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a harbour.txt").write_text(f"Harbour\n\n{HARBOUR}\n")
    return folder


def make(programs: Path, name: str, *, prints: str = "", code: int = 0) -> Path:
    """Make a program that writes its arguments, one a line, to a file, which is returned."""
    seen = programs.parent / f"{name}.seen"
    script = programs / name
    script.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{seen}.part'\n/bin/mv '{seen}.part' '{seen}'\n"
        f"printf '%s' '{prints}'\nexit {code}\n"
    )
    script.chmod(0o755)
    return seen


def arguments(seen: Path) -> list[str]:
    deadline = time.monotonic() + 30
    while not seen.exists() and time.monotonic() < deadline:  # viewers run beside the command
        time.sleep(0.01)
    return seen.read_text().splitlines()


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa")


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("vim", ["+3", "{file}"]),
        ("code --wait", ["--wait", "--goto", "{file}:3"]),
        ("subl", ["{file}:3"]),
        ("kate", ["--line", "3", "{file}"]),
        ("own-editor", ["{file}"]),
    ],
)
def test_a_text_opens_at_its_line_in_the_users_editor(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, editor: str, expected: list[str]
) -> None:
    seen = make(programs, editor.split()[0])
    monkeypatch.setenv("VISUAL", editor)
    done = run(QUESTION, "a harbour.txt", "--open")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(HARBOUR)
    file = str(tmp_path / "a harbour.txt")
    assert arguments(seen) == [each.format(file=file) for each in expected]


@pytest.mark.parametrize(
    ("viewer", "desktop", "expected"),
    [
        ("evince", "org.gnome.Evince.desktop", ["--page-index=3", "{file}"]),
        ("okular", "okularApplication_pdf.desktop", ["--page", "3", "{file}"]),
        ("firefox", "firefox-esr.desktop", ["{url}#page=3"]),
    ],
)
def test_a_pdf_opens_at_its_page_in_the_desktops_viewer(
    programs: Path, viewer: str, desktop: str, expected: list[str]
) -> None:
    make(programs, "xdg-mime", prints=f"{desktop}\n")
    seen = make(programs, viewer)
    done = run("How many people died in the storm of 1953?", str(PDF), "--open")
    assert (done.exit_code, done.stderr) == (0, "")
    assert arguments(seen) == [each.format(file=PDF, url=PDF.as_uri()) for each in expected]


def test_a_pdf_whose_viewer_is_unknown_opens_as_the_desktop_does(programs: Path) -> None:
    make(programs, "xdg-mime", prints="own.viewer.desktop")
    seen = make(programs, "xdg-open")
    assert run("How many people died in the storm of 1953?", str(PDF), "--open").exit_code == 0
    assert arguments(seen) == [str(PDF)]


def test_nothing_opens_if_the_articles_do_not_say(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "not-installed")
    done = run("Who invented the xylophone?", "a harbour.txt", "--open", "--ranker", "words")
    assert (done.exit_code, done.stderr) == (0, "")


def test_an_editor_that_is_missing_or_fails_is_named_after_the_answer(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "not-installed")
    done = run(QUESTION, "a harbour.txt", "--open")
    assert done.exit_code == 1
    assert done.stdout.startswith(HARBOUR)
    assert done.stderr == "articleqa: not-installed: cannot be started (no such file or directory)\n"
    make(programs, "vim", code=3)
    monkeypatch.setenv("VISUAL", "vim")
    assert run(QUESTION, "a harbour.txt", "--open").stderr == "articleqa: vim: ended with code 3\n"


def test_an_editor_with_an_open_quote_is_one_line(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "vim 'x")
    done = run(QUESTION, "a harbour.txt", "--open")
    assert (done.exit_code, done.stderr) == (
        1,
        "articleqa: the variable VISUAL or EDITOR has an open quote: vim 'x\n",
    )


def test_a_desktop_that_cannot_open_the_file_is_told(programs: Path) -> None:
    make(programs, "xdg-open", code=3)
    done = run("How many people died in the storm of 1953?", str(PDF), "--open")
    assert done.exit_code == 1
    assert "this desktop opens no files" in done.stderr


def test_at_the_prompt_a_file_that_cannot_be_opened_does_not_end_it(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "not-installed")
    with terminal(str(programs.parent / "a harbour.txt"), "--open", errors_too=True) as screen:
        for number in (1, 2):
            screen.wait_for("? ", number)
            screen.send(f"{QUESTION}\n")
            screen.wait_for("not-installed: cannot be started", number)
        screen.send("exit\n")
        assert screen.finish() == 0


def test_without_editor_and_desktop_the_message_says_what_to_do(programs: Path, tmp_path: Path) -> None:
    done = run(QUESTION, "a harbour.txt", "--open")
    assert done.exit_code == 1
    assert done.stderr == (
        f"articleqa: {tmp_path / 'a harbour.txt'}: this desktop opens no files;"
        " name an editor in the variable VISUAL, such as: export VISUAL=nano\n"
    )


def test_a_file_that_the_desktop_might_run_is_not_opened(programs: Path, tmp_path: Path) -> None:
    seen = make(programs, "xdg-open")
    (tmp_path / "harbour.bat").write_text(HARBOUR)
    done = run(QUESTION, "harbour.bat", "--open")
    assert done.exit_code == 1
    assert "no known kind of document" in done.stderr
    assert not seen.exists()


def test_a_file_that_is_gone_is_named(programs: Path, tmp_path: Path) -> None:
    assert run("index", "add", "kb", "a harbour.txt").exit_code == 0
    (tmp_path / "a harbour.txt").unlink()
    done = run(QUESTION, "--index", "kb", "--open")
    assert done.exit_code == 1
    assert (
        done.stderr == f"articleqa: {tmp_path / 'a harbour.txt'}: --open finds no such file; was it moved?\n"
    )


def test_an_article_that_was_never_a_file_is_named(programs: Path) -> None:
    ArticleIndex.create("kb").add([Article(id="memo", text=HARBOUR)])
    done = run(QUESTION, "--index", "kb", "--open")
    assert (done.exit_code, done.stderr) == (1, "articleqa: memo: --open finds no such file; was it moved?\n")
