"""Ablation of the ranker: P@1 with each of its parts switched off.

A family of features is switched off by setting its columns to 0, for the weighted sum and for the network.
A part of the network, the reader or the cosine is switched off by letting it add nothing to any score. The
whole network is switched off by ranking without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import shipped_confidence
from articleqa.arrays import Float64Array
from articleqa.evaluation.metrics import mean
from articleqa.evaluation.questions import QuestionSet
from articleqa.evidence.candidates import Candidates
from articleqa.index.article_index import ArticleIndex
from articleqa.index.memory_backend import MemoryBackend
from articleqa.models import Model
from articleqa.ranking.features import FAMILIES, FEATURES
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.ranking.scores import PARTS, READER_PARTS, Reading

MOST_QUESTIONS = 300
"""At most this many questions are asked again for each switch; larger sets are sampled."""

Without = Callable[[Ranker], Ranker]
"""Takes a ranker and returns it with one part switched off."""


class PartialRanker(Ranker):
    """A ranker with parts switched off: some features are 0 for all sentences, parts of the network add 0."""

    features_off: frozenset[str] = frozenset()
    parts_off: frozenset[str] = frozenset()

    def table(self, candidates: Candidates) -> Float64Array:
        """Return the features, with 0 for those that are off."""
        table = super().table(candidates)
        table[:, [name in self.features_off for name in FEATURES]] = 0.0
        return table

    def read(self, candidates: Candidates, table: Float64Array, rows: NDArray[np.intp]) -> Reading:
        """Return the network's scores of the candidates in `rows`, with 0 for the parts that are off."""
        reading = super().read(candidates, table, rows)
        return replace(reading, parts=reading.parts * [part not in self.parts_off for part in PARTS])


def without_features(ranker: Ranker, *, names: Sequence[str]) -> Ranker:
    """Return `ranker` without the features `names`."""
    return PartialRanker.model_validate(_fields_of(ranker) | {"features_off": frozenset(names)})


def without_part(ranker: Ranker, *, name: str) -> Ranker:
    """Return `ranker` without one of the three `PARTS` of its network."""
    return PartialRanker.model_validate(_fields_of(ranker) | {"parts_off": frozenset([name])})


def without_network(ranker: Ranker) -> Ranker:
    """Return `ranker` without its network."""
    return Ranker.model_validate(_fields_of(ranker) | {"network": None})


def _fields_of(ranker: Ranker) -> dict[str, object]:
    """Return the ranker's fields, to build a new one: a copy would keep values cached from the old fields."""
    return {name: getattr(ranker, name) for name in Ranker.model_fields}


FAMILY_SWITCHES: Mapping[str, Without] = MappingProxyType(
    {name: partial(without_features, names=features) for name, features in FAMILIES.items()}
)
"""A switch for each family of features, by name."""

NETWORK_SWITCHES: Mapping[str, Without] = MappingProxyType(
    {
        **{part.replace("read_", "reading "): partial(without_part, name=part) for part in PARTS},
        "the network": without_network,
    }
)
"""A switch for each part of the network, and one for all of it, by name."""


def without_joined(ranker: Ranker, *, name: str) -> Ranker:
    """Return `ranker` without one of its joined scores: the reader's or the cosine."""
    assert ranker.joining is not None
    return ranker.model_copy(update={"joining": ranker.joining.model_copy(update={name: 0.0})})


READER_SWITCHES: Mapping[str, Without] = MappingProxyType(
    {f"the {part}": partial(without_joined, name=part) for part in READER_PARTS}
)
"""Switches for what the reader and the cosine add to scores.

The cosine still helps to choose the sentences that the reader reads.
"""


def switches_of(ranker: Ranker) -> Mapping[str, Without]:
    """Return the switches that apply to `ranker`: the features, and the network and reader if it has them."""
    return {
        **FAMILY_SWITCHES,
        **({} if ranker.network is None else NETWORK_SWITCHES),
        **({} if ranker.reader is None else READER_SWITCHES),
    }


class SwitchedOff(Model):
    """P@1 with one part switched off; None if no question was asked."""

    name: str
    p_at_1: float | None


class Ablation(Model):
    """P@1 on the same `questions` answerable questions with everything on, and with each part off.

    The ranker is not retrained: the other parts keep weights that were fitted together with the missing one.
    """

    questions: int
    p_at_1: float | None
    switched_off: tuple[SwitchedOff, ...]


def ablate(
    question_set: QuestionSet,
    *,
    ranker: Ranker | None = None,
    switches: Mapping[str, Without] | None = None,
    limit: int = MOST_QUESTIONS,
    on_answer: Callable[[int, int], None] | None = None,
) -> Ablation:
    """Ask the answerable questions with `ranker`, and again with each of `switches` applied to it.

    `ranker` is the shipped one by default, and `switches` all that apply to it. At most `limit` questions
    are asked, sampled with `QuestionSet.sample`. `on_answer` is called after each answer with the number
    of answers so far and their total.
    """
    ranker = shipped_ranker() if ranker is None else ranker
    switches = switches_of(ranker) if switches is None else switches
    answerable = tuple(question for question in question_set.questions if question.answerable)
    asked = question_set.model_copy(update={"questions": answerable}).sample(limit)
    rankers = [ranker, *(without(ranker) for without in switches.values())]
    rights: list[list[bool]] = [[] for _ in rankers]
    total = len(rankers) * len(asked.questions)
    for done, (number, right) in enumerate(_outcomes_by_ranker(asked, rankers), start=1):
        rights[number].append(right)
        if on_answer is not None:
            on_answer(done, total)
    with_all, *without_one = map(mean, rights)
    return Ablation(
        questions=len(asked.questions),
        p_at_1=with_all,
        switched_off=tuple(
            SwitchedOff(name=name, p_at_1=p_at_1) for name, p_at_1 in zip(switches, without_one, strict=True)
        ),
    )


def _outcomes_by_ranker(question_set: QuestionSet, rankers: Sequence[Ranker]) -> Iterator[tuple[int, bool]]:
    """Ask one index every question with each ranker.

    Yield the ranker's number and whether its first sentence is right.
    """
    answerer = Answerer(rankers[0], shipped_confidence(rankers[0].name))
    index = ArticleIndex(MemoryBackend(), answerer)
    index.add(question_set.articles)
    for number, answerer.ranker in enumerate(rankers):
        for question in question_set.questions:
            first = index.ask(question.question, top_k=1).sentences
            places = (first[0].citation, *first[0].also) if first else ()
            yield number, question_set.rule.is_met(places, question.golds)
