"""Files and folders into articles."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from articleqa.articles.decoding import BinaryDataError
from articleqa.articles.formats import is_known, loader_for
from articleqa.exceptions import ArticleNotFoundError, ArticleReadError, DuplicateArticleError
from articleqa.models import Article

PathLike = str | os.PathLike[str]

DATABASE = "articles.sqlite"
"""The file by which a folder is an index on disk: what is in it is no article."""

_MISSING = (FileNotFoundError, NotADirectoryError)


class SkippedFileWarning(UserWarning):
    """A file in a folder that was left out, and why."""


class DamagedTextWarning(UserWarning):
    """A file that was read, but for some bytes that are not valid in its encoding."""


class ArticleFile(NamedTuple):
    """A file to load: where it is, the id its article gets, and its source as the caller would say it."""

    path: Path
    article_id: str
    source: str
    named: bool


def load_articles(paths: PathLike | Iterable[PathLike], *, prefix: str = "") -> list[Article]:
    """Load files and folders, in the order given; folders are searched deeply, in sorted order.

    An article's id is its path relative to the folder asked for (a file named by itself: its name), with
    `prefix` and a "/" before it if one is given, which keeps two folders apart.
    In a folder, hidden files and indexes on disk are passed over, and files that are binary, unreadable
    or of an unknown format are skipped with a `SkippedFileWarning`; links to folders are not followed.

    Raises:
        ArticleNotFoundError: a path does not exist.
        ArticleReadError: a named file is binary or cannot be read, or a named folder cannot be listed.
        DuplicateArticleError: two files would get the same id.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    articles: dict[str, Article] = {}
    seen: dict[str, Path] = {}
    for file in find_files(paths, prefix=prefix):
        if file.article_id in seen:
            if seen[file.article_id].resolve() == file.path.resolve():
                continue
            raise DuplicateArticleError(
                f"two articles with the id {file.article_id!r}: {articles[file.article_id].source} and"
                f" {file.source}; ask for the folder above both, or rename one"
            )
        article = load_file(file)
        if article is not None:
            articles[article.id] = article
            seen[article.id] = file.path
    return list(articles.values())


def find_files(paths: Iterable[PathLike], *, prefix: str = "") -> Iterator[ArticleFile]:
    """Yield the files that `paths` stand for; see `load_articles`."""
    for file in _find_files(paths):
        yield file._replace(article_id=f"{prefix}/{file.article_id}") if prefix else file


def _find_files(paths: Iterable[PathLike]) -> Iterator[ArticleFile]:
    for given in paths:
        path = Path(given)
        try:
            mode = path.stat().st_mode
        except _MISSING:
            raise ArticleNotFoundError(f"{given}: no such file or folder") from None
        except (OSError, ValueError) as error:
            raise ArticleReadError(f"{given}: cannot be read ({_reason(error)})") from None
        if stat.S_ISDIR(mode):
            yield from _files_below(path)
        elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            yield ArticleFile(path, _printable(path.name), _printable(str(given)), named=True)
        else:
            raise ArticleReadError(f"{given}: neither a file nor a folder")


def load_file(file: ArticleFile) -> Article | None:
    """Load one file; None, with a warning, for a file found in a folder that is not to be read as text.

    Raises:
        ArticleReadError: the file was named by the caller and is binary or cannot be read.
    """
    try:
        data = file.path.read_bytes()
        article = loader_for(file.path.name)(data, file.article_id, file.source)
    except BinaryDataError:
        problem = f"{file.source}: not a text file; only plain text and Markdown are read"
    except OSError as error:
        problem = f"{file.source}: cannot be read ({_reason(error)})"
    else:
        if damage := damage_to(article):
            _warn(f"{file.source}: {damage}", DamagedTextWarning)
        return article
    if file.named:
        raise ArticleReadError(problem)
    _warn(f"skipped {problem}", SkippedFileWarning)
    return None


def damage_to(article: Article) -> str:
    """Return what a `DamagedTextWarning` says of `article`, empty where all of it could be read."""
    replaced = article.metadata.get("replaced_characters")
    if not replaced:
        return ""
    characters, are = ("character", "is") if replaced == 1 else ("characters", "are")
    encoding = article.metadata["encoding"]
    return f"{replaced} {characters} {are} not valid {encoding} and {are} read as U+FFFD"


def _files_below(folder: Path) -> Iterator[ArticleFile]:
    def refuse(error: OSError) -> None:
        problem = f"{error.filename or folder}: the folder cannot be read ({_reason(error)})"
        if Path(error.filename or folder) == folder:
            raise ArticleReadError(problem)
        _warn(f"skipped {problem}", SkippedFileWarning)

    found: list[Path] = []
    for parent, subfolders, names in os.walk(folder, onerror=refuse):
        subfolders[:] = [
            name
            for name in subfolders
            if not name.startswith(".") and not Path(parent, name, DATABASE).is_file()
        ]
        found.extend(Path(parent, name) for name in names if not name.startswith("."))
    for path in sorted(found, key=lambda path: path.relative_to(folder).parts):
        if problem := _irregular(path):
            _warn(f"skipped {path}: {problem}", SkippedFileWarning)
        elif not is_known(path.name):
            _warn(f"skipped {path}: {path.suffix} files are not read from a folder", SkippedFileWarning)
        else:
            article_id = _printable(path.relative_to(folder).as_posix())
            yield ArticleFile(path, article_id, _printable(str(path)), named=False)


def _irregular(path: Path) -> str:
    """Return why `path` is not a file that can be read, empty when it is one."""
    try:
        return "" if stat.S_ISREG(path.stat().st_mode) else "not a regular file"
    except OSError as error:
        return f"cannot be read ({_reason(error)})"


def _printable(name: str) -> str:
    """Return `name` with bytes that are not valid in the file system's encoding written as \\xff.

    Python keeps such bytes as lone surrogates, which no JSON and no terminal takes.
    """
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def _warn(message: str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=3)
