"""Write the answer to every question of the sets in eval/, a line of JSON each, to compare two versions.

    python eval/dump_answers.py --out before.jsonl      # in the old checkout, with PYTHONPATH set to its src/
    python eval/dump_answers.py --out after.jsonl       # in the new one
    cmp before.jsonl after.jsonl

It uses public names only, so one copy of it runs against both versions. `--squad FILE` adds the
questions of a set in SQuAD v2.0 JSON; `--folders DIR` adds the sets of eval/folders, whose folders DIR holds
(`python -m articleqa.training.reader.folders` makes them).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from articleqa import Article, ArticleIndex, load_articles

ROOT = Path(__file__).resolve().parent.parent
SEED_SETS = ("questions", "development", "held_out", "hard_paraphrases")


def main(arguments: list[str] | None = None) -> None:
    """Write the file.

    Raises:
        ArticleQAError: a folder of articles cannot be read.
        OSError: a question set cannot be read, or the file cannot be written.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--squad", type=Path, help="question set in SQuAD v2.0 JSON")
    parser.add_argument("--limit", type=int, default=1000, help="questions of it at most")
    parser.add_argument("--folders", type=Path, help="folder with the folders of eval/folders")
    parser.add_argument("--only", nargs="+", help="names of the sets of eval/folders to ask, all by default")
    options = parser.parse_args(arguments)
    with options.out.open("w", encoding="utf-8") as file:
        seeds = ArticleIndex.from_articles(load_articles(ROOT / "seeds"))
        for name in SEED_SETS:
            write(file.write, name, seeds, questions_in(ROOT / "eval" / f"{name}.jsonl"))
        if options.squad:
            articles, questions = squad(options.squad, options.limit)
            index = ArticleIndex.from_articles(articles)
            write(file.write, options.squad.stem, index, questions)
        for path in sorted((ROOT / "eval" / "folders").glob("*.jsonl")) if options.folders else []:
            if not options.only or path.stem in options.only:
                index = ArticleIndex.from_articles(load_articles(options.folders / path.stem))
                write(file.write, path.stem, index, questions_in(path))


def write(line: Callable[[str], object], name: str, index: ArticleIndex, questions: list[str]) -> None:
    """Ask `index` each question and write the answers."""
    for question, answer in zip(questions, index.ask_many(questions), strict=True):
        given = answer.model_dump(mode="json")
        line(json.dumps({"set": name, "question": question, "answer": given}, ensure_ascii=False) + "\n")
    print(f"{name}: {len(questions)} questions", flush=True)


def questions_in(path: Path) -> list[str]:
    """Return the questions of a set in our format."""
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines() if line]


def squad(path: Path, limit: int) -> tuple[list[Article], list[str]]:
    """Return the articles of the first `limit` questions of a set, and these questions."""
    articles: list[Article] = []
    questions: list[str] = []
    for number, given in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        if len(questions) >= limit:
            break
        text = "\n\n".join(paragraph["context"] for paragraph in given["paragraphs"])
        articles.append(Article(id=str(number), title=given.get("title", ""), text=text))
        questions += islice(_asked(given), limit - len(questions))
    return articles, questions


def _asked(given: dict[str, list[dict[str, list[dict[str, str]]]]]) -> Iterator[str]:
    for paragraph in given["paragraphs"]:
        yield from (question["question"] for question in paragraph["qas"])


if __name__ == "__main__":
    main()
