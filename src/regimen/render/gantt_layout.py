"""How is the page divided: title, axes, chart, key and footer?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor, inf

from regimen.errors import RegimenError
from regimen.events import Calendar, day_of
from regimen.render.gantt_days import day_zero
from regimen.render.gantt_head import Milestone, Stretch, cycles, day_one_or_zero, epochs, milestones
from regimen.render.gantt_key import key
from regimen.render.gantt_lanes import Lane, lanes
from regimen.render.gantt_rows import cycle_rows, epoch_rows, lane_rows, milestone_rows
from regimen.render.gantt_scale import FEW_DAYS, Tick, date_ticks, study_day_ticks
from regimen.render.gantt_shapes import BODY, SMALL, TINY, TITLE, Drawing, Frame, Page, Words
from regimen.render.gantt_style import QUIET_INK
from regimen.render.gantt_text import TIED, Measure, wrap
from regimen.render.gantt_view import View, between, clipped, cut
from regimen.render.words import PLANNING_AID, counted, day_in_words, moment_in_words, one_line

NARROWEST, WIDEST = 6.0, 100.0
"""Inches."""

_MARGIN, _RIGHT_MARGIN = 0.3, 0.5
_TICK_ROOM = 0.12
"""Inches kept free between two texts of an axis."""
_AXIS_TITLE_GAP = 0.5
_LABEL_GAP = 0.12


@dataclass(frozen=True, slots=True)
class _Content:
    origin: date
    first_day: int | None
    lanes: tuple[Lane, ...]
    epochs: tuple[Stretch, ...]
    cycles: tuple[Stretch, ...]
    milestones: tuple[Milestone, ...]
    edges: tuple[float | None, float | None] = (None, None)
    """The days asked for, if only some of them are shown."""


def page(calendar: Calendar, width: float, theme: str, measure: Measure, view: View | None = None) -> Page:
    """Everything that is on the plot of the calendar, with its place."""
    view = view or View()
    shown = replace(calendar, events=tuple(event for event in calendar if view.holds(event)))
    _require_something(calendar, shown, view)
    _require_width(width)
    content = _content(calendar, shown, view)
    frame, label_width = _frame(content, width, theme, measure)
    view.require_room(frame.per_day)
    head = _titles(calendar, width, measure)
    chart_top = head.bottom + 0.34
    chart, row_titles = _chart(content, frame, chart_top, label_width)
    bottom = chart[-1].bottom
    dates = date_ticks(content.origin, frame.start, frame.end, _room(frame), view.by)
    days = study_day_ticks(frame.start, frame.end, content.first_day, _room(frame))
    axes = _axis_titles(frame, chart_top, bottom, content.first_day, _anchor(calendar, content.origin))
    notes = [*view.left_out(calendar), *_waiting(calendar), *_assumed(calendar)]
    foot = _foot(notes, frame, width, bottom + 0.55, chart)
    margins = (head, axes, row_titles, *foot)
    title = one_line(" · ".join(_title_parts(calendar)))
    height = foot[-1].bottom + _MARGIN
    grid = _grid(frame, dates, content.origin, view.by)
    return Page(title, width, height, chart_top, bottom, frame, chart, margins, dates, days, grid)


def _require_something(calendar: Calendar, shown: Calendar, view: View) -> None:
    if shown.events:
        return
    if calendar.events:
        raise RegimenError(f"There is nothing to draw on these days. {' '.join(view.left_out(calendar))}")
    waiting = sum(len(group.events) for group in calendar.waiting)
    because = f"; {counted(waiting, 'event')} still wait for a date" if waiting else ""
    raise RegimenError(
        f"There is nothing to draw: the calendar of {one_line(calendar.arm) or 'this arm'} in "
        f"{one_line(calendar.study) or 'this study'} has no dated events{because}. "
        "Give the dates of its anchors, or choose an arm that has doses or visits."
    )


def _require_width(width: float) -> None:
    if not NARROWEST <= width <= WIDEST:
        raise RegimenError(f"A plot is from {NARROWEST:g} to {WIDEST:g} inches wide; {width:g} is not.")


def _content(calendar: Calendar, shown: Calendar, view: View) -> _Content:
    """Epochs and cycles are those of the whole calendar, cut at the edges of what is shown."""
    origin, first_day = day_zero(calendar), day_one_or_zero(calendar)
    first, last = view.ends(origin)
    days = int(last - first) if first is not None and last is not None else None
    found = _Content(
        origin, first_day, lanes(shown, origin, days), epochs(calendar, origin), cycles(calendar, origin, first_day),
        (*milestones(calendar, origin), *_today(view, origin)),
    )  # fmt: skip
    if first is None and last is None:
        return found
    start, end = first if first is not None else -inf, last if last is not None else inf
    return _Content(
        origin, first_day, tuple(clipped(lane, start, end) for lane in found.lanes), cut(found.epochs, start, end),
        cut(found.cycles, start, end), between(found.milestones, start, end), (first, last),
    )  # fmt: skip


def _today(view: View, origin: date) -> tuple[Milestone, ...]:
    if view.today is None:
        return ()
    return (Milestone((view.today - origin).days + 0.5, f"Today, {day_in_words(view.today)}"),)


def _frame(content: _Content, width: float, theme: str, measure: Measure) -> tuple[Frame, float]:
    names = [measure(lane.name, BODY, True) for lane in content.lanes]
    details = [measure(text, TINY, False) for lane in content.lanes for text in (lane.detail, lane.doubt)]
    label_width = min(max([*names, *details, 1.2]) + 0.02, 0.24 * width, 3.0)
    start, end = _days_shown(content)
    left = _MARGIN + label_width + _LABEL_GAP
    return Frame(left, width - _RIGHT_MARGIN, start, end, measure, theme), label_width


def _days_shown(content: _Content) -> tuple[float, float]:
    """From the first day to the last, whole days, with a little air so that no mark is cut."""
    spans = [(s.start, s.end) for s in (*content.epochs, *content.cycles)]
    for lane in content.lanes:
        spans += [(bar.start, bar.end) for bar in lane.bars] + [(band.start, band.end) for band in lane.bands]
        spans += [(ghost.start, ghost.end) for ghost in lane.ghosts]
    points = [mark.at for lane in content.lanes for mark in lane.marks] + [m.at for m in content.milestones]
    spans += [(floor(at), floor(at) + 1) for at in points]
    first, last = content.edges
    start = first if first is not None else floor(min(span[0] for span in spans))
    end = last if last is not None else ceil(max(span[1] for span in spans))
    air = max(0.015 * (end - start), 0.05)
    return start - air, end + air


def _titles(calendar: Calendar, width: float, measure: Measure) -> Drawing:
    room, y, words = width - _MARGIN - _RIGHT_MARGIN, _MARGIN, list[Words]()
    for text in wrap(" · ".join(_title_parts(calendar)), room, TITLE, measure, lines=2, bold=True):
        words.append(Words(_MARGIN, y + 0.13, text, TITLE, bold=True))
        y += 0.28
    anchors = " · ".join(
        f"{one_line(name.replace('_', ' '))} {moment_in_words(moment).replace(' ', TIED)}"
        for name, moment in calendar.anchors.items()
    )
    for text in wrap(anchors, room, BODY, measure, lines=2):
        words.append(Words(_MARGIN, y + 0.1, text, BODY, colour=QUIET_INK))
        y += 0.19
    return Drawing(y, words=tuple(words))


def _title_parts(calendar: Calendar) -> list[str]:
    return [text for text in (one_line(calendar.title or calendar.study), one_line(calendar.arm)) if text]


def _chart(content: _Content, frame: Frame, top: float, label_width: float) -> tuple[tuple[Drawing, ...], Drawing]:
    label_x = frame.left - _LABEL_GAP
    in_epochs = epoch_rows(frame, content.epochs, top + 0.05)
    in_cycles = cycle_rows(frame, content.cycles, in_epochs.bottom)
    milestones_top = in_cycles.bottom
    lanes_top = milestone_rows(frame, content.milestones, milestones_top, 0.0).bottom + 0.03
    in_lanes = lane_rows(frame, content.lanes, lanes_top, label_width, label_x)
    foot = in_lanes[-1].bottom if in_lanes else lanes_top + 0.2
    lines = milestone_rows(frame, content.milestones, milestones_top, foot)
    titles = [
        Words(label_x, y, text, SMALL, colour=QUIET_INK, side="right")
        for text, y, shown in (
            ("Epoch", top + 0.05 + 0.095, content.epochs),
            ("Cycle", in_epochs.bottom + 0.095, content.cycles),
            ("Milestone", milestones_top + 0.085, content.milestones),
        )
        if shown
    ]
    return (in_epochs, in_cycles, lines, *in_lanes, Drawing(foot)), Drawing(lanes_top, words=tuple(titles))


def _room(frame: Frame) -> Callable[[str], float]:
    def room(text: str) -> float:
        widest = max(frame.measure(line, SMALL, False) for line in text.split("\n"))
        return (widest + _TICK_ROOM) / frame.per_day

    return room


def _anchor(calendar: Calendar, origin: date) -> str:
    names = (name for name, moment in calendar.anchors.items() if day_of(moment) == origin)
    return one_line(next(names, "").replace("_", " ")) or "the anchor"


def _axis_titles(frame: Frame, top: float, bottom: float, first_day: int | None, anchor: str) -> Drawing:
    """The names of the two axes, clear of a tick's text that reaches over the chart's left edge."""
    x, room = frame.left - _AXIS_TITLE_GAP, frame.left - _AXIS_TITLE_GAP - 0.1
    days = "Study day" if first_day is not None else f"Days from {anchor}"
    upper = wrap(days, room, SMALL, frame.measure, lines=1, bold=True)
    return Drawing(
        bottom,
        words=(
            *(Words(x, top - 0.13, text, SMALL, bold=True, side="right") for text in upper),
            Words(x, bottom + 0.14, "Date", SMALL, bold=True, side="right"),
        ),
    )


def _foot(
    notes: Sequence[str], frame: Frame, width: float, top: float, chart: Sequence[Drawing]
) -> tuple[Drawing, Drawing, Drawing]:
    room = width - _MARGIN - _RIGHT_MARGIN
    noted = _lines(notes, room, frame.measure, top)
    explained = key(chart, frame, _MARGIN, width - _RIGHT_MARGIN, noted.bottom)
    aid = Words(_MARGIN, explained.bottom + 0.1, PLANNING_AID, BODY, bold=True)
    return noted, explained, Drawing(explained.bottom + 0.2, words=(aid,))


def _waiting(calendar: Calendar) -> list[str]:
    """What could not be drawn, since what is left out in silence looks as if it did not exist."""
    groups = [f"{counted(len(g.events), 'event')} waiting for {one_line(g.for_)}" for g in calendar.waiting if g.events]
    return [f"Not drawn, no date yet: {'; '.join(groups)}."] if groups else []


def _assumed(calendar: Calendar) -> list[str]:
    if all(event.basis == "stated" for event in calendar):
        return []
    return ["Assumed or not stated: the protocol does not say so itself; read the reasons in the calendar's text."]


def _lines(texts: Iterable[str], room: float, measure: Measure, top: float) -> Drawing:
    lines = [line for text in texts for line in wrap(text, room, BODY, measure, lines=3)]
    words = (Words(_MARGIN, top + 0.1 + 0.18 * n, line, BODY) for n, line in enumerate(lines))
    return Drawing(top + 0.18 * len(lines) + (0.08 if lines else 0), words=tuple(words))


def _grid(frame: Frame, dates: Iterable[Tick], origin: date, by: str) -> tuple[float, ...]:
    """Lines between days or weeks when these are columns, otherwise lines through the ticks."""
    days = range(ceil(frame.start), floor(frame.end) + 1)
    if by == "day" or (not by and frame.end - frame.start <= FEW_DAYS):
        return tuple(float(day) for day in days)
    if by == "week":
        return tuple(float(day) for day in days if (origin.weekday() + day) % 7 == 0)
    return tuple(tick.at for tick in dates)
