"""Compare the words that are read from files with those that another program reads from them.

`python eval/second_opinion.py --files DIR` prints for each PDF, DOCX, ODT and EPUB file below DIR the number
of words of both, the share of the other's words that ours lacks, and the share of ours that the other lacks.
PDFs are read a second time by `pdftotext` (Debian's poppler-utils), the others by pandoc. `--format pdf` or
`office` compares some of them; `--words` shows the most frequent words that differ. Files that one refuses,
and files in which the other finds hardly any text, are counted and left out.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import regex

from articleqa import ArticleReadError, load_articles

TIMEOUT_S = 120
FEWEST_WORDS = {".pdf": 100}
"""Files in which the other program finds fewer words are left out: of a scan, pdftotext may find a stamp."""

WORD = regex.compile(r"[\p{L}\p{N}]+")
HYPHEN = regex.compile(r"(\p{L})[-‐\u00ad]\s*\n\s*(\p{L})")
PANDOC_READERS = {".docx": "docx", ".odt": "odt", ".epub": "epub"}
SUFFIXES = {"pdf": (".pdf",), "office": tuple(PANDOC_READERS), "all": (".pdf", *PANDOC_READERS)}
TEX_COMMAND = regex.compile(r"\\[A-Za-z]+|[{}_^&]")
PANDOC_BLOCKS = {"Plain", "Para", "Header", "CodeBlock", "LineBlock", "Note", "Table"}


class Compared(NamedTuple):
    """The words of a file by both programs."""

    file: Path
    ours: Counter[str]
    theirs: Counter[str]

    @property
    def missing(self) -> float:
        """The share of the other's words that ours lacks."""
        return (self.theirs - self.ours).total() / self.theirs.total()

    @property
    def added(self) -> float:
        """The share of our words that the other lacks."""
        return (self.ours - self.theirs).total() / max(1, self.ours.total())


def main() -> None:
    """Compare the files that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=Path, required=True, help="folder of files; those below it too")
    parser.add_argument("--format", choices=SUFFIXES, default="all", help="the files to compare")
    parser.add_argument("--sample", type=int, default=0, help="compare only this many, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--above", type=float, default=0.0, help="print only files that differ by this share")
    parser.add_argument("--words", type=int, default=0, help="show the N most frequent words that differ")
    given = parser.parse_args()
    files = sorted(
        path
        for path in given.files.rglob("*")
        if path.suffix.lower() in SUFFIXES[given.format] and path.is_file()
    )
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
            print_result(result, file.relative_to(given.files).as_posix(), given.words)
    print(f"{len(compared)} files compared, {left_out} left out")
    for share in (0.0, 0.02, 0.1):
        missing = sum(each.missing > share for each in compared)
        added = sum(each.added > share for each in compared)
        print(f"above {share:.0%}: {missing} files with words missing, {added} with words added")


def print_result(result: Compared, name: str, words: int) -> None:
    """Print a line about a file, and the `words` most frequent words that differ in each direction."""
    counts = f"{result.ours.total():10,} {result.theirs.total():7,}"
    print(f"{counts} {result.missing:8.1%} {result.added:6.1%}  {name}", flush=True)
    differences = (("missing", result.theirs - result.ours), ("added", result.ours - result.theirs))
    for kind, differing in differences:
        if words and differing:
            shown = " ".join(f"{word}({count})" for word, count in differing.most_common(words))
            print(f"{'':>36}{kind}: {shown}")


def compare(file: Path) -> Compared | None:
    """Return the comparison of a file; None if one of the programs refuses it or it has hardly any text."""
    suffix = file.suffix.lower()
    theirs = words_of([pdftotext(file) if suffix == ".pdf" else pandoc(file)])
    if theirs.total() < FEWEST_WORDS.get(suffix, 1):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = words_of(article.text for article in load_articles(file))
    except ArticleReadError:
        return None
    return Compared(file, ours, theirs)


def pdftotext(file: Path) -> str:
    """Return the text that pdftotext extracts; empty if it fails."""
    return printed_by("pdftotext", "-enc", "UTF-8", str(file), "-")


def pandoc(file: Path) -> str:
    """Return the text that pandoc extracts; empty if it fails."""
    parsed = printed_by("pandoc", "-f", PANDOC_READERS[file.suffix.lower()], "-t", "json", str(file))
    return "".join(texts_in(json.loads(parsed)["blocks"])) if parsed else ""


def printed_by(*command: str) -> str:
    """Return what a command prints; empty if it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def texts_in(node: Any) -> Iterator[str]:
    """Yield the texts in a part of a document as pandoc parses it, without those instead of images."""
    if isinstance(node, list):
        for each in node:
            yield from texts_in(each)
    elif isinstance(node, dict):
        content: Any = node.get("c")
        if node.get("t") in PANDOC_BLOCKS:
            yield " "
        match node.get("t"):
            case "Str":
                yield content
            case "Math" | "Code" | "CodeBlock":
                yield TEX_COMMAND.sub(" ", content[1])
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Link" | "Span" | "Div" | "Header":  # without attributes and addresses
                yield from texts_in(content[1] if node["t"] != "Header" else content[2])
            case "Image" | "RawInline" | "RawBlock":
                pass
            case _:
                yield from texts_in(content)
        if node.get("t") in PANDOC_BLOCKS:
            yield " "


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Count the words of `texts`, without case, accents, hyphens at line ends, and raised digits."""
    return Counter(word for text in texts for word in _words(text))


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", HYPHEN.sub(r"\1\2", text)).casefold()
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return (match[0] for match in WORD.finditer(kept))


if __name__ == "__main__":
    main()
