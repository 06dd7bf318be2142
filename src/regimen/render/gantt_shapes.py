"""What can be painted? Boxes, dots, lines and words, and the frame that turns days into inches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from regimen.render.gantt_scale import Tick
from regimen.render.gantt_style import INK, Fill
from regimen.render.gantt_text import Measure

TITLE, BODY, SMALL, TINY = 14.0, 9.0, 8.0, 7.5
"""Sizes of letters in points."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; heights are inches from the top of the page, across it is days in the chart and inches elsewhere."""

    start: float
    end: float
    top: float
    bottom: float
    fill: Fill


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark at a point: a circle for a dose, a diamond for a visit, a triangle for an activity."""

    at: float
    y: float
    kind: str
    size: float
    """In points."""
    fill: Fill


@dataclass(frozen=True, slots=True)
class Upright:
    """A thin vertical line, dotted when it is not decided."""

    at: float
    top: float
    bottom: float
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text at a place of the page, in inches from its top left corner, centred on its height."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: str = INK
    side: Literal["left", "center", "right"] = "left"
    """Which part of the text stands at x."""
    backing: str | None = None
    """The colour behind the letters, where hatching would make them hard to read."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart lies across the page, which days it shows, and how wide letters are."""

    left: float
    right: float
    start: float
    end: float
    measure: Measure
    theme: str

    @property
    def per_day(self) -> float:
        """Inches for one day."""
        return (self.right - self.left) / (self.end - self.start)

    def x(self, day: float) -> float:
        """Inches from the left edge of the page."""
        return self.left + (day - self.start) * self.per_day

    def day(self, x: float) -> float:
        """The day at so many inches from the left edge of the page."""
        return self.start + (x - self.left) / self.per_day


@dataclass(frozen=True, slots=True)
class Drawing:
    """Some shapes and where they end; drawings are stacked from the top of the page to its foot."""

    bottom: float
    boxes: tuple[Box, ...] = ()
    dots: tuple[Dot, ...] = ()
    uprights: tuple[Upright, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is on the plot, with its place; only the painting is left."""

    title: str
    width: float
    height: float
    top: float
    """Where the chart begins, in inches from the top of the page."""
    bottom: float
    frame: Frame
    chart: tuple[Drawing, ...]
    """In days across."""
    margins: tuple[Drawing, ...]
    """In inches across."""
    dates: tuple[Tick, ...]
    study_days: tuple[Tick, ...]
    grid: tuple[float, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """All texts but those of the axes."""
        return tuple(words for drawing in (*self.chart, *self.margins) for words in drawing.words)
