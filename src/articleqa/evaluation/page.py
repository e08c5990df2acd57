"""Evaluations as one self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import articleqa
from articleqa.data import read_data
from articleqa.evaluation import charts, formatting
from articleqa.evaluation.ablation import Ablation
from articleqa.evaluation.misses import ShownMiss, shown_miss
from articleqa.evaluation.results import CoveragePoint, Evaluation
from articleqa.models import Article
from articleqa.passages import AnalysedPassage

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "report.html.j2"

_BLANK_LINES = re.compile(r"\n\s*\n")
"""Blank lines; the page shows a run of them as one, since more would pull a passage apart."""

COMPARED = "P@1 of articleqa and of plain BM25"


@dataclass(frozen=True)
class EvaluatedSet:
    """A question set's metrics, and the articles and passages in which its misses are shown."""

    evaluation: Evaluation
    ablation: Ablation
    articles: Mapping[str, Article]
    passages: Sequence[AnalysedPassage]

    @cached_property
    def misses(self) -> list[ShownMiss]:
        """The worst misses with their passages."""
        return [shown_miss(miss, self.articles, self.passages) for miss in self.evaluation.misses]

    @cached_property
    def at_threshold(self) -> CoveragePoint | None:
        """The default threshold's point on the risk-coverage curve; None if nothing was answered."""
        scores = self.evaluation.overall
        wrong = scores.answered_wrong.count + scores.wrongly_answered.count
        answered = wrong + scores.answered_right.count
        if not answered:
            return None
        return CoveragePoint(coverage=answered / scores.questions, risk=wrong / answered)

    @cached_property
    def changes(self) -> list[tuple[str, float]]:
        """The change of P@1 when each part of the ranker is switched off, largest loss first."""
        with_all = self.ablation.p_at_1
        changes = [
            (off.name, off.p_at_1 - with_all)
            for off in self.ablation.switched_off
            if off.p_at_1 is not None and with_all is not None
        ]
        return sorted(changes, key=lambda pair: pair[1])


def html_page(sets: Sequence[EvaluatedSet]) -> str:
    """Return one HTML page about `sets`; needs jinja2 (the extra `report`).

    The page has no scripts and loads nothing from elsewhere. All text from questions and articles is escaped.
    """
    return _template().render(sets=sets, charts=_CHARTS, version=articleqa.__version__)


def bars_by_set(sets: Iterable[EvaluatedSet]) -> str:
    """Return the chart of P@1 by question set."""
    evaluations = [found.evaluation for found in sets]
    return charts.paired_bars(
        [
            charts.Pair(evaluation.name, evaluation.overall.p_at_1, evaluation.overall.baseline.p_at_1)
            for evaluation in evaluations
        ],
        description=f"Bar chart: {COMPARED} by question set",
    )


def bars_by_kind(found: EvaluatedSet) -> str:
    """Return the chart of P@1 by kind of question, for the kinds that have answerable questions."""
    return charts.paired_bars(
        [
            charts.Pair(kind, scores.p_at_1, scores.baseline.p_at_1)
            for kind, scores in found.evaluation.kinds.items()
            if scores.answerable
        ],
        description=f"Bar chart: {COMPARED} by kind of question, {found.evaluation.name}",
    )


def reliability(found: EvaluatedSet) -> str:
    """Return the reliability diagram."""
    ece = formatting.ratio(found.evaluation.overall.ece)
    return charts.reliability_diagram(
        found.evaluation.reliability,
        description=f"Reliability diagram: share right by confidence, {found.evaluation.name}; ECE {ece}",
    )


def risk_coverage(found: EvaluatedSet) -> str:
    """Return the risk-coverage curve with the default threshold on it."""
    aurc = formatting.ratio(found.evaluation.overall.aurc)
    return charts.risk_coverage_chart(
        found.evaluation.risk_coverage,
        found.at_threshold,
        description=f"Risk-coverage curve, {found.evaluation.name}; AURC {aurc}",
    )


def changes(found: EvaluatedSet) -> str:
    """Return the chart of the ablation."""
    return charts.change_bars(
        found.changes,
        description=f"Bar chart: change of P@1 without each part of the ranker, {found.evaluation.name}",
    )


_CHARTS = {
    "bars_by_set": bars_by_set,
    "bars_by_kind": bars_by_kind,
    "reliability": reliability,
    "risk_coverage": risk_coverage,
    "changes": changes,
}


def _template() -> Template:
    # Imported here: jinja2 comes with an extra that only the HTML page needs.
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(read_data),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        ratio=formatting.ratio,
        difference=formatting.difference,
        characters=formatting.length,
        percent=formatting.percent,
        close_up=partial(_BLANK_LINES.sub, "\n\n"),
    )
    return environment.get_template(TEMPLATE)
