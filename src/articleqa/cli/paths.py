"""Paths from the command line; a URL or an index in place of a file or folder is refused with advice."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click

from articleqa.loaders.paths import DATABASE, is_file, is_there

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]+:/|www\.)\S+", re.IGNORECASE)
_FILE_URL = re.compile("file:/+", re.IGNORECASE)


def exists(path: str) -> bool:
    """Say whether there is anything at `path`, which may be a question and no path at all."""
    return bool(path) and is_there(Path(path))


def is_url(path: str) -> bool:
    """Say whether `path` is the address of a page, and no file of that name exists."""
    return _URL.fullmatch(path) is not None and not exists(path)


def index_at(path: str) -> str | None:
    """Return the folder of the index that `path`, a folder or its database, is; None where it is none."""
    if is_file(Path(path, DATABASE)):
        return path
    if Path(path).name == DATABASE and is_file(Path(path)):
        return str(Path(path).parent)
    return None


def in_shell(word: str) -> str:
    """Return `word` as a shell takes it: as it stands, or in quotes."""
    if shlex.quote(word) == word:
        return word
    return shlex.quote(word) if set(word) & set('"$`\\!') else f'"{word}"'


def command_line(*words: str) -> str:
    """Return the command line of these words."""
    return " ".join(["articleqa", *map(in_shell, words)])


def how_to_read(url: str, *command: str) -> str:
    """Return the message for a URL given as a path: how to save the page, and which `command` reads it."""
    if _FILE_URL.match(url):
        path = _FILE_URL.sub("/", url)
        return f"{url}: a URL; give the path: {command_line(*command, path)}"
    save = f"curl -L -o page.html {in_shell(url)}"
    return (
        f"{url}: web pages are not fetched; save the page and give the file:"
        f" {save} && {command_line(*command, 'page.html')}"
    )


class LocalPath(click.Path):
    """A path on this machine; URLs are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            ClickException: it is a URL.
        """
        if isinstance(value, str) and is_url(value):
            raise click.ClickException(f"{value}: a URL; save it as a file and give the path of that")
        return super().convert(value, param, ctx)


class ArticlesPath(LocalPath):
    """The path of articles, as text; an index on disk is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            ClickException: it is a URL or an index.
        """
        if isinstance(value, str) and (folder := index_at(value)):
            raise click.ClickException(
                f"{value}: an index, not articles; give the files it was made from, or ask it:"
                f" {command_line('QUESTION', '--index', folder)}"
            )
        return super().convert(value, param, ctx)
