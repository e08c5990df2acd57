"""Write the questions that the reader was not trained on: `python -m articleqa.training.reader.held_out`.

The joining weights and the confidence model are fitted to these: the reader knows the others too well.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from articleqa.evaluation.squad import read_squad
from articleqa.training.reader.folds import is_held_out

OTHERS = 1
"""Other articles added for each held-out one, without questions: collections are rarely small."""


def main(arguments: list[str] | None = None) -> None:
    """Write each set with its held-out articles and questions to `--out`, under its own name.

    Raises:
        ArticleQAError: a question set cannot be read.
        OSError: `--out` cannot be written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.held_out", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sets", type=Path, nargs="+", help="question sets in SQuAD v2.0 JSON")
    parser.add_argument("--limit", type=int, help="at most this many questions of each set")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for path in options.sets:
        asked = write_held_out(path, options.out / path.name, options.limit)
        print(f"{path.name}: {asked} questions")


def write_held_out(path: Path, out: Path, limit: int | None) -> int:
    """Write the held-out part of one set, with at most `limit` questions; return their number."""
    documents = json.loads(path.read_text(encoding="utf-8"))["data"]
    ids = [article.id for article in read_squad(path).articles]
    kept: list[dict[str, object]] = []
    others = asked = 0
    for article_id, document in zip(ids, documents, strict=True):
        if is_held_out(article_id):
            paragraphs = []
            for part in document["paragraphs"]:
                qas = part["qas"][: None if limit is None else limit - asked]
                paragraphs.append({"context": part["context"], "qas": qas})
                asked += len(qas)
            kept.append({"title": document["title"], "paragraphs": paragraphs})
            others += OTHERS
    for article_id, document in zip(ids, documents, strict=True):
        if others and not is_held_out(article_id):
            paragraphs = [{"context": part["context"], "qas": []} for part in document["paragraphs"]]
            kept.append({"title": document["title"], "paragraphs": paragraphs})
            others -= 1
    out.write_text(json.dumps({"version": "v2.0", "data": kept}, ensure_ascii=False), encoding="utf-8")
    return asked


if __name__ == "__main__":
    main()
