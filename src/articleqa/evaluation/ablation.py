"""What each family of features is worth: P@1 with the family switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import shipped_confidence
from articleqa.answering.features import FAMILIES
from articleqa.answering.ranker import Ranker, shipped_ranker
from articleqa.collection import ArticleIndex
from articleqa.evaluation.metrics import mean
from articleqa.evaluation.questions import QuestionSet
from articleqa.models import Model
from articleqa.retrieval import MemoryRetriever

MOST_QUESTIONS = 300
"""Questions that are asked again for each family; larger sets are sampled."""

Without = Callable[[Ranker], Ranker]
"""Switches a family off: from a ranker to one without the family."""


def without_features(ranker: Ranker, *, names: Iterable[str]) -> Ranker:
    """Return `ranker` without the weights of the features `names`; the others stay as they are."""
    dropped = frozenset(names)
    # Built from its fields: a model's copy would keep what the ranker computed of its weights.
    fields = {name: getattr(ranker, name) for name in Ranker.model_fields}
    weights = {name: weight for name, weight in ranker.weights.items() if name not in dropped}
    return Ranker.model_validate({**fields, "weights": weights})


SWITCHES: Mapping[str, Without] = MappingProxyType(
    {name: partial(without_features, names=features) for name, features in FAMILIES.items()}
)
"""What is switched off, one after another: each family of features, by its name."""


class FamilyScore(Model):
    """P@1 with one family switched off; None where no question was asked."""

    name: str
    p_at_1: float | None


class Ablation(Model):
    """P@1 on the same `questions` answerable questions with everything on, and with each family off.

    The ranker is not fitted again: what is left keeps weights that were fitted beside the family.
    """

    questions: int
    p_at_1: float | None
    families: tuple[FamilyScore, ...]


def ablate(
    question_set: QuestionSet,
    *,
    switches: Mapping[str, Without] = SWITCHES,
    on_answer: Callable[[int, int], None] | None = None,
) -> Ablation:
    """Ask the answerable questions of the shipped ranker, and of the ranker without each of `switches`.

    At most `MOST_QUESTIONS` are asked, sampled as `QuestionSet.sample` does. `on_answer` is called after
    each with the number of answers so far and of answers to come by the end.
    """
    answerable = tuple(question for question in question_set.questions if question.answerable)
    asked = question_set.model_copy(update={"questions": answerable}).sample(MOST_QUESTIONS)
    rankers = [shipped_ranker(), *(without(shipped_ranker()) for without in switches.values())]
    total = len(rankers) * len(asked.questions)
    done = 0
    scores: list[float | None] = []
    for ranker in rankers:
        rights: list[bool] = []
        for right in _rights(asked, ranker):
            rights.append(right)
            done += 1
            if on_answer is not None:
                on_answer(done, total)
        scores.append(mean(rights))
    with_all, *without_one = scores
    return Ablation(
        questions=len(asked.questions),
        p_at_1=with_all,
        families=tuple(
            FamilyScore(name=name, p_at_1=p_at_1) for name, p_at_1 in zip(switches, without_one, strict=True)
        ),
    )


def _rights(question_set: QuestionSet, ranker: Ranker) -> Iterator[bool]:
    """Ask every question of an index with `ranker`, and say of each whether its first sentence is right."""
    index = ArticleIndex(MemoryRetriever(), Answerer(ranker, shipped_confidence()))
    index.add(question_set.articles)
    for question in question_set.questions:
        first = index.ask(question.question, top_k=1).sentences
        places = (first[0].citation, *first[0].also) if first else ()
        yield question_set.rule.is_met(places, question.golds)
