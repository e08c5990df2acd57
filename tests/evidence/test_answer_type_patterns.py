from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evidence.answer_type_matching import TYPED
from articleqa.evidence.answer_type_patterns import mentions_of
from articleqa.evidence.sentence_form import sentence_form
from articleqa.language.answer_types import AnswerType

T = AnswerType


@pytest.mark.parametrize(
    ("kind", "sentence", "mention", "strength"),
    [
        (T.TIME, "It closed on January 4, 2017.", "January 4, 2017", 1.0),
        (T.TIME, "It closed on 4 January 2017.", "4 January 2017", 1.0),
        (T.TIME, "It rained in 1998.", "1998", 1.0),
        (T.TIME, "It was the 1990s.", "1990s", 1.0),
        (T.TIME, "In the 19th century it rained.", "19th century", 0.9),
        (T.TIME, "Caesar died in 44 BC.", "44 BC", 0.9),
        (T.TIME, "They met on Monday.", "Monday", 0.8),
        (T.TIME, "They met at 5:30 pm.", "5:30 pm", 0.8),
        (T.TIME, "They met last week.", "last week", 0.7),
        (T.TIME, "He left two days later.", "two days later", 0.7),
        (T.TIME, "They met yesterday.", "yesterday", 0.4),
        (T.DURATION, "It lasted six months.", "six months", 1.0),
        (T.DURATION, "It was a 10-year ban.", "10-year", 1.0),
        (T.DURATION, "It ran since 2014.", "since 2014", 0.5),
        (T.MONEY, "It cost $3.5 million.", "$3.5 million", 1.0),
        (T.MONEY, "They paid two hundred euros.", "two hundred euros", 1.0),
        (T.MONEY, "A fine of €1,200 was paid.", "€1,200", 1.0),
        (T.NUMBER, "More than 1,200 workers left.", "1,200", 1.0),
        (T.NUMBER, "It fell by twenty-five percent.", "twenty-five percent", 1.0),
        (T.NUMBER, "It fell by 5%.", "5%", 1.0),
        (T.NUMBER, "He has three thousand.", "three thousand", 1.0),
        (T.NUMBER, "Only half stayed.", "half", 0.7),
        (T.NUMBER, "There were several.", "several", 0.4),
        (T.PERSON, "They met President Nursultan Nazarbayev.", "President Nursultan Nazarbayev", 1.0),
        (T.PERSON, "It was Larisa Kharkova.", "Larisa Kharkova", 0.9),
        (T.PERSON, "It was the Justice Ministry.", "Justice Ministry", 0.8),
        (T.PERSON, "Later the court ruled.", "court", 0.5),
        (T.PLACE, "It was in southern Kazakhstan.", "in southern Kazakhstan", 1.0),
        (T.PLACE, "They like Astana.", "Astana", 0.7),
        (T.PLACE, "He sat under the table.", "under the table", 0.4),
        (T.CAUSE, "It closed because of rain.", "because", 1.0),
        (T.CAUSE, "They were accused of fraud.", "accused of", 0.6),
        (T.CAUSE, "He went to sleep.", "to sleep", 0.3),
        (T.MANNER, "They escaped by digging.", "by digging", 1.0),
        (T.MANNER, "They left quickly.", "quickly", 0.4),
        (T.NAME, "It was the International Labour Organization.", "International Labour Organization", 1.0),
        (T.NAME, "They saw “Gone home”.", "“Gone home”", 0.9),
        (T.DEFINITION, "A union is a group of workers.", "is a", 1.0),
        (T.DEFINITION, "Astana, the capital, was cold.", ", the capital", 0.7),
        (T.EXPANSION, "The International Labour Organization (ILO) met.", "(ILO)", 1.0),
    ],
)
def test_a_sentence_mentions(kind: AnswerType, sentence: str, mention: str, strength: float) -> None:
    found = mentions_of(sentence, kind)
    assert (mention, strength) in [(m.text, m.strength) for m in found]
    assert found[0].strength == max(m.strength for m in found)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (T.TIME, "It may rain on the march."),
        (T.TIME, "It has 1998,5 and 12,1998,000 of them."),
        (T.DURATION, "It closed in 2017."),
        (T.MONEY, "It fell by 5%."),
        (T.NUMBER, "Someone went alone."),
        (T.PERSON, "It rained in March."),
        (T.PERSON, "Nothing happened."),
        (T.PLACE, "Nothing happened on Monday."),
        (T.CAUSE, "It rained."),
        (T.MANNER, "It rained."),
        (T.NAME, "it rained"),
        (T.DEFINITION, "It rained."),
        (T.EXPANSION, "It rained (a bit)."),
        (T.EXPANSION, "(ILO)"),
    ],
)
def test_a_sentence_does_not_mention(kind: AnswerType, sentence: str) -> None:
    assert mentions_of(sentence, kind) == ()


@pytest.mark.parametrize("kind", [T.THING, T.YES_NO])
def test_what_anything_may_answer_has_no_mentions(kind: AnswerType) -> None:
    assert mentions_of("On Monday 5 people met in Astana because of it.", kind) == ()


def test_a_mention_has_the_terms_of_its_content_words() -> None:
    (mention, *_) = mentions_of("It was in the United Kingdom.", T.PLACE)
    assert mention.text == "in the United Kingdom"
    assert mention.terms == {"unit", "kingdom"}


WORDS = [
    "In",
    "the",
    "of",
    "January",
    "4,",
    "2017",
    "1,200",
    "five",
    "hundred",
    "years",
    "ago",
    "President",
    "Kharkova",
    "(ILO)",
    "Union",
    "U.S.",
    "$5",
    "“Gone",
    "home”",
    "because",
    "by",
    "walking",
    "is",
    "a",
    "😀",
    "é\u0301",
    "工会",
    "٣",
    "\u2028",
]
SENTENCES = st.one_of(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.text(max_size=100))


@given(SENTENCES, st.sampled_from(TYPED))
def test_a_mention_stands_where_it_says(sentence: str, kind: AnswerType) -> None:
    for mention in mentions_of(sentence, kind):
        assert mention.kind is kind
        assert sentence[mention.start : mention.end] == mention.text != ""
        assert 0.0 < mention.strength <= 1.0


HOSTILE = [
    "A ",
    "a, ",
    "1",
    "1,",
    "1.1 ",
    "In the ",
    "In A of the ",
    "(",
    "(A",
    "A",
    "A.",
    "A-",
    "A'",
    "“",
    '"a',
    "one hundred ",
    "one-",
    "Union ",
    "A A A Union. ",
    "President ",
    "2 January ",
    " ",
    "\n",
    "near a ",
    "by a",
    "so aly ",
    "a,b c ",
    "!”",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_sentences_come_to_an_end(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    for sentence in (text, text.lower()):
        sentence_form(sentence)
        for kind in TYPED:
            assert all(mention.end <= 2_000 for mention in mentions_of(sentence, kind))


def test_only_the_head_of_a_giant_sentence_is_looked_at() -> None:
    assert mentions_of("x " * 2_000 + "2017", T.TIME) == ()
    assert [m.text for m in mentions_of("2017 " + "x " * 2_000, T.TIME)] == ["2017"]


@pytest.mark.parametrize(
    ("sentence", "traits"),
    [
        ("It rained.", "leans"),
        ("“They rained.”", "leans"),
        ("The latter rained.", "leans"),
        ("Italy rained.", ""),
        ("Why rain?", "asks"),
        ("Why rain?”", "asks"),
        ("Rain, snow and ice came.", "lists"),
        ("Rain and ice came.", ""),
        ("Rain", "open_ended"),
        ("Rain: ice", "open_ended"),
        ("Rain…", ""),
        ("下雨。", ""),
        ("下雨？", "asks"),
        ("He left", "leans open_ended"),
        ("", "open_ended"),
    ],
)
def test_a_sentence_shows_its_form(sentence: str, traits: str) -> None:
    surface = sentence_form(sentence)
    names = ("open_ended", "asks", "leans", "lists")
    assert {name for name in names if getattr(surface, name)} == set(traits.split())
