"""Does the study fit between its stated dates? Who is still treated after its end, and what accrual would fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from regimen.definition.models import Facts
from regimen.events import Event
from regimen.timelines.accrual import Accrual
from regimen.timelines.courses import Course, Courses

CourseOn = Callable[[date], Courses]


@dataclass(frozen=True, slots=True)
class Misfit:
    """One way in which the study does not fit its stated dates."""

    level: str
    """warning for what is certain, note for what may happen."""
    what: str
    """start, doses and visits, or follow-up."""
    arm: str
    day: date
    """What should lie by the stated day lies on this one."""
    stated: date
    event: Event | None = None
    latest: date | None = None
    """The latest day in that still fits; None if even the first day is too late."""
    fitting: int = 0
    """How many are in by then, entering as they do."""

    @property
    def days(self) -> int:
        """How many days too late, or too early for a start."""
        return abs((self.day - self.stated).days)


def misfits(facts: Facts, accrual: Accrual, arms: Mapping[str, CourseOn]) -> tuple[Misfit, ...]:
    """What does not fit, for the last participant in each arm: whichever arm it is."""
    first, last = accrual.entries[0].day, accrual.entries[-1].day
    found = [Misfit("warning", "start", "", first, facts.starts)] if facts.starts and first < facts.starts else []
    if facts.completes is None:
        return tuple(found)
    for arm, course_on in arms.items():
        for level, what, end in _ENDS:
            late = _late(facts.completes, accrual, last, level, what, arm, course_on, end)
            if late is not None:
                found.append(late)
                break
    return tuple(found)


def _certain(courses: Courses) -> Course:
    return courses.certain


def _possible(courses: Courses) -> Course:
    return courses.possible


def _last_given(part: Callable[[Courses], Course], courses: Courses) -> date | None:
    event = part(courses).last_event
    return event.last_day if event is not None else None


def _end(part: Callable[[Courses], Course], courses: Courses) -> date | None:
    return part(courses).ends


_ENDS: tuple[tuple[str, str, Callable[[Courses], date | None]], ...] = (
    ("warning", "doses and visits", partial(_last_given, _certain)),
    ("warning", "follow-up", partial(_end, _certain)),
    ("note", "doses and visits", partial(_last_given, _possible)),
    ("note", "follow-up", partial(_end, _possible)),
)
"""What has to lie by the stated completion, the worst first; of one arm only the first that does not is told."""


def _late(
    completes: date, accrual: Accrual, last: date, level: str, what: str, arm: str, course_on: CourseOn,
    end: Callable[[Courses], date | None],
) -> Misfit | None:  # fmt: skip
    found = course_on(last)
    day = end(found)
    if day is None or day <= completes:
        return None
    latest = latest_entry(accrual.starts, last, lambda entry: (end(course_on(entry)) or completes) <= completes)
    event = (found.certain if level == "warning" else found.possible).last_event if what != "follow-up" else None
    return Misfit(level, what, arm, day, completes, event, latest, accrual.in_by(latest) if latest else 0)


def latest_entry(first: date, last: date, fits: Callable[[date], bool]) -> date | None:
    """The latest day from the first to the last that fits, by halving: who enters later never ends earlier."""
    if not fits(first):
        return None
    low, high = 0, (last - first).days
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(first + timedelta(days=middle)) else (low, middle - 1)
    return first + timedelta(days=low)
