"""Passages as they are stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article
from articleqa.models import Passage, Span
from articleqa.passages import AnalysedPassage, analyse
from articleqa.storage.sqlite.passage_rows import (
    DamagedRecordError,
    Record,
    checksum_of,
    passage_of,
    record_of,
)

TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["# Union", "The union was shut.", "法院关闭工会。", "• an item", "x" * 80, "1,200 men"]
        )
    ).map("\n\n".join),
)


@given(TEXTS, st.text(max_size=20))
def test_a_passage_comes_back_as_it_was(text: str, title: str) -> None:
    article = Article(id="a", title=title, text=text, media_type="text/markdown")
    for passage in analyse(article):
        record = record_of(passage, b"digest")
        assert passage_of(passage.key, "a", record) == passage


@pytest.mark.parametrize(
    "change",
    [
        lambda spans, terms: (spans[:-4], terms),
        lambda spans, terms: (b"\xff" + spans[1:], terms),
        lambda spans, terms: (spans, terms + " more"),
        lambda spans, terms: (spans, terms.replace("union", "onion")),
        lambda spans, terms: (b"", ""),
    ],
)
def test_a_damaged_row_is_refused(change: Callable[[bytes, str], tuple[bytes, str]]) -> None:
    (passage,) = analyse(Article(id="a", text="The union was shut. It rained."))
    record = record_of(passage, b"digest")
    changed = change(record.spans, record.terms)
    with pytest.raises(DamagedRecordError, match="passage 7 of 'a' is damaged"):
        passage_of("7", "a", record._replace(spans=changed[0], terms=changed[1]))
    with pytest.raises(DamagedRecordError, match="passage 7 of 'a' is damaged"):
        passage_of("7", "a", record._replace(digest=b"another"))


LED_IN = AnalysedPassage(
    key="7",
    passage=Passage(
        article_id="a",
        span=Span(10, 40),
        sentence_spans=(Span(10, 20), Span(21, 40)),
        headings=(Span(0, 4),),
        lead_ins=((), (Span(10, 20), Span(5, 9))),
    ),
    sentence_terms=(("bring",), ("a", "rake")),
    context=(),
)


def test_what_items_stand_under_comes_back_as_it_was() -> None:
    assert passage_of("7", "a", record_of(LED_IN, b"")) == LED_IN


@pytest.mark.parametrize("at", range(0, 84, 4))
@pytest.mark.parametrize("number", [-1, 3, 1 << 30])
def test_numbers_that_are_none_are_refused_or_stay_harmless(at: int, number: int) -> None:
    record = record_of(LED_IN, b"")
    spans = record.spans[:at] + number.to_bytes(4, "little", signed=True) + record.spans[at + 4 :]
    forged = Record(spans, record.terms, b"", checksum_of(spans, record.terms, b""))
    try:
        found = passage_of("7", "a", forged)
    except DamagedRecordError:
        return
    assert len(found.passage.sentence_spans) == len(found.sentence_terms) == 2
    assert len(found.passage.lead_ins) in (0, 2)
