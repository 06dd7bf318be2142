"""When is a bag changed, and what is in each? Bags cut an infusion; their hours and amounts sum to the infusion's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby, pairwise

from regimen.dosing.infusions import Infusion, Stretch, stop_of
from regimen.errors import DosingError
from regimen.events import exact_time
from regimen.moments import shifted
from regimen.notation.bag_rules import BagRule
from regimen.quantities import exact_number
from regimen.safetext import moment_in_words
from regimen.timing import Days

_CLOCK_SHIFT = 60


@dataclass(frozen=True, slots=True)
class Bag(Stretch):
    """One bag: the stretch of the infusion that it runs for, at one rate."""

    why: str = ""
    """Why it is shorter than the rule has it; else empty."""


@dataclass(frozen=True, slots=True)
class BagPlan:
    """The bags of one infusion in order; their hours and amounts add up to the infusion's, which is checked."""

    infusion: Infusion
    bags: tuple[Bag, ...]

    def __post_init__(self) -> None:
        held = sum((bag.amount.to(self.infusion.total.unit).value for bag in self.bags), Fraction(0))
        if sum(bag.minutes for bag in self.bags) != self.infusion.minutes or held != self.infusion.total.value:
            raise DosingError("the bags do not add up to the infusion; this plan must not be used.")

    @property
    def changes(self) -> tuple[int, ...]:
        """The minutes at which a bag is changed."""
        return tuple(bag.start for bag in self.bags[1:])

    @property
    def steps(self) -> tuple[str, ...]:
        """How many bags of which length, the bags that a dose step or the end cuts short, and the sum of hours."""
        runs = [(hours, len(list(group))) for hours, group in groupby(self.bags, key=lambda bag: bag.minutes)]
        counts: dict[int, int] = {}
        for minutes, count in runs:
            counts[minutes] = counts.get(minutes, 0) + count
        said = " + ".join(f"{count} × {_hours(minutes)}" for minutes, count in counts.items())
        short = tuple(
            f"bag {n} runs {_hours(bag.minutes)} ({bag.why})" for n, bag in enumerate(self.bags, start=1) if bag.why
        )
        noun = "bag" if len(self.bags) == 1 else "bags"
        return (f"{len(self.bags)} {noun}: {said} = {_hours(self.infusion.minutes)}", *short)

    def dated(self, start: datetime) -> tuple[tuple[datetime, datetime, Bag], ...]:
        """Each bag with the moments it is hung and taken down."""
        return tuple((stop_of(start, bag.start), stop_of(start, bag.end), bag) for bag in self.bags)


def plan_bags(
    infusion: Infusion, rule: BagRule, *, weight: Fraction | None = None, start: datetime | None = None
) -> BagPlan:
    """Bags of an infusion; a dose step always gets its own change. ``weight`` in kg; ``start`` for fixed weekdays."""
    _check(rule, weight, start)
    if rule.weekdays:
        assert start is not None
        return BagPlan(infusion, tuple(_on_weekdays(infusion, rule, start)))
    return BagPlan(infusion, tuple(_in_turn(infusion, rule.hours)))


def _check(rule: BagRule, weight: Fraction | None, start: datetime | None) -> None:
    problems = []
    for hours, least in rule.not_below:
        longest = max((*rule.hours, *([rule.longest] if rule.longest and rule.weekdays else [])))
        if longest < hours:
            continue
        bags = f"bags that run {hours} h or longer are not used below {exact_number(least)} kg"
        if weight is None:
            problems.append(f"{bags}, and the weight is missing; give it, such as 70 kg.")
        elif weight < least:
            problems.append(f"{bags}, and the subject has {exact_number(weight)} kg; choose shorter bags.")
    if rule.weekdays and start is None:
        problems.append("bags on fixed weekdays need the day and time at which the infusion starts.")
    if problems:
        raise DosingError(*problems)


def _in_turn(infusion: Infusion, hours: tuple[int, ...]) -> Iterator[Bag]:
    """The pattern of lengths starts anew after a dose step, with a fresh bag."""
    for stretch in infusion.stretches:
        at, turn = stretch.start, 0
        while at < stretch.end:
            full = at + hours[turn % len(hours)] * 60
            end = min(full, stretch.end)
            yield Bag(at, end, stretch.rate, _why(end < full, end, infusion))
            at, turn = end, turn + 1


def _why(short: bool, end: int, infusion: Infusion) -> str:
    if not short:
        return ""
    return "the infusion ends" if end == infusion.minutes else "changed for the dose step"


def _on_weekdays(infusion: Infusion, rule: BagRule, start: datetime) -> Iterator[Bag]:
    usual = set(_weekday_minutes(infusion, rule.weekdays, start))
    forced = {*infusion.changes, infusion.minutes}
    regular = {minutes for minutes in usual if not _only_clocks_apart(minutes, forced, start)}
    cuts = sorted({0, *forced, *regular})
    for begin, end in pairwise(cuts):
        rate = next(s.rate for s in infusion.stretches if s.start <= begin < s.end)
        if rule.longest is not None and end - begin > rule.longest * 60:
            raise DosingError(
                f"the bag hung {moment_in_words(stop_of(start, begin))} would run {_hours(end - begin)}, longer than "
                f"the {rule.longest} h allowed; change bags on more weekdays."
            )
        extra = end in infusion.changes and end not in usual
        yield Bag(begin, end, rate, "changed for the dose step" if extra else "")


def _only_clocks_apart(minutes: int, forced: set[int], start: datetime) -> bool:
    """Whether a usual change lies beside a dose step or the end only because the clocks were set on the way."""
    shift = stop_of(start, minutes).utcoffset() != start.utcoffset()
    return shift and any(0 < abs(minutes - other) <= _CLOCK_SHIFT for other in forced)


def _weekday_minutes(infusion: Infusion, weekdays: tuple[int, ...], start: datetime) -> Iterator[int]:
    """Minutes from the start to its clock time on each of the weekdays, by the local clock."""
    for days in range(1, infusion.minutes // 1440 + 2):
        moment = shifted(start, Days(days))
        assert isinstance(moment, datetime)
        minutes = exact_time(moment, start) // timedelta(minutes=1)
        if moment.weekday() in weekdays and minutes < infusion.minutes:
            yield minutes


def _hours(minutes: int) -> str:
    return f"{exact_number(Fraction(minutes, 60))} h"
