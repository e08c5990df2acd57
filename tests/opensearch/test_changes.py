"""Changes of an index in a cluster: whole or not at all, by several writers, and after a writer is killed."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from articleqa import (
    Article,
    ArticleIndex,
    Changes,
    DuplicateArticleError,
    IndexBusyError,
    NotAnIndexError,
    UnknownArticleError,
)
from articleqa.storage.opensearch import writer
from articleqa.storage.opensearch.state import Orders, Pending
from articleqa.storage.opensearch.state_document import change_state, read_state
from articleqa.storage.opensearch.writer import OpenSearchWriter
from clusters import cluster_of

FROZE = "The harbour of Zorp froze in {}. Nobody skated there."


def test_articles_are_added_replaced_removed_and_pruned(url: str, tmp_path: Path) -> None:
    index = ArticleIndex.create(url, replicas=0)
    notes = [Article(id=f"n{n}", text=FROZE.format(1700 + n), source="notes") for n in range(5)]
    assert index.add(notes) == Changes(added=5)
    changed = notes[1].model_copy(update={"text": FROZE.format(1801)})
    assert index.add([*notes[:1], changed]) == Changes(replaced=1, unchanged=1)
    with pytest.raises(DuplicateArticleError, match="'n2': notes and elsewhere"):
        index.add([Article(id="new", text="New."), notes[2].model_copy(update={"source": "elsewhere"})])
    index.remove(["n3"])
    with pytest.raises(UnknownArticleError):
        index.remove(["n3", "n0"])
    assert list(index.titles()) == ["n0", "n2", "n4", "n1"]
    assert index.read("n1", 0, 11) == "The harbour"
    with ArticleIndex.connect(url) as other:
        assert list(other.articles.values()) == [notes[0], notes[2], notes[4], changed]
    file = tmp_path / "a.txt"
    file.write_text("The lake of Quax froze.")
    index.add([Article(id="a.txt", text="The lake of Quax froze.", source=str(file))])
    assert (index.ids_from_file(file), index.prune(tmp_path)) == (["a.txt"], [])
    file.unlink()
    assert index.prune(tmp_path) == ["a.txt"]
    info = index.info()
    assert (info.articles, info.passages, info.terms) == (4, 4, sum(len(p.terms()) for p in index.passages))
    assert index.check() == []


def test_a_connected_index_sees_the_changes_of_another_at_its_next_question(url: str) -> None:
    writer = ArticleIndex.create(url, replicas=0)
    reader = ArticleIndex.connect(url)
    for year in (1740, 1750):
        writer.update([Article(id="note", text=FROZE.format(year))])
        assert (
            reader.ask("When did the harbour of Zorp freeze?").text == f"The harbour of Zorp froze in {year}."
        )
    copy = pickle.loads(pickle.dumps(reader._backend))
    assert ArticleIndex(copy).ask("When did the harbour of Zorp freeze?").answered


@pytest.mark.parametrize("name", ["Capital", "", "_x", "a,b", "a*"])
def test_a_name_that_a_cluster_does_not_take_is_refused(place: str, name: str) -> None:
    with pytest.raises(NotAnIndexError, match="needs a name"):
        ArticleIndex.create(f"{place}/{name}")


def test_an_index_is_not_made_twice_and_a_missing_one_is_named(url: str) -> None:
    with pytest.raises(NotAnIndexError, match="no such index; `articleqa index add"):
        ArticleIndex.connect(url)
    ArticleIndex.create(url, replicas=0)
    with pytest.raises(NotAnIndexError, match="an index is already there"):
        ArticleIndex.create(url)


class Steps:
    """Stops a writer in the middle of its work, as if its process were killed there."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def stop_at(self, step: str) -> None:
        def stop(*_: object) -> None:
            raise SystemExit

        self._patch.setattr(writer if step == "refresh" else OpenSearchWriter, step, stop)
        # A killed process does not tidy up, and it is gone.
        self._patch.setattr(OpenSearchWriter, "_give_up", lambda *_: None)
        self._patch.setattr("articleqa.storage.opensearch.writer.this_process", lambda: "1:0")


STEPS = ("_found_again", "_write", "refresh", "_commit", "_delete", "_forget")


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_killed_at_any_step_leaves_articles_whole(url: str, step: str) -> None:
    index = ArticleIndex.create(url, replicas=0, wait_s=5.0)
    index.add(Article(id=f"n{n}", text=FROZE.format(1700 + n)) for n in range(4))
    old = dict(index.articles)
    news = [Article(id=f"n{n}", text=FROZE.format(1900 + n)) for n in range(2, 6)]
    with pytest.MonkeyPatch.context() as patch:
        Steps(patch).stop_at(step)
        with pytest.raises(SystemExit):
            index.update(news)
    committed = step in ("_delete", "_forget")
    expected = old | {article.id: article for article in news} if committed else old
    for each in (index, ArticleIndex.connect(url)):
        assert dict(each.articles) == expected
        assert len(each.passages) == each.info().passages == len(expected)
        assert each.check() == []
        found = {hit.citation.article_id for hit in each.search("When did the harbour freeze?", top_k=20)}
        assert found == set(expected)
    # Done again at once, by another process of this machine.
    assert index.update(news).unchanged == (4 if committed else 0)
    assert dict(index.articles) == old | {article.id: article for article in news}
    assert index.check() == []


class Machine(RuleBasedStateMachine):
    """Any changes, some of them cut short, against a dictionary."""

    make: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.index = ArticleIndex.create(type(self).make(), replicas=0, wait_s=5.0)
        self.held: dict[str, Article] = {}

    def _articles(self, ids: list[int], year: int) -> list[Article]:
        texts = "\n\n".join([FROZE.format(year)] * (1 + year % 3))
        return [Article(id=str(n), text=texts) for n in ids]

    IDS = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)

    @rule(ids=IDS, year=st.integers(1700, 1720))
    def update(self, ids: list[int], year: int) -> None:
        news = {article.id: article for article in self._articles(ids, year)}
        self.index.update(news.values())
        changed = {id_ for id_, article in news.items() if self.held.get(id_) != article}
        self.held = {id_: a for id_, a in self.held.items() if id_ not in changed} | {
            id_: news[id_] for id_ in news if id_ in changed
        }

    @rule(ids=IDS)
    def remove(self, ids: list[int]) -> None:
        doomed = [str(n) for n in ids if str(n) in self.held]
        self.index.remove(doomed)
        for id_ in doomed:
            del self.held[id_]

    @rule(ids=IDS, year=st.integers(1730, 1750), step=st.sampled_from(STEPS))
    def cut_short(self, ids: list[int], year: int, step: str) -> None:
        news = self._articles(ids, year)
        with pytest.MonkeyPatch.context() as patch:
            Steps(patch).stop_at(step)
            with suppress(SystemExit):
                self.index.update(news)
        if step in ("_delete", "_forget"):
            new = {a.id: a for a in news if self.held.get(a.id) != a}
            self.held = {id_: a for id_, a in self.held.items() if id_ not in new} | new

    @invariant()
    def holds_what_it_should(self) -> None:
        for each in (self.index, ArticleIndex(pickle.loads(pickle.dumps(self.index._backend)))):
            assert list(each.articles.items()) == list(self.held.items())
            info = each.info()
            assert (info.articles, info.passages) == (len(self.held), len(each.passages))
        assert self.index.check() == []


@pytest.mark.slow
def test_any_changes_and_kills_leave_what_a_dictionary_holds(new_url: Callable[[], str]) -> None:
    class Run(Machine):
        make = staticmethod(new_url)

    run_state_machine_as_test(
        Run,
        settings=settings(
            max_examples=4,
            stateful_step_count=10,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


WRITING = """
import sys
from articleqa import Article, ArticleIndex
from articleqa.storage.opensearch import writer
url, start = sys.argv[1], int(sys.argv[2])
index = ArticleIndex.connect(url)
text = "The harbour of Zorp{n} froze in {y}. Nobody skated on it."
written = writer.OpenSearchWriter._write
def write(self, batch):
    print("writing", flush=True)
    return written(self, batch)
writer.OpenSearchWriter._write = write
for y in range(1700, 2000):
    index.update(Article(id=f"{start}-{n}", text=text.format(n=n, y=y)) for n in range(9))
    print("committed", y, flush=True)
"""


def writing(url: str, start: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITING, url, str(start)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_process_killed_while_it_writes_loses_nothing_committed(url: str) -> None:
    index = ArticleIndex.create(url, replicas=0, wait_s=20.0)
    for round_ in range(2):
        committed = 0
        with writing(url, 0) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("committed"):
                    committed = int(line.split()[1])
                elif line == "writing\n" and committed >= 1700 + round_:
                    break
            process.send_signal(signal.SIGKILL)
        years = {article.text.partition(".")[0].split()[-1] for article in index.articles.values()}
        assert len(index) == 9
        assert years in ({str(committed)}, {str(committed + 1)})
        assert index.check() == []
    index.update([Article(id="0-0", text=FROZE.format(1740))])
    assert (len(index), index.check()) == (9, [])
    state = read_state(cluster_of(index))
    assert not state.pending
    assert not state.removed


def test_several_writers_change_different_articles_at_once(url: str) -> None:
    ArticleIndex.create(url, replicas=0)
    failed: list[BaseException] = []

    def write(part: int) -> None:
        try:
            index = ArticleIndex.connect(url)
            for year in range(1700, 1703):
                index.update(Article(id=f"{part}-{n}", text=FROZE.format(year)) for n in range(5))
            index.remove([f"{part}-0"])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(part,)) for part in range(3)]
    for each in threads:
        each.start()
    reader = ArticleIndex.connect(url)
    while any(each.is_alive() for each in threads):
        # Whatever is committed meanwhile, a part's articles are all of one year.
        with suppress(IndexBusyError):
            seen = [(id_[0], article.text.partition(".")[0]) for id_, article in reader.articles.items()]
            assert len({part for part, _ in seen}) == len(set(seen))
    for each in threads:
        each.join()
    assert failed == []
    assert sorted(reader.titles()) == sorted(f"{part}-{n}" for part in range(3) for n in range(1, 5))
    assert reader.check() == []


def test_a_second_writer_of_an_article_waits_and_is_then_told(url: str) -> None:
    index = ArticleIndex.create(url, replicas=0, wait_s=0.5)
    index.add([Article(id="note", text=FROZE.format(1740)), Article(id="other", text=FROZE.format(1750))])
    cluster = cluster_of(index)
    key = next(iter(_keys_of(index, "note")))

    def at_work(machine: str) -> None:
        pending = Pending("0", Orders(90, 90), (key,), machine, "1:0", 2**40)
        change_state(cluster, lambda state: replace(state, pending=(pending,), next_order=91))

    at_work("another machine")
    for change in (lambda: index.update([Article(id="note", text="New.")]), lambda: index.remove("note")):
        with pytest.raises(IndexBusyError, match="another writer is changing 'note'; try again"):
            change()
    index.update([Article(id="other", text=FROZE.format(1760))])
    assert index.ask("When did the harbour of Zorp freeze?").answered
    change_state(cluster, lambda state: replace(state, pending=()))
    index.remove("note")


def _keys_of(index: ArticleIndex, article_id: str) -> Iterator[str]:
    from articleqa.storage.opensearch.article_documents import key_of_id

    yield key_of_id(article_id)[:16]
