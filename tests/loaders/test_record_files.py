from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, SourceCheck, load_articles
from articleqa.loaders.protocol import Fields, UnreadableDataError
from articleqa.loaders.records import EXTRACTOR, fields_of, load_csv, load_jsonl


def jsonl(*records: object) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def read(articles: Iterator[Article]) -> list[Article]:
    return list(articles)


READ_BY = f'{EXTRACTOR} ["text", "title", "id"]'


def test_each_line_is_an_article_with_its_other_fields_as_metadata() -> None:
    data = jsonl(
        {
            "id": 7,
            "title": " A\ntitle ",
            "text": "One.\r\nTwo.\n",
            "date": "2020-05-17",
            "tags": ["x"],
            "parts": [{"a": 1}],
            "n": 0,
        },
        {"text": "First line here.\nSecond.", "author": "", "extractor": "mine"},
    ).replace(b"\n", b"\r\n\r\n")
    one, two = load_jsonl(data, "a.jsonl", "data/a.jsonl")
    assert one == Article(
        id="a.jsonl#7",
        title="A title",
        text="One.\r\nTwo.\n",
        source="data/a.jsonl#7",
        media_type="application/x-ndjson",
        metadata={"date": "2020-05-17", "tags": ["x"], "n": 0, "record": 1, "extractor": READ_BY},
    )
    assert (two.id, two.title) == ("a.jsonl#3", "First line here.")
    assert two.metadata == {"record": 3, "extractor": READ_BY}


def test_each_row_is_an_article_numbered_by_its_first_line() -> None:
    data = b'\xef\xbb\xbfheadline;body;date\r\n\r\n"A; b";"One.\r\nTwo, ""three"".";2020\r\nC;Four.\r\n'
    one, two = load_csv(data, "a.csv", "a.csv")
    assert (one.id, one.title, one.text) == ("a.csv#3", "A; b", 'One.\r\nTwo, "three".')
    assert one.metadata == {"date": "2020", "record": 3, "extractor": f'{EXTRACTOR} ["body", "headline", ""]'}
    assert (two.id, two.title, two.text) == ("a.csv#5", "C", "Four.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_the_header(delimiter: str) -> None:
    data = delimiter.join(["id", "text"]) + f'\n1{delimiter}"a, b; c\td"\n'
    assert [article.text for article in load_csv(data.encode(), "a", "")] == ["a, b; c\td"]


def test_a_file_of_one_column_is_read() -> None:
    assert [article.text for article in load_csv(b"text\nOne.\nTwo.\n", "a", "")] == ["One.", "Two."]


def test_fields_can_be_named() -> None:
    data = jsonl({"text": "no", "story": "yes", "heading": "H", "key": "k"})
    (article,) = load_jsonl(data, "a", "", Fields(text="story", title="heading", id="key"))
    assert (article.id, article.title, article.text) == ("a#k", "H", "yes")
    assert article.metadata == {
        "text": "no",
        "record": 1,
        "extractor": f'{EXTRACTOR} ["story", "heading", "key"]',
    }
    assert fields_of(str(article.metadata["extractor"])) == Fields("story", "heading", "key")
    assert fields_of("lxml/6.0") == Fields()


@pytest.mark.parametrize(
    ("data", "fields", "message"),
    [
        (jsonl({"a": 1, "b": 2}), Fields(text="body"), "line 1: no field 'body'; it has: a, b"),
        (jsonl({"a": 1}), Fields(), "line 1: none of the fields text, body, .*; it has: a"),
        (jsonl({"text": "x"}), Fields(title="headline"), "line 1: no field 'headline'; it has: text"),
        (jsonl({"text": "x"}, {"body": "y"}), Fields(), "line 2: no field 'text'; it has: body"),
        (jsonl({"text": 5}), Fields(), "line 1: the field 'text' is not text"),
        (jsonl({"text": "x"}, ["text"]), Fields(), "line 2: not a JSON object"),
        (b'{"text": "x"}\n\n{"text": "x', Fields(), "line 3: not a JSON object"),
        (b"[" * 100_000, Fields(), "line 1: not a JSON object"),
        (b'{"text": "x", "n": NaN}', Fields(), "line 1: not a JSON object"),
        (b'{"text": "x", "n": 1e999}', Fields(), "line 1: holds half .* or a number that is too large"),
        (b'{"text": "\\ud800"}', Fields(), "line 1: holds half of a surrogate pair"),
        (jsonl(*[{"text": "x", "id": "k"}] * 2), Fields(), "line 2: has the same id as line 1, 'a#k'"),
        (b"\x00\x01\x02" * 50, Fields(), "not a text file"),
    ],
)
def test_a_line_that_is_no_record_is_named(data: bytes, fields: Fields, message: str) -> None:
    with pytest.raises(UnreadableDataError, match=message):
        read(load_jsonl(data, "a", "", fields))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"id,name\n1,2,3\n", "line 2: 3 fields, but the header has 2"),
        (b"id,text\n1,a\n\n2\n", "line 4: no field 'text'; it has: id"),
        (b"id,text\n1,a,b\n", "line 2: 3 fields, but the header has 2"),
        (b'id,text\n1,"open\n', "line 2: unexpected end of data"),
        (b'id,text\n1,"a" b\n', "line 2: ',' expected after '\"'"),
    ],
)
def test_a_row_that_does_not_fit_the_header_is_named(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableDataError, match=message):
        read(load_csv(data, "a", ""))


def test_no_records_are_no_articles() -> None:
    for data in (b"", b"\n\n", b"text\n"):
        assert read(load_csv(data, "a", "")) == []
    assert read(load_jsonl(b"\n \n", "a", "")) == []


def test_a_long_field_is_read_and_the_limit_is_restored() -> None:
    before = csv.field_size_limit()
    (article,) = load_csv(b"text\n" + b"word " * 100_000, "a", "")
    assert len(article.text) == 500_000
    assert csv.field_size_limit() == before


def test_invalid_bytes_are_counted_in_their_articles() -> None:
    damaged, whole = load_jsonl(
        '{"text": "é\xff"}\n{"text": "é"}'.encode().replace(b"\xc3\xbf", b"\xff"), "a", ""
    )
    assert damaged.metadata["replaced_characters"] == 1
    assert damaged.metadata["encoding"] == "utf-8"
    assert "replaced_characters" not in whole.metadata


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t,;\"'"), max_size=60)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_texts_come_back_as_they_were_written(records: list[tuple[str, str]]) -> None:
    rows = [{"text": text, "note": note} for text, note in records]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["text", "note"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    # The mark says UTF-8: a file of a few odd characters could be of any encoding.
    files = (
        load_jsonl(b"\xef\xbb\xbf" + jsonl(*rows), "a", ""),
        load_csv(out.getvalue().encode("utf-8-sig"), "a", ""),
    )
    for articles in map(read, files):
        assert [article.text for article in articles] == [text for text, _ in records]
        assert [article.metadata.get("note", "") for article in articles] == [note for _, note in records]
        numbers = [article.metadata["record"] for article in articles]
        assert all(str(before) != str(after) for before, after in pairwise(numbers))


@settings(max_examples=60)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_damage_is_never_anything_but_unreadable(one: bytes, two: bytes) -> None:
    for load, start in ((load_jsonl, b'{"text": "'), (load_csv, b'id,text\n1,"')):
        for data in (one, start + one + b'"}\n' + two, start + one + b'"\n' + two):
            try:
                read(load(data, "a", ""))
            except UnreadableDataError:
                continue


def test_csv_without_a_field_for_the_text_is_a_table() -> None:
    (article,) = load_csv(b"Port,Fee,Since\nMelvik,6,2019\n\nKolm,2\n", "ports.csv", "/ports.csv")
    assert (article.id, article.source, article.title) == ("ports.csv", "/ports.csv", "ports")
    assert [(block.kind, block.span.of(article.text)) for block in article.blocks or ()] == [
        *(("header row", "Port | Fee | Since"), ("row", "Melvik | 6 | 2019"), ("row", "Kolm | 2 |")),
    ]


def test_citations_of_a_table_in_csv_verify(tmp_path: Path) -> None:
    (tmp_path / "ports.csv").write_text("Port,Fee\nMelvik,six crowns\nKolm,two crowns\n")
    index = ArticleIndex.from_articles(load_articles(tmp_path))
    citation = index.ask("What is the fee in Kolm?", top_k=1, min_confidence=0).sentences[0].citation
    assert (citation.quote, citation.section) == ("Kolm | two crowns", ("Port | Fee",))
    assert citation.verify_source() is SourceCheck.YES


@pytest.mark.parametrize(
    "data", [b"Title,Text,Date\nGate,It opens.,2024\n", b"Title|TEXT|DATE\nGate|It opens.|2024\n"]
)
def test_fields_are_known_in_any_case(data: bytes) -> None:
    (article,) = load_csv(data, "a", "a")
    assert (article.title, article.text, article.metadata["date"]) == ("Gate", "It opens.", "2024")


def test_a_delimiter_may_be_stated_in_the_first_line() -> None:
    (article,) = load_csv(b"sep=;\r\ntitle;text\r\nGate;It opens, at nine.\r\n", "a", "a")
    assert (article.id, article.text) == ("a#3", "It opens, at nine.")
