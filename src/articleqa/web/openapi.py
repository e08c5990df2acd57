"""The OpenAPI 3.1 document of the JSON API, made from the models and from the schema of the JSON envelope."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

import articleqa
from articleqa.json_envelope import answer_schema
from articleqa.models import Model
from articleqa.web.api import ArticleEnvelope, HealthEnvelope, PassagesEnvelope
from articleqa.web.errors import ErrorEnvelope
from articleqa.web.questions import AskRequest, SearchRequest

_REFERENCE = "#/components/schemas/"
_REQUESTS: Sequence[type[Model]] = (AskRequest, SearchRequest)
_RESPONSES: Sequence[type[Model]] = (PassagesEnvelope, ArticleEnvelope, HealthEnvelope, ErrorEnvelope)
_ERRORS = {
    400: "The request names another host.",
    401: "The server has a token, and the request lacks it.",
    403: "The request comes from another site's page.",
    404: "There is no such article.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The body or a parameter does not match its schema.",
    503: "The question took too long, too many are asked at once, or the index cannot be reached.",
}


@cache
def openapi_document() -> str:
    """Return the document as JSON."""
    offset = {
        "in": "query",
        "required": False,
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**11},
    }
    article_id = {"name": "article_id", "in": "path", "required": True, "schema": {"type": "string"}}
    part = [
        article_id,
        {"name": "start", "description": "The first character, counted from 0."} | offset,
        {"name": "end", "description": "The character after the last one."} | offset,
    ]
    paths = {
        "/api/ask": {"post": _posted("ask", "Answer a question", AskRequest, "AnswerEnvelope")},
        "/api/search": {"post": _posted("search", "Find passages", SearchRequest, "PassagesEnvelope")},
        "/api/articles/{article_id}": {
            "get": _got("article", "Read an article", "ArticleEnvelope", (404, 422), parameters=part)
        },
        "/api/health": {"get": _got("health", "Whether the server answers", "HealthEnvelope", ())},
    }
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "articleqa",
            "version": articleqa.__version__,
            "summary": "Answers from your own articles: sentences quoted word for word, with citations.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _posted(name: str, summary: str, request: type[Model], response: str) -> dict[str, Any]:
    body = {"required": True, "content": _content(request.__name__)}
    return _got(name, summary, response, (413, 415, 422), requestBody=body)


def _got(name: str, summary: str, response: str, errors: Sequence[int], **more: Any) -> dict[str, Any]:
    failed = {
        str(status): {"description": _ERRORS[status], "content": _content("ErrorEnvelope")}
        for status in sorted((400, 401, 403, *errors, 503))
    }
    ok = {"200": {"description": summary, "content": _content(response)}}
    return {"operationId": name, "summary": summary, **more, "responses": ok | failed}


def _content(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE + schema}}}


def _schemas() -> dict[str, Any]:
    """Return the schemas of all models; the answer's parts are those of the schema that is committed."""
    answer = json.loads(answer_schema().replace("#/$defs/", _REFERENCE))
    parts = answer.pop("$defs")
    answer.pop("$schema")
    _, responses = models_json_schema(
        [(model, "serialization") for model in _RESPONSES], ref_template=_REFERENCE + "{model}"
    )
    _, requests = models_json_schema(
        [(model, "validation") for model in _REQUESTS], ref_template=_REFERENCE + "{model}"
    )
    return {**requests["$defs"], **responses["$defs"], **parts, "AnswerEnvelope": answer}
