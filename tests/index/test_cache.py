"""The cache: asked again, files are read only where they changed, and the answers are those without it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, ask, load_articles
from articleqa.cli import cli
from articleqa.exceptions import ArticleReadError
from articleqa.index.cache import files as cached_files
from articleqa.index.cache import folder as cache_entries
from articleqa.index.cache.files import CachedFiles
from articleqa.index.cache.manifest import FileStat
from articleqa.index.disk_backend import DiskBackend
from articleqa.index.memory_backend import MemoryBackend
from articleqa.loaders.api import SkippedFileWarning
from articleqa.loaders.sandbox import ArticleFile, Loaded, load_files
from articleqa.storage.files import size_of

QUESTION = "When did the harbour freeze?"
HARBOUR = "The harbour of Zorp froze in the winter of 1740."
FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, where any index is worth caching."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache_entries, "WORTH_S", 0.0)
    monkeypatch.chdir(tmp_path)
    news = tmp_path / "news"
    news.mkdir()
    (news / "harbour.txt").write_text(HARBOUR)
    (news / "union.md").write_text("# The union\n\nThe union of Quax was shut by a court in 2017.")
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the names of the files that are read."""
    names: list[str] = []

    def noted(files: Iterator[ArticleFile]) -> Iterator[ArticleFile]:
        for file in files:
            names.append(file.path.name)
            yield file

    def load(files: Iterator[ArticleFile], *args: object) -> Iterator[Loaded]:
        return load_files(noted(files), *args)  # type: ignore[arg-type]

    monkeypatch.setattr(cached_files, "load_files", load)
    return names


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", input=stdin)


def answer(*args: str) -> str:
    """Return what the command prints as JSON, with the cache and without it."""
    with_cache, without = (run("ask", QUESTION, *args, "--json", *more) for more in ([], ["--no-cache"]))
    assert (with_cache.exit_code, without.exit_code) == (0, 0)
    assert with_cache.stdout == without.stdout
    return with_cache.stdout


def entries() -> list[Path]:
    folder = cache_entries.cache_folder()
    return sorted(path for path in folder.iterdir() if path.name[0] != ".") if folder.exists() else []


def make_old(*paths: Path) -> None:
    """Let the next question find files that were last changed long ago, as their inode alone cannot say."""
    for path in paths:
        os.utime(path, ns=(10**18, 10**18))


@pytest.fixture
def without_ctime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at files as on a system that has no time of a file's last change but what can be set."""
    of = FileStat.of
    monkeypatch.setattr(FileStat, "of", lambda path: (found := of(path)) and found._replace(changed=0))


def same_articles(one: ArticleIndex, other: ArticleIndex) -> bool:
    """Say whether two indexes have the same articles and passages in the same order."""
    passages = [[(p.passage, p.sentence_terms, p.context) for p in index.passages] for index in (one, other)]
    return list(one.articles.values()) == list(other.articles.values()) and passages[0] == passages[1]


def index_of(*paths: str) -> ArticleIndex:
    backend = CachedFiles(paths).backend()
    return ArticleIndex(backend, None)


# What is read again


def test_files_of_all_formats_are_read_once(home: Path, read: list[str]) -> None:
    for kind in ("html", "pdf", "docx", "odt", "epub", "md"):
        shutil.copy(min((FORMATS / kind).iterdir()), home / "news")
    (home / "news" / "rows.csv").write_text("title,text\nA,Tea is grown in Zorp.\nB,Rye is grown in Quax.\n")
    (home / "news" / "lines.rst").write_text("Title\n=====\n\nTea is drunk in Quax.\n")
    first = answer("news")
    assert len(read) == 10
    assert answer("news") == first
    assert len(read) == 10


def test_only_changed_files_are_read_again(home: Path, read: list[str]) -> None:
    answer("news")
    read.clear()
    (home / "news" / "harbour.txt").write_text(HARBOUR.replace("1740", "1741"))
    assert "1741" in answer("news")
    assert read == ["harbour.txt"]
    (home / "news" / "a.txt").write_text("The harbour froze in May.")
    (home / "news" / "union.md").unlink()
    assert "in May" in answer("news")
    assert read == ["harbour.txt", "a.txt"]
    assert len(entries()) == 1


def test_touched_files_are_not_read_again(home: Path, read: list[str]) -> None:
    answer("news")
    read.clear()
    (kept,) = entries()
    make_old(home / "news" / "harbour.txt")
    answer("news")
    assert (read, entries()) == ([], [kept])


def test_settled_files_are_not_even_hashed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached_files, "RACY_NS", 0)
    answer("news")
    monkeypatch.setattr(cached_files, "_sha256_of", lambda path: pytest.fail("hashed"))
    answer("news")


@pytest.mark.usefixtures("without_ctime")
def test_a_change_right_after_reading_is_seen(home: Path) -> None:
    path = home / "news" / "harbour.txt"
    before = path.stat()
    answer("news")
    with path.open("r+") as file:
        file.write(HARBOUR.replace("1740", "1741"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert "1741" in answer("news")


def test_a_change_while_it_is_read_is_seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "news" / "harbour.txt"
    monkeypatch.setattr(cached_files, "RACY_NS", -(10**18))  # all files count as settled

    def load(files: Iterator[ArticleFile], *args: object) -> Iterator[Loaded]:
        for loaded in load_files(files, *args):  # type: ignore[arg-type]
            path.write_text(HARBOUR.replace("1740", "1741"))
            yield loaded

    monkeypatch.setattr(cached_files, "load_files", load)
    run(QUESTION, "news")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.chdir(home)
    assert "1741" in answer("news")


def test_the_same_warnings_come_each_time(home: Path) -> None:
    (home / "news" / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    (home / "news" / "cafe.txt").write_bytes("Thé, café. ".encode() + b"Caf\xff.")
    (home / "news" / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    first, again, without = (run(QUESTION, "news", *more).stderr for more in ([], [], ["--no-cache"]))
    assert again == without
    assert first.splitlines()[1:] == again.splitlines()
    assert [word in again for word in ("bad.pdf", "cafe.txt", "picture.jpg")] == [True] * 3


def test_warnings_name_files_as_seen_from_the_working_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "news" / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (home / "news" / "odd.md").write_text("---\ndate: 05/06/2020\n---\n\nGreen tea was first drunk in Quax.")
    for folder, shown in ((home, "news/"), (home / "news", ""), (home.parent, f"{home.name}/news/")):
        monkeypatch.chdir(folder)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert ask(QUESTION, home / "news", cache=True).answered
        named = {str(each.message).partition(": ")[0] for each in caught}
        assert named == {f"{shown}odd.md", f"skipped {shown}broken.pdf"}


def test_a_file_that_could_not_be_read_is_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "news" / "late.txt"
    path.write_text("The harbour froze in May.")
    make_old(path)

    def load(files: Iterator[ArticleFile], *args: object) -> Iterator[Loaded]:
        for loaded in load_files(files, *args):  # type: ignore[arg-type]
            late = loaded.file.path.name == "late.txt"
            yield loaded._replace(articles=(), failed="cannot be read") if late else loaded

    with monkeypatch.context() as patched:
        patched.setattr(cached_files, "load_files", load)
        patched.setattr(os, "access", lambda path, mode: False)
        assert "late.txt" in run(QUESTION, "news").stderr
    assert "in May" in answer("news")


def test_paths_and_options_have_indexes_of_their_own(home: Path) -> None:
    (home / "news" / "rows.csv").write_text("a,b\nThe harbour froze in May.,Never did the harbour freeze.\n")
    asked = [(), ("--text-field", "a"), ("--text-field", "b"), ("--text-field", "a", "--title-field", "b")]
    for args in asked[1:] * 2:
        answer("news", *args)
    assert len(entries()) == 3
    for path in ("./news", str(home / "news"), "news/harbour.txt", "news/union.md"):
        answer(path, "--text-field", "a")
    assert len(entries()) == 7


def test_strict_stops_although_the_rest_is_cached(home: Path) -> None:
    (home / "news" / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    answer("news")
    for _ in range(2):
        done = run(QUESTION, "news", "--strict")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "bad.pdf" in done.stderr


def test_lines_become_boilerplate_and_text_again(home: Path) -> None:
    box = "The harbour freezes each winter: subscribe now."
    for number in range(6):
        name = ("txt", "md", "rst")[number % 3]
        (home / "news" / f"{number}.{name}").write_text(
            f"Title of {number}\n{'=' * 10}\n\nShip {number} of Zorp came in.\n\n{box}\n"
        )
        answer("news")
        assert same_articles(index_of("news"), ArticleIndex.from_articles(load_articles("news")))
    for number in range(6):
        (home / "news" / f"{number}.{('txt', 'md', 'rst')[number % 3]}").unlink()
        answer("news")
        assert same_articles(index_of("news"), ArticleIndex.from_articles(load_articles("news")))


LINES = ["Join us today.", "The harbour froze in 1740.", "A heading", "Title\n=====", "", "- an item"]
EDITS = st.lists(
    st.tuples(
        st.sampled_from([f"{name}.{suffix}" for name in "abcd" for suffix in ("txt", "md", "rst", "jpg")]),
        st.none() | st.lists(st.sampled_from(LINES), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=2, max_size=4))
def test_after_any_edits_the_index_is_as_made_from_scratch(
    home: Path, rounds: list[list[tuple[str, list[str] | None]]]
) -> None:
    folder = home / "edited"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for edits in rounds:
        for name, lines in edits:
            path = folder / name
            if lines is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text("\n\n".join(lines))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SkippedFileWarning)
            cached, scratch = index_of("edited"), ArticleIndex.from_articles(load_articles("edited"))
        assert same_articles(cached, scratch)


# What is kept, and where


def test_the_first_index_is_announced_in_one_line(home: Path) -> None:
    first, second = run(QUESTION, "news"), run(QUESTION, "news")
    assert first.stdout == second.stdout
    assert len(first.stderr.splitlines()) == 1
    assert "--no-cache turns this off" in first.stderr
    assert second.stderr == ""
    assert stat.S_IMODE(cache_entries.cache_folder().stat().st_mode) == 0o700
    assert stat.S_IMODE(entries()[0].stat().st_mode) == 0o700


def test_quick_articles_and_no_cache_leave_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(QUESTION, "news", "--no-cache")
    monkeypatch.setattr(cache_entries, "WORTH_S", 60.0)
    run(QUESTION, "news")
    assert not (home / "cache").exists()


def test_slow_articles_are_cached_however_short(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter((10.0, 70.0))
    monkeypatch.setattr(cache_entries, "WORTH_S", 60.0)
    monkeypatch.setattr(cached_files, "_processor_seconds", lambda: next(seconds))
    run(QUESTION, "news")
    assert len(entries()) == 1


def test_python_caches_only_where_it_is_told_to(home: Path, read: list[str]) -> None:
    assert ask(QUESTION, "news").text == HARBOUR
    assert not (home / "cache").exists()
    several: list[str | Path] = ["news/harbour.txt", home / "news" / "union.md"]
    for _ in range(2):
        assert ask(QUESTION, "news", cache=True).text == HARBOUR
        assert ask(QUESTION, home / "news", cache=True).text == HARBOUR
        assert ask(QUESTION, iter(several), cache=True).text == HARBOUR
    assert len(entries()) == 3
    assert len(read) == 6


def test_given_articles_are_cached_by_what_they_say(home: Path) -> None:
    articles = [Article(id="a", text=HARBOUR), Article(id="b", text="Tea is grown in Quax.")]
    for _ in range(2):
        index = ArticleIndex.from_articles(articles, cache=True)
        assert same_articles(index, ArticleIndex.from_articles(articles))
        assert index.ask(QUESTION).text == HARBOUR
    assert len(entries()) == 1
    ask(QUESTION, ["news", *articles], cache=True)
    assert len(entries()) == 2


def test_standard_input_and_pipes_are_read_each_time(home: Path) -> None:
    for text in (HARBOUR, HARBOUR.replace("1740", "1741")):
        assert text in run(QUESTION, "-", stdin=text).stdout
    pipe = home / "pipe"
    os.mkfifo(pipe)
    for text in (HARBOUR, HARBOUR.replace("1740", "1741")):
        writer = os.fork()
        if writer == 0:
            pipe.write_text(text)
            os._exit(0)
        assert text in run(QUESTION, "pipe").stdout
        os.waitpid(writer, 0)


def test_the_least_recently_used_are_removed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("harbour.txt", "union.md"):
        answer(f"news/{name}")
    first, second = sorted(entries(), key=lambda path: path.stat().st_ctime_ns)
    os.utime(second, (1, 1))
    monkeypatch.setattr(cache_entries, "MOST_BYTES", int(2.5 * size_of(first)))
    answer("news")
    assert first in entries()
    assert second not in entries()
    assert len(entries()) == 2


def test_outdated_and_abandoned_entries_are_removed(home: Path) -> None:
    folder = cache_entries.cache_folder()
    names = {
        "outdated": "0" * 16 + "-" + "1" * 32 + "-" + "2" * 8,
        "older": "3" * 32,
        "making": ".making-abc_1234",
        "removing": ".removing-01234567",
        "fresh": "0" * 16 + "-" + "7" * 32 + "-" + "8" * 8,
        "notes": "notes",
        "hidden": ".hidden-folder",
    }
    long_ago = time.time() - 30 * 24 * 3600
    for what, name in names.items():
        (folder / name / "index").mkdir(parents=True)
        if what != "fresh":
            os.utime(folder / name, (long_ago, long_ago))
    answer("news")
    left = {what for what, name in names.items() if (folder / name).exists()}
    assert left == {"fresh", "notes", "hidden"}


def test_links_in_the_cache_are_never_followed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer("news")
    (kept,) = entries()
    precious = home / "precious"
    precious.mkdir()
    (precious / "work.txt").write_text("years of it")
    prefix = kept.name.rpartition("-")[0]
    folder = cache_entries.cache_folder()
    for name in (f"{prefix}-00000000", "0" * 32, ".making-abc_1234", ".removing-01234567"):
        (folder / name).symlink_to(precious)
        os.utime(folder / name, (1, 1))
    monkeypatch.setattr(cache_entries, "MOST_BYTES", 1)
    (home / "news" / "harbour.txt").write_text(HARBOUR.replace("1740", "1741"))
    (kept / "index" / "extra").symlink_to(precious)
    assert "1741" in answer("news")
    assert (precious / "work.txt").read_text() == "years of it"
    assert not kept.exists()


# Damage


def values_of(manifest: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(manifest.read_bytes().partition(b"\n")[2])
    return values


def write_with_checksum(manifest: Path, values: object) -> None:
    body = json.dumps(values).encode()
    manifest.write_bytes(hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b"\n" + body)


def make_again(manifest: Path, kind: str) -> None:
    """Put something else in the place of a manifest."""
    data = manifest.read_bytes()
    manifest.unlink()
    if kind == "pipe":
        os.mkfifo(manifest)
    elif kind == "folder":
        manifest.mkdir()
    elif kind == "link":
        manifest.symlink_to("/dev/zero")
    elif kind == "part":
        manifest.write_bytes(data[:100])
    elif kind == "other":
        manifest.write_bytes(data.replace(b"harbour", b"harbous"))
    elif kind == "empty":
        manifest.touch()


@pytest.mark.parametrize("kind", ["missing", "pipe", "folder", "link", "part", "other", "empty"])
def test_an_entry_with_a_damaged_manifest_is_made_again(home: Path, kind: str) -> None:
    expected = answer("news")
    (kept,) = entries()
    make_again(kept / "manifest.json", kind)
    assert answer("news") == expected
    assert kept not in entries()
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"files": None},
        {"files": [[]]},
        {"files": {"0": 1}},
        {"key": "0" * 32},
        {"key": 1},
        {"index": {"../../../../etc/passwd": [1, 1]}},
        {"index": {"articles.sqlite": [1, 1, 1]}},
        {"marked": {"harbour.txt": {"had_blocks": 1, "blocks": []}}},
        {"more": 1},
    ],
)
def test_a_manifest_of_another_shape_is_made_again(home: Path, change: dict[str, object]) -> None:
    expected = answer("news")
    (kept,) = entries()
    write_with_checksum(kept / "manifest.json", values_of(kept / "manifest.json") | change)
    assert answer("news") == expected
    assert kept not in entries()


@pytest.mark.parametrize(
    "change",
    [
        {"articles": ["no such article"]},
        {"articles": []},
        {"path": "../../etc/passwd"},
        {"article_id": "other"},
        {"stat": [-(2**70), 2**90, 0, 0]},
        {"stat": ["1", 2, 3, 4]},
        {"warnings": [["Warning", "x"]]},
        {"sha256": "0" * 64},
    ],
)
def test_a_lying_manifest_leads_to_no_wrong_article(home: Path, change: dict[str, object]) -> None:
    answer("news")
    (kept,) = entries()
    values = values_of(kept / "manifest.json")
    values["files"][0].update(change)
    write_with_checksum(kept / "manifest.json", values)
    (home / "news" / "union.md").write_text("Something else.")
    answer("news")
    assert same_articles(index_of("news"), ArticleIndex.from_articles(load_articles("news")))


def keep_times(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file as a failing disk does: without a trace."""
    before = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def index_files(entry: Path) -> list[Path]:
    return sorted(path for path in (entry / "index").rglob("*") if path.is_file() and path.stat().st_size)


def test_a_changed_file_of_the_index_makes_it_again(home: Path) -> None:
    expected = answer("news")
    number = 0
    while number < len(index_files(entries()[0])):
        (kept,) = entries()
        path = index_files(kept)[number]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert answer("news") == expected
        assert kept not in entries()
        number += 1


def test_damage_without_a_trace_is_mended_when_asked(home: Path) -> None:
    expected = answer("news")
    (kept,) = entries()
    keep_times(
        kept / "index" / "articles.sqlite",
        lambda data: data.replace(b"winter of 1740", b"summer of 1740"),
    )
    assert answer("news") == expected
    assert kept not in entries()


@pytest.mark.parametrize(
    "verb",
    [
        lambda index: index.search("When did the harbour freeze?"),
        lambda index: [index.read(article_id) for article_id in index.titles()],
        lambda index: index.candidates("When did the harbour freeze?").passages,
    ],
)
def test_damage_is_mended_by_whatever_reads(home: Path, verb: Callable[[ArticleIndex], object]) -> None:
    from articleqa.index.cache.index import CachedIndex

    expected = verb(CachedIndex(CachedFiles(["news"])))
    (kept,) = entries()
    keep_times(
        kept / "index" / "articles.sqlite",
        lambda data: data.replace(b"winter of 1740", b"summer of 1740"),
    )
    assert verb(CachedIndex(CachedFiles(["news"]))) == expected
    assert kept not in entries()


def test_damage_without_a_trace_is_not_copied(home: Path) -> None:
    answer("news")
    (kept,) = entries()
    keep_times(
        kept / "index" / "articles.sqlite",
        lambda data: data.replace(b"winter of 1740", b"summer of 1740"),
    )
    (home / "news" / "union.md").write_text("Something else.")
    assert "winter of 1740" in answer("news")
    assert same_articles(index_of("news"), ArticleIndex.from_articles(load_articles("news")))


def test_an_index_that_vanishes_is_made_again(home: Path) -> None:
    from articleqa.index.cache.index import CachedIndex

    index = CachedIndex(CachedFiles(["news"]))
    assert index.ask(QUESTION).text == HARBOUR
    shutil.rmtree(cache_entries.cache_folder())
    index.close()
    assert index.ask(QUESTION).text == HARBOUR
    assert len(entries()) == 1


# A cache that cannot be written


def test_a_cache_in_the_way_of_a_file_is_done_without(home: Path) -> None:
    (home / "cache").write_text("in the way")
    done = run(QUESTION, "news")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, HARBOUR)
    assert len(done.stderr.splitlines()) == 1
    assert "cannot cache the index" in done.stderr


def test_without_a_home_nothing_is_written_anywhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_entries, "cache_folder", lambda: Path("~/.cache/articleqa/indexes"))
    done = run(QUESTION, "news")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, HARBOUR)
    assert {path.name for path in home.iterdir()} == {"news"}


@pytest.mark.parametrize(
    "place",
    [
        "articleqa.index.cache.backend.create_folder",
        "articleqa.index.disk_backend.DiskBackend.writing",
        "articleqa.index.cache.backend.disable_wal",
        "articleqa.index.cache.manifest.Manifest.write",
        "pathlib.Path.rename",
    ],
)
def test_any_failure_of_writing_leaves_the_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(place, fail)
        done = run(QUESTION, "news")
        with pytest.warns(cache_entries.CacheWarning, match="no space left"):
            assert ask(QUESTION, "news", cache=True).text == HARBOUR
        with pytest.warns(cache_entries.CacheWarning, match="no space left"):
            index = ArticleIndex.from_articles(load_articles("news"), cache=True)
        assert index.ask(QUESTION).text == HARBOUR
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, HARBOUR)
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        f"articleqa: {cache_entries.cache_folder()}: cannot cache the index (no space left"
    )
    assert list(cache_entries.cache_folder().iterdir()) == []


def test_a_path_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ArticleReadError, match="cannot be read"):
        ask(QUESTION, "a\0b", cache=True)


def test_a_read_error_is_no_failure_of_the_cache(home: Path) -> None:
    (home / "news" / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(ArticleReadError, match="a damaged PDF"):
        ask(QUESTION, "news/bad.pdf", cache=True)
    assert entries() == []


def test_an_uncached_index_is_in_memory_and_a_cached_one_on_disk(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(CachedFiles(["news"]).backend(), DiskBackend)
    monkeypatch.setattr(cache_entries, "WORTH_S", 60.0)
    assert isinstance(CachedFiles(["news/harbour.txt"]).backend(), MemoryBackend)
