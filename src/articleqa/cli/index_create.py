"""`articleqa index create`: an empty index, in a folder or in a cluster with so many shards."""

from __future__ import annotations

from pathlib import Path

import click

from articleqa.cli.index_place import KB
from articleqa.cli.output import emit
from articleqa.cli.reading import warnings_to_stderr
from articleqa.index.article_index import ArticleIndex
from articleqa.index.connecting import options_for
from articleqa.printing import one_line


@click.command("create")
@KB
@click.option("--shards", type=click.IntRange(min=1), metavar="N", help="Parts of an index in a cluster.")
@click.option("--replicas", type=click.IntRange(min=0), metavar="N", help="Copies of each part.")
@click.option("--vectors/--no-vectors", default=None, help="Store vectors of all passages, or of none.")
def create_command(place: Path | str, shards: int | None, replicas: int | None, vectors: bool | None) -> None:
    """Create an empty index KB; `articleqa index add` also does, with the usual settings."""
    wanted = {"shards": shards, "replicas": replicas}
    options = options_for(place, vectors=vectors, **wanted)
    for name, value in wanted.items():
        if value is not None and name not in options:
            raise click.UsageError(f"--{name} is for an index in a cluster")
    with warnings_to_stderr():
        index = ArticleIndex.create(place, **options)
    emit(f"created {one_line(index.place)}\n")
