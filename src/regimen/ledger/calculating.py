"""How much is each administration of one drug? One after the other, because a lifetime cap counts what went before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from regimen.dosing import Amounted, Course, Measures, Policy, dose_for, plan_tablets, plan_vials
from regimen.dosing.declared import Declared
from regimen.dosing.scaling import scaled_amount
from regimen.errors import DosingError
from regimen.events import Event, exact_time
from regimen.ledger.measuring import Measured
from regimen.ledger.ordering import Ordered, ordered
from regimen.ledger.terms import OFF, Administration
from regimen.notation import dose_text
from regimen.notation.banded import Bands
from regimen.notation.terms import Dose
from regimen.plan import Content
from regimen.quantities import Amount, Quantity, Unit, read_quantity
from regimen.timing import Span


@dataclass(frozen=True, slots=True)
class Due:
    """One event with what the plan says of it, what the definition declares, and the cycles up to it."""

    event: Event
    content: Content
    declared: Declared
    cycle_starts: tuple[date, ...] = ()


@dataclass(slots=True)
class Calculator:
    """Goes through the events of one drug in order."""

    measured: Measured
    take: str = ""
    """What is sought with vials, over what the definition says."""
    before: Quantity | None = None
    packed: bool = True
    """Whether vials and tablets are looked for."""
    had: list[tuple[Quantity, Fraction | None]] = field(default_factory=list)
    """What was given so far, with the body surface it was calculated from."""
    running: Quantity | None = field(init=False)
    adds_up: bool = True
    known: dict[object, Amounted] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # What was given per m2 before cannot be added to mg.
        self.running = self.before if self.before is not None and self.before.unit.per is None else None

    def all(self, dues: Sequence[Due]) -> list[Administration]:
        """Every administration; what cannot be calculated says why."""
        often = Counter(due.event.first_day for due in dues if due.event.state not in OFF)
        return [self._one(due, often[due.event.first_day]) for due in dues]

    def _one(self, due: Due, times: int) -> Administration:
        event = due.event
        order: Ordered | None = None
        try:
            order = ordered(event, due.content)
            if event.state in OFF:
                return Administration(event, order.text)
            return self._given(due, order, times)
        except DosingError as error:
            text = order.text if order is not None else (event.dose or "")
            return Administration(event, text, problems=tuple(error.problems))

    def _given(self, due: Due, order: Ordered, times: int) -> Administration:
        event = due.event
        measures = self.measured.on(event.first_day, due.declared.choices, due.cycle_starts)
        minutes = minutes_of_event(event) if event.continuous else None
        course = self._course(due, order, times, minutes)
        found = self._amounted(due, order, measures, course)
        self.warnings.update(dict.fromkeys(found.warnings))
        self._warn_of_lifetime(due, order, measures, course, found)
        amount = found.total if event.continuous and found.total is not None else found.administration
        recorded = self._recorded(event, amount)
        counted = recorded or amount
        if counted is not None:
            self.had.append((counted, self._surface(due, measures)))
        text = dose_text(found.dose) if isinstance(order.dose.amount, Bands) else order.text
        one = Administration(
            event, text, counted, found, minutes, self._cumulative(counted), found.steps, recorded=recorded
        )
        return self._taken(one, due.declared, amount)

    def _amounted(self, due: Due, order: Ordered, measures: Measures, course: Course) -> Amounted:
        chosen = tuple((kind, measure.value, measure.on) for kind, measure in measures.by_kind.items())
        key = (id(due.content.order), order, chosen, tuple(measures.steps.items()), course)
        if key not in self.known:
            self.known[key] = dose_for(
                order.dose, measures, due.declared.policy, course, level=order.level, reduction=order.reduction
            )
        return self.known[key]

    def _warn_of_lifetime(self, due: Due, order: Ordered, measures: Measures, course: Course, found: Amounted) -> None:
        """A dose that only the lifetime cap holds down is no usual dose."""
        policy = due.declared.policy
        if policy.lifetime is None:
            return
        free = dose_for(
            order.dose, measures, replace(policy, lifetime=None), course, level=order.level, reduction=order.reduction
        )
        if free.unrounded.exceeds(found.unrounded):
            self._warn(
                f"{due.event.position} {due.event.label}: lowered from {free.unrounded} to {found.unrounded}, all that "
                f"is left of the lifetime cap of {policy.lifetime.spoken()}."
            )

    def _course(self, due: Due, order: Ordered, times: int, minutes: int | None) -> Course:
        """What the calendar knows; how often a day only where a cap or a division asks for it."""
        doses = _possible(order, due.declared.policy)
        asks = any(cap.unit.time == "day" for dose in doses for cap in dose.caps)
        return Course(
            times_a_day=times if asks and not due.event.continuous else None,
            lasting=span_of(minutes) if minutes is not None else None,
            given=self._had_so_far(due.declared.policy.lifetime),
        )

    # ------------------------------------------------------------ what went before
    def _had_so_far(self, lifetime: Amount | None) -> Quantity | None:
        """In the unit of the lifetime cap; None where nobody said what the subject had before."""
        if lifetime is None or self.before is None:
            return None
        total = self.before.to(lifetime.unit)
        for amount, surface in self.had:
            total = total.plus(_per(amount, lifetime.unit, surface))
        return total

    def _surface(self, due: Due, measures: Measures) -> Fraction | None:
        lifetime = due.declared.policy.lifetime
        if lifetime is None or lifetime.unit.per is None:
            return None
        one = Amount(lifetime.value, lifetime.unit)
        return scaled_amount(one, measures, due.declared.policy).value.value / Fraction(lifetime.value)

    def _cumulative(self, counted: Quantity | None) -> Quantity | None:
        """What the subject has had up to and with this; None once amounts cannot be added up."""
        if counted is None or not self.adds_up:
            return None
        try:
            self.running = counted if self.running is None else self.running.plus(counted)
        except DosingError:
            self.adds_up = False
            return None
        return self.running

    # ------------------------------------------------------------ what was given, and what is taken for it
    def _recorded(self, event: Event, calculated: Quantity | None) -> Quantity | None:
        """What the journal says was given, where it can be counted; a difference is said."""
        if not event.given or event.state != "given":
            return None
        place = f"{event.position} {event.label}: recorded as given {event.given}"
        try:
            found = read_quantity(event.given)
        except DosingError:
            found = None
        if found is None or (calculated is not None and not found.comparable(calculated)):
            self._warn(f"{place}, which cannot be added to {calculated}; the calculated amount is counted.")
            return None
        if calculated is not None and found.to(calculated.unit).value != calculated.value:
            self._warn(f"{place}, calculated {calculated}; what was recorded is counted.")
        return found

    def _warn(self, sentence: str) -> None:
        self.warnings[sentence] = None

    def _taken(self, one: Administration, declared: Declared, amount: Quantity | None) -> Administration:
        """With the vials or tablets for what is calculated; those of an infusion are planned with its bags."""
        if amount is None or one.event.continuous or not self.packed:
            return one
        try:
            if declared.vials is not None:
                objective = self.take or declared.vials.take
                return replace(one, vials=plan_vials(amount, declared.vials.strengths, objective))
            if declared.tablets is not None:
                packs = declared.tablets
                return replace(one, tablets=plan_tablets(amount, packs.strengths, halves=packs.halves))
        except DosingError as error:
            return replace(one, problems=(*one.problems, *error.problems))
        return one


def _possible(order: Ordered, policy: Policy) -> Iterator[Dose]:
    """The dose, and what a band or a level makes of it."""
    yield order.dose
    if order.level is not None and order.level in policy.levels:
        yield policy.levels[order.level]
    if isinstance(order.dose.amount, Bands):
        yield from (band.dose for band in order.dose.amount.bands)


def _per(amount: Quantity, unit: Unit, surface: Fraction | None) -> Quantity:
    """What was given, in the unit of a cap: as it is, or per m2 of the surface it was calculated from."""
    if unit.per is None:
        return amount.to(unit)
    assert surface is not None
    return Quantity(amount.to(Unit(unit.base)).value / surface, unit)


def minutes_of_event(event: Event) -> int:
    """How long an infusion runs: exact time between two moments, 24 h for each day where there are no times."""
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return exact_time(event.end, event.start) // timedelta(minutes=1)
    return ((event.last_day - event.first_day).days + 1) * 1440


def span_of(minutes: int) -> Span:
    """Minutes as the largest unit that holds them whole."""
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return Span(minutes // size, unit)
    return Span(minutes, "min")
