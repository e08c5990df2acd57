"""The tools `ask`, `search` and `read`, and the articles as resources, on a server of the MCP SDK."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, cast

from mcp.server.mcpserver import MCPServer, ResourceSecurity
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import AnyHttpUrl

import articleqa
from articleqa.exceptions import ArticleQAError, IndexUnavailableError, UnknownArticleError
from articleqa.filters import Wanted
from articleqa.index.article_index import ArticleIndex
from articleqa.json_envelope import AnswerEnvelope, answer_schema
from articleqa.mcp.arguments import (
    DEFAULT_PART,
    MAX_PART,
    ArticleId,
    Length,
    Question,
    Since,
    Start,
    TopK,
    Until,
    Where,
)
from articleqa.mcp.results import ArticlePart, FoundPassages
from articleqa.mcp.wording import INSTRUCTIONS, answer_text, part_text, passages_text
from articleqa.models import Article, Model

ARTICLES = "article://{+article_id}"
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_LOG = logging.getLogger("articleqa.mcp")


def server_of(index: ArticleIndex, token: str | None) -> MCPServer:
    """Return a server that answers from `index`; clients over HTTP must send `token`, if it is given."""
    from mcp.server.auth.settings import AuthSettings

    from articleqa.mcp.http import TokenCheck

    tools = _Tools(index)
    ask, search, read = (_tool(each) for each in (tools.ask, tools.search, tools.read))
    ask.fn_metadata.output_schema = json.loads(answer_schema())  # that of `articleqa --json`
    server = MCPServer(
        name="articleqa",
        title="articleqa",
        version=articleqa.__version__,
        instructions=INSTRUCTIONS.format(articles=len(index)),
        tools=[ask, search, read],
        log_level="ERROR",
        subscriptions=False,
        auth=AuthSettings(issuer_url=_NO_ISSUER, resource_server_url=None) if token else None,
        token_verifier=TokenCheck(token) if token else None,
    )
    # Ids are keys of the index and never opened as paths, so that any of them may be asked for.
    security = ResourceSecurity(exempt_params={"article_id"})
    as_resource = server.resource(
        ARTICLES, name="article", title="Article", mime_type="text/plain", security=security
    )
    as_resource(tools.resource)
    return server


def _tool(method: Callable[..., CallToolResult]) -> Tool:
    """Return a tool that refuses arguments it does not have; the SDK would drop them without a word."""
    tool = Tool.from_function(method, description=inspect.getdoc(method), annotations=READ_ONLY)
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool


_NO_ISSUER = AnyHttpUrl("http://localhost/")
"""The SDK wants the URL of who issues tokens; ours is agreed on beforehand, and nothing refers to this."""


class _Tools:
    """The tools, each a method; the SDK runs every call in a thread of its own."""

    def __init__(self, index: ArticleIndex) -> None:
        self._index = index

    def ask(
        self,
        question: Question,
        top_k: TopK = 3,
        where: Where = None,
        since: Since = None,
        until: Until = None,
    ) -> Annotated[CallToolResult, AnswerEnvelope]:
        """Answer a question with sentences of the articles, word for word, each with its place.

        The result says whether the articles answer, may answer, or do not say, and how sure that is.
        """
        with _errors_as(ToolError):
            answer = self._index.ask(
                question, top_k=top_k, where=cast("Wanted | None", where), since=since, until=until
            )
        answer = answer.without_paths()
        return _result(answer_text(answer), json.loads(AnswerEnvelope.of(answer).to_json()))

    def search(
        self,
        question: Question,
        top_k: TopK = 5,
        where: Where = None,
        since: Since = None,
        until: Until = None,
    ) -> Annotated[CallToolResult, FoundPassages]:
        """Find the passages of the articles that are nearest to a question or a subject, best first."""
        with _errors_as(ToolError):
            passages = self._index.search(
                question, top_k=top_k, where=cast("Wanted | None", where), since=since, until=until
            )
        found = FoundPassages(
            question=question, passages=tuple(passage.without_paths() for passage in passages)
        )
        return _result(passages_text(found), _json(found))

    def read(
        self, article_id: ArticleId, start: Start = 0, length: Length = DEFAULT_PART
    ) -> Annotated[CallToolResult, ArticlePart]:
        """Read the text of an article from a character on; long articles are read in parts."""
        with _errors_as(ToolError):
            article = self._index.article(article_id)
        part = _part(article, start, length)
        return _result(part_text(part), _json(part))

    def resource(self, article_id: str) -> str:
        """The text of an article, by its id."""
        with _errors_as(ResourceError):
            text = self._index.article(article_id).text
        if len(text) > MAX_PART:
            raise ResourceError(
                f"the article has {len(text):,} characters, more than {MAX_PART:,}: read it in parts, with"
                " the tool read"
            )
        return text


@contextmanager
def _errors_as(kind: type[ToolError | ResourceError]) -> Iterator[None]:
    """Raise errors in the arguments as `kind`, which clients see; the SDK masks all others.

    What else is wrong with the articles may name a path of this machine, and goes to the log.
    """
    try:
        yield
    except UnknownArticleError as error:
        told = f"{error}; ask and search return ids"
        raise (ResourceNotFoundError if kind is ResourceError else kind)(told) from None
    except IndexUnavailableError as error:
        _LOG.error("%s", error)
        raise kind("the articles cannot be reached now; try again in a moment") from None
    except ArticleQAError as error:
        _LOG.error("%s", error)
        raise kind(
            "the articles cannot be read; whoever runs this server can find the reason in its log"
        ) from None
    except ValueError as error:
        raise kind(str(error)) from None


def _part(article: Article, start: int, length: int) -> ArticlePart:
    whole = len(article.text)
    if start > whole:
        raise ToolError(f"start={start} is behind the end of the article, which has {whole} characters")
    end = min(start + length, whole)
    return ArticlePart(
        article_id=article.id,
        title=article.title,
        start=start,
        end=end,
        length=whole,
        next_start=end if end < whole else None,
        text=article.text[start:end],
    )


def _result(text: str, structured: object) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def _json(model: Model) -> object:
    return model.model_dump(mode="json", by_alias=True)
