"""`articleqa index`: create, change, list and check an index on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import click

from articleqa.cli.escaping import unescaped
from articleqa.cli.extras import require
from articleqa.cli.index_contents import info_command, list_command, show_command
from articleqa.cli.index_create import create_command
from articleqa.cli.index_place import KB, WAIT_S, counted, opened
from articleqa.cli.loading_options import loading_options
from articleqa.cli.output import emit
from articleqa.cli.paths import ArticlesPath, command_line, exists, index_at
from articleqa.cli.progress import progress_bar
from articleqa.cli.quiet import note
from articleqa.cli.reading import named, warnings_to_stderr
from articleqa.exceptions import ArticleReadError, NotAnIndexError
from articleqa.index.article_index import ArticleIndex
from articleqa.index.backend import Checkable, FillsVectors, Repair
from articleqa.index.connecting import backend_at, options_for
from articleqa.loaders.api import articles_of, find_files, read_files
from articleqa.loaders.paths import DATABASE, is_file
from articleqa.loaders.protocol import Fields
from articleqa.loaders.sandbox import ArticleFile
from articleqa.models import Article
from articleqa.printing import one_line


@click.group("index")
def index_command() -> None:
    """Keep articles in an index, and ask it with `articleqa QUESTION --index KB`.

    KB is a folder, or the URL of an index elsewhere, such as opensearch://host:9200/news.

    \b
    Examples:
      articleqa index add kb/ news/
      articleqa "Who pays?" --index kb/
      articleqa index add kb/ news/ --prune     after files were changed, added or removed
    """


for command in (create_command, list_command, info_command, show_command):
    index_command.add_command(command)


@index_command.command("add")
@KB
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=ArticlesPath())
@click.option("--prefix", default="", metavar="NAME", help="Put NAME/ before ids, to tell two folders apart.")
@click.option("--prune", is_flag=True, help="Remove articles from these folders whose files are gone.")
@click.option(
    "--vectors/--no-vectors",
    default=None,
    help="Store vectors for all passages, including those added earlier without; or for none. By default, new"
    " passages get vectors while KB has at most 10,000 passages.",
)
@loading_options
def add_command(
    place: Path | str,
    paths: tuple[str, ...],
    prefix: str,
    prune: bool,
    vectors: bool | None,
    text_field: str | None,
    title_field: str | None,
    strict: bool,
) -> None:
    """Add files and folders to the index KB; create it if there is none.

    Files already in the index are skipped if unchanged; changed files replace what was there. You can stop
    the command at any moment, also with Ctrl-C, and run it again.
    """
    if isinstance(place, Path):
        _refuse_swapped(place, paths)
    if vectors:
        require("onnxruntime", extra="reader", wanted_by="--vectors")
    with warnings_to_stderr():
        files = find_files(paths, prefix=prefix.rstrip("/"), strict=strict)
        if not (files or prune):
            raise ArticleReadError(f"{named(paths)}: no text to add in {'it' if len(paths) == 1 else 'them'}")
        index = _opened_or_made(place, vectors)
        if not prefix:
            files = index.with_known_ids(files)
        loading = _Loading(files, Fields(text=text_field, title=title_field), strict)
        try:
            with progress_bar("Adding", len(files)) as step:
                changes = index.add(loading.articles(step))
            if vectors:
                _fill_vectors(place)
        except KeyboardInterrupt:
            click.echo("articleqa: stopped; run it again to continue from what was committed", err=True)
            raise
        if loading.counts["loaded"] != loading.counts.total():
            note(loading.summary())
        gone = [id_ for path in paths if prune for id_ in index.prune(path)]
        if prune and (dropped := loading.dropped(index)):
            index.remove(dropped)
            gone += dropped
    told = [f"{number} {what}" for what, number in changes]
    if prune:
        told.append(f"{len(gone)} removed")
    emit(f"{', '.join(told)}; {_held(index)} in {one_line(index.place)}\n")


@index_command.command("remove")
@KB
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def remove_command(place: Path | str, ids: tuple[str, ...]) -> None:
    """Remove articles by their ids, each as `articleqa index list KB` prints it."""
    index = opened(place)
    index.remove([unescaped(id_) for id_ in ids])
    emit(f"{len(set(ids))} removed; {_held(index)} in {one_line(index.place)}\n")


@index_command.command("check")
@KB
@click.option("--repair", "to_repair", is_flag=True, help="Rebuild the index from the undamaged articles.")
def check_command(place: Path | str, to_repair: bool) -> None:
    """Compare every part of the index with its checksum; exit with 1 if one is damaged and not repaired."""
    problems, repair, named_so = _checked(place)
    for problem in problems:
        click.echo(f"articleqa: {one_line(problem)}", err=True)
    if to_repair:
        done = repair()
        for article_id in done.lost:
            click.echo(f"articleqa: lost: {one_line(article_id)}", err=True)
        lost = f"{len(done.lost)} lost" if done.lost else "none lost"
        emit(f"{one_line(named_so)}: rebuilt from {done.articles} articles, {lost}\n")
    elif problems:
        raise click.exceptions.Exit(1)
    else:
        emit(f"{one_line(named_so)}: OK\n")


def _checked(place: Path | str) -> tuple[list[str], Callable[[], Repair], str]:
    """Return the problems of an index, the function that repairs it, and its name."""
    from articleqa.index import check

    if isinstance(place, Path):
        return check.problems_of(place), partial(check.repair, place, wait_s=WAIT_S), str(place)
    backend = backend_at(place, **options_for(place, wait_s=WAIT_S, salvage=True))
    index = ArticleIndex(backend)
    if not isinstance(backend, Checkable):
        raise NotAnIndexError(f"{index.place}: an index of this kind cannot be checked from here")
    return backend.problems(), backend.repair, index.place


def _held(index: ArticleIndex) -> str:
    return counted(len(index.articles), "article")


def _refuse_swapped(folder: Path, paths: Sequence[str]) -> None:
    """Raise a usage error if KB is not an index and none of the paths exist: they were probably swapped."""
    if exists(str(folder)) and index_at(str(folder)) is None and not any(map(exists, paths)):
        right = command_line("index", "add", paths[0], str(folder))
        told = f"{folder}: not an index, and {paths[0]}: no such file or folder; the index comes first"
        raise click.UsageError(f"{told}: {right}")


def _opened_or_made(place: Path | str, vectors: bool | None) -> ArticleIndex:
    if isinstance(place, Path) and is_file(place / DATABASE):
        return opened(place, vectors=vectors)
    try:
        # An index elsewhere is opened first: making one needs more rights.
        return opened(place, vectors=vectors) if isinstance(place, str) else _made(place, vectors)
    except NotAnIndexError:
        if isinstance(place, str):
            return _made(place, vectors)
        if not is_file(place / DATABASE):
            raise
        return opened(place, vectors=vectors)  # another process has just created it


def _made(place: Path | str, vectors: bool | None) -> ArticleIndex:
    return ArticleIndex.create(place, **options_for(place, wait_s=WAIT_S, vectors=vectors))


def _fill_vectors(place: Path | str) -> None:
    with closing(backend_at(place, **options_for(place, wait_s=WAIT_S))) as backend:
        if isinstance(backend, FillsVectors) and (lacking := backend.lacking_vectors()):
            with progress_bar("Vectors", lacking) as step:
                backend.fill_vectors(step)


class _Loading:
    """Loads files, and counts how many were loaded, skipped, or failed."""

    def __init__(self, files: Sequence[ArticleFile], fields: Fields, strict: bool) -> None:
        self._files = files
        self._fields = fields
        self._strict = strict
        self.counts: Counter[str] = Counter()
        self._held: dict[Path, set[str]] = {}

    def articles(self, step: Callable[[], None]) -> Iterator[Article]:
        """Yield the articles; call `step` after each file."""
        for loaded in read_files(self._files, self._fields):
            self.counts["failed" if loaded.failed else "skipped" if loaded.skipped else "loaded"] += 1
            if loaded.articles:
                self._held[loaded.file.path] = {article.id for article in loaded.articles}
            yield from articles_of(loaded, strict=self._strict)
            step()

    def dropped(self, index: ArticleIndex) -> list[str]:
        """Return the ids of articles in the index that their files (archives, tables) no longer contain."""
        return [
            id_ for file, held in self._held.items() for id_ in index.ids_from_file(file) if id_ not in held
        ]

    def summary(self) -> str:
        """Return in one line how many files were loaded, skipped, and failed."""
        told = [f"{self.counts[what]:,} {what}" for what in ("loaded", "skipped", "failed")]
        return f"{counted(self.counts.total(), 'file')}: {', '.join(told)}"
