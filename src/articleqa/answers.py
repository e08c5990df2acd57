"""Answers: `Answer`, its sentences, and their explanations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, JsonValue, PrivateAttr

from articleqa.models import Citation, Model
from articleqa.printing import one_line, shown
from articleqa.quote_markup import html_quote, html_text, markdown_note, markdown_quote


class Outcome(StrEnum):
    """The outcome of a question: an answer, a sentence that may be one, or nothing."""

    ANSWERED = "answered"
    MAYBE = "maybe"
    NOT_FOUND = "not found"


_SAID = {Outcome.MAYBE: "The articles may say:", Outcome.NOT_FOUND: "The articles do not say."}

CONFIDENCE_WORDS = ((0.75, "high"), (0.5, "fair"), (0.0, "low"))
"""Lower bounds of the confidence, and the word for each; the first bound that it reaches gives the word."""


def confidence_word(confidence: float) -> str:
    """Return a word for a confidence: high, fair or low."""
    return next(word for bound, word in CONFIDENCE_WORDS if confidence >= bound)


def confidence_words(confidence: float) -> str:
    """Return a confidence as a word and a number, such as "high (0.82)"."""
    return f"{confidence_word(confidence)} ({confidence_number(confidence)})"


def confidence_number(confidence: float) -> str:
    """Return two decimals, cut and not rounded: 0.249 is below a threshold of 0.25 and must look so."""
    return str(Decimal(repr(confidence)).quantize(Decimal("0.01"), ROUND_DOWN))


class AbstainReason(StrEnum):
    """Why an answer is empty."""

    EMPTY_CORPUS = "empty corpus"
    NO_ARTICLE_CHOSEN = "no article chosen"
    NO_MATCHING_TERMS = "no matching terms"
    BELOW_THRESHOLD = "below threshold"


class UnmentionedTerm(Model):
    """A word of the question that no article uses, and the nearest spelling that one does use (or None)."""

    word: str
    suggestion: str | None = None


class FeatureShare(Model):
    """One feature of a sentence: its value and what it adds to the score (weight times value)."""

    name: str
    value: float
    share: float


class SentenceExplanation(Model):
    """Why one sentence got its score.

    `matched` and `unmatched` are the question's content words that the sentence has and lacks. `expected` is
    the answer type of the question, and `met_by` the words of the sentence that are of that type (empty if
    there are none). `features` has the features that are not 0, and what reading the sentence added; their
    shares sum to its score.
    """

    text: str
    score: float
    confidence: float
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    expected: str
    met_by: tuple[str, ...]
    features: tuple[FeatureShare, ...]


class Highlight(Model):
    """The words of a sentence that answer on their own: a date, a name, a number, a cause.

    `start` and `end` are offsets in the article, like those of the sentence's citation, and `text` is the
    text between them.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class RankedSentence(Model):
    """A candidate answer. `score` orders the sentences; `confidence` is the probability that it answers.

    `highlights` are the short answers in the sentence, in reading order and without overlap; there are none
    if none is likely enough. `also` cites other places of the same sentence (equal after folding case, space
    and punctuation), in the order of articles and offsets: the first 100 places. `also_more` counts the rest.
    `cited` says whether the sentence is part of the answer, `metadata` is that of its article.
    """

    text: str
    score: float
    confidence: float = Field(ge=0.0, le=1.0)
    citation: Citation
    highlights: tuple[Highlight, ...] = ()
    also: tuple[Citation, ...] = ()
    also_more: int = Field(default=0, ge=0)
    cited: bool = False
    metadata: Mapping[str, JsonValue] = Field(default_factory=dict)
    _explain: Callable[[], SentenceExplanation] | None = PrivateAttr(default=None)
    _passage: str | None = PrivateAttr(default=None)

    @property
    def explanation(self) -> SentenceExplanation | None:
        """Why the sentence got its score, made when it is asked for; None if it was read back from JSON."""
        return None if self._explain is None else self._explain()

    @property
    def passage(self) -> str | None:
        """The text of the passage that the sentence is in; None if it was read back from JSON."""
        return self._passage

    def in_passage(self, text: str) -> Self:
        """Return a copy whose `passage` is `text`."""
        copy = self.model_copy()
        copy._passage = text
        return copy

    def explained_by(self, explain: Callable[[], SentenceExplanation]) -> Self:
        """Return a copy whose `explanation` is what `explain` returns."""
        copy = self.model_copy()
        copy._explain = explain
        return copy

    def without_paths(self) -> Self:
        """Return a copy without the paths of files; see `Answer.without_paths`."""
        also = tuple(map(_without_path, self.also))
        return self.model_copy(update={"citation": _without_path(self.citation), "also": also})

    def __eq__(self, other: object) -> bool:
        """Compare what JSON holds, so that an answer read back from it is equal."""
        return isinstance(other, RankedSentence) and self._compared() == other._compared()

    def __hash__(self) -> int:
        """Return the same hash for equal sentences."""
        return hash((self.text, self.score, self.citation))

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).model_fields)


class Answer(Model):
    """The answer to a question, or an abstention.

    `citations` cites the sentences that answer, and `text` is these sentences joined by a space: one
    sentence, or up to three if one alone does not say all that the question asks for. Both are in reading
    order, do not depend on `top_k`, and are empty when `answered` is false; `reason` then says why. In either
    case, `sentences` holds the nearest `top_k` sentences, best first, and `confidence` is the probability
    that the first of them answers the question (0.0 if there are none).

    `outcome` is "answered" from `min_confidence` on. From `maybe_confidence` on it is "maybe": the first
    sentence may answer, and should be shown as such. Otherwise it is "not found". `ranker` names what ranked
    the sentences: "reader", or "words" if onnxruntime is not installed or the reader was turned off.
    `limitation` says what the index cannot do that others can, such as finding by meaning; mostly None.
    """

    question: str
    answered: bool
    outcome: Outcome
    text: str
    confidence: float = Field(ge=0.0, le=1.0)
    reason: AbstainReason | None
    citations: tuple[Citation, ...]
    sentences: tuple[RankedSentence, ...]
    never_mentioned: tuple[UnmentionedTerm, ...] = ()
    min_confidence: float = Field(ge=0.0, le=1.0)
    maybe_confidence: float = Field(ge=0.0, le=1.0)
    ranker: str
    limitation: str | None = None

    def explain(self) -> tuple[SentenceExplanation, ...]:
        """Return, for each of `sentences`, which words matched and how its score was computed.

        Empty if there are no sentences, or if the answer was read back from JSON, which leaves explanations
        out.
        """
        explanations = (sentence.explanation for sentence in self.sentences)
        return tuple(each for each in explanations if each is not None)

    def without_paths(self) -> Self:
        """Return a copy without the paths of files, for output that leaves this machine.

        The `source` of each citation is the name of its file, or a URL that begins with http:// or https://.
        """
        sentences = tuple(sentence.without_paths() for sentence in self.sentences)
        citations = tuple(map(_without_path, self.citations))
        return self.model_copy(update={"citations": citations, "sentences": sentences})

    def __str__(self) -> str:
        """Return the answer and where it is, for people; without an answer, a line that says so.

        It has U+FFFD for characters that could control a terminal; `text` has them as the articles do.
        """
        if self.answered:
            places = dict.fromkeys(one_line(citation.place) for citation in self.citations)
            return "\n".join([shown(self.text), *places])
        if self.outcome is Outcome.MAYBE:
            best = self.sentences[0]
            return f"The articles may say: {shown(best.text)}\n{one_line(best.citation.place)}"
        return "The articles do not say."

    def to_markdown(self, *, first_note: int = 1) -> str:
        """Return the answer as Markdown: each quote as a block, with a footnote that names its place.

        Without an answer it is a line that says so, and the quote that may answer, if there is one. Footnotes
        are numbered from `first_note` on, so that several answers can stand in one text.
        """
        cited = [*enumerate(self.shown_citations, start=first_note)]
        said = _SAID.get(self.outcome)
        quotes = [markdown_quote(citation.quote, number) for number, citation in cited]
        notes = [markdown_note(citation.place, number) for number, citation in cited]
        return "\n\n".join([*([said] if said else []), *quotes, *notes]) + "\n"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the question, and each quote marked in its passage, if any."""
        lines = [f"<p><strong>{html_text(self.question)}</strong></p>"]
        if said := _SAID.get(self.outcome):
            lines.append(f"<p>{said}</p>")
        passages = {sentence.citation: sentence.passage for sentence in self.sentences}
        for citation in self.shown_citations:
            passage = passages.get(citation)
            at = citation.start - citation.context.start
            if passage is None:
                before, after = citation.prefix, citation.suffix
            else:
                before, after = passage[:at], passage[at + len(citation.quote) :]
            lines.append(html_quote(before, citation.quote, after, citation.place))
        return "".join(lines)

    @property
    def shown_citations(self) -> tuple[Citation, ...]:
        """The citations to show: those of the answer, or that of the first sentence if it may answer."""
        return (self.sentences[0].citation,) if self.outcome is Outcome.MAYBE else self.citations


class FoundPassage(Model):
    """A passage that `ArticleIndex.search` found: whole paragraphs of one section of an article.

    `id` is `article_id#start-end`, `text` what the article has there, `citation` its place, and `metadata`
    the article's. `score` is that of its best sentence: higher is better, for this question only.
    """

    id: str
    text: str
    score: float
    citation: Citation
    metadata: Mapping[str, JsonValue]

    def without_paths(self) -> Self:
        """Return a copy without the path of a file; see `Answer.without_paths`."""
        return self.model_copy(update={"citation": _without_path(self.citation)})


def why_empty(answer: Answer, *, filters: str) -> str:
    """Return why the articles do not say, as a sentence; `filters` names the filters for whoever asked."""
    if answer.reason is AbstainReason.EMPTY_CORPUS:
        return "The articles contain no text."
    if answer.reason is AbstainReason.NO_ARTICLE_CHOSEN:
        return f"No article matches {filters}."
    if answer.reason is AbstainReason.NO_MATCHING_TERMS:
        return "No sentence shares a word with the question."
    return (
        f"The nearest sentence has a confidence of {confidence_number(answer.confidence)},"
        f" below the {answer.min_confidence:g} that an answer needs."
    )


def _without_path(citation: Citation) -> Citation:
    """Return `citation` with the name of its file in place of the path; the URL of a web page stays."""
    if citation.source.startswith(("https://", "http://")):
        return citation
    return citation.model_copy(update={"source": re.split(r"[/\\]", citation.source)[-1]})
