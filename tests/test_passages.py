from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, load_articles
from articleqa.models import Block, BlockKind, Span
from articleqa.passages import LONG_HEADING, LONG_PASSAGE, SHORT_PASSAGE, analyse, passages_of
from articleqa.sections import MOST_HEADINGS
from articleqa.text.terms import terms

SHORT = "A short paragraph stands here."
LONG = "This paragraph is long enough to stand alone. " + "It has many words in it. " * 10


def paragraphs(text: str) -> list[list[str]]:
    article = Article(id="a", text=text)
    return [[s.of(text) for s in passage.sentence_spans] for passage in passages_of(article)]


def test_short_paragraphs_are_joined_until_they_are_long_enough() -> None:
    found = passages_of(Article(id="a", text="\n\n".join([SHORT] * 40)))
    assert len(found) > 1
    assert all(SHORT_PASSAGE <= len(passage.span) < 2 * SHORT_PASSAGE + 40 for passage in found)
    assert sum(len(passage.sentence_spans) for passage in found) == 40


def test_a_long_paragraph_stands_alone() -> None:
    assert len(paragraphs(f"{LONG}\n\n{LONG}")) == 2


def test_what_is_left_over_joins_the_passage_before_it() -> None:
    (passage,) = paragraphs(f"{LONG}\n\n{SHORT}")
    assert passage[-1] == SHORT


def test_an_overlong_paragraph_is_cut_between_sentences() -> None:
    text = "It has just a few words in it. " * 500
    found = passages_of(Article(id="a", text=text))
    assert len(found) > 5
    assert all(len(passage.span) <= LONG_PASSAGE for passage in found)
    assert sum(len(passage.sentence_spans) for passage in found) == 500


def test_a_heading_is_context_and_never_crossed() -> None:
    text = f"Title\n\n{SHORT}\n\nBackground\n\n{SHORT}"
    found = passages_of(Article(id="a", text=text))
    assert [[h.of(text) for h in passage.headings] for passage in found] == [["Title"], ["Background"]]
    assert [passage.span.of(text) for passage in found] == [SHORT, SHORT]


def test_boilerplate_is_in_no_passage() -> None:
    text = f"Title\n\n{SHORT}\n\nAdvertisement\n\n{SHORT}"
    found = passages_of(Article(id="a", text=text))
    assert [passage.span.of(text) for passage in found] == [SHORT, SHORT]
    assert [[h.of(text) for h in passage.headings] for passage in found] == [["Title"], ["Title"]]


def test_after_boilerplate_a_new_heading_still_replaces_the_old() -> None:
    text = f"Title\n\n{SHORT}\n\nAdvertisement\n\nBackground\n\n{SHORT}"
    assert [len(passage.headings) for passage in passages_of(Article(id="a", text=text))] == [1, 1]


@pytest.mark.parametrize("text", ["", " \n\n\t", "Home\n\nLeave a Reply", "***", "\ufeff"])
def test_an_article_without_a_word_of_its_own_has_no_passage_to_match(text: str) -> None:
    assert not any(passage.terms() for passage in analyse(Article(id="a", text=text)))


def test_the_analysis_holds_the_terms_of_each_sentence_and_the_context() -> None:
    text = f"Union Closed\n\n{SHORT} It rained."
    (passage,) = analyse(Article(id="a", title="The Strike", text=text))
    assert passage.key == "a#0"
    assert passage.sentence_terms == (tuple(terms(SHORT)), tuple(terms("It rained.")))
    assert passage.context == (*terms("The Strike"), *terms("Union Closed"))
    assert passage.terms() == [*passage.context, *passage.sentence_terms[0], *passage.sentence_terms[1]]


def test_a_title_that_is_also_a_heading_counts_once() -> None:
    (passage,) = analyse(Article(id="a", title="Union Closed", text=f"Union Closed\n\n{SHORT}"))
    assert passage.context == tuple(terms("Union Closed"))


PARTS = [
    SHORT,
    LONG,
    "A Heading",
    "Home",
    "• an item",
    "> quoted. Twice.",
    "# Hash",
    "Really? Yes!",
    "x",
    "\r\n",
    "\u2028",
]


@given(
    st.lists(st.sampled_from(PARTS), max_size=12),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n", " \n \n"]),
    st.sampled_from(["text/plain", "text/markdown"]),
)
def test_passages_are_in_order_and_made_of_their_sentences(
    parts: list[str], gap: str, media_type: str
) -> None:
    article = Article(id="a", text=gap.join(parts), media_type=media_type)
    end = 0
    for passage in passages_of(article):
        assert end <= passage.span.start == passage.sentence_spans[0].start
        for sentence in passage.sentence_spans:
            assert end <= sentence.start < sentence.end
            assert sentence.of(article.text) == sentence.of(article.text).strip()
            end = sentence.end
        assert passage.span.end == end
        assert all(heading.end <= passage.span.start for heading in passage.headings)


def test_passages_of_a_loaded_file_are_those_of_its_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("a") / "a.txt"
    path.write_text(f"Title\n\n{LONG}\n\n{SHORT}", encoding="utf-8")
    (article,) = load_articles(path)
    assert paragraphs(article.text) == [
        [s.of(article.text) for s in p.sentence_spans] for p in passages_of(article)
    ]


def test_of_a_huge_title_the_beginning_is_context() -> None:
    title = "harbour " + "zorp " * 100_000 + "quax"
    (passage,) = analyse(Article(id="a", title=title, text="It froze."))
    assert passage.context[0] == "harbor"
    assert "quax" not in passage.context
    assert len(passage.context) < LONG_HEADING


def test_an_extracted_row_is_a_sentence_under_its_header_row() -> None:
    text = "Rain\n\nCity | Rain\nOslo | 12. Or 13.\nRome | 4\n\nIt rained. A lot.\n\nShare this"
    kinds = [
        (BlockKind.HEADING, "Rain"),
        (BlockKind.HEADER_ROW, "City | Rain"),
        (BlockKind.ROW, "Oslo | 12. Or 13."),
        (BlockKind.ROW, "Rome | 4"),
        (BlockKind.PROSE, "It rained. A lot."),
        (BlockKind.BOILERPLATE, "Share this"),
    ]
    spans = [Span(text.rindex(part), text.rindex(part) + len(part)) for _, part in kinds]
    spans[0] = Span(0, 4)
    blocks = tuple(Block(kind, span, level=1) for (kind, _), span in zip(kinds, spans, strict=True))
    article = Article(id="a", text=text, media_type="text/html", blocks=blocks)
    assert [
        ([h.of(text) for h in passage.headings], [s.of(text) for s in passage.sentence_spans])
        for passage in passages_of(article)
    ] == [
        (["Rain", "City | Rain"], ["Oslo | 12. Or 13.", "Rome | 4"]),
        (["Rain"], ["It rained.", "A lot."]),
    ]


def test_of_many_headings_in_a_row_the_innermost_are_kept() -> None:
    text = "".join(f"# H{number}\n\n" for number in range(100)) + "It froze.\n\n## Part\n\nIt thawed.\n"
    first, second = passages_of(Article(id="a", text=text, media_type="text/markdown"))
    assert [span.of(text) for span in first.headings] == [f"H{n}" for n in range(100 - MOST_HEADINGS, 100)]
    assert [span.of(text) for span in second.headings][-2:] == ["H99", "Part"]
    assert len(second.headings) == MOST_HEADINGS


def test_a_passage_of_items_has_the_lead_in_as_context() -> None:
    lead_in, items = (
        "You may not keep these:",
        [f"geese of the kind {number} " + "or so " * 30 for number in range(9)],
    )
    text = "\n".join([lead_in, *items])
    spans = [Span(0, len(lead_in))]
    for item in items:
        spans.append(Span(spans[-1].end + 1, spans[-1].end + 1 + len(item.rstrip())))
        text = text.replace(item, item.rstrip())
    blocks = [Block(BlockKind.PROSE, spans[0]), *(Block(BlockKind.ITEM, span, 1) for span in spans[1:])]
    first, *others = analyse(Article(id="a", text=text, blocks=tuple(blocks)))
    assert others
    assert "keep" not in first.context
    assert all("keep" in passage.context for passage in others)
    assert all(passage.passage.lead_ins_of(0) == (spans[0],) for passage in others)


def test_the_targets_of_links_are_no_words_of_a_sentence() -> None:
    text = "The [rota](https://intranet.example/harbour/rota) is up."
    (passage,) = analyse(Article(id="a", text=text, media_type="text/markdown"))
    assert passage.sentence_terms == (("the", "rota", "is", "up"),)
    (plain,) = analyse(Article(id="a", text=text))
    assert "intranet" in plain.terms()
