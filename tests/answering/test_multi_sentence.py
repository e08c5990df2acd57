"""An answer that needs two sentences has both, in reading order, and any other has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import Answer, Article, ArticleIndex, load_articles
from articleqa.answering.multi_sentence import MOST

SEEDS = Path(__file__).parents[2] / "seeds"
TEXTS = {
    "arrest": "The editor of the Zorp Gazette, Ann Blim, had long been watched. Blim was arrested on 3 May"
    " 2019 by the secret police. She was seized at her home in Quaxburg and taken away in a van. The trial"
    " opened in Brum on 7 June 2020.",
    "treaty": "The Lake Treaty was signed in Geneva in 1990. Norway ratified the treaty in 1995. Chad"
    " ratified the treaty in 2003. Brazil refused to ratify the treaty because its fishermen feared for"
    " their catch.",
    "dockers": "The dockers of Zorp went on strike in March. The demands of the dockers are:\n\n"
    "- higher pay for night work\n- an end to unpaid overtime\n- a pension at the age of sixty\n\n"
    "The port authority has not replied, and ships wait outside the harbour for the third week.",
    "mill": "The mill at Brum closed in 2004. It employed 300 people when it closed. A museum opened in the"
    " building in 2011.",
    "students": "The students demanded an end to tuition fees. They also demanded free buses and seats on the"
    " council. The rector refused to meet them.",
    "bridge": "The bridge was too weak for the new trains. As a result, the council closed the bridge of Brum"
    " in 1998. Ferries took its place.",
}
ARTICLES = [Article(id=name, title=name, text=text) for name, text in TEXTS.items()]
INDEX = ArticleIndex.from_articles(ARTICLES)
WHERE = "When and where was Ann Blim arrested?"
SEVERAL = [
    WHERE,
    "Who closed the bridge of Brum and why?",
    "When did the mill at Brum close and how many people did it employ?",
    "Which countries ratified the treaty?",
    "In which years was the treaty ratified?",
    "What demands did the students make?",
    "What are the demands of the dockers?",
]


def quotes(question: str, index: ArticleIndex = INDEX, top_k: int = 3) -> list[str]:
    answer = index.ask(question, top_k=top_k, min_confidence=0)
    assert answer.text == " ".join(citation.quote for citation in answer.citations)
    assert all(citation.verify(index.articles[citation.article_id]) for citation in answer.citations)
    return [citation.quote for citation in answer.citations]


def test_the_sentence_that_gives_the_second_thing_asked_for_is_added() -> None:
    assert quotes(WHERE) == [
        "Blim was arrested on 3 May 2019 by the secret police.",
        "She was seized at her home in Quaxburg and taken away in a van.",
    ]
    assert quotes("When did the mill at Brum close and how many people did it employ?") == [
        "The mill at Brum closed in 2004.",
        "It employed 300 people when it closed.",
    ]


def test_as_a_result_brings_the_cause_that_stands_before_it() -> None:
    assert quotes("Who closed the bridge of Brum and why?") == [
        "The bridge was too weak for the new trains.",
        "As a result, the council closed the bridge of Brum in 1998.",
    ]


def test_a_list_goes_on_where_the_text_says_so() -> None:
    assert quotes("What demands did the students make?") == [
        "The students demanded an end to tuition fees.",
        "They also demanded free buses and seats on the council.",
    ]
    assert quotes("What are the demands of the dockers?") == [
        "The demands of the dockers are:",
        "higher pay for night work",
        "an end to unpaid overtime",
        "a pension at the age of sixty",
    ]


def test_a_list_is_gathered_from_sentences_that_say_the_same_of_others() -> None:
    ratified = ["Norway ratified the treaty in 1995.", "Chad ratified the treaty in 2003."]
    assert quotes("Which countries ratified the treaty?") == ratified
    assert quotes("In which years was the treaty ratified?") == ratified


@pytest.mark.parametrize(
    "question",
    [
        "When was Ann Blim arrested?",
        "When was Blim arrested and by whom?",  # one sentence says both
        "Who was arrested and when?",
        "When did the museum open and why?",  # no sentence says why
        "Why did Brazil refuse to ratify the treaty and when?",  # the others are about other countries
        "What did the students demand?",
        "Which country ratified the treaty?",
        "Which students met the rector?",
    ],
)
def test_every_other_answer_is_one_sentence(question: str) -> None:
    assert len(quotes(question)) == 1


@pytest.mark.parametrize("question", SEVERAL)
def test_the_answer_is_the_same_for_every_top_k(question: str) -> None:
    answers = [INDEX.ask(question, top_k=top_k, min_confidence=0) for top_k in (1, 2, 3, 50)]
    assert len({(answer.text, answer.citations, answer.confidence) for answer in answers}) == 1
    assert len(answers[0].sentences) == 1
    assert len(answers[0].citations) > 1


@pytest.mark.parametrize("question", SEVERAL)
def test_confidence_and_rank_order_are_those_of_the_sentences_alone(question: str) -> None:
    answer = INDEX.ask(question, top_k=50, min_confidence=0)
    assert answer.confidence == answer.sentences[0].confidence
    assert answer.sentences[0].citation in answer.citations
    scores = [sentence.score for sentence in answer.sentences]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("question", SEVERAL)
def test_an_answer_that_abstains_has_no_sentence_at_all(question: str) -> None:
    answer = INDEX.ask(question, min_confidence=1)
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())


def test_reading_order_is_that_of_the_articles_and_then_of_the_places() -> None:
    split = [
        Article(id="a", text="Norway ratified the treaty in 1995."),
        Article(id="b", text="Chad ratified the treaty in 2003. Peru ratified the treaty in 2004."),
    ]
    for articles in (split, split[::-1]):
        index = ArticleIndex.from_articles(articles)
        answer = index.ask("Which countries ratified the treaty?", min_confidence=0)
        places = [(list(index.articles).index(c.article_id), c.start) for c in answer.citations]
        assert len(places) == 3
        assert places == sorted(places)


def test_an_answer_has_at_most_three_sentences() -> None:
    text = " ".join(f"{name} ratified the treaty." for name in ("Norway", "Chad", "Peru", "Fiji", "Oman"))
    index = ArticleIndex.from_articles([Article(id="a", text=text)])
    assert len(quotes("Which countries ratified the treaty?", index)) == MOST


def test_copies_of_an_article_add_no_sentence() -> None:
    copies = [
        article.model_copy(update={"id": f"{article.id} {n}"}) for n in range(5) for article in ARTICLES
    ]
    index = ArticleIndex.from_articles(copies)
    for question in (WHERE, "Which countries ratified the treaty?"):
        assert quotes(question, index) == quotes(question)


def test_the_seeds_answer_in_two_sentences() -> None:
    index = ArticleIndex.from_articles(load_articles(SEEDS))
    answer = index.ask("Who shut down the confederation and why?")
    cause, deed = answer.citations
    assert cause.quote.endswith("been unable to fully register under the law.")
    assert deed.quote.startswith("As a result, a court in southern Kazakhstan")
    assert answer.sentences[0].citation == deed


def answer_to(question: str, text: str) -> Answer:
    return ArticleIndex.from_articles([Article(id="a", text=text)]).ask(question, min_confidence=0)


def test_no_sentence_is_taken_twice() -> None:
    text = (
        "In March 1990 Ivan Petrov sued the owners of the plant in Aktau. As a result, the plant was shut"
        " down. The workers left the town. Some of them came back years later to work on farms."
    )
    cited = [c.start for c in answer_to("What happened to the plant and when and why?", text).citations]
    assert cited == sorted(set(cited))


def test_as_a_result_does_not_point_back_across_a_blank_line() -> None:
    text = (
        "The firm made profits. Unrelated stuff here about cats.\n\n"
        "As a result, the bridge was closed by Mary Lee on 3 May 1999."
    )
    assert "cats" not in answer_to("Who closed the bridge and why?", text).text


def test_a_line_that_announces_a_list_takes_no_item_s_place() -> None:
    text = (
        "The committee made three recommendations to the government:\n\n- Lift the bans on union leaders.\n"
        "- Amend the law on trade unions.\n- Allow unions to register freely.\n"
    )
    answer = answer_to("What recommendations did the committee make?", text)
    assert answer.text.endswith("Allow unions to register freely.")
