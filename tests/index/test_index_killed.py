"""A process that is killed while it writes, at any moment, leaves an index that is whole.

It holds exactly what was committed: each change is there as a whole or not at all, and every change whose
call returned is there.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex
from articleqa.index.check import problems_of
from articleqa.index.disk_backend import create_folder

KILLS = 12
ARTICLES = 12
"""Ids that the changes are about."""

LONGEST_S = 0.3
"""After how long at most a writer is killed; a change takes some tens of milliseconds."""

State = dict[str, str]


def text_of(article_id: str, version: int) -> str:
    return f"Article {article_id} was written in version {version}.\n\n" + f"Zorp{version} rained. " * 20


def changes(seed: int, state: State) -> list[tuple[str, State]]:
    """Return changes by chance to what an index holds: for each its verb, and what is held after it."""
    chance, held = random.Random(seed), dict(state)
    made: list[tuple[str, State]] = []
    for number in range(200):
        ids = chance.sample(range(ARTICLES), chance.randint(1, 3))
        verb = chance.choice(["update", "update", "remove"])
        if verb == "remove":
            doomed = [str(n) for n in ids if str(n) in held]
            held = {id_: text for id_, text in held.items() if id_ not in doomed}
        else:
            new = {str(n): text_of(str(n), 1000 * seed + number) for n in ids}
            held = {id_: text for id_, text in held.items() if id_ not in new} | new
        made.append((verb, dict(held)))
    return made


def write(folder: str, seed: int, before: State, journal: str) -> None:
    """Make changes until killed; note in `journal` how many have returned."""
    index = ArticleIndex.open(folder)
    with Path(journal).open("w", encoding="utf-8") as notes:
        notes.write("ready\n")
        notes.flush()
        for number, (verb, after) in enumerate(changes(seed, before)):
            if verb == "remove":
                index.remove([id_ for id_ in before if id_ not in after])
            else:
                news = [id_ for id_ in after if before.get(id_) != after[id_]]
                index.update(Article(id=id_, text=after[id_]) for id_ in news)
            before = after
            notes.write(f"{number}\n")
            notes.flush()


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server here")
@pytest.mark.slow
def test_after_a_kill_at_any_moment_all_committed_is_there(tmp_path: Path) -> None:
    folder, journal = tmp_path / "kb", tmp_path / "journal"
    ArticleIndex.create(folder)
    chance = random.Random(1)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["articleqa.index.disk_backend", "articleqa.answering.answerer"])
    state: State = {}
    committed = 0
    for seed in range(KILLS):
        journal.unlink(missing_ok=True)
        writer = context.Process(target=write, args=(str(folder), seed, state, str(journal)))
        writer.start()
        while not (journal.exists() and journal.read_text()):
            time.sleep(0.002)
        time.sleep(chance.random() * LONGEST_S)
        writer.kill()
        writer.join()
        returned = len(journal.read_text().splitlines()) - 1
        committed += returned
        made = [state, *(after for _, after in changes(seed, state))]
        assert problems_of(folder) == []
        found = {id_: article.text for id_, article in ArticleIndex.open(folder).articles.items()}
        # The last change may have been committed and not have returned.
        assert found in (made[returned], made[returned + 1]), json.dumps(sorted(found))
        state = found
    assert committed >= KILLS / 10  # on a busy machine most kills come early


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_a_kill_while_an_index_is_made_leaves_it_whole_or_not_there(tmp_path: Path) -> None:
    chance = random.Random(2)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["articleqa.index.disk_backend"])
    for number in range(10):
        folder = tmp_path / str(number)
        maker = context.Process(target=create_folder, args=(folder,))
        maker.start()
        time.sleep(chance.random() * 0.1)
        maker.kill()
        maker.join()
        if folder.exists():
            assert problems_of(folder) == []
        else:
            ArticleIndex.create(folder)
