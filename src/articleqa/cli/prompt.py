"""The interactive prompt: ask an index one question per line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import click

from articleqa.index.article_index import ArticleIndex

PROMPT = "? "
FAREWELLS = ("exit", "quit")


def ask_line_after_line(index: ArticleIndex, answer: Callable[[str], None]) -> None:
    """Read questions from the terminal and pass each to `answer`, until Ctrl-D, `exit` or `quit`.

    Ctrl-C cancels the line being typed or the answer being searched for; pressed twice in a row, it ends
    the prompt. Lines can be edited and recalled within the session; no history is saved.
    """
    _set_up_input()
    count = len(index.articles)
    click.echo(f"{count} article{'' if count == 1 else 's'}. Ask away; exit, quit or Ctrl-D ends.")
    interrupted = False
    while True:
        try:
            question = input(PROMPT).strip()
            if question.lower() in FAREWELLS:
                return
            if question:
                answer(question)
                click.echo()
            interrupted = False
        except EOFError:
            click.echo()
            return
        except KeyboardInterrupt:
            click.echo()
            if interrupted:
                raise
            interrupted = True


def _set_up_input() -> None:
    """Give `input` line editing, if the platform has it, and make it accept bytes that are not valid text."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        import readline  # noqa: F401
    except ImportError:
        return
