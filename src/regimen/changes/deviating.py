"""What did not go as planned? What is outside its window, missed, skipped or overdue, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from regimen.calendars.lateness import delay, inside
from regimen.events import UNSCHEDULED, DatedWindow, Event, day_of
from regimen.facts import Fact, effective

VERDICTS: dict[str, str] = {
    "in": "took place inside its window, or on the day it was due",
    "early": "took place before its window",
    "late": "took place after its window",
    "no window stated": "took place on another day than due, and no window is stated",
    "missed": "did not take place",
    "skipped": "it was decided that it does not take place",
    "overdue": "its last day has passed and nothing was recorded",
    "unscheduled": "took place without being planned",
}
"""What a verdict says."""

Moment = date | datetime
_HAPPENED = {"given", "done"}
_OUTCOMES = (*_HAPPENED, "missed", "skipped")


@dataclass(frozen=True, slots=True)
class Deviation:
    """One event beside its plan: when it was planned, due and allowed, when it took place, and who said so."""

    event: Event
    verdict: str
    """One of ``VERDICTS``."""
    planned: Moment | None
    """As the protocol has it for this subject; None for what was never planned."""
    due: Moment | None
    """After what happened before it."""
    window: DatedWindow | None
    actual: Moment | None
    from_due: int | None
    """Civil days from the day it was due to when it took place, later positive; for what is overdue, to that day."""
    out: timedelta
    """How far outside the window, later positive, zero inside: exact between times, else whole days."""
    reason: str = ""
    cause: str = ""
    by: str = ""
    recorded: datetime | None = None
    """When it was written down, in UTC."""
    line: int | None = None
    """The line of the journal."""
    corrected_by: int | None = None
    """The line that corrected it; who and when are then of the correction."""

    @property
    def days_out(self) -> int:
        """Whole days outside the window, later positive, 0 inside; part of a day counts as the day it runs into."""
        size = -(-abs(self.out) // timedelta(days=1))
        return -size if self.out < timedelta(0) else size

    @property
    def outside_preferred(self) -> bool:
        """Whether it is allowed but not where the protocol would rather have it."""
        preferred, actual = self.event.preferred, self.actual
        if self.verdict != "in" or preferred is None or actual is None:
            return False
        return not inside(preferred, actual)


def deviations(
    calendar: Iterable[Event], facts: Sequence[Fact] = (), *, as_of: date | None = None, everything: bool = False
) -> tuple[Deviation, ...]:
    """What did not go as planned, ordered by date.

    ``calendar`` is a calendar after ``facts``, the lines of the subject's journal, which say who, when and why. With
    ``as_of`` what is overdue on that day is listed too; ``everything`` adds what took place as planned.
    """
    told = _told(facts)
    found = (_judged(event, told.get(event.id), as_of) for event in calendar)
    expected = () if everything else ("in", "unscheduled")
    listed = [one for one in found if one is not None and one.verdict not in expected]
    return tuple(sorted(listed, key=lambda one: (day_of(one.actual or one.due or one.event.start), one.event.id)))


# ---------------------------------------------------------------- who said so


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal says of one event: the fact that holds, and the correction that made it hold."""

    fact: Fact
    correction: Fact | None


def _told(facts: Sequence[Fact]) -> dict[str, _Told]:
    corrections = _corrections(facts)
    return {
        fact.target: _Told(fact, corrections.get(fact.number)) for fact in effective(facts) if fact.what in _OUTCOMES
    }


def _corrections(facts: Sequence[Fact]) -> dict[int, Fact]:
    """The last correction of each line; one of a correction is about the line which that was about."""
    places: dict[int, int] = {}
    last: dict[int, Fact] = {}
    for fact in facts:
        if fact.corrects is not None:
            places[fact.number] = place = places.get(fact.corrects, fact.corrects)
            last[place] = fact
    return last


# ---------------------------------------------------------------- one event


def _judged(event: Event, told: _Told | None, as_of: date | None) -> Deviation | None:
    if event.kind == "milestone":
        return None
    fact = told.fact if told is not None else None
    if event.actual is not None:
        return _signed(_took_place(event, event.actual), event, told)
    if event.state == "missed" or (fact is not None and fact.what == "missed"):
        return _signed(_did_not(event, "missed"), event, told)
    if fact is not None and fact.what == "skipped":
        return _signed(_did_not(event, "skipped"), event, told)
    return _overdue(event, as_of) if as_of is not None else None


def _took_place(event: Event, actual: Moment) -> Deviation:
    planned = event.was_planned
    if planned is None and event.item == UNSCHEDULED:
        return Deviation(event, "unscheduled", None, None, event.window, actual, None, timedelta(0))
    due = event.due
    out = _outside(event.window, actual) if event.window is not None else timedelta(0)
    verdict = "late" if out > timedelta(0) else "early" if out else "in"
    if event.window is None and delay(actual, due):
        verdict = "no window stated"
    return Deviation(event, verdict, planned, due, event.window, actual, (day_of(actual) - day_of(due)).days, out)


def _outside(window: DatedWindow, actual: Moment) -> timedelta:
    """How far a moment lies outside a window; both ends are inside."""
    early, late = delay(actual, window.earliest), delay(actual, window.latest)
    return min(early, timedelta(0)) or max(late, timedelta(0))


def _did_not(event: Event, verdict: str) -> Deviation:
    return Deviation(event, verdict, event.was_planned, event.due, event.window, None, None, timedelta(0))


def _overdue(event: Event, as_of: date) -> Deviation | None:
    """What should have taken place by a day; what hangs on a decision or may never happen is not."""
    if event.state != "planned" or event.optional or event.kind == "milestone":
        return None
    last = day_of(event.window.latest if event.window is not None else event.start)
    if as_of <= last:
        return None
    due, out = event.due, as_of - last if event.window is not None else timedelta(0)
    return Deviation(event, "overdue", event.was_planned, due, event.window, None, (as_of - day_of(due)).days, out)


def _signed(found: Deviation, event: Event, told: _Told | None) -> Deviation:
    """With the reason, who recorded it, when, and on which line."""
    if told is None:
        return replace(found, reason=event.because)
    fact, correction = told.fact, told.correction
    return replace(
        found, reason=fact.why or (correction.why if correction is not None else ""), cause=fact.cause,
        by=correction.by if correction is not None else fact.by,
        recorded=correction.recorded if correction is not None else fact.recorded,
        line=fact.number, corrected_by=correction.number if correction is not None else None,
    )  # fmt: skip
