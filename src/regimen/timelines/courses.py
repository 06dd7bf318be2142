"""What does the plan hold for somebody who enters on a day? First and last dose, last visit, last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from regimen.calendars import make_calendar
from regimen.events import Calendar, Event
from regimen.plan import Plan


@dataclass(frozen=True, slots=True)
class Course:
    """The days of one participant; None for what the plan does not have."""

    first_dose: date | None = None
    last_dose: date | None = None
    last_visit: date | None = None
    ends: date | None = None
    """The last day of anything: dose, visit, or an epoch's last day, such as that of follow-up."""
    last_event: Event | None = None
    """What lies on the last day of a dose or visit."""

    @property
    def treated(self) -> tuple[date, date] | None:
        """The days on treatment, both included: from the first dose through the last, rests between cycles too."""
        return (self.first_dose, self.last_dose) if self.first_dose and self.last_dose else None


@dataclass(frozen=True, slots=True)
class Courses:
    """The same participant if only what is certain happens, and if all happens that may."""

    certain: Course
    possible: Course
    waiting: tuple[str, ...] = ()
    """What dates are missing for; what hangs on them is in neither."""


def courses(plan: Plan, entry: date) -> Courses:
    """Date a plan for somebody who enters on a day; raises ``DatingError`` where it cannot be dated."""
    calendar = make_calendar(plan, {plan.origin.removeprefix("@"): entry})
    certain = [event for event in calendar if event.state == "planned" and not event.optional]
    return Courses(_course(certain), _course(calendar), _waiting(calendar))


def _waiting(calendar: Calendar) -> tuple[str, ...]:
    return tuple(dict.fromkeys(waiting.for_ for waiting in calendar.waiting))


def _course(events: Iterable[Event]) -> Course:
    found = list(events)
    doses = [event for event in found if event.kind == "dose"]
    visits = [event for event in found if event.kind in ("visit", "activity")]
    last = max((*doses, *visits), key=lambda e: (e.last_day, e.kind == "dose", e.id), default=None)
    return Course(
        min((event.first_day for event in doses), default=None), _latest(doses), _latest(visits),
        max((_last_day(event) for event in found), default=None), last,
    )  # fmt: skip


def _latest(events: list[Event]) -> date | None:
    return max((event.last_day for event in events), default=None)


def _last_day(event: Event) -> date:
    """The last day that belongs to it; an epoch ends before the day of its end."""
    before = event.kind == "milestone" and event.id.endswith("/end")
    return event.last_day - timedelta(days=1) if before else event.last_day
