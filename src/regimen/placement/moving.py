"""What is an event that lies some days earlier or later? A changed copy that keeps its target and says why it moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regimen.errors import DatingError
from regimen.events import Calendar, DatedWindow, Event, day_of, exact_time
from regimen.moments import Moment, checked_clock, shifted
from regimen.timing import Counting, Elapsed


def first_day_of(calendar: Calendar) -> int | None:
    """What the protocol calls the anchor day, 0 or 1, read from an event on or after it; None if there is none."""
    found = (e for e in calendar if e.offset_days >= 0 and e.study_day is not None)
    event = next(found, None)
    return event.study_day - event.offset_days if event is not None and event.study_day is not None else None


def put_on(event: Event, days: int, because: str, first_day: int | None) -> Event:
    """The event ``days`` later (negative: earlier) than it is due; its target and window stay as they are."""
    moved = _lying(event, days, because, first_day)
    return replace(moved, current=event.due)


def taken_along(event: Event, days: int, because: str, first_day: int | None) -> Event:
    """The event ``days`` later, and its window with it, because what it counts from has moved."""
    moved = _lying(event, days, because, first_day)
    return replace(
        moved, window=_window(event.window, days), preferred=_window(event.preferred, days),
        current=None if event.current is None else later(event.current, days),
    )  # fmt: skip


def later(moment: Moment, days: int) -> Moment:
    """The same time of day so many days later."""
    return moment + timedelta(days=days)


def exists(moment: Moment) -> bool:
    """Whether the clock shows this time on its day; the clocks jump over one hour a year."""
    if not isinstance(moment, datetime) or not isinstance(moment.tzinfo, ZoneInfo):
        return True
    try:
        checked_clock(moment, moment.tzinfo)
    except DatingError:
        return False
    return True


def _lying(event: Event, days: int, because: str, first_day: int | None) -> Event:
    start = later(event.start, days)
    offset = event.offset_days + days
    return replace(
        event, start=start, end=_end(event, start, days), offset_days=offset,
        study_day=Counting(first_day).day_of_offset(offset) if first_day is not None else None,
        planned=event.was_planned, because="; ".join(part for part in (event.because, because) if part),
        why=f"{day_of(start).isoformat()}: {because}; due {event.why}",
    )  # fmt: skip


def _end(event: Event, start: Moment, days: int) -> Moment:
    """An infusion keeps its exact length, whatever the clocks do; whole days stay whole days."""
    if isinstance(event.end, datetime) and isinstance(event.start, datetime):
        return shifted(start, Elapsed(exact_time(event.end, event.start) // timedelta(minutes=1)))
    return later(event.end, days)


def _window(window: DatedWindow | None, days: int) -> DatedWindow | None:
    return DatedWindow(later(window.earliest, days), later(window.latest, days)) if window is not None else None
