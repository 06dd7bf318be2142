"""When does a calendar program remind of an entry, if it is asked to at all?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from regimen.events import Event, day_of
from regimen.render.ics.entry import CONFIRMED
from regimen.render.ics.options import Options, minutes_of
from regimen.timing import Span

MORNING = timedelta(hours=9)


def alarm_of(event: Event, start: date | datetime, status: str, options: Options) -> timedelta | None:
    """When to remind, counted from the start; None for what is uncertain, cancelled, past or only a key date."""
    if options.alarm is None or status != CONFIRMED or event.kind == "milestone":
        return None
    if options.as_of is not None and day_of(start) < options.as_of:
        return None
    return before(options.alarm, whole_days=not isinstance(start, datetime))


def before(alarm: Span, *, whole_days: bool) -> timedelta:
    """So long before a time; for whole days so many days before at 09:00, or hours before the day begins."""
    length = timedelta(minutes=minutes_of(alarm) or 0)
    return MORNING - length if whole_days and alarm.days is not None else -length
