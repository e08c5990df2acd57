"""Ask folders of articles on disk and in a cluster: are the answers the same, byte for byte?

`python -m benchmarks.cluster_folders opensearch://host:9200 FOLDER...` takes folders with `docs/`, the
articles, and `questions.jsonl`, one object with a "question" a line. Answers are those of the shipped ranker,
or with `--words`, without the reader and vectors. The indexes made are removed at the end.
"""

from __future__ import annotations

import argparse
import json
import secrets
import tempfile
from pathlib import Path
from typing import Any

from articleqa import ArticleIndex, load_articles
from benchmarks.cluster import cluster_of, remove, words_ranker


def compare(place: str, folder: Path, *, words: bool) -> None:
    """Print how many answers from a folder are the same on disk and in the cluster."""
    articles = load_articles(folder / "docs")
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    options: dict[str, Any] = {"ranker": words_ranker(), "vectors": False} if words else {}
    index = ArticleIndex.create(f"{place}/bench-{secrets.token_hex(4)}", replicas=0, **options)
    cluster = cluster_of(index)
    try:
        with tempfile.TemporaryDirectory() as made:
            on_disk = ArticleIndex.create(Path(made) / "kb", **options)
            for each in (on_disk, index):
                each.add(articles)
            index.ask(questions[0])  # which reads the state that adding has left
            before = cluster.requests
            given = [index.ask(question, top_k=10).model_dump_json() for question in questions]
            requests = (cluster.requests - before) / len(questions)
            same = sum(
                answer == on_disk.ask(question, top_k=10).model_dump_json()
                for question, answer in zip(questions, given, strict=True)
            )
            passages = index.info().passages
    finally:
        remove(cluster)
    told = f"{len(articles)} articles, {passages:,} passages; {same} of {len(questions)} answers the same"
    print(f"{folder.name}: {told}, {requests:.1f} requests each", flush=True)


def main() -> None:
    """Read the command line and compare."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    words.add_argument("place", help="the cluster, as opensearch://host:9200")
    words.add_argument("folders", type=Path, nargs="+")
    words.add_argument("--words", action="store_true", help="without the reader and vectors")
    said = words.parse_args()
    for folder in said.folders:
        compare(said.place.rstrip("/"), folder, words=said.words)


if __name__ == "__main__":
    main()
