from __future__ import annotations

from articleqa.answering.citations import cite
from articleqa.evaluation import GoldAnswer, Miss, Verdict
from articleqa.evaluation.misses import SURROUNDINGS, Piece, ShownPassage, shown_miss
from articleqa.models import Article, Passage, Span
from articleqa.passages import analyse
from samples import passage_text

TEA = Article(id="tea", title="Tea", text="Tea is green. It was hot. Nobody knew of silk then.")
SILK = Article(id="silk", title="Silk", text="Silk is soft. Silk is dear. It went west.")
ARTICLES = {article.id: article for article in (TEA, SILK)}
PASSAGES = [passage for article in (TEA, SILK) for passage in analyse(article)]
WHOLE_TEA = Span(0, len(TEA.text))


def gold(article: Article, text: str) -> GoldAnswer:
    return GoldAnswer(article_id=article.id, start=article.text.index(text), text=text)


def miss(given: str | None, *golds: GoldAnswer) -> Miss:
    citation = None
    if given is not None:
        start = TEA.text.index(given)
        text = passage_text(TEA, Passage("tea", WHOLE_TEA, (WHOLE_TEA,)))
        citation = cite(text, Span(start, start + len(given)))
    return Miss(
        id="1",
        question="What?",
        kind="what",
        outcome=Verdict.ANSWERED_WRONG,
        confidence=0.5,
        given=citation,
        golds=golds,
    )


def text_of(shown: ShownPassage | None) -> str:
    return "".join(piece.text for piece in shown.pieces) if shown else ""


def test_given_sentence_and_golds_are_marked_in_one_passage() -> None:
    shown = shown_miss(miss("It was hot.", gold(TEA, "green")), ARTICLES, PASSAGES)
    assert shown.given == ShownPassage(
        TEA,
        (
            Piece("Tea is ", given=False, gold=False),
            Piece("green", given=False, gold=True),
            Piece(". ", given=False, gold=False),
            Piece("It was hot.", given=True, gold=False),
            Piece(" Nobody knew of silk then.", given=False, gold=False),
        ),
    )
    assert shown.elsewhere == ()


def test_a_gold_that_overlaps_the_given_sentence_is_marked_as_both() -> None:
    shown = shown_miss(miss("It was hot.", gold(TEA, "hot. Nobody")), ARTICLES, PASSAGES)
    assert shown.given is not None
    marked = [
        (piece.text, piece.given, piece.gold) for piece in shown.given.pieces if piece.given or piece.gold
    ]
    assert marked == [("It was ", True, False), ("hot.", True, True), (" Nobody", False, True)]


def test_golds_elsewhere_are_shown_once_for_each_passage() -> None:
    golds = gold(SILK, "soft"), gold(SILK, "Silk is dear"), gold(TEA, "green")
    shown = shown_miss(miss("It was hot.", *golds), ARTICLES, PASSAGES)
    (silk,) = shown.elsewhere
    assert silk.article == SILK
    assert text_of(silk) == SILK.text
    assert [piece.text for piece in silk.pieces if piece.gold] == ["soft", "Silk is dear"]
    assert not any(piece.given for piece in silk.pieces)
    assert text_of(shown.given) == TEA.text


def test_where_nothing_was_given_the_golds_are_shown() -> None:
    shown = shown_miss(miss(None, gold(TEA, "green")), ARTICLES, PASSAGES)
    assert shown.given is None
    assert [text_of(other) for other in shown.elsewhere] == [TEA.text]


def test_an_unanswerable_question_has_no_golds_to_show() -> None:
    assert shown_miss(miss("It was hot."), ARTICLES, PASSAGES).elsewhere == ()


def test_a_gold_outside_every_passage_is_shown_in_its_surroundings() -> None:
    long = Article(id="long", text="a" * 1000 + "gold" + "b" * 1000)
    shown = shown_miss(miss(None, gold(long, "gold")), {"long": long}, [])
    assert text_of(shown.elsewhere[0]) == "a" * SURROUNDINGS + "gold" + "b" * SURROUNDINGS


def test_a_gold_that_ends_behind_its_passage_draws_it_out() -> None:
    article = Article(id="two", text=f"{'Tea is green. ' * 20}\n\n{'Silk is soft. ' * 20}")
    passages = analyse(article)
    assert len(passages) == 2
    end = passages[1].passage.span.start + 4
    start = passages[0].passage.span.end - 6
    across = GoldAnswer(article_id="two", start=start, text=article.text[start:end])
    shown = shown_miss(miss(None, across), {"two": article}, passages)
    assert text_of(shown.elsewhere[0]) == article.text[passages[0].passage.span.start : end]
