"""Compare the words that articleqa extracts from Word, OpenDocument and EPUB files with those of pandoc.

`python eval/second_opinion_office.py --files DIR [--words N]` prints a line for each file below DIR: the
number of words each of the two finds, the share of pandoc's words that ours lacks ("missing"), and the share
of our words that pandoc's lacks ("added"). Words are compared as a bag, without case, formatting, the numbers
of lists and notes, and the commands of TeX in pandoc's formulas. `--words` shows the N most frequent of those
that differ. pandoc must be installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import regex

from articleqa import ArticleQAError, load_articles

_READERS = {".docx": "docx", ".odt": "odt", ".epub": "epub"}
_SECONDS = 120
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_COMMAND = regex.compile(r"\\[A-Za-z]+|[{}_^&]")
_BLOCKS = {"Plain", "Para", "Header", "CodeBlock", "LineBlock", "Note", "Table"}
_SHIFTED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


class Comparison(NamedTuple):
    """The words of one file, as each of the two extracts them."""

    ours: Counter[str]
    theirs: Counter[str]

    @property
    def missing(self) -> Counter[str]:
        """The words that only pandoc finds."""
        return self.theirs - self.ours

    @property
    def added(self) -> Counter[str]:
        """The words that only articleqa finds."""
        return self.ours - self.theirs

    def line(self, name: str) -> str:
        """Return the line to print for the file `name`."""
        missing = self.missing.total() / max(1, self.theirs.total())
        added = self.added.total() / max(1, self.ours.total())
        return f"{self.ours.total():>8,} {self.theirs.total():>8,} {missing:>8.1%} {added:>8.1%}  {name}"


def words_of(text: str) -> Counter[str]:
    """Return how often each word occurs in `text`."""
    plain = unicodedata.normalize("NFKC", text.translate(_SHIFTED)).casefold()
    return Counter(_WORD.findall(plain))


def our_words(path: Path) -> Counter[str] | str:
    """Return the words that articleqa extracts, or its message if it cannot read the file."""
    try:
        with warnings.catch_warnings(action="ignore"):
            [article] = load_articles(path)
    except (ArticleQAError, ValueError) as error:
        return str(error)
    return words_of(article.text)


def words_of_pandoc(path: Path) -> Counter[str] | str:
    """Return the words that pandoc extracts, or its message if it cannot read the file."""
    command = ["pandoc", "-f", _READERS[path.suffix.lower()], "-t", "json", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"pandoc took more than {_SECONDS} seconds"
    if done.returncode:
        return done.stderr.decode(errors="replace").strip().partition("\n")[0]
    return words_of("".join(texts_in(json.loads(done.stdout)["blocks"])))


def texts_in(node: Any) -> Iterator[str]:
    """Yield the texts in a part of a document as pandoc parses it, without those instead of images."""
    if isinstance(node, list):
        for each in node:
            yield from texts_in(each)
    elif isinstance(node, dict):
        content: Any = node.get("c")
        if node.get("t") in _BLOCKS:
            yield " "
        match node.get("t"):
            case "Str":
                yield content
            case "Math" | "Code" | "CodeBlock":
                yield _COMMAND.sub(" ", content[1])
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Link" | "Span" | "Div" | "Header":  # without attributes and addresses
                yield from texts_in(content[1] if node["t"] != "Header" else content[2])
            case "Image" | "RawInline" | "RawBlock":
                pass
            case _:
                yield from texts_in(content)
        if node.get("t") in _BLOCKS:
            yield " "


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` that both can read, sorted."""
    yield from sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in _READERS and path.is_file()
    )


def main() -> None:
    """Print the comparison of all files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=Path, required=True, help="a folder of documents")
    parser.add_argument("--words", type=int, default=0, help="show the N most frequent words that differ")
    options = parser.parse_args()
    print(f"{'ours':>8} {'pandoc':>8} {'missing':>8} {'added':>8}  file")
    for path in files_in(options.files):
        name = path.relative_to(options.files).as_posix()
        ours, theirs = our_words(path), words_of_pandoc(path)
        if isinstance(ours, str) or isinstance(theirs, str):
            for tool, found in (("articleqa", ours), ("pandoc", theirs)):
                if isinstance(found, str):
                    print(f"{'-':>8} {'-':>8} {'-':>8} {'-':>8}  {name}: {tool}: {found}")
            continue
        comparison = Comparison(ours, theirs)
        print(comparison.line(name))
        for sign, words in (("missing", comparison.missing), ("added", comparison.added)):
            if options.words and words:
                shown = " ".join(f"{word}({count})" for word, count in words.most_common(options.words))
                print(f"{'':>36} {sign}: {shown}")


if __name__ == "__main__":
    main()
