"""Question sets, metrics and reports: how well an index answers, and when it abstains."""

from articleqa.evaluation.ablation import Ablation, SwitchedOff, ablate
from articleqa.evaluation.page import EvaluatedSet, html_page
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
    ReliabilityBin,
    Scores,
    Share,
    Verdict,
)
from articleqa.evaluation.runner import evaluate
from articleqa.evaluation.short_answers import ShortAnswerScores
from articleqa.evaluation.squad import read_squad
from articleqa.evaluation.trec import run_lines

__all__ = [
    "Ablation",
    "BaselineScores",
    "CoveragePoint",
    "EvaluatedSet",
    "Evaluation",
    "EvaluationQuestion",
    "GoldAnswer",
    "GoldRule",
    "Miss",
    "QuestionSet",
    "ReliabilityBin",
    "Scores",
    "Share",
    "ShortAnswerScores",
    "SwitchedOff",
    "Verdict",
    "ablate",
    "evaluate",
    "html_page",
    "read_questions",
    "read_squad",
    "run_lines",
]
