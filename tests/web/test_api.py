"""The JSON API: envelopes, refusals, and its OpenAPI document, by which schemathesis tries to break it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from articleqa import Answer
from articleqa.json_envelope import AnswerEnvelope, answer_schema
from articleqa.web.openapi import openapi_document
from web_sites import FLOOD, HARBOUR, OPENED, client_of

jsonschema = import_module("jsonschema")  # it ships no types

DOCUMENT = json.loads(openapi_document())


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of() as made:
        yield made


def test_answer_is_the_envelope_of_the_command_line(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": OPENED, "top_k": 2}).json()
    jsonschema.Draft202012Validator(json.loads(answer_schema())).validate(body)
    envelope = AnswerEnvelope.model_validate(body)
    assert isinstance(envelope.answer, Answer)
    assert envelope.answer.text == "The harbour of Varnholm was opened in 1907."
    assert len(envelope.answer.sentences) == 2
    assert "explanations" not in body


def test_options_of_a_question_are_those_of_the_library(client: TestClient) -> None:
    def ask(**options: Any) -> Any:
        return client.post("/api/ask", json={"question": OPENED, **options}).json()

    assert ask(explain=True)["explanations"]
    assert not ask(min_confidence=1.0)["answer"]["answered"]
    assert ask(where={"author": ["Jon Reed"]})["answer"]["citations"][0]["article_id"] == FLOOD.id
    assert ask(until="2020")["answer"]["citations"][0]["article_id"] == FLOOD.id
    assert ask(where={"folder": "nowhere"})["answer"]["reason"] == "no article chosen"


def test_passages_are_found(client: TestClient) -> None:
    body = client.post("/api/search", json={"question": OPENED, "top_k": 1}).json()
    assert body["schema"] == "articleqa.passages"
    (passage,) = body["passages"]
    assert "opened in 1907" in passage["text"]


def test_article_is_read_whole_or_in_part(client: TestClient) -> None:
    article = client.get(f"/api/articles/{HARBOUR.id}").json()["article"]
    assert article["text"] == HARBOUR.text
    assert article["metadata"] == HARBOUR.metadata
    part = client.get(f"/api/articles/{HARBOUR.id}", params={"start": 4, "end": 11}).json()["article"]
    assert (part["text"], part["start"], part["end"]) == ("harbour", 4, 11)
    past = client.get(f"/api/articles/{HARBOUR.id}", params={"start": 10**6}).json()["article"]
    assert past["text"] == ""


def test_quote_of_an_answer_is_where_the_api_says(client: TestClient) -> None:
    (citation,) = client.post("/api/ask", json={"question": OPENED}).json()["answer"]["citations"]
    bounds = {"start": citation["start"], "end": citation["end"]}
    assert (
        client.get(f"/api/articles/{citation['article_id']}", params=bounds).json()["article"]["text"]
        == (citation["quote"])
    )


def test_health_counts_what_is_served(client: TestClient) -> None:
    body = client.get("/api/health").json()
    assert (body["status"], body["articles"], body["passages"], body["ranker"]) == ("ok", 2, 3, "words")


@pytest.mark.parametrize(
    ("status", "error", "body"),
    [
        (422, "question: String should have at least 1 character", '{"question": ""}'),
        (422, "question: Field required", "{}"),
        (422, "Invalid JSON", "{"),
        (422, "top_k: Input should be greater than or equal to 1", '{"question": "x", "top_k": 0}'),
        (422, "since: String should match pattern", '{"question": "x", "since": "soon"}'),
        (422, "tok: Extra inputs are not permitted", '{"question": "x", "tok": 1}'),
        (422, "Invalid JSON", '{"question": "\\ud800"}'),
        (422, "Invalid JSON", "[" * 60_000),
    ],
)
def test_bad_body_is_refused_with_what_is_wrong(
    client: TestClient, status: int, error: str, body: str
) -> None:
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.json()["schema"] == "articleqa.error"
    assert error in response.json()["error"]


def test_other_requests_are_refused_by_name(client: TestClient) -> None:
    assert client.post("/api/ask", data={"question": "x"}).status_code == 415
    assert client.get("/api/ask").status_code == 405
    assert client.get("/api/nothing").json()["error"] == "there is no such page"
    assert client.get("/api/articles/nothing").status_code == 404
    assert client.get("/api/articles/..%2F..%2Fetc%2Fpasswd").status_code == 404
    assert client.get(f"/api/articles/{FLOOD.id}", params={"start": "-1"}).status_code == 422
    turned = client.get(f"/api/articles/{FLOOD.id}", params={"start": 5, "end": 1})
    assert (turned.status_code, turned.json()["error"]) == (422, "end: must not be before start")


def test_document_is_openapi_with_the_schema_of_the_answer(client: TestClient) -> None:
    assert client.get("/api/openapi.json").json() == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"
    schemas = DOCUMENT["components"]["schemas"]
    text = json.dumps(DOCUMENT)
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in schemas
    committed = json.loads(answer_schema())
    assert set(schemas["Answer"]["properties"]) == set(committed["$defs"]["Answer"]["properties"])


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for path, item in DOCUMENT["paths"].items() for method in item]
)
def test_api_keeps_its_document_whatever_is_sent(client: TestClient, method: str, path: str) -> None:
    import schemathesis

    operation = schemathesis.openapi.from_dict(DOCUMENT)[path][method.upper()]
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @given(cases)
    @settings(max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
        assert not sent.pop("cookies", None)
        if isinstance(sent.get("data"), bytes):
            sent["content"] = sent.pop("data")
        case.validate_response(client.request(**sent))

    check()
