"""`articleqa serve`: a web page and a JSON API that answer questions from articles."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from articleqa.cli.extras import require
from articleqa.cli.loading_options import Loading, loading_options
from articleqa.cli.model_options import load_confidence, load_ranker, model_options
from articleqa.cli.output import emit
from articleqa.cli.paths import index_at, is_url, without_password
from articleqa.cli.reading import index_of, named
from articleqa.listening import LOOPBACK, fault_of_token, listen, url_of
from articleqa.printing import one_line

MEGABYTE = 1_000_000


@click.command("serve")
@click.argument("paths", nargs=-1, required=True, metavar="KB|PATH...", type=click.Path())
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; any but this machine's own needs a token.",
)
@click.option("--port", type=click.IntRange(0, 65_535), default=8080, show_default=True, help="0: any.")
@click.option(
    "--token",
    envvar="ARTICLEQA_TOKEN",
    metavar="SECRET",
    help="Ask visitors for this token; the variable ARTICLEQA_TOKEN keeps it out of the list of processes.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name under which visitors reach this server, if it is not the machine's.",
)
@click.option("--allow-upload", is_flag=True, help="Let visitors add files to the index KB.")
@click.option(
    "--max-upload",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    metavar="MB",
    help="The size of one upload.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer."
)
@click.option(
    "--timeout",
    type=click.FloatRange(1, 3_600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Give up a question after this processor time.",
)
@click.option("--open", "to_open", is_flag=True, help="Open the page in the browser.")
@model_options
@loading_options
@click.option("--no-cache", is_flag=True, help="Do not cache the index of large articles.")
def serve_command(
    paths: tuple[str, ...],
    host: str,
    port: int,
    token: str | None,
    names: tuple[str, ...],
    allow_upload: bool,
    max_upload: int,
    workers: int,
    timeout: float,
    to_open: bool,
    ranker: Path | None,
    confidence: Path | None,
    text_field: str | None,
    title_field: str | None,
    strict: bool,
    no_cache: bool,
) -> None:
    """Serve a page to ask an index KB, or articles at PATHs, in a browser.

    The page shows each answer as a quote, and the quote in its article. Beside it is a JSON API, described at
    /api/openapi.json. Nothing is fetched from other hosts. Stop it with Ctrl-C.

    \b
    Examples:
      articleqa serve notes/ --open
      articleqa serve kb/ --allow-upload
      articleqa serve kb/ --host 0.0.0.0 --token "$(openssl rand -hex 16)"
    """
    for module in ("starlette", "uvicorn", "jinja2", "python_multipart"):
        require(module, extra="serve", wanted_by="articleqa serve")
    from articleqa.web.served import Served
    from articleqa.web.server import addresses, serve
    from articleqa.web.upload import FOLDER

    if fault := fault_of_token(host, token):
        raise click.UsageError(fault)
    folder = index_at(paths[0]) if len(paths) == 1 else None
    if allow_upload and folder is None:
        raise click.UsageError(
            "--allow-upload needs an index to add to: make one with articleqa index add KB PATH..., serve KB"
        )
    listener = listen(host, port)
    # The models first, so that a bad model file is reported before articles are read.
    by, confident = load_ranker(ranker), load_confidence(confidence)
    loading = Loading(text_field, title_field, strict)
    index = index_of(paths, ranker=by, confidence=confident, cache=not no_cache, loading=loading)
    served = Served(
        index,
        name=_name(paths),
        token=token,
        hosts=(*LOOPBACK, *names, *(() if host.lower() in LOOPBACK else addresses(host))),
        workers=workers,
        timeout_s=timeout,
        upload_to=Path(folder) / FOLDER if allow_upload and folder else None,
        most_upload=max_upload * MEGABYTE,
    )
    url = url_of(listener)

    def started() -> None:
        emit(f"{one_line(without_password(named(paths)))} at {url} (stop with Ctrl-C)\n")
        if to_open:
            webbrowser.open(url)

    serve(served, listener, started)


def _name(paths: Sequence[str]) -> str:
    """Return the name of the collection on the pages: that of its folder, file or URL, without its place."""
    names = [_last_of_url(path) if is_url(path) else Path(path).resolve().name for path in paths]
    names = [name or "articles" for name in names]
    return one_line(names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more")


def _last_of_url(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]
