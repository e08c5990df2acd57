"""Short answers in a sentence: whole, apart, verbatim, and none in doubt."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Answer, Article, ArticleIndex, Highlight
from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import shipped_confidence
from articleqa.answering.short_answers import LONGEST, highlights_of, short_answers
from articleqa.arrays import Float64Array
from articleqa.index.memory_backend import MemoryBackend
from articleqa.question.analysis import analyse_question
from articleqa.ranking.network import Network
from articleqa.ranking.network_file import StoredNetwork
from articleqa.ranking.ranker import WORDS, Ranker, shipped_ranker
from articleqa.ranking.word_features import words_of
from articleqa.retrieval.search import CANDIDATE_PASSAGES
from articleqa.training.network import initial_arrays


def scores(sentence: str, *likely: str, share: float = 0.95) -> Float64Array:
    """Return scores by which the words `likely` have `share` of the probability, in equal parts."""
    words = words_of(sentence)
    named = [sentence[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    found = np.array([named.index(word) for word in likely])
    shares = np.full(len(named), (1 - share) / max(1, len(named) - len(found)))
    shares[found] = share / len(found)
    return np.asarray(np.log(shares))


def marked(question: str, sentence: str, *likely: str, share: float = 0.95) -> list[str]:
    spans = short_answers(analyse_question(question), sentence, scores(sentence, *likely, share=share))
    return [span.of(sentence) for span in spans]


COURT = "As a result, a court in southern Kazakhstan on January 4 shut down the confederation, it said."


@pytest.mark.parametrize(
    ("question", "sentence", "likely", "whole"),
    [
        ("When was it shut down?", COURT, "4", "January 4"),
        ("When was it shut down?", "It was shut on 3 May 2019 by a court.", "May", "3 May 2019"),
        ("When was it shut down?", "It was shut on May 3, 2019 by a court.", "2019", "May 3, 2019"),
        ("How much was lost?", "In all $1,200,000 was lost there.", "1,200,000", "$1,200,000"),
        ("How much did it cost?", "It cost 5 million dollars then.", "5", "5 million dollars"),
        ("How many were fined?", "About 12.5% were fined there.", "12.5", "12.5%"),
        ("How tall is it?", "The tower is 300 metres tall.", "300", "300 metres"),
        ("Who leads it?", "Its head is Larisa Kharkova since then.", "Kharkova", "Larisa Kharkova"),
        ("Who wrote it?", "It is by J. Smith of Leeds.", "Smith", "J. Smith"),
        ("What did it make?", "The firm made state-owned ships then.", "owned", "state-owned ships"),
        ("Which body is it?", "There is the UN Security Council too.", "Security", "UN Security Council"),
        ("Who asked for it?", "So it was Kazakhstan’s then, they say.", "Kazakhstan’s", "Kazakhstan"),
        ("Where was it?", COURT, "southern", "southern Kazakhstan"),
    ],
)
def test_no_date_number_name_or_compound_is_cut(
    question: str, sentence: str, likely: str, whole: str
) -> None:
    assert marked(question, sentence, likely) == [whole]


def test_words_sharing_the_probability_are_marked_as_one_span() -> None:
    sentence = "The strike began because of low pay and long hours, they say."
    assert marked("Why did the strike begin?", sentence, "low", "pay", "long", "hours") == [
        "low pay and long hours"
    ]


def test_a_mark_begins_and_ends_with_a_word_that_is_new() -> None:
    sentence = "The harbour of the town froze in the bitter winter of that year."
    question = "When did the harbour freeze?"
    assert marked(question, sentence, "bitter", "winter", "of", share=0.99) == ["bitter winter"]
    assert marked("When did the harbour freeze?", sentence, "harbour", "froze") == []


def test_a_mark_crosses_no_bracket_dash_or_semicolon() -> None:
    for mark in ("(", " – ", "; ", ": ", " “"):
        sentence = f"They sell copper{mark}silver to others."
        assert marked("What do they trade?", sentence, "copper", "silver", share=0.99) == []
        assert marked("What do they trade?", sentence, "copper", share=0.99) == ["copper"]


def test_a_date_does_not_run_into_the_next_clause() -> None:
    sentence = "Leagues began in the 1880s, and professional hockey originated around 1900."
    assert marked("When did amateur leagues begin?", sentence, "1880s", share=0.8) == ["1880s"]


def test_where_a_name_is_asked_for_no_date_is_marked() -> None:
    assert marked("Who shut down the confederation?", COURT, "January") == []
    assert marked("Who shut it down?", COURT, "court", "southern", "Kazakhstan", "January", share=0.99) == [
        "court in southern Kazakhstan"
    ]


def test_a_phrase_is_marked_with_its_noun_and_a_name_without_its_verb() -> None:
    rights = "It is one that respects basic human rights, they hope."
    assert marked("What should it do?", rights, "basic", "human") == ["basic human rights"]
    assert marked("Where were the talks?", "As the talks in Astana show, it is.", "Astana") == ["Astana"]


def test_nothing_is_marked_in_doubt() -> None:
    assert marked("When was it shut down?", COURT, "4", share=0.95) == ["January 4"]
    assert marked("When was it shut down?", COURT, "4", share=0.3) == []
    assert short_answers(analyse_question("When?"), COURT, np.zeros(len(words_of(COURT).terms))) == ()


def test_a_question_of_yes_or_no_has_no_mark() -> None:
    assert marked("Was the confederation shut down?", COURT, "4") == []


def test_a_sentence_is_never_marked_whole() -> None:
    assert marked("What does he say?", "Copper mines.", "Copper", "mines") == []
    assert marked("What does he say?", "Copper mines, he says.", "Copper", "mines") == ["Copper mines"]


def test_a_sentence_without_words_has_no_mark() -> None:
    assert short_answers(analyse_question("What?"), "...", np.zeros(1)) == ()


def test_a_question_for_a_list_has_each_item_marked() -> None:
    sentence = "Certain animals could provide leather, wool, hides and fertilizer, it is said."
    question = "What goods are the animals good for?"
    assert analyse_question(question).asks_for_many
    items = ["leather", "wool", "hides", "fertilizer"]
    assert marked(question, sentence, *items) == items
    assert marked("What could they make?", sentence, "leather") == ["leather"]


def test_an_item_beside_no_other_must_be_likely_by_itself() -> None:
    sentence = "Norway ratified the treaty in spring, and much later Chad did so."
    question = "Which countries ratified the treaty?"
    assert marked(question, sentence, "Norway", "Chad") == ["Norway", "Chad"]
    one = scores(sentence, "Norway")
    assert [s.of(sentence) for s in short_answers(analyse_question(question), sentence, one)] == ["Norway"]


WRAPPED = (
    "The union had been at odds with the government for years before it all happened. As a result\r\n"
    "of a new law, a court in the south of the country shut down the whole union there on January\r\n"
    "4, at the request of the ministry, and many of the members went on a hunger strike soon after\r\n"
    "that. It has not been able to register since then, and its leaders were fined or were jailed.\r\n"
)


def test_places_are_those_of_the_article_over_line_ends_too() -> None:
    index = ArticleIndex.from_articles([Article(id="a", text=WRAPPED)])
    candidates = index.candidates("When was the union shut?")
    row = next(row for row, found in enumerate(candidates) if "January" in found.text)
    word_scores = scores(candidates[row].text, "January", "4")
    (highlight,) = highlights_of(candidates.question, candidates[row], word_scores)
    start = WRAPPED.index("January")
    assert highlight == Highlight(start=start, end=start + 10, text="January\r\n4")


def test_what_nothing_read_has_no_mark() -> None:
    index = ArticleIndex.from_articles([Article(id="a", text=COURT)])
    candidates = index.candidates("When was the confederation shut down?")
    assert highlights_of(candidates.question, candidates[0], None) == ()


@cache
def ranker_of_chance(seed: int) -> Ranker:
    """Return a ranker with a network of random weights, sure of whatever it says."""
    arrays = initial_arrays(np.random.default_rng(seed))
    arrays["word_output"] *= 60
    network = StoredNetwork.of(Network.from_arrays(arrays))
    return Ranker(about="", weights=shipped_ranker().weights, network=network)


def asked(question: str, text: str, seed: int) -> Answer:
    index = ArticleIndex(MemoryBackend(), Answerer(ranker_of_chance(seed), shipped_confidence(WORDS)))
    index.add([Article(id="a", text=text)])
    return index.ask(question, top_k=CANDIDATE_PASSAGES)


PIECES = (
    *(
        "On 3 May 2019 the union (UTU) was shut",
        "J. R. Smith’s 12.5% of $5 million",
        "low pay, long hours and",
    ),
    *(
        "Norway,",
        "Chad",
        "and",
        "the",
        "—",
        "“quoted words”",
        "state-owned",
        "300 km",
        "工会",
        "e\u0301té",
        "U.S.",
    ),
    *("union.", "Why?", "x" * 90, "\u00a0", "😀", "’s", "%", "$"),
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", " ", "\n", "\r\n", "", "\n\n"]))
).map(lambda pairs: "".join(piece + gap for piece, gap in pairs))
QUESTIONS = st.sampled_from(
    [
        "When was the union shut?",
        "Which countries left the union?",
        "Who was paid, when and why?",
        "How many of the hours?",
        "union pay",
        "Was the union shut?",
    ]
)


@given(text=TEXTS, question=QUESTIONS, seed=st.integers(0, 3))
def test_highlights_are_verbatim_apart_and_in_reading_order(text: str, question: str, seed: int) -> None:
    answer = asked(question, text, seed)
    for sentence in answer.sentences:
        place, done = sentence.citation, sentence.citation.start
        for highlight in sentence.highlights:
            assert done <= highlight.start < highlight.end <= place.end
            assert text[highlight.start : highlight.end] == highlight.text == highlight.text.strip()
            assert highlight.text != sentence.text
            done = highlight.end
    assert answer == asked(question, text, seed)


@given(text=st.one_of(TEXTS, st.text()), question=QUESTIONS, data=st.data())
def test_any_scores_of_any_sentence_give_spans_of_a_few_words_within_it(
    text: str, question: str, data: st.DataObject
) -> None:
    count = len(words_of(text).terms)
    values = data.draw(st.lists(st.floats(-30, 30), min_size=count, max_size=count))
    spans = short_answers(analyse_question(question), text, np.array(values))
    assert list(spans) == sorted(spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        words = words_of(text)
        assert sum((words.starts < span.end) & (span.start < words.ends)) <= LONGEST


def test_a_network_of_chance_marks_something() -> None:
    text = "On 3 May 2019 the union (UTU) was shut in Leeds for low pay, long hours and 300 other reasons."
    assert any(s.highlights for seed in range(4) for s in asked("When was it shut?", text, seed).sentences)


def test_an_answer_with_highlights_survives_json() -> None:
    text = "On 3 May 2019 the union (UTU) was shut in Leeds for low pay, long hours and 300 other reasons."
    for seed in range(4):
        answer = asked("When was it shut?", text, seed)
        assert Answer.model_validate_json(answer.model_dump_json()).sentences[0].highlights == (
            answer.sentences[0].highlights
        )
