"""What the page shows of an answer: quotes with short answers marked, places, and what was not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import groupby
from typing import NamedTuple

from articleqa import Answer, Citation, RankedSentence, SentenceExplanation
from articleqa.answers import confidence_words, why_empty
from articleqa.web import words
from articleqa.web.marks import Segment
from articleqa.web.questions import AskRequest, query_of

MOST_ALSO = 5
"""The most other places of a sentence that are listed; the rest are only counted."""

MOST_UNMENTIONED = 10
"""The most words that are listed as never mentioned."""


class Link(NamedTuple):
    """A link to a place in an article: its title, the words of the place, and the address."""

    title: str
    place: Sequence[str]
    url: str


class ShownSentence(NamedTuple):
    """A sentence: its segments, of which the short answers are marked, and where it is."""

    segments: Sequence[Segment]
    link: Link
    date: str
    confidence: float
    also: Sequence[Link] = ()
    also_more: int = 0


class Unmentioned(NamedTuple):
    """A word that no article has, and the nearest spelling with a link that asks with it."""

    word: str
    suggestion: str
    url: str


class ShownAnswer(NamedTuple):
    """An answer as the page shows it; see the template `_answer.html`."""

    outcome: str
    quotes: Sequence[Sequence[ShownSentence]]
    nearest: Sequence[ShownSentence]
    confidence: float
    words: str
    why: str
    unmentioned: Sequence[Unmentioned]
    explanations: Sequence[SentenceExplanation]
    ranker: str


def shown_answer(answer: Answer, asked: AskRequest) -> ShownAnswer:
    """Return what the page shows of the answer to what was asked."""
    shared = _shared_titles(answer)
    by_citation = {sentence.citation: sentence for sentence in answer.sentences}
    cited = answer.shown_citations
    quotes = [
        [_shown(citation, by_citation.get(citation), asked, shared) for citation in passage]
        for _, passage in groupby(cited, key=lambda each: (each.article_id, each.context))
    ]
    nearest = [
        _shown(sentence.citation, sentence, asked, shared)._replace(segments=[Segment(sentence.text)])
        for sentence in answer.sentences
        if sentence.citation not in cited
    ]
    return ShownAnswer(
        outcome=answer.outcome.value,
        quotes=quotes,
        nearest=nearest,
        confidence=answer.confidence,
        words=confidence_words(answer.confidence),
        why=why_empty(answer, filters="the filters"),
        unmentioned=list(_unmentioned(answer, asked)),
        explanations=answer.explain(),
        ranker=answer.ranker,
    )


def read_url(citation: Citation, asked: AskRequest) -> str:
    """Return the address of the page that shows a quote in its article."""
    query = query_of(asked, id=citation.article_id, start=citation.start, end=citation.end)
    return f"/read?{query}#quote"


def _shared_titles(answer: Answer) -> Set[str]:
    """Return the titles that several of the cited articles have."""
    cited = [*answer.citations]
    for sentence in answer.sentences:
        cited += [sentence.citation, *sentence.also]
    titles = Counter(title for _, title in {(each.article_id, words.title_of(each)) for each in cited})
    return {title for title, articles in titles.items() if articles > 1}


def _shown(
    citation: Citation, sentence: RankedSentence | None, asked: AskRequest, shared: Set[str]
) -> ShownSentence:
    also = sentence.also if sentence else ()
    more = sentence.also_more if sentence else 0
    return ShownSentence(
        segments=list(_segments(citation, sentence)),
        link=_link(citation, asked, shared),
        date=words.date_of(sentence.metadata if sentence else {}),
        confidence=sentence.confidence if sentence else 0.0,
        also=[_link(each, asked, shared) for each in also[:MOST_ALSO]],
        also_more=len(also[MOST_ALSO:]) + more,
    )


def _link(citation: Citation, asked: AskRequest, shared: Set[str]) -> Link:
    """Return the link to a place, with the name of its file if its title is in `shared`."""
    title = words.title_of(citation)
    named = [words.file_of(citation)] if title in shared else []
    return Link(title, [*named, *words.place_of(citation)], read_url(citation, asked))


def _segments(citation: Citation, sentence: RankedSentence | None) -> Iterator[Segment]:
    """Yield the parts of a quote: its short answers, and the text around them."""
    done = 0
    for highlight in sentence.highlights if sentence else ():
        start, end = highlight.start - citation.start, highlight.end - citation.start
        yield Segment(citation.quote[done:start])
        yield Segment(citation.quote[start:end], "short")
        done = end
    yield Segment(citation.quote[done:])


def _unmentioned(answer: Answer, asked: AskRequest) -> Iterator[Unmentioned]:
    for term in answer.never_mentioned[:MOST_UNMENTIONED]:
        url = ""
        if term.suggestion:
            corrected = asked.question.replace(term.word, term.suggestion, 1)
            url = "/?" + query_of(asked.model_copy(update={"question": corrected}))
        yield Unmentioned(term.word, term.suggestion or "", url)
