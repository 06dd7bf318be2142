"""At which clock time are visits that have none?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from regimen.events import Event
from regimen.render.ics.options import Options
from regimen.render.words import happens_twice, moment_in_words

_MET = frozenset({"visit", "activity"})


def with_times(events: list[Event], options: Options) -> tuple[list[Event], list[str]]:
    """Visits and activities of one whole day at the given clock time; with a note on each time that comes twice.

    Doses, milestones and visits on any day of a stretch keep their days.
    """
    if options.at is None:
        return events, []
    placed = [_placed(event, options) for event in events]
    notes = [
        f"{event.id}: {moment_in_words(event.start)} is the first of two times that the clock shows alike."
        for event, old in zip(placed, events, strict=True)
        if event is not old and isinstance(event.start, datetime) and happens_twice(event.start)
    ]
    return placed, notes


def _placed(event: Event, options: Options) -> Event:
    if event.kind not in _MET or isinstance(event.start, datetime) or event.start != event.end or options.at is None:
        return event
    moment = datetime.combine(event.start, options.at, options.zone)
    return replace(event, start=moment, end=moment)
