from __future__ import annotations

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from articleqa.text import terms as analyser
from articleqa.text.terms import content_terms, stop_terms, terms, tokens

WORDS = st.text(st.characters(categories=["L", "M", "N", "P", "Z"]), max_size=40)
ANY = st.one_of(st.text(max_size=200), WORDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café CAFÉ cafe\u0301 cafe", ["cafe"] * 4),
        ("naïve Ångström Łódź", ["naiv", "angstrom", "lodz"]),
        ("don’t don't donʼt", ["don't"] * 3),
        ("the dog’s dogs' dog", ["the", "dog", "dog", "dog"]),
        ("O’Brien O'Brien", ["obrien", "obrien"]),
        ("L’élève d'accord", ["elev", "accord"]),
        ("long-standing", ["long", "stand"]),
        ("E-mail e-mail email", ["email"] * 3),
        ("co-operate cooperate", ["cooper"] * 2),
        ("UN-backed", ["un", "back"]),
        ("1,200 1200 1\u202f200 1’200 1'200", ["1200"] * 5),
        ("1,200,000.5", ["1200000.5"]),
        ("3,5 3.5 3.5%", ["3.5"] * 3),
        ("4 January 2017", ["4", "januari", "2017"]),
        ("19th C87 H2O", ["19th", "c87", "h2o"]),
        ("٢٠١٧ २०१७ ２０１７", ["2017"] * 3),
        ("1,000人", ["1000", "人"]),
        ("colour color organise organize", ["color", "color", "organ", "organ"]),
        ("went goes going", ["go", "go", "go"]),
        ("confedera\u00adtion confederation", ["confeder"] * 2),
        ("ﬁsh fish Ⅻ xii", ["fish", "fish", "xii", "xii"]),
        ("straße STRASSE", ["strass"] * 2),
        ("_emphasis_ **bold**", ["emphasi", "bold"]),
    ],
)
def test_spellings_of_a_word_meet(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("法院关闭工会", ["法院", "院关", "关闭", "闭工", "工会"]),
        ("\U0001f6a2 ship ©", ["\U0001f6a2", "ship"]),
        ("社", ["社"]),
        ("中国A社", ["中国", "a", "社"]),
        ("ストライキ", ["スト", "トラ", "ライ", "イキ"]),
        ("대통령", ["대통", "통령"]),
        ("Суд ЗАКРЫЛ йод иод", ["суд", "закрыл", "йод", "иод"]),
        ("श्रमिक संघ", ["श्रमिक", "संघ"]),
        ("كَتَبَ كتب", ["كتب", "كتب"]),
        ("שָׁלוֹם שלום", ["שלום", "שלום"]),
        ("ΑΠΕΡΓΊΑ απεργία", ["απεργια", "απεργια"]),
    ],
)
def test_other_scripts_give_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_thai_gives_pairs() -> None:
    assert all(1 <= len(term) <= 3 for term in terms("ศาลสั่งปิดสหภาพแรงงาน"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The US said it", ["US", "say"]),
        ("U.S. and U.S rules", ["US", "US", "rule"]),
        ("us and who", ["us", "and", "who"]),  # nothing but stop words
        ("The WHO’s report, who’s right", ["WHO", "report", "right"]),
        ("US", ["US"]),
        ("US GDP", ["US", "gdp"]),
    ],
)
def test_an_acronym_is_not_the_stop_word_it_is_spelt_like(text: str, expected: list[str]) -> None:
    assert content_terms(text) == expected


def test_in_a_text_of_capitals_capitals_mean_nothing() -> None:
    assert content_terms("WHO TOLD US IT WAS OVER") == content_terms("who told us it was over")


def test_stop_words_are_known_and_left_out() -> None:
    assert content_terms("When was the confederation shut?") == ["confeder", "shut"]
    assert "when" in stop_terms()
    assert "confeder" not in stop_terms()


def test_a_question_of_stop_words_keeps_them() -> None:
    assert content_terms("What was it?") == ["what", "was", "it"]


@pytest.mark.parametrize("text", ["", " \n", "?!… —", "€%&", "\0\ufffd"])
def test_a_text_without_words_has_no_terms(text: str) -> None:
    assert terms(text) == content_terms(text) == []


@given(ANY)
@example("ʼs")
@example("ﷺ ͺ ⑴ ŉ \ufe70")
@example("1’000人’s")
def test_tokens_are_in_order_disjoint_and_give_terms_without_white_space(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        assert token.terms
        assert all(term and not any(map(str.isspace, term)) for term in token.terms)


@given(ANY)
@example("1\u202f200 200\u00a0000 1\n200 1,\n200 a\x1cb\x85c\u3000d")
@example("É 1\u2009200\ne-\nmail U. S.\tThe US, the U.S.")
@example("WHO IS IT\nÜBER US")
def test_terms_are_those_of_the_tokens(text: str) -> None:
    assert terms(text) == [term for token in tokens(text) for term in token.terms]


@given(ANY)
def test_every_letter_and_digit_is_in_a_token(text: str) -> None:
    covered = {i for token in tokens(text) for i in range(token.start, token.end)}
    lost = {char for i, char in enumerate(text) if char.isalnum() and i not in covered}
    assert all(char in "ʼ" or not (char.isalpha() or char.isdecimal()) for char in lost)


@given(st.text(st.characters(codec="latin-1", categories=["Ll", "Zs", "Nd"]), max_size=80))
def test_folding_case_first_changes_nothing(text: str) -> None:
    assert terms(text.casefold()) == terms(text)


@given(
    st.lists(st.sampled_from(["law", "US", "the", "don’t", "1,200", "法院", "U.S.", "E-mail"]), max_size=8)
)
def test_a_text_gives_the_same_terms_wherever_it_stands(words: list[str]) -> None:
    text = " ".join(words)
    assert terms(f"so {text} went") == ["so", *terms(f"so {text} went")[1:-1], "go"]
    assert content_terms(text) == (
        [term for token in tokens(text) if not token.is_stop for term in token.terms] or terms(text)
    )


LONG = [
    "a",
    "9",
    "1,",
    "1,000",
    "\u0301",
    "a\u0301",
    "'",
    "a'",
    "a.",
    "A.",
    "中",
    "ก",
    "-",
    "e-",
    "ß",
    "İ",
    "’s",
]


@pytest.mark.parametrize("unit", LONG)
def test_giant_words_are_analysed_and_not_kept(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert sum(map(len, terms(text))) <= 4 * len(text)
    list(tokens(text))
    kept = (*analyser._SAID, *analyser._SHOUTED)
    assert max(map(len, kept), default=0) <= analyser._LONGEST_WORD
    pieces = (*analyser._SAID_PIECES, *analyser._SHOUTED_PIECES)
    assert max(map(len, pieces)) <= analyser._LONGEST_PIECE


def test_no_more_words_are_kept_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyser, "_CACHED_WORDS", 5)
    words = analyser._AnalysedWords(shouting=False)
    for word in ("Ships", "sailed", "past", "seven", "green", "islands"):
        assert words[word] == words[word]
        assert len(words) <= 5
    assert words["Ships"] == (("ship",), False)
    pieces = analyser._AnalysedPieces(shouting=False)
    for piece in ("“Ships", "sailed,", "past", "seven", "long-standing", "islands.”"):
        assert pieces[piece] == pieces[piece]
        assert len(pieces) <= 5
    assert pieces["long-standing"] == ("long", "stand")


@given(st.text(alphabet="aB1.,'’-é中 \u00ad\u0301"))
def test_trying_plain_words_first_finds_the_same_words(text: str) -> None:
    assert analyser._TOKEN.findall(text) == regex.findall(analyser._WORD, text, analyser._TOKEN.flags)
