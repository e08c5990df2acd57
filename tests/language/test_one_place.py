"""Words of a language stand in `language/` alone, so that a language is one folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

import articleqa
from articleqa.language import LANGUAGE, LAYOUT
from articleqa.language.en.numbers import LARGE_OR_DOZEN, SMALL_NUMBER

SOURCE = Path(articleqa.__file__).parent

WORDS = frozenset(
    word.casefold()
    for word in (
        *LANGUAGE.stop_words,
        *LANGUAGE.words.clause_openers,
        *LANGUAGE.calendar.months,
        *LANGUAGE.calendar.short_months,
        *regex.findall(r"\w{2,}", f"{SMALL_NUMBER} {LARGE_OR_DOZEN}"),
        *LAYOUT.suspending,
    )
    if len(word) > 1
)
"""Words of which two in one list or pattern are a list of a language."""

NOT_OF_A_LANGUAGE = {
    "evaluation/short_answers.py": "the articles that SQuAD's measure leaves out",
    "evaluation/squad.py": "the kinds of questions in SQuAD",
    "loaders/html/boilerplate.py": "class names of web pages",
    "loaders/office/docx_styles.py": "values of XML",
    "text/markdown/front_matter.py": "values of YAML",
    "text/plain/code.py": "keywords of programming languages",
}
"""Files with such patterns in which the words are names, and why."""

_SYNTAX = regex.compile(r"\s#\s.*|\\[pP]\{[^}]*\}|\\.|\(\?[a-zA-Z]*[:)]|\(\?P<\w+>")
"""What is no word in a pattern: comments, escapes and flags."""

_EITHER_CASE = regex.compile(r"\[(\p{Lu})(\p{Ll})\]")


def lists_in(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Yield the line and the known words of each list and pattern that has two or more of them."""
    for node in ast.walk(tree):
        found = known(text for text in texts_in(node) if text.isalpha()) if is_list(node) else set()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "|" in node.value:
            plain = _EITHER_CASE.sub(lambda match: str(match[2]), _SYNTAX.sub(" ", node.value))
            found = known(regex.findall(r"\p{L}+", plain))
        if len(found) > 1:
            yield getattr(node, "lineno", 0), found


def known(words: Iterator[str] | list[str]) -> set[str]:
    return {word.casefold() for word in words} & WORDS


def is_list(node: ast.AST) -> bool:
    return isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Call)


def texts_in(node: ast.AST) -> Iterator[str]:
    """Yield the strings that stand directly in a list, a call or the keys of a map, nested lists included."""
    parts = node.keys if isinstance(node, ast.Dict) else list(ast.iter_child_nodes(node))
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Starred):
            yield from texts_in(part.value)


def test_lists_of_words_stand_in_the_language_alone() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} has {', '.join(sorted(words))}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] not in ("language", "cli")  # the command line has messages alone
        and path.relative_to(SOURCE).as_posix() not in NOT_OF_A_LANGUAGE
        for line, words in lists_in(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NOT_OF_A_LANGUAGE)
def test_each_exception_is_still_needed(name: str) -> None:
    assert list(lists_in(ast.parse((SOURCE / name).read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "code",
    [
        'MONTHS = ("January", "May", "x")',
        'SHORT = r"(?:Jan|Feb)[a-z]*"',
        r'ASKS = regex.compile(r"\b(?:who|which)\b")',
        r'CAUSE = rf"\b{X}(?:[Bb]ecause|[Tt]hough)\b"',
        'PRONOUNS = {"he": 1, "she": 2}',
        'NUMBERS = frozenset((*("one", "two"), *MORE))',
        'JOINED = any_of("and", "or")',
        'text.startswith(("is", "are"))',
    ],
)
def test_a_list_outside_is_found(code: str) -> None:
    assert list(lists_in(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'raise ValueError("no text is in it")',
        'print(f"{count} of {total} are done")',
        'MARKS = ("a", "b", "the")',
        r'NAME = regex.compile(r"\p{Lu}[\p{L}|-]+")',
    ],
)
def test_messages_and_symbols_are_no_lists(code: str) -> None:
    assert list(lists_in(ast.parse(code))) == []
