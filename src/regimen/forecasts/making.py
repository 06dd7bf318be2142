"""What does each way to enter the study add? Dates the plan once for each start, and keeps what it learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.calendars import make_calendar
from regimen.definition.models import Study
from regimen.errors import PlanError
from regimen.events import Calendar
from regimen.expected import Bands
from regimen.forecasts.alike import Dated, branches_of, shape_of
from regimen.forecasts.terms import OF_SUBJECTS, Choices, Source
from regimen.ledger import Given, make_ledger
from regimen.library import plan_for, printed_dates
from regimen.plan import Plan

if TYPE_CHECKING:
    from regimen.cohort.alike import On
    from regimen.cohort.bodies import Body
    from regimen.cohort.enrolled import Enrolled, Start
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
    answered: dict[Any, list[tuple[dict[str, str], float]]] = field(default_factory=dict)
    plans: dict[Any, Plan] = field(default_factory=dict)
    alike: dict[tuple[int, On], bytes] = field(default_factory=dict)
    """By plan and start, what those share whose calendars differ in the first day only."""
    dated: dict[tuple[int, bytes], Dated] = field(default_factory=dict)
    """One calendar for all that are alike."""
    known: dict[Any, Profile] = field(default_factory=dict)
    variants: list[tuple[Variant, ...]] = field(default_factory=list)
    expected: list[Profile] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from regimen.cohort.profiles import Register

        self.register = Register()

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms of the study."""
        return tuple(self.study.arms)

    def source(self, file: str | Path) -> Source:
        """The enrolment file, read."""
        from regimen.cohort.enrolled import enrolled_subjects
        from regimen.cohort.enrolment import read_sites
        from regimen.delimited import columns_of

        some = {name: _SOME_DAY for name, anchor in self.study.anchors.items() if anchor.from_ is None}
        origins = {arm: self._entry(self._plan(arm, self._branches(())[0][0], None, some)) for arm in self.arms}
        if Path(file).suffix.lower() in OF_SUBJECTS or "subject" in columns_of(Path(file)):
            return Source(origins, subjects=enrolled_subjects(self.study, file, origins))
        return Source(origins, sites=read_sites(file, self.arms))

    def _entry(self, plan: Plan) -> str:
        """The anchor on the day of entry: the plan's first, or the first with a date of its own."""
        used = [point.waits_for for point in plan.points if point.waits_for in self.study.anchors]
        name = plan.origin.removeprefix("@")
        return name if name in used or not used else used[0] or name

    def date_all(self, enrolled: Enrolled, reach: int) -> None:
        """One profile for each start and variant, and what is expected of each start."""
        from regimen.cohort.profiles import joined

        self._find_alike(enrolled)
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
        for decisions, chance in self._branches(start.answers):
            dated = self._dated(start, decisions)
            for body, share in bodies:
                yield Variant(self._profile(start, decisions, dated, body), chance * share)

    def _branches(self, answers: tuple[tuple[str, str], ...]) -> list[tuple[dict[str, str], float]]:
        """What subjects with these answers of their own may decide, each with its chance."""
        if answers not in self.answered:
            self.answered[answers] = list(branches_of(self.study, self.choices, dict(answers)))
        return self.answered[answers]

    def _dated(self, start: Start, decisions: dict[str, str]) -> Dated:
        """The calendar of a start; that of another one, where it is the same but for the day on which it begins."""
        plan = self._plan_of(start, decisions)
        key = self.alike.get((id(plan), start.on))
        if key is not None and (id(plan), key) in self.dated:
            return self.dated[id(plan), key]
        calendar = make_calendar(plan, dict(start.on))
        self._refuse_undecided(calendar, start.arm)
        found = Dated(plan, calendar, start.entry, shape_of(calendar, start.entry))
        if key is not None:
            self.dated[id(plan), key] = found
        return found

    def _find_alike(self, enrolled: Enrolled) -> None:
        """Which starts of each plan need no calendar of their own."""
        from regimen.cohort.alike import alike

        entries: dict[int, tuple[Plan, dict[On, date]]] = {}
        for start in enrolled.starts:
            for decisions, _ in self._branches(start.answers):
                plan = self._plan_of(start, decisions)
                entries.setdefault(id(plan), (plan, {}))[1][start.on] = start.entry
        for plan, starts in entries.values():
            self.alike.update(((id(plan), on), key) for on, key in alike(plan, starts).items())

    def _plan_of(self, start: Start, decisions: dict[str, str]) -> Plan:
        spacing = tuple((name, (day - start.entry).days) for name, day in start.on)
        return self._plan(start.arm, decisions, spacing, dict(start.on))

    def _plan(self, arm: str, decisions: dict[str, str], spacing: Any, on: dict[str, date]) -> Plan:
        # How far a date that a rule names lies ahead is another matter for each start.
        near = spacing if not printed_dates(self.study) else tuple(on.items())
        key = (arm, tuple(decisions.items()), near)
        if key not in self.plans:
            self.plans[key] = plan_for(
                self.study, on, arm=arm, decide=decisions, horizon=self.choices.horizon, limit=self.choices.limit
            )
        return self.plans[key]

    def _profile(self, start: Start, decisions: dict[str, str], dated: Dated, body: Body) -> Profile:
        """Calendars of the same shape have the same amounts, whatever their dates."""
        from regimen.cohort.bodies import measures_of, said_of

        key = (start.arm, tuple(decisions.items()), body, dated.shape)
        if key not in self.known:
            measured = Given(measures_of(body))
            ledger = make_ledger(self.study, dated.plan, dated.calendar, measured, take=self.choices.take)
            self.notes.update(dict.fromkeys(ledger.warnings))
            who = f" (subjects with {said_of(body)})" if body else ""
            self.known[key] = self.register.profile(dated.calendar, ledger, dated.entry, who)
            self._note(dated.plan, dated.calendar)
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
        from regimen.cohort.bodies import said_of

        shares = [
            f"{name}: {', '.join(f'{answer} {100 * share:.6g} %' for answer, share in answers.items())} of subjects "
            "without an answer of their own, whatever else is decided." for name, answers in self.choices.shares.items()
        ]  # fmt: skip
        bodies = [f"{100 * share:.6g} % of subjects: {said_of(body)}; the same for every dose."
                  for body, share in self.choices.bodies if body]  # fmt: skip
        return [*shares, *bodies, *self.course.words(), *self.register.notes, *self.notes, *_ALWAYS]
