from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from pydantic import JsonValue, ValidationError

from articleqa import Answer, Article, ArticleIndex, Citation, RankedSentence, Span, ask

TEXT = "A court shut the union on Wednesday. Its leader was charged."


@pytest.fixture(scope="module")
def answer() -> Answer:
    return ArticleIndex.from_articles([Article(id="a", title="T", text=TEXT)]).ask(
        "When was the union shut?", min_confidence=0
    )


@pytest.fixture(scope="module")
def citation(answer: Answer) -> Citation:
    return answer.sentences[0].citation


def test_a_span_slices_and_counts() -> None:
    assert Span(2, 7).of("a court") == "court"
    assert len(Span(2, 7)) == 5
    assert Span(1, 2) < Span(2, 3)


def test_models_are_frozen() -> None:
    article = Article(id="a", text="x")
    with pytest.raises(ValidationError, match="frozen"):
        article.text = "y"


def test_models_refuse_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Article.model_validate({"id": "a", "text": "x", "body": "y"})


def test_an_article_needs_an_id() -> None:
    with pytest.raises(ValidationError):
        Article(id="", text="x")


@pytest.mark.parametrize("field", ["id", "title", "text", "source"])
def test_an_article_refuses_half_a_surrogate_pair(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Article.model_validate({"id": "a", "text": "x", field: "ab\ud800"})


def missing(kind: str) -> object:
    """What stands in for a missing value of pandas, which the tests do not need installed."""
    return type(kind, (), {"__module__": "pandas._libs.missing"})()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2020, 5, 17), "2020-05-17"),
        (datetime(2020, 5, 17, 3, tzinfo=UTC), "2020-05-17T03:00:00+00:00"),
        (np.datetime64("2020-05-17"), "2020-05-17"),
        (np.datetime64("2020-05-17T03:00:00", "ns"), "2020-05-17T03:00:00.000000000"),
        (np.datetime64("NaT"), None),
        (missing("NAType"), None),
        (missing("NaTType"), None),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("Ann"), "Ann"),
        ([np.int8(1), date(2020, 5, 17)], [1, "2020-05-17"]),
        ({"of": np.int8(1)}, {"of": 1}),
        ("May 17, 2020", "May 17, 2020"),
    ],
)
def test_metadata_takes_dates_and_scalars_as_json(value: object, kept: JsonValue) -> None:
    (found,) = Article.model_validate({"id": "a", "text": "x", "metadata": {"k": value}}).metadata.values()
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize("value", [np.array([1]), {1}, b"x", float("nan"), np.float64("inf"), object()])
def test_metadata_refuses_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(ValidationError, match="metadata"):
        Article.model_validate({"id": "a", "text": "x", "metadata": {"k": value}})


def test_a_citation_verifies_against_its_own_article_alone(citation: Citation) -> None:
    assert citation.verify(Article(id="a", title="other", text=TEXT, source="elsewhere"))
    assert not citation.verify(Article(id="b", text=TEXT))


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[: len(TEXT) // 2],
        "Z" + TEXT,
        TEXT.replace("Wednesday", "Thursday"),
        TEXT.replace("Its leader", "His leader"),  # the suffix
    ],
)
def test_a_citation_does_not_verify_against_a_changed_text(citation: Citation, text: str) -> None:
    assert not citation.verify(Article(id="a", text=text))


@pytest.mark.parametrize(
    "change",
    [
        {"start": 1},
        {"end": 5},
        {"quote": "A court"},
        {"prefix": "x"},
        {"suffix": "x"},
        {"start": 9, "end": 9},
    ],
)
def test_a_changed_citation_does_not_verify(citation: Citation, change: dict[str, object]) -> None:
    assert not citation.model_copy(update=change).verify(Article(id="a", text=TEXT))


def test_a_citation_refuses_offsets_below_the_text() -> None:
    with pytest.raises(ValidationError):
        Citation(
            article_id="a",
            title="",
            source="",
            start=-1,
            end=2,
            line=1,
            quote="x",
            prefix="",
            suffix="",
            context=Span(0, 2),
        )


def test_an_answer_survives_json(answer: Answer) -> None:
    read = Answer.model_validate_json(answer.model_dump_json())
    assert read == answer
    assert hash(read) == hash(answer)
    assert read.sentences[0].citation.verify(Article(id="a", text=TEXT))


@pytest.mark.parametrize("field", [n for n in RankedSentence.model_fields if n != "explanation"])
def test_sentences_differ_in_any_field_but_explanations(answer: Answer, field: str) -> None:
    sentence = answer.sentences[0]
    assert sentence == sentence.model_copy(update={"explanation": None})
    assert sentence != sentence.model_copy(update={field: "other"})
    assert sentence != sentence.text


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]0;pwned\x07",
        "\x1b[2J",
        "\x9b31m",
        "\x9d8;;http://evil\x9c",
        "\u202e",
        "\x08\x08",
        "\x1b]52;c;AA\x1b\\",
    ],
)
def test_a_printed_answer_cannot_steer_a_terminal(hostile: str) -> None:
    text = f"The union {hostile}was shut in 2017 by a court."
    articles = [Article(id=f"a{hostile}", title=f"News{hostile}\rof\nthe day", text=text)]
    for least in (0.0, 1.0):
        answer = ask("When was the union shut?", articles, min_confidence=least)
        printed = str(answer)
        assert set(printed).isdisjoint("\x07\x08\x1b\x9b\x9c\x9d\u202e\r")
        assert len(printed.splitlines()) <= 2
        assert answer.sentences[0].text == text
    assert str(ask("When was the union shut?", articles, min_confidence=0)).splitlines()[1].startswith("News")


def test_an_answer_read_from_json_has_no_explanations(answer: Answer) -> None:
    assert len(answer.explain()) == len(answer.sentences)
    assert Answer.model_validate_json(answer.model_dump_json()).explain() == ()


@pytest.mark.parametrize(
    "metadata", [{"k": "x\ud800"}, {"\ud800": 1}, {"k": [float("nan")]}, {"k": float("inf")}]
)
def test_metadata_that_no_json_could_hold_is_refused(metadata: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError, match="half of a surrogate pair, NaN or an infinity"):
        Article(id="a", text="", metadata=metadata)
