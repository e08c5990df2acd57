"""Subtitles as transcripts: sentences across cues, their speakers, and the time at which each is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, SourceCheck, load_articles
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.transcripts import load_srt, load_vtt


def vtt(*cues: tuple[str, str]) -> bytes:
    """Return a VTT file of cues, each of a start and a text; each is shown for two seconds."""
    blocks = [f"{start} --> {start[:-4]}.999\n{text}" for start, text in cues]
    return "\n\n".join(["WEBVTT", *blocks]).encode()


def body(article: Article) -> list[str]:
    return [
        ("# " if block.kind == "heading" else "") + block.span.of(article.text)
        for block in article.blocks or ()
    ]


def loaded(*cues: tuple[str, str]) -> Article:
    return load_vtt(vtt(*cues), "board.vtt", "talks/board.vtt")


TALK = (
    ("00:00:01.000", "<v Odra Vell>The fee for a night at the quay"),
    ("00:01:03.500", "<v Odra Vell>rose to six crowns. It had been"),
    ("01:02:03.000", "<v Odra Vell>four since 1998."),
    ("01:02:09.000", "<v Pell Marun>The board &amp; I chose a new pilot."),
)


def test_sentences_are_joined_across_cues_below_their_speakers() -> None:
    assert body(loaded(*TALK)) == [
        "# Odra Vell",
        "The fee for a night at the quay rose to six crowns. It had been four since 1998.",
        "# Pell Marun",
        "The board & I chose a new pilot.",
    ]


@pytest.mark.parametrize("on_disk", [False, True])
def test_citations_have_the_time_and_the_speaker(tmp_path: Path, on_disk: bool) -> None:
    path = tmp_path / "board.vtt"
    path.write_bytes(vtt(*TALK))
    index = ArticleIndex.create(tmp_path / "kb") if on_disk else ArticleIndex.from_articles([])
    index.add(load_articles(path))
    for question, time, speaker in (
        ("What is the fee for a night at the quay?", "0:00:01", "Odra Vell"),
        ("What had it been since 1998?", "0:01:03", "Odra Vell"),
        ("Whom did the board choose?", "1:02:09", "Pell Marun"),
    ):
        citation = index.ask(question, top_k=1, min_confidence=0).sentences[0].citation
        assert (citation.time, citation.section) == (time, (speaker,))
        assert f"at {time}" in citation.place
        assert citation.verify(index.articles[citation.article_id])
        assert citation.verify_source() is SourceCheck.YES


def test_other_citations_have_no_time() -> None:
    index = ArticleIndex.from_articles([Article(id="a", text="The fee rose to six crowns.")])
    assert index.ask("What is the fee?", min_confidence=0).sentences[0].citation.time is None


def test_subtitles_of_films_are_read() -> None:
    data = (
        b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>The fee rose</i>\r\nto six crowns.\r\n\r\n"
        b"2\r\n00:00:04,000 --> 00:00:06,000\r\n- When?\r\n- In May.\r\n\r\n"
        b"3\r\n00:00:07,000 --> 00:00:09,000\r\n[applause]\r\n"
    )
    article = load_srt(data, "film.srt", "film.srt")
    assert body(article) == ["The fee rose to six crowns. When? In May."]
    assert (article.title, article.media_type) == ("film", "application/x-subrip")


def test_lines_that_captions_repeat_while_they_roll_stand_once() -> None:
    article = loaded(
        ("00:00:01.000", "the fee rose"),
        ("00:00:02.000", "the fee rose\nto six<00:00:02.500><c> crowns</c>"),
        ("00:00:03.000", "to six crowns"),
        ("00:00:04.000", "to six crowns\nin May"),
    )
    assert article.text == "the fee rose to six crowns in May"


def test_names_before_what_is_said_are_speakers() -> None:
    article = loaded(
        ("00:00:01.000", "ODRA VELL: The fee rose."),
        ("00:00:03.000", "It is six crowns."),
        ("00:00:05.000", "Pell: Why?"),
        ("00:00:07.000", "Pell: And when?"),
        ("00:00:09.000", "One more thing: it rains."),
    )
    assert body(article) == [
        *("# ODRA VELL", "The fee rose. It is six crowns."),
        *("# Pell", "Why? And when? One more thing: it rains."),
    ]


def test_speech_without_punctuation_is_cut_between_cues() -> None:
    cues = [(f"00:{n // 60:02}:{n % 60:02}.000", f"and the boat number {n} came in late") for n in range(200)]
    article = loaded(*cues)
    assert max(len(line) for line in body(article)) < 500


def test_a_pause_after_a_sentence_begins_a_paragraph() -> None:
    cues = ("00:00:01.000", "The fee rose."), ("00:00:30.000", "It is six crowns.")
    assert body(loaded(*cues)) == ["The fee rose.", "It is six crowns."]


@pytest.mark.parametrize("data", [b"", b"It rained.", b"\0\1\2" * 900, b"\x89PNG", b"1\n\n"])
def test_what_is_no_file_of_subtitles_is_refused(data: bytes) -> None:
    for load in (load_vtt, load_srt):
        with pytest.raises(UnreadableDataError, match="not a file of"):
            load(data, "a", "a")


def test_more_cues_than_are_read_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articleqa.loaders.transcripts.MOST_CUES", 3)
    with pytest.raises(UnreadableDataError, match="has more than 3 cues; split it"):
        loaded(*TALK)


@settings(max_examples=30)
@given(st.data())
def test_damaged_subtitles_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(vtt(*TALK))
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=10)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        article = load_vtt(bytes(damaged), "a", "a")
    except UnreadableDataError:
        return
    offsets = [offset for offset, _ in article.times]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(article.text) for offset in offsets)


def test_sounds_beside_what_is_said_are_left_out() -> None:
    article = loaded(
        ("00:00:01.000", "The fee rose. [LAUGHTER]"),
        ("00:00:03.000", "[MUSIC PLAYING] It is (COUGHS) six crowns,"),
        ("00:00:05.000", "(door slams) as the board (of 1998) said."),
        ("00:00:07.000", "[INAUDIBLE] [MUSIC]"),
    )
    assert article.text == "The fee rose. It is six crowns, as the board (of 1998) said."


def test_cues_without_numbers_are_read() -> None:
    data = (
        b"00:00:01,000 --> 00:00:03,000\nThe fee rose\n\n00:00:03,500 --> 00:00:05,000\nto six crowns.\n"
        b"00:00:06,000 --> 00:00:07,000\n42 boats came.\n\n7\n00:00:08,000 --> 00:00:09,000\nOne sank.\n"
    )
    article = load_srt(data, "film.srt", "film.srt")
    assert article.text == "The fee rose to six crowns. 42 boats came. One sank."
    assert [seconds for _, seconds in article.times] == [1.0, 3.5, 6.0, 8.0]
