"""`articleqa index` and asking an index by `--index`, by `--questions` and by choice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa import Article, ArticleIndex
from articleqa.cli import cli
from articleqa.storage.sqlite.schema import FORMAT

QUESTION = "When did the harbour freeze?"
HARBOUR = "The harbour of Zorp froze in the winter of 1740."
UNION = "---\nauthor: Ann Blim\ndate: 2017-01-04\n---\n\nThe union of Quax was shut by a court."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    news = tmp_path / "news"
    news.mkdir()
    (news / "harbour.txt").write_text(HARBOUR)
    (news / "union.md").write_text(UNION)
    return tmp_path


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", input=stdin)


def lines(*args: str) -> list[str]:
    done = run(*args)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_folder_goes_into_an_index_and_is_asked_there() -> None:
    assert lines("index", "add", "kb", "news") == ["2 added, 0 replaced, 0 unchanged; 2 articles in kb"]
    assert lines(QUESTION, "--index", "kb")[0] == HARBOUR
    assert lines("ask", QUESTION, "--index", "kb")[0] == HARBOUR
    assert lines("index", "add", "kb", "news") == ["0 added, 0 replaced, 2 unchanged; 2 articles in kb"]
    assert lines("index", "check", "kb") == ["kb: OK"]


def test_the_list_as_json_has_exact_ids_and_metadata(home: Path) -> None:
    lines("index", "add", "kb", "news")
    harbour, union = json.loads("".join(lines("index", "list", "kb", "--json")))
    assert harbour["id"] == "harbour.txt"
    assert (harbour["source"], harbour["characters"]) == (str(home / "news" / "harbour.txt"), len(HARBOUR))
    assert (union["metadata"]["author"], union["media_type"]) == ("Ann Blim", "text/markdown")


def test_the_list_of_an_empty_index_as_json_is_an_empty_list() -> None:
    lines("index", "create", "kb")
    assert lines("index", "list", "kb", "--json") == ["[]"]


def test_json_of_the_list_escapes_what_could_control_a_terminal() -> None:
    ArticleIndex.create("kb").add([Article(id="a\x9b31m\n", text=HARBOUR)])
    told = run("index", "list", "kb", "--json").stdout
    assert "\x9b" not in told
    assert json.loads(told)[0]["id"] == "a\x9b31m\n"


def test_a_quiet_command_names_no_skipped_file_but_still_its_errors(home: Path) -> None:
    (home / "news" / "odd.pdf").write_bytes(b"%PDF-1.7 broken")
    assert "odd.pdf" in run("index", "add", "kb", "news").stderr
    for command in (["index", "add", "quiet", "news", "--quiet"], [QUESTION, "news", "-q"]):
        done = run(*command)
        assert (done.exit_code, done.stderr) == (0, "")
    assert run(QUESTION, "nowhere", "--quiet").stderr.startswith("articleqa: nowhere: ")


def test_changed_files_replace_and_pruning_removes_what_is_gone(home: Path) -> None:
    lines("index", "add", "kb", "news")
    (home / "news" / "harbour.txt").write_text(HARBOUR.replace("1740", "1741"))
    (home / "news" / "union.md").unlink()
    told = ["0 added, 1 replaced, 0 unchanged, 1 removed; 1 article in kb"]
    assert lines("index", "add", "kb", "news", "--prune") == told
    assert "1741" in lines(QUESTION, "--index", "kb")[0]


def test_a_prefix_keeps_two_folders_apart(home: Path) -> None:
    other = home / "other"
    other.mkdir()
    (other / "harbour.txt").write_text("Another harbour.")
    lines("index", "add", "kb", "news")
    lines("index", "add", "kb", "other", "--prefix", "b")
    assert [line.split("\t")[0] for line in lines("index", "list", "kb")] == [
        "harbour.txt",
        "union.md",
        "b/harbour.txt",
    ]
    (home / "b").mkdir()
    (home / "b" / "harbour.txt").write_text("A third harbour.")
    done = run("index", "add", "kb", "b", "--prefix", "b")
    assert done.exit_code == 1
    assert "'b/harbour.txt': other/harbour.txt and b/harbour.txt" in done.stderr


def test_the_list_has_a_line_an_article_its_id_whole_and_first(home: Path) -> None:
    (home / "news" / f"{'n' * 200}.txt").write_text("A storm.")
    lines("index", "add", "kb", "news")
    listed = lines("index", "list", "kb")
    assert listed[1].split("\t")[0] == f"{'n' * 200}.txt"
    assert listed[0] == f"harbour.txt\t{HARBOUR}\tnews/harbour.txt"


def test_articles_are_removed_by_id() -> None:
    lines("index", "add", "kb", "news")
    assert lines("index", "remove", "kb", "union.md") == ["1 removed; 1 article in kb"]
    done = run("index", "remove", "kb", "union.md")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "articleqa: no article with the id 'union.md' in the index\n"


@pytest.mark.parametrize(
    "id_", ["a\nb", "a\\nb", "a\tb\r\x1b[31m", " a ", "-a", "a\u202eb\u2028", "a\\u0041", "ü\x7f"]
)
def test_an_id_is_removed_as_it_is_listed(id_: str) -> None:
    index = ArticleIndex.create("odd")
    index.add([Article(id=id_, text="It rains."), Article(id="a b", text="It snows.")])
    index.close()
    listed = [line.split("\t")[0] for line in lines("index", "list", "odd")]
    assert len(listed) == 2
    assert not set("\x1b\u202e\r") & set("".join(listed))
    assert lines("index", "remove", "odd", listed[0]) == ["1 removed; 1 article in odd"]
    assert [line.split("\t")[0] for line in lines("index", "list", "odd")] == ["a b"]


def test_info_says_how_large_it_is() -> None:
    lines("index", "add", "kb", "news")
    told = dict(line.split(":", 1) for line in lines("index", "info", "kb"))
    assert {name: told[name].strip() for name in ("articles", "passages", "format")} == {
        "articles": "2",
        "passages": "2",
        "format": str(FORMAT),
    }
    assert set(told) == {
        *("articles", "passages", "vectors", "words", "left out", "size", "format", "analysis", "ranker")
    }


SAVED = "Home\nNews\nLog in\n\nMayor resigns\n\nThe mayor resigned on Monday.\n\nShare this article\n"


def test_info_counts_the_lines_that_are_left_out(home: Path) -> None:
    (home / "saved").mkdir()
    (home / "saved" / "mayor.txt").write_text(SAVED)
    lines("index", "add", "kb", "saved")
    told = dict(line.split(":", 1) for line in lines("index", "info", "kb"))
    assert told["left out"].strip() == "4 lines of 1 article (menus, boilerplate)"


def test_show_marks_the_lines_that_are_left_out(home: Path) -> None:
    (home / "news" / "mayor.txt").write_text(SAVED)
    lines("index", "add", "kb", "news")
    assert lines("index", "show", "kb", "mayor.txt") == [
        *("[left out] Home", "[left out] News", "[left out] Log in", ""),
        *("Mayor resigns", "", "The mayor resigned on Monday.", "", "[left out] Share this article"),
    ]


def test_show_marks_what_most_articles_repeat(home: Path) -> None:
    (home / "wards").mkdir()
    for n in range(6):
        text = f"Ward {n} lost its mayor to the strike on day {n}.\n\nCourier Plus, the magazine\n"
        (home / "wards" / f"{n}.txt").write_text(text)
    lines("index", "add", "kb", "wards")
    assert lines("index", "show", "kb", "3.txt")[-1] == "[left out] Courier Plus, the magazine"


def test_show_marks_the_left_out_blocks_of_a_loader(home: Path) -> None:
    (home / "news" / "page.rst").write_text(
        "Rain\n====\n\n.. a comment that nobody reads\n\nIt rained on Monday.\n"
    )
    lines("index", "add", "kb", "news")
    shown = lines("index", "show", "kb", "page.rst")
    assert "It rained on Monday." in shown
    assert "[left out] .. a comment that nobody reads" in shown


def test_a_line_of_markup_alone_is_not_left_out(home: Path) -> None:
    (home / "news" / "tides.md").write_text(
        "<table>\n  <tr>\n    <td>High tide</td>\n    <td>at six</td>\n  </tr>\n</table>\n"
    )
    lines("index", "add", "kb", "news")
    assert not [line for line in lines("index", "show", "kb", "tides.md") if line.startswith("[left out]")]


def test_show_of_an_unknown_id_names_the_nearest() -> None:
    lines("index", "add", "kb", "news")
    done = run("index", "show", "kb", "onion.md")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "articleqa: no article with the id 'onion.md' in the index; did you mean union.md?\n"
    )


def test_show_takes_an_id_as_list_prints_it() -> None:
    index = ArticleIndex.create("odd")
    index.add([Article(id="a\nb", text="It rains.\x1b[31m")])
    index.close()
    listed = lines("index", "list", "odd")[0].split("\t")[0]
    assert lines("index", "show", "odd", listed) == ["It rains.\ufffd[31m"]


def test_a_damaged_index_is_told_of_with_exit_code_1_and_repaired(home: Path) -> None:
    lines("index", "add", "kb", "news")
    for path in (home / "kb" / "search-1").iterdir():
        path.unlink()
    done = run(QUESTION, "--index", "kb")
    assert done.exit_code == 1
    assert done.stderr.startswith("articleqa: kb: its search files are damaged")
    done = run("index", "check", "kb")
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    done = run("index", "check", "kb", "--repair")
    assert (done.exit_code, done.stdout) == (0, "kb: rebuilt from 2 articles, none lost\n")
    assert lines(QUESTION, "--index", "kb")[0] == HARBOUR


@pytest.mark.parametrize(
    "args",
    [
        ("index", "add", "kb", "nowhere"),
        ("index", "add", "kb", "empty"),
        ("index", "add", "k" * 300, "news"),
        ("index", "add", "news", "news"),
        ("index", "list", "kb"),
        ("index", "info", "news"),
        ("index", "check", "kb"),
        ("index", "check", "news", "--repair"),
        ("index", "remove", "kb", "a"),
        (QUESTION, "--index", "kb"),
        (QUESTION, "--index", "news"),
        (QUESTION, "--index", "k" * 300),
    ],
)
def test_what_is_no_index_or_no_article_is_one_line_and_exit_code_1(
    args: tuple[str, ...], home: Path
) -> None:
    (home / "empty").mkdir()
    done = run(*args)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in (home / "news").iterdir()) == ["harbour.txt", "union.md"]
    assert not (home / "kb").exists()


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ((QUESTION, "news", "--index", "kb"), "give one or the other"),
        (("--index", "kb"), "no question for kb"),
        ((QUESTION, "news", "--where", "author"), "'author' is not KEY=VALUE"),
        ((QUESTION, "news", "--since", "May"), "since must be a date"),
        (("--questions", "q.txt"), "no articles to ask"),
        (("news", "--questions", "q.txt", "--index", "kb"), "give one or the other"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(args: tuple[str, ...], problem: str, home: Path) -> None:
    (home / "q.txt").write_text(QUESTION)
    done = run(*args)
    assert done.exit_code == 2
    assert problem in done.stderr


@pytest.mark.parametrize("asked", [("news",), ("--index", "kb")])
def test_articles_are_chosen_by_their_metadata(asked: tuple[str, ...]) -> None:
    lines("index", "add", "kb", "news")
    question = "Who shut the union of Quax?"
    for chosen in (("--where", "author=Ann Blim"), ("--since", "2017"), ("--until", "2017-01")):
        assert "shut by a court" in lines(question, *asked, *chosen)[0]
    for others in (("--where", "author=Ann"), ("--since", "2018"), ("--until", "2016-12-31")):
        assert lines(question, *asked, *others)[0] == "The articles do not say."


@pytest.mark.parametrize("asked", [("news",), ("--index", "kb")])
def test_each_line_of_a_file_is_asked_and_answered_by_a_line_of_json(
    asked: tuple[str, ...], home: Path
) -> None:
    lines("index", "add", "kb", "news")
    (home / "q.txt").write_text(f"{QUESTION}\n\n  Who shut the union of Quax?  \n")
    for args, stdin in ((("q.txt",), None), (("-",), (home / "q.txt").read_text())):
        done = run(*asked, "--questions", *args, "--top", "1", stdin=stdin)
        assert (done.exit_code, done.stderr) == (0, "")
        found = [json.loads(line)["answer"] for line in done.stdout.splitlines()]
        assert [answer["question"] for answer in found] == [QUESTION, "Who shut the union of Quax?"]
        assert found[0]["text"] == HARBOUR
    (home / "bad.txt").write_bytes(b"Caf\xe9?\n")
    done = run(*asked, "--questions", "bad.txt")
    assert done.exit_code == 1
    assert done.stderr == "articleqa: bad.txt: not UTF-8\n"


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode elsewhere")
def test_files_whose_names_are_no_unicode_are_added(home: Path) -> None:
    name = os.fsdecode(b"news/\xff\xfe.txt")
    Path(name).write_text("The bad house of Zorp has 6 rooms.")
    for told in ("3 added, 0 replaced, 0 unchanged", "0 added, 0 replaced, 3 unchanged"):
        assert lines("index", "add", "kb", "news", "--prune")[0].startswith(told)
    assert "The bad house of Zorp has 6 rooms." in run("How many rooms?", "--index", "kb").stdout
    assert "\\\\xff" in run("index", "list", "kb").stdout
