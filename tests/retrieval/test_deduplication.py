"""Twenty copies of one story take one place among the candidates, and each stays cited."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Answer, Article, ArticleIndex
from articleqa.models import Citation
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval.deduplication import collapse
from articleqa.retrieval.search import CANDIDATE_PASSAGES
from articleqa.storage.memory import MemoryStore
from articleqa.storage.reads import Reads

STORY = (
    "The harbour of Zorp froze in the winter of 1740, and the fishermen burnt their boats for warmth."
    " The council bought bread from Quax. No ship could enter or leave the harbour for eleven weeks,"
    " and the price of salt rose fivefold before the thaw.\n\n"
    "Mayor Ann Blim asked the king for help with the frozen harbour. He sent forty sledges of rye, which"
    " came too late for many. The harbour was dredged and a second pier built when the war was over, in 1748,"
    " by the same council that had let the first one rot."
)
OTHER = "The harbour of Brum was dredged in 1911 by a company from abroad."
WHEN = "When did the harbour freeze?"


def copies(number: int, text: str = STORY, *, after: int = 0) -> list[Article]:
    return [Article(id=f"copy {n}", title="Wire", text=text) for n in range(after, after + number)]


def asked(articles: Sequence[Article], question: str = WHEN, top_k: int = 50) -> Answer:
    index = ArticleIndex.from_articles(articles)
    answer = index.ask(question, top_k=top_k, min_confidence=0)
    for citation in (*answer.citations, *(place for s in answer.sentences for place in s.also)):
        assert citation.verify(index.articles[citation.article_id])
    return answer


def ids(citations: Sequence[Citation]) -> list[str]:
    return [citation.article_id for citation in citations]


def test_twenty_copies_leave_room_for_other_passages() -> None:
    many = copies(CANDIDATE_PASSAGES * 3)
    answer = asked(
        [*many, Article(id="other", title="Wire", text=OTHER)], "What froze in the harbour of Zorp?"
    )
    assert OTHER in [sentence.text for sentence in answer.sentences]
    assert len(answer.sentences) == len(asked(many[:1]).sentences) + 1


def test_every_copy_is_cited_in_the_order_of_the_articles() -> None:
    answer = asked([Article(id="z", title="Wire", text=STORY), *copies(30)])
    for sentence in answer.sentences:
        assert sentence.citation.article_id == "z"
        assert ids(sentence.also) == [f"copy {n}" for n in range(30)]
        assert {place.quote for place in sentence.also} == {sentence.text}


def test_a_story_printed_twice_in_an_article_is_cited_in_both_places() -> None:
    twice = Article(id="twice", title="Wire", text=f"{STORY}\n\n{STORY}")
    answer = asked([twice, *copies(2)])
    first = answer.sentences[0]
    assert ids((first.citation, *first.also)) == ["twice", "twice", "copy 0", "copy 1"]
    assert first.citation.start < first.also[0].start


def test_copies_that_differ_in_case_space_and_punctuation_are_copies() -> None:
    loud = STORY.replace(",", " –").replace(". ", "!  ")
    answer = asked([*copies(1), *copies(25, loud, after=1), Article(id="o", title="Wire", text=OTHER)])
    assert answer.sentences[0].citation.article_id == "copy 0"
    assert len(answer.sentences[0].also) == 25
    assert OTHER in [sentence.text for sentence in answer.sentences]


def test_a_copy_with_another_byline_is_cited_as_equal() -> None:
    byline = Article(id="byline", title="Wire", text=f"By Dora Quint of the Zorp Gazette.\n\n{STORY}")
    answer = asked([*copies(19), byline])
    first = answer.sentences[0]
    assert ids(first.also) == [*(f"copy {n}" for n in range(1, 19)), "byline"]
    assert [ids((s.citation, *s.also)) for s in answer.sentences if "Quint" in s.text] in ([], [["byline"]])


def test_a_copy_with_another_number_is_an_answer_of_its_own() -> None:
    altered = Article(id="altered", title="Wire", text=STORY.replace("1740", "1741"))
    sentences = asked([*copies(19), altered]).sentences
    assert ["1740" in sentences[0].text, "1741" in sentences[1].text] == [True, True]
    assert len(sentences[0].also) == 18
    assert ids((sentences[1].citation, *sentences[1].also)) == ["altered"]
    pier = next(s for s in sentences if "second pier" in s.text)
    assert len(pier.also) == 19


def test_the_title_that_the_question_names_says_which_copy_is_meant() -> None:
    titled = [Article(id=year, title=f"Almanac of {year}", text=STORY) for year in ("1750", "1760", "1770")]
    first = asked(titled, "When did the harbour freeze, by the almanac of 1760?").sentences[0]
    assert ids((first.citation, *first.also)) == ["1760", "1750", "1770"]
    assert asked(titled).sentences[0].citation.article_id == "1750"


def test_titles_of_any_length_leave_the_first_copy_first() -> None:
    titled = [Article(id=str(n), title="Wire " * (30 - n), text=STORY) for n in range(30)]
    first = asked(titled).sentences[0]
    assert ids((first.citation, *first.also)) == [str(n) for n in range(30)]


def test_a_removed_copy_is_cited_no_more() -> None:
    index = ArticleIndex.from_articles(copies(3))
    index.remove("copy 0")
    (first, *_) = index.ask(WHEN, min_confidence=0).sentences
    assert ids((first.citation, *first.also)) == ["copy 1", "copy 2"]
    index.add(copies(1))
    (first, *_) = index.ask(WHEN, min_confidence=0).sentences
    assert ids((first.citation, *first.also)) == ["copy 1", "copy 2", "copy 0"]


@pytest.mark.parametrize("question", [WHEN, "Who asked the king for help?", "By whom was the pier built?"])
def test_scores_and_confidence_are_nearly_those_without_copies(question: str) -> None:
    alone = asked([*copies(1), Article(id="o", title="Wire", text=OTHER)], question)
    among = asked([*copies(40), Article(id="o", title="Wire", text=OTHER)], question)
    assert among.sentences[0].text == alone.sentences[0].text
    assert among.confidence == pytest.approx(alone.confidence, abs=0.03)


def test_a_refrain_cites_100_places_and_counts_the_rest() -> None:
    refrain = "The harbour of Zorp froze in 1740."
    article = Article(id="song", text=f"{refrain}\nThe council bought salt.\n" * 1000)
    first = asked([article]).sentences[0]
    assert first.text == refrain
    assert [place.line for place in (first.citation, *first.also)] == list(range(1, 202, 2))
    assert len(first.also) + first.also_more == 999


def test_few_places_are_all_cited() -> None:
    sentence = asked(copies(101)).sentences[0]
    assert (len(sentence.also), sentence.also_more) == (100, 0)


def test_equal_passages_are_one_group_and_others_are_not() -> None:
    texts = {"a": "The pier rotted.", "b": "THE PIER\trotted!", "c": "The pier fell."}
    store = MemoryStore()
    for name, text in texts.items():
        article = Article(id=name, text=text)
        store.add(article, analyse(article))
    one, two, other = store.passages

    def collapsed(passages: list[AnalysedPassage], most: int) -> list[AnalysedPassage]:
        return collapse(Reads(store), store.documents_at([p.key for p in passages]), (), most)

    groups = [[copy.passage for copy in group] for group in store.copies_of([two, other])]
    assert groups == [[one, two], [other]]
    assert collapsed([other, two, one], 9) == [other, one]
    store.remove("a")
    assert collapsed([two, other], 9) == [two, other]
    assert collapsed([two, other], 1) == [two]


SENTENCES = [
    "The harbour of Zorp froze in 1740.",
    "Ann Blim led the council of Quax for ten years.",
    "The council bought salt and bread from abroad.",
    "A second pier was built after the war.",
    "It fell into the sea in the same year.",
    "Nobody knew why the ships had left.",
]
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True).map(" ".join)
QUESTIONS = ["When did the harbour freeze?", "Who led the council?", "What was built after the war?"]


@settings(max_examples=30)
@given(TEXTS, st.integers(2, 45), st.sampled_from(QUESTIONS))
def test_k_copies_answer_as_one_does_with_k_minus_1_more_citations(
    text: str, number: int, question: str
) -> None:
    once, often = asked(copies(1, text), question), asked(copies(number, text), question)
    assert often.text == once.text
    assert often.citations == once.citations
    for sentence in often.sentences:
        assert ids((sentence.citation, *sentence.also)) == [f"copy {n}" for n in range(number)]
