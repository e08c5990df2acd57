"""Turn an answer into styled lines for people; `articleqa.cli.terminal` prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from articleqa.answers import (
    Answer,
    Outcome,
    RankedSentence,
    SentenceExplanation,
    UnmentionedTerm,
    confidence_words,
    why_empty,
)
from articleqa.cli.escaping import excerpt
from articleqa.loaders.paths import shown_source
from articleqa.models import Article, Citation
from articleqa.printing import one_line, shown

EXCERPT = 160
"""The most characters shown of a sentence that is not the answer."""

SURROUNDINGS = 500
"""The most characters shown of the passage on each side of a highlighted sentence."""

ABOVE = 80
"""The most characters shown of a heading, or of the line that introduces a list."""

ALSO = 5
"""The most other places of the same sentence that are listed; the rest are only counted."""

UNMENTIONED = 10
"""The most never-mentioned words that are listed; the rest are only counted."""


class Line(NamedTuple):
    """One logical line: parts, each a text and its style ("", "bold", "dim"), after a mark in the indent."""

    parts: tuple[tuple[str, str], ...] = ()
    indent: int = 0
    mark: str = ""


BLANK = Line()

LIT, SHORT_ANSWER = "bold", "bold underline"
"""The styles of an answering sentence within its passage, and of the short answers within the sentence."""


def answer_lines(answer: Answer, articles: Mapping[str, Article], *, lit: bool) -> Iterator[Line]:
    """Yield the lines of `answer`.

    With `lit`, the answer is shown within its passage, in bold, with its short answers underlined; otherwise
    it is shown alone, unstyled.
    """
    ranked = [*enumerate(answer.sentences, start=1)]
    if answer.answered:
        for number, citations in enumerate(_by_passage(answer.citations)):
            if number:
                yield BLANK
            if lit:
                yield _lit(citations, articles, answer.sentences)
            else:
                yield from (_line(one_line(citation.quote)) for citation in citations)
            yield BLANK
            yield from _places(citations, answer.sentences)
        yield _line(f"confidence: {confidence_words(answer.confidence)}")
        yield from _never_mentioned(answer.never_mentioned)
        others = [(rank, s) for rank, s in ranked if s.citation not in answer.citations]
        yield from _nearest("Next nearest:", others)
    elif answer.outcome is Outcome.MAYBE:
        best, *_ = answer.sentences
        yield _line("The articles may say:", "bold")
        yield _line(one_line(best.text))
        yield BLANK
        yield from _places([best.citation], answer.sentences)
        yield _line(f"confidence: {confidence_words(answer.confidence)}")
        yield from _never_mentioned(answer.never_mentioned)
        yield from _nearest("Next nearest:", ranked[1:])
    else:
        yield _line("The articles do not say.", "bold")
        yield _line(why_empty(answer, filters="--where, --since and --until"))
        yield from _never_mentioned(answer.never_mentioned)
        yield from _nearest("Nearest, but not an answer:", ranked)


def explanation_lines(answer: Answer) -> Iterator[Line]:
    """Yield the name of the ranker and, for each sentence, its matched words and the parts of its score."""
    yield BLANK
    yield _line(f"Ranked by: {answer.ranker}")
    if answer.limitation:
        yield _line(f"Limitation: {answer.limitation}")
    for number, why in enumerate(answer.explain(), start=1):
        yield BLANK
        yield _line(f"Why sentence {number}: score {why.score:.2f}", "bold")
        yield _line(f"matched: {_listed(why.matched)}", indent=2)
        yield _line(f"unmatched: {_listed(why.unmatched)}", indent=2)
        yield _line(f"expected: {why.expected}", indent=2)
        yield _line(f"met by: {_listed(why.met_by)}", indent=2)
        yield _line(f"confidence: {confidence_words(why.confidence)}", indent=2)
        yield from _features(why)


def place(citation: Citation) -> str:
    """Return the place of a quote, for people: source, page, section, line and characters."""
    parts = [one_line(shown_source(citation.source) or citation.article_id)]
    if citation.pages:
        parts.append(citation.pages)
    above = [excerpt(line, ABOVE) for line in citation.section if line != citation.title]
    if above:
        parts.append(f"“{' › '.join(above)}”")
    if citation.line is not None:
        parts.append(f"line {citation.line}")
    return ", ".join([*parts, f"characters {citation.start}–{citation.end}"])


def _line(text: str, style: str = "", *, indent: int = 0, mark: str = "") -> Line:
    return Line(((text, style),), indent, mark)


def _by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Return the citations of an answer in groups, one per passage."""
    return [list(group) for _, group in groupby(citations, key=lambda c: (c.article_id, c.context))]


def _lit(
    citations: Sequence[Citation], articles: Mapping[str, Article], sentences: Sequence[RankedSentence]
) -> Line:
    """Return the paragraphs around the quotes of one passage, with the quotes in bold."""
    first, last = citations[0], citations[-1]
    text, context = articles[first.article_id].text, first.context
    before = shown(text[context.start : first.start])
    after = shown(text[last.end : context.end])
    if len(before) > SURROUNDINGS:
        before = "…" + before[-SURROUNDINGS:].partition(" ")[2]
    if len(after) > SURROUNDINGS:
        after = after[:SURROUNDINGS].rpartition(" ")[0] + "…"
    parts = [(before, ""), *_quote(first, sentences)]
    for one, other in pairwise(citations):
        parts += [(shown(text[one.end : other.start]), ""), *_quote(other, sentences)]
    return Line((*parts, (after, "")))


def _quote(citation: Citation, sentences: Sequence[RankedSentence]) -> Iterator[tuple[str, str]]:
    """Yield the styled parts of a highlighted sentence: its short answers, and the text around them."""
    highlights = next((sentence.highlights for sentence in sentences if sentence.citation == citation), ())
    done = 0
    for highlight in highlights:
        start, end = highlight.start - citation.start, highlight.end - citation.start
        yield shown(citation.quote[done:start]), LIT
        yield shown(citation.quote[start:end]), SHORT_ANSWER
        done = end
    yield shown(citation.quote[done:]), LIT


def _places(citations: Sequence[Citation], sentences: Sequence[RankedSentence]) -> Iterator[Line]:
    """Yield the title of one passage's article, and the places of each of its quotes, here and elsewhere."""
    yield _line(one_line(citations[0].title))
    for citation in citations:
        yield _line(place(citation), "dim")
        sentence = next((sentence for sentence in sentences if sentence.citation == citation), None)
        also = sentence.also if sentence else ()
        for elsewhere in also[:ALSO]:
            yield _line(f"also: {place(elsewhere)}", "dim")
        if sentence and len(also) > ALSO:
            yield _line(f"also: {len(also) - ALSO + sentence.also_more} more places", "dim")


def _nearest(heading: str, ranked: Sequence[tuple[int, RankedSentence]]) -> Iterator[Line]:
    if not ranked:
        return
    yield BLANK
    yield _line(heading)
    indent = len(f"{ranked[-1][0]}. ")
    for rank, sentence in ranked:
        yield _line(excerpt(sentence.text, EXCERPT), indent=indent, mark=f"{rank}.")
        yield _line(place(sentence.citation), "dim", indent=indent)


def _never_mentioned(words: Sequence[UnmentionedTerm]) -> Iterator[Line]:
    if not words:
        return
    named = [one_line(word.word) + _did_you_mean(word.suggestion) for word in words[:UNMENTIONED]]
    if len(words) > UNMENTIONED:
        named.append(f"and {len(words) - UNMENTIONED} more")
    yield _line(f"never mentioned: {', '.join(named)}")


def _did_you_mean(suggestion: str | None) -> str:
    return f" (did you mean {one_line(suggestion)}?)" if suggestion else ""


def _features(why: SentenceExplanation) -> Iterator[Line]:
    """Yield a table of the features whose shares do not round to 0.00, the largest share first."""
    rows = [feature for feature in why.features if round(feature.share, 2)]
    rows.sort(key=lambda feature: -abs(feature.share))
    width = max((len(feature.name) for feature in rows), default=0)
    if rows:
        yield _line(f"{'feature':<{width}}  value   share", "dim", indent=2)
    for feature in rows:
        yield _line(f"{feature.name:<{width}}  {feature.value:5.2f}  {feature.share:+6.2f}", indent=2)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(one_line, words)) or "none"
