"""An MCP server: clients of the Model Context Protocol ask, search and read the articles of an index.

`create_server` makes one; `articleqa mcp` runs it. It needs the extra `mcp`.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from articleqa.exceptions import MissingPackageError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from articleqa.index.article_index import ArticleIndex


def create_server(index: ArticleIndex, *, token: str | None = None) -> MCPServer:
    """Return an MCP server that answers from `index`; its `run` serves standard input and output.

    With `token`, clients over HTTP must send it (`Authorization: Bearer TOKEN`).

    Raises:
        MissingPackageError: the MCP SDK is not installed.
    """
    if find_spec("mcp") is None:
        raise MissingPackageError('the MCP server needs mcp: pip install "articleqa[mcp]"')
    from articleqa.mcp.server import server_of

    return server_of(index, token)
