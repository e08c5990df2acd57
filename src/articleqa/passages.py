"""An article into passages and sentences, as spans.

A passage is one or more whole paragraphs of one section: short paragraphs are joined, overlong ones
cut at a sentence end, headings kept as context and never crossed, boilerplate left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from articleqa.models import Article, Block, BlockKind, Passage, Span
from articleqa.text.blocks import blocks_of
from articleqa.text.roles import CAPTION_WORDS, caption_part_words, role_words
from articleqa.text.sentences import sentence_spans
from articleqa.text.terms import terms

SHORT_PASSAGE = 250
"""Paragraphs are joined until a passage has this many characters (about 40 words)."""

LONG_PASSAGE = 2500
"""A paragraph of more characters than this is cut at a sentence end."""

LONG_HEADING = 1_000
"""Characters of a title or heading that are context: every passage below it repeats them."""

MOST_HEADINGS = 30
"""Headings that a passage keeps, the innermost: an outline may have thousands in a row."""

_ANSWERING = frozenset({BlockKind.PROSE, BlockKind.ITEM, BlockKind.ROW, BlockKind.CODE})
"""Blocks whose sentences answer; each other kind ends a passage."""

_QUOTE_MARKS = regex.compile(r"(?:>[ \t]*+)++(?=\S)")


@dataclass(frozen=True, slots=True)
class AnalysedPassage:
    """A passage with its terms: what the retriever indexes and the features are computed from.

    `sentences` holds the terms of each of the passage's sentences in order, stop words among them, and
    words for the role of a caption or an author's note (see `text.roles`);
    `context` those of the article's title and of the passage's headings. `key` names the
    passage in the retriever and is unique within an index.
    """

    key: str
    passage: Passage
    sentences: tuple[tuple[str, ...], ...]
    context: tuple[str, ...]

    def terms(self) -> list[str]:
        """Return all terms that retrieval sees: context first, then the sentences in order."""
        return [*self.context, *(term for sentence in self.sentences for term in sentence)]


def analyse(article: Article) -> list[AnalysedPassage]:
    """Return the passages of `article` in reading order, with their terms."""
    return [
        AnalysedPassage(
            key=f"{article.id}#{number}",
            passage=passage,
            sentences=tuple(_sentence_terms(article, passage)),
            context=tuple(_context_terms(article, passage)),
        )
        for number, passage in enumerate(passages_of(article))
    ]


def _sentence_terms(article: Article, passage: Passage) -> Iterator[tuple[str, ...]]:
    """Yield each sentence's terms: its own, and the words for what it is where it does not say so."""
    role = role_words(passage.span.of(article.text))
    for span in passage.sentences:
        sentence = span.of(article.text)
        part = caption_part_words(sentence) if role == CAPTION_WORDS else ""
        yield (*terms(sentence), *terms(f"{role} {part}"))


def _context_terms(article: Article, passage: Passage) -> Iterator[str]:
    headings = [
        article.text[heading.start : min(heading.end, heading.start + LONG_HEADING)]
        for heading in passage.headings
    ]
    for line in dict.fromkeys([article.title[:LONG_HEADING], *headings]):
        yield from terms(line)


def passages_of(article: Article) -> list[Passage]:
    """Return the passages of `article` in reading order (none where it has no sentences)."""
    return [
        Passage(
            article_id=article.id,
            span=Span(sentences[0].start, sentences[-1].end),
            sentences=tuple(sentences),
            headings=headings,
        )
        for headings, paragraphs in _sections(article)
        for sentences in _join_short(article.text, paragraphs)
    ]


def _sections(article: Article) -> Iterator[tuple[tuple[Span, ...], list[list[Span]]]]:
    """Yield each section's headings and its paragraphs, a paragraph being its sentences' spans.

    Boilerplate inside a section divides it in two, so that no passage spans it, and so does a table
    with a header row, which is a heading of its rows alone.
    """
    headings: list[Block] = []
    header_row: tuple[Span, ...] = ()
    paragraphs: list[list[Span]] = []
    has_text = False
    for block in _blocks(article):
        ends_table = bool(header_row) and block.kind is not BlockKind.ROW
        if paragraphs and (ends_table or block.kind not in _ANSWERING):
            yield (*(heading.span for heading in headings), *header_row), paragraphs
            paragraphs = []
        if ends_table:
            header_row = ()
        if block.kind in (BlockKind.PROSE, BlockKind.ITEM):
            paragraphs.extend(_cut_long(_sentences(article, block)))
            has_text = True
        elif block.kind in (BlockKind.ROW, BlockKind.CODE):
            paragraphs.append([block.span])
            has_text = True
        elif block.kind is BlockKind.HEADER_ROW:
            header_row = (block.span,)
        elif block.kind is BlockKind.HEADING:
            if has_text:
                headings = [heading for heading in headings if heading.level < block.level]
            headings = [*headings[1 - MOST_HEADINGS :], block]
            has_text = False
    if paragraphs:
        yield (*(heading.span for heading in headings), *header_row), paragraphs


def _blocks(article: Article) -> Sequence[Block]:
    return blocks_of(article.text, article.media_type) if article.blocks is None else article.blocks


def _sentences(article: Article, block: Block) -> list[Span]:
    sentences = sentence_spans(
        article.text, block.span.start, block.span.end, hard_wrapped=block.hard_wrapped
    )
    if article.media_type != "text/markdown":
        return sentences
    return [_without_quote_marks(article.text, sentence) for sentence in sentences]


def _without_quote_marks(text: str, sentence: Span) -> Span:
    """Return a sentence of Markdown without the ">" that opens each line of a quotation."""
    marks = _QUOTE_MARKS.match(text, sentence.start, sentence.end)
    return Span(marks.end(), sentence.end) if marks else sentence


def _cut_long(sentences: list[Span]) -> Iterator[list[Span]]:
    """Yield the sentences of one paragraph in pieces of at most `LONG_PASSAGE` characters.

    A sentence that is longer by itself is a piece by itself.
    """
    piece: list[Span] = []
    for sentence in sentences:
        if piece and sentence.end - piece[0].start > LONG_PASSAGE:
            yield piece
            piece = []
        piece.append(sentence)
    if piece:
        yield piece


def _join_short(text: str, paragraphs: list[list[Span]]) -> list[list[Span]]:
    """Join neighbouring paragraphs until each passage has `SHORT_PASSAGE` characters.

    What is left over at the section's end joins the passage before it. A paragraph with a role of its
    own, such as a caption, stays alone.
    """
    joined: list[list[Span]] = []
    joined_alone = open_to_more = False
    for number, paragraph in enumerate(paragraphs):
        alone = bool(role_words(text[paragraph[0].start : paragraph[-1].end]))
        leftover = number == len(paragraphs) - 1 and _length(paragraph) < SHORT_PASSAGE
        if not alone and joined and (open_to_more or (leftover and not joined_alone)):
            joined[-1] += paragraph
        else:
            joined.append([*paragraph])
            joined_alone = alone
        open_to_more = not joined_alone and _length(joined[-1]) < SHORT_PASSAGE
    return joined


def _length(sentences: list[Span]) -> int:
    return sentences[-1].end - sentences[0].start
