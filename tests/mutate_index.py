"""Damage an index at random, many times over, and print what came of it; a program of its own.

`python tests/mutate_index.py COUNT SEED [large]`: each time one file has a bit flipped, is truncated, zeroed
in part, swapped with another or removed; then the index is asked, checked, repaired and asked again. It
prints a line for each broken promise, then one with figures, and exits with 1 if a promise was broken. With
`large` the files are opened as those of a large index are, whose contents are not read at once.

It runs in a process of its own, so that a crash of it is seen as one.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from articleqa import Answer, Article, ArticleIndex, ArticleQAError
from articleqa.arrays import Float32Array
from articleqa.encoder import model as encoder_model
from articleqa.encoder.model import EncoderModel
from articleqa.encoder.windows import WindowInput
from articleqa.index.check import problems_of, repair
from articleqa.index.disk_backend import DiskBackend
from articleqa.loaders.paths import DATABASE
from articleqa.ranking import ranker
from articleqa.retrieval import tantivy

ARTICLES = {
    f"a{n}": Article(
        id=f"a{n}",
        title=f"Harbour {n}",
        text=f"The harbour of Zorp{n} froze in {1700 + n}.\n\nIt rained in Quand{n % 7} {n + 3} days. " * 3,
        metadata={"author": f"Author {n % 5}", "date": f"{1900 + n}-01-01"},
    )
    for n in range(120)
}
REMOVED = ("a5", "a6", "a50")
QUESTIONS = (
    "When did the harbour of Zorp7 freeze?",
    "Where did it rain 33 days?",
    "When did the harbour of Zorp101 freeze?",
    "How long did it rain in Quand3?",
    "Who repaired the lighthouse?",
)
PAGE = 4096


class QuickEncoder(EncoderModel):
    """Gives each sentence a vector by its pieces alone: thousands of repairs would take the real one long."""

    def vectors(self, readings: Sequence[WindowInput]) -> list[Float32Array]:
        return [np.array([_vector(r.pieces[start:end]) for start, end in r.spans]) for r in readings]


def _vector(pieces: Sequence[int]) -> Float32Array:
    return np.random.default_rng([0, *pieces]).standard_normal(384, dtype=np.float32)


class Found(NamedTuple):
    answers: list[Answer]
    vectors: bytes | None


def make(folder: Path) -> None:
    index = ArticleIndex.create(folder)
    articles = list(ARTICLES.values())
    index.add(articles[:60])
    index.add(articles[60:])
    index.remove(REMOVED)
    index.close()


def mutate(folder: Path, rng: random.Random) -> str:
    """Change one thing in one file; return what."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = rng.choice(files)
    data = bytearray(path.read_bytes())
    kind = rng.choice(
        ["flip", "flip", "flip", "zero page", "zero some", "truncate", "swap", "remove", "append"]
    )
    at = rng.randrange(len(data))
    if kind == "flip":
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "zero page":
        at -= at % PAGE
        data[at : at + PAGE] = bytes(len(data[at : at + PAGE]))
    elif kind == "zero some":
        data[at : at + 64] = bytes(len(data[at : at + 64]))
    elif kind == "truncate":
        del data[at:]
    elif kind == "append":
        data += rng.randbytes(64)
    elif kind == "swap":
        other = rng.choice(files)
        path.write_bytes(other.read_bytes())
        other.write_bytes(bytes(data))
        return f"{path.name} swapped with {other.name}"
    else:
        path.unlink()
        return f"{path.name} removed"
    path.write_bytes(bytes(data))
    return f"{path.name}: {kind} at {at}"


def ask(folder: Path) -> Found:
    with ArticleIndex.open(folder) as index:
        answers = [index.ask(question) for question in QUESTIONS]
        answers.append(index.ask(QUESTIONS[1], where={"author": "Author 0"}, since="1920"))
    with closing(DiskBackend(folder)) as corpus:
        vectors = corpus.vectors()
    return Found(answers, None if vectors is None else vectors.matrix.tobytes())


def wrong_quotes(found: Found) -> Iterator[str]:
    for answer in found.answers:
        for sentence in answer.sentences:
            for citation in (sentence.citation, *sentence.also):
                if not citation.verify(ARTICLES[citation.article_id]):
                    yield f"wrong quote: {citation.quote!r}"


def broken_promises(folder: Path, right: Found, what: str, seen: Counter[str]) -> Iterator[str]:
    in_database = DATABASE in what
    try:
        found = ask(folder)
        yield from wrong_quotes(found)
        harmful = found != right
        seen["answers changed"] += harmful
    except ArticleQAError as error:
        seen["refused"] += 1
        harmful = True
        if "\n" in str(error):
            yield f"more than a line: {error}"
    try:
        problems = problems_of(folder)
    except ArticleQAError as error:
        problems = [str(error)]
    seen["found by check"] += bool(problems)
    if harmful and not problems:
        yield "check found nothing"
    try:
        lost = repair(folder).lost
    except ArticleQAError:
        seen["beyond repair"] += 1
        if not in_database:
            yield "not repaired"
        return
    seen["articles lost"] += len(lost)
    if problems := problems_of(folder):
        yield f"after the repair: {problems}"
    again = ask(folder)
    yield from wrong_quotes(again)
    if not lost and again != right:
        yield "other answers after the repair"
    if lost and not in_database:
        yield f"lost {lost}"


def main(count: int, seed: int) -> int:
    broken = 0
    encoder_model.encoder_model = lambda: QuickEncoder()  # type: ignore[assignment]
    vars(ranker)["encoder_model"] = lambda: None  # the reader reads nothing more from the index
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made, "whole")
        make(whole)
        right = ask(whole)
        for number in range(seed, seed + count):
            folder = Path(made, f"kb{number}")
            shutil.copytree(whole, folder)
            what = mutate(folder, random.Random(number))
            try:
                found = list(broken_promises(folder, right, what, seen))
            except BaseException as error:
                found = ["".join(traceback.format_exception(error))]
            for problem in found:
                broken += 1
                print(f"{number} {what}: {problem}", flush=True)
            shutil.rmtree(folder)
    figures = ", ".join(f"{name} {number}" for name, number in sorted(seen.items()))
    print(f"{count} mutations: {broken} promises broken; {figures}")
    return int(broken > 0)


if __name__ == "__main__":
    if sys.argv[3:] == ["large"]:
        tantivy.VERIFIED_BYTES = 0
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2])))
