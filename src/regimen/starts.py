"""On which days could a subject start so that every window has a working day? The best first, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from regimen.calendars import make_calendar
from regimen.definition.models import Study
from regimen.errors import DatingError
from regimen.events import Calendar, Event, Waiting, day_of
from regimen.library import plan_for
from regimen.moments import Moment, spoken
from regimen.placement import on_working_days
from regimen.placement.closed import closed_days
from regimen.placement.spacing import OPEN
from regimen.plan import Plan
from regimen.rules import LIMIT
from regimen.timing import Span
from regimen.workdays import Site

LONGEST = 1100
"""The most days that one search looks at, about three years."""
EVERY_DAY = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Shift:
    """One event that would take place off its target day, and where."""

    event: str
    label: str
    target: date
    day: date
    why: str
    """Why the site is closed on the target day."""

    @property
    def days(self) -> int:
        """How many days later; earlier is negative."""
        return (self.day - self.target).days


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a start does not work: an event (none for the start itself) and what is wrong with it."""

    event: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Start:
    """One start date and what it would mean."""

    day: date
    shifts: tuple[Shift, ...] = ()
    """What would take place off its target day, inside its window."""
    closed: int = 0
    """How many events without another allowed day lie on closed days, and are kept there by the definition."""
    obstacles: tuple[Obstacle, ...] = ()
    shut: str = ""
    """Why the site is closed on the start date itself, so that nothing else was looked at."""

    @property
    def works(self) -> bool:
        """Whether every window has a working day."""
        return not self.obstacles

    @property
    def days_moved(self) -> int:
        """How many days all shifts are together."""
        return sum(abs(shift.days) for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class Starts:
    """Every day of a range that was looked at."""

    anchor: str
    good: tuple[Start, ...]
    """Those that work: fewest events off their target days first, then fewest days moved, then the earliest."""
    others: tuple[Start, ...]
    """Those that do not, in the order of days, each with everything that is wrong with it."""
    conventions: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    """What could not be looked at, because it has no date yet."""
    notes: tuple[str, ...] = ()

    @property
    def blockers(self) -> tuple[tuple[str, int], ...]:
        """The events that stand in the way, with on how many of the days, the most frequent first."""
        counts = Counter(event for start in self.others for event in {o.event for o in start.obstacles} if event)
        return tuple(sorted(counts.items(), key=lambda found: (-found[1], found[0])))


def suggest_starts(
    study: Study,
    site: Site,
    first: date,
    last: date,
    *,
    anchor: str | None = None,
    on: Mapping[str, Moment] | None = None,
    weekdays: Sequence[int] = EVERY_DAY,
    at: time | None = None,
    arm: str | None = None,
    decide: Mapping[str, str] | None = None,
    horizon: Span | str | None = None,
    zone: str | None = None,
    limit: int = LIMIT,
) -> Starts:
    """Look at every day from ``first`` to ``last``, both included, as the date of an anchor.

    ``on`` has the dates of other anchors, ``at`` the time of day of the start where hours count; ``weekdays`` are those
    on which one may start. An event whose window is longer than a day needs a working day inside it; one that its
    definition moves or warns about needs one in any case; others are counted. Raises ``DatingError`` where no day of
    the range can be dated at all, or the range is empty or too long.
    """
    fixed = dict(on or {})
    _check_range(first, last)
    reach = {**fixed, "the first day": first, "the last day": last}  # bounds must hold for each of them
    plan = plan_for(study, reach, arm=arm, decide=decide, horizon=horizon, limit=limit)
    name = anchor or _open_anchor(plan, fixed)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return _looked_at(plan, site, name, [day for day in days if day.weekday() in weekdays], fixed, at, zone)


def _check_range(first: date, last: date) -> None:
    if last < first:
        raise DatingError(f"the range ends on {spoken(last)}, before it begins on {spoken(first)}; swap the two days.")
    if (last - first).days >= LONGEST:
        raise DatingError(
            f"the range has {(last - first).days + 1:,} days; at most {LONGEST:,} are looked at; narrow it."
        )


def _open_anchor(plan: Plan, fixed: Mapping[str, Moment]) -> str:
    """The anchor to be dated: the one that study days count from, unless it has a date, then the only one left."""
    origin = plan.origin.removeprefix("@")
    if origin not in fixed:
        return origin
    left = [name for name in plan.anchors if name not in fixed]
    if len(left) == 1:
        return left[0]
    known = ", ".join(left) or "none; leave out one --on"
    raise DatingError(f"{origin} has a date already; say which anchor to look for with --anchor: {known}.")


def _looked_at(
    plan: Plan, site: Site, anchor: str, days: Sequence[date], fixed: Mapping[str, Moment], at: time | None,
    zone: str | None,
) -> Starts:  # fmt: skip
    found, errors = [], []
    sample: Calendar | None = None
    for day in days:
        moment = datetime.combine(day, at) if at is not None else day
        try:
            calendar = make_calendar(plan, {**fixed, anchor: moment}, zone=zone)
        except DatingError as error:
            errors.append(error)
            found.append(Start(day, obstacles=(Obstacle("", str(error)),)))
            continue
        sample = sample or calendar
        found.append(_judged(day, calendar, site))
    if errors and sample is None:
        raise errors[0]
    good = sorted((s for s in found if s.works), key=lambda s: (len(s.shifts) + s.closed, s.days_moved, s.day))
    others = tuple(start for start in found if not start.works)
    years = range(days[0].year, max((e.last_day.year for e in sample), default=days[0].year) + 1) if sample else ()
    return Starts(
        anchor, tuple(good), others, closed_days(site), sample.waiting if sample is not None else (),
        tuple(f"The public holidays of {site.region} are not known for {year}." for year in site.unknown_years(years)),
    )  # fmt: skip


# ---------------------------------------------------------------- one start


def _judged(day: date, calendar: Calendar, site: Site) -> Start:
    if why := site.why_closed(day):
        return Start(day, obstacles=(Obstacle("", f"the site is closed ({why})"),), shut=why)
    placed = on_working_days(calendar, site)
    said = {notice.event: notice.sentence for notice in placed.notices if notice.level == "warning"}
    shifts: list[Shift] = []
    obstacles: list[Obstacle] = []
    closed = 0
    for event in placed:
        if event.kind == "milestone" or event.state not in OPEN:
            continue
        if event.id in said and not (event.working_days in ("keep", "warn") and _nearest(event, site)):
            obstacles.append(Obstacle(event.id, f"{_named(event)}: {said[event.id]}"))
        elif event.start != event.due:
            shifts.append(_shift(event, day_of(event.start), site))
        elif not event.any_day and site.why_closed(event.first_day):
            other = _nearest(event, site)
            if other is not None:
                shifts.append(_shift(event, other, site))
            elif _longer_than_a_day(event):
                obstacles.append(Obstacle(event.id, _no_day(event, site)))
            else:
                closed += 1
    return Start(day, tuple(shifts), closed, tuple(obstacles))


def _shift(event: Event, day: date, site: Site) -> Shift:
    target = day_of(event.due)
    return Shift(event.id, event.label, target, day, site.why_closed(target))


def _longer_than_a_day(event: Event) -> bool:
    return event.window is not None and day_of(event.window.earliest) < day_of(event.window.latest)


def _nearest(event: Event, site: Site) -> date | None:
    """The working day of its window that is nearest to its target, of two the later; None if there is none."""
    days = [day for day in _days_of(event) if site.is_open(day)]
    return min(days, key=lambda day: (abs(day - event.first_day), day < event.first_day), default=None)


def _days_of(event: Event) -> Iterator[date]:
    if event.window is not None and not event.any_day:
        first, last = day_of(event.window.earliest), day_of(event.window.latest)
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _no_day(event: Event, site: Site) -> str:
    assert event.window is not None
    return (
        f"{_named(event)}: due on {spoken(event.due)} ({site.why_closed(event.first_day)}); there is no working day in "
        f"its window ({spoken(event.window.earliest)} to {spoken(event.window.latest)})."
    )


def _named(event: Event) -> str:
    return f"{event.label} ({event.position})" if event.position else event.label
