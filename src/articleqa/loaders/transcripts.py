"""The loaders for subtitles, VTT and SRT: transcripts whose sentences go on across cues and have times.

A cue is a text and the time for which it is shown. Each speaker is a heading of what they say.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import regex

from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from webvtt.models import Caption

UNNAMED = "Speaker"
"""The heading of what a speaker says who is not named, after one who is."""

LONGEST_PARAGRAPH = 800
"""A paragraph of more characters than this ends with the next sentence."""

LONGEST_SENTENCE = 400
"""So many characters without a full stop are speech without punctuation: each such stretch is a paragraph."""

MOST_CUES = 100_000
"""Maximum number of cues: a film has 2,000, and 100,000 take 10 seconds and 150 MB."""

PAUSE = 4.0
"""Seconds of silence after a sentence that begin a new paragraph."""

_VOICE = regex.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>", regex.IGNORECASE)
_TAG = regex.compile(r"</?[a-z0-9][^<>]*>|\{\\[^{}]*\}", regex.IGNORECASE)
_DASH = regex.compile(r"\s*(?:[-–—]\s*(?=\P{N})|>{2,3}\s*)")
_LABEL = regex.compile(r"(\p{Lu}[\p{L}\p{M}.'’ -]{0,39}?)\s?:\s+(?=\S)")
_SOUND = regex.compile(r"(?:[♪♫\s]|\[[^\]]*\]|\([^)]*\)|♪[^♪]*♪)+")
_SOUND_WITHIN = regex.compile(
    r"\[[^\[\]]{1,80}\]|\(\p{Lu}[\p{Lu} ,.'’-]*\)|^\(\p{Ll}[\p{Ll} ,'’-]{1,40}\)|♪[^♪]*♪|[♪♫]"
)
"""A sound beside what is said: "[laughs]", "(LAUGHS)", or "(laughs)" at the start."""

_TIMING = regex.compile(r"[ \t]*(?:\d+:)?\d+:\d\d[,.]\d+[ \t]*-->")
_SENTENCE_END = regex.compile(r"[.!?…。！？][\"'”’»)\]]*$")


class _Cue(NamedTuple):
    """What one speaker says in a cue, and when, in seconds."""

    start: float
    end: float
    speaker: str
    text: str


def load_vtt(data: bytes, article_id: str, source: str) -> Article:
    """Return the transcript in a VTT file; see `_load`."""
    return _load(data, article_id, source, "vtt")


def load_srt(data: bytes, article_id: str, source: str) -> Article:
    """Return the transcript in an SRT file; see `_load`."""
    return _load(data, article_id, source, "srt")


def _load(data: bytes, article_id: str, source: str, kind: str) -> Article:
    """Return the transcript in a file of subtitles.

    Lines that a cue repeats from the one before it, as in captions that roll, and descriptions of sounds such
    as "[applause]" are left out.

    Raises:
        MissingLibraryError: webvtt-py is not installed.
        UnreadableDataError: `data` is not text, or has no cue.
    """
    webvtt = optional_import("webvtt", extra="subtitles")
    try:
        text = decode(data).text.strip()
        if text.count("-->") > MOST_CUES:
            raise UnreadableDataError(f"has more than {MOST_CUES:,} cues; split it")
        text = _numbered(text) if kind == "srt" else text
        captions = webvtt.WebVTT.from_buffer(io.StringIO(text), format=kind).captions
    except (BinaryDataError, webvtt.errors.MalformedFileError):
        raise UnreadableDataError(
            f"not a file of {kind.upper()} subtitles; save it as .txt if it is plain text"
        ) from None
    builder = TextBuilder()
    speaker = ""
    for paragraph in _paragraphs(_with_speakers(list(_cues(captions)))):
        if paragraph[0].speaker != speaker:
            speaker = paragraph[0].speaker
            builder.heading(speaker or UNNAMED, 1)
        for number, cue in enumerate(paragraph):
            builder.time(cue.start)
            (builder.continue_paragraph if number else builder.paragraph)(cue.text)
    return builder.article(
        article_id,
        source,
        title=PurePath(article_id).stem,
        media_type="text/vtt" if kind == "vtt" else "application/x-subrip",
        extractor=f"webvtt-py/{library_version('webvtt-py')}",
        metadata={},
    )


def _numbered(text: str) -> str:
    """Return SRT subtitles with a number above each cue: webvtt-py needs one, players do not."""
    lines: list[str] = []
    for line in text.splitlines():
        if _TIMING.match(line):
            is_numbered = bool(lines) and lines[-1].strip().isdecimal()
            lines += [] if is_numbered else ["", str(len(lines))]
        lines.append(line)
    return "\n".join(lines).lstrip("\n")


def _cues(captions: Sequence[Caption]) -> Iterator[_Cue]:
    """Yield what is said in each cue, without the lines that it repeats from the one before it."""
    before: list[str] = []
    for caption in captions:
        lines = [line.strip() for line in caption.raw_text.split("\n") if _text_of(line)]
        texts = [_text_of(line) for line in lines]
        repeated = next((n for n in range(len(texts), 0, -1) if texts[:n] == before[-n:]), 0)
        before = texts or before
        speaker, parts = "", list[str]()
        for line, text in zip(lines[repeated:], texts[repeated:], strict=True):
            voice = _VOICE.search(line)
            if (voice or _DASH.match(text)) and parts:
                yield from _cue(caption, speaker, parts)
                parts = []
            speaker = unescape(voice[1]).strip() if voice else ("" if _DASH.match(text) else speaker)
            if not _SOUND.fullmatch(text):
                parts.append(_DASH.sub("", text, count=1) if _DASH.match(text) else text)
        if parts:
            yield from _cue(caption, speaker, parts)


def _cue(caption: Caption, speaker: str, parts: Sequence[str]) -> Iterator[_Cue]:
    start, end = (each.in_milliseconds() / 1000 for each in (caption.start_time, caption.end_time))
    text = " ".join(_SOUND_WITHIN.sub(" ", " ".join(parts)).split())
    if text:
        yield _Cue(start, end, speaker, text)


def _text_of(line: str) -> str:
    return " ".join(unescape(_TAG.sub("", line)).split())


def _with_speakers(cues: Sequence[_Cue]) -> list[_Cue]:
    """Return `cues` with the names before their texts as speakers: "ODRA: Yes", or a name that comes back."""
    labels = [_LABEL.match(cue.text) for cue in cues]
    counts = Counter(label[1] for label in labels if label)
    named: list[_Cue] = []
    speaker = ""
    for cue, label in zip(cues, labels, strict=True):
        if label and (label[1].isupper() or counts[label[1]] > 1):
            speaker = label[1]
            cue = cue._replace(text=cue.text[label.end() :])
        elif cue.speaker:
            speaker = ""
        named.append(cue._replace(speaker=cue.speaker or speaker))
    return named


def _paragraphs(cues: Sequence[_Cue]) -> Iterator[list[_Cue]]:
    """Yield the cues of each paragraph: of one speaker, without a pause after a sentence."""
    paragraph: list[_Cue] = []
    length = since_stop = 0
    for cue in cues:
        if paragraph:
            last = paragraph[-1]
            is_stop = _SENTENCE_END.search(last.text) is not None
            is_pause = cue.start - last.end > PAUSE
            is_long = length > LONGEST_PARAGRAPH
            if (
                cue.speaker != last.speaker
                or (is_stop and (is_pause or is_long))
                or since_stop > LONGEST_SENTENCE
            ):
                yield paragraph
                paragraph, length, since_stop = [], 0, 0
            elif is_stop:
                since_stop = 0
        paragraph.append(cue)
        length += len(cue.text)
        since_stop += len(cue.text)
    if paragraph:
        yield paragraph
