"""`articleqa mcp`: let programs that speak the Model Context Protocol ask articles."""

from __future__ import annotations

import logging
from asyncio import CancelledError

import click
from click.core import ParameterSource

from articleqa.cli.extras import require
from articleqa.cli.reading import index_of
from articleqa.index.article_index import ArticleIndex
from articleqa.interrupts import killed_by_ctrl_c
from articleqa.listening import fault_of_token, listen, url_of
from articleqa.mcp import create_server
from articleqa.printing import one_line


@click.command("mcp")
@click.argument("paths", nargs=-1, required=True, metavar="KB|PATH...")
@click.option("--http", "over_http", is_flag=True, help="Serve HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve HTTP at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="The port to serve HTTP at; 0 is any free one.",
)
@click.option(
    "--token",
    envvar="ARTICLEQA_TOKEN",
    metavar="TOKEN",
    help="Ask HTTP clients for this token; it may be in the environment variable ARTICLEQA_TOKEN.",
)
@click.pass_context
def mcp_command(
    ctx: click.Context, paths: tuple[str, ...], over_http: bool, host: str, port: int, token: str | None
) -> None:
    """Run an MCP server that answers from an index or from files.

    Clients start it and speak to it over standard input and output. With --http it runs by itself, on this
    machine only unless --host says otherwise, which needs a --token.

    \b
    Examples:
      articleqa mcp kb/
      articleqa mcp notes/ report.pdf --http --port 8080
    """
    require("mcp", extra="mcp", wanted_by="articleqa mcp")
    if over_http:
        if fault := fault_of_token(host, token):
            raise click.UsageError(fault)
    else:
        for name in ("host", "port", "token"):
            if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(f"--{name} is for --http: add it, or leave --{name} out")
    with index_of(paths) as index:
        _log_in_lines()
        if over_http:
            _serve_http(index, host, port, token)
        else:
            _serve_stdio(index)


def _serve_stdio(index: ArticleIndex) -> None:
    server = create_server(index)
    with killed_by_ctrl_c():  # the SDK would wait for one more line of standard input
        server.run()


def _serve_http(index: ArticleIndex, host: str, port: int, token: str | None) -> None:
    from articleqa.mcp.http import PATH, serve

    with listen(host, port) as listening:
        click.echo(f"articleqa: MCP server at {url_of(listening, PATH)}", err=True)
        serve(create_server(index, token=token), listening, host)


class _Line(logging.Formatter):
    """One line for a record, without the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, and what the exception says, if there is one."""
        error = record.exc_info[1] if record.exc_info else None
        why = f" ({type(error).__name__}: {error})" if error else ""
        return f"articleqa: {one_line(record.getMessage() + why)}"


def _is_no_cancelled_request(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], CancelledError))


def _log_in_lines() -> None:
    """Log errors as lines on standard error; the SDK would print their tracebacks."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    handler.addFilter(_is_no_cancelled_request)
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
