from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import ArticleIndex
from articleqa.loaders.text.markdown import load_markdown
from articleqa.text.markdown.front_matter import front_matter
from shown import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nauthor: Bo\ndate: 2017-05-02\n---\nText.", ["+ author: Bo", "+ date: 2017-05-02", "| Text."]),
        ("---\nresult: 'No, six\n  against two.' # c\n---", ["+ result: 'No, six\n  against two.'"]),
        ("---\nabout: One\n  line. And more\nx: b c\n---", ["+ about: One\n  line. And more", "+ x: b c"]),
        ("---\nabout: >-\n  One\n  line.\n\nx: b\n---", ["| One\n  line.", "+ x: b"]),
        ("---\nabout: |\n  One\n  line.\n...\n", ["| One\n  line."]),
        (
            "---\nauthors:\n  - Bo\n  - Eva\ntags: [a b, c]\n---",
            ["+ authors:\n  - Bo\n  - Eva", "+ tags: [a b, c]"],
        ),
        ("---\nby:\n  name: Bo Ek\n  city: Odra\n  id: a-b\n---", ["+ name: Bo Ek", "+ city: Odra"]),
        ("---\ncrew:\n- name: Bo Ek\n- name: Eva Ek\n---", ["+ name: Bo Ek", "+ name: Eva Ek"]),
        ('+++\nauthor = "Bo"\ntags = [\n "a b",\n]\n[x]\nb = "c d"\n+++\nText.', None),
        ('{\n "author": "Bo",\n "draft": false\n}\n\nText.', ['+ "author": "Bo"', "| Text."]),
        ("---\na: b: c\nnote: [odd\n---\nText.", ["+ a: b: c", "+ note: [odd", "| Text."]),
        ("---\n- a\n- b\n---\n", []),
        ("---\n---\nText.", ["| Text."]),
    ],
)
def test_fields_are_rows_ahead_of_the_text(text: str, expected: list[str] | None) -> None:
    toml = ['+ author = "Bo"', '+ tags = [\n "a b",\n]', '+ b = "c d"', "| Text."]
    assert shown(text) == (toml if expected is None else expected)


@pytest.mark.parametrize(
    "value",
    ["/a/b", "img/a.png", "a.png", "https://a.b/c", "true", "10", "''", "[a/b, c/d]", "~", "mailto:a@b.c"],
)
def test_a_field_that_only_machines_read_is_no_row(value: str) -> None:
    assert shown(f"---\nfield: {value}\n---\n") == []


@pytest.mark.parametrize("value", ["2017", "2017-05-02", "accepted", "v1.22", "Bo/Eva or none", "a-b"])
def test_a_field_that_someone_may_ask_for_is_a_row(value: str) -> None:
    assert shown(f"---\nfield: {value}\n---\n") == [f"+ field: {value}"]


@pytest.mark.parametrize(
    "text",
    [
        "---\nTitle: T\nDate: 2017-05-02\nversion: 3.10\ntags: [a, b]\nby: {name: Bo}\nempty:\n---",
        '+++\ntitle = "T"\ndate = 2017-05-02\nversion = 3.10\ntags = ["a", "b"]\nby = {name = "Bo"}\n+++',
        '{"title": "T", "date": "2017-05-02", "version": 3.10, "tags": ["a", "b"], "by": {"name": "Bo"}}',
    ],
)
def test_all_fields_are_metadata_as_they_were_written(text: str) -> None:
    article = load_markdown(text.encode(), "a.md", "")
    assert article.title == "T"
    assert article.metadata == {
        "date": "2017-05-02",
        "version": "3.10",
        "tags": ["a", "b"],
        "by": {"name": "Bo"},
        "encoding": "utf-8",
    }


def test_a_block_of_text_is_metadata_on_one_line_unless_its_lines_count() -> None:
    text = b"---\nfolded: >\n  one\n  two\nlines: |\n  one\n  two\n---\n"
    metadata = load_markdown(text, "a.md", "").metadata
    assert (metadata["folded"], metadata["lines"]) == ("one two", "one\ntwo")


@pytest.mark.parametrize(
    "fields",
    [
        "a: &x b\nc: *x",
        "a: " + "[" * 30 + "]" * 30,
        "a: [b",
        "a: 'b",
        "? [b]\n: c",
        "a: !x b: c",
        "a:\tb\n\tc",
    ],
)
def test_yaml_that_is_refused_is_read_line_by_line(fields: str) -> None:
    matter = front_matter(f"---\n{fields}\nby: Bo\n---\nText.")
    assert matter.fields is not None
    assert matter.fields["by"] == "Bo"
    assert matter.lines == fields.count("\n") + 4


def test_tags_of_yaml_make_no_object() -> None:
    text = b"---\na: !!python/object/apply:os.system [echo]\n---\n"
    assert load_markdown(text, "a.md", "").metadata["a"] == ["echo"]


@pytest.mark.parametrize("text", ["---\na: b", "+++\na = 1\n", '{"a": 1', '{"a": 1} b', "--- a\nb: c\n---"])
def test_what_does_not_end_is_no_front_matter(text: str) -> None:
    assert front_matter(text).lines == 0


PIECES = [
    *"ab:-[]{}'\"|>&*!#?,\n\t\r =+",
    "\n  ",
    "---\n",
    "a: ",
    "- ",
    "é",
    "\u2028",
    "\x07",
    "😀",
    "\ufeff",
    "\0",
]


@given(st.sampled_from(["---\n", "+++\n", '{"']), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_front_matter_gives_blocks_in_order(fence: str, fields: str) -> None:
    text = f"{fence}{fields}\n{fence}"
    end = 0
    for block in front_matter(text).blocks:
        assert end <= block.span.start < block.span.end <= len(text)
        assert block.span.of(text) == block.span.of(text).strip()
        end = block.span.end


def test_front_matter_alone_can_answer() -> None:
    text = b'---\ntitle: "HIP-12: Named tides"\nresult: "Rejected, six against two."\n---\n'
    article = load_markdown(text, "named-tides.md", "")
    index = ArticleIndex.from_articles([article])
    answer = index.ask("What was the result of the named tides?")
    assert answer.sentences[0].text == 'result: "Rejected, six against two."'
