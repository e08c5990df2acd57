"""A command line that cannot be meant as it stands: what is wrong, and the one that is right, which works."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli

TEXT = "The harbour froze at -40 degrees in 1740."
QUESTION = "When did the harbour freeze?"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an article in `notes/`, and an index of it in `kb/`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    assert run("index", "add", "kb", "notes").exit_code == 0
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", catch_exceptions=False)


def told(*args: str) -> str:
    """Run what is refused, and return its message."""
    result = run(*args)
    assert (result.exit_code > 0, result.stdout) == (True, "")
    return result.stderr.splitlines()[-1]


def suggested(*args: str) -> list[str]:
    """Run what is refused, and return the words of the command line that it suggests."""
    message = told(*args)
    assert " articleqa " in message
    return shlex.split(message.rpartition(" articleqa ")[2])


@pytest.mark.parametrize(
    "words",
    [
        ["When", "did", "the", "harbour", "freeze?", "notes", "--top", "1"],
        ["ask", "--top", "1", "When", "did", "the", "harbour", "freeze?", "notes"],
        ["notes", QUESTION, "--top", "1"],
        ["notes", "When", "did", "the", "harbour", "freeze?", "--top", "1"],
        ["--top", "1", "--", "notes", QUESTION],
    ],
)
def test_words_in_another_order_or_without_quotes(words: list[str]) -> None:
    assert suggested(*words) == [QUESTION, "notes", "--top", "1"]
    assert run(*suggested(*words)).stdout.startswith(TEXT)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (["-40 degrees is where?", "notes", "--top", "1"], "-40 degrees is where?"),
        (["-40", "degrees", "is", "where?", "notes", "--top", "1"], "-40 degrees is where?"),
        (["--top", "1", "-how many degrees?", "notes"], "-how many degrees?"),
        (["--top", "1", "-why?", "notes"], "-why?"),
        (["notes", "--help me to find 1740", "--top", "1"], "--help me to find 1740"),
    ],
)
def test_a_question_that_begins_with_a_dash(words: list[str], question: str) -> None:
    assert suggested(*words) == ["--top", "1", "--", question, "notes"]
    assert run(*suggested(*words)).exit_code == 0


def test_an_option_s_value_may_hold_blanks_and_a_dash() -> None:
    assert run(QUESTION, "notes", "--where=author=-Jane Doe").exit_code == 0
    assert run(QUESTION, "notes", "--where", "-author=Jane Doe").exit_code == 0


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["indx", "add", "kb", "notes"], ["index", "add", "kb", "notes"]),
        (["indx", "add", "kb", "notes", "--prune"], ["index", "add", "kb", "notes", "--prune"]),
        (["add", "kb", "notes", "more"], ["index", "add", "kb", "notes", "more"]),
        (["list", "kb"], ["index", "list", "kb"]),
        (["check", "kb", "--repair"], ["index", "check", "kb", "--repair"]),
        (["evaluate", "a.jsonl", "--articles", "notes"], ["eval", "a.jsonl", "--articles", "notes"]),
        (["evla", "a.json"], ["eval", "a.json"]),
        (["trian", "a.json", "--out", "b.json"], ["train", "a.json", "--out", "b.json"]),
        (["calib", "a.json"], ["calibrate", "a.json"]),
        (["help"], ["--help"]),
    ],
)
def test_a_mistyped_verb(words: list[str], right: list[str]) -> None:
    assert told(*words).startswith(f"Error: {words[0]}: no such command; did you mean: ")
    assert suggested(*words) == right


def test_a_question_like_a_verb_is_asked_where_all_else_is_right() -> None:
    for words in (["trains", "notes"], ["ask", "evals", "notes"]):
        result = run(*words)
        assert (result.exit_code, result.stderr) == (0, "")
    assert "no such command" not in told("ask", "indx", "nowhere")


@pytest.mark.parametrize("database", ["", "/articles.sqlite"])
def test_an_index_given_as_a_path(database: str) -> None:
    for words in (
        [QUESTION, f"kb{database}"],
        [f"kb{database}", QUESTION],
        [QUESTION, "notes", f"kb{database}"],
    ):
        assert suggested(*words, "--top", "1") == [QUESTION, "--index", "kb", "--top", "1"]
    assert run(*suggested(QUESTION, "kb")).stdout.startswith(TEXT)
    assert suggested(f"kb{database}") == ["QUESTION", "--index", "kb"]
    for words in (
        ["index", "add", "other", f"kb{database}"],
        ["eval", "a.jsonl", "--articles", f"kb{database}"],
    ):
        assert "an index, not articles" in told(*words)
        assert suggested(*words) == ["QUESTION", "--index", "kb"]
    assert not Path("other").exists()


def test_articles_given_as_an_index() -> None:
    assert suggested(QUESTION, "--index", "notes") == ["QUESTION", "notes"]
    assert suggested("index", "add", "notes", "new") == ["index", "add", "new", "notes"]
    assert run(*suggested("index", "add", "notes", "new")).exit_code == 0


def test_a_question_without_quotes_for_an_index() -> None:
    words = ["When", "did", "the", "harbour", "freeze?", "--index", "kb"]
    assert suggested(*words) == [QUESTION, "--index", "kb"]


@pytest.mark.parametrize(
    "url", ["https://example.org/a.html?b=1&c", "HTTP://example.org", "www.example.org/a"]
)
def test_a_url_is_not_fetched_and_how_to_save_it_is_said(url: str) -> None:
    for words in ([QUESTION, url], [url, QUESTION], [QUESTION, "notes", url]):
        message = told(*words)
        assert message.startswith(f"articleqa: {url}: web pages are not fetched; save the page")
        curl, articleqa = message.split("give the file: ")[1].split(" && ")
        assert shlex.split(curl) == ["curl", "-L", "-o", "page.html", url]
        assert shlex.split(articleqa) == ["articleqa", QUESTION, "page.html"]


@pytest.mark.parametrize(
    "words",
    [
        ["index", "add", "kb", "URL"],
        ["index", "list", "URL"],
        [QUESTION, "notes", "--ranker", "URL"],
        ["eval", "URL"],
        ["eval", "a.jsonl", "--articles", "URL"],
        ["train", "URL", "--out", "b.json"],
        ["calibrate", "a.json", "--ranker", "URL", "--out", "b.json"],
    ],
)
def test_a_url_in_any_other_place_is_told_of(words: list[str]) -> None:
    url = "https://example.org/a.json"
    line = f"articleqa: {url}: a URL; save it as a file and give the file's path"
    assert told(*(url if word == "URL" else word for word in words)) == line


def test_the_url_of_a_file_becomes_its_path(folder: Path) -> None:
    file = folder / "notes" / "harbour.txt"
    assert suggested(QUESTION, file.as_uri()) == [QUESTION, str(file)]


def test_a_question_about_a_url_is_a_question() -> None:
    assert run("www.example.org is where?", "notes").exit_code == 0


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Who's there", '"Who\'s there"'),
        ('Who said "no"', "'Who said \"no\"'"),
        ("What costs $5", "'What costs $5'"),
        ("Why\\ not", "'Why\\ not'"),
    ],
)
def test_a_suggestion_is_quoted_as_a_shell_needs_it(question: str, shown: str) -> None:
    assert f"articleqa {shown} notes" in told(*question.split(), "notes")
    assert suggested(*question.split(), "notes")[0] == question


def test_a_suggestion_cannot_steer_the_terminal() -> None:
    message = run("Who", "is\x1b[31m", "notes").stderr
    assert "\x1b" not in message
