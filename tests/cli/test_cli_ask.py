"""`articleqa "QUESTION" PATH...`: what it answers, in which words, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import articleqa
from articleqa.cli import VERBS, cli

ROOT = Path(__file__).parents[2]
QUESTION = "When was the confederation shut down?"
QUOTE = (
    "As a result, a court in southern Kazakhstan on January 4 shut down the confederation,"
    " at the request of the Justice Ministry."
)
PLACE = "seeds/000_db1add1b5e985d50.txt, “What went wrong?”, line 16, characters 1389–1514"


@pytest.fixture(autouse=True)
def in_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), input=stdin, prog_name="articleqa", catch_exceptions=False)


def test_the_answer_is_shown_with_its_place_and_confidence() -> None:
    result = run(QUESTION, "seeds/")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:4] == [QUOTE, "", "The Labor Crackdown and Possible Unintended Consequences", PLACE]
    assert lines[4].startswith("confidence: ")


def test_the_characters_shown_are_those_of_the_quote() -> None:
    text = (ROOT / "seeds" / "000_db1add1b5e985d50.txt").read_text(encoding="utf-8")
    assert text[1389:1514] == QUOTE
    assert text.splitlines()[15].find(QUOTE) >= 0


def test_the_other_nearest_sentences_follow_each_with_its_place() -> None:
    lines = run(QUESTION, "seeds/", "--top", "3").stdout.splitlines()
    after = lines[lines.index("Next nearest:") + 1 :]
    assert [line[:3] for line in after] == ["2. ", "   ", "3. ", "   "]
    assert all(", line " in line and ", characters " in line for line in after[1::2])


@pytest.mark.parametrize(
    "args",
    [
        ["ask", QUESTION, "seeds/", "--top", "1", "--min-confidence", "0"],
        ["--top", "1", "--min-confidence", "0", QUESTION, "seeds/"],
        ["--top=1", QUESTION, "--min-confidence=0", "seeds/"],
        [QUESTION, "seeds/", "--min-confidence", "0", "--top", "1"],
        ["--top", "1", "ask", "--min-confidence", "0", QUESTION, "seeds/"],
        ["ask", "--top", "1", "--min-confidence", "0", "--", QUESTION, "seeds/"],
    ],
)
def test_options_stand_anywhere_and_the_short_form_is_the_long_one(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 0
    assert result.stdout == run(QUESTION, "seeds/", "--top", "1", "--min-confidence", "0").stdout
    assert result.stdout.startswith(QUOTE)
    assert "nearest" not in result.stdout


def test_several_paths_are_asked_together_files_and_folders(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "harbour.md").write_text("# Harbour\n\nThe harbour froze in 1740.\n", encoding="utf-8")
    file = "seeds/000_db1add1b5e985d50.txt"
    assert run(QUESTION, file, str(notes)).stdout.startswith(QUOTE)
    assert run("When did the harbour freeze?", file, str(notes)).stdout.startswith(
        "The harbour froze in 1740."
    )


def test_json_is_the_envelope_of_the_librarys_answer_and_nothing_else() -> None:
    result = run("--json", QUESTION, "seeds/")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "schema": "articleqa.answer",
        "version": 1,
        "answer": articleqa.ask(QUESTION, "seeds/").model_dump(mode="json"),
    }
    assert result.stdout.endswith("}\n")


def test_json_holds_explanations_only_where_they_are_asked_for() -> None:
    printed = json.loads(run(QUESTION, "seeds/", "--json", "--explain", "--top", "2").stdout)
    assert [each["text"] for each in printed["explanations"]] == [
        each["text"] for each in printed["answer"]["sentences"]
    ]


def test_json_is_only_json_when_files_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour froze in 1740.", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\0\1\2")
    result = run("When did the harbour freeze?", str(tmp_path), "--json")
    assert json.loads(result.stdout)["answer"]["answered"]
    assert result.stderr.startswith("articleqa: skipped ")


def test_explain_shows_the_largest_shares_first_and_no_zeros() -> None:
    explained = run(QUESTION, "seeds/", "--explain", "--top", "1").stdout.split("Why sentence 1: score ")[1]
    lines = [line.strip() for line in explained.splitlines()]
    assert lines[1:5] == [
        "matched: confederation, shut, down",
        "unmatched: none",
        "expected: time",
        "met by: January 4",
    ]
    assert lines[5].startswith("confidence: ")
    assert lines[6].split() == ["feature", "value", "share"]
    shares = [abs(float(line.split()[-1])) for line in lines[7:]]
    assert shares == sorted(shares, reverse=True)
    assert all(shares)


def test_an_abstaining_answer_gives_the_reason_and_the_nearest() -> None:
    result = run("Who visited Kharkov?", "seeds/", "--min-confidence", "1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "The articles do not say."
    assert lines[1].startswith("The nearest sentence has a confidence of 0.")
    assert lines[1].endswith(", below the 1 that an answer needs.")
    assert "Nearest, but not an answer:" in lines


def test_a_likely_answer_below_the_threshold_is_a_maybe() -> None:
    result = run(QUESTION, "seeds/", "--min-confidence", "1")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["The articles may say:", QUOTE]


def test_words_never_mentioned_come_with_the_nearest_spelling() -> None:
    result = run("Who visited Kharkov?", "seeds/")
    assert "The articles do not say." in result.stdout
    assert "Kharkov (did you mean Kharkova?)" in result.stdout


def test_fail_on_abstain_exits_with_3_only_when_it_abstains() -> None:
    assert run(QUESTION, "seeds/", "--fail-on-abstain").exit_code == 0
    abstained = run(QUESTION, "seeds/", "--fail-on-abstain", "--min-confidence", "1", "--json")
    assert abstained.exit_code == 3
    assert json.loads(abstained.stdout)["answer"]["answered"] is False


def test_a_question_in_chinese_over_english_articles_abstains() -> None:
    result = run("联合会是什么时候关闭的？", "seeds/")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "The articles do not say.\nNo sentence shares a word with the question.\n"
    )


def test_a_question_of_thousands_of_words_is_answered_briefly() -> None:
    question = " ".join(f"confederation shut{number}" for number in range(1500))
    result = run(question, "seeds/")
    assert result.exit_code == 0
    assert "and 1490 more" in result.stdout
    assert len(result.stdout) < 2000


@pytest.mark.parametrize("question", ["eval", "ask"])
def test_a_question_equal_to_a_verb_goes_through_ask_or_after_two_dashes(question: str) -> None:
    for args in (["ask", question, "seeds/", "--json"], ["--json", "--", question, "seeds/"]):
        result = run(*args)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["answer"]["question"] == question


def test_a_question_may_begin_with_a_dash_after_two_dashes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour froze in 1740.", encoding="utf-8")
    assert run("--top", "1", "--", "-when did the harbour freeze?", str(tmp_path)).stdout.startswith(
        "The har"
    )
    assert run("-when did the harbour freeze?", str(tmp_path)).exit_code == 2


@pytest.mark.parametrize(
    "data",
    [
        "Café Prag\n\nThe café opened in 1903.\n".encode(),
        "\ufeffCafé Prag\r\n\r\nThe café opened in 1903.\r\n".encode(),
        "Café Prag\n\nThe café opened in 1903.\n".encode("utf-16"),
    ],
)
def test_a_dash_reads_standard_input_like_a_file(data: bytes) -> None:
    result = run("When did the café open?", "-", stdin=data)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert (lines[0], lines[2]) == ("The café opened in 1903.", "Café Prag")
    assert lines[3].startswith("stdin, line 3, characters ")


def test_standard_input_is_asked_together_with_files() -> None:
    result = run(QUESTION, "-", "seeds/", "--json", stdin="The harbour froze in 1740.")
    assert json.loads(result.stdout)["answer"]["text"] == QUOTE


def test_markup_is_shown_as_it_is_and_escapes_are_not_obeyed(tmp_path: Path) -> None:
    text = "The [bold]harbour[/bold] \x1b[31mfroze\x07 in 1740\x9b0m :smile:.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    question = ("When did the harbour freeze in 1740?", str(tmp_path), "--min-confidence", "0")
    shown = run(*question).stdout
    assert "The [bold]harbour[/bold] \ufffd[31mfroze\ufffd in 1740\ufffd0m :smile:." in shown
    assert not set("\x1b\x07\x9b") & set(shown)
    exact = run(*question, "--json").stdout
    assert json.loads(exact)["answer"]["text"] == text.strip()
    assert not set("\x1b\x07\x9b") & set(exact)


def test_a_quote_is_one_line_for_people_and_exact_in_json(tmp_path: Path) -> None:
    text = (
        "The harbour of the old town, which had been dug by hand over thirty years,\n"
        "froze in the winter of 1740, and for eleven weeks no ship could enter or\n"
        "leave it, so that the price of bread rose to four times what it had been.\n"
    )
    more = "\n" + "Nobody in the town has since been able to say how the old walls were built\n" * 9
    (tmp_path / "a.txt").write_text(text + more, encoding="utf-8")
    question = ("When did the harbour freeze?", str(tmp_path), "--min-confidence", "0")
    assert run(*question).stdout.splitlines()[0] == " ".join(text.split())
    assert json.loads(run(*question, "--json").stdout)["answer"]["text"] == text.strip()


def test_help_shows_examples_all_verbs_and_the_options_of_the_short_form() -> None:
    for args in (["-h"], ["--help"]):
        result = run(*args)
        assert result.exit_code == 0
        assert "Usage: articleqa [OPTIONS] QUESTION PATH..." in result.stdout
        assert 'articleqa "When was the confederation shut down?" seeds/' in result.stdout
        for word in (
            *VERBS,
            "--top",
            "--min-confidence",
            "--json",
            "--explain",
            "--fail-on-abstain",
            "--version",
        ):
            assert word in result.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_that_names_it(verb: str) -> None:
    for option in ("-h", "--help"):
        assert f"Usage: articleqa {verb} " in run(verb, option).stdout


def test_version() -> None:
    for args in (["--version"], ["ask", "--version"], [QUESTION, "seeds/", "--version"]):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (0, f"articleqa {articleqa.__version__}\n")
