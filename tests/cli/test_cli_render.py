"""What people see: lit sentences, narrow terminals, harmless text, confidence in words."""

from __future__ import annotations

import re
import unicodedata

import pytest
from rich.cells import cell_len

from articleqa import Answer, Article, ArticleIndex, Highlight
from articleqa.answers import confidence_words
from articleqa.cli.escaping import excerpt
from articleqa.cli.render import ALSO, answer_lines
from articleqa.cli.terminal import Screen, paint
from articleqa.printing import one_line, shown

PIPE = Screen(width=None, styled=False)
TEXT = (
    "# Harbour\n\nThe harbour lies in the north. The harbour froze in the winter of 1740, and for"
    " eleven weeks no ship could enter or leave it. Bread was dear.\n"
)


def asked(question: str, *texts: str, top_k: int = 3) -> tuple[Answer, ArticleIndex]:
    index = ArticleIndex.from_articles(
        Article(id=f"{number}.md", title="Harbour", text=text, media_type="text/markdown")
        for number, text in enumerate(texts)
    )
    answer = index.ask(question, top_k=top_k, min_confidence=0.0)
    # Without those that the shipped ranker gives: tests here give their own.
    bare = tuple(sentence.model_copy(update={"highlights": ()}) for sentence in answer.sentences)
    return answer.model_copy(update={"sentences": bare}), index


def highlighted(answer: Answer, *texts: str) -> Answer:
    """Return `answer` with `texts` marked in its first sentence."""
    first, *others = answer.sentences
    starts = [first.citation.start + first.text.index(text) for text in texts]
    highlights = tuple(
        Highlight(start=start, end=start + len(text), text=text)
        for start, text in zip(starts, texts, strict=True)
    )
    return answer.model_copy(
        update={"sentences": (first.model_copy(update={"highlights": highlights}), *others)}
    )


def painted(answer: Answer, index: ArticleIndex, screen: Screen) -> str:
    return paint(answer_lines(answer, index.articles, lit=screen.styled), screen)


def test_a_screen_with_styles_shows_the_sentence_bold_in_its_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    answer, index = asked("When did the harbour freeze?", TEXT, top_k=1)
    first_line = painted(answer, index, Screen(width=400, styled=True)).splitlines()[0]
    before, after = TEXT.removeprefix("# Harbour\n\n").strip().split(answer.text)
    assert first_line == f"{before}\x1b[1m{answer.text}\x1b[0m{after}"


def test_short_answers_are_underlined_within_the_bold_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    answer, index = asked("When did the harbour freeze?", TEXT, top_k=1)
    answer = highlighted(answer, "winter of 1740", "eleven weeks")
    first_line = painted(answer, index, Screen(width=400, styled=True)).splitlines()[0]
    assert "\x1b[1;4mwinter of 1740\x1b[0m\x1b[1m, and for \x1b[0m\x1b[1;4meleven weeks\x1b[0m" in first_line
    assert re.sub(r"\x1b\[[0-9;]*m", "", first_line) == TEXT.removeprefix("# Harbour\n\n").strip()


def test_short_answers_at_sentence_and_line_ends_are_in_place() -> None:
    wrapped = (
        "The harbour froze in the winter of 1740 and for all of the eleven weeks that came thereafter\r\n"
        "no ship could enter it or leave it again, so that the bread was very dear in all of the town\r\n"
        "and many went without it, and that was so until the ships came again in the month of spring.\r\n"
    )
    answer, index = asked("When did the harbour freeze?", wrapped, top_k=1)
    ends = ("The harbour", "thereafter\r\nno ship", "month of spring.")
    parts = next(answer_lines(highlighted(answer, *ends), index.articles, lit=True)).parts
    assert [text for text, style in parts if "underline" in style] == [shown(text) for text in ends]
    assert "".join(text for text, _ in parts).strip() == shown(wrapped).strip()


@pytest.mark.parametrize("width", [1, 12, 40, 80, 200])
def test_short_answers_do_not_change_how_lines_are_wrapped(width: int) -> None:
    answer, index = asked("When did the harbour freeze?", TEXT)
    screen = Screen(width, styled=True)
    plain, styled = (
        re.sub(r"\x1b\[[0-9;]*m", "", painted(found, index, screen))
        for found in (answer, highlighted(answer, "winter of 1740", "eleven weeks"))
    )
    assert styled == plain


@pytest.mark.parametrize("screen", [PIPE, Screen(width=80, styled=False)])
def test_short_answers_have_no_mark_where_there_are_no_styles(screen: Screen) -> None:
    answer, index = asked("When did the harbour freeze?", TEXT)
    assert painted(highlighted(answer, "winter of 1740"), index, screen) == painted(answer, index, screen)


def test_a_screen_without_styles_shows_the_sentence_alone() -> None:
    answer, index = asked("When did the harbour freeze?", TEXT, top_k=1)
    lines = painted(answer, index, Screen(width=400, styled=False)).splitlines()
    assert lines[:2] == [answer.text, ""]


@pytest.mark.parametrize("width", [1, 12, 40, 80, 200])
@pytest.mark.parametrize("styled", [False, True])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width: int, styled: bool) -> None:
    answer, index = asked("When did the harbour freeze?", TEXT, "港は1740年の冬に凍った。harbour freeze " * 9)
    text = re.sub(r"\x1b\[[0-9;]*m", "", painted(answer, index, Screen(width, styled)))
    indent = 3 if width == 1 else 0  # an indent and one character are the least
    assert all(cell_len(line) <= width + indent for line in text.splitlines())
    for word in (answer.text, "Harbour", "characters"):
        assert "".join(word.split()) in "".join(text.split())


def test_in_a_pipe_each_sentence_is_one_line_however_long() -> None:
    long = "The harbour froze in 1740 " + "and then it froze again " * 200 + "until it thawed."
    answer, index = asked("When did the harbour freeze?", long)
    assert painted(answer, index, PIPE).splitlines()[0] == answer.text
    assert len(answer.text) > 4000


def test_a_long_passage_is_cut_around_the_lit_sentence() -> None:
    padding = "Nothing else was ever said of those who lived there. " * 15
    answer, index = asked(
        "When did the harbour freeze?", f"{padding}The harbour froze in 1740. {padding}", top_k=1
    )
    lines = list(answer_lines(answer, index.articles, lit=True))
    (before, _), (quote, style), (after, _) = lines[0].parts
    assert (quote, style) == ("The harbour froze in 1740.", "bold")
    assert before.startswith("…")
    assert after.endswith("…")
    assert max(len(before), len(after)) <= 501


def test_nearest_sentences_are_shortened_at_a_word() -> None:
    assert excerpt("one two three", 13) == "one two three"
    assert excerpt("one two three four", 13) == "one two…"
    assert excerpt("onetwothreefour", 10) == "onetwothr…"
    assert excerpt("one\r\n  two", 20) == "one two"


def test_the_same_sentence_elsewhere_is_cited_and_counted() -> None:
    answer, index = asked("When did the harbour freeze?", *["The harbour froze in 1740."] * 3)
    lines = painted(answer, index, PIPE).splitlines()
    assert lines[3:6] == [
        f"{also}{n}.md, line 1, characters 0–26" for n, also in enumerate(["", *["also: "] * 2])
    ]
    answer, index = asked("When did the harbour freeze?", *["The harbour froze in 1740."] * (ALSO + 8))
    assert "also: 7 more places" in painted(answer, index, PIPE)


def test_more_places_counts_those_that_are_not_cited() -> None:
    answer, index = asked("When did the harbour freeze?", *["The harbour froze in 1740."] * (ALSO + 201))
    assert answer.sentences[0].also_more == 105
    assert "also: 200 more places" in painted(answer, index, PIPE)


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "high (1.00)"),
        (0.9999, "high (0.99)"),
        (0.75, "high (0.75)"),
        (0.7499, "fair (0.74)"),
        (0.5, "fair (0.50)"),
        (0.29, "low (0.29)"),
        (1e-9, "low (0.00)"),
        (0.0, "low (0.00)"),
    ],
)
def test_confidence_is_a_word_and_a_number_never_rounded_up(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_nothing_shown_can_steer_a_terminal() -> None:
    everything = "".join(map(chr, range(0x110000)))
    kept = shown(everything)
    assert not [char for char in kept if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n"]
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(kept)
    assert "\n" not in one_line(everything)
    assert shown("a\r\nb\rc\u2028d\te\x1b[0m") == "a\nb\nc\nd\te\ufffd[0m"
    assert shown("naïve “x” 日本 👩‍👩‍👧") == "naïve “x” 日本 👩‍👩‍👧"


BLIM = (
    "The editor had long been watched. Ann Blim was arrested on 3 May 2019. She was seized at her home in"
    " Quaxburg and taken away in a van. Nobody saw the van again."
)
WHERE = "When and where was Ann Blim arrested?"


def test_two_sentences_are_shown_in_reading_order_with_places() -> None:
    answer, index = asked(WHERE, BLIM)
    lines = painted(answer, index, PIPE).splitlines()
    first, second = (citation.quote for citation in answer.citations)
    assert lines[:3] == [first, second, ""]
    assert [line[:5] for line in lines[3:6]] == ["Harbo", "0.md,", "0.md,"]
    assert lines[6].startswith("confidence: ")
    assert lines[8] == "Next nearest:"
    nearest = [answer.sentences.index(s) + 1 for s in answer.sentences if s.citation not in answer.citations]
    assert [line for line in lines[9:] if re.match(r"\d\. ", line)] == [
        f"{rank}. {answer.sentences[rank - 1].text}" for rank in nearest
    ]


def test_two_sentences_of_a_passage_are_lit_in_it_together() -> None:
    answer, index = asked(WHERE, BLIM)
    parts = next(answer_lines(answer, index.articles, lit=True)).parts
    assert "".join(text for text, _ in parts) == BLIM
    assert [text for text, style in parts if style == "bold"] == [c.quote for c in answer.citations]


def test_sentences_of_two_articles_are_shown_one_after_the_other() -> None:
    answer, index = asked(
        "Which countries ratified the treaty?", "Norway ratified the treaty.", "Chad ratified the treaty."
    )
    lines = painted(answer, index, PIPE).splitlines()
    assert lines[0] == "Norway ratified the treaty."
    assert lines[5] == "Chad ratified the treaty."
    assert lines[3].startswith("0.md")
    assert lines[8].startswith("1.md")
    assert not any(line.startswith("Next") for line in lines)
