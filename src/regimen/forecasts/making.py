"""What does each way to enter the study add? Dates the plan once for each start, and keeps what it learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.calendars import make_calendar
from regimen.definition.models import Study
from regimen.errors import PlanError
from regimen.events import Calendar
from regimen.expected import Bands
from regimen.forecasts.terms import Choices, Source
from regimen.ledger import Given, make_ledger
from regimen.library import plan_for, printed_dates
from regimen.plan import Plan

if TYPE_CHECKING:
    from regimen.cohort.enrolled import Body, Enrolled, Start
    from regimen.cohort.leaving import Course
    from regimen.cohort.profiles import Profile, Register
    from regimen.cohort.simulating import Variant

_ALWAYS = (
    "Everything is counted on its target day: windows, weekends and holidays are not taken into account.",
    "Administrations are all doses not taken by mouth, counted on the day they start.",
    "An infusion without a break counts once; its hours and amounts lie on each of the 24 h that begin at its start.",
    "The busiest day has the highest expected number of administrations; simulated, the median of the highest numbers.",
    "Expected numbers are means over many studies, not doses: rounded to one decimal as text, to six in files.",
)
_SOME_DAY = date(2027, 1, 4)
"""Any day will do to find out which anchor an arm begins with."""


@dataclass(slots=True)
class Making:
    """Dates the plan once for each start, and keeps what it learns."""

    study: Study
    choices: Choices
    course: Course
    register: Register = field(init=False)
    branches: list[tuple[dict[str, str], float]] = field(init=False)
    plans: dict[Any, Plan] = field(default_factory=dict)
    known: dict[Any, Profile] = field(default_factory=dict)
    variants: list[tuple[Variant, ...]] = field(default_factory=list)
    expected: list[Profile] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from regimen.cohort.profiles import Register

        self.register, self.branches = Register(), list(_branches(self.study, self.choices))

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms of the study."""
        return tuple(self.study.arms)

    def source(self, file: str | Path) -> Source:
        """The enrolment file, read."""
        from regimen.cohort.delimited import read_rows
        from regimen.cohort.enrolled import read_subjects
        from regimen.cohort.enrolment import read_sites

        some = {name: _SOME_DAY for name, anchor in self.study.anchors.items() if anchor.from_ is None}
        origins = {arm: self._entry(self._plan(arm, self.branches[0][0], None, some)) for arm in self.arms}
        if "subject" in read_rows(file).columns:
            return Source(origins, subjects=read_subjects(file, self.arms, tuple(self.study.anchors), origins))
        return Source(origins, sites=read_sites(file, self.arms))

    def _entry(self, plan: Plan) -> str:
        """The anchor on the day of entry: the plan's first, or the first with a date of its own."""
        used = [point.waits_for for point in plan.points if point.waits_for in self.study.anchors]
        name = plan.origin.removeprefix("@")
        return name if name in used or not used else used[0] or name

    def date_all(self, enrolled: Enrolled, reach: int) -> None:
        """One profile for each start and variant, and what is expected of each start."""
        from regimen.cohort.profiles import joined

        mixed: dict[tuple[tuple[int, float], ...], Profile] = {}
        for start in enrolled.starts:
            variants = tuple(self._variants(start))
            key = tuple((id(v.profile), v.chance) for v in variants)
            if key not in mixed:
                parts = [self.course.expected(v.profile, reach).times(v.chance) for v in variants]
                mixed[key] = joined(parts) if len(parts) > 1 else parts[0]
            self.variants.append(variants)
            self.expected.append(mixed[key])

    def _variants(self, start: Start) -> Iterator[Variant]:
        from regimen.cohort.simulating import Variant

        bodies = self.choices.bodies if start.body is None else ((start.body, 1.0),)
        for (decisions, chance), calendar in zip(self.branches, self._calendars(start), strict=True):
            self._refuse_undecided(calendar, start.arm)
            for body, share in bodies:
                yield Variant(self._profile(start, decisions, calendar, body), chance * share)

    def _calendars(self, start: Start) -> Iterator[Calendar]:
        spacing = tuple((name, (day - start.entry).days) for name, day in start.on)
        for decisions, _ in self.branches:
            yield make_calendar(self._plan(start.arm, decisions, spacing, dict(start.on)), dict(start.on))

    def _plan(self, arm: str, decisions: dict[str, str], spacing: Any, on: dict[str, date]) -> Plan:
        # How far a date that a rule names lies ahead is another matter for each start.
        near = spacing if not printed_dates(self.study) else tuple(on.items())
        key = (arm, tuple(decisions.items()), near)
        if key not in self.plans:
            self.plans[key] = plan_for(
                self.study, on, arm=arm, decide=decisions, horizon=self.choices.horizon, limit=self.choices.limit
            )
        return self.plans[key]

    def _profile(self, start: Start, decisions: dict[str, str], calendar: Calendar, body: Body) -> Profile:
        """Calendars of the same shape have the same amounts, whatever their dates."""
        from regimen.cohort.enrolled import measures_of

        key = (start.arm, tuple(decisions.items()), body, _shape(calendar, start.entry))
        if key not in self.known:
            measured = Given(measures_of(body))
            spacing = tuple((name, (day - start.entry).days) for name, day in start.on)
            plan = self._plan(start.arm, decisions, spacing, dict(start.on))
            ledger = make_ledger(self.study, plan, calendar, measured, take=self.choices.take)
            self.notes.update(dict.fromkeys(ledger.warnings))
            who = f" (subjects with {', '.join(f'{k} {t}' for k, t in body)})" if body else ""
            self.known[key] = self.register.profile(calendar, ledger, start.entry, who)
            self._note(plan, calendar)
        return self.known[key]

    def _note(self, plan: Plan, calendar: Calendar) -> None:
        said = [f"{item} is not counted: {reason}" for item, reason in plan.undated]
        for waiting in calendar.waiting:
            remedy = waiting.remedy
            if waiting.for_ in self.study.anchors:
                remedy = f"Write its date in a column {waiting.for_} of the subject file."
            said.append(
                f"Not counted, for each subject without it: {len(waiting.events)} events that wait for {waiting.for_}. "
                + remedy
            )
        if any(event.optional for event in calendar):
            said.append('What may not happen ("up to") is counted as if it did; only what is declared shortens it.')
        self.notes.update(dict.fromkeys((*plan.conventions, *said)))

    def _refuse_undecided(self, calendar: Calendar, arm: str) -> None:
        conditions = dict.fromkeys(c for event in calendar for c in event.conditions)
        open_ = dict.fromkeys(condition.partition("=")[0] for condition in conditions)
        if open_:
            name = next(iter(open_))
            options = self.study.decisions[name].options
            raise PlanError(
                f"{arm}: {', '.join(open_)} is not decided, and doses or visits hang on it; decide for all "
                f"(--decide {name}={options[0]}), or say how likely each answer is (--share {name}={options[0]}:0.4)."
            )

    def bands(
        self, enrolled: Enrolled, place_of: Any, places: int, window: Any, periods: Any, most: int | None, runs: int,
        seed: int | None,
    ) -> Bands:  # fmt: skip
        """The bands of so many drawn studies."""
        from regimen.cohort.simulating import Study as Drawn
        from regimen.cohort.simulating import simulated

        drawn = Drawn(enrolled, self.variants, place_of, places, len(self.register.things), window, self.course)
        return simulated(drawn, runs, seed or 0, periods, most)

    def said(self) -> list[str]:
        """Everything that a reader must know about how it was counted."""
        shares = [
            f"{name}: {', '.join(f'{answer} {100 * share:.6g} %' for answer, share in answers.items())} of subjects, "
            "whatever else is decided." for name, answers in self.choices.shares.items()
        ]  # fmt: skip
        bodies = [f"{100 * share:.6g} % of subjects: {', '.join(f'{k} {t}' for k, t in body)}; the same for every dose."
                  for body, share in self.choices.bodies if body]  # fmt: skip
        return [*shares, *bodies, *self.course.words(), *self.register.notes, *self.notes, *_ALWAYS]


def _shape(calendar: Calendar, entry: date) -> tuple[Any, ...]:
    first = entry.toordinal()
    return tuple(
        (event.id, event.start.toordinal() - first, event.end.toordinal() - first, event.start.isoformat()[10:],
         event.end.isoformat()[10:], event.dose)
        for event in calendar
    )  # fmt: skip


def _branches(study: Study, choices: Choices) -> Iterator[tuple[dict[str, str], float]]:
    """Every combination of answers with its chance."""
    for name, answers in choices.shares.items():
        if name not in study.decisions:
            raise PlanError(f"there is no decision {name!r}; there are {', '.join(study.decisions) or 'none'}.")
        if name in choices.decide:
            raise PlanError(f"{name} is decided and has chances as well; leave one of them out.")
        unknown = [answer for answer in answers if answer not in study.decisions[name].options]
        if unknown:
            raise PlanError(f"{name} cannot be {unknown[0]!r}; it is {' or '.join(study.decisions[name].options)}.")
    for picked in product(*(answers.items() for answers in choices.shares.values())):
        chance = 1.0
        for _, share in picked:
            chance *= share
        yield {**choices.decide, **{n: a for n, (a, _) in zip(choices.shares, picked, strict=True)}}, chance
