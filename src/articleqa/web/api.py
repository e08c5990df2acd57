"""The JSON API: `/api/ask`, `/api/search`, `/api/articles/{id}`, `/api/health` and `/api/openapi.json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from pydantic import ConfigDict, Field, JsonValue, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from articleqa import ArticleIndex, FoundPassage, IndexPool, UnknownArticleError
from articleqa.json_envelope import AnswerEnvelope
from articleqa.models import Model
from articleqa.web.questions import AskRequest, SearchRequest

LARGEST_BODY = 65_536
"""Bytes of a request's body."""

MOST_CHARACTERS = 100_000
"""The most characters of an article that one request returns."""

Asked = TypeVar("Asked", AskRequest, SearchRequest)


class Envelope(Model):
    """A response with the name and version of its format, as `AnswerEnvelope` is one."""

    model_config = ConfigDict(populate_by_name=True)

    version: Literal[1] = 1


class PassagesEnvelope(Envelope):
    """The passages that `/api/search` found, best first."""

    schema_name: Literal["articleqa.passages"] = Field(default="articleqa.passages", alias="schema")
    passages: tuple[FoundPassage, ...]


class ArticleText(Model):
    """An article's text from `start` to `end`, offsets in code points; `length` is that of the whole text."""

    id: str
    title: str
    media_type: str
    metadata: Mapping[str, JsonValue]
    length: int
    start: int
    end: int
    text: str


class ArticleEnvelope(Envelope):
    """An article, or a stretch of it."""

    schema_name: Literal["articleqa.article"] = Field(default="articleqa.article", alias="schema")
    article: ArticleText


class HealthEnvelope(Envelope):
    """Whether the server answers, and what it serves."""

    schema_name: Literal["articleqa.health"] = Field(default="articleqa.health", alias="schema")
    status: Literal["ok"] = "ok"
    articles: int
    passages: int
    ranker: str


class Api:
    """The endpoints, as functions of a request, over a pool of workers."""

    def __init__(self, pool: Callable[[], IndexPool]) -> None:
        """Store the function that returns the pool, which starts with the server."""
        self._pool = pool

    async def ask(self, request: Request) -> Response:
        """Answer a question."""
        asked = await _body(request, AskRequest)
        answer = await self._pool().call(
            ArticleIndex.ask,
            asked.question,
            top_k=asked.top_k,
            min_confidence=asked.min_confidence,
            **asked.choice(),
        )
        envelope = AnswerEnvelope.of(answer.without_paths(), explain=asked.explain)
        return Response(envelope.to_json(), media_type="application/json")

    async def search(self, request: Request) -> Response:
        """Find passages."""
        asked = await _body(request, SearchRequest)
        found = await self._pool().call(
            ArticleIndex.search, asked.question, top_k=asked.top_k, **asked.choice()
        )
        return _json(PassagesEnvelope(passages=tuple(each.without_paths() for each in found)))

    async def article(self, request: Request) -> Response:
        """Return the text of an article, or a stretch of it."""
        start = _offset(request, "start", 0)
        end = _offset(request, "end", start + MOST_CHARACTERS)
        article_id = request.path_params["article_id"]
        article = await self._pool().call(read_text, article_id, start, min(end, start + MOST_CHARACTERS))
        return _json(ArticleEnvelope(article=article))

    async def health(self, request: Request) -> Response:
        """Say that the workers answer."""
        info = await self._pool().call(ArticleIndex.info)
        return _json(HealthEnvelope(articles=info.articles, passages=info.passages, ranker=info.ranker))


def read_text(index: ArticleIndex, article_id: str, start: int, end: int) -> ArticleText:
    """Return the text of an article from `start` to `end`, and what is known about the article.

    Raises:
        UnknownArticleError: there is none with this id.
        ValueError: `end` is before `start`.
    """
    try:
        article = index.articles[article_id]
    except KeyError:
        raise UnknownArticleError("no such article") from None
    if end < start:
        raise ValueError("end: must not be before start")
    start, end = min(start, len(article.text)), min(end, len(article.text))
    return ArticleText(
        id=article.id,
        title=article.title,
        media_type=article.media_type,
        metadata=article.metadata,
        length=len(article.text),
        start=start,
        end=end,
        text=article.text[start:end],
    )


async def _body(request: Request, kind: type[Asked]) -> Asked:
    """Return the body of a request.

    Raises:
        HTTPException: it is no JSON of this kind.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be JSON; send it with Content-Type: application/json")
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise HTTPException(422, f"{where}: {first['msg']}" if where else first["msg"]) from None


def _offset(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) <= 12):
        raise HTTPException(422, f"{name}: must be a whole number, 0 or more")
    return int(given)


def _json(envelope: Model) -> Response:
    return JSONResponse(envelope.model_dump(mode="json", by_alias=True))
