"""A plotting area with axes, as an SVG element that the page's own style sheet colours.

Elements are built as a tree, so that text from question sets is escaped and every tag is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

WIDTH = 360.0
"""Width in SVG units: about as many as a phone has pixels, so that text keeps its size there."""

TICK_ROOM, LABEL_ROOM = 16.0, 34.0
"""Height below the area, in SVG units, of the tick figures, and of the tick figures plus the axis label."""


class Plot:
    """An SVG that is `WIDTH` units wide, with one area whose edges are the values of `across` and `up`."""

    def __init__(
        self,
        *,
        description: str,
        left: float,
        top: float,
        right: float,
        height: float,
        across: tuple[float, float],
        up: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        """Start a drawing described by `description`; the area lies within the given margins."""
        self.left, self.top, self.right = left, top, WIDTH - right
        self.bottom = top + height
        self._across, self._up = across, up
        box = f"0 0 {WIDTH:g} {self.bottom + LABEL_ROOM:g}"
        self._svg = Element("svg", {"viewBox": box, "role": "img", "aria-label": description})

    def x(self, value: float) -> float:
        """Return the x coordinate of `value`."""
        low, high = self._across
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the y coordinate of `value`."""
        low, high = self._up
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def add(self, tag: str, style: str, hint: str = "", **numbers: float) -> None:
        """Draw a shape of the class `style` with these attributes; `hint` is its tooltip."""
        shape = ElementTree.SubElement(self._svg, tag, {"class": style})
        for name, number in numbers.items():
            shape.set(name, f"{number:.1f}")
        if hint:
            ElementTree.SubElement(shape, "title").text = hint

    def line(self, style: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight line."""
        self.add("line", style, x1=x1, y1=y1, x2=x2, y2=y2)

    def curve(self, style: str, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line through `points`, which are values on the axes."""
        line = ElementTree.SubElement(self._svg, "polyline", {"class": style})
        line.set("points", " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points))

    def text(self, style: str, x: float, y: float, text: str, *, anchor: str = "start") -> None:
        """Write `text`, with its start, middle or end at `x`, as `anchor` says."""
        written = ElementTree.SubElement(
            self._svg, "text", {"class": style, "x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
        )
        written.text = text

    def across_axis(
        self, ticks: Sequence[float], label: str, form: Callable[[float], str] = "{:.1f}".format
    ) -> None:
        """Draw the lower axis: a grid line and a figure for each tick, and the axis label."""
        for tick in ticks:
            self.line("grid", self.x(tick), self.top, self.x(tick), self.bottom)
            self.text("tick", self.x(tick), self.bottom + TICK_ROOM - 2, form(tick), anchor="middle")
        middle = (self.left + self.right) / 2
        self.text("label", middle, self.bottom + LABEL_ROOM - 4, label, anchor="middle")

    def up_axis(self, ticks: Sequence[float], label: str) -> None:
        """Draw the left axis in the same way; its label is above it, so that it need not be rotated."""
        for tick in ticks:
            self.line("grid", self.left, self.y(tick), self.right, self.y(tick))
            self.text("tick", self.left - 5, self.y(tick) + 4, f"{tick:.1f}", anchor="end")
        self.text("label", 0, 11, label)

    def markup(self) -> str:
        """Return the drawing as markup to put into an HTML page."""
        return ElementTree.tostring(self._svg, encoding="unicode")
