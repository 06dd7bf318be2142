"""Where is a moment on the scale of days?"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from regimen.events import Calendar, Event, day_of

_SHORTEST_BAR = 0.5
"""Days; what takes less, such as an infusion over one hour, is a mark at its start."""


def day_zero(calendar: Calendar) -> date:
    """The day that offsets count from, as most events have it."""
    return date.fromordinal(Counter(e.first_day.toordinal() - e.offset_days for e in calendar).most_common(1)[0][0])


def position(moment: date | datetime, origin: date) -> float:
    """Days from the start of day 0; the clock on the wall counts, whatever the time zone does."""
    day = (day_of(moment) - origin).days
    if not isinstance(moment, datetime):
        return float(day)
    return day + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400


def extent(event: Event, origin: date) -> tuple[float, float]:
    """From start to end on the scale; a last day included ends at the next midnight."""
    end = position(event.end, origin)
    return position(event.start, origin), end if isinstance(event.end, datetime) else end + 1


def middle(event: Event, origin: date) -> float:
    """Where the mark of an event sits: at its time, or in the middle of its day."""
    return position(event.start, origin) + (0.0 if isinstance(event.start, datetime) else 0.5)


def is_stretch(event: Event, origin: date) -> bool:
    """Whether it takes long enough to be a bar of its own."""
    if not isinstance(event.start, datetime):
        return event.last_day > event.first_day
    start, end = extent(event, origin)
    return event.continuous or end - start >= _SHORTEST_BAR
