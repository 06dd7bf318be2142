"""Which stretches run on without a break, and which bags does that take? Steps are changes of a bag; pauses cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from regimen.dosing import BagPlan, Infusion, VialPlan, infuse, plan_bags, plan_vials, stop_in_words
from regimen.dosing.declared import Declared
from regimen.dosing.infusions import stop_of
from regimen.errors import DosingError
from regimen.events import Event, exact_time
from regimen.ledger.measuring import Measured
from regimen.ledger.terms import Administration, JoinedInfusion
from regimen.notation.bag_rules import BagRule
from regimen.notation.terms import Dose
from regimen.quantities import Quantity, Unit
from regimen.safetext import clock_in_words, moment_in_words
from regimen.timing import Span


def runs_on(one: Event, other: Event) -> bool:
    """Whether an infusion goes on into another stretch without a break.

    Where the clocks are set on the way, a calendar puts the next stretch at the usual time of day, an hour before or
    after the moment at which the hours of this one are over; it is one infusion all the same.
    """
    if isinstance(one.end, datetime) and isinstance(other.start, datetime):
        # What was resumed after a pause lies where it was recorded, whatever the clocks did.
        shift = timedelta(0) if other.is_piece else clock_shift(one, other)
        return exact_time(other.start, one.end) == shift
    if isinstance(one.end, datetime) or isinstance(other.start, datetime):
        return False
    return (other.start - one.end).days == 1


def clock_shift(one: Event, other: Event) -> timedelta:
    """How much earlier (below 0) or later by exact time the second lies because the clocks were set on the way."""
    before, after = (event.start.utcoffset() if isinstance(event.start, datetime) else None for event in (one, other))
    return before - after if before is not None and after is not None else timedelta(0)


def joined(administrations: Sequence[Administration]) -> list[list[Administration]]:
    """The stretches with an amount, those of one infusion together."""
    found: list[list[Administration]] = []
    for one in administrations:
        if one.minutes is None or one.amount is None or one.off:
            continue
        if found and runs_on(found[-1][-1].event, one.event):
            found[-1].append(one)
        else:
            found.append([one])
    return found


@dataclass(frozen=True, slots=True)
class Hanging:
    """Plans the bags of one drug's infusions."""

    measured: Measured
    take: str = ""

    def infusion(self, parts: Sequence[Administration], declared: Declared) -> JoinedInfusion:
        """One infusion with its bags and their vials, as far as their rules are known."""
        ids = tuple(part.event.id for part in parts)
        start = parts[0].event.start
        try:
            whole = infusion_of(parts)
            steps = (*whole.steps, *_set_clocks(parts, whole), *_stop(start, whole))
            rule = _rule(parts, declared)
            if rule is None:
                return JoinedInfusion(ids, whole.total, steps=steps, problems=_vials_without_bags(declared))
            bags = self._bags(whole, rule, start, declared)
            vials = self._vials(bags, declared)
            return JoinedInfusion(ids, whole.total, bags, vials, (*steps, *bags.steps))
        except DosingError as error:
            return JoinedInfusion(ids, problems=tuple(error.problems))

    def _bags(self, whole: Infusion, rule: BagRule, start: date | datetime, declared: Declared) -> BagPlan:
        day = start.date() if isinstance(start, datetime) else start
        weight = self.measured.on(day, declared.choices).get("weight") if rule.not_below else None
        moment = start if isinstance(start, datetime) else None
        return plan_bags(whole, rule, weight=weight.value if weight is not None else None, start=moment)

    def _vials(self, bags: BagPlan, declared: Declared) -> tuple[VialPlan, ...]:
        if declared.vials is None:
            return ()
        objective = self.take or declared.vials.take
        return tuple(plan_vials(bag.amount, declared.vials.strengths, objective) for bag in bags.bags)


def infusion_of(parts: Iterable[Administration]) -> Infusion:
    """The stretches as one infusion."""
    return infuse([(_rate(part), Fraction(part.minutes or 0, 60)) for part in parts])


def _rate(part: Administration) -> Quantity:
    found = part.calculated
    assert found is not None
    assert part.amount is not None
    if found.per_day is not None and found.administration is None:
        return found.per_day
    return Quantity(part.amount.value * 60 / (part.minutes or 1), Unit(part.amount.unit.base, None, "h"))


def _rule(parts: Sequence[Administration], declared: Declared) -> BagRule | None:
    """The drug's own rule for bags, or the one its order says."""
    if declared.bags is not None:
        return declared.bags
    dose: Dose | None = parts[0].calculated.dose if parts[0].calculated is not None else None
    if dose is None or dose.bags is None:
        return None
    return BagRule((_hours(dose.bags),))


def _hours(span: Span) -> int:
    minutes = span.days * 1440 if span.days is not None else span.minutes
    if not minutes or minutes % 60:
        raise DosingError(f"bags of {span} have no whole number of hours; write 24 h or 7 d.")
    return minutes // 60


def _stop(start: date | datetime, whole: Infusion) -> tuple[str, ...]:
    return (stop_in_words(start, whole.minutes),) if isinstance(start, datetime) else ()


def _set_clocks(parts: Sequence[Administration], whole: Infusion) -> Iterator[str]:
    """Where a step lies by the hours of the infusion and by the calendar, if the clocks were set before it."""
    start = parts[0].event.start
    for part, minute in zip(parts[1:], whole.changes, strict=True):
        if isinstance(start, datetime) and isinstance(part.event.start, datetime):
            step = stop_of(start, minute)
            if step != part.event.start:
                yield (
                    f"the clocks are set on the way: by the hours of the infusion {part.event.position} begins "
                    f"{moment_in_words(step, zone=False)}, by the calendar at {clock_in_words(part.event.start)}"
                )


def _vials_without_bags(declared: Declared) -> tuple[str, ...]:
    if declared.vials is None:
        return ()
    return ("vials of an infusion depend on its bags, and how long a bag runs is not stated; say bags: for the drug.",)
