"""Compare large indexes: articleqa on disk, tantivy alone, rank-bm25 and bm25s, on the same passages.

`python -m benchmarks.scale 10000 100000 1000000` makes up that many passages of about 60 words, or takes
the sentences of question sets with `--data DIR`. Each side is built in one process and asked in another, so
that memory and caches are its own. No network is used; a million passages need about 15 GB of disk and half
an hour.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice, pairwise
from pathlib import Path

from articleqa import Article, ArticleIndex
from articleqa.storage.files import size_of
from benchmarks.corpus import COMMON_WORDS
from benchmarks.peak_memory import kibibytes

PER_ARTICLE = 20
WORDS = 60
ASKED = 200
QUESTION_WORDS = 8
BEST = 3
"""How many passages (for articleqa, sentences) a timed question asks for: the default of `ask`."""

FOUND_IN = 10
"""A question counts as recalled if its passage is among this many results."""

READERS = 4
"""Number of processes that ask articleqa's index at once."""

MOST_RANK_BM25 = 100_000
"""The most passages to run rank-bm25 with: it scores every passage for every question."""

SIDES = ("articleqa", "tantivy", "rank-bm25", "bm25s")


def write_corpus(path: Path, passages: int, data: Path | None) -> None:
    """Write `passages` passages, one per line; the same arguments give the same file."""
    chance = random.Random(passages)
    words = _real_words(data) if data else _zipf_words(chance)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(passages):
            thirds = [" ".join(islice(words, WORDS // 3)).capitalize() for _ in range(3)]
            file.write(". ".join(thirds) + ".\n")


def _zipf_words(chance: random.Random) -> Iterator[str]:
    """Yield words without end; the frequency of the word of rank n is proportional to 1/n."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = COMMON_WORDS.split()
    vocabulary += ["".join(chance.choices(letters, k=chance.randint(4, 10))) for _ in range(200_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    while True:
        yield from chance.choices(vocabulary, cum_weights=weights, k=10_000)


def _real_words(data: Path) -> Iterator[str]:
    """Yield words without end: random sentences from the articles of all question sets in `data`."""
    sentences = [
        sentence.split()
        for file in sorted(data.glob("*.json"))
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for sentence in paragraph["context"].replace("\n", " ").split(". ")
    ]
    chance = random.Random(len(sentences))
    while True:
        yield from chance.choice(sentences)


def passages_of(path: Path) -> Iterator[str]:
    """Yield the passages of a corpus file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def articles_of(path: Path) -> Iterator[Article]:
    """Yield articles of `PER_ARTICLE` passages each."""
    passages = passages_of(path)
    number = 0
    while batch := list(islice(passages, PER_ARTICLE)):
        yield Article(id=f"{number}", text="\n\n".join(batch))
        number += 1


def questions_of(path: Path, passages: int) -> list[tuple[int, str]]:
    """Return (passage number, question) pairs; a question is random words of its passage, common ones too."""
    chance = random.Random(1)
    drawn = set(chance.sample(range(passages), ASKED))
    found: list[tuple[int, str]] = []
    for number, passage in enumerate(passages_of(path)):
        if number in drawn:
            words = list(dict.fromkeys(passage.lower().replace(".", "").split()))
            found.append((number, " ".join(chance.sample(words, min(QUESTION_WORDS, len(words))))))
    return found


Search = Callable[[str, int], list[int]]
"""Takes a question and k; returns the numbers of the k best passages, best first."""


def build_articleqa(corpus: Path, folder: Path) -> None:
    """Build articleqa's index on disk."""
    ArticleIndex.create(folder).add(articles_of(corpus))


def analyse_alone(corpus: Path, folder: Path) -> None:
    """Split and analyse the articles as building does, and keep nothing."""
    from articleqa.index.analysis import analysed

    del folder
    for _ in analysed(articles_of(corpus)):
        pass


def open_articleqa(corpus: Path, folder: Path) -> Search:
    """Return a search that runs a complete `ask`, citations included."""
    del corpus
    index = ArticleIndex.open(folder)

    def search(question: str, k: int) -> list[int]:
        found = index.ask(question, top_k=k, min_confidence=0).sentences
        places = []
        for sentence in found:
            article = index.articles[sentence.citation.article_id]
            before = article.text.count("\n\n", 0, sentence.citation.start)
            places.append(int(article.id) * PER_ARTICLE + before)
        return places

    return search


def build_tantivy(corpus: Path, folder: Path) -> None:
    """Build an index as tantivy's own documentation shows it."""
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("body", stored=True).add_unsigned_field("n", fast=True)
    folder.mkdir()
    writer = tantivy.Index(schema.build(), str(folder)).writer()
    for number, passage in enumerate(passages_of(corpus)):
        document = tantivy.Document()
        document.add_text("body", passage)
        document.add_unsigned("n", number)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(corpus: Path, folder: Path) -> Search:
    """Return tantivy's search for the best passages."""
    import tantivy

    del corpus
    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def search(question: str, k: int) -> list[int]:
        query = index.parse_query(question.lower(), ["body"])
        addresses = [address for _, address in searcher.search(query, k).hits]
        return [int(n or 0) for n in searcher.fast_field_values("n", addresses)]

    return search


def build_rank_bm25(corpus: Path, folder: Path) -> None:
    """Do what opening does: rank-bm25 has no index on disk."""
    del folder
    open_rank_bm25(corpus, Path())


def open_rank_bm25(corpus: Path, folder: Path) -> Search:
    """Return rank-bm25's scoring of all passages."""
    import numpy as np
    from rank_bm25 import BM25Okapi

    del folder
    bm25 = BM25Okapi([passage.lower().split() for passage in passages_of(corpus)])

    def search(question: str, k: int) -> list[int]:
        return [int(n) for n in np.argsort(-bm25.get_scores(question.lower().split()))[:k]]

    return search


def build_bm25s(corpus: Path, folder: Path) -> None:
    """Build and save bm25s's index."""
    import bm25s

    tokens = bm25s.tokenize(list(passages_of(corpus)), stopwords=None, show_progress=False)
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    retriever.save(str(folder))


def open_bm25s(corpus: Path, folder: Path) -> Search:
    """Return bm25s's search over the saved index, memory-mapped."""
    import bm25s

    del corpus
    retriever = bm25s.BM25.load(str(folder), mmap=True)

    def search(question: str, k: int) -> list[int]:
        tokens = bm25s.tokenize([question], stopwords=None, show_progress=False)
        found, _ = retriever.retrieve(tokens, k=k, show_progress=False)
        return [int(n) for n in found[0]]

    return search


BUILD: dict[str, Callable[[Path, Path], None]] = {
    "articleqa": build_articleqa,
    "analysis": analyse_alone,
    "tantivy": build_tantivy,
    "rank-bm25": build_rank_bm25,
    "bm25s": build_bm25s,
}
OPEN: dict[str, Callable[[Path, Path], Search]] = {
    "articleqa": open_articleqa,
    "tantivy": open_tantivy,
    "rank-bm25": open_rank_bm25,
    "bm25s": open_bm25s,
}


def build(side: str, corpus: Path, folder: Path) -> dict[str, float]:
    """Build one side in this process; return the seconds, and the size on disk and peak memory in MB."""
    start = time.perf_counter()
    BUILD[side](corpus, folder)
    seconds = time.perf_counter() - start
    return {"build_s": seconds, "size_mb": size_of(folder) / 1e6, "peak_mb": kibibytes("VmHWM") / 1e3}


def ask(side: str, corpus: Path, folder: Path, passages: int) -> dict[str, float]:
    """Open one side in this process and ask it; return times in ms, recall, and memory in MB."""
    asked = questions_of(corpus, passages)
    OPEN[side](corpus, folder)  # import first: not part of opening
    start = time.perf_counter()
    search = OPEN[side](corpus, folder)
    opened = time.perf_counter() - start
    for _, question in asked[:10]:
        search(question, BEST)
    times: list[float] = []
    for _, question in asked[10:]:
        start = time.perf_counter()
        search(question, BEST)
        times.append((time.perf_counter() - start) * 1e3)
    found = sum(number in search(question, FOUND_IN) for number, question in asked[10:])
    return {
        "open_ms": opened * 1e3,
        "median_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "recall": found / len(times),
        "resident_mb": kibibytes("VmRSS") / 1e3,
        "asked_per_s": 1e3 * len(times) / sum(times),
    }


def _in_processes(count: int, *args: object) -> list[dict[str, float]]:
    """Run a part in `count` processes at once; return what each measured."""
    command = [sys.executable, "-m", "benchmarks.scale", "--part", *map(str, args)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(count)]
    printed = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise SystemExit(f"{' '.join(command)} failed")
    return [json.loads(text) for text in printed]


def compare(passages: int, data: Path | None) -> float:
    """Print a table of all sides at one size, and ratios between them; return articleqa's median in ms."""
    with tempfile.TemporaryDirectory(prefix="scale-") as made:
        corpus = Path(made, "corpus.txt")
        write_corpus(corpus, passages, data)
        sides = [side for side in SIDES if side != "rank-bm25" or passages <= MOST_RANK_BM25]
        figures: dict[str, dict[str, float]] = {}
        print(f"\n{passages:,} passages, {corpus.stat().st_size / 1e6:,.0f} MB of text", flush=True)
        columns = (
            *("build_s", "size_mb", "peak_mb", "open_ms", "median_ms", "p95_ms", "recall", "resident_mb"),
        )
        print(f"{'':12}" + "".join(f"{column:>13}" for column in columns), flush=True)
        for side in sides:
            folder = Path(made, side)
            (built,) = _in_processes(1, "build", side, corpus, folder, passages)
            (asked,) = _in_processes(1, "ask", side, corpus, folder, passages)
            figures[side] = built | asked
            if side == "articleqa":
                at_once = _in_processes(READERS, "ask", side, corpus, folder, passages)
            cells = [f"{figures[side][column]:>13,.{2 if column == 'recall' else 1}f}" for column in columns]
            print(f"{side:12}{''.join(cells)}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
        (alone,) = _in_processes(1, "build", "analysis", corpus, Path(made, "none"), passages)
        analysis = alone["build_s"]
        ours, theirs = figures["articleqa"], figures["tantivy"]
        bound = 4 * theirs["build_s"] + analysis
        print(f"splitting and analysing alone: {analysis:,.1f} s")
        print(f"build / (4 x tantivy + analysis): {ours['build_s'] / bound:.2f}")
        print(f"ask, median, articleqa / tantivy's search: {ours['median_ms'] / theirs['median_ms']:.2f}")
        together = sum(reader["asked_per_s"] for reader in at_once) / ours["asked_per_s"]
        print(f"questions a second, {READERS} readers at once / one: {together:.2f}")
        if "rank-bm25" in figures:
            ratio = figures["rank-bm25"]["median_ms"] / ours["median_ms"]
            print(f"ask, median, rank-bm25's scoring / articleqa: {ratio:.1f}")
        return ours["median_ms"]


def main() -> None:
    """Run the whole comparison, or one part of it (in a process started for that part)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--data", type=Path, help="take the sentences of the question sets in this folder")
    if sys.argv[1:2] == ["--part"]:
        verb, side, corpus, folder, passages = sys.argv[2:]
        if verb == "build":
            print(json.dumps(build(side, Path(corpus), Path(folder))))
        else:
            print(json.dumps(ask(side, Path(corpus), Path(folder), int(passages))))
        return
    chosen = parser.parse_args()
    medians = [compare(passages, chosen.data) for passages in chosen.passages]
    for fewer, more, sizes in zip(medians, medians[1:], pairwise(chosen.passages), strict=False):
        print(f"ask, median, {sizes[1]:,} passages / {sizes[0]:,}: {more / fewer:.2f}")


if __name__ == "__main__":
    main()
