"""The promises of the design, each as a test that can fail."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import articleqa
from articleqa import Answer, Article, ArticleIndex, load_articles
from articleqa.models import BlockKind
from articleqa.text.blocks import article_blocks
from articleqa.text.pages import page_breaks
from user_path import USER_PATH

SOURCE = Path(articleqa.__file__).parent
ROOT = Path(__file__).parent.parent
MODULES = sorted(SOURCE.rglob("*.py"))

PIECES = [
    "The union was shut down in 2017.",
    "“Why?” asked Ms. Smith… Nobody knew!",
    "A HEADING",
    "• an item",
    "- two, three; four",
    "> quoted",
    "## Hash",
    "Home",
    "1,200 workers (of 5,000) went on strike",
    "法院关闭工会。工人开始绝食。",
    "Café naïve \u00a0 e\u0301",
    "```\ncode. Here\n```",
    "| a | b |\n|---|---|\n| union | 2017 |",
    "\t indented",
    "\ufeff\u200b😀",
    "\x0c\x1c\u2028",
    "x" * 300,
]
GAPS = ["\n", "\n\n", " ", "\r\n", "\r", "\r\n\r\n", "\n \n", "\u2029"]
WRITTEN = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=10).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
TEXTS = st.one_of(st.text(max_size=200), WRITTEN)
SUFFIXES = st.sampled_from([".txt", ".md"])
QUESTION = "When was the union shut down, and why did a 2017 item 工会 strike?"


def holds_blank_line(quote: str) -> bool:
    """Say whether a quote holds a blank line outside the page breaks over which it goes on."""
    for page_break in reversed(page_breaks(quote, 0, len(quote))):
        quote = quote[: page_break.start] + " " + quote[page_break.end :]
    return not all(line.strip() for line in quote.splitlines())


def is_in_code(article: Article, place: int) -> bool:
    code = (block.span for block in article_blocks(article) if block.kind is BlockKind.CODE)
    return any(span.start <= place < span.end for span in code)


def check_citations(answer: Answer, articles: dict[str, Article]) -> None:
    for sentence in answer.sentences:
        for citation in (sentence.citation, *sentence.also):
            article = articles[citation.article_id]
            text = article.text
            assert text[citation.start : citation.end] == citation.quote != ""
            assert citation.verify(article)
            assert text[: citation.start].endswith(citation.prefix)
            assert text[citation.end :].startswith(citation.suffix)
            assert citation.context.start <= citation.start < citation.end <= citation.context.end
            assert not holds_blank_line(citation.quote) or is_in_code(article, citation.start)
            assert not citation.verify(article.model_copy(update={"id": article.id + "x"}))
            assert not citation.verify(article.model_copy(update={"text": "\0" + text}))
            assert (
                citation.line
                == 1 + len(text[: citation.start].replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
            )
        assert sentence.text == sentence.citation.quote
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, SUFFIXES)
def test_every_quote_of_a_file_is_verbatim(text: str, suffix: str) -> None:
    text = text.replace("\0", "").removeprefix("\ufeff")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a" + suffix)
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
        (article,) = load_articles(path)
    assert article.text == text
    index = ArticleIndex.from_articles([article])
    for question in (QUESTION, text[:60]):
        answer = index.ask(question, top_k=50, min_confidence=0)
        assert answer.answered == bool(answer.sentences)
        check_citations(answer, {article.id: article})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, max_size=4), st.text(max_size=60))
def test_every_quote_from_memory_is_verbatim_whatever_is_asked(texts: list[str], question: str) -> None:
    articles = {str(number): Article(id=str(number), text=text) for number, text in enumerate(texts)}
    index = ArticleIndex.from_articles(articles.values())
    check_citations(index.ask(question, top_k=50, min_confidence=0), articles)
    check_citations(index.ask(QUESTION, top_k=50, min_confidence=0), articles)


ASKING = """
from articleqa import ask
for question in ("When was the confederation shut down?", "Who is Larisa Kharkova?", "What did the ILO say?"):
    print(ask(question, "seeds/", top_k=50, min_confidence=0).model_dump_json())
"""


def run_python(code: str, **environment: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": USER_PATH, **environment},
        capture_output=True,
        check=True,
    ).stdout


def test_two_processes_answer_in_the_same_bytes() -> None:
    first, second = (run_python(ASKING, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second
    assert first.count(b"\n") == 3


def test_importing_the_package_imports_nothing_slow() -> None:
    code = "import sys, articleqa; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    imported = set(run_python(code).decode().split())
    assert imported.isdisjoint({"nltk", "numpy", "rich", "scipy", "click", "rank_bm25", "charset_normalizer"})


def test_asking_opens_no_connection() -> None:
    code = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.")):
        raise RuntimeError(event)
sys.addaudithook(refuse)
"""
    assert run_python(code + ASKING).count(b"\n") == 3


FORBIDDEN_MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "joblib",
    "shelve",
    "marshal",
    "cloudpickle",
    "requests",
    "urllib.request",
    "socket",
}
PROCESS_MODULES = {"_worker_pool.py", "_worker.py", "_fork_server.py"}
"""These pickle what passes between a process and its workers, through pipes that nobody else has."""

LISTENING_MODULES = {
    SOURCE / name
    for name in ("listening.py", "mcp/http.py", "storage/opensearch/processes.py", "web/server.py")
}
"""These wait for connections of others, or ask for this machine's name; they make no connection."""

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def imported(module: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_executable_is_loaded_from_data(module: Path) -> None:
    names = imported(module)
    forbidden = FORBIDDEN_MODULES - ({"pickle"} if module.name in PROCESS_MODULES else set())
    forbidden -= {"socket"} if module in LISTENING_MODULES else set()
    assert {*names, *(name.split(".")[0] for name in names)}.isdisjoint(forbidden)
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            assert not (isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS)
            if (
                isinstance(called, ast.Attribute)
                and called.attr == "load"
                and ast.unparse(called) in {"np.load", "numpy.load"}
            ):
                allowed = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert allowed.get("allow_pickle", "False") == "False"
