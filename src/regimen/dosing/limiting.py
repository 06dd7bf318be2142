"""By what is a scaled dose held down? A reduction, and caps per dose, per day, per hour and per lifetime."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from regimen.dosing.giving import Giving
from regimen.dosing.measures import Measures
from regimen.dosing.policy import Policy, Reduction
from regimen.dosing.scaling import scaled_amount
from regimen.errors import DosingError
from regimen.quantities import Amount, Quantity, Unit, exact, exact_number


@dataclass(frozen=True, slots=True)
class Limited:
    """A dose after its reduction and caps; ``most`` is what the caps allow of one administration or rate."""

    giving: Giving
    most: Quantity | None
    steps: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cap:
    """A cap and the amount it is compared with; both measure the same."""

    limit: Quantity
    found: Quantity
    name: str = "cap"

    @property
    def share(self) -> Fraction:
        """1 or more leaves the dose as it is."""
        return self.limit.to(self.found.unit).value / self.found.value


def limited(giving: Giving, measures: Measures, policy: Policy, reduction: Reduction | None) -> Limited:
    """The dose reduced and capped, in the declared order; DosingError where the order matters and is not declared."""
    caps = _Caps(measures, policy)
    if reduction is None:
        return caps.applied(giving)
    smaller, said = _reduced(giving, reduction)
    first = caps.applied(smaller)
    first = Limited(first.giving, first.most, (said, *first.steps), first.warnings)
    before = caps.applied(giving)
    other, said = _reduced(before.giving, reduction)
    second = Limited(other, before.most, (*before.steps, said), before.warnings)
    if first.giving.base == second.giving.base or policy.reduce == "before the cap":
        return first
    if policy.reduce == "after the cap":
        return second
    raise DosingError(
        f"the dose is capped and reduced, and the order matters: reduced before the cap it is {first.giving.main}, "
        f"after the cap {second.giving.main}. Let the study declare which."
    )


def _reduced(giving: Giving, reduction: Reduction) -> tuple[Giving, str]:
    smaller = giving.to_share(reduction.percent / 100)
    why = f" ({reduction.reason})" if reduction.reason else ""
    percent = exact_number(reduction.percent)
    return smaller, f"reduced to {percent} %{why}: {giving.main} × {percent} % {smaller.main.sign} {smaller.main}"


class _Caps:
    """The caps of one dose for one subject."""

    def __init__(self, measures: Measures, policy: Policy) -> None:
        self.measures, self.policy = measures, policy

    def applied(self, giving: Giving) -> Limited:
        caps, steps, warnings = self._caps(giving)
        if not caps:
            return Limited(giving, None, (*steps, "no cap") if not warnings else tuple(steps), tuple(warnings))
        lowest = min(caps, key=lambda cap: cap.share)
        most = giving.main.times(lowest.share)
        for cap in caps:
            if cap is lowest and cap.share < 1:
                steps.append(f"{cap.found} is above the {cap.name} of {cap.limit}, so {cap.limit}")
            elif cap is lowest or cap.share >= 1:
                steps.append(f"not above the {cap.name} of {cap.limit}")
        held = giving.to_share(min(lowest.share, Fraction(1)))
        return Limited(held, most, tuple(steps), (*warnings, *self._beyond(held)))

    def _caps(self, giving: Giving) -> tuple[list[_Cap], list[str], list[str]]:
        caps: list[_Cap] = []
        steps: list[str] = []
        warnings: list[str] = []
        problems: list[str] = []
        for cap in giving.dose.caps:
            try:
                limit = self._scaled(cap, steps)
                found = _compared_with(limit, giving)
                if found is None:
                    warnings.append(
                        f"the cap of {limit} is not applied: how often a day the dose is given is not known."
                    )
                else:
                    caps.append(_Cap(limit, found))
            except DosingError as error:
                problems += error.problems
        if self.policy.lifetime is not None:
            try:
                caps.append(self._lifetime(giving, self.policy.lifetime, steps))
            except DosingError as error:
                problems += error.problems
        if problems:
            raise DosingError(*problems)
        return caps, steps, warnings

    def _scaled(self, cap: Amount, steps: list[str]) -> Quantity:
        if cap.unit.per is None:
            return exact(cap)
        found = scaled_amount(cap, self.measures, self.policy)
        steps.append(f"cap: {found.steps[-1]}")
        return found.value

    def _lifetime(self, giving: Giving, lifetime: Amount, steps: list[str]) -> _Cap:
        most, given = exact(lifetime), giving.course.given
        if given is None:
            raise DosingError(
                f"the lifetime cap of {most} needs what the subject has had so far; give it, or 0 {most.unit} if "
                "nothing."
            )
        if not given.comparable(most):
            raise DosingError(
                f"the lifetime cap is in {most.unit} and what was given in {given.unit}; give both in one unit."
            )
        left = most.minus(given)
        steps.append(f"lifetime: {most} − {given} given so far = {left} left")
        if left.value <= 0:
            raise DosingError(f"the lifetime cap of {most} is reached: {given} were given. No dose is given.")
        found = giving.total if giving.flows else giving.administration
        if found is None:
            raise DosingError("a lifetime cap on a continuous infusion needs how long it runs.")
        limit = left
        if left.unit.per is not None:
            scaled = scaled_amount(Amount(lifetime.value, left.unit), self.measures, self.policy)
            limit = Quantity(scaled.value.value * left.value / most.value, scaled.value.unit)
        _same(limit, found, limit)
        return _Cap(limit, found, "lifetime amount that is left")

    def _beyond(self, giving: Giving) -> tuple[str, ...]:
        """A warning where all planned doses together would be above the lifetime cap."""
        given, lifetime, total = giving.course.given, self.policy.lifetime, giving.total
        if lifetime is None or given is None or total is None or giving.flows or lifetime.unit.per is not None:
            return ()
        left = exact(lifetime).minus(given)
        said = f"all doses together ({total}) are above the {left} that are left of the lifetime cap."
        return (said,) if total.exceeds(left) else ()


def _compared_with(limit: Quantity, giving: Giving) -> Quantity | None:
    """What a cap limits: an administration, a day or an hour; None where how often a day is not known."""
    _same(Quantity(limit.value, Unit(limit.unit.base)), Quantity(giving.main.value, Unit(giving.main.unit.base)), limit)
    time, each = limit.unit.time, giving.administration
    if time in ("day", "week"):
        return giving.per_day if time == "day" else None
    if time in ("h", "min"):
        if giving.rate is None:
            raise DosingError(f"the cap of {limit} limits a speed, and the dose has none; say over what time it runs.")
        return giving.rate
    if each is None:
        raise DosingError(f"the cap of {limit} does not say per what; for a continuous infusion write {limit}/day.")
    return each.as_rate("dose") if time == "dose" else each


def _same(one: Quantity, other: Quantity, limit: Quantity) -> None:
    if not one.comparable(other):
        raise DosingError(f"the cap of {limit} cannot be compared with {other}: the two do not measure the same.")
