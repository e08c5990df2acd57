from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import AbstainReason, Answer, Article, ArticleIndex, ask
from articleqa.answers import SentenceExplanation
from articleqa.question.analysis import Question, analyse_question
from articleqa.question.subquestions import subquestions_of
from articleqa.ranking.features import FEATURES
from articleqa.ranking.ranker import shipped_ranker
from articleqa.ranking.scores import PARTS

UNION = Article(
    id="union",
    title="The union",
    text="The union of oil workers was large. It was shut by a court on January 4, 2017. Kharkova led it.",
)
QUESTION = "When was the union shut by a court?"


def of(*texts: str) -> list[Article]:
    return [Article(id=str(number), text=text) for number, text in enumerate(texts)]


def places(answer: Answer) -> list[list[str]]:
    return [
        [sentence.citation.article_id, *(also.article_id for also in sentence.also)]
        for sentence in answer.sentences
    ]


@pytest.mark.parametrize(
    "other",
    [
        "The court shut the union in 2017.",
        "THE COURT SHUT THE UNION IN 2017!",
        "“The court – shut the union, in 2017”",
        "The court\u00a0shut  the union in 2017",
        "The court shut the union in 2017…",
        "• The court shut the union in 2017.",
    ],
)
def test_a_sentence_that_differs_in_case_or_punctuation_is_shown_once(other: str) -> None:
    answer = ask(QUESTION, of("The court shut the union in 2017.", other), min_confidence=0, top_k=9)
    assert sorted(places(answer)[0]) == ["0", "1"]
    assert len(answer.sentences) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The court shut the union in 2017.", "The court shut the union in 2018."),
        ("The court of Zorp shut the union.", "The court of Quax shut the union."),
        ("The court fined the union $5.", "The court fined the union €5."),
        ("The union fell by 5%.", "The union fell by 5."),
        ("The union fell to -5.", "The union fell to 5."),
        ("The union fell to −5.", "The union fell to 5."),
        ("The union fell to 1.5.", "The union fell to 1 5."),
        ("The union won 1-5.", "The union won 1.5."),
        ("The union met at 5:30.", "The union met at 5.30."),
        ("The union uses C.", "The union uses C++."),
        ("The union uses C.", "The union uses C#."),
        ("The union was José.", "The union was Jose."),
    ],
)
def test_sentences_that_differ_in_a_number_or_a_name_are_two(one: str, other: str) -> None:
    answer = ask("What did the court and the union do?", of(one, other), min_confidence=0, top_k=9)
    assert sorted(places(answer)) == [["0"], ["1"]]


def test_ties_stand_in_the_order_of_articles_and_places() -> None:
    texts = [f"The union of {name} was shut." for name in ("Zorp", "Quax", "Blim")]
    answer = ask("Was the union shut?", of(*texts), min_confidence=0, top_k=9)
    assert len({s.score for s in answer.sentences}) == 1
    assert places(answer) == [["0"], ["1"], ["2"]]
    backwards = ask("Was the union shut?", of(*texts)[::-1], min_confidence=0, top_k=9)
    assert places(backwards) == [["2"], ["1"], ["0"]]
    assert answer.confidence == backwards.confidence


def test_a_leaning_sentence_is_quoted_alone_with_its_passage_as_context() -> None:
    answer = ask(QUESTION, UNION)
    assert answer.text == "It was shut by a court on January 4, 2017."
    (citation,) = answer.citations
    assert citation.quote == answer.text
    assert citation.context.of(UNION.text) == UNION.text


@pytest.mark.parametrize("top_k", [1, 2, 3, 50])
def test_top_k_is_how_many_sentences_come_back(top_k: int) -> None:
    answer = ask(QUESTION, UNION, top_k=top_k)
    assert len(answer.sentences) == min(top_k, 3)
    assert answer.sentences == ask(QUESTION, UNION, top_k=50).sentences[:top_k]


def test_a_threshold_of_0_never_abstains_while_a_sentence_matches() -> None:
    for question in ("union", "Was Kharkova in Paris in 1876 with 5 penguins?", QUESTION):
        answer = ask(question, UNION, min_confidence=0)
        assert answer.answered
        assert answer.reason is None
        assert answer.text == answer.sentences[0].text == answer.citations[0].quote


def test_the_threshold_itself_is_enough() -> None:
    sure = ask(QUESTION, UNION).confidence
    assert ask(QUESTION, UNION, min_confidence=sure).answered
    assert not ask(QUESTION, UNION, min_confidence=min(1.0, sure + 1e-9)).answered


def test_no_sentence_is_surer_than_the_one_before() -> None:
    for question in (QUESTION, "Who led it?", "union", "Was it large?", "Why?"):
        sentences = ask(question, UNION, top_k=9, min_confidence=0).sentences
        sure = [sentence.confidence for sentence in sentences]
        assert sure == sorted(sure, reverse=True)
        assert [s.score for s in sentences] == sorted((s.score for s in sentences), reverse=True)


@pytest.mark.parametrize(
    ("articles", "question", "reason"),
    [
        ([], QUESTION, AbstainReason.EMPTY_CORPUS),
        (of(" \n"), QUESTION, AbstainReason.EMPTY_CORPUS),
        ([UNION], "Zorp quax?", AbstainReason.NO_MATCHING_TERMS),
        ([UNION], "Did the union buy five penguins in Paris?", AbstainReason.BELOW_THRESHOLD),
    ],
)
def test_an_answer_that_abstains_says_why(
    articles: list[Article], question: str, reason: AbstainReason
) -> None:
    answer = ask(question, articles)
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())
    assert answer.reason is reason
    assert bool(answer.sentences) is (reason is AbstainReason.BELOW_THRESHOLD)
    assert (answer.confidence == 0.0) is not bool(answer.sentences)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Kharkhova resign?", [("Kharkhova", "Kharkova"), ("resign", None)]),
        ("Who led the unoin?", [("unoin", "union")]),
        ("In which year was the union shut?", []),
        ("How many hours was the union shut?", []),
        ("When in 1876 was the union shut?", [("1876", None)]),
        ("Was the union shut in 2018?", [("2018", None)]),
        (QUESTION, []),
    ],
)
def test_words_that_no_article_uses_are_named(question: str, expected: list[tuple[str, str | None]]) -> None:
    unmentioned = ask(question, UNION).never_mentioned
    assert [(term.word, term.suggestion) for term in unmentioned] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much?", []),
        ("Who led the union and how much was shut?", []),
        ("Explain how much the court paid", ["paid"]),
        ("By how much did it fall?", ["fall"]),
        ("Who led it, and how old was the zorp?", ["zorp"]),
        ("How do zorps fall?", ["zorps", "fall"]),
    ],
)
def test_a_word_that_asks_for_a_quantity_is_not_missed(question: str, expected: list[str]) -> None:
    assert [term.word for term in ask(question, UNION).never_mentioned] == expected


def test_an_empty_corpus_names_no_words() -> None:
    assert ask(QUESTION, []).never_mentioned == ()


def test_an_answer_explains_itself() -> None:
    answer = ask("When was the union of penguins shut?", UNION, min_confidence=0)
    explained = answer.explain()
    read = PARTS if shipped_ranker().network else ()
    assert len(explained) == len(answer.sentences)
    for sentence, why in zip(answer.sentences, explained, strict=True):
        assert (why.text, why.score, why.confidence) == (sentence.text, sentence.score, sentence.confidence)
        assert set(read) <= {share.name for share in why.features} <= {*FEATURES, *read}
        assert all(share.value for share in why.features if share.name in FEATURES)
        assert sum(share.share for share in why.features) == pytest.approx(sentence.score)
        assert why.expected == "time"
    best = explained[0]
    assert best.text == "It was shut by a court on January 4, 2017."
    assert (best.matched, best.unmatched) == (("shut",), ("union", "penguins"))
    assert best.met_by == ("January 4, 2017", "2017")


def test_an_answer_that_abstains_explains_what_was_nearest() -> None:
    assert ask(QUESTION, UNION, min_confidence=1).explain()
    assert ask("Zorp?", UNION).explain() == ()


def test_explanations_are_made_only_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(**fields: Any) -> SentenceExplanation:
        made.append(fields["text"])
        return SentenceExplanation(**fields)

    monkeypatch.setattr("articleqa.answering.explanations.SentenceExplanation", counted)
    answer = ask(QUESTION, UNION)
    assert answer.sentences
    assert not made
    explained = answer.explain()
    assert made == [each.text for each in explained] == [each.text for each in answer.sentences]


def test_an_answer_from_another_process_explains_itself_too() -> None:
    answer = ask(QUESTION, UNION)
    assert pickle.loads(pickle.dumps(answer)).explain() == answer.explain() != ()


def test_a_question_is_analysed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    analysed: list[str] = []

    def counted(text: str) -> Question:
        analysed.append(text)
        return analyse_question(text)

    for module in ("index.candidates", "question.subquestions"):
        monkeypatch.setattr(f"articleqa.{module}.analyse_question", counted)
    subquestions_of.cache_clear()
    ask("Where was the union?", UNION, min_confidence=0, top_k=9).explain()
    assert analysed == ["Where was the union?"]
    analysed.clear()
    # The parts of a question that asks for two things are analysed too, each once.
    ask("Where was the union and who led it?", UNION, min_confidence=0, top_k=9).explain()
    assert analysed == ["Where was the union and who led it?", "Where was the union", "who led it"]


def test_explanations_are_left_out_of_json() -> None:
    answer = ask(QUESTION, UNION)
    read = Answer.model_validate_json(answer.model_dump_json())
    assert answer.explain()
    assert read.explain() == ()
    assert read.model_dump() == answer.model_dump()
    assert "explanation" not in answer.model_dump_json()


@given(st.text(max_size=80), st.integers(1, 5))
def test_any_question_gets_an_answer(question: str, top_k: int) -> None:
    answer = INDEX.ask(question, top_k=top_k, min_confidence=0)
    assert answer.answered is bool(answer.sentences)
    assert len(answer.sentences) <= top_k
    assert all(sentence.citation.verify(UNION) for sentence in answer.sentences)


INDEX = ArticleIndex.from_articles([UNION])


@pytest.mark.parametrize("question", ["is it?", "why?", "the of and is", "who?", "to be or not to be", "the"])
def test_stop_words_alone_are_never_answered(question: str) -> None:
    answer = ask(question, UNION)
    assert (answer.answered, answer.confidence) == (False, 0.0)
    assert answer.reason is not None
