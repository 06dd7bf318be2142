"""Which days of a calendar are drawn, how finely they are ruled, and how wide the picture is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from regimen.errors import RegimenError
from regimen.events import Calendar, Event
from regimen.render.gantt_ghosts import Ghost
from regimen.render.gantt_head import Milestone, Stretch
from regimen.render.gantt_lanes import Band, Bar, Lane
from regimen.render.words import counted, day_in_words

RULED = ("", "day", "week")
LAYOUTS = ("page", "wide")

_PAGE = 11.0
"""Inches: a landscape page of A4 or Letter less its margins."""
_PER_DAY = {"": 0.07, "day": 0.3, "week": 0.07}
"""Inches for one day of a wide picture."""
_LEAST = {"day": 0.03, "week": 0.006}
"""Inches for one day, below which lines for each day or week would be a grey smear."""

_Span = TypeVar("_Span", Bar, Band, Ghost, Stretch)


@dataclass(frozen=True, slots=True)
class View:
    """From which day to which, both inside; ruled by day or week; and the day to mark as today, if it is asked for."""

    first: date | None = None
    last: date | None = None
    by: str = ""
    today: date | None = None

    def __post_init__(self) -> None:
        if self.by not in RULED:
            raise RegimenError(f"A plot is ruled by day or by week, not by {self.by!r}.")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise RegimenError(
                f"The plot would end on {day_in_words(self.last)}, before it begins on {day_in_words(self.first)}; "
                "give the earlier day first."
            )

    def left_out(self, calendar: Calendar) -> list[str]:
        """How many events lie before and after the days that are shown, in a sentence."""
        earlier = [e for e in calendar if self.first is not None and e.last_day < self.first]
        later = [e for e in calendar if self.last is not None and e.first_day > self.last]
        parts = [
            f"{counted(len(found), 'event')} {word} {day_in_words(day)}"
            for found, word, day in ((earlier, "before", self.first), (later, "after", self.last))
            if found and day is not None
        ]
        return [f"Not shown: {' and '.join(parts)}."] if parts else []

    def holds(self, event: Event) -> bool:
        """Whether an event lies on the days that are shown, if only in part."""
        return not (
            (self.first is not None and event.last_day < self.first)
            or (self.last is not None and event.first_day > self.last)
        )

    def ends(self, origin: date) -> tuple[float | None, float | None]:
        """The edges of what is shown, in days from day 0; None where the calendar itself says."""
        first = float((self.first - origin).days) if self.first is not None else None
        last = float((self.last - origin).days + 1) if self.last is not None else None
        return first, last

    def require_room(self, per_day: float) -> None:
        """Refuse lines for each day or week where they would run together."""
        if self.by and per_day < _LEAST[self.by]:
            raise RegimenError(
                f"Lines for each {self.by} would run together in this picture; choose fewer days with --from and --to, "
                "a wider picture with --layout wide, or "
                + ("--by week." if self.by == "day" else "leave --by out.")
            )  # fmt: skip


def width_for(calendar: Calendar, view: View, layout: str, widest: float) -> float:
    """Inches: a landscape page, or as wide as the days need; ``widest`` is never exceeded."""
    if layout not in LAYOUTS:
        raise RegimenError(f"There is no layout {layout!r}; the layouts are {' and '.join(LAYOUTS)}.")
    events = [event for event in calendar if view.holds(event)]
    if layout == "page" or not events:
        return _PAGE
    first = view.first or min(event.first_day for event in events)
    last = view.last or max(event.last_day for event in events)
    return min(max(_PAGE, 3.0 + ((last - first).days + 1) * _PER_DAY[view.by]), widest)


def clipped(lane: Lane, start: float, end: float) -> Lane:
    """What of a lane lies between two edges."""
    marks = tuple(mark for mark in lane.marks if start <= mark.at < end)
    return replace(
        lane, bars=cut(lane.bars, start, end), marks=marks, bands=cut(lane.bands, start, end),
        ghosts=cut(lane.ghosts, start, end),
    )  # fmt: skip


def cut(spans: Iterable[_Span], start: float, end: float) -> tuple[_Span, ...]:
    """Stretches of days without what lies outside of two edges."""
    inside = [span for span in spans if span.start < end and (span.end > start or span.end == span.start >= start)]
    return tuple(replace(span, start=max(span.start, start), end=min(span.end, end)) for span in inside)


def between(milestones: Sequence[Milestone], start: float, end: float) -> tuple[Milestone, ...]:
    """The milestones between two edges."""
    return tuple(milestone for milestone in milestones if start <= milestone.at <= end)
