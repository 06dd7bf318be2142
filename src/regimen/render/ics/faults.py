"""Which events can no calendar file hold as they are meant? They are named together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from regimen.errors import RegimenError
from regimen.events import Event, day_of
from regimen.render.ics.entry import ONE_DAY, exact
from regimen.render.words import is_skipped, moment_in_words, span_in_words

SHOWN = 40
"""How many faults are told; a year of daily doses without a time zone would fill screens with one."""


def refuse_faults(events: Sequence[Event]) -> None:
    """Raise RegimenError with the events that cannot be written, one line for each."""
    faults = [f"{event.id}: {fault}" for event in events for fault in _faults(event)]
    repeated = sorted(name for name, count in Counter(event.id for event in events).items() if count > 1)
    faults += [f"{name}: several events have this id; each needs its own" for name in repeated]
    if not events:
        faults.append("The calendar has no dated events, and a calendar file without events is not valid.")
    if faults:
        more = [f"… and {len(faults) - SHOWN} more like these"] if len(faults) > SHOWN else []
        raise RegimenError("\n".join([*faults[:SHOWN], *more]))


def _faults(event: Event) -> Iterator[str]:
    start, end = event.start, event.end
    if isinstance(start, datetime) != isinstance(end, datetime):
        yield "starts with a time and ends with a day, or the reverse; give both as days or both as times"
        return
    naive = [m for m in (start, end) if isinstance(m, datetime) and m.utcoffset() is None]
    if naive:
        yield f"{moment_in_words(naive[0])} has no time zone; give the site's time zone, such as Europe/Berlin (--tz)"
        return
    if not _has_neighbours(event):
        yield f"is on {span_in_words(event.first_day, event.last_day)}; a calendar file needs the day after as well"
        return
    for moment in (start, end) if start != end else (start,):
        if isinstance(moment, datetime) and is_skipped(moment):
            yield f"{moment_in_words(moment)} does not exist, the clock is set forward over it; choose another time"
    if exact(end) < exact(start):
        yield f"ends on {moment_in_words(end)}, before it starts on {moment_in_words(start)}"


def _has_neighbours(event: Event) -> bool:
    """Whether the days that the file also needs, for exclusive ends and for other time zones, can be written."""
    if not isinstance(event.start, datetime):
        return event.end != date.max
    return date.min + ONE_DAY < event.first_day and day_of(event.end) < date.max - ONE_DAY
