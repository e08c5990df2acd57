from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import SupportsIndex

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articleqa.exceptions import DataFileError
from articleqa.language import Language
from articleqa.models import Span
from articleqa.text.sentences import punkt
from articleqa.text.sentences.spans import LONGEST_SENTENCE, MAX_SENTENCE, sentence_spans
from articleqa.training.data_files.punkt import SOURCES
from user_path import USER_PATH

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sentences.txt"
CASE = re.compile(r"^(?P<title>.+)\n\.\n(?P<input>(?s:.*?))\n\.\n(?P<expected>(?s:.*?))^\.$", re.MULTILINE)


def unescaped(line: str) -> str:
    controls = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}
    return re.sub(r"\\(?:[nrt]|u[\da-f]{4})", lambda m: controls.get(m[0]) or chr(int(m[0][2:], 16)), line)


def cases() -> list[object]:
    _, cases = re.split(r"^-{20,}$", FIXTURES.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)
    return [
        pytest.param(
            unescaped(case["input"]),
            case["title"].endswith("(hard-wrapped)"),
            [unescaped(line) for line in case["expected"].splitlines()],
            id=case["title"],
        )
        for case in CASE.finditer(cases)
    ]


@pytest.mark.parametrize(("text", "hard_wrapped", "expected"), cases())
def test_fixture(text: str, hard_wrapped: bool, expected: list[str]) -> None:
    assert [span.of(text) for span in sentence_spans(text, hard_wrapped=hard_wrapped)] == expected


def test_the_fixture_file_is_read_to_its_end() -> None:
    stops = FIXTURES.read_text(encoding="utf-8").splitlines().count(".")
    assert 200 <= len(cases()) == stops / 3


def test_offsets_point_into_the_whole_text() -> None:
    text = "Heading. He left. She stayed. Footer."
    assert sentence_spans(text, 9, 29) == [Span(9, 17), Span(18, 29)]


def test_a_stretch_may_start_and_end_inside_a_sentence() -> None:
    text = "He met Mr. Smith. She stayed."
    assert [span.of(text) for span in sentence_spans(text, 3, 21)] == ["met Mr. Smith.", "She"]


def test_an_empty_stretch_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans("He left.", 3, 3) == []


def test_a_long_sentence_stays_whole() -> None:
    text = "word " * (LONGEST_SENTENCE // 5)
    assert sentence_spans(text) == [Span(0, len(text) - 1)]


@pytest.mark.parametrize("text", ["word " * 5_000, "a" * 25_000, "a" * 9_000 + " " * 9_000 + "b" * 9_000])
def test_a_stretch_without_an_end_is_cut_into_quotable_pieces(text: str) -> None:
    spans = sentence_spans(text)
    assert max(map(len, spans)) <= MAX_SENTENCE
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())


def test_pieces_are_cut_at_white_space_where_there_is_any() -> None:
    text = "word " * 5_000
    assert all(span.of(text).split(" ")[0] == "word" for span in sentence_spans(text))


# Everything here could mislead a rule: marks, quotes, brackets, list numbers, line ends, other scripts.
MARKS = [*".?!…。।؟\"'“”«»()[]{}–-:;,*#\u200b\u00a0 \n\r\t😀", "\r\n", "\n\n", ". ", "Mr.", "U.S.", "A."]
WORDS = ["1.", "etc.", "word", "The", "i", "[3]", "5", "Smith", "said", "http://a.b", "と"]
MARKED = st.lists(st.sampled_from(MARKS + WORDS)).map("".join)


@given(st.one_of(st.text(), MARKED), st.booleans())
@example("a" * (LONGEST_SENTENCE + 1) + "\r\n\r\n.", True)
def test_spans_hold_everything_once_and_nothing_else(text: str, hard_wrapped: bool) -> None:
    spans = sentence_spans(text, hard_wrapped=hard_wrapped)
    ends = [0, *(offset for span in spans for offset in (span.start, span.end)), len(text)]
    assert ends == sorted(ends)
    assert all(span.of(text) and span.of(text) == span.of(text).strip() for span in spans)
    assert "".join(text.split()) == "".join("".join(span.of(text).split()) for span in spans)
    for span in spans:
        lines = span.of(text).splitlines()
        assert all(line.strip() for line in lines)
        assert hard_wrapped or len(lines) == 1


@given(MARKED, st.booleans(), st.data())
def test_a_stretch_gives_what_its_text_alone_would_give(
    text: str, hard_wrapped: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = sentence_spans(text[start:end], hard_wrapped=hard_wrapped)
    shifted = [Span(span.start + start, span.end + start) for span in alone]
    assert sentence_spans(text, start, end, hard_wrapped=hard_wrapped) == shifted


@pytest.mark.parametrize(
    "unit", ["a", "word ", ".", ". . . ", "?!", "A. ", "“", "a.b", "U.S. ", "Mr. ", "[a].", '."', " » ", "1."]
)
def test_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    assert work(unit * 8_000) <= 2.5 * work(unit * 4_000) + 100


class Watched(str):
    """A text that counts the characters copied out of it."""

    copied = 0

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        piece = super().__getitem__(key)
        self.copied += len(piece)
        return piece


def work(text: str) -> int:
    """Count the function calls, those into C among them, and the characters copied to split `text`."""
    sentence_spans("A warm start, etc. The rest. In the U.S. He left...")
    watched = Watched(text)
    calls = 0

    def note(*_: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        sentence_spans(watched)
    finally:
        sys.setprofile(before)
    return calls + watched.copied


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    variables = {**os.environ, "PYTHONPATH": USER_PATH, **environment}
    return subprocess.run([sys.executable, *arguments], env=variables, check=False)


def test_importing_does_not_import_nltk() -> None:
    code = "import sys, articleqa.text.sentences.spans; sys.exit('nltk' in sys.modules)"
    assert run("-c", code).returncode == 0


def test_parameters_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Language, "punkt", lambda _: '{"version": 0}')
    punkt._parameters.cache_clear()
    try:
        with pytest.raises(DataFileError, match=r"punkt\.json has version 0, not 1"):
            punkt.is_ordinary("word")
    finally:
        punkt._parameters.cache_clear()


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    sentences = [
        f"The house of {name} was empty in the U.S. when we came. However, the tin was full."
        for name in ("Smith", "J. Lee", "Mr. Fox", "Zoë", "the Rev. Jones")
    ]
    for number, source in enumerate(SOURCES):
        paragraphs = [{"context": " ".join(sentences[number:]), "qas": []}]
        (tmp_path / source).write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    outputs = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = ["-m", "articleqa.training.data_files.punkt", "--data", str(tmp_path), "--out", str(out)]
        assert run(*command, PYTHONHASHSEED=seed).returncode == 0
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["abbreviations"] == ["mr", "rev", "u.s"]
