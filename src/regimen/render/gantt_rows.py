"""Where on the page do epochs, cycles, milestones and lanes go so that no text lies on another?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from regimen.render.gantt_head import Milestone, Stretch
from regimen.render.gantt_lanes import Bar, Lane, Mark, start_of
from regimen.render.gantt_shapes import BODY, SMALL, TINY, Box, Dot, Drawing, Frame, Upright, Words
from regimen.render.gantt_style import PAPER, QUIET_INK, Fill, event_fill, ghost_fill, ink_on, lane_colour, window_fill
from regimen.render.gantt_text import pack, shorten, wrap

_BAND, _BAND_STEP = 0.19, 0.22
_LABEL_STEP = 0.17
_ROW, _BAR = 0.29, 0.25
_ABOVE = 0.14
"""Room for the text of a dose level over its lane."""
_NAME_LINE, _DETAIL_LINE = 0.165, 0.14
_LANE_PADDING = 0.14
_NARROWEST_BAR = 0.03
_GHOST, _GHOST_DOT = 0.13, 5.0
"""Height of the row under a lane for what is not where it was planned, in inches, and its marks in points."""
_LONGEST_LABEL = 2.6
_LABEL_AIR = 0.12
_SMALLEST_DOT, _LARGEST_DOT = 3.5, 8.0

_EPOCH = Fill("#DADADA", "#8E8E8E", layer=3.0, role="epoch")
_CYCLE = Fill("#F0F0F0", "#AFAFAF", layer=3.0, role="cycle")
_STRIPE = Fill("#F7F7F7", "#F7F7F7", layer=1.0, role="stripe")


def epoch_rows(frame: Frame, stretches: Sequence[Stretch], top: float) -> Drawing:
    """A band per epoch with its name inside, or beside it when the band is too short."""
    names = [_beside_or_inside(frame, stretch) for stretch in stretches]
    spans = [_with_words(frame, stretch, name) for stretch, name in zip(stretches, names, strict=True)]
    rows = pack(spans, slack=min(frame.per_day, 0.03))
    boxes = tuple(_band(s, top + row * _BAND_STEP, _EPOCH) for s, row in zip(stretches, rows, strict=True))
    words = tuple(
        replace(name, y=box.top + _BAND / 2, backing=box.fill.colour if box.fill.hatched else None)
        for name, box in zip(names, boxes, strict=True)
    )
    return Drawing(top + (max(rows, default=-1) + 1) * _BAND_STEP, boxes, words=tuple(w for w in words if w.text))


def cycle_rows(frame: Frame, stretches: Sequence[Stretch], top: float) -> Drawing:
    """A band per cycle; when there are too many for a number on each, only some are numbered."""
    rows = pack([(s.start, s.end) for s in stretches])
    boxes = tuple(_band(s, top + row * _BAND_STEP, _CYCLE) for s, row in zip(stretches, rows, strict=True))
    words: list[Words] = []
    for row in range(max(rows, default=-1) + 1):
        members = [s for s, r in zip(stretches, rows, strict=True) if r == row]
        words += _cycle_numbers(frame, members, top + row * _BAND_STEP + _BAND / 2)
    return Drawing(top + (max(rows, default=-1) + 1) * _BAND_STEP, boxes, words=tuple(words))


def milestone_rows(frame: Frame, found: Sequence[Milestone], top: float, foot: float) -> Drawing:
    """Labels in as many rows as they need: none touches another and no line runs through a label."""
    placed: list[_Label] = []
    for milestone in reversed(found):
        placed.append(_free_place(_choices(frame, milestone), placed))
    highest = max((label.row for label in placed), default=-1)
    lowest = min((label.row for label in placed), default=0)
    tops = [top + (highest - label.row) * _LABEL_STEP for label in placed]
    words = tuple(replace(p.words, y=y + _LABEL_STEP / 2) for p, y in zip(placed, tops, strict=True))
    uprights = tuple(
        Upright(milestone.at, y + 0.02, foot, dotted=milestone.tentative)
        for milestone, y in zip(reversed(found), tops, strict=True)
    )
    return Drawing(top + (highest - lowest + 1) * _LABEL_STEP, uprights=uprights, words=words)


def lane_rows(
    frame: Frame, found: Sequence[Lane], top: float, label_width: float, label_x: float
) -> tuple[Drawing, ...]:
    """One lane under the other, each with its name at the left and a stripe behind every second one."""
    drawings: list[Drawing] = []
    drugs = 0
    for number, lane in enumerate(found):
        colour = lane_colour(lane.kind, drugs, frame.theme)
        drugs += lane.kind == "dose"
        drawing = _lane(frame, lane, top, colour, label_width, label_x)
        if number % 2 == 0:
            stripe = Box(frame.start, frame.end, top, drawing.bottom, _STRIPE)
            drawing = replace(drawing, boxes=(stripe, *drawing.boxes))
        drawings.append(drawing)
        top = drawing.bottom
    return tuple(drawings)


@dataclass(frozen=True, slots=True)
class _Label:
    """A milestone's text with the stretch of the page it covers; a higher row is further up."""

    words: Words
    line: float
    start: float
    end: float
    row: int = 0

    def fits_with(self, other: _Label) -> bool:
        if self.row == other.row and self.start < other.end and other.start < self.end:
            return False
        upper, lower = (self, other) if self.row >= other.row else (other, self)
        crossed = lower.start < upper.line < lower.end
        return not crossed and not (self.row == other.row and upper.start < lower.line < upper.end)


def _choices(frame: Frame, milestone: Milestone) -> tuple[_Label, ...]:
    x = frame.x(milestone.at)
    room_right, room_left = frame.right - x - _LABEL_AIR, x - frame.left - _LABEL_AIR
    text = shorten(milestone.text, min(_LONGEST_LABEL, max(room_right, room_left)), SMALL, frame.measure)
    width = frame.measure(text, SMALL, False)
    right = _Label(Words(x + 0.05, 0, text, SMALL, backing=PAPER), x, x, x + width + _LABEL_AIR)
    left = _Label(Words(x - 0.05, 0, text, SMALL, side="right", backing=PAPER), x, x - width - _LABEL_AIR, x)
    return tuple(label for label, room in ((right, room_right), (left, room_left)) if width <= room)


def _free_place(choices: Sequence[_Label], placed: Sequence[_Label]) -> _Label:
    """The lowest row that works, else a new one on top, else a new one at the bottom."""
    rows = [label.row for label in placed] or [0]
    new_top, new_bottom = max(rows) + 1, min(rows) - 1
    candidates = [replace(label, row=row) for label in choices for row in (*range(min(rows), new_top + 1), new_bottom)]
    free = (label for label in candidates if all(label.fits_with(other) for other in placed))
    return next(free, replace(choices[0], row=new_top))


def _beside_or_inside(frame: Frame, stretch: Stretch) -> Words:
    text = shorten(stretch.texts[0], _LONGEST_LABEL, SMALL, frame.measure)
    width, x0, x1 = frame.measure(text, SMALL, False), frame.x(stretch.start), frame.x(stretch.end)
    if width + 0.08 <= x1 - x0:
        return Words((x0 + x1) / 2, 0, text, SMALL, side="center")
    if x1 + width + 0.05 <= frame.right:
        return Words(x1 + 0.05, 0, text, SMALL)
    if x0 - width - 0.05 >= frame.left:
        return Words(x0 - 0.05, 0, text, SMALL, side="right")
    return Words((x0 + x1) / 2, 0, shorten(text, x1 - x0 - 0.08, SMALL, frame.measure), SMALL, side="center")


def _with_words(frame: Frame, stretch: Stretch, words: Words) -> tuple[float, float]:
    x0, x1 = frame.x(stretch.start), frame.x(stretch.end)
    width = frame.measure(words.text, SMALL, False)
    if words.side == "left":
        return x0, words.x + width + 0.06
    return (words.x - width - 0.06, x1) if words.side == "right" else (x0, x1)


def _band(stretch: Stretch, top: float, fill: Fill) -> Box:
    return Box(
        stretch.start, stretch.end, top, top + _BAND, replace(fill, hatched=stretch.tentative, dashed=stretch.optional)
    )


def _cycle_numbers(frame: Frame, stretches: Sequence[Stretch], y: float) -> list[Words]:
    """A number on each cycle or, when they would touch, on every second, fifth, tenth and so on."""
    long = all(_inside(frame, s, s.texts[0]) for s in stretches)
    texts = [s.texts[0] if long else s.texts[-1] for s in stretches]
    placed = [_cycle_number(frame, stretches, number, text, y) for number, text in enumerate(texts)]
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        chosen = placed[::step]
        ends = [words.x + frame.measure(words.text, TINY, False) for words in chosen]
        if all(end + 0.04 <= words.x for end, words in zip(ends, chosen[1:], strict=False)):
            return [words for end, words in zip(ends, chosen, strict=True) if end <= frame.right]
    return []


def _cycle_number(frame: Frame, stretches: Sequence[Stretch], number: int, text: str, y: float) -> Words:
    stretch, last = stretches[number], number == len(stretches) - 1
    width, x1 = frame.measure(text, TINY, False), frame.x(stretch.end)
    following = frame.right if last else frame.x(stretches[number + 1].start)
    inside = _inside(frame, stretch, text)
    if not inside and x1 + 0.06 + width <= following:
        return Words(x1 + 0.04, y, text, TINY)
    x = frame.x((stretch.start + stretch.end) / 2) - width / 2
    return Words(x, y, text, TINY, backing=None if inside and not stretch.tentative else _CYCLE.colour)


def _inside(frame: Frame, stretch: Stretch, text: str) -> bool:
    return frame.measure(text, TINY, False) + 0.06 <= (stretch.end - stretch.start) * frame.per_day


def _lane(frame: Frame, lane: Lane, top: float, colour: str, label_width: float, label_x: float) -> Drawing:
    label = _lane_label(frame, lane, label_width, label_x)
    above = _ABOVE if lane.kind == "dose" and lane.rows == 1 and len(lane.doses) > 1 else 0.0
    needed = above + lane.rows * _ROW + (_GHOST if lane.ghosts else 0.0)
    height = max(needed, sum(step for step, _ in label)) + _LANE_PADDING
    first_row = top + (height - needed) / 2 + above
    boxes, inside = _bars(frame, lane, first_row, colour)
    faded, marks = _ghosts(lane, first_row + lane.rows * _ROW + _GHOST / 2, colour)
    bands = _window_boxes(lane, top, top + height, colour)
    over = _dose_levels(frame, lane, first_row - _ABOVE / 2, inside) if above else ()
    words = (*_stacked(label, top + height / 2), *inside.values(), *over)
    dots = (*_dots(frame, lane, first_row, colour), *marks)
    return Drawing(top + height, (*bands, *boxes, *faded), dots, words=words)


def _ghosts(lane: Lane, y: float, colour: str) -> tuple[list[Box], list[Dot]]:
    """Under what is there now: a thin outline over the planned days where they are several, and a small mark."""
    fill = ghost_fill(colour)
    long = [ghost for ghost in lane.ghosts if ghost.end - ghost.start > 1]
    boxes = [Box(g.start, g.end, y - _GHOST / 5, y + _GHOST / 5, fill) for g in long]
    return boxes, [Dot((g.start + g.end) / 2, y, g.state, _GHOST_DOT, fill) for g in lane.ghosts]


def _lane_label(frame: Frame, lane: Lane, width: float, x: float) -> list[tuple[float, Words]]:
    names = wrap(lane.name, width, BODY, frame.measure, lines=2, bold=True)
    details = wrap(lane.detail, width, TINY, frame.measure, lines=2)
    details += wrap(lane.doubt, width, TINY, frame.measure, lines=1)
    right: Literal["right"] = "right"
    return [(_NAME_LINE, Words(x, 0, text, BODY, bold=True, side=right)) for text in names] + [
        (_DETAIL_LINE, Words(x, 0, text, TINY, colour=QUIET_INK, side=right)) for text in details
    ]


def _stacked(lines: Sequence[tuple[float, Words]], middle: float) -> tuple[Words, ...]:
    y, placed = middle - sum(step for step, _ in lines) / 2, []
    for step, words in lines:
        placed.append(replace(words, y=y + step / 2))
        y += step
    return tuple(placed)


def _bars(frame: Frame, lane: Lane, first_row: float, colour: str) -> tuple[list[Box], dict[Bar, Words]]:
    boxes, texts = [], {}
    for bar in lane.bars:
        bottom = first_row + bar.row * _ROW + (_ROW + _BAR) / 2
        end = max(bar.end, bar.start + _NARROWEST_BAR / frame.per_day)
        fill = event_fill(colour, tentative=bar.tentative, optional=bar.optional, role=lane.kind)
        box = Box(bar.start, end, bottom - _BAR * bar.height, bottom, fill)
        boxes.append(box)
        if bar.dose and frame.measure(bar.dose, TINY, False) + 0.1 <= (end - bar.start) * frame.per_day:
            texts[bar] = _words_in(frame, box, bar.dose)
    return boxes, texts


def _words_in(frame: Frame, box: Box, text: str) -> Words:
    x, y = frame.x((box.start + box.end) / 2), (box.top + box.bottom) / 2
    backing = box.fill.colour if box.fill.hatched else None
    return Words(x, y, text, TINY, colour=ink_on(box.fill.colour), side="center", backing=backing)


def _dose_levels(frame: Frame, lane: Lane, y: float, inside: dict[Bar, Words]) -> tuple[Words, ...]:
    """The text of each change of dose, where it ends before the next change and is not in the bar already."""
    shapes = lane.shapes
    changes = [shape for n, shape in enumerate(shapes) if n == 0 or shapes[n - 1].dose != shape.dose]
    ends = [*(start_of(shape) for shape in changes[1:]), frame.end]
    return tuple(
        Words(frame.x(start_of(shape)), y, shape.dose, TINY)
        for shape, end in zip(changes, ends, strict=True)
        if shape.dose
        and not (isinstance(shape, Bar) and shape in inside)
        and frame.measure(shape.dose, TINY, False) + 0.08 <= (end - start_of(shape)) * frame.per_day
    )


def _dots(frame: Frame, lane: Lane, first_row: float, colour: str) -> tuple[Dot, ...]:
    places = sorted({mark.at for mark in lane.marks})
    gap = min((b - a for a, b in pairwise(places)), default=1e9) * frame.per_day * 72
    size = min(max(gap * 0.95, _SMALLEST_DOT), _LARGEST_DOT)
    return tuple(_dot(mark, first_row + (mark.row + 0.5) * _ROW, size, colour) for mark in lane.marks)


def _dot(mark: Mark, y: float, size: float, colour: str) -> Dot:
    fill = event_fill(colour, tentative=mark.tentative, optional=mark.optional, role=mark.kind)
    return Dot(mark.at, y, mark.kind, size, fill)


def _window_boxes(lane: Lane, top: float, bottom: float, colour: str) -> list[Box]:
    return [
        Box(b.start, b.end, top + 0.03, bottom - 0.03, window_fill(colour, preferred=b.preferred)) for b in lane.bands
    ]
