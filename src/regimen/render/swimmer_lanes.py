"""What happened to each subject, as a lane of days? Treatment by dose level, holds, deviations, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from regimen.changes import deviations
from regimen.events import Calendar, Event, day_of
from regimen.facts import ALL, Fact, effective

AS_PLANNED = "dose as planned"
Level = tuple[date, str, str]
"""From a day on a target is at a level."""
_LATE = {"early": "outside its window", "late": "outside its window", "no window stated": "on another day"}
_MARKS = {**_LATE, "missed": "missed", "skipped": "missed", "overdue": "overdue"}
MARKS = ("outside its window", "on another day", "missed", "overdue")
ENDS = {
    "ongoing": "treatment goes on",
    "discontinued": "treatment discontinued",
    "withdrawn": "left the study",
    "completed": "treatment completed as planned",
    "not started": "no dose is recorded",
    "unknown": "nothing more is planned, and not all is recorded",
}
"""How a lane ends."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Days on treatment at one dose level, or on hold; both ends are included."""

    first: date
    last: date
    level: str
    """``AS_PLANNED``, or what was recorded as the new dose."""
    held: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dose or visit that did not go as planned."""

    kind: str
    """One of ``MARKS``."""
    day: date


@dataclass(frozen=True, slots=True)
class Lane:
    """One subject until a day."""

    subject: str
    arm: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    doses: tuple[date, ...]
    """The days on which a dose began."""
    end: str
    """One of ``ENDS``."""
    end_day: date | None
    """The day of the end, or the last day that is known."""

    @property
    def first(self) -> date | None:
        """Day 1: the day of the first dose given."""
        return self.bars[0].first if self.bars else None

    @property
    def days(self) -> int:
        """The days from the first dose through the last day on treatment."""
        return (self.bars[-1].last - self.bars[0].first).days + 1 if self.bars else 0


def known_until(facts: Sequence[Fact]) -> date | None:
    """The last day of which a journal says something."""
    happened = [day_of(f.on) for f in effective(facts) if f.on is not None]
    recorded = [day_of(fact.recorded) for fact in facts if fact.recorded is not None]
    return max((*happened, *recorded), default=None)


def through(facts: Sequence[Fact], until: date) -> tuple[Fact, ...]:
    """The facts that hold of what happened through a day; a calendar after them knows of nothing later."""
    return tuple(fact for fact in effective(facts) if fact.on is None or day_of(fact.on) <= until)


def lane_of(
    subject: str, arm: str, calendar: Calendar | None, facts: Sequence[Fact], until: date, *, visits: bool = False
) -> Lane:
    """The lane of one subject, of whom what happened through ``until`` is shown.

    ``calendar`` is after the facts ``through`` that day. What did not go as planned is marked at doses,
    with ``visits`` at visits and procedures too.
    """
    holding = through(facts, until)
    doses = [e for e in calendar.of_kind("dose") if _given(e) and e.first_day <= until] if calendar is not None else []
    if calendar is None or not doses:
        stop = _stop(holding)
        return Lane(subject, arm, (), (), (), stop.what if stop is not None else "not started", None)
    end, end_day = _end(calendar, holding, doses, until)
    first = min(event.first_day for event in doses)
    held = [e.last_day for e in calendar.of_kind("dose") if e.state == "held" and first <= e.last_day <= until]
    treated = max([event.last_day for event in doses] + held)
    last = until if end == "ongoing" else max(first, min(treated, end_day if end != "unknown" else until))
    found = deviations(calendar, facts, as_of=until)
    marks = [Mark(_MARKS[one.verdict], day_of(one.actual or one.due or one.event.start))
             for one in found if one.verdict in _MARKS and (visits or one.event.kind == "dose")]  # fmt: skip
    bars = tuple(_bars(first, last, _Course(holding, calendar)))
    days = tuple(sorted({event.first_day for event in doses}))
    return Lane(subject, arm, bars, tuple(mark for mark in marks if mark.day <= until), days, end, end_day)


def _given(event: Event) -> bool:
    return event.state == "given"


def _stop(facts: Sequence[Fact]) -> Fact | None:
    """What ended treatment as a whole; a drug or cycle that is stopped alone does not."""
    whole = [f for f in facts if f.what == "withdrawn" or (f.what == "discontinued" and f.target in ("", ALL))]
    return min(whole, key=lambda fact: day_of(fact.on) if fact.on else date.max, default=None)


def _end(calendar: Calendar, facts: Sequence[Fact], doses: Sequence[Event], until: date) -> tuple[str, date]:
    last = max(event.last_day for event in doses)
    stop = _stop(facts)
    if stop is not None and stop.on is not None:
        return stop.what, day_of(stop.on)
    if last > until or any(_awaited(event, until) for event in calendar.of_kind("dose")):
        return "ongoing", until
    halted = [day_of(fact.on) for fact in facts if fact.what == "discontinued" and fact.on is not None]
    if halted:
        return "discontinued", max(halted)
    silent = any(e.state in ("planned", "held") and not e.optional for e in calendar.of_kind("dose"))
    return ("unknown" if silent else "completed"), last


def _awaited(event: Event, until: date) -> bool:
    """Whether it is still to come after the day; one on hold may be."""
    return event.state in ("planned", "tentative", "held", "given") and event.last_day > until


# ---------------------------------------------------------------- levels and holds


class _Course:
    """What the facts say of a day: the dose level, and whether all or one of several drugs is on hold."""

    def __init__(self, facts: Sequence[Fact], calendar: Calendar) -> None:
        doses = calendar.of_kind("dose")
        several = len({event.item for event in doses}) > 1
        self.drugs = {name.lower() for e in doses for name in (e.item, e.label)} if several else set()
        self.levels = self._levels(facts, calendar)
        pauses = [*_holds(facts), *self._stopped(facts)]
        self.holds = [pause for pause in pauses if not self._is_one(pause.target)]
        self.parts = [pause for pause in pauses if self._is_one(pause.target)]

    def _is_one(self, target: str) -> bool:
        """Whether it is one of several drugs; the others go on."""
        return target.lower() in self.drugs

    def _stopped(self, facts: Sequence[Fact]) -> Iterator[_Pause]:
        """Of several drugs, those that were stopped alone."""
        for fact in facts:
            if fact.what == "discontinued" and fact.on is not None and self._is_one(fact.target):
                yield _Pause(day_of(fact.on), None, fact.target, "discontinued")

    def _levels(self, facts: Sequence[Fact], calendar: Calendar) -> tuple[Level, ...]:
        """From which day a target is at which level, in order of days."""
        found = []
        for fact in facts:
            if fact.what in ("reduced", "restarted") and fact.on is not None and (fact.level or fact.amount):
                words = _level_in_words(fact, calendar)
                named = f"{fact.target} {words}" if self._is_one(fact.target) else words
                found.append((day_of(fact.on), fact.target, named))
        return tuple(sorted(found, key=lambda change: change[0]))

    def cuts(self) -> set[date]:
        """The days on which something changes."""
        pauses = [*self.holds, *self.parts]
        return {day for day, _, _ in self.levels} | {p.start for p in pauses} | {p.end for p in pauses if p.end}

    def level_on(self, day: date) -> str:
        """The dose level, and which of several drugs is not given."""
        now = {target: level for start, target, level in self.levels if start <= day}
        parts = {part.target: f"{part.target} {part.words}" for part in self.parts if part.covers(day)}
        kept = [level for target, level in now.items() if target not in parts]
        return "; ".join([*kept, *parts.values()]) or AS_PLANNED

    def held_on(self, day: date) -> bool:
        """Whether treatment is on hold as a whole."""
        return any(hold.covers(day) for hold in self.holds)


def _bars(first: date, last: date, course: _Course) -> Iterator[Bar]:
    """The stretch cut where the level changes and where a hold begins or ends."""
    starts = sorted({first, *(day for day in course.cuts() if first <= day <= last)})
    ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
    merged: list[Bar] = []
    for start, end in zip(starts, ends, strict=True):
        bar = Bar(start, end, course.level_on(start), course.held_on(start))
        before = merged[-1] if merged else None
        if before is not None and (before.level, before.held) == (bar.level, bar.held):
            merged[-1] = Bar(before.first, end, bar.level, bar.held)
        else:
            merged.append(bar)
    yield from merged


def _level_in_words(fact: Fact, calendar: Calendar) -> str:
    """The amount, or the level with the dose that the definition gives it."""
    if not fact.level:
        return fact.amount
    doses = [
        event.dose for event in calendar.of_kind("dose")
        if fact.target in (event.item, event.label) and fact.on is not None and event.first_day >= day_of(fact.on)
        and event.dose
    ]  # fmt: skip
    return f"{fact.level} ({doses[0]})" if doses else fact.level


class _Pause(NamedTuple):
    """From which day through the day before which a target is not given; open without an end."""

    start: date
    end: date | None
    target: str
    words: str = "on hold"

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= day and (self.end is None or day < self.end)


def _holds(facts: Sequence[Fact]) -> Iterator[_Pause]:
    """What was put on hold, until it was restarted."""
    for fact in facts:
        if fact.what == "held" and fact.on is not None:
            start = day_of(fact.on)
            restarts = [
                day_of(f.on)
                for f in facts
                if f.what == "restarted" and f.on is not None and day_of(f.on) >= start and _frees(f, fact)
            ]
            yield _Pause(start, min(restarts, default=None), fact.target)


def _frees(restart: Fact, hold: Fact) -> bool:
    """Whether a restart ends a hold: of the same, of all, or of a part of it."""
    return (
        ALL in (restart.target, hold.target)
        or restart.target == hold.target
        or (restart.target.startswith(f"{hold.target}/") or hold.target.startswith(f"{restart.target}/"))
    )
