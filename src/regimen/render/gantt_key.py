"""What do the shapes on this plot mean? The key explains what occurs and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from regimen.render.gantt_shapes import SMALL, Box, Dot, Drawing, Frame, Words
from regimen.render.gantt_style import GHOSTS, INK, Fill, event_fill, ghost_fill, window_fill

_SAMPLE = 0.32
_STEP = 0.21
_GREY = "#8C8C8C"
_MARKS = {
    "dose": "dose", "visit": "visit", "activity": "activity", "moved": "small ring: planned, moved since",
    "missed": "cross: missed", "held": "small square: on hold", "off": "plus: cancelled or not applicable",
}  # fmt: skip
_BARS = {
    "dose": "bar: infusion or daily doses",
    "visit": "bar: visit over these days",
    "activity": "bar: activity over these days",
}


def key(drawings: Iterable[Drawing], frame: Frame, left: float, right: float, top: float) -> Drawing:
    """The samples in lines from left to right, each with its words."""
    found = list(drawings)
    x, y = left, top
    boxes, dots, words = list[Box](), list[Dot](), list[Words]()
    for sample, text in _entries(found):
        width = _SAMPLE + 0.07 + frame.measure(text, SMALL, False) + 0.25
        if x + width - 0.25 > right and x > left:
            x, y = left, y + _STEP
        new_boxes, new_dots = _at(sample, x, y + _STEP / 2)
        boxes, dots = boxes + new_boxes, dots + new_dots
        words.append(Words(x + _SAMPLE + 0.07, y + _STEP / 2, text, SMALL))
        x += width
    bottom = y + _STEP + 0.06 if words else top
    return Drawing(bottom, tuple(boxes), tuple(dots), words=tuple(words))


def _entries(found: Sequence[Drawing]) -> Iterator[tuple[str | Fill, str]]:
    boxes, dots = [box for d in found for box in d.boxes], [dot for d in found for dot in d.dots]
    fills = {box.fill for box in boxes} | {dot.fill for dot in dots}
    bars = [box for box in boxes if box.fill.role in _BARS]
    for kind, text in _MARKS.items():
        if any(dot.kind == kind for dot in dots):
            yield kind, text
    for role, text in _BARS.items():
        if any(bar.fill.role == role for bar in bars):
            yield event_fill(_GREY if role == "dose" else INK, tentative=False, optional=False), text
    if len({round(box.bottom - box.top, 6) for box in bars}) > 1:
        yield "steps", "higher bar: higher dose"
    yield from _states(fills, dotted=any(line.dotted for d in found for line in d.uprights))


def _states(fills: Iterable[Fill], *, dotted: bool) -> Iterator[tuple[Fill, str]]:
    fills = list(fills)
    if any(fill.hatched for fill in fills) or dotted:
        yield event_fill(_GREY, tentative=True, optional=False), "hatched or dotted: not decided"
    if any(fill.dashed for fill in fills):
        yield event_fill(_GREY, tentative=False, optional=True), "dashed: optional, may not happen"
    for role, text in (("window", "light band: window"), ("preferred window", "darker band: preferred days")):
        if any(fill.role == role for fill in fills):
            yield window_fill(_GREY, preferred=role != "window"), text


def _at(sample: str | Fill, x: float, y: float) -> tuple[list[Box], list[Dot]]:
    solid = event_fill(_GREY, tentative=False, optional=False)
    if isinstance(sample, Fill):
        return [Box(x, x + _SAMPLE, y - 0.07, y + 0.07, sample)], []
    if sample == "steps":
        half = _SAMPLE / 2
        return [Box(x, x + half, y - 0.01, y + 0.07, solid), Box(x + half, x + _SAMPLE, y - 0.07, y + 0.07, solid)], []
    if sample in GHOSTS:
        return [], [Dot(x + _SAMPLE / 2, y, str(sample), 5.0, ghost_fill(INK))]
    return [], [Dot(x + _SAMPLE / 2, y, str(sample), 8.0, replace(solid, colour=INK))]
