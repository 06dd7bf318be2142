"""What does an infusion give, at which rate, and when does it stop? Half-open stretches of elapsed time, in minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from regimen.errors import DosingError
from regimen.events import exact_time
from regimen.moments import shifted
from regimen.quantities import Quantity, Unit, exact_number
from regimen.safetext import moment_in_words
from regimen.timing import Days, Elapsed, Span

CLOCKS = ("elapsed", "wall")


@dataclass(frozen=True, slots=True)
class Stretch:
    """One rate from minute ``start`` (included) to minute ``end`` (not included) of an infusion."""

    start: int
    end: int
    rate: Quantity

    @property
    def minutes(self) -> int:
        """How long it runs."""
        return self.end - self.start

    @property
    def amount(self) -> Quantity:
        """What it gives in all."""
        return self.rate.in_hours(Fraction(self.minutes, 60))


@dataclass(frozen=True, slots=True)
class Infusion:
    """An infusion without a break: stretches that follow each other from minute 0."""

    stretches: tuple[Stretch, ...]

    def __post_init__(self) -> None:
        problems = []
        if not self.stretches:
            problems.append("an infusion has at least one stretch.")
        at = 0
        for stretch in self.stretches:
            if stretch.start != at or stretch.end <= stretch.start:
                problems.append("the stretches of an infusion follow each other without gap, overlap or empty stretch.")
            if not stretch.rate.unit.is_rate or stretch.rate.unit.per or stretch.rate.value <= 0:
                problems.append(f"{stretch.rate} is not a rate above 0 of this subject, such as 28 mcg/day.")
            elif not stretch.rate.comparable(self.stretches[0].rate):
                problems.append(f"{stretch.rate} and {self.stretches[0].rate} in one infusion do not measure the same.")
            at = stretch.end
        if problems:
            raise DosingError(*dict.fromkeys(problems))

    @property
    def minutes(self) -> int:
        """How long it runs in all."""
        return self.stretches[-1].end

    @property
    def hours(self) -> Fraction:
        """The same in hours."""
        return Fraction(self.minutes, 60)

    @property
    def total(self) -> Quantity:
        """What it gives in all."""
        first, *others = (stretch.amount for stretch in self.stretches)
        for other in others:
            first = first.plus(other)
        return first

    @property
    def changes(self) -> tuple[int, ...]:
        """The minutes at which the rate changes."""
        return tuple(stretch.start for stretch in self.stretches[1:])

    @property
    def steps(self) -> tuple[str, ...]:
        """Each stretch with its rate per hour and what it gives, and the sum."""
        said = tuple(
            f"{s.rate} ({s.rate.per_hour().shown}) × {_hours(s.minutes)} {s.amount.sign} {s.amount}"
            for s in self.stretches
        )
        if len(said) == 1:
            return said
        sum_ = " + ".join(str(stretch.amount) for stretch in self.stretches)
        return (*said, f"{sum_} {self.total.sign} {self.total} in {_hours(self.minutes)}")


def infuse(parts: Iterable[tuple[Quantity, Span | Fraction | int]]) -> Infusion:
    """An infusion from rates and how long each runs, as a ``Span`` or in hours; a day is 24 h of elapsed time."""
    at, stretches = 0, []
    for rate, length in parts:
        minutes = minutes_of(length)
        stretches.append(Stretch(at, at + minutes, rate))
        at += minutes
    return Infusion(tuple(stretches))


def infuse_amount(amount: Quantity, length: Span | Fraction | int) -> Infusion:
    """An amount given evenly over a duration: 700 mg over 1 h runs at 700 mg/h."""
    minutes = minutes_of(length)
    rate = Quantity(amount.value * 60 / minutes, Unit(amount.unit.base, amount.unit.per, "h"))
    return Infusion((Stretch(0, minutes, rate),))


def minutes_of(length: Span | Fraction | int) -> int:
    """Whole minutes of a duration; months and years have no fixed number of them."""
    if isinstance(length, Span):
        minutes: Fraction | int | None = length.minutes if length.days is None else length.days * 1440
    else:
        minutes = Fraction(length) * 60
    if minutes is None or minutes <= 0 or Fraction(minutes).denominator != 1:
        raise DosingError(
            f"an infusion of {length} has no whole number of minutes; give minutes, hours, days or weeks."
        )
    return int(minutes)


def minutes_for_days(days: int, start: datetime, clock: str) -> int:
    """How long an infusion of so many days runs: ``elapsed`` 24 h each, ``wall`` to the same time on the clock."""
    if clock not in CLOCKS:
        raise DosingError(f"an infusion is timed by {' or '.join(CLOCKS)} clock, not {clock!r}.")
    if clock == "elapsed":
        return days * 1440
    stop = shifted(start, Days(days))
    assert isinstance(stop, datetime)
    return exact_time(stop, start) // timedelta(minutes=1)


def stop_of(start: datetime, minutes: int) -> datetime:
    """The moment it stops, exclusive; by the local clock that may be another time of day."""
    stop = shifted(start, Elapsed(minutes))
    assert isinstance(stop, datetime)
    return stop


def stop_in_words(start: datetime, minutes: int) -> str:
    """When it stops, and by how much the local clock has shifted on the way."""
    stop = stop_of(start, minutes)
    said = f"{_hours(minutes)} from {moment_in_words(start)} stop {moment_in_words(stop, zone=False)}"
    before, after = start.utcoffset(), stop.utcoffset()
    if before is None or after is None or before == after:
        return said
    minutes_later = (after - before) // timedelta(minutes=1)
    moved = "forward" if minutes_later > 0 else "back"
    return f"{said}; the clocks go {moved} by {exact_number(Fraction(abs(minutes_later), 60))} h on the way"


def _hours(minutes: int) -> str:
    return f"{exact_number(Fraction(minutes, 60))} h"
