"""When does a whole study happen? Everybody's days, milestones of study, arms and cohorts, counts by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from regimen.definition.models import Facts
from regimen.errors import RegimenError
from regimen.plan import Plan
from regimen.timelines.accrual import Accrual
from regimen.timelines.courses import Course, Courses, courses
from regimen.timelines.fitting import Misfit, misfits


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant: number, cohort, arm, the day in, and what follows."""

    number: int
    cohort: str
    arm: str
    entry: date
    courses: Courses


@dataclass(frozen=True, slots=True)
class Milestone:
    """One day of a study, and whose it is."""

    name: str
    """One of ``MILESTONES``."""
    day: date
    number: int
    """The participant; the first of several on that day."""
    possible: date | None = None
    """The day if all happens that may, where it is later."""
    certain: bool = True
    """Whether anything like it is certain; if not, ``day`` is the day if all happens that may."""


MILESTONES = {
    "first_in": "First participant in",
    "last_in": "Last participant in",
    "first_dose": "First dose",
    "last_dose": "Last dose",
    "last_visit": "Last visit",
    "ends": "End of follow-up",
}
"""What each milestone is called."""


@dataclass(frozen=True, slots=True)
class Group:
    """All participants, those of an arm, or those of a cohort."""

    kind: str
    """study, arm or cohort."""
    name: str
    size: int
    milestones: tuple[Milestone, ...]

    def day(self, name: str) -> date | None:
        """The day of a milestone; None where the plan has none."""
        return next((one.day for one in self.milestones if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Count:
    """How many by the end of a day, or on it: in so far, on treatment, and not yet at the end of all."""

    day: date
    entered: int
    on_treatment: int
    on_study: int
    may_be_on_treatment: int
    """On treatment if all happens that may."""
    may_be_on_study: int


@dataclass(frozen=True, slots=True)
class StudyTimeline:
    """A study from its first participant to the end of follow-up of its last."""

    facts: Facts
    accrual: Accrual
    participants: tuple[Participant, ...]
    groups: tuple[Group, ...]
    """The study, then its arms if there are several, then its cohorts."""
    counts: tuple[Count, ...]
    """One for each day on which a number changes."""
    misfits: tuple[Misfit, ...]
    notes: tuple[str, ...]

    @property
    def whole(self) -> Group:
        """The study as a whole."""
        return self.groups[0]

    def count_on(self, day: date) -> Count:
        """The numbers on a day."""
        before = [count for count in self.counts if count.day <= day]
        return before[-1] if before else Count(day, 0, 0, 0, 0, 0)


def make_timeline(
    facts: Facts, plans: Mapping[str, Plan], accrual: Accrual, ratio: Mapping[str, int] | None = None
) -> StudyTimeline:
    """The timeline of a study from a plan for each arm; arms take turns, with ``ratio`` so many of each.

    Raises ``DatingError`` where a plan cannot be dated from its first anchor alone.
    """

    @cache
    def course(arm: str, entry: date) -> Courses:
        return courses(plans[arm], entry)

    turns = _turns(plans, ratio or {})
    people = tuple(
        Participant(e.number, e.cohort, arm, e.day, course(arm, e.day))
        for e in accrual.entries
        for arm in (turns[(e.number - 1) % len(turns)],)
    )
    return StudyTimeline(
        facts, accrual, people, tuple(_groups(people, accrual.cohorts, tuple(plans))), _counts(people),
        misfits(facts, accrual, {arm: partial(course, arm) for arm in plans}), _notes(people, turns),
    )  # fmt: skip


def _turns(plans: Mapping[str, Plan], ratio: Mapping[str, int]) -> tuple[str, ...]:
    if unknown := [arm for arm in ratio if arm not in plans]:
        raise RegimenError(f"there is no arm {unknown[0]!r}; the arms are {', '.join(plans)}.")
    turns = tuple(arm for arm in plans for _ in range(ratio.get(arm, 1)))
    if not turns:
        raise RegimenError("nobody enters any arm; give at least one arm a share above 0.")
    return turns


def _notes(people: Sequence[Participant], turns: Sequence[str]) -> tuple[str, ...]:
    shares = Counter(turns)
    waiting = dict.fromkeys(for_ for one in people for for_ in one.courses.waiting)
    notes = [f"Not counted, because it has no date: what waits for {for_}." for for_ in waiting]
    if len(shares) > 1:
        order = ", ".join(f"{n} in {arm}" if n > 1 else arm for arm, n in shares.items())
        notes.insert(0, f"Participants enter the arms in turn: {order}.")
    return tuple(notes)


# ---------------------------------------------------------------- milestones


def _groups(people: Sequence[Participant], cohorts: Sequence[str], arms: Sequence[str]) -> Iterator[Group]:
    yield _group("study", "", people)
    if len(arms) > 1:
        for arm in arms:
            yield _group("arm", arm, [one for one in people if one.arm == arm])
    for cohort in cohorts:
        yield _group("cohort", cohort, [one for one in people if one.cohort == cohort])


def _group(kind: str, name: str, people: Sequence[Participant]) -> Group:
    if not people:
        return Group(kind, name, 0, ())
    first, last = people[0], people[-1]
    found = [Milestone("first_in", first.entry, first.number), Milestone("last_in", last.entry, last.number)]
    for what in ("first_dose", "last_dose", "last_visit", "ends"):
        found += _milestone(what, people)
    return Group(kind, name, len(people), tuple(found))


def _milestone(what: str, people: Sequence[Participant]) -> Iterator[Milestone]:
    first = what == "first_dose"
    sure, maybe = _days(what, people, possible=False), _days(what, people, possible=True)
    if not maybe:
        return
    days = sure or maybe
    day, possible = (min if first else max)(days.values()), (min if first else max)(maybe.values())
    number = next(n for n, found in days.items() if found == day)
    yield Milestone(what, day, number, possible if possible > day else None, certain=bool(sure))


def _days(what: str, people: Sequence[Participant], *, possible: bool) -> dict[int, date]:
    """The day of each participant who has one, by number."""
    found = ((one.number, _day(one.courses.possible if possible else one.courses.certain, what)) for one in people)
    return {number: day for number, day in found if day is not None}


def _day(course: Course, what: str) -> date | None:
    days: dict[str, date | None] = {
        "first_dose": course.first_dose, "last_dose": course.last_dose, "last_visit": course.last_visit,
        "ends": course.ends,
    }  # fmt: skip
    return days[what]


# ---------------------------------------------------------------- counts by day


def _counts(people: Sequence[Participant]) -> tuple[Count, ...]:
    steps: dict[date, list[int]] = {}

    def add(days: tuple[date, date] | None, column: int) -> None:
        if days is not None:
            steps.setdefault(days[0], [0] * 5)[column] += 1
            steps.setdefault(days[1] + timedelta(days=1), [0] * 5)[column] -= 1

    for one in people:
        steps.setdefault(one.entry, [0] * 5)[0] += 1
        add(one.courses.certain.treated, 1)
        add(_studied(one.entry, one.courses.certain), 2)
        add(one.courses.possible.treated, 3)
        add(_studied(one.entry, one.courses.possible), 4)
    return tuple(_summed(steps))


def _studied(entry: date, course: Course) -> tuple[date, date]:
    """From the day in through the last day of all."""
    return entry, max(entry, course.ends or entry)


def _summed(steps: Mapping[date, Sequence[int]]) -> Iterator[Count]:
    sums = [0] * 5
    for day in sorted(steps):
        sums = [total + step for total, step in zip(sums, steps[day], strict=True)]
        yield Count(day, *sums)
