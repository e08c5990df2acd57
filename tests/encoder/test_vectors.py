"""The vectors of passages are kept with an index, in memory and on disk, and change with its articles."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from articleqa import Article, ArticleIndex, IndexDamagedError, IndexVersionError, MissingPackageError
from articleqa.arrays import Float32Array
from articleqa.cli import cli
from articleqa.encoder import model as encoder
from articleqa.encoder import vectors
from articleqa.encoder.model import EncoderModel
from articleqa.encoder.vectors import VectorIndex, passage_vectors
from articleqa.encoder.windows import WindowInput
from articleqa.filters import Filter
from articleqa.index import disk_backend, disk_writing
from articleqa.index.backend import Repair
from articleqa.index.cache import folder as cache_entries
from articleqa.index.cache.files import CachedFiles
from articleqa.index.check import problems_of, repair
from articleqa.index.disk_backend import DiskBackend
from articleqa.index.memory_backend import MemoryBackend
from articleqa.index.upserts import add_articles
from articleqa.loaders.paths import DATABASE
from articleqa.passages import analyse
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage import memory_vectors
from articleqa.storage.sqlite.schema import FORMAT
from articleqa.storage.sqlite.term_counts import totals
from articleqa.storage.sqlite.vector_rows import sentences_in
from user_path import USERS

ARTICLES = [
    Article(
        id=f"a{n}",
        title=f"Harbour {n}",
        text=f"The harbour of Zorp{n} froze in {1700 + n}. It rained.\n\n"
        + f"Ships waited {n} days. " * (n % 3) * 14,
        metadata={"author": f"Author {n % 2}", "date": f"{2000 + n}-01-01"},
    )
    for n in range(5)
]


pytestmark = pytest.mark.reader


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    with ArticleIndex.create(folder) as index:
        index.add(ARTICLES)
    return folder


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of windows of each passage that is encoded."""
    calls: list[int] = []
    real = EncoderModel.vectors

    def counted(model: EncoderModel, readings: Sequence[WindowInput]) -> list[Float32Array]:
        calls.append(len(readings))
        return real(model, readings)

    monkeypatch.setattr(EncoderModel, "vectors", counted)
    vectors._encoded.clear()
    return calls


@pytest.fixture
def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "encoder_model", lambda: None)
    monkeypatch.setattr("articleqa.ranking.ranker.encoder_model", lambda: None)


def vectors_in(folder: Path) -> VectorIndex | None:
    with closing(DiskBackend(folder)) as opened:
        return opened.vectors()


def same(one: VectorIndex | None, other: VectorIndex | None) -> bool:
    assert one is not None
    assert other is not None
    assert one.matrix.dtype == other.matrix.dtype == np.int8
    return np.array_equal(one.starts, other.starts) and np.array_equal(one.matrix, other.matrix)


def alter(kb: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(kb / DATABASE)) as connection, connection:
        connection.execute(statement, values)


def rows_in(kb: Path) -> tuple[int, int]:
    """Return how many passages there are, and how many of them have vectors."""
    with closing(DiskBackend(kb)) as opened:
        return totals(opened.store)[0], opened.stored_vectors.count()


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa")


def test_vectors_do_not_depend_on_the_passages_beside_it() -> None:
    model = EncoderModel()
    given = [(article, each.passage) for article in ARTICLES for each in analyse(article)]
    together = list(passage_vectors(model, given))
    for pair, rows in zip(given, together, strict=True):
        assert np.array_equal(next(passage_vectors(model, [pair])), rows)


def test_memory_and_disk_have_the_same_vectors(kb: Path) -> None:
    memory = MemoryBackend.of(ARTICLES)
    assert same(memory.vectors(), vectors_in(kb))
    changed = ARTICLES[1].model_copy(update={"text": "The lighthouse was repaired. Nobody saw it."})
    with closing(DiskBackend(kb)) as on_disk:
        for each in (memory, on_disk):
            with each.writing() as writer:
                writer.remove(["a2"])
            news = [changed, Article(id="new", text="Tea was drunk.")]
            add_articles(each.writing(), news, replacing=True)
        assert same(memory.vectors(), on_disk.vectors())
        for each in (memory, on_disk):
            found = each.vectors()
            assert found is not None
            keys = [passage.key for passage in each.passages]
            assert list(found.keys) == keys
            assert found.starts.tolist()[-1] == sum(len(p.sentence_terms) for p in each.passages)
    assert same(memory.vectors(), MemoryBackend.of(memory.store.articles.values()).vectors())
    assert problems_of(kb) == []


def test_an_empty_index_has_no_vectors_but_an_index_of_them(tmp_path: Path) -> None:
    with ArticleIndex.create(tmp_path / "kb"):
        assert same(MemoryBackend.of([]).vectors(), vectors_in(tmp_path / "kb"))


def test_memory_encodes_a_passage_once_and_only_when_asked(encoded: list[int]) -> None:
    memory = MemoryBackend.of(ARTICLES)
    assert encoded == []
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: memory.vectors(), range(8)))
    passages = len(memory.passages)
    assert all(each is found[0] for each in found)
    assert len(encoded) == passages
    add_articles(memory.writing(), [Article(id="new", text="Tea was drunk.")], replacing=False)
    memory.remove(["a0"])
    assert memory.vectors() is not found[0]
    assert len(encoded) == passages + 1
    copy = pickle.loads(pickle.dumps(memory))
    assert same(copy.vectors(), memory.vectors())
    assert len(encoded) == passages + 1


def test_memory_makes_none_for_many_passages(monkeypatch: pytest.MonkeyPatch, encoded: list[int]) -> None:
    monkeypatch.setattr(memory_vectors, "VECTORS_UP_TO", 4)
    assert MemoryBackend.of(ARTICLES).vectors() is None
    assert encoded == []


def test_disk_reads_vectors_once_for_each_change(kb: Path) -> None:
    with closing(DiskBackend(kb)) as reader:
        first = reader.vectors()
        assert reader.vectors() is first
        with ThreadPoolExecutor(2) as pool:
            assert all(each is first for each in pool.map(lambda _: reader.vectors(), range(4)))
        ArticleIndex.open(kb).remove("a4")
        second = reader.vectors()
        assert second is not first
        assert same(second, MemoryBackend.of(ARTICLES[:4]).vectors())


def test_asking_by_words_does_not_import_onnxruntime() -> None:
    code = """
import sys
from articleqa import Article, ArticleIndex
from articleqa.ranking.ranker import shipped_ranker
words = shipped_ranker().without_reader()
ArticleIndex.from_articles([Article(id="a", text="It rained in May.")], ranker=words).ask("When did it rain?")
print("onnxruntime" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], env=USERS, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.usefixtures("without_encoder")
def test_without_onnxruntime_indexes_work_and_have_none(kb: Path) -> None:
    assert rows_in(kb)[1] == 0
    assert vectors_in(kb) is None
    assert MemoryBackend.of(ARTICLES).vectors() is None
    assert ArticleIndex.open(kb).ask("When did the harbour of Zorp3 freeze?").answered
    assert problems_of(kb) == []
    with pytest.raises(MissingPackageError, match=r'pip install "articleqa\[reader\]"'):
        ArticleIndex.open(kb, vectors=True)
    assert repair(kb).lost == ()


def test_many_passages_get_vectors_only_where_asked_for(
    kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages, _ = rows_in(kb)
    monkeypatch.setattr(disk_writing, "VECTORS_UP_TO", passages + 1)
    more = [Article(id=f"b{n}", text="Tea was drunk.") for n in range(2)]
    with ArticleIndex.open(kb) as index:
        index.add(more[:1])
        assert vectors_in(kb) is not None
        index.add(more[1:])
    assert rows_in(kb) == (passages + 2, passages + 1)
    assert vectors_in(kb) is None
    with closing(DiskBackend(kb)) as on_disk:
        on_disk.fill_vectors()
    assert same(vectors_in(kb), MemoryBackend.of([*ARTICLES, *more]).vectors())
    with ArticleIndex.create(tmp_path / "all", vectors=True) as index:
        index.add([*ARTICLES, *more])
    assert rows_in(tmp_path / "all") == (passages + 2, passages + 2)
    with ArticleIndex.create(tmp_path / "none", vectors=False) as index:
        index.add(more)
    assert rows_in(tmp_path / "none") == (2, 0)


def test_filling_goes_on_where_it_was_interrupted(
    kb: Path, encoded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(kb, "DELETE FROM vectors")
    monkeypatch.setattr(disk_backend, "FILLED_TOGETHER", 3)
    passages, _ = rows_in(kb)
    encoded.clear()
    vectors._encoded.clear()

    steps: list[None] = []

    def stop() -> None:
        steps.append(None)
        if len(steps) == 5:
            raise KeyboardInterrupt

    with closing(DiskBackend(kb)) as on_disk:
        with pytest.raises(KeyboardInterrupt):
            on_disk.fill_vectors(stop)
        assert rows_in(kb) == (passages, 5)
        encoded.clear()
        on_disk.fill_vectors()
        assert len(encoded) <= passages - 5
        assert rows_in(kb) == (passages, passages)
        assert same(on_disk.vectors(), MemoryBackend.of(ARTICLES).vectors())


def test_vectors_of_another_encoder_are_not_used(kb: Path) -> None:
    alter(kb, "UPDATE about SET value = '0-other' WHERE name = 'encoder'")
    assert vectors_in(kb) is None
    assert rows_in(kb)[1] == 0
    assert problems_of(kb) == ["its vectors were made by another encoder than this version's"]
    with closing(DiskBackend(kb)) as on_disk:
        add_articles(on_disk.writing(), [Article(id="new", text="Tea was drunk.")], replacing=False)
        assert rows_in(kb)[1] == 1
        on_disk.fill_vectors()
    assert same(
        vectors_in(kb), MemoryBackend.of([*ARTICLES, Article(id="new", text="Tea was drunk.")]).vectors()
    )
    assert problems_of(kb) == []


def test_an_add_that_fails_leaves_rows_and_vectors_in_step(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows_in(kb)

    def fail(_: SearchWriter) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(SearchWriter, "commit", fail)
        with pytest.raises(RuntimeError, match="killed"):
            ArticleIndex.open(kb).update(
                [ARTICLES[3].model_copy(update={"text": "Gone."}), Article(id="x", text="X.")]
            )
    assert rows_in(kb) == before
    assert same(vectors_in(kb), MemoryBackend.of(ARTICLES).vectors())
    ArticleIndex.open(kb).add([Article(id="x", text="Tea was drunk.")])
    assert problems_of(kb) == []
    assert vectors_in(kb) is not None


def test_an_interrupted_add_keeps_what_has_its_vectors(tmp_path: Path) -> None:
    def interrupted() -> Iterator[Article]:
        yield from ARTICLES[:3]
        raise KeyboardInterrupt

    index = ArticleIndex.create(tmp_path / "kb")
    with pytest.raises(KeyboardInterrupt):
        index.add(interrupted())
    assert same(vectors_in(tmp_path / "kb"), MemoryBackend.of(ARTICLES[:3]).vectors())


KILLED = """
import sys
from articleqa import Article, ArticleIndex
from articleqa.index import disk_writing
disk_writing.COMMIT_CHARACTERS = 50
def articles():
    for number in range(10**6):
        yield Article(id=str(number), text=f"Zorp{number} rained in May. The harbour froze over in June.")
        if number == 5:
            print("going", flush=True)
ArticleIndex.open(sys.argv[1]).add(articles())
"""


def test_a_killed_writer_leaves_rows_and_vectors_in_step(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    ArticleIndex.create(folder).close()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], env=USERS, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"going\n"
        writer.kill()
    passages, with_vectors = rows_in(folder)
    assert passages == with_vectors > 0
    assert vectors_in(folder) is not None
    ArticleIndex.open(folder).remove("0")
    assert problems_of(folder) == []


def cut(kb: Path) -> None:
    alter(kb, "UPDATE vectors SET vectors = substr(vectors, 1, length(vectors) - 1) WHERE passage = 2")


def emptied(kb: Path) -> None:
    alter(kb, "UPDATE vectors SET vectors = x'' WHERE passage = 2")


def doubled(kb: Path) -> None:
    alter(kb, "UPDATE vectors SET vectors = CAST(vectors || vectors AS BLOB) WHERE passage = 2")


def one_byte(kb: Path) -> None:
    alter(kb, "UPDATE vectors SET vectors = CAST(x'7f' || substr(vectors, 2) AS BLOB) WHERE passage = 2")


def checksum(kb: Path) -> None:
    alter(kb, "UPDATE vectors SET checksum = -1 WHERE passage = 2")


def another_passages(kb: Path) -> None:
    with closing(sqlite3.connect(kb / DATABASE)) as connection:
        spans = dict(connection.execute("SELECT number, spans FROM passages").fetchall())
    one, other = next(
        (n, m) for n in spans for m in spans if n < m and sentences_in(spans[n]) == sentences_in(spans[m])
    )
    alter(kb, "DELETE FROM vectors WHERE passage = ?", one)
    alter(kb, "INSERT INTO vectors SELECT ?, vectors, checksum FROM vectors WHERE passage = ?", one, other)


DAMAGE = [cut, emptied, doubled, one_byte, checksum, another_passages]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_vectors_are_refused_found_and_rebuilt(kb: Path, damage: Callable[[Path], None]) -> None:
    damage(kb)
    with pytest.raises(IndexDamagedError, match=r"the vectors of passage \d are damaged") as refused:
        vectors_in(kb)
    assert "\n" not in str(refused.value)
    (problem,) = problems_of(kb)
    assert problem.startswith("the vectors of passage")
    assert repair(kb) == Repair(articles=len(ARTICLES), lost=())
    assert problems_of(kb) == []
    assert same(vectors_in(kb), MemoryBackend.of(ARTICLES).vectors())


def test_vectors_of_no_passage_are_found(kb: Path) -> None:
    alter(kb, "INSERT INTO vectors VALUES (99, x'00', 0)")
    assert problems_of(kb) == ["vectors without a passage: 1"]
    assert vectors_in(kb) is not None


def test_a_repair_makes_vectors_as_the_index_was_made(
    kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArticleIndex.create(tmp_path / "none", vectors=False) as index:
        index.add(ARTICLES)
    repair(tmp_path / "none")
    assert rows_in(tmp_path / "none")[1] == 0
    monkeypatch.setattr(disk_writing, "VECTORS_UP_TO", 3)
    monkeypatch.setattr("articleqa.index.check.VECTORS_UP_TO", 3)
    repair(kb)
    passages, with_vectors = rows_in(kb)
    assert passages == with_vectors > 3


def test_an_index_of_format_3_is_refused_and_rebuilt(kb: Path) -> None:
    alter(kb, "DROP TABLE vectors")
    alter(kb, "UPDATE about SET value = '3' WHERE name = 'format'")
    with pytest.raises(
        IndexVersionError, match=rf"older format 3; .* --repair` converts it to format {FORMAT}"
    ):
        ArticleIndex.open(kb)
    assert repair(kb) == Repair(articles=len(ARTICLES), lost=())
    assert same(vectors_in(kb), MemoryBackend.of(ARTICLES).vectors())


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_filter_has_the_keys_of_all_passages_it_allows(kb: Path, kind: str) -> None:
    each = MemoryBackend.of(ARTICLES) if kind == "memory" else DiskBackend(kb)

    def ids(where: dict[str, str] | None, since: str | None = None) -> set[str]:
        wanted = Filter.of(where, since, None)
        assert wanted is not None
        keys = each.retriever.keys(wanted)
        passages = [found.passage for found in each.store.documents_at(sorted(keys))]
        assert keys == {
            p.key for p in each.passages if p.passage.article_id in {q.passage.article_id for q in passages}
        }
        return {passage.passage.article_id for passage in passages}

    assert ids({"author": "Author 1"}) == {"a1", "a3"}
    assert ids({"author": "Author 0"}, "2002") == {"a2", "a4"}
    assert ids({}) == {article.id for article in ARTICLES}
    assert ids({"author": "nobody"}) == set()
    each.close()


def test_cached_folders_copy_the_vectors_of_unchanged_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoded: list[int]
) -> None:
    monkeypatch.setattr(cache_entries, "WORTH_S", 0.0)
    folder = tmp_path / "news"
    folder.mkdir()
    for article in ARTICLES:
        (folder / f"{article.id}.txt").write_text(article.text)
    first = CachedFiles([folder]).backend()
    assert len(encoded) == len(first.passages)
    first.close()
    encoded.clear()
    again = CachedFiles([folder]).backend()
    assert isinstance(again, DiskBackend)
    assert again.vectors() is not None
    assert encoded == []
    (folder / "a2.txt").write_text("The lighthouse was repaired.")
    second = CachedFiles([folder]).backend()
    assert isinstance(second, DiskBackend)
    assert encoded == [1]
    assert same(second.vectors(), MemoryBackend.of(second.store.articles.values()).vectors())


def test_cached_folders_of_many_passages_have_no_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoded: list[int]
) -> None:
    monkeypatch.setattr(cache_entries, "WORTH_S", 0.0)
    monkeypatch.setattr("articleqa.index.cache.backend.VECTORS_UP_TO", 3)
    index = ArticleIndex.from_articles(ARTICLES, cache=True)
    assert index.ask("When did the harbour of Zorp3 freeze?").sentences
    assert encoded == []


def test_add_makes_vectors_or_not_and_fills_in_what_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    for article in ARTICLES[:2]:
        (tmp_path / "news" / f"{article.id}.txt").write_text(article.text)

    def info() -> str:
        (line,) = (line for line in run("index", "info", "kb").stdout.splitlines() if line.startswith("vec"))
        return line.split(":")[1].strip()

    assert run("index", "add", "kb", "news", "--no-vectors").exit_code == 0
    passages = rows_in(tmp_path / "kb")[0]
    assert info() == f"0 of {passages} passages"
    assert run("index", "add", "kb", "news").stdout.startswith("0 added, 0 replaced, 2 unchanged")
    assert info() == f"0 of {passages} passages"
    assert run("index", "add", "kb", "news", "--vectors").stdout.startswith(
        "0 added, 0 replaced, 2 unchanged"
    )
    assert info() == f"{passages} of {passages} passages"
    assert vectors_in(tmp_path / "kb") is not None


def test_vectors_without_onnxruntime_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    monkeypatch.setattr("articleqa.cli.extras.find_spec", lambda _: None)
    done = run("index", "add", str(tmp_path / "kb"), str(tmp_path / "a.txt"), "--vectors")
    assert done.exit_code == 1
    assert done.stderr == (
        'articleqa: --vectors needs onnxruntime; install it with: pip install "articleqa[reader]"\n'
    )
    assert not (tmp_path / "kb").exists()
