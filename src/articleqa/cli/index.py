"""`articleqa index`: create, change, list and check an index on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import click

from articleqa.cli.escaping import escaped, unescaped
from articleqa.cli.extras import require
from articleqa.cli.index_create import create_command
from articleqa.cli.loading_options import loading_options
from articleqa.cli.output import emit
from articleqa.cli.paths import ArticlesPath, IndexPlace, command_line, exists, index_at
from articleqa.cli.progress import progress_bar
from articleqa.cli.reading import named, warnings_to_stderr
from articleqa.cli.terminal import this_screen
from articleqa.exceptions import ArticleReadError, NotAnIndexError, UnknownArticleError
from articleqa.index.article_index import ArticleIndex
from articleqa.index.backend import Checkable, Repair
from articleqa.index.connecting import backend_at, options_for
from articleqa.index.left_out import lines_of
from articleqa.loaders.api import articles_of, find_files, read_files
from articleqa.loaders.paths import DATABASE, is_file, shown_source
from articleqa.loaders.protocol import Fields
from articleqa.loaders.sandbox import ArticleFile
from articleqa.models import Article
from articleqa.printing import one_line, shown
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.stored_vectors import StoredVectors
from articleqa.storage.sqlite.term_counts import totals

KB = click.argument("place", metavar="KB", type=IndexPlace(path_type=Path))


LEFT_OUT = "[left out] "
"""The mark of a line that is in no passage."""

WAIT_S = 10.0
"""Seconds that a command waits for another writer before it gives up."""


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


index_command.add_command(create_command)


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
            if vectors and isinstance(place, Path):
                _fill_vectors(place)
        except KeyboardInterrupt:
            click.echo("articleqa: stopped; run it again to continue from what was committed", err=True)
            raise
        if loading.counts["loaded"] != loading.counts.total():
            click.echo(f"articleqa: {loading.summary()}", err=True)
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
    index = _opened(place)
    index.remove([unescaped(id_) for id_ in ids])
    emit(f"{len(set(ids))} removed; {_held(index)} in {one_line(index.place)}\n")


@index_command.command("list")
@KB
def list_command(place: Path | str) -> None:
    """List the articles, one per line: id, title and source, separated by tabs.

    An id is printed as `articleqa index remove` takes it: with \\n for a newline, \\\\ for a backslash, and
    \\uXXXX for other characters that would break the line or control the terminal.
    """
    for article in _opened(place).articles.values():
        fields = escaped(article.id), one_line(article.title), one_line(shown_source(article.source))
        emit("\t".join(fields) + "\n")


@index_command.command("info")
@KB
def info_command(place: Path | str) -> None:
    """Show the size of the index, its format and analysis version, and the ranker."""
    from articleqa.ranking.ranker import shipped_ranker

    rows = _rows_of(place) if isinstance(place, Path) else _opened(place).about()
    rows["ranker"] = shipped_ranker().name
    emit("".join(f"{name + ':':<10}{value}\n" for name, value in rows.items()))


def _rows_of(folder: Path) -> dict[str, str]:
    """Return what `index info` says of an index on disk."""
    from articleqa.storage.files import size_of

    store = DiskStore(folder)
    passages, terms = totals(store)
    said = store.about()
    left_out = [
        sum(line.left_out for line in lines_of(article, (p.passage for p in store.passages_of(article.id))))
        for article in store.articles.values()
    ]
    return {
        "articles": f"{len(store.articles):,}",
        "passages": f"{passages:,}",
        "vectors": f"{StoredVectors(store).count():,} of {passages:,} passages",
        "words": f"{terms:,}",
        "left out": f"{_counted(sum(left_out), 'line')} of {_counted(sum(map(bool, left_out)), 'article')}"
        " (menus, boilerplate)",
        "size": f"{size_of(folder) / 1e6:,.1f} MB",
        "format": said["format"],
        "analysis": said["analysis"],
    }


@index_command.command("show")
@KB
@click.argument("article_id", metavar="ID")
def show_command(place: Path | str, article_id: str) -> None:
    """Print the text of an article, and mark the lines that are left out of answers.

    ID is as `articleqa index list KB` prints it. Lines that are left out (menus, headers, boilerplate) begin
    with "[left out] " and are dimmed in a terminal.
    """
    index = _opened(place)
    article_id = unescaped(article_id)
    if article_id not in index.articles:
        raise UnknownArticleError(_no_article(article_id, index.titles()))
    passages = (analysed.passage for analysed in index.passages_of(article_id))
    marked = (
        (f"{LEFT_OUT * line.left_out}{shown(line.text)}", line.left_out and this_screen().styled)
        for line in lines_of(index.articles[article_id], passages)
    )
    emit("".join(f"{click.style(text, dim=True) if dim else text}\n" for text, dim in marked))


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


def _opened(place: Path | str, **options: object) -> ArticleIndex:
    return ArticleIndex.connect(place, **options_for(place, wait_s=WAIT_S, **options))


def _no_article(article_id: str, known: Iterable[str]) -> str:
    near = get_close_matches(article_id, known, n=3)
    meant = f"; did you mean {' or '.join(map(escaped, near))}?" if near else ""
    return f"no article with the id {article_id!r} in the index{meant}"


def _held(index: ArticleIndex) -> str:
    return _counted(len(index.articles), "article")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _refuse_swapped(folder: Path, paths: Sequence[str]) -> None:
    """Raise a usage error if KB is not an index and none of the paths exist: they were probably swapped."""
    if exists(str(folder)) and index_at(str(folder)) is None and not any(map(exists, paths)):
        right = command_line("index", "add", paths[0], str(folder))
        told = f"{folder}: not an index, and {paths[0]}: no such file or folder; the index comes first"
        raise click.UsageError(f"{told}: {right}")


def _opened_or_made(place: Path | str, vectors: bool | None) -> ArticleIndex:
    if isinstance(place, Path) and is_file(place / DATABASE):
        return _opened(place, vectors=vectors)
    try:
        # An index elsewhere is opened first: making one needs more rights.
        return _opened(place, vectors=vectors) if isinstance(place, str) else _made(place, vectors)
    except NotAnIndexError:
        if isinstance(place, str):
            return _made(place, vectors)
        if not is_file(place / DATABASE):
            raise
        return _opened(place, vectors=vectors)  # another process has just created it


def _made(place: Path | str, vectors: bool | None) -> ArticleIndex:
    return ArticleIndex.create(place, **options_for(place, wait_s=WAIT_S, vectors=vectors))


def _fill_vectors(folder: Path) -> None:
    from articleqa.index.disk_backend import DiskBackend

    with closing(DiskBackend(folder, WAIT_S)) as backend:
        passages, _ = totals(backend.store)
        if lacking := passages - backend.stored_vectors.count():
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
        return f"{_counted(self.counts.total(), 'file')}: {', '.join(told)}"
