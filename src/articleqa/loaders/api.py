"""Load files and folders as articles."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from articleqa.exceptions import ArticleNotFoundError, ArticleReadError, DuplicateArticleError
from articleqa.loaders.ids import with_own_ids
from articleqa.loaders.paths import DATABASE, absolute, is_file, printable, reason_of, shown_source
from articleqa.loaders.protocol import TEXT_TYPES, Fields
from articleqa.loaders.repeated_lines import RepeatedLines, mark_repeated_lines
from articleqa.loaders.sandbox import ArticleFile, Loaded, load_files, texts_of
from articleqa.models import Article

PathLike = str | os.PathLike[str]

_MISSING = (FileNotFoundError, NotADirectoryError)


class SkippedFileWarning(UserWarning):
    """Warning: a file or folder was skipped; the message says why."""


class FailedFileWarning(SkippedFileWarning):
    """Warning: a file of a supported format, or a part of an archive, could not be read."""


class DamagedTextWarning(UserWarning):
    """Warning: a file was read, but has bytes that are not valid in its encoding, or has no text."""


def load_articles(
    paths: PathLike | Iterable[PathLike],
    *,
    prefix: str = "",
    text_field: str | None = None,
    title_field: str | None = None,
    strict: bool = False,
) -> list[Article]:
    """Load files and folders, in the order given; folders are searched recursively, in sorted order.

    An article's id is its path relative to the given folder; the id of a file that is given directly is its
    name. If two files would get the same id, the names of parent folders are put before it, as many as are
    needed to tell them apart. If `prefix` is given, it and a "/" are put before every id. An article in an
    archive or a table has its place there appended to the id. A file that is given twice is loaded once, even
    if its path is spelled differently. `source` is the file's absolute path. `text_field` and `title_field`
    name the CSV columns or JSONL keys that hold an article's text and title.
    Lines that many of the texts repeat are marked as boilerplate (see `loaders.repeated_lines`).
    In a folder, hidden files and indexes on disk are ignored, files of an unknown format are skipped with a
    `SkippedFileWarning`, and files that cannot be read are skipped with a `FailedFileWarning`. Links to
    folders, and links that lead out of the folder, are not followed.

    Raises:
        TypeError: `paths` is neither a path nor an iterable of paths.
        ArticleNotFoundError: a path does not exist.
        ArticleReadError: a file that is given directly cannot be read, or a given folder cannot be listed;
            with `strict`, also if any other folder, or any file of a known format, cannot be read.
        DuplicateArticleError: two articles would get the same id, such as a file and a file in an archive.
    """
    loaded = load_files(
        find_files(_as_list(paths), prefix=prefix, strict=strict), Fields(text=text_field, title=title_field)
    )
    return mark_repeated_lines(
        list(unique(article for each in loaded for article in articles_of(each, strict=strict)))
    )


def iter_articles(
    paths: PathLike | Iterable[PathLike],
    *,
    prefix: str = "",
    text_field: str | None = None,
    title_field: str | None = None,
    strict: bool = False,
) -> Iterator[Article]:
    """Yield the articles of files and folders one by one: folders may hold more than fits into memory.

    The arguments, articles, warnings and errors are those of `load_articles`. Text files are read twice: the
    first time to count the lines that many of them repeat. Files inside containers are not counted.
    """
    files = find_files(_as_list(paths), prefix=prefix, strict=strict)
    loaded = read_files(files, Fields(text=text_field, title=title_field))
    return unique(article for each in loaded for article in articles_of(each, strict=strict))


def read_files(files: Sequence[ArticleFile], fields: Fields) -> Iterator[Loaded]:
    """Yield the result of loading each of `files`, in order, with repeated lines marked as boilerplate."""
    repeated = RepeatedLines()
    for text in texts_of(files):
        repeated.count(text)
    for loaded in load_files(files, fields):
        yield loaded._replace(articles=tuple(map(repeated.mark_boilerplate_in, loaded.articles)))


def _as_list(paths: PathLike | Iterable[PathLike]) -> list[PathLike]:
    if isinstance(paths, str | os.PathLike):
        return [paths]
    if isinstance(paths, bytes) or not isinstance(paths, Iterable):
        raise TypeError(f"paths must be a path or an iterable of paths, not {paths!r}")
    return list(paths)


def unique(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield `articles`, and check that no two have the same id.

    Raises:
        DuplicateArticleError: two articles have the same id; the message names both sources.
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
    """Return the articles of a loaded file; issue a warning for each problem with it.

    Raises:
        ArticleReadError: a file that the caller named cannot be read; with `strict`, also if any file of a
            known format, or any part of an archive, cannot be read.
    """
    for problem in problems_of(loaded, strict=strict):
        _warn(problem.message, problem.category)
    return loaded.articles


class FileProblem(NamedTuple):
    """A problem with a file or a part of an archive: the warning's category, the source, and the reason."""

    category: type[SkippedFileWarning | DamagedTextWarning]
    source: str
    reason: str

    @property
    def message(self) -> str:
        """The warning's text, with the source relative to the working folder if it lies below that."""
        skipped = "skipped " if issubclass(self.category, SkippedFileWarning) else ""
        return f"{skipped}{shown_source(self.source)}: {self.reason}"


def problems_of(loaded: Loaded, *, strict: bool = False) -> Iterator[FileProblem]:
    """Yield the problems with a loaded file that its user should be warned about.

    Raises:
        ArticleReadError: a file that the caller named cannot be read; with `strict`, also if any file of a
            known format, or any part of an archive, cannot be read.
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
        yield FileProblem(DamagedTextWarning, source, "no articles in it")
    if reason := loaded.skipped or loaded.failed:
        if loaded.file.named or (strict and loaded.failed):
            raise ArticleReadError(f"{shown_source(source)}: {reason}")
        yield FileProblem(FailedFileWarning if loaded.failed else SkippedFileWarning, source, reason)


def find_files(paths: Iterable[PathLike], *, prefix: str = "", strict: bool = False) -> list[ArticleFile]:
    """Return the files that `paths` name or contain, each once and with a unique id; see `load_articles`."""
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


_PDF = "application/pdf"


def _ocr_advice(failure: str) -> str:
    """Return what to do about pages without readable text; `failure` is what Tesseract did, if installed."""
    from articleqa.loaders.pdf.ocr import is_available

    if is_available():
        return f"Tesseract {failure}, so run OCR on the file first, in the language of its text"
    return "run OCR on the file first, or install Tesseract and articleqa[ocr]"


def damage_to(article: Article) -> str:
    """Return what a `DamagedTextWarning` says about `article`; empty if all of it could be read."""
    if garbled := article.metadata.get("garbled_pages"):
        layer = "the text layer of 1 page is" if garbled == 1 else f"the text layers of {garbled} pages are"
        return f"{layer} unreadable: most letters are unknown; {_ocr_advice('finds no better text')}"
    if article.media_type not in TEXT_TYPES and not article.text.strip():
        if article.metadata.get("scanned_pages"):
            return f"no text in it; {_ocr_advice('could not read it in time')}"
        return "no text in it" + (
            "; if it is a scan, run OCR on it first" if article.media_type == _PDF else ""
        )
    if unreadable := article.metadata.get("unreadable_parts"):
        return (
            f"left out what cannot be read: {unreadable};"
            " open it in its program, and save it again or that part by itself"
        )
    if scans := article.metadata.get("scanned_pages"):
        are = "1 page is a scan" if scans == 1 else f"{scans} pages are scans"
        return f"{are} without text; {_ocr_advice('could not read them in time')}"
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
        except OSError as error:  # the folder may be listed but not entered
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
    """Return why `path` is not a readable file in `folder`; empty if it is one."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a regular file"
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return "a link that leads out of the folder"
        return ""
    except OSError as error:
        return f"cannot be read ({reason_of(error)})"
    except RuntimeError:  # raised by Python 3.11 and 3.12 if the links have come to form a loop
        return "cannot be read (too many levels of symbolic links)"


def _source_of(path: Path) -> str:
    """Return the absolute path, so that citations can be verified from any working folder."""
    return printable(str(absolute(path)))


def _warn(message: str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=3)
