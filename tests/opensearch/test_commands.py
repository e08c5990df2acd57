"""The command line over an index in a cluster, and addresses that are wrong."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa import ArticleIndex, ArticleQAError
from articleqa.cli import cli
from articleqa.storage.opensearch.address import Address, Credentials, parse
from clusters import free_port

QUESTION = "When did the harbour freeze?"
HARBOUR = "The harbour of Zorp froze in the winter of 1740."


@pytest.fixture(autouse=True)
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("USER", "PASSWORD", "CA"):
        monkeypatch.delenv(f"ARTICLEQA_OPENSEARCH_{name}", raising=False)
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR)
    (folder / "union.txt").write_text("Menu\n\nThe union of Quax was shut by a court.")
    return folder


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa")


def test_the_verbs_of_index_take_the_url_of_a_cluster(url: str, news: Path) -> None:
    done = run("index", "add", url, "news")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"2 added, 0 replaced, 0 unchanged; 2 articles in {url}\n"
    (news / "harbour.txt").write_text(f"{HARBOUR} Nobody skated.")
    (news / "union.txt").unlink()
    done = run("index", "add", url, "news", "--prune")
    assert done.stdout == f"0 added, 1 replaced, 0 unchanged, 1 removed; 1 article in {url}\n"
    listed = run("index", "list", url).stdout.rstrip("\n").split("\t")
    assert (listed[0], listed[2]) == ("harbour.txt", "news/harbour.txt")
    assert "passages: 1\n" in run("index", "info", url).stdout
    assert run("index", "show", url, "harbour.txt").stdout == f"{HARBOUR} Nobody skated.\n"
    assert run("index", "check", url).stdout == f"{url}: OK\n"
    assert run("index", "check", url, "--repair").stdout == f"{url}: rebuilt from 1 articles, none lost\n"
    answer = json.loads(run("ask", QUESTION, "--index", url, "--json").stdout)
    assert answer["answer"]["sentences"][0]["text"] == HARBOUR
    assert run("index", "remove", url, "harbour.txt").stdout == f"1 removed; 0 articles in {url}\n"


def test_a_cluster_that_is_not_there_is_one_clear_line() -> None:
    url = f"opensearch://me:secret@127.0.0.1:{free_port() + 1}/news"
    for command in (["ask", QUESTION, "--index", url], ["index", "add", url, "news"], ["index", "info", url]):
        done = run(*command)
        (line,) = done.stderr.splitlines()
        assert (done.exit_code, done.stdout) == (1, "")
        assert "its node cannot be reached (connection refused" in line
        assert "secret" not in line


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("opensearch://h:9200", "the index needs a name"),
        ("opensearch://h:0/news", "it needs a host"),
        ("opensearch:///news", "it needs a host"),
        ("opensearch://h,/news", "it needs a host"),
        ("opensearch://h/news?tls=maybe", "tls must be true or false"),
        ("opensearch://h/news?verify=false", "'verify' is not an option"),
        ("opensearch://h/news?ca=no/such.pem", "no/such.pem: no such file"),
        ("opensearch://[::1/news", "it is not a URL"),
    ],
)
def test_a_mistyped_address_is_named_without_its_password(url: str, told: str) -> None:
    done = run("ask", QUESTION, "--index", url.replace("://", "://me:secret@"))
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (1, "")
    assert told in line
    assert "secret" not in line


@pytest.mark.parametrize("mark", "/?#")
def test_a_password_with_an_unquoted_mark_is_not_shown(mark: str) -> None:
    done = run("ask", QUESTION, "--index", f"opensearch://me:sec{mark}ret@h/news")
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (1, "")
    assert line.startswith("articleqa: opensearch://…: ")
    assert "sec" not in line
    assert "ret@" not in line


def test_addresses_and_credentials_come_from_url_keywords_and_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "ca.pem"
    pem.touch()
    address, credentials = parse("opensearch://me:a%40b@one,[::1]:9201/news?tls=true")
    assert address == Address((("one", 9200), ("::1", 9201)), "news", tls=True)
    assert str(address) == "opensearch://one:9200,[::1]:9201/news?tls=true"
    assert credentials.pair == ("me", "a@b")
    assert parse("opensearch://one/news", user="you", password="p")[1].pair == ("you", "p")
    monkeypatch.setenv("ARTICLEQA_OPENSEARCH_USER", "env")
    monkeypatch.setenv("ARTICLEQA_OPENSEARCH_PASSWORD", "word")
    monkeypatch.setenv("ARTICLEQA_OPENSEARCH_CA", str(pem))
    address, credentials = parse("opensearch://one/news")
    assert (address.tls, address.ca, credentials.pair) == (True, str(pem), ("env", "word"))
    assert parse("opensearch://me@one/news")[1].pair == ("me", "word")


def test_credentials_are_pickled_so_that_no_other_program_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARTICLEQA_HANDED_OVER_BY", raising=False)
    pickled = pickle.dumps(Credentials("myself", "swordfish"))
    assert b"myself" not in pickled
    assert b"swordfish" not in pickled
    assert pickle.loads(pickled).pair == ("myself", "swordfish")
    monkeypatch.delenv("ARTICLEQA_HANDED_OVER_BY")
    assert pickle.loads(pickled).pair is None
    assert "swordfish" not in f"{Credentials('myself', 'swordfish')!r}"


def test_a_usage_hint_shows_no_password() -> None:
    done = run("ask", "--index", "opensearch://me:secret@h/news")
    assert done.exit_code == 2
    assert "secret" not in done.stderr
    assert "opensearch://…@h/news" in done.stderr


def test_an_option_that_a_backend_has_not_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="shards must be at least 1"):
        ArticleIndex.create(url, shards=0)
    with pytest.raises(ArticleQAError):
        ArticleIndex.connect(url)


def test_create_makes_an_index_of_so_many_shards(url: str, tmp_path: Path) -> None:
    assert run("index", "create", url, "--shards", "2", "--replicas", "0").stdout == f"created {url}\n"
    assert "shards:   2, each with 0 replicas\n" in run("index", "info", url).stdout
    assert run("index", "create", url).exit_code == 1
    assert run("index", "create", "kb").stdout == "created kb\n"
    refused = run("index", "create", str(tmp_path / "other"), "--shards", "2")
    assert (refused.exit_code, (tmp_path / "other").exists()) == (2, False)
