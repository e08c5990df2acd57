"""Find the candidate sentences for a question: analyse it, search for passages, select sentences."""

from __future__ import annotations

from articleqa.answers import UnmentionedTerm
from articleqa.encoder.model import EncoderModel
from articleqa.evidence.candidates import Candidates
from articleqa.evidence.selection import select_candidates
from articleqa.filters import Filter
from articleqa.question.analysis import analyse_question
from articleqa.ranking.reader import MAX_WINDOWS
from articleqa.retrieval.deduplication import near_copies, without_copies
from articleqa.retrieval.protocol import Searchable
from articleqa.retrieval.search import CANDIDATE_PASSAGES, find_passages, never_mentioned
from articleqa.storage.reads import Reads


def find_candidates(
    source: Searchable,
    reads: Reads,
    question: str,
    reader: EncoderModel | None,
    wanted: Filter | None,
    *,
    most: int = CANDIDATE_PASSAGES,
    whole: int | None = None,
) -> tuple[Candidates, list[UnmentionedTerm]]:
    """Return the candidate sentences for `question`, and the words of it that no article uses.

    All passages are read through `reads`, which keeps them for the rest of the question.
    `most` passages are found by words, and with a `reader` some more by their vectors. `wanted` selects
    articles. All sentences of the `whole` most likely passages are candidates; by default, of as many
    passages as the reader reads.

    Raises:
        IndexDamagedError: the part of the index on disk that is read is damaged.
    """
    # Undecodable bytes on a command line become lone surrogates, which are not valid text.
    asked = analyse_question(question.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if not asked.terms:  # there is nothing to search for in "?!"
        reader = None
    passages, statistics, cosines = find_passages(source, reads, asked, wanted, most=most, model=reader)
    if whole is None:
        whole = MAX_WINDOWS if reader else 0
    first_of = near_copies(reads, passages, asked.terms)
    candidates = select_candidates(
        asked,
        without_copies(reads, statistics, passages, first_of),
        passages,
        [reads.text_of(passage) for passage in passages],
        whole=whole,
        cosines=cosines,
        first_of=first_of,
    )
    return candidates, never_mentioned(source, reads, asked, statistics)
