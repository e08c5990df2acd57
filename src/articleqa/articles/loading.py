"""Files and folders into articles."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from articleqa.articles.bulk import ArticleFile, Loaded, load_files
from articleqa.articles.contract import TEXT_TYPES
from articleqa.articles.furniture import mark_repeated_lines
from articleqa.articles.paths import DATABASE, reason_of
from articleqa.articles.records import Fields
from articleqa.exceptions import ArticleNotFoundError, ArticleReadError, DuplicateArticleError
from articleqa.models import Article

PathLike = str | os.PathLike[str]

_MISSING = (FileNotFoundError, NotADirectoryError)


class SkippedFileWarning(UserWarning):
    """A file in a folder that was left out, and why."""


class FailedFileWarning(SkippedFileWarning):
    """A file in a folder that is of a format that is read, and could not be."""


class DamagedTextWarning(UserWarning):
    """A file that was read, but for some bytes that are not valid in its encoding, or that has no text."""


def load_articles(
    paths: PathLike | Iterable[PathLike],
    *,
    prefix: str = "",
    text_field: str | None = None,
    title_field: str | None = None,
    strict: bool = False,
) -> list[Article]:
    """Load files and folders, in the order given; folders are searched deeply, in sorted order.

    An article's id is its path relative to the folder asked for (a file named by itself: its name), with
    `prefix` and a "/" before it if one is given, which keeps two folders apart; what an archive or a table
    holds has its place there behind it. `text_field` and `title_field` name the columns of CSV and the keys
    of JSONL that have an article's text and title.
    Lines that many of the texts repeat are marked as boilerplate (`articles.furniture`).
    In a folder, hidden files and indexes on disk are passed over, files of an unknown format are skipped
    with a `SkippedFileWarning`, and ones that cannot be read with a `FailedFileWarning`; links to folders,
    and links that lead out of the folder, are not followed.

    Raises:
        ArticleNotFoundError: a path does not exist.
        ArticleReadError: a named file cannot be read, or a named folder cannot be listed; with `strict`, any
            file that is of a known format cannot be read.
        DuplicateArticleError: two files would get the same id.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    files = once(find_files(paths, prefix=prefix))
    loaded = load_files(files, Fields(text=text_field, title=title_field))
    return mark_repeated_lines(
        list(unique(article for each in loaded for article in articles_of(each, strict=strict)))
    )


def unique(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield `articles`, each of which must have an id of its own.

    Raises:
        DuplicateArticleError: two have the same; the message names both sources.
    """
    sources: dict[str, str] = {}
    for article in articles:
        if article.id in sources:
            raise DuplicateArticleError(
                f"two articles with the id {article.id!r}: {sources[article.id]} and {article.source};"
                " ask for the folder above both, or rename one"
            )
        sources[article.id] = article.source
        yield article


def articles_of(loaded: Loaded, *, strict: bool = False) -> tuple[Article, ...]:
    """Return the articles of a file; tell of one that has none, or is damaged, in a warning.

    Raises:
        ArticleReadError: the file cannot be read, and was named by the caller or is not to be passed over.
    """
    for message, category in problems_of(loaded, strict=strict):
        _warn(message, category)
    return loaded.articles


def problems_of(
    loaded: Loaded, *, strict: bool = False
) -> Iterator[tuple[str, type[SkippedFileWarning | DamagedTextWarning]]]:
    """Yield the warnings about a file that was read: message and category.

    Raises:
        ArticleReadError: the file cannot be read, and was named by the caller or is not to be passed over.
    """
    source = loaded.file.source
    for article in loaded.articles:
        if damage := damage_to(article):
            yield f"{article.source}: {damage}", DamagedTextWarning
    for part, reason in loaded.lost:
        if strict:
            raise ArticleReadError(f"{part}: {reason}")
        yield f"skipped {part}: {reason}", FailedFileWarning
    if not (loaded.articles or loaded.skipped or loaded.failed or loaded.lost):
        yield f"{source}: nothing in it that is read", DamagedTextWarning
    if reason := loaded.skipped or loaded.failed:
        if loaded.file.named or (strict and loaded.failed):
            raise ArticleReadError(f"{source}: {reason}")
        yield f"skipped {source}: {reason}", FailedFileWarning if loaded.failed else SkippedFileWarning


def once(files: Iterable[ArticleFile]) -> Iterator[ArticleFile]:
    """Yield each file once, however often it was named."""
    seen: set[tuple[str, Path]] = set()
    for file in files:
        key = file.article_id, file.path.resolve()
        if key not in seen:
            seen.add(key)
            yield file


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
            raise ArticleReadError(f"{given}: cannot be read ({reason_of(error)})") from None
        if stat.S_ISDIR(mode):
            yield from _files_below(path)
        elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            yield ArticleFile(path, _printable(path.name), _printable(str(given)), named=True)
        else:
            raise ArticleReadError(f"{given}: neither a file nor a folder")


def damage_to(article: Article) -> str:
    """Return what a `DamagedTextWarning` says of `article`, empty where all of it could be read."""
    if article.media_type not in TEXT_TYPES and not article.text.strip():
        return "no text in it" + (": a scan must be put through OCR first" if article.pages else "")
    replaced = article.metadata.get("replaced_characters")
    if not replaced:
        return ""
    characters, are = ("character", "is") if replaced == 1 else ("characters", "are")
    encoding = article.metadata["encoding"]
    return f"{replaced} {characters} {are} not valid {encoding} and {are} read as U+FFFD"


def _files_below(folder: Path) -> Iterator[ArticleFile]:
    def refuse(error: OSError) -> None:
        problem = f"{error.filename or folder}: the folder cannot be read ({reason_of(error)})"
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
        if problem := _irregular(path, folder):
            _warn(f"skipped {_printable(str(path))}: {problem}", SkippedFileWarning)
        else:
            article_id = _printable(path.relative_to(folder).as_posix())
            yield ArticleFile(path, article_id, _printable(str(path)), named=False)


def _irregular(path: Path, folder: Path) -> str:
    """Return why `path` is not a file in `folder` that can be read, empty when it is one."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a regular file"
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return "a link that leads out of the folder"
        return ""
    except OSError as error:
        return f"cannot be read ({reason_of(error)})"


def _printable(name: str) -> str:
    """Return `name` with bytes that are not valid in the file system's encoding written as \\xff.

    Python keeps such bytes as lone surrogates, which no JSON and no terminal takes.
    """
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _warn(message: str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=3)
