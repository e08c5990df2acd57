"""Answers: `Answer`, its sentences, and what explains them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from articleqa.models import Citation, Model


class Outcome(StrEnum):
    """What a question comes to: an answer, a sentence that may be one, or nothing."""

    ANSWERED = "answered"
    MAYBE = "maybe"
    NOT_FOUND = "not found"


class AbstainReason(StrEnum):
    """Why an answer is empty."""

    EMPTY_CORPUS = "empty corpus"
    NO_ARTICLE_CHOSEN = "no article chosen"
    NO_MATCHING_TERMS = "no matching terms"
    BELOW_THRESHOLD = "below threshold"


class UnmentionedTerm(Model):
    """A word of the question that no article uses, and the nearest spelling that one does (or None)."""

    word: str
    suggestion: str | None = None


class FeatureShare(Model):
    """One feature of a sentence: its value and what it adds to the score (weight times value)."""

    name: str
    value: float
    share: float


class SentenceExplanation(Model):
    """Why one sentence got its score.

    `matched` and `unmatched` are the question's content words; `expected` is the kind of answer that
    the question asks for, and `met_by` the words of the sentence that are of that kind (empty: none).
    `features` has those that are not 0, and what reading the sentence added; their shares sum to its score.
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
    """The words of a sentence that answer by themselves: a date, a name, a number, a cause.

    `start` and `end` are places in the article, like those of the sentence's citation, and `text` is
    what stands there.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class RankedSentence(Model):
    """A candidate answer. `score` orders the sentences; `confidence` is the probability that it answers.

    `highlights` are the short answers within it, in reading order and apart from each other; there are
    none where none is likely enough. `also` cites the same sentence elsewhere (equal after folding case,
    space and punctuation), in the order of articles and places: the first 100 places, and `also_more` says
    how many others there are.
    """

    text: str
    score: float
    confidence: float = Field(ge=0.0, le=1.0)
    citation: Citation
    highlights: tuple[Highlight, ...] = ()
    also: tuple[Citation, ...] = ()
    also_more: int = Field(default=0, ge=0)
    explanation: SentenceExplanation | None = Field(default=None, exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        """Compare all that JSON has, which leaves explanations out: an answer read back is equal."""
        return isinstance(other, RankedSentence) and self._compared() == other._compared()

    def __hash__(self) -> int:
        """Return the hash of what is compared."""
        return hash(self._compared())

    def _compared(self) -> tuple[object, ...]:
        return tuple(
            getattr(self, name) for name, field in type(self).model_fields.items() if not field.exclude
        )


class Answer(Model):
    """What the articles say, or an honest nothing.

    `citations` are of the sentences that answer, and `text` is these joined by a space: one sentence, or
    up to three where the question asks for more than one says. They stand in reading order, whatever
    `top_k` is, and are empty when `answered` is false; `reason` then says why. `sentences` holds the
    nearest `top_k` sentences, best first, either way.
    `confidence` is the probability that the first of them answers the question (0.0 without any).

    `outcome` is "answered" from `min_confidence` on, "maybe" from `maybe_confidence` on: then the first
    sentence may answer, and should be shown as such; else "not found". `ranker` names what ranked the
    sentences: "reader", or "words" where onnxruntime is not installed or was not wanted.
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
        """Say, for each of `sentences`, which words matched and how its score came about.

        Empty when there are no sentences, or when the answer was read back from JSON, which leaves
        explanations out.
        """
        return tuple(s.explanation for s in self.sentences if s.explanation is not None)
