"""The answerer, which turns the candidates for a question into an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from articleqa.answering.citations import cite, sorted_metadata
from articleqa.answering.confidence import ConfidenceModel, confidence_of
from articleqa.answering.explanations import Explainer
from articleqa.answering.multi_sentence import answering_rows
from articleqa.answering.short_answers import highlights_of
from articleqa.answers import AbstainReason, Answer, Outcome, RankedSentence, UnmentionedTerm
from articleqa.evidence.candidates import Candidate, Candidates
from articleqa.models import Citation, Span
from articleqa.passages import AnalysedPassage
from articleqa.ranking.ranker import Ranker
from articleqa.ranking.scores import Ranking
from articleqa.storage.reads import Reads
from articleqa.text.folding import fold
from articleqa.text.terms import stop_terms

MAX_ALSO = 100
"""How many other places a sentence cites at most: a refrain may occur forty thousand times in a text."""


@dataclass(frozen=True)
class _Scored:
    """A sentence's row among the candidates, its score, and the rows of equal sentences (`also`)."""

    row: int
    score: float
    also: list[int]


class Answerer:
    """Ranks sentences, computes the confidence of the best one, and abstains below the threshold."""

    def __init__(self, ranker: Ranker, confidence: ConfidenceModel) -> None:
        """Answer with these models; `ArticleIndex.from_articles` uses the shipped ones."""
        self.ranker = ranker
        self.confidence = confidence

    def answer(
        self,
        candidates: Candidates,
        reads: Reads,
        *,
        never_mentioned: Sequence[UnmentionedTerm],
        top_k: int,
        min_confidence: float | None,
    ) -> Answer:
        """Return the answer to the question of `candidates`; sentences with equal scores keep their order.

        `reads` is what read the passages of the candidates.

        Raises:
            ValueError: `top_k` is below 1, or `min_confidence` is not between 0 and 1.
        """
        threshold = self.confidence.min_confidence if min_confidence is None else min_confidence
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        if not 0.0 <= threshold <= 1.0:
            raise ValueError(f"min_confidence must be between 0 and 1, not {threshold}")
        ranking = self.ranker.rank(candidates)
        scored = _distinct(candidates, ranking.scores.tolist())
        sentences = tuple(self._sentences(candidates, ranking, scored[:top_k], reads))
        confidence = sentences[0].confidence if sentences else 0.0
        maybe = min(threshold, self.confidence.maybe_confidence)
        outcome = _outcome(confidence if sentences else None, threshold, maybe)
        answered = outcome is Outcome.ANSWERED
        rows = answering_rows(candidates, [found.row for found in scored]) if answered else []
        chosen = _in_reading_order((candidates[row] for row in rows), reads)
        citations = tuple(_cite(sentence) for sentence in chosen)
        return Answer(
            question=candidates.question.text,
            answered=answered,
            outcome=outcome,
            text=" ".join(sentence.text for sentence in chosen),
            confidence=confidence,
            reason=None if answered else _reason(candidates, sentences),
            citations=citations,
            sentences=tuple(_marked_if_cited(sentence, citations) for sentence in sentences),
            never_mentioned=tuple(never_mentioned),
            min_confidence=threshold,
            maybe_confidence=maybe,
            ranker=self.ranker.name,
        )

    def _sentences(
        self, candidates: Candidates, ranking: Ranking, scored: Sequence[_Scored], reads: Reads
    ) -> Iterator[RankedSentence]:
        """Yield the sentences of `scored`; none has a higher confidence than the one before it."""
        # A question of stop words alone asks for nothing that a sentence could answer.
        ceiling = 0.0 if stop_terms().issuperset(candidates.question.terms) else 1.0
        elsewhere = [_elsewhere(candidates, found, reads) for found in scored]
        cited = [nsmallest(MAX_ALSO, places, key=_Place.in_reading_order) for places in elsewhere]
        reads.read_texts(place.passage for places in cited for place in places)
        for found, places, also in zip(scored, elsewhere, cited, strict=True):
            sentence = candidates[found.row]
            articles = candidates.articles_with_same_sentence(found.row) | {
                p.passage.passage.article_id for p in places
            }
            confidence = confidence_of(self.confidence, candidates, ranking, found.row, len(articles))
            ceiling = min(ceiling, confidence)
            ranked = RankedSentence(
                text=sentence.text,
                score=found.score,
                confidence=ceiling,
                citation=_cite(sentence),
                highlights=highlights_of(candidates.question, sentence, ranking.word_scores(found.row)),
                also=tuple(cite(reads.text_of(place.passage), place.span) for place in also),
                also_more=max(0, len(places) - MAX_ALSO),
                metadata=sorted_metadata(sentence.passage_text.metadata),
            )
            shares = self.ranker.shares(ranking, found.row)
            explained = ranked.explained_by(Explainer.of(candidates, found.row, found.score, ceiling, shares))
            yield explained.in_passage(sentence.passage_text.of_span(ranked.citation.context))


def _distinct(candidates: Candidates, scores: Sequence[float]) -> list[_Scored]:
    """Return the sentences, best first, with equal ones merged; ties keep the order of the candidates."""
    distinct: dict[str, _Scored] = {}
    for row in sorted(range(len(candidates)), key=lambda row: -scores[row]):
        folded = fold(candidates[row].text)
        if folded in distinct:
            distinct[folded].also.append(row)
        else:
            distinct[folded] = _Scored(row, scores[row], [])
    return list(distinct.values())


class _Place(NamedTuple):
    """Where a sentence occurs; articles that were added later have a greater `order`."""

    order: int
    span: Span
    passage: AnalysedPassage

    def in_reading_order(self) -> tuple[int, Span]:
        """Return what sorts places by article and then by their order in it."""
        return self.order, self.span


def _elsewhere(candidates: Candidates, found: _Scored, reads: Reads) -> list[_Place]:
    """Return where else the same sentence occurs: in other candidates, in copies and in near copies."""
    standing = candidates[found.row]
    places: list[_Place] = []
    for row in (found.row, *found.also):
        same = candidates[row]
        for passage, number in ((same.passage, same.number), *candidates.repeated(row)):
            for copy in reads.copies_of(passage):
                if (copy.key, number) != (standing.passage.key, standing.number):
                    span = copy.passage.passage.sentence_spans[number]
                    places.append(_Place(copy.order, span, copy.passage))
    return places


def _in_reading_order(sentences: Iterable[Candidate], reads: Reads) -> list[Candidate]:
    return sorted(sentences, key=lambda s: (reads.order_of(s.passage), s.span.start))


def _cite(candidate: Candidate) -> Citation:
    return cite(candidate.passage_text, candidate.span)


def _marked_if_cited(sentence: RankedSentence, citations: Sequence[Citation]) -> RankedSentence:
    return sentence.model_copy(update={"cited": True}) if sentence.citation in citations else sentence


def _outcome(confidence: float | None, answered: float, maybe: float) -> Outcome:
    """Return the outcome for a confidence; None stands for no sentence at all."""
    if confidence is None or confidence < maybe:
        return Outcome.NOT_FOUND
    return Outcome.ANSWERED if confidence >= answered else Outcome.MAYBE


def _reason(candidates: Candidates, sentences: Sequence[RankedSentence]) -> AbstainReason:
    if not candidates.statistics.passages:
        return AbstainReason.EMPTY_CORPUS
    return AbstainReason.BELOW_THRESHOLD if sentences else AbstainReason.NO_MATCHING_TERMS
