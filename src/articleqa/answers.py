"""Answers: `Answer`, its sentences, and their explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from html import escape
from typing import Self

from pydantic import Field, JsonValue, PrivateAttr

from articleqa.models import Citation, Model
from articleqa.printing import one_line, shown


class Outcome(StrEnum):
    """The outcome of a question: an answer, a sentence that may be one, or nothing."""

    ANSWERED = "answered"
    MAYBE = "maybe"
    NOT_FOUND = "not found"


CONFIDENCE_WORDS = ((0.75, "high"), (0.5, "fair"), (0.0, "low"))
"""Lower bounds of the confidence, and the word for each; the first bound that it reaches gives the word."""


def confidence_word(confidence: float) -> str:
    """Return a word for a confidence: high, fair or low."""
    return next(word for bound, word in CONFIDENCE_WORDS if confidence >= bound)


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

    @property
    def explanation(self) -> SentenceExplanation | None:
        """Why the sentence got its score, made when it is asked for; None if it was read back from JSON."""
        return None if self._explain is None else self._explain()

    def explained_by(self, explain: Callable[[], SentenceExplanation]) -> Self:
        """Return a copy whose `explanation` is what `explain` returns."""
        copy = self.model_copy()
        copy._explain = explain
        return copy

    def __eq__(self, other: object) -> bool:
        """Compare all but explanations, which JSON lacks: an answer read back from JSON is equal."""
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

    def explain(self) -> tuple[SentenceExplanation, ...]:
        """Return, for each of `sentences`, which words matched and how its score was computed.

        Empty if there are no sentences, or if the answer was read back from JSON, which leaves explanations
        out.
        """
        explanations = (sentence.explanation for sentence in self.sentences)
        return tuple(each for each in explanations if each is not None)

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

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the question, and the quotes with their places, if any."""
        if self.answered:
            shown = [(citation.quote, citation.place) for citation in self.citations]
        elif self.outcome is Outcome.MAYBE:
            shown = [(self.sentences[0].text, self.sentences[0].citation.place)]
        else:
            shown = []
        said = {Outcome.MAYBE: "The articles may say:", Outcome.NOT_FOUND: "The articles do not say."}
        lines = [f"<p><strong>{escape(self.question)}</strong></p>"]
        if self.outcome in said:
            lines.append(f"<p>{said[self.outcome]}</p>")
        lines += [
            f"<blockquote><p>{escape(text)}</p><footer>{escape(place)}</footer></blockquote>"
            for text, place in shown
        ]
        return "".join(lines)


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
