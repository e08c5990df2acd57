"""Search for passages: found as for an answer, and ordered by the score of their best sentence."""

from __future__ import annotations

from articleqa.answering.citations import Citer, sorted_metadata
from articleqa.answers import FoundPassage
from articleqa.filters import Filter
from articleqa.index.candidates import find_candidates
from articleqa.passages import AnalysedPassage
from articleqa.ranking.ranker import Ranker
from articleqa.retrieval.protocol import Searchable
from articleqa.retrieval.search import CANDIDATE_PASSAGES, NEAREST_PASSAGES


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
    candidates, _ = find_candidates(source, question, ranker.reader, wanted, most=most, whole=whole)
    best: dict[str, tuple[float, AnalysedPassage]] = {}
    for candidate, score in zip(candidates, ranker.rank(candidates).scores.tolist(), strict=True):
        key = candidate.passage.key
        if key not in best or score > best[key][0]:
            best[key] = score, candidate.passage
    citer = Citer()
    found: list[FoundPassage] = []
    for score, analysed in sorted(best.values(), key=lambda pair: -pair[0])[:top_k]:
        passage = analysed.passage
        article = source.store.articles[passage.article_id]
        found.append(
            FoundPassage(
                id=f"{article.id}#{passage.span.start}-{passage.span.end}",
                text=passage.span.of(article.text),
                score=score,
                citation=citer.cite_passage(article, passage),
                metadata=sorted_metadata(article.metadata),
            )
        )
    return found
