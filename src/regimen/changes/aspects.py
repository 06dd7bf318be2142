"""In which ways does an event differ from what it was? Aspects, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta

from regimen.events import DatedWindow, Event, day_of, exact_time

ASPECTS: dict[str, str] = {
    "added": "new in the plan",
    "dated": "has a date now",
    "removed": "no longer in the plan",
    "undated": "has no date any more",
    "waiting": "waits for something else",
    "off": "does not take place as planned",
    "on": "takes place after all",
    "happened": "took place",
    "moved": "starts at another time",
    "state": "has another state",
    "dose": "another dose",
    "length": "lasts longer or shorter",
    "window": "another window",
    "due": "due on another day",
    "planned": "planned for another day",
    "details": "described differently",
    "reason": "the same, for another reason",
}
"""What an aspect says of an event."""

OFF = frozenset({"held", "cancelled", "missed", "not applicable"})
HAPPENED = frozenset({"given", "done"})

_DOSE = ("dose", "route")
_REASON = frozenset({"why", "because"})
_FOLLOW_THE_DATE = frozenset({"day", "position", "study_day", "offset_days"})
"""Numbers of a day, which change whenever its date does."""
_WEIGHED = frozenset(
    {"start", "end", "duration", "continuous", "state", "window", "preferred", "planned", "current", "given", *_DOSE}
)
"""What other aspects than details always stand for."""
_OF_STATE = frozenset({"conditions", "actual"})
_COVERED = {
    **dict.fromkeys(("off", "on", "happened", "state"), _OF_STATE),
    "moved": _FOLLOW_THE_DATE | {"actual"},
}
"""What an aspect stands for where it is there."""


def aspects(before: Event | None, after: Event | None, waited: str = "", waits: str = "") -> tuple[str, ...]:
    """The ways in which an event differs; none where it is the same. What it waits for stands for a date it lacks."""
    if before is not None and after is not None:
        return () if before is after else tuple(dict.fromkeys(_of_both(before, after)))
    if before is None and after is None:
        return () if waited == waits else ("waiting",) if waited and waits else ("removed" if waited else "added",)
    if before is None:
        return ("dated",) if waited else ("added",)
    return ("undated",) if waits else ("removed",)


def differing(before: Event, after: Event) -> frozenset[str]:
    """The names of the values that differ."""
    pairs = ((f.name, getattr(before, f.name), getattr(after, f.name)) for f in fields(Event))
    return frozenset(name for name, old, new in pairs if plain(old) != plain(new))


def details(before: Event, after: Event) -> frozenset[str]:
    """The names of those values that no other aspect stands for, but for its reasons."""
    names = differing(before, after)
    return _details(names, (*_state(before, after, names), *_dates(before, after, names)))


def _details(names: frozenset[str], found: Iterable[str]) -> frozenset[str]:
    return names - frozenset().union(_WEIGHED, _REASON, *(_COVERED.get(aspect, ()) for aspect in found))


def _of_both(before: Event, after: Event) -> Iterator[str]:
    names = differing(before, after)
    found = [*_state(before, after, names), *_dates(before, after, names)]
    if _details(names, found):
        found.append("details")
    yield from sorted(found, key=list(ASPECTS).index) or (["reason"] if names else [])


def _dates(before: Event, after: Event, names: frozenset[str]) -> Iterator[str]:
    shift = _shift(before.start, after.start)
    if "start" in names:
        yield "moved"
    if names.intersection(_DOSE) or ("given" in names and "state" not in names):
        yield "dose"
    if "duration" in names or "continuous" in names or _length(before) != _length(after):
        yield "length"
    if _windows_differ(before, after, names):
        yield "window"
    if _another_day(before.due, after.due, shift):
        yield "due"
    if _another_day(before.was_planned, after.was_planned, shift):
        yield "planned"


def _state(before: Event, after: Event, names: frozenset[str]) -> tuple[str, ...]:
    if "state" not in names:
        return ()
    if after.state in HAPPENED:
        return ("happened",)
    if after.state in OFF:
        return ("off",)
    return ("on",) if before.state in OFF else ("state",)


def _shift(before: date | datetime, after: date | datetime) -> timedelta:
    """How far a moment moved on the calendar and the clock."""
    days = day_of(after) - day_of(before)
    if isinstance(before, datetime) and isinstance(after, datetime):
        return after.replace(tzinfo=None) - before.replace(tzinfo=None)
    return days


def _another_day(before: date | datetime | None, after: date | datetime | None, shift: timedelta) -> bool:
    """Whether a date moved otherwise than the event did."""
    if before is None or after is None:
        return before is not after
    return plain(before) != plain(after) and _shift(before, after) != shift


def _length(event: Event) -> timedelta:
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return exact_time(event.end, event.start)
    days = day_of(event.end) - day_of(event.start)
    return days + timedelta(days=1) if event.continuous else days


def _windows_differ(before: Event, after: Event, names: frozenset[str]) -> bool:
    """A window that moves along with the day it hangs on is the same window."""
    return any(
        name in names and _around(getattr(before, name), before) != _around(getattr(after, name), after)
        for name in ("window", "preferred")
    )


def _around(window: DatedWindow | None, event: Event) -> tuple[timedelta, ...]:
    return () if window is None else tuple(_shift(event.due, edge) for edge in (window.earliest, window.latest))


def plain(value: object) -> object:
    """A value to compare: two moments are the same only if their clocks and zones say so too."""
    if isinstance(value, DatedWindow):
        return plain(value.earliest), plain(value.latest)
    return value.isoformat() if isinstance(value, date) else value
