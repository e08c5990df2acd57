"""Search for passages: found as for an answer, and ordered by the score of their best sentence."""

from __future__ import annotations

from articleqa.answering.citations import cite_passage, sorted_metadata
from articleqa.answers import FoundPassage
from articleqa.filters import Filter
from articleqa.index.candidates import find_candidates
from articleqa.passages import AnalysedPassage
from articleqa.ranking.ranker import Ranker
from articleqa.retrieval.protocol import Searchable
from articleqa.retrieval.search import CANDIDATE_PASSAGES, NEAREST_PASSAGES
from articleqa.storage.reads import Reads


def found_passages(
    source: Searchable, ranker: Ranker, question: str, top_k: int, wanted: Filter | None
) -> list[FoundPassage]:
    """Return the best `top_k` passages for `question`; ties keep the order in which they were found.

    Raises:
        IndexDamagedError: the part of the index on disk that is read is damaged.
    """
    held = source.retriever.statistics(()).passages
    most = max(min(top_k, held), CANDIDATE_PASSAGES)
    whole = most + NEAREST_PASSAGES
    reads = Reads(source.store)
    candidates, _ = find_candidates(source, reads, question, ranker.reader, wanted, most=most, whole=whole)
    best: dict[str, tuple[float, AnalysedPassage]] = {}
    for candidate, score in zip(candidates, ranker.rank(candidates).scores.tolist(), strict=True):
        key = candidate.passage.key
        if key not in best or score > best[key][0]:
            best[key] = score, candidate.passage
    found: list[FoundPassage] = []
    for score, analysed in sorted(best.values(), key=lambda pair: -pair[0])[:top_k]:
        text, span = reads.text_of(analysed), analysed.passage.span
        found.append(
            FoundPassage(
                id=f"{text.article_id}#{span.start}-{span.end}",
                text=text.of_span(span),
                score=score,
                citation=cite_passage(text),
                metadata=sorted_metadata(text.metadata),
            )
        )
    return found
