"""Compare the words that are read from files with those that another program reads from them.

`python eval/second_opinion.py --files DIR` prints for each PDF below DIR the number of words of both, the
share of the other's words that ours lacks, and the share of ours that the other lacks. PDFs are read a second
time by `pdftotext` (Debian's poppler-utils). Files that either refuses, and files in which the other finds
hardly any text, are counted and left out.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import regex

from articleqa import ArticleReadError, load_articles

TIMEOUT_S = 60
FEWEST_WORDS = 100
WORD = regex.compile(r"[\p{L}\p{N}]+")
HYPHEN = regex.compile(r"(\p{L})[-‐\u00ad]\s*\n\s*(\p{L})")


class Compared(NamedTuple):
    """The words of a file by both programs, and the shares of words that only one of them has."""

    file: Path
    ours: int
    theirs: int
    missing: float
    added: float


def main() -> None:
    """Compare the files that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=Path, required=True, help="folder of files; those below it too")
    parser.add_argument("--sample", type=int, default=0, help="compare only this many, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--above", type=float, default=0.0, help="print only files that differ by this share")
    given = parser.parse_args()
    files = sorted(path for path in given.files.rglob("*.pdf") if path.is_file())
    random.Random(given.seed).shuffle(files)
    compared: list[Compared] = []
    left_out = 0
    print("words ours  theirs  missing  added  file")
    for file in files:
        if given.sample and len(compared) == given.sample:
            break
        result = compare(file)
        if result is None:
            left_out += 1
            continue
        compared.append(result)
        if max(result.missing, result.added) >= given.above:
            print(
                f"{result.ours:10,} {result.theirs:7,} {result.missing:8.1%} {result.added:6.1%}"
                f"  {file.relative_to(given.files)}",
                flush=True,
            )
    print(f"{len(compared)} files compared, {left_out} left out")
    for share in (0.0, 0.02, 0.1):
        missing = sum(each.missing > share for each in compared)
        added = sum(each.added > share for each in compared)
        print(f"above {share:.0%}: {missing} files with words missing, {added} with words added")


def compare(file: Path) -> Compared | None:
    """Return the comparison of a file; None if one of the programs refuses it or it has hardly any text."""
    theirs = words_of([pdftotext(file)])
    if theirs.total() < FEWEST_WORDS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = words_of(article.text for article in load_articles(file))
    except ArticleReadError:
        return None
    missing, added = (theirs - ours).total(), (ours - theirs).total()
    return Compared(
        file, ours.total(), theirs.total(), missing / theirs.total(), added / max(1, ours.total())
    )


def pdftotext(file: Path) -> str:
    """Return the text that pdftotext extracts; empty if it fails."""
    command = ["pdftotext", "-enc", "UTF-8", str(file), "-"]
    try:
        return subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True).stdout.decode(
            "utf-8", "replace"
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return ""


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Count the words of `texts`, without case, accents and hyphens at line ends."""
    return Counter(word for text in texts for word in _words(text))


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", HYPHEN.sub(r"\1\2", text)).casefold()
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return (match[0] for match in WORD.finditer(kept))


if __name__ == "__main__":
    main()
