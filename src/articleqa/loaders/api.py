"""Files and folders into articles."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from articleqa.exceptions import ArticleNotFoundError, ArticleReadError, DuplicateArticleError
from articleqa.loaders.ids import with_own_ids
from articleqa.loaders.paths import DATABASE, absolute, is_file, printable, reason_of, shown_source
from articleqa.loaders.protocol import TEXT_TYPES
from articleqa.loaders.records import Fields
from articleqa.loaders.repeated_lines import mark_repeated_lines
from articleqa.loaders.sandbox import ArticleFile, Loaded, load_files
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

    An article's id is its path relative to the folder asked for (a file named by itself: its name). Where two
    files would get the same id, the names of the folders above them come before it, as many as tell them
    apart. `prefix` and a "/" come before all ids if one is given; what an archive or a table holds has its
    place there behind it. A file that is asked for twice, however its path is spelled, is loaded once.
    `source` is the file's absolute path. `text_field` and `title_field` name the columns of CSV and the keys
    of JSONL that have an article's text and title.
    Lines that many of the texts repeat are marked as boilerplate (`loaders.repeated_lines`).
    In a folder, hidden files and indexes on disk are passed over, files of an unknown format are skipped
    with a `SkippedFileWarning`, and ones that cannot be read with a `FailedFileWarning`; links to folders,
    and links that lead out of the folder, are not followed.

    Raises:
        TypeError: `paths` are none.
        ArticleNotFoundError: a path does not exist.
        ArticleReadError: a named file cannot be read, or a named folder cannot be listed; with `strict`, any
            folder, or file of a known format, cannot be read.
        DuplicateArticleError: two articles would get the same id, as of a file and of one in an archive.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    if isinstance(paths, bytes) or not isinstance(paths, Iterable):
        raise TypeError(f"paths must be a path, or several, not {paths!r}")
    loaded = load_files(
        find_files(paths, prefix=prefix, strict=strict), Fields(text=text_field, title=title_field)
    )
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
                f"two articles with the id {article.id!r}: {shown_source(sources[article.id])}"
                f" and {shown_source(article.source)}; rename one"
            )
        sources[article.id] = article.source
        yield article


def articles_of(loaded: Loaded, *, strict: bool = False) -> tuple[Article, ...]:
    """Return the articles of a file; tell of one that has none, or is damaged, in a warning.

    Raises:
        ArticleReadError: the file cannot be read, and was named by the caller or is not to be passed over.
    """
    for problem in problems_of(loaded, strict=strict):
        _warn(problem.message, problem.category)
    return loaded.articles


class FileProblem(NamedTuple):
    """What a warning says of a file, or of a part of an archive: its source, and a clause."""

    category: type[SkippedFileWarning | DamagedTextWarning]
    source: str
    reason: str

    @property
    def message(self) -> str:
        """The warning's text; it names the source as seen from the working folder."""
        skipped = "skipped " if issubclass(self.category, SkippedFileWarning) else ""
        return f"{skipped}{shown_source(self.source)}: {self.reason}"


def problems_of(loaded: Loaded, *, strict: bool = False) -> Iterator[FileProblem]:
    """Yield what warnings say of a file that was read.

    Raises:
        ArticleReadError: the file cannot be read, and was named by the caller or is not to be passed over.
    """
    source = loaded.file.source
    for article in loaded.articles:
        if damage := damage_to(article):
            yield FileProblem(DamagedTextWarning, article.source, damage)
    for part, reason in loaded.lost:
        if strict:
            raise ArticleReadError(f"{shown_source(part)}: {reason}")
        yield FileProblem(FailedFileWarning, part, reason)
    if not (loaded.articles or loaded.skipped or loaded.failed or loaded.lost):
        yield FileProblem(DamagedTextWarning, source, "nothing in it that is read")
    if reason := loaded.skipped or loaded.failed:
        if loaded.file.named or (strict and loaded.failed):
            raise ArticleReadError(f"{shown_source(source)}: {reason}")
        yield FileProblem(FailedFileWarning if loaded.failed else SkippedFileWarning, source, reason)


def find_files(paths: Iterable[PathLike], *, prefix: str = "", strict: bool = False) -> list[ArticleFile]:
    """Return the files that `paths` stand for, each once and with an id of its own; see `load_articles`."""
    files = with_own_ids(_find_files(paths, strict))
    return [file._replace(article_id=f"{prefix}/{file.article_id}") for file in files] if prefix else files


def _find_files(paths: Iterable[PathLike], strict: bool) -> Iterator[ArticleFile]:
    for given in paths:
        path = Path(given)
        try:
            mode = path.stat().st_mode
        except _MISSING:
            raise ArticleNotFoundError(f"{given}: no such file or folder") from None
        except (OSError, ValueError) as error:
            raise ArticleReadError(f"{given}: cannot be read ({reason_of(error)})") from None
        if stat.S_ISDIR(mode):
            yield from _files_below(path, strict)
        elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            yield ArticleFile(path, printable(path.name), _source_of(path), named=True)
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


def _files_below(folder: Path, strict: bool) -> Iterator[ArticleFile]:
    def refuse(error: OSError) -> None:
        name = shown_source(printable(str(error.filename or folder)))
        problem = f"{name}: the folder cannot be read ({reason_of(error)})"
        if strict or Path(error.filename or folder) == folder:
            raise ArticleReadError(problem)
        _warn(f"skipped {problem}", SkippedFileWarning)

    found: list[Path] = []
    for parent, subfolders, names in os.walk(folder, onerror=refuse):
        try:
            Path(parent, DATABASE).lstat()
        except FileNotFoundError:
            pass
        except OSError as error:  # a folder that may be listed and not entered
            error.filename = parent
            refuse(error)
            subfolders.clear()
            continue
        subfolders[:] = [
            name
            for name in sorted(subfolders)
            if not name.startswith(".") and not is_file(Path(parent, name, DATABASE))
        ]
        found.extend(Path(parent, name) for name in names if not name.startswith("."))
    for path in sorted(found, key=lambda path: path.relative_to(folder).parts):
        if problem := _irregular(path, folder):
            _warn(f"skipped {printable(str(path))}: {problem}", SkippedFileWarning)
        else:
            article_id = printable(path.relative_to(folder).as_posix())
            yield ArticleFile(path, article_id, _source_of(path), named=False)


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
    except RuntimeError:  # what Python 3.11 and 3.12 raise where links have become a circle meanwhile
        return "cannot be read (too many levels of symbolic links)"


def _source_of(path: Path) -> str:
    """Return the source of the articles in a file: a citation is verified from any working folder."""
    return printable(str(absolute(path)))


def _warn(message: str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=3)
