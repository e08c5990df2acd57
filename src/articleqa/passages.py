"""Splitting of an article into passages and sentences, as spans.

A passage is one or more whole paragraphs of one section: short paragraphs are joined, and overlong ones are
cut at a sentence end. Headings are kept as context, and no passage crosses one. Boilerplate is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articleqa.exceptions import IndexDamagedError
from articleqa.models import Article, Passage, Span
from articleqa.sections import LedIn, sections_of
from articleqa.text.markup import MARKED_UP, without_markup
from articleqa.text.roles import CAPTION_WORDS, caption_part_words, role_words
from articleqa.text.terms import terms

SHORT_PASSAGE = 250
"""Paragraphs are joined until a passage has this many characters (about 40 words)."""

LONG_PASSAGE = 2500
"""A paragraph of more characters than this is cut at a sentence end."""

LONG_HEADING = 1_000
"""How many characters of a title or heading are context: every passage below it repeats them."""

_KEPT_CONTEXT = 256
"""How many titles and headings keep their terms: neighbouring passages share them."""


@dataclass(frozen=True, slots=True)
class AnalysedPassage:
    """A passage with its terms, which the retriever indexes and from which the features are computed.

    `sentence_terms` has the terms of each of the passage's sentences in order, including stop words, and
    words for the role of a caption or an author's note (see `text.roles`). `context` has the terms of the
    article's title, of the passage's headings, and of the lead-ins of a list that began before the passage.
    `key` identifies the passage in the retriever and is unique within an index.
    """

    key: str
    passage: Passage
    sentence_terms: tuple[tuple[str, ...], ...]
    context: tuple[str, ...]

    def terms(self) -> list[str]:
        """Return all terms that retrieval uses: the context first, then the sentences in order."""
        return [*self.context, *(term for sentence in self.sentence_terms for term in sentence)]


def analyse(article: Article) -> list[AnalysedPassage]:
    """Return the passages of `article` in reading order, with their terms."""
    return [
        AnalysedPassage(
            key=f"{article.id}#{number}",
            passage=passage,
            sentence_terms=tuple(_sentence_terms(article, passage)),
            context=tuple(_context_terms(article, passage)),
        )
        for number, passage in enumerate(passages_of(article))
    ]


def check_place(article: Article, passage: Passage) -> None:
    """Refuse a passage that does not lie in the text of its article; a damaged index may have one.

    Raises:
        IndexDamagedError: it does not.
    """
    if passage.span.end > len(article.text):
        raise IndexDamagedError(
            f"a passage lies outside the text of {article.id!r}: the index is damaged;"
            " rebuild it with `articleqa index check KB --repair`"
        )


def plain_text(article: Article, span: Span) -> str:
    """Return the text at `span`, with spaces in place of inline markup if the article has any."""
    text = span.of(article.text)
    return without_markup(text) if article.media_type in MARKED_UP else text


def context_of(passage: Passage, number: int = 0) -> tuple[Span, ...]:
    """Return the context of `passage` from this sentence on: its headings, and the lead-ins before it."""
    first = passage.sentence_spans[number].start
    before = (span for span in passage.lead_ins_of(number) if span.start < first)
    return (*passage.headings, *before)


def _sentence_terms(article: Article, passage: Passage) -> Iterator[tuple[str, ...]]:
    """Yield each sentence's terms, and those of the words for its role if its passage has one."""
    role = role_words(passage.span.of(article.text))
    for span in passage.sentence_spans:
        sentence = plain_text(article, span)
        part = caption_part_words(sentence) if role == CAPTION_WORDS else ""
        yield (*terms(sentence), *terms(f"{role} {part}")) if role else tuple(terms(sentence))


def _context_terms(article: Article, passage: Passage) -> Iterator[str]:
    context = [
        plain_text(article, Span(span.start, min(span.end, span.start + LONG_HEADING)))
        for span in context_of(passage)
    ]
    for line in dict.fromkeys([article.title[:LONG_HEADING], *context]):
        yield from _terms_of_context(line)


@lru_cache(_KEPT_CONTEXT)
def _terms_of_context(line: str) -> tuple[str, ...]:
    return tuple(terms(line))


def passages_of(article: Article) -> list[Passage]:
    """Return the passages of `article` in reading order; empty if it has no sentences."""
    return [
        Passage(
            article_id=article.id,
            span=Span(sentences[0].span.start, sentences[-1].span.end),
            sentence_spans=tuple(sentence.span for sentence in sentences),
            headings=section.headings,
            lead_ins=tuple(s.lead_ins for s in sentences) if any(s.lead_ins for s in sentences) else (),
        )
        for section in sections_of(article)
        for sentences in _join_short(article.text, [*_cut_long(section.paragraphs)])
    ]


def _cut_long(paragraphs: Sequence[list[LedIn]]) -> Iterator[list[LedIn]]:
    """Yield the paragraphs, with longer ones in pieces of at most `LONG_PASSAGE` characters.

    A sentence that alone is longer is a piece of its own.
    """
    for paragraph in paragraphs:
        piece: list[LedIn] = []
        for sentence in paragraph:
            if piece and sentence.span.end - piece[0].span.start > LONG_PASSAGE:
                yield piece
                piece = []
            piece.append(sentence)
        if piece:
            yield piece


def _join_short(text: str, paragraphs: list[list[LedIn]]) -> list[list[LedIn]]:
    """Join neighbouring paragraphs until each passage has `SHORT_PASSAGE` characters.

    A short paragraph that is left over at the section's end joins the passage before it. A paragraph with a
    role of its own, such as a caption, stays alone.
    """
    joined: list[list[LedIn]] = []
    joined_alone = open_to_more = False
    for number, paragraph in enumerate(paragraphs):
        alone = bool(role_words(text[paragraph[0].span.start : paragraph[-1].span.end]))
        leftover = number == len(paragraphs) - 1 and _length(paragraph) < SHORT_PASSAGE
        if not alone and joined and (open_to_more or (leftover and not joined_alone)):
            joined[-1] += paragraph
        else:
            joined.append([*paragraph])
            joined_alone = alone
        open_to_more = not joined_alone and _length(joined[-1]) < SHORT_PASSAGE
    return joined


def _length(sentences: list[LedIn]) -> int:
    return sentences[-1].span.end - sentences[0].span.start
