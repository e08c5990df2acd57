"""Arguments of the wrong type are refused by their names, before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import articleqa
from articleqa import Article, ArticleIndex

ask: Any = articleqa.ask
load_articles: Any = articleqa.load_articles
from_articles: Any = ArticleIndex.from_articles
MILL = Article(id="mill", text="The mill of Arden burnt down.")
INDEX = from_articles([MILL])
QUESTION = "What burnt down?"
WRONG: list[tuple[Any, dict[str, Any], str]] = [
    (QUESTION, {"top_k": "3"}, r"top_k must be a whole number, not '3' \(str\)"),
    (QUESTION, {"top_k": True}, r"top_k must be a whole number, not True \(bool\)"),
    (QUESTION, {"top_k": 2.0}, "top_k must be a whole number"),
    (QUESTION, {"top_k": None}, "top_k must be a whole number, not None"),
    (QUESTION, {"min_confidence": "0.5"}, r"min_confidence must be a number, not '0\.5' \(str\)"),
    (QUESTION, {"min_confidence": True}, "min_confidence must be a number"),
    (None, {}, "question must be a string, not None"),
    (b"What?", {}, r"question must be a string, not b'What\?' \(bytes\)"),
    (["x" * 99], {}, r"question must be a string, not \['x{38}… \(list\)"),
]


@pytest.mark.parametrize(("question", "options", "told"), WRONG)
def test_wrong_arguments_of_a_question_are_named(question: Any, options: dict[str, Any], told: str) -> None:
    asking: list[Callable[[], object]] = [
        lambda: ask(question, "no/such/folder", **options),
        lambda: INDEX.ask(question, **options),
        lambda: list(INDEX.ask_many([question], **options)),
    ]
    for each in asking:
        with pytest.raises(TypeError, match=f"^{told}"):
            each()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ask(QUESTION, None), "articles must be an index, articles or paths, not None"),
        (lambda: ask(QUESTION, b"seeds"), "articles must be an index, articles or paths, not b'seeds'"),
        (lambda: load_articles(None), "paths must be a path or an iterable of paths, not None"),
        (lambda: load_articles(b"seeds"), "paths must be a path or an iterable of paths, not b'seeds'"),
        (lambda: INDEX.add(None), "articles is None: give a list"),
        (lambda: INDEX.add(["seeds"]), "articles must hold articles, not 'seeds'"),
        (lambda: INDEX.update(b"seeds"), "articles is one bytes: give a list"),
        (lambda: from_articles("seeds", cache=True), "articles is one str: give a list"),
        (lambda: from_articles(Path("seeds")), "articles is one PosixPath: give a list"),
        (lambda: INDEX.remove(None), "ids must be article ids, not None"),
        (lambda: INDEX.ask_many(None), "questions must be a list of strings, not None"),
        (lambda: INDEX.ask_many([QUESTION], workers="2"), "workers must be a whole number, not '2'"),
    ],
)
def test_wrong_articles_and_paths_are_named(call: Callable[[], object], told: str) -> None:
    with pytest.raises(TypeError, match=f"^{told}"):
        call()


def test_numbers_of_numpy_are_numbers() -> None:
    found = INDEX.ask(QUESTION, top_k=np.int64(1), min_confidence=np.float32(0.5))
    assert found == INDEX.ask(QUESTION, top_k=1, min_confidence=0.5)
