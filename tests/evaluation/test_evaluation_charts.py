from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from articleqa.evaluation import CoveragePoint, ReliabilityBin
from articleqa.evaluation.charts import (
    Pair,
    change_bars,
    paired_bars,
    reliability_diagram,
    risk_coverage_chart,
)
from articleqa.evaluation.svg import WIDTH

HOSTILE = '"><script>alert(1)</script>'


def drawn(svg: str, style: str) -> list[Element]:
    """Return the shapes of a class; to parse the drawing at all proves that every tag is closed."""
    return [shape for shape in ElementTree.fromstring(svg).iter() if style in shape.get("class", "").split()]


def texts(svg: str, style: str) -> list[str]:
    return [shape.text or "" for shape in drawn(svg, style)]


def number(shape: Element, name: str) -> float:
    return float(shape.attrib[name])


def test_a_pair_of_shares_is_a_pair_of_bars_of_their_lengths() -> None:
    svg = paired_bars([Pair("who", 0.75, 0.5), Pair("why", None, 0.25)], description="bars")
    (ours,), plain = drawn(svg, "ours"), drawn(svg, "plain")
    assert len(plain) == 2
    assert number(ours, "width") / number(plain[0], "width") == pytest.approx(1.5, abs=0.01)
    assert texts(svg, "value") == ["0.750", "0.500", "0.250"]
    assert texts(svg, "name") == ["who", "why"]
    assert texts(svg, "tick") == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert texts(svg, "label") == ["P@1: share of the answerable questions"]


def test_losses_go_left_and_gains_right_of_nothing() -> None:
    svg = change_bars([("overlap", -0.15), ("form", 0.05), ("order", 0.0)], description="changes")
    (nothing,) = drawn(svg, "axis")
    (loss,) = drawn(svg, "loss")
    gain, none = drawn(svg, "gain")
    middle = number(nothing, "x1")
    assert number(loss, "x") + number(loss, "width") == pytest.approx(middle, abs=0.1)
    assert number(gain, "x") == middle
    assert number(none, "width") == 0
    assert number(loss, "width") == pytest.approx(3 * number(gain, "width"), abs=0.2)
    assert texts(svg, "value") == ["−0.150", "+0.050", "0.000"]
    assert texts(svg, "tick") == ["−0.15", "−0.10", "−0.05", "0.00", "+0.05"]


@pytest.mark.parametrize("change", [0.0, -0.001, 0.03, -0.4, 1.0, -1.0])
def test_a_change_of_any_size_is_drawn_inside(change: float) -> None:
    svg = change_bars([("one", change), ("two", -0.02)], description="changes")
    bars = drawn(svg, "bar")
    assert all(0 <= number(bar, "x") <= number(bar, "x") + number(bar, "width") <= WIDTH for bar in bars)
    assert 2 <= len(drawn(svg, "tick")) <= 12


def test_each_bin_is_a_dot_with_its_stem_and_its_count() -> None:
    bins = [
        ReliabilityBin(lower=0.1, upper=0.2, questions=100, mean_confidence=0.15, right=0.5),
        ReliabilityBin(lower=0.9, upper=1.0, questions=25, mean_confidence=0.95, right=0.95),
    ]
    svg = reliability_diagram(bins, description="reliability")
    first, second = drawn(svg, "point")
    assert number(first, "r") == 2 * number(second, "r")
    assert number(first, "cy") > number(second, "cy")
    long, none = drawn(svg, "stem")
    assert number(long, "y1") < number(long, "y2")
    assert number(none, "y1") == number(none, "y2")
    assert texts(svg, "count") == ["100", "25"]


def test_a_curve_has_its_points_and_the_threshold_a_dot() -> None:
    curve = [CoveragePoint(coverage=k / 4, risk=k / 8) for k in range(1, 5)]
    svg = risk_coverage_chart(curve, curve[1], description="curve")
    (line,), (dot,) = drawn(svg, "curve"), drawn(svg, "point")
    points = line.attrib["points"].split()
    assert len(points) == 4
    assert points[1] == f"{dot.attrib['cx']},{dot.attrib['cy']}"
    assert drawn(risk_coverage_chart(curve, None, description="curve"), "point") == []


def test_charts_of_nothing_are_empty() -> None:
    for svg in (
        paired_bars([], description="none"),
        change_bars([], description="none"),
        reliability_diagram([], description="none"),
        risk_coverage_chart([], None, description="none"),
    ):
        assert drawn(svg, "bar") == drawn(svg, "point") == []


def test_a_chart_is_described_and_names_from_outside_are_escaped_and_cut() -> None:
    svg = paired_bars([Pair(HOSTILE, 0.5, 0.5)], description=HOSTILE)
    assert "<script" not in svg
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == HOSTILE
    assert texts(svg, "name") == [HOSTILE[:15] + "…"]
