"""Bad input is one line on standard error and exit code 1; a command line that cannot be meant is 2."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import ask, cli
from articleqa.index.article_index import ArticleIndex

QUESTION = "When did the harbour freeze?"
TEXT = "The harbour froze in 1740."


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), input=stdin, prog_name="articleqa", catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a readable article in `notes/`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def refused(result: Result, line: str) -> bool:
    return (result.exit_code, result.stdout, result.stderr) == (1, "", f"articleqa: {line}\n")


def misused(result: Result, problem: str) -> bool:
    usage = result.stderr.startswith("Usage: articleqa")
    return usage and (result.exit_code, result.stdout) == (2, "") and f"Error: {problem}" in result.stderr


def test_a_missing_path_is_named(folder: Path) -> None:
    assert refused(run(QUESTION, "notes", "nope.txt"), "nope.txt: no such file or folder")


@pytest.mark.reader
def test_a_system_without_room_for_a_thread_says_what_to_raise(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", no_room)
    done = run("index", "add", "kb", "notes", "--vectors")
    assert refused(done, "the system lets no more threads start; raise its limit (ulimit -u)")


def test_an_empty_folder_and_blank_files_have_no_text_to_ask(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "empty.txt").touch()
    (folder / "blank.txt").write_text(" \n\n\t\n", encoding="utf-8")
    assert refused(run(QUESTION, "empty"), "empty: no text to ask in it")
    assert refused(run(QUESTION, "empty.txt"), "empty.txt: no text to ask in it")
    assert refused(run(QUESTION, "blank.txt", "empty"), "blank.txt, empty: no text to ask in them")
    assert refused(run(QUESTION, "-", stdin=""), "standard input: no text to ask in it")
    assert refused(run(QUESTION, "empty", "--json"), "empty: no text to ask in it")
    assert run(QUESTION, "blank.txt", "notes").exit_code == 0


def test_of_many_paths_without_text_a_few_are_named(folder: Path) -> None:
    paths = [f"{number}.txt" for number in range(9)]
    for path in paths:
        Path(path).touch()
    assert refused(
        run(QUESTION, *paths), "0.txt, 1.txt, 2.txt, 3.txt, 4.txt, and 4 more: no text to ask in them"
    )


def test_a_binary_file_is_refused_where_it_is_named(folder: Path) -> None:
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    problem = "neither text nor a supported format; save it as .txt, .docx or .pdf"
    assert refused(run(QUESTION, "image.txt"), f"image.txt: {problem}")
    assert refused(
        run(QUESTION, "-", stdin=b"\0\1\2"),
        f"standard input: {problem}",
    )


def test_a_binary_file_in_a_folder_is_skipped_with_one_line(folder: Path) -> None:
    (folder / "notes" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    result = run(QUESTION, "notes")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, TEXT)
    assert result.stderr.splitlines() == [
        f"articleqa: skipped {Path('notes', 'image.txt')}: neither text nor a supported format;"
        " save it as .txt, .docx or .pdf"
    ]


def test_broken_utf8_is_read_with_one_line(folder: Path) -> None:
    data = "Café, thé, crème. ".encode() + b"The harbour \xff froze in 1740."
    (folder / "broken.txt").write_bytes(data)
    for result in (run(QUESTION, "broken.txt"), run(QUESTION, "-", stdin=data)):
        assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "The harbour \ufffd froze in 1740.")
        (line,) = result.stderr.splitlines()
        assert line.startswith("articleqa: ")
        assert line.endswith(": 1 character is not valid utf-8 and is read as U+FFFD")


def test_after_twenty_skipped_files_the_rest_is_summed_up_in_one_line(folder: Path) -> None:
    for number in range(30):
        (folder / "notes" / f"{number}.pdf").touch()
    lines = run(QUESTION, "notes").stderr.splitlines()
    assert len(lines) == 21
    assert all(line.startswith("articleqa: skipped ") for line in lines[:20])
    assert lines[20] == "articleqa: 10 more files skipped or damaged"


def test_what_was_skipped_is_told_also_when_nothing_else_is_there(folder: Path) -> None:
    (folder / "pdfs").mkdir()
    (folder / "pdfs" / "a.pdf").touch()
    result = run(QUESTION, "pdfs")
    assert result.exit_code == 1
    assert [line[:18] for line in result.stderr.splitlines()] == ["articleqa: skipped", "articleqa: pdfs: n"]


def test_a_folder_and_a_file_that_cannot_be_read_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: object, *args: object, **kwargs: object) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", denied)
        assert refused(run(QUESTION, "notes"), "notes: the folder cannot be read (permission denied)")
    file = str(Path("notes", "harbour.txt"))
    monkeypatch.setattr(Path, "open", denied)
    assert refused(run(QUESTION, file), f"{file}: cannot be read (permission denied)")


def test_two_files_of_one_name_are_both_asked(folder: Path) -> None:
    (folder / "harbour.txt").write_text(TEXT + " Again.", encoding="utf-8")
    result = run(QUESTION, "harbour.txt", "notes", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "notes/harbour.txt" in result.stdout


def test_a_name_cannot_steer_the_terminal(folder: Path) -> None:
    assert refused(run(QUESTION, "no\n\x1b[31mpe"), "no \ufffd[31mpe: no such file or folder")


@pytest.mark.parametrize("question", ["", " ", "\t\n"])
def test_an_empty_question_is_a_usage_error(folder: Path, question: str) -> None:
    assert misused(run(question, "notes"), "the question is empty")
    assert misused(run("ask", question, "notes"), "the question is empty")
    assert misused(run(question), "the question is empty")


def test_a_question_alone_misses_the_articles(folder: Path) -> None:
    problem = "no articles to ask: give a file or folder, or - for standard input"
    assert misused(run(QUESTION), problem)
    assert misused(run("why " * 10_000), problem)


def test_a_path_alone_misses_the_question_where_there_is_no_terminal(folder: Path) -> None:
    assert misused(run("notes"), "no question for notes: put one before it, or ask in a terminal")


def test_options_alone_miss_both(folder: Path) -> None:
    assert misused(run("--json"), "no question, and no articles to ask")
    assert misused(run("ask"), "no question, and no articles to ask")


def test_no_arguments_show_the_help_on_standard_error() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: articleqa [OPTIONS] QUESTION PATH...")


def test_standard_input_can_be_read_only_once(folder: Path) -> None:
    assert misused(run(QUESTION, "-", "-", stdin=TEXT), "standard input (-) can be read only once")


def test_an_empty_path_is_not_the_current_folder(folder: Path) -> None:
    assert misused(run(QUESTION, ""), "a path is empty")


@pytest.mark.parametrize(
    "options",
    [
        ["--top", "0"],
        ["--top", "-1"],
        ["--top", "many"],
        ["--min-confidence", "1.01"],
        ["--min-confidence", "-0.1"],
        ["--min-confidence", "nan"],
    ],
)
def test_an_option_out_of_range_is_named(folder: Path, options: list[str]) -> None:
    assert misused(run(QUESTION, "notes", *options), f"Invalid value for '{options[0]}'")


def test_an_unknown_option_is_a_usage_error(folder: Path) -> None:
    result = run(QUESTION, "notes", "--colour")
    assert result.exit_code == 2
    assert "--colour" in result.stderr


def test_a_bad_question_set_is_one_line_too(folder: Path) -> None:
    result = run("eval", "nope.jsonl", "--articles", "notes")
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("articleqa: nope.jsonl: ")


def test_an_interrupt_ends_quietly_with_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> ArticleIndex:
        raise KeyboardInterrupt

    monkeypatch.setattr(ask, "read_index", interrupted)
    result = run(QUESTION, "notes")
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.parametrize("error", [MemoryError, RuntimeError])
def test_what_is_no_bad_input_is_not_swallowed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def failing(*args: object, **kwargs: object) -> ArticleIndex:
        raise error

    monkeypatch.setattr(ask, "read_index", failing)
    with pytest.raises(error):
        run(QUESTION, "notes")


def test_a_warning_about_something_else_is_passed_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def warning(*args: object, **kwargs: object) -> list[object]:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return []

    monkeypatch.setattr("articleqa.cli.reading.load_articles", warning)
    with pytest.raises(DeprecationWarning, match="old"):
        run(QUESTION, "notes", "--no-cache")
