"""How does a calendar change from one export to the next? One visit moves twice, a dose goes, a visit comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.readers.corpus import rows_of
from tests.readers.installed import Row
from tests.render.samples import ANCHOR, calendar, event, lupus

from regimen.events import Calendar, Event
from regimen.render.ics import Options, as_ics, previous_of

MOVED, DROPPED, ADDED, RENAMED = (f"treatment/d{day}/{item}" for day, item in (
    (56, "evaluation"), (112, "belimumab"), (70, "extra"), (84, "evaluation"),
))  # fmt: skip
MOVED_TO = (date(2027, 3, 1), date(2027, 3, 4), date(2027, 2, 26))
"""Where the visit of week 8 is in each version: 56 days after the first dose, 3 days later, 3 days before."""
DROPPED_ON = date(2027, 4, 26)
"""112 days after the first dose."""


def versions() -> tuple[Calendar, Calendar, Calendar]:
    """The calendar as first exported, after changes, and after one more change."""
    first = lupus()
    changed = [_changed(one) for one in first if one.id != DROPPED]
    extra = event("extra", ANCHOR + timedelta(days=70), kind="visit", label="Extra visit", id=ADDED)
    second = _with([*changed, extra], first)
    return first, second, _with([_moved(one, MOVED_TO[2]) if one.id == MOVED else one for one in second], second)


def files(options: Options) -> tuple[bytes, bytes, bytes]:
    """Their files, each compared with the one before."""
    one, two, three = versions()
    first = as_ics(one, options)
    second = as_ics(two, options, previous_of([("first.ics", first)]))
    return first, second, as_ics(three, options, previous_of([("second.ics", second)]))


def rows(number: int, options: Options) -> list[Row]:
    """What a reader must find in each file; in the second the dropped dose once more, as cancelled."""
    found = rows_of(versions()[number], options)
    return sorted([*found, cancelled(options)]) if number == 1 else found


def cancelled(options: Options) -> Row:
    """The dropped dose in the second file."""
    (before,) = (row for row in rows_of(calendar([_dropped()], study=lupus().study), options))
    return before._replace(summary=f"Cancelled: {before.summary}", status="CANCELLED")


def _dropped() -> Event:
    (one,) = (one for one in lupus() if one.id == DROPPED)
    return one


def _changed(one: Event) -> Event:
    if one.id == MOVED:
        return _moved(one, MOVED_TO[1])
    return replace(one, label="Evaluation, renamed") if one.id == RENAMED else one


def _moved(one: Event, day: date) -> Event:
    return replace(one, start=day, end=day)


def _with(events: list[Event], like: Calendar) -> Calendar:
    return replace(like, events=tuple(sorted(events, key=lambda one: (one.start.isoformat(), one.id))))
