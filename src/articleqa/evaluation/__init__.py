"""Question sets, measures and reports: how well an index answers, and how honestly it abstains."""

from articleqa.evaluation.questions import (
    EvaluationQuestion,
    GoldAnswer,
    GoldRule,
    QuestionSet,
    read_questions,
)
from articleqa.evaluation.results import (
    BaselineScores,
    CoveragePoint,
    Evaluation,
    Miss,
    Outcome,
    ReliabilityBin,
    Scores,
    Share,
)
from articleqa.evaluation.runner import evaluate
from articleqa.evaluation.squad import read_squad
from articleqa.evaluation.trec import run_lines

__all__ = [
    "BaselineScores",
    "CoveragePoint",
    "Evaluation",
    "EvaluationQuestion",
    "GoldAnswer",
    "GoldRule",
    "Miss",
    "Outcome",
    "QuestionSet",
    "ReliabilityBin",
    "Scores",
    "Share",
    "evaluate",
    "read_questions",
    "read_squad",
    "run_lines",
]
