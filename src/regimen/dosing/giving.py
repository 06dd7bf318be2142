"""What does one amount or rate mean for an administration, a day and the whole course? Exact and always in step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from regimen.dosing.infusions import minutes_of
from regimen.errors import DosingError
from regimen.notation import dose_text
from regimen.notation.terms import Dose
from regimen.quantities import Quantity, Unit, exact_number
from regimen.timing import Span


@dataclass(frozen=True, slots=True)
class Course:
    """How a dose is given, as the calendar knows it; what is None stays unknown and is not guessed.

    ``times_a_day`` and ``doses`` count administrations, a day and in all; ``lasting`` is how long a continuous infusion
    runs; ``given`` is what the subject has had of the drug so far (0 if nothing), for a lifetime cap.
    """

    times_a_day: int | None = None
    doses: int | None = None
    lasting: Span | None = None
    given: Quantity | None = None

    def __post_init__(self) -> None:
        problems = [
            f"{number} {noun} is not a number of doses from 1 on."
            for noun, number in (("times a day", self.times_a_day), ("doses", self.doses))
            if number is not None and number < 1
        ]
        if self.given is not None and self.given.value < 0:
            problems.append(f"{self.given} given so far is negative; write 0 if nothing was given.")
        if problems:
            raise DosingError(*problems)


@dataclass(frozen=True, slots=True)
class Giving:
    """A dose as it is given: ``base`` is the amount or the rate that everything else follows from."""

    dose: Dose
    base: Quantity
    course: Course

    def __post_init__(self) -> None:
        text, time = dose_text(self.dose), self.base.unit.time
        if time == "week":
            raise DosingError(
                f"{text} is per week, which does not say how much one dose is; state the amount of each dose."
            )
        if self._is_rate and not self.dose.continuous and self.dose.divided is None and self.dose.over is None:
            raise DosingError(
                f"{text} is per {time}: say whether it is a continuous infusion (CIV) or in how many doses a day it is "
                "given."
            )
        if self.dose.divided is not None and self.course.times_a_day not in (None, self.dose.divided):
            raise DosingError(
                f"{text} is in {self.dose.divided} doses a day, and {self.course.times_a_day} a day are planned."
            )

    @property
    def _is_rate(self) -> bool:
        return self.base.unit.is_rate

    @property
    def flows(self) -> bool:
        """Whether it is a continuous infusion at a rate, so that there is no single administration."""
        return self.dose.continuous and self._is_rate

    @property
    def administration(self) -> Quantity | None:
        """What one administration gives; None for a continuous infusion."""
        if self.flows:
            return None
        if not self._is_rate:
            return Quantity(self.base.value, Unit(self.base.unit.base, self.base.unit.per))
        if self.dose.divided is not None:
            return self.base.in_hours(24).times(Fraction(1, self.dose.divided))
        return self.base.in_hours(Fraction(minutes_of(self._over), 60))

    @property
    def _over(self) -> Span:
        assert self.dose.over is not None
        return self.dose.over

    @property
    def times(self) -> int | None:
        """Administrations a day, where they are known."""
        return self.course.times_a_day or self.dose.divided

    @property
    def per_day(self) -> Quantity | None:
        """What a day gives, per day; None where it is not known how often a day it is given."""
        if self.flows:
            return self.base.to(Unit(self.base.unit.base, self.base.unit.per, "day"))
        each = self.administration
        return each.times(self.times).as_rate("day") if each is not None and self.times else None

    @property
    def rate(self) -> Quantity | None:
        """How fast it runs, per hour; None for what is not infused over a stated time."""
        if self.flows:
            return self.base.per_hour()
        each = self.administration
        if self.dose.over is None or each is None:
            return None
        return each.times(Fraction(60, minutes_of(self.dose.over))).as_rate("h")

    @property
    def lasting(self) -> Span | None:
        """How long a continuous infusion runs, where that is known."""
        return self.course.lasting or self.dose.over

    @property
    def total(self) -> Quantity | None:
        """What all administrations, or the whole infusion, give; None where their number or length is not known."""
        if self.flows:
            return self.base.in_hours(Fraction(minutes_of(self.lasting), 60)) if self.lasting else None
        each = self.administration
        return each.times(self.course.doses) if each is not None and self.course.doses else None

    @property
    def main(self) -> Quantity:
        """What is capped, reduced and rounded: one administration, or the rate of a continuous infusion."""
        each = self.administration
        return self.base if each is None else each

    def to_share(self, share: Fraction) -> Giving:
        """The same with every amount multiplied by ``share``."""
        return replace(self, base=self.base.times(share))

    def with_main(self, value: Quantity) -> Giving:
        """The same with another administration or rate; days and course follow."""
        return self.to_share(value.to(self.main.unit).value / self.main.value)

    @property
    def steps(self) -> tuple[str, ...]:
        """How administrations, rate, day and course follow from the amount."""
        return tuple(self._said())

    def _said(self) -> Iterator[str]:
        each, total, day = self.administration, self.total, self.per_day
        if each is not None and self._is_rate and self.dose.divided is not None and day is not None:
            yield f"{day} in {self.dose.divided} doses {each.sign} {each} each"
        elif each is not None and day is not None:
            yield f"{each} × {self.times} a day {day.sign} {day}"
        if self.rate is not None:
            yield f"at {self.rate.shown}" + ("" if self.flows else f" over {self.dose.over}")
        if total is not None and self.flows:
            hours = exact_number(Fraction(minutes_of(self.lasting or self._over), 60))
            yield f"{self.base} × {hours} h {total.sign} {total} in all"
        elif total is not None:
            yield f"{each} × {self.course.doses} {total.sign} {total} in all"
