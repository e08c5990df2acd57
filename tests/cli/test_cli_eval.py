from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from articleqa import Article, ArticleIndex, Citation, Span
from articleqa.cli import cli
from articleqa.cli.eval import evaluate_command
from commands import python
from user_path import USER_PATH

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parents[1] / "fixtures"
SQUAD = str(FIXTURES / "eval_squad.json")
JSONL = str(FIXTURES / "eval_questions.jsonl")


@pytest.fixture
def articles(tmp_path: Path) -> str:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "road.txt").write_text("The road opened in 114 BCE. Zhang Qian travelled it. Silk went west.")
    (folder / "envoys.txt").write_text("The envoy Zhang Qian went first.")
    return str(folder)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(evaluate_command, arguments)


def test_squad_questions_bring_their_articles() -> None:
    result = run(SQUAD)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("eval_squad.json: 4 questions (2 answerable), 2 articles")
    assert result.stderr == ""


def test_it_is_a_verb_of_the_command_line() -> None:
    result = CliRunner().invoke(cli, ["eval", "none.json"])
    assert result.exit_code == 1
    assert (
        result.stderr == "articleqa: none.json: No such file or directory; give the path of a question file\n"
    )


def test_our_questions_are_asked_of_the_articles_given(articles: str) -> None:
    result = run(JSONL, "--articles", articles)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("eval_questions.jsonl: 3 questions (2 answerable), 2 articles")


def test_a_file_that_is_no_article_is_skipped_with_one_line_on_stderr(articles: str) -> None:
    Path(articles, "photo.txt").write_bytes(bytes(range(256)) * 8)
    result = run(JSONL, "--articles", articles)
    assert result.exit_code == 0
    assert result.stderr.startswith("articleqa: skipped ")
    assert "photo.txt" in result.stderr
    assert result.stderr.count("\n") == 1


def test_json_is_a_list_and_nothing_else_is_on_stdout() -> None:
    found = json.loads(run(SQUAD, SQUAD, "--json").stdout)
    assert [evaluation["name"] for evaluation in found] == ["eval_squad.json"] * 2
    assert found[0]["version"] == 1
    assert found[0] == found[1]
    assert found[0]["overall"]["p_at_1"] == 1


def test_several_files_give_one_report_after_another() -> None:
    lines = run(SQUAD, SQUAD, "--misses", "0").stdout.splitlines()
    assert len([line for line in lines if line.startswith("eval_squad.json:")]) == 2


def test_paragraphs_limit_and_misses_are_taken() -> None:
    (evaluation,) = json.loads(run(SQUAD, "--json", "--paragraphs", "--limit", "2", "--misses", "0").stdout)
    assert evaluation["articles"] == 3
    assert evaluation["overall"]["questions"] == 2
    assert evaluation["misses"] == []


def test_a_run_is_written(tmp_path: Path) -> None:
    path = tmp_path / "answers.run"
    assert run(SQUAD, "--run", str(path)).exit_code == 0
    fields = [line.split(" ") for line in path.read_text().splitlines()]
    assert fields
    assert all(len(line) == 6 and line[1] == "Q0" and line[5] == "articleqa" for line in fields)
    assert {line[0] for line in fields} <= {"s1", "s2", "s3", "s4"}


def test_sets_of_both_formats_are_asked_in_one_command(articles: str) -> None:
    found = json.loads(run(JSONL, SQUAD, "--articles", articles, "--paragraphs", "--json").stdout)
    assert [(evaluation["name"], evaluation["articles"]) for evaluation in found] == [
        ("eval_questions.jsonl", 2),
        ("eval_squad.json", 3),
    ]


def test_a_page_is_written_beside_the_report_and_over_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("an older page")
    result = run(SQUAD, "--html", str(path))
    assert result.exit_code == 0, result.stderr
    assert result.stdout == run(SQUAD).stdout
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_needs_an_extra_and_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    path = tmp_path / "report.html"
    result = run(SQUAD, "--html", str(path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == ('Error: --html needs jinja2; install it with: pip install "articleqa[report]"\n')
    assert not path.exists()
    assert run(SQUAD).exit_code == 0


def test_an_older_page_stays_where_there_is_no_new_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("an older page")
    assert run("none.json", "--html", str(path)).exit_code == 1
    assert path.read_text() == "an older page"


def test_accuracy_below_the_minimum_exits_with_1_after_the_report(articles: str, tmp_path: Path) -> None:
    assert run(SQUAD, "--min-accuracy", "1").exit_code == 0
    path = tmp_path / "set.jsonl"
    gold = {"article": "envoys.txt", "quote": "The envoy"}
    path.write_text(json.dumps({"id": "1", "question": "What went west?", "kind": "what", "answers": [gold]}))
    result = run(str(path), "--articles", articles, "--min-accuracy", "0.5")
    assert result.exit_code == 1
    assert result.stdout.startswith("set.jsonl: 1 questions")
    assert result.stderr == "Error: set.jsonl: P@1 is 0.0000, below 0.5\n"


def test_an_accuracy_that_is_undefined_meets_no_minimum(articles: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "1", "question": "Why?", "kind": "why", "answers": []}')
    result = run(str(path), "--articles", articles, "--min-accuracy", "0")
    assert result.exit_code == 1
    assert "no answerable question" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument"),
        (("set.txt",), "questions are .jsonl files, or .json files in SQuAD v2.0 format"),
        ((JSONL,), "needs --articles"),
        ((SQUAD, "--articles", "seeds"), "holds its articles; leave --articles out"),
        ((JSONL, "--articles", "seeds", "--paragraphs"), "--paragraphs is for .json files"),
        ((SQUAD, SQUAD, "--run", "x.run"), "--run writes the answers to one question file"),
        ((SQUAD, "--limit", "0"), "--limit"),
        ((SQUAD, "--min-accuracy", "80"), "--min-accuracy"),
    ],
)
def test_misuse_exits_with_2(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.json",), "none.json: No such file or directory"),
        ((JSONL, "--articles", "no/such/folder"), "no/such/folder"),
        ((JSONL, "--articles", str(FIXTURES / "sentences.txt")), "there is no article"),
        ((SQUAD, "--run", "no/such/folder/x.run"), "no/such/folder/x.run: No such file"),
        ((SQUAD, "--html", "no/such/folder/x.html"), "no/such/folder/x.html: No such file"),
    ],
)
def test_bad_input_exits_with_1_and_one_line(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def script(name: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words, path = (str(ROOT / "eval" / name), *arguments), {"PYTHONPATH": USER_PATH}
    if not environment:
        done = python(*words, cwd=cwd, env=path)
        return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env=path | environment,
        timeout=300,
        check=False,
    )


def test_the_hand_written_set_is_scored_from_any_folder(tmp_path: Path) -> None:
    result = script("run.py", "--json", "--limit", "5", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)[0]["name"] == "questions.jsonl"
    assert result.stderr == ""


@pytest.mark.slow
def test_the_report_does_not_depend_on_the_order_of_hashes(tmp_path: Path) -> None:
    first, second = (
        script("run.py", "--json", "--limit", "6", cwd=tmp_path, PYTHONHASHSEED=seed).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert json.loads(first)[0]["overall"]["questions"] == 6


def test_a_terminal_that_knows_ascii_alone_gets_the_report_too(tmp_path: Path) -> None:
    result = script("run.py", "--limit", "6", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("questions.jsonl: 6 questions")


def test_the_spans_of_a_small_set_verify(tmp_path: Path) -> None:
    (tmp_path / "set.json").write_bytes(Path(SQUAD).read_bytes())
    result = script("verify_spans.py", "--data", str(tmp_path), "--questions", "3", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("3 questions, ")
    assert result.stdout.endswith(" spans, 0 wrong, 0 suspicious\n")


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    result = script("verify_spans.py", "--data", str(tmp_path), cwd=tmp_path)
    assert result.returncode == 1
    assert "no .json files" in result.stderr


@pytest.fixture(scope="module")
def verify_spans() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_spans", ROOT / "eval" / "verify_spans.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ARTICLE = Article(id="a", text="Tea is green. Tea is hot.\n\nSilk is soft. It went west.")


def cited(question: str) -> Citation:
    return ArticleIndex.from_articles([ARTICLE]).ask(question, top_k=1).sentences[0].citation


def test_a_citation_as_answers_have_it_has_no_faults(verify_spans: ModuleType) -> None:
    articles = {"a": verify_spans.CheckedArticle(ARTICLE)}
    assert list(verify_spans.faults(cited("What is soft?"), articles)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"article_id": "b"}, "its article is not in the question set"),
        ({"end": 1000}, "outside its article"),
        ({"quote": "Silk is hard."}, "the quote differs from the article's text"),
        ({"prefix": ""}, "the prefix or suffix differs from the article's text"),
        ({"context": Span(30, 41)}, "not inside its context"),
        ({"end": 31, "quote": "Silk"}, "not one sentence of its paragraph"),
        ({"start": 14, "quote": "Tea is hot.\n\nSilk is soft."}, "a blank line inside"),
    ],
)
def test_each_fault_of_a_citation_is_found(
    verify_spans: ModuleType, changes: dict[str, object], fault: str
) -> None:
    articles = {"a": verify_spans.CheckedArticle(ARTICLE)}
    spoilt = cited("What is soft?").model_copy(update=changes)
    assert fault in list(verify_spans.faults(spoilt, articles))


@pytest.mark.parametrize(
    ("quote", "count"),
    [
        ("Tea is green. Silk is soft.", 1),
        ("Tea is green! And hot? Yes indeed.", 2),
        ("Dr. Smith met George W. Bush of the U.S. Senate at St. Mary in 1990.", 0),
        ("He said “It is over. Nobody came. Ever.” and left.", 0),
        ("“Why not?” Mary asked.", 0),
    ],
)
def test_what_looks_like_two_sentences_is_counted_unless_excused(
    verify_spans: ModuleType, quote: str, count: int
) -> None:
    assert len(list(verify_spans.likely_ends(quote))) == count
