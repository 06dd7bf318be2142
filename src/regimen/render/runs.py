"""Which daily doses are so alike that a reader wants one line for all of them?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from regimen.events import DatedWindow, Event, day_of
from regimen.render.outcomes import apart, state_in_words
from regimen.render.words import happens_twice, is_skipped, zone_in_words

Run = tuple[Event, ...]
"""One event, or consecutive daily doses (one or more a day) that differ in nothing but the day."""


def daily_runs(events: Iterable[Event]) -> list[Run]:
    """The events in order, each run of the same single dose on consecutive days gathered at its first day."""
    runs: list[list[Event]] = []
    waiting: dict[tuple[object, ...], list[int]] = {}
    for event in events:
        shape = _shape(event)
        indices = waiting.setdefault(shape, [])
        place = next((i for i in indices if _goes_on(runs[i][-1], event)), None)
        if _can_repeat(event) and place is not None:
            runs[place].append(event)
            continue
        # Only runs that ended yesterday or today can still grow, so the search stays short.
        indices[:] = [i for i in indices if (event.first_day - runs[i][-1].first_day).days <= 1]
        indices.append(len(runs))
        runs.append([event])
    return [tuple(run) for run in runs]


def _goes_on(last: Event, event: Event) -> bool:
    """The next day, or the same day where several doses have no clock times to tell them apart."""
    days = (event.first_day - last.first_day).days
    return days == 1 or (days == 0 and not isinstance(event.start, datetime))


def _can_repeat(event: Event) -> bool:
    one_day = not event.continuous and day_of(event.start) == day_of(event.end)
    return event.kind == "dose" and one_day and not any(isinstance(edge, datetime) for edge in edges_of(event))


def _shape(event: Event) -> tuple[object, ...]:
    """All that must be the same for two daily doses to share a line."""
    return (
        *(event.kind, event.item, event.label, event.epoch, event.dose, event.route, event.duration),
        *(event.state, event.optional, event.conditions, event.basis, event.activities),
        *(_time_of(event.start), _time_of(event.end)),
        *(_relative(event.window, event), _relative(event.preferred, event)),
        *(state_in_words(event, told=True), event.because, _apart(event.was_planned, event), _apart(event.due, event)),
    )


def _apart(moment: date | datetime | None, event: Event) -> tuple[object, ...]:
    """How far a day beside it lies from the day it lies on; the days themselves differ along a run."""
    return () if moment is None else ((day_of(moment) - event.first_day).days, apart(moment, event.start))


def _time_of(moment: date | datetime) -> tuple[object, ...]:
    if not isinstance(moment, datetime):
        return ()
    return moment.time(), zone_in_words(moment.tzinfo), happens_twice(moment), is_skipped(moment), moment.fold


def _relative(window: DatedWindow | None, event: Event) -> tuple[object, ...]:
    if window is None:
        return ()
    return tuple((day_of(edge) - event.first_day).days for edge in (window.earliest, window.latest))


def edges_of(event: Event) -> tuple[date | datetime, ...]:
    """The ends of its windows."""
    windows = [window for window in (event.window, event.preferred) if window]
    return tuple(edge for window in windows for edge in (window.earliest, window.latest))
