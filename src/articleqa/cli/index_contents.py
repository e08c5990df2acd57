"""`articleqa index list`, `info` and `show`: what an index holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from articleqa.cli.escaping import escaped, unescaped
from articleqa.cli.index_place import KB, counted, no_article, opened
from articleqa.cli.output import emit
from articleqa.cli.terminal import this_screen
from articleqa.exceptions import UnknownArticleError
from articleqa.index.left_out import lines_of
from articleqa.json_envelope import json_text
from articleqa.loaders.paths import shown_source
from articleqa.models import Article
from articleqa.printing import one_line, shown
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.stored_vectors import StoredVectors
from articleqa.storage.sqlite.term_counts import totals

LEFT_OUT = "[left out] "
"""The mark of a line that is in no passage."""


@click.command("list")
@KB
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON list: exact ids, formats, metadata, sizes."
)
def list_command(place: Path | str, as_json: bool) -> None:
    """List the articles, one per line: id, title and source, separated by tabs.

    An id is printed as `articleqa index remove` takes it: with \\n for a newline, \\\\ for a backslash, and
    \\uXXXX for other characters that would break the line or control the terminal.
    """
    articles = opened(place).articles.values()
    if as_json:
        _emit_json(articles)
        return
    for article in articles:
        fields = escaped(article.id), one_line(article.title), one_line(shown_source(article.source))
        emit("\t".join(fields) + "\n")


def _emit_json(articles: Iterable[Article]) -> None:
    """Write a JSON list with one article on each line."""
    before = "[\n"
    for article in articles:
        told = article.model_dump(mode="json", include={"id", "title", "source", "media_type", "metadata"})
        emit(before + json_text({**told, "characters": len(article.text)}))
        before = ",\n"
    emit("[]\n" if before == "[\n" else "\n]\n")


@click.command("info")
@KB
def info_command(place: Path | str) -> None:
    """Show the size of the index, its format and analysis version, and the ranker."""
    from articleqa.ranking.ranker import shipped_ranker

    rows = _rows_of(place) if isinstance(place, Path) else opened(place).about()
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
        "left out": f"{counted(sum(left_out), 'line')} of {counted(sum(map(bool, left_out)), 'article')}"
        " (menus, boilerplate)",
        "size": f"{size_of(folder) / 1e6:,.1f} MB",
        "format": said["format"],
        "analysis": said["analysis"],
    }


@click.command("show")
@KB
@click.argument("article_id", metavar="ID")
def show_command(place: Path | str, article_id: str) -> None:
    """Print the text of an article, and mark the lines that are left out of answers.

    ID is as `articleqa index list KB` prints it. Lines that are left out (menus, headers, boilerplate) begin
    with "[left out] " and are dimmed in a terminal.
    """
    index = opened(place)
    article_id = unescaped(article_id)
    if article_id not in index.articles:
        raise UnknownArticleError(no_article(article_id, index.titles()))
    passages = (analysed.passage for analysed in index.passages_of(article_id))
    marked = (
        (f"{LEFT_OUT * line.left_out}{shown(line.text)}", line.left_out and this_screen().styled)
        for line in lines_of(index.articles[article_id], passages)
    )
    emit("".join(f"{click.style(text, dim=True) if dim else text}\n" for text, dim in marked))
