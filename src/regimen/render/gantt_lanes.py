"""What is in each lane of the plot? Bars, marks and bands on a scale of days, without a picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial

from regimen.events import Calendar, DatedWindow, Event
from regimen.render.gantt_days import extent, is_stretch, middle, position
from regimen.render.gantt_ghosts import Ghost, ghosts
from regimen.render.gantt_scale import FEW_DAYS
from regimen.render.outcomes import OFF
from regimen.render.words import one_line

LOWEST_LEVEL = 0.5
"""How high the bar of a drug's lowest dose is, as a share of the highest."""

_LEADING_AMOUNT = re.compile(r"([\d.,]+) (\S.*)")


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch in a lane, in days from day 0, half open; several events when a daily run was merged."""

    start: float
    end: float
    dose: str
    tentative: bool
    optional: bool
    height: float = 1.0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One event at a point, in the middle of its day when no time is known."""

    at: float
    kind: str
    dose: str
    tentative: bool
    optional: bool
    row: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """The days of a window, half open: the last day inside is covered to its end."""

    start: float
    end: float
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """All doses of one drug, or all visits of one kind."""

    name: str
    detail: str
    """What all of it has in common: doses, route, duration."""
    doubt: str
    """Whether something was assumed or is not stated."""
    kind: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]
    ghosts: tuple[Ghost, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the lane needs so that nothing lies on anything else."""
        return 1 + max([*(bar.row for bar in self.bars), *(mark.row for mark in self.marks)], default=0)

    @property
    def doses(self) -> tuple[str, ...]:
        """The different dose texts in the order they first come up."""
        return tuple(dict.fromkeys(shape.dose for shape in self.shapes if shape.dose))

    @property
    def shapes(self) -> tuple[Bar | Mark, ...]:
        """Bars and marks in order of time."""
        shapes: list[Bar | Mark] = [*self.bars, *self.marks]
        return tuple(sorted(shapes, key=start_of))


def lanes(calendar: Calendar, origin: date, days: int | None = None) -> tuple[Lane, ...]:
    """The lanes that have events, in protocol order; milestones are lines across all lanes, not a lane.

    ``days`` is how many days are shown, if fewer than the calendar has.
    """
    of_item: dict[str, list[Event]] = {item: [] for item in calendar.lanes}
    for event in calendar:
        if event.kind != "milestone":
            of_item.setdefault(event.item, []).append(event)
    by_clock = (days is not None and days <= FEW_DAYS) or _days_of(calendar) <= FEW_DAYS
    return tuple(_lane(calendar.lanes.get(item), found, origin, by_clock) for item, found in of_item.items() if found)


def start_of(shape: Bar | Mark) -> float:
    """Where the shape begins, in days."""
    return shape.start if isinstance(shape, Bar) else shape.at


def _days_of(calendar: Calendar) -> int:
    return (max(event.last_day for event in calendar) - min(event.first_day for event in calendar)).days + 1


def _lane(name: str | None, events: Sequence[Event], origin: date, by_clock: bool) -> Lane:
    taking_place = [event for event in events if event.state not in OFF]
    bars, marks = _shapes(taking_place, origin, by_clock)
    heights = _heights(bar.dose for bar in bars)
    bars = [replace(bar, height=heights.get(bar.dose, 1.0)) for bar in bars]
    placed_bars, placed_marks = _in_rows(bars, marks)
    return Lane(
        name=one_line(name or events[0].label or events[0].item) or "unnamed",
        detail=_detail(events),
        doubt=_doubt(events),
        kind=events[0].kind,
        bars=placed_bars,
        marks=placed_marks,
        bands=_bands(taking_place, origin),
        ghosts=ghosts(events, origin),
    )


def _shapes(events: Sequence[Event], origin: date, by_clock: bool) -> tuple[list[Bar], list[Mark]]:
    """``by_clock``: so few days are shown that each time of day has a place of its own."""
    bars = [_bar(extent(event, origin), event) for event in events if is_stretch(event, origin)]
    single: list[Event] = []
    in_runs: list[Event] = []
    for event in events:
        if not is_stretch(event, origin):
            timed = isinstance(event.start, datetime) and by_clock
            (single if event.kind != "dose" or timed else in_runs).append(event)
    for run in _daily_runs(in_runs):
        first, last = position(run[0].first_day, origin), position(run[-1].first_day, origin)
        if last > first:
            bars.append(_bar((first, last + 1), run[0], each_day=len(run) / (last + 1 - first)))
        else:
            single += run
    return sorted(bars, key=start_of), sorted((_mark(event, origin) for event in single), key=start_of)


def _daily_runs(events: Iterable[Event]) -> list[list[Event]]:
    """Doses that look alike on days that follow each other, whatever the number per day."""
    open_runs: dict[tuple[str | None, bool, bool], list[Event]] = {}
    runs: list[list[Event]] = []
    for event in events:
        look = (event.dose, event.state == "tentative", event.optional)
        run = open_runs.get(look)
        if run is None or (event.first_day - run[-1].first_day).days > 1:
            run = open_runs[look] = []
            runs.append(run)
        run.append(event)
    return runs


def _bar(span: tuple[float, float], event: Event, each_day: float = 1.0) -> Bar:
    dose = one_line(event.dose or "")
    if dose and each_day > 1:
        # "5 mg" over a day that has two of them would read as the day's total.
        dose += f", {each_day:g} a day" if each_day.is_integer() else ", more than one a day"
    return Bar(span[0], span[1], dose, tentative=event.state == "tentative", optional=event.optional)


def _mark(event: Event, origin: date) -> Mark:
    dose = one_line(event.dose or "")
    return Mark(middle(event, origin), event.kind, dose, event.state == "tentative", event.optional)


def _in_rows(bars: Sequence[Bar], marks: Sequence[Mark]) -> tuple[tuple[Bar, ...], tuple[Mark, ...]]:
    """Give each shape the first row where it covers nothing else; marks keep clear of bars and of their like."""
    ends: list[float] = []
    placed_bars = []
    for bar in bars:
        row = next((r for r, end in enumerate(ends) if end <= bar.start), len(ends))
        ends[row : row + 1] = [bar.end]
        placed_bars.append(replace(bar, row=row))
    return tuple(placed_bars), _marks_in_rows(marks, placed_bars)


def _marks_in_rows(marks: Sequence[Mark], bars: Sequence[Bar]) -> tuple[Mark, ...]:
    taken: Counter[float] = Counter()
    placed = []
    for mark in marks:
        crossed = [bar.row for bar in bars if bar.start <= mark.at < bar.end] if bars else []
        row = max(crossed, default=-1) + 1 + taken[mark.at]
        taken[mark.at] += 1
        placed.append(replace(mark, row=row))
    return tuple(placed)


def _bands(events: Sequence[Event], origin: date) -> tuple[Band, ...]:
    band = partial(_band, origin=origin)
    bands = {band(event.window, preferred=False) for event in events if event.window}
    return tuple(sorted(bands | {band(event.preferred, preferred=True) for event in events if event.preferred}))


def _band(window: DatedWindow, *, preferred: bool, origin: date) -> Band:
    end = position(window.latest, origin) + (0 if isinstance(window.latest, datetime) else 1)
    return Band(position(window.earliest, origin), end, preferred)


def _heights(doses: Iterable[str]) -> Mapping[str, float]:
    """A higher bar for a higher dose when all doses share one unit; otherwise heights would say nothing."""
    texts = set(doses)
    amounts = {text: _amount(text) for text in texts}
    units = {amount[1] if amount else None for amount in amounts.values()}
    if None in units or len(units) != 1:
        return {}
    ranks = sorted({amount[0] for amount in amounts.values() if amount})
    step = (1 - LOWEST_LEVEL) / max(1, len(ranks) - 1)
    return {text: 1 - step * (len(ranks) - 1 - ranks.index(amount[0])) for text, amount in amounts.items() if amount}


def _amount(dose: str) -> tuple[Decimal, str] | None:
    match = _LEADING_AMOUNT.fullmatch(dose)
    try:
        return (Decimal(match[1].replace(",", "")), match[2]) if match else None
    except InvalidOperation:
        return None


def _detail(events: Sequence[Event]) -> str:
    doses = _different(event.dose for event in events)
    if len(doses) > 5:
        doses = [f"{len(doses)} dose levels, {doses[0]} to {doses[-1]}"]
    routes, durations = _different(e.route for e in events), _different(e.duration for e in events)
    over = durations[0] if len(durations) == 1 else ""
    over = f"over {over}" if over[:1].isdigit() else over
    return " ".join(part for part in (", ".join(doses), "/".join(routes), over) if part)


def _doubt(events: Sequence[Event]) -> str:
    doubts = _different(event.basis.split(":")[0] for event in events if event.basis != "stated")
    partly = "partly " if doubts and any(event.basis == "stated" for event in events) else ""
    return partly + " and ".join(doubts) if doubts else ""


def _different(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(one_line(text) for text in texts if text and one_line(text)))
