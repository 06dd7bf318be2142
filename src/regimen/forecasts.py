"""How much will a study need, when and where? From a trial and an enrolment to a forecast, and to drawn subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.calendars import make_calendar
from regimen.definition.models import Study
from regimen.dosing import read_measures
from regimen.errors import PlanError, RegimenError
from regimen.events import Calendar
from regimen.expected import BUSIEST, EVERY, Bands, Forecast, Place, Thing
from regimen.ledger import Given, make_ledger
from regimen.library import load, plan_for
from regimen.plan import Plan
from regimen.rules import LIMIT
from regimen.safetext import day_in_words

if TYPE_CHECKING:
    from regimen.cohort.enrolled import Body, BySubject, Enrolled, Start
    from regimen.cohort.leaving import Course
    from regimen.cohort.profiles import Profile, Register
    from regimen.cohort.simulating import Variant

PERIODS = ("day", "week", "month")
_ORDER = ("subjects", "administrations", BUSIEST, "hours", "doses", "amount", "vials", "tablets", "visits", "activities")


@dataclass(frozen=True, slots=True)
class Choices:
    """How the plan is read for every subject: answers, their chances, assumptions, horizon, measures."""

    decide: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Decisions that are not taken yet: how likely each answer is; the chances come to 1."""
    horizon: str | None = None
    bodies: Sequence[tuple[Body, float]] = (((), 1.0),)
    """The measures that subjects without their own have, with their shares."""
    take: str = ""
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where subjects come from, as typed: a file of subjects or of sites, and how rates are meant."""

    file: str | Path
    arrivals: str = "uniform"
    cap: int | None = None
    until: date | None = None


def forecast(
    trial: str | Path | Study,
    enrolment: Enrolment,
    *,
    weeks: int | None = None,
    first: date | None = None,
    last: date | None = None,
    by: str = "week",
    choices: Choices | None = None,
    course: Course | None = None,
    assume: Sequence[str] = (),
    runs: int = 0,
    seed: int | None = None,
) -> Forecast:
    """What a study is expected to need in each period, by site and arm; with bands where ``runs`` studies are drawn.

    The days go from ``first`` (the first entry if left out) for so many ``weeks``, or to ``last``. Raises RegimenError
    or one of its children.
    """
    from regimen.cohort.expecting import Window, by_period, expected_days, periods_of, with_total
    from regimen.cohort.leaving import Course

    if by not in PERIODS:
        raise RegimenError(f"a forecast is by {', '.join(PERIODS)}, not {by!r}.")
    if runs and seed is None:
        raise RegimenError("a simulation needs a seed, so that it can be repeated; give one, such as --seed 1.")
    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    making = _Making(study, choices or Choices(), course or Course())
    source = making.source(enrolment.file)
    window = Window(*_window(source.first, weeks, first, last))
    enrolled = source.enrolled(enrolment, window.last)
    making.date_all(enrolled, (window.last - min(s.entry for s in enrolled.starts)).days + 1)
    places, place_of = _places(enrolled)
    counts = _by_place(enrolled, place_of, len(places))
    things = list(making.register.things)
    entries = [start.entry for start in enrolled.starts]
    daily = expected_days(counts, entries, making.expected, len(things), window)
    periods = periods_of(window, by)
    most = things.index(Thing("administrations")) if Thing("administrations") in things else None
    whole = with_total(daily)
    table = by_period(whole, periods, window, most=most)
    bands = making.bands(enrolled, place_of, len(places), window, periods, most, runs, seed) if runs else None
    names = [*things, *([Thing(BUSIEST)] if most is not None else [])]
    order = sorted(range(len(names)), key=lambda n: (names[n].item if names[n].item and names[n].kind in _ORDER[4:8]
                                                     else "", _ORDER.index(names[n].kind), n))  # fmt: skip
    order = sorted(order, key=lambda n: _section(names[n]))
    outside = [[*whole[-1, :, edge].tolist(), *([0.0] if most is not None else [])] for edge in (0, -1)]
    return Forecast(
        study.study.id, study.study.title, by, (*places, Place(EVERY, EVERY)), tuple(names[n] for n in order), periods,
        table[:, order].tolist(), *([edge[n] for n in order] for edge in outside), _sorted(bands, order),
        tuple(dict.fromkeys((*source.notes(enrolment, window.last), *_said_of_periods(by, window.first), *making.said()))),
    )  # fmt: skip


def _section(thing: Thing) -> int:
    return 0 if thing.kind in _ORDER[:4] else 1 if thing.kind in _ORDER[4:8] else 2


def _sorted(bands: Bands | None, order: list[int]) -> Bands | None:
    if bands is None:
        return None
    tables = ([[place[n] for n in order] for place in table]
              for table in (bands.mean, bands.error, bands.low, bands.middle, bands.high))  # fmt: skip
    return Bands(bands.runs, bands.seed, bands.quantiles, *tables)


def _window(entry: date, weeks: int | None, first: date | None, last: date | None) -> tuple[date, date]:
    start = first or entry
    if weeks is not None and last is not None:
        raise RegimenError("the number of weeks and the last day are both given; leave one of them out.")
    if weeks is None and last is None:
        raise RegimenError("how far to look is missing; say so: --weeks 104, or --until 2028-12-31.")
    if weeks is not None and not 1 <= weeks <= 2600:
        raise RegimenError(f"{weeks} weeks cannot be forecast; give 1 to 2,600.")
    end = last or start + timedelta(days=7 * (weeks or 0) - 1)
    if end < start:
        raise RegimenError(f"the last day {end.isoformat()} is before the first, {start.isoformat()}; give a later one.")
    return start, end


def _said_of_periods(by: str, first: date) -> list[str]:
    if by == "week":
        return [f"Weeks are seven days each, counted from {day_in_words(first)}."]
    return ["Months are calendar months; the first and the last may be cut."] if by == "month" else []


def _places(enrolled: Enrolled) -> tuple[list[Place], Any]:
    """The sites and arms that occur, sites in the order of the file, and the number of each by site and start."""
    import numpy as np

    arms = list(dict.fromkeys(start.arm for start in enrolled.starts))
    arm_of = np.array([arms.index(start.arm) for start in enrolled.starts])
    counts = enrolled.counts()
    used = [(s, a) for s in range(len(enrolled.sites)) for a in range(len(arms)) if counts[s, arm_of == a].any()]
    numbers = np.zeros((len(enrolled.sites), len(arms)), np.int64)
    for number, (site, arm) in enumerate(used):
        numbers[site, arm] = number
    return [Place(enrolled.sites[s], arms[a]) for s, a in used], numbers[:, arm_of]


def _by_place(enrolled: Enrolled, place_of: Any, places: int) -> Any:
    import numpy as np

    counts = enrolled.counts()
    return np.stack([(counts * (place_of == number)).sum(axis=0) for number in range(places)])


@dataclass(slots=True)
class _Making:
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

        origins = {arm: self._entry(self._plan(arm, self.branches[0][0], ())) for arm in self.arms}
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

    def _plan(self, arm: str, decisions: dict[str, str], spacing: Any, on: dict[str, date] | None = None) -> Plan:
        # A date that a rule names is so far from each start that the plan depends on the start itself.
        from regimen.library import printed_dates

        near = spacing if not printed_dates(self.study) else tuple((on or {}).items())
        key = (arm, tuple(decisions.items()), near)
        if key not in self.plans:
            self.plans[key] = plan_for(
                self.study, on or {}, arm=arm, decide=decisions, horizon=self.choices.horizon, limit=self.choices.limit
            )
        return self.plans[key]

    def _profile(self, start: Start, decisions: dict[str, str], calendar: Calendar, body: Body) -> Profile:
        """Calendars of the same shape have the same amounts, whatever their dates."""
        key = (start.arm, tuple(decisions.items()), body, _shape(calendar, start.entry))
        if key not in self.known:
            texts: dict[str, str] = dict(body)
            sex = texts.pop("sex", None)
            measured = Given(read_measures(sex=sex, **texts))
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
            said.append(f"Not counted: {len(waiting.events)} events that wait for {waiting.for_}. {waiting.remedy}")
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

        drawn = Drawn(
            enrolled, self.variants, place_of, places, len(self.register.things), window, self.course
        )
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


_ALWAYS = (
    "Everything is counted on its target day: windows, weekends and holidays are not taken into account.",
    "Administrations are all doses not taken by mouth, counted on the day they start; an infusion without a break counts "
    "once, its hours and amounts on each of the 24 h that begin at its start.",
    "Expected numbers are means over many studies, not doses: rounded to one decimal as text, to six in files.",
)


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


@dataclass(frozen=True, slots=True)
class Source:
    """An enrolment file as read: subjects, or sites with their rates."""

    origins: Mapping[str, str]
    subjects: BySubject | None = None
    sites: tuple[Any, ...] = ()

    @property
    def first(self) -> date:
        """The first entry."""
        if self.subjects is not None:
            return min(start.entry for start in self.subjects.starts)
        return min(site.start for site in self.sites)  # type: ignore[no-any-return]

    def enrolled(self, enrolment: Enrolment, last: date) -> Enrolled:
        """Who enters, up to a day."""
        from regimen.cohort.enrolled import by_rate
        from regimen.cohort.enrolment import Rates

        if self.subjects is not None:
            if enrolment.cap is not None or enrolment.until is not None or enrolment.arrivals != "uniform":
                raise RegimenError("a cap, an end and arrivals are about rates; subjects of a file enter as it says.")
            return self.subjects
        until = min(enrolment.until or last, last)
        return by_rate(Rates(self.sites, until, enrolment.arrivals, enrolment.cap), self.origins)

    def notes(self, enrolment: Enrolment, last: date) -> list[str]:
        """How the enrolment is meant."""
        if self.subjects is not None:
            return [f"{len(self.subjects.site_of):,} subjects of a file, at {len(self.subjects.sites):,} sites."]
        until = min(enrolment.until or last, last)
        how = "spread evenly over all days" if enrolment.arrivals == "uniform" else "at random on all days (Poisson)"
        cap = f", {enrolment.cap:,} subjects at most" if enrolment.cap is not None else ""
        return [
            f"Subjects enter {how} from {day_in_words(self.first)} to {day_in_words(until)}{cap}; a rate for a month is "
            "one for 30.4375 days."
        ]  # fmt: skip
