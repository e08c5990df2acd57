"""Paths from the command line; a URL or an index given as a path is refused with advice."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click

from articleqa.index.connecting import is_index_url
from articleqa.loaders.paths import DATABASE, is_file, is_there

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]+:/|www\.)\S+", re.IGNORECASE)
_FILE_URL = re.compile("file:/+", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp):|www\.", re.IGNORECASE)
_PASSWORD = re.compile(r"://\S*@")


def exists(path: str) -> bool:
    """Return whether there is anything at `path`, which may be a question instead of a path."""
    return bool(path) and is_there(Path(path))


def is_url(path: str) -> bool:
    """Return whether `path` is a URL and no file of that name exists."""
    return _URL.fullmatch(path) is not None and not exists(path)


def index_at(path: str) -> str | None:
    """Return the folder of the index at `path`, which may be the folder or its database; None if no index."""
    if is_file(Path(path, DATABASE)):
        return path
    if Path(path).name == DATABASE and is_file(Path(path)):
        return str(Path(path).parent)
    return None


def in_shell(word: str) -> str:
    """Return `word` quoted for a shell, if it needs quotes."""
    if shlex.quote(word) == word:
        return word
    return shlex.quote(word) if set(word) & set('"$`\\!') else f'"{word}"'


def without_password(text: str) -> str:
    """Return `text` with "…" in place of a user and a password in a URL."""
    return _PASSWORD.sub("://…@", text)


def command_line(*words: str) -> str:
    """Return the `articleqa` command line with these words, quoted for a shell; no password is shown."""
    return " ".join(["articleqa", *(in_shell(without_password(word)) for word in words)])


def how_to_read(url: str, *command: str) -> str:
    """Return the message for a URL given as a path: how to save the page and run `command` on the file."""
    if _FILE_URL.match(url):
        path = _FILE_URL.sub("/", url)
        return f"{url}: a URL; give the path: {command_line(*command, path)}"
    save = f"curl -L -o page.html {in_shell(url)}"
    return (
        f"{url}: web pages are not fetched; save the page and give the file:"
        f" {save} && {command_line(*command, 'page.html')}"
    )


class LocalPath(click.Path):
    """A local path; URLs are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            ClickException: it is a URL.
        """
        if isinstance(value, str) and is_url(value):
            raise click.ClickException(f"{value}: a URL; save it as a file and give the file's path")
        return super().convert(value, param, ctx)


class IndexPlace(LocalPath):
    """The folder of an index, as a path, or its URL, as a string; URLs of web pages are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path or the URL.

        Raises:
            ClickException: it is the URL of a web page.
        """
        if isinstance(value, str) and is_index_url(value) and not _WEB.match(value) and not exists(value):
            return value
        return super().convert(value, param, ctx)


class ArticlesPath(LocalPath):
    """The path of articles, as a string; an index on disk is refused."""

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
