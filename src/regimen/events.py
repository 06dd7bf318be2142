"""What is on a calendar: the dated events of one subject, and what could not be dated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from regimen.timing import Span


def day_of(moment: date | datetime) -> date:
    """The civil day a moment falls on."""
    return moment.date() if isinstance(moment, datetime) else moment


def exact_time(end: datetime, start: datetime) -> timedelta:
    """Elapsed time between two moments, whatever the clocks did in between; by the clocks where a zone is not known."""
    if end.tzinfo is None or start.tzinfo is None:
        return end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return end.astimezone(UTC) - start.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """The days (or times) from earliest to latest, both ends inside."""

    earliest: date | datetime
    latest: date | datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One dated occurrence.

    ``start`` and ``end`` are dates for whole days, then ``end`` is the last day included, or datetimes, then ``end``
    is the moment it stops. ``offset_days`` counts whole days from the arm's first anchor (anchor = 0); ``study_day``
    and ``day`` are what the protocol prints, with its own ``first_day``.
    """

    id: str
    kind: str
    """dose, visit, activity or milestone."""
    item: str
    """The item's key in the definition: one lane of a plot."""
    label: str
    epoch: str
    cycle: int | None
    day: int | None
    position: str
    """How the protocol would name the point: C2D8, Day 14, Month 3."""
    study_day: int | None
    offset_days: int
    start: date | datetime
    end: date | datetime
    state: str
    """planned or tentative; after what happened also given, done, missed, held, cancelled or not applicable."""
    why: str
    window: DatedWindow | None = None
    preferred: DatedWindow | None = None
    optional: bool = False
    """Part of an "up to": planned at most, may not happen."""
    dose: str | None = None
    route: str | None = None
    duration: str | None = None
    continuous: bool = False
    """An infusion that runs without a break from start to end."""
    activities: tuple[str, ...] = ()
    basis: str = "stated"
    """"stated", "assumed: …" or "not stated: …", with the reasons."""
    source: str | None = None
    conditions: tuple[str, ...] = ()
    """The undecided questions it hangs on, such as ``transplant=no``."""
    planned: date | datetime | None = None
    """The start that the protocol has for this subject, kept for ever; None where it is ``start``."""
    current: date | datetime | None = None
    """The day it is due after what happened, that its window hangs on; None where it is ``start``."""
    actual: date | datetime | None = None
    """When it really took place."""
    given: str = ""
    """How much was really given, as recorded."""
    working_days: str = "keep"
    """What a closed day does to it: keep, warn, nearest, next or previous."""
    min_interval: Span | None = None
    """The least time to the next of its item."""
    because: str = ""
    """Why its state, date or dose is no longer the planned one: what was recorded, by the journal's line."""
    hangs_on: str = ""
    """The id of the dose or visit that it counts from, as premedication does; empty for none."""
    bags: Span | None = None
    """How long each bag of an infusion lasts, where the protocol says."""
    elapsed: bool = False
    """Whether its time is counted in hours and minutes, so that no later change of a zone's rules may move it."""
    any_day: bool = False
    """Any day of its window will do, as for screening; it then has no target day."""

    @property
    def was_planned(self) -> date | datetime | None:
        """The planned start; None for what was added later, such as an unscheduled visit."""
        return None if self.planned is None and self.item == UNSCHEDULED else self.planned or self.start

    @property
    def due(self) -> date | datetime:
        """The day it is due now, whether or not it took place on another."""
        return self.current or self.start

    @property
    def is_piece(self) -> bool:
        """Whether it is the rest of an infusion after a pause: no dose of its own, and its day was recorded."""
        return RESUMED in self.id

    @property
    def first_day(self) -> date:
        """The civil day it starts on."""
        return day_of(self.start)

    @property
    def last_day(self) -> date:
        """The last civil day it touches."""
        if not isinstance(self.end, datetime):
            return self.end
        if self.end == self.start:
            return self.end.date()
        return (self.end - timedelta(microseconds=1)).date()

    @property
    def dose_days(self) -> int:
        """How many civil days are dosed: 1 for a single dose, 14 for an infusion on days 1-14."""
        if isinstance(self.end, datetime) and isinstance(self.start, datetime) and self.continuous:
            return max(1, -(-exact_time(self.end, self.start) // timedelta(days=1)))
        return (self.last_day - self.first_day).days + 1


RESUMED = "/resumed"
"""What stands in the id of the rest of an infusion after a pause, before the number of the pause."""

RESTART = "/restart"
"""What stands in the id of an event that a restart of an infusion brings, before the number of the restart."""

UNSCHEDULED = "unscheduled"
"""The item key of what was added without being planned."""


@dataclass(frozen=True, slots=True)
class CycleSpan:
    """The days of one cycle of an epoch, whether or not anything happens in it."""

    epoch: str
    course: int
    """Which course it is in; 0 where the epoch has only one."""
    number: int
    start: date | datetime
    stop: date | datetime
    """Where it is over: the start of what follows."""
    tentative: bool = False
    """Whether it hangs on a question that is not decided."""
    optional: bool = False
    """Part of an "up to": it may not happen."""


LEVELS = ("decision", "warning", "note")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about one subject's calendar to act on: a ``decision`` to take, a ``warning``, a ``note``."""

    level: str
    event: str
    """The id of the event it is about; empty for the calendar as a whole."""
    sentence: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.event}: " if self.event else ""
        return f"{place}{self.sentence}" + (f" {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Events that have no date because something they count from has none."""

    for_: str
    """What they wait for, such as ``transplant`` or ``end of treatment``."""
    events: tuple[str, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class JournalSeen:
    """How far the journal was read that a calendar takes into account."""

    lines: int
    newest: datetime | None
    """When the newest of its lines was recorded, in UTC."""
    subject: str = ""
    """The subject's pseudonymous key."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A plan dated for one subject; ``events`` are ordered by start, kind and id."""

    study: str
    title: str
    arm: str
    anchors: Mapping[str, date | datetime]
    events: tuple[Event, ...]
    conventions: tuple[str, ...] = ()
    """Sentences that state how days, weeks and months were counted and what was chosen or assumed."""
    notes: tuple[str, ...] = ()
    """Sentences about what the reader must know: horizons, readings of a month that matter, clock changes."""
    waiting: tuple[Waiting, ...] = ()
    lanes: Mapping[str, str] = field(default_factory=dict)
    """Item keys in protocol order, with the name people use."""
    epochs: Mapping[str, str] = field(default_factory=dict)
    """Epoch keys in protocol order, with the name people use."""
    cycles: tuple[CycleSpan, ...] = ()
    """The cycles of the epochs that have them, in the order of the plan."""
    notices: tuple[Notice, ...] = ()
    """What needs a decision or a look after what happened, the most urgent first."""
    journal: JournalSeen | None = field(default=None, compare=False)
    """The journal it was planned anew after; no part of what two calendars have in common."""

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def of_kind(self, kind: str) -> tuple[Event, ...]:
        """The events of one kind: dose, visit, activity or milestone."""
        return tuple(event for event in self.events if event.kind == kind)

    def of_item(self, item: str) -> tuple[Event, ...]:
        """The events of one item, by its key."""
        return tuple(event for event in self.events if event.item == item)
