"""The prompt: one index, a question a line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import click

from articleqa.index.article_index import ArticleIndex

PROMPT = "? "
FAREWELLS = ("exit", "quit")


def ask_line_after_line(index: ArticleIndex, answer: Callable[[str], None]) -> None:
    """Read questions from the terminal and pass each to `answer`, until Ctrl-D or a farewell.

    Ctrl-C drops the line that is being written, or the answer being sought; twice in a row it ends.
    Lines can be edited and recalled within the run; no history is kept.
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
    """Give `input` line editing, where the platform has it, and let it read bytes that are no character."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        import readline  # noqa: F401
    except ImportError:
        return
