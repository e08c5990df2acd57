"""Metrics that compare the short answers marked in right sentences with the gold answers.

A place is (start, end) in code points of one article, end excluded. Texts are compared as SQuAD compares
them: Rajpurkar, Zhang, Lopyrev & Liang 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of
Text", section 6.1.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from articleqa.evaluation.metrics import mean
from articleqa.models import Model

Place = tuple[int, int]

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


class Marked(NamedTuple):
    """The short answers marked in a question's first sentence, and the gold answers.

    `gold_places` are those in the sentence's article; `gold_texts` are all of them. Nothing is marked if no
    short answer is certain enough; several are marked if the sentence lists several.
    """

    places: tuple[Place, ...]
    texts: tuple[str, ...]
    gold_places: tuple[Place, ...]
    gold_texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the marked texts joined in reading order, for metrics that compare texts."""
        in_order = sorted(zip(self.places, self.texts, strict=True))
        return " ".join(text for _, text in in_order)


class ShortAnswerScores(Model):
    """Metrics over answerable questions whose first sentence is right; None if there are none.

    All are shares or means over all `questions`: a question with nothing marked counts 0 in each.
    """

    questions: int
    marked: float | None
    covers: float | None
    overlaps: float | None
    exact_match: float | None
    f1: float | None

    @property
    def overlaps_of_marked(self) -> float | None:
        """Return the share of the sentences with marks whose marks overlap a gold answer."""
        return self.overlaps / self.marked if self.marked and self.overlaps is not None else None


def short_answer_scores(sentences: Iterable[Marked]) -> ShortAnswerScores:
    """Compare what is marked in right first sentences with their gold answers."""
    sentences = list(sentences)
    return ShortAnswerScores(
        questions=len(sentences),
        marked=mean(bool(sentence.places) for sentence in sentences),
        covers=mean(covers(sentence.places, sentence.gold_places) for sentence in sentences),
        overlaps=mean(overlaps(sentence.places, sentence.gold_places) for sentence in sentences),
        exact_match=mean(
            bool(sentence.places) and exact_match(sentence.text, sentence.gold_texts)
            for sentence in sentences
        ),
        f1=mean(
            token_f1(sentence.text, sentence.gold_texts) if sentence.places else 0.0 for sentence in sentences
        ),
    )


def covers(places: Sequence[Place], golds: Sequence[Place]) -> bool:
    """Return whether any of `golds` lies entirely inside any of `places`."""
    return any(
        start <= gold_start and gold_end <= end for start, end in places for gold_start, gold_end in golds
    )


def overlaps(places: Sequence[Place], golds: Sequence[Place]) -> bool:
    """Return whether any of `golds` shares a character with any of `places`."""
    return any(
        max(start, gold_start) < min(end, gold_end) for start, end in places for gold_start, gold_end in golds
    )


def normalised(text: str) -> str:
    """Return `text` normalised as SQuAD compares it.

    In this order, it is lower-cased, ASCII punctuation is removed, the words a, an and the are removed, and
    white space is collapsed. "The U.S.A.'s" becomes "usas".
    """
    plain = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLE.sub(" ", plain).split())


def exact_match(text: str, golds: Iterable[str]) -> bool:
    """Return EM: whether `text` equals any of `golds`, after both are normalised."""
    return normalised(text) in {normalised(gold) for gold in golds}


def token_f1(text: str, golds: Iterable[str]) -> float:
    """Return the best F1 of `text` over `golds`, in [0, 1]; 0 without golds.

    For one gold: F1 = 2PR / (P + R), where P is the share of the text's tokens that are in the gold, and R
    the share of the gold's tokens that are in the text; both are bags of normalised tokens. If either has
    no token, F1 is 1 if neither has, else 0, as in SQuAD v2.0's script.
    """
    return max((_f1(normalised(text).split(), normalised(gold).split()) for gold in golds), default=0.0)


def _f1(tokens: Sequence[str], gold: Sequence[str]) -> float:
    if not tokens or not gold:
        return float(tokens == gold)
    common = (Counter(tokens) & Counter(gold)).total()
    # 2PR / (P + R) with P = common / len(tokens) and R = common / len(gold), simplified.
    return 2 * common / (len(tokens) + len(gold))
