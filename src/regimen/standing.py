"""Where does each dose and visit stand on a day: to come, open, overdue, done in its window, early or late?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from regimen.changes import Deviation, deviations
from regimen.events import DatedWindow, Event, day_of
from regimen.moments import Moment

STATUSES: dict[str, str] = {
    "to come": "its window has not opened yet; without a window, its day has not come",
    "open": "its window is open and nothing is recorded; without a window, this is its day",
    "overdue": "its window has closed, or its day has passed, and nothing is recorded",
    "lapsed": "might have taken place, its window has closed and nothing is recorded",
    "in": "took place inside its window, or on the day it was due",
    "early": "took place before its window opened",
    "late": "took place after its window had closed",
    "other day": "took place on another day than due; no window is stated",
    "planned": "still to come; no day was given to judge it by",
    "tentative": "hangs on something that is not decided",
    "missed": "did not take place",
    "held": "on hold",
    "cancelled": "does not take place any more",
    "not applicable": "does not apply any more",
    "unscheduled": "took place without being planned",
}
"""What a status says."""

_VERDICTS = {"no window stated": "other day", "skipped": "cancelled"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One event with its target and window, and how it stands on a day."""

    event: Event
    status: str
    """One of ``STATUSES``."""
    target: Moment | None
    """The day it is aimed at; None where any day of a stretch will do, and for what was never planned."""
    window: DatedWindow | None
    days_left: int | None
    """Whole days until the last day of its window, 0 on that day, negative after it; only for what is still to come."""
    days_out: int
    """Whole days outside its window, early ones negative, 0 inside; without a window from the day it was due."""
    from_target: int | None
    """Civil days from its target to when it took place, or to the day that it was put on; later is positive."""


def standings(events: Sequence[Event], as_of: date | None = None) -> tuple[Standing, ...]:
    """Every dose, visit and procedure with its window and how it stands on a day, in the order given.

    Without ``as_of`` nothing is open or overdue, and no days are left.
    """
    found = {one.event.id: one for one in deviations(events, as_of=as_of, everything=True)}
    return tuple(_standing(e, found.get(e.id), as_of) for e in events if e.kind != "milestone")


def _standing(event: Event, found: Deviation | None, as_of: date | None) -> Standing:
    target = None if event.was_planned is None or event.any_day else event.due
    lies = event.actual or event.start
    apart = (day_of(lies) - day_of(target)).days if target is not None else None
    if found is not None and found.actual is not None:
        out = found.days_out if event.window is not None else apart or 0
        return Standing(event, _VERDICTS.get(found.verdict, found.verdict), target, event.window, None, out, apart)
    status = _status(event, found, as_of)
    awaited = status in ("to come", "open", "overdue", "tentative")
    left = (closes(event) - as_of).days if awaited and as_of is not None and event.window is not None else None
    out = (as_of - closes(event)).days if status == "overdue" and as_of is not None else 0
    return Standing(event, status, target, event.window, left, out, apart)


def _status(event: Event, found: Deviation | None, as_of: date | None) -> str:
    if found is not None:
        return _VERDICTS.get(found.verdict, found.verdict)
    if event.state != "planned" or as_of is None:
        return event.state
    if as_of > closes(event):
        return "lapsed" if event.optional else "overdue"
    return "to come" if as_of < opens(event) else "open"


def opens(event: Event) -> date:
    """The first day on which an event may take place; one without a window has only its own."""
    return day_of(event.window.earliest) if event.window is not None else event.first_day


def closes(event: Event) -> date:
    """The last day on which an event may take place."""
    return day_of(event.window.latest) if event.window is not None else event.first_day
