"""Ask the same 30 questions of the same three articles in every format, and count the right answers.

    python eval/formats.py [--files FOLDER] [--misses]

FOLDER holds articles.json, questions.jsonl, and a folder of files for each format, as
tests/fixtures/formats/make.py writes them. Each format is asked by words alone and with the reader. The
first sentence is right if it contains the answer (line ends aside) and comes from the right article.
`--misses` prints the questions that are answered wrong. Formats whose programs are not installed here
(LibreOffice for DOC, Tesseract for scans) are left out, and one line says so.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from articleqa import Article, ArticleIndex, ArticleReadError, Ranker, load_articles
from articleqa.ranking.ranker import shipped_ranker

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "formats"
PACKED = "packed"
"""The folder of files that hold several articles each; the suffix of a file names its format."""


class Miss(NamedTuple):
    """A question whose first sentence is not right."""

    question: str
    expected: str
    quote: str


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=Path, default=FIXTURES, help="folder with a folder for each format")
    parser.add_argument("--misses", action="store_true", help="print the questions answered wrong")
    given = parser.parse_args(arguments)
    titles = {
        each["name"]: each["title"] for each in json.loads((given.files / "articles.json").read_text("utf-8"))
    }
    lines = (given.files / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    rankers = {"words": shipped_ranker().without_reader(), "reader": shipped_ranker()}
    print(f"| format | {' | '.join(rankers)} |\n| --- | {' | '.join('---:' for _ in rankers)} |")
    for name, paths in sorted(files_by_format(given.files)):
        articles = articles_of(paths)
        if not articles:
            print(f"{name}: none of its files could be read; is a program for it missing?")
            continue
        misses = [misses_of(articles, questions, titles, ranker) for ranker in rankers.values()]
        print(f"| {name} | {' | '.join(str(len(questions) - len(each)) for each in misses)} |", flush=True)
        for way, each in zip(rankers, misses, strict=True):
            for miss in each if given.misses else ():
                print(f"  {way}: {miss.question} ({miss.expected}): {miss.quote!r}")


def files_by_format(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield the name of each format, and its files."""
    for inner in filter(Path.is_dir, folder.iterdir()):
        if inner.name != PACKED:
            yield inner.name, sorted(inner.iterdir())
    packed = sorted((folder / PACKED).iterdir())
    for suffix in dict.fromkeys("".join(path.suffixes) for path in packed):
        yield suffix.removeprefix("."), [path for path in packed if path.name.endswith(suffix)]


def articles_of(paths: list[Path]) -> list[Article]:
    """Return the articles in the files; none if one of them cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_articles(paths)
        except ArticleReadError:
            return []


def misses_of(
    articles: list[Article], questions: list[dict[str, Any]], titles: dict[str, str], ranker: Ranker
) -> list[Miss]:
    """Ask the questions and return those whose first sentence is not right."""
    index = ArticleIndex.from_articles(articles, ranker=ranker)
    misses: list[Miss] = []
    for asked in questions:
        found = index.ask(asked["question"], top_k=1, min_confidence=0).sentences
        quote = " ".join(found[0].citation.quote.split()) if found else ""
        if asked["answer"] not in quote or found[0].citation.title != titles[asked["article"]]:
            misses.append(Miss(asked["question"], asked["answer"], quote))
    return misses


if __name__ == "__main__":
    main()
