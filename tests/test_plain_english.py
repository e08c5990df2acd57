"""Code and pages are in plain, current English: none of the archaic turns listed here.

Searched are the comments, docstrings and other strings of `src/`, and the pages.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    *sorted((ROOT / "src").rglob("*.py")),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "eval").rglob("*.md")),
]

ARCHAIC = (
    r"\b(?:is|are|was|were|be|being) told of\b",  # is reported
    r"\banew\b",  # again; rebuilt, retrained
    r"\b(?:of|in|from) which (?:it|they|one|he) must\b",  # a list of accepted values
    r"\bas (?:it was|they were) written\b",  # unchanged, undamaged
    r"\b(?:goes?|going|went) by\b",  # uses
    r"\bwhat (?:becomes|became|is to become) of\b",  # the result of
    r"\b(?:that|which|what) no \w+ (?:can|could|may)\b",  # which is not allowed in
    r"(?:[.:;,] |\A)who asks?\b",  # you; the caller
    r"\bbut for\b",  # except
    r"\bto the letter\b",  # exactly
    r"\bwhat is (?:known|told|said) of\b",  # name it: the signals
    r"\b(?:comes?|came|coming) about\b",  # was computed
    r"\bhow manyth\b",  # every Nth
    r"\b(?:where|when|if) (?:it|that|this) pays\b",  # if there is much to do
    r"\bbrings? what\b",  # name it
    r"\bdo(?:es)? harm\b",  # malicious
    r"\b(?:is|are|be) whole\b",  # undamaged; complete
    r"\bhow (?:\w+ ){1,4}meets?\b|\bmeets? (?:a|the) question",  # how it matches
    r"\bbroke down\b",  # crashed
    r"\b(?:that|which|it) (?:is|are) (?-i:none)\b",  # that is not one
    r"\bthere(?:of|in|by)\b|\bwhere(?:of|in|by)\b|\b[wt]hence\b|\blest\b",
    r"\bfurniture\b",  # boilerplate
    r"\ball else\b|\bmuch else\b",  # everything else
    r"\bfrom (?:which|\d+) on\b",  # N or more
    r"\b(?:does|do|done) without\b",  # turns it off; works without
    r"\bhas it that\b|\bsave for\b|\bof its own making\b",
)
"""Patterns for any case, with what to write instead."""


@cache
def texts(path: Path) -> list[tuple[int, str]]:
    """Return what people read in a file, with its line: a whole page; comments and strings of a module."""
    return [*_texts(path)]


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    if path.suffix != ".py":
        yield 1, path.read_text(encoding="utf-8")
        return
    comments: list[tuple[int, str]] = []
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.STRING:
                yield token.start[0], token.string
            elif token.type == tokenize.COMMENT:
                comments.append((token.start[0], token.string.strip("# ")))
    for line, text in comments:  # with the next line, where a turn may go on
        yield line, "\n".join([text, *(more for at, more in comments if at == line + 1)])


def hits(pattern: str, line: int, text: str) -> Iterator[str]:
    """Yield each place of `pattern` in `text`, which begins at `line`; a turn may cross the end of a line."""
    for found in re.finditer(pattern.replace(" ", r"\s+"), text, re.IGNORECASE):
        context = " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())
        yield f"{line + text.count(chr(10), 0, found.start())}: {context}"


@pytest.mark.parametrize("pattern", ARCHAIC)
def test_code_and_pages_have_no_archaic_turn(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{hit}"
        for path in FILES
        for line, text in texts(path)
        for hit in hits(pattern, line, text)
    ]
    assert found == []


def test_turn_is_found_across_the_end_of_a_line() -> None:
    assert [*hits(r"\bbut for\b", 3, "All of them,\nall but\n    for one.")] == [
        "4: All of them, all but for one."
    ]
