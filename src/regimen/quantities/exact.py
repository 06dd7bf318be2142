"""What comes out when amounts are multiplied, divided and added? Exact fractions; only printing may shorten them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from regimen.errors import DosingError
from regimen.quantities.dimensions import comparable, dimension_of, factor
from regimen.quantities.units import Amount, Unit, spoken_number

_SHOWN = 6
"""So many digits at least are shown of a number that is longer than ``_LONGEST``."""
_LONGEST = 12
_HOURS = {"day": Fraction(24), "h": Fraction(1), "min": Fraction(1, 60)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A rational number and its unit: the exact result of a calculation."""

    value: Fraction
    unit: Unit

    def __str__(self) -> str:
        text = exact_number(self.value)
        if self.unit.base == "AUC":
            return f"AUC {text}"
        return f"{text} {self.unit.named(text)}"

    @property
    def sign(self) -> str:
        """``=`` where the printed number is the exact one, ``≈`` where it is shortened."""
        return equals(self.value)

    @property
    def shown(self) -> str:
        """The printed form; with ``≈`` before it where the number is shortened."""
        return str(self) if self.sign == "=" else f"{self.sign} {self}"

    @property
    def dimension(self) -> str:
        """What is measured: mass, volume, biological activity and so on."""
        return dimension_of(self.unit)

    def to(self, unit: Unit) -> Quantity:
        """The same in another unit of its dimension; DosingError if there is no such change."""
        return self if unit == self.unit else Quantity(self.value * factor(self.unit, unit), unit)

    def times(self, number: Fraction | int) -> Quantity:
        """So many of it."""
        return Quantity(self.value * number, self.unit)

    def plus(self, other: Quantity) -> Quantity:
        """The sum, in this one's unit."""
        return Quantity(self.value + other.to(self.unit).value, self.unit)

    def minus(self, other: Quantity) -> Quantity:
        """The difference, in this one's unit."""
        return Quantity(self.value - other.to(self.unit).value, self.unit)

    def exceeds(self, other: Quantity) -> bool:
        """Whether it is more than the other; both must measure the same."""
        return self.value > other.to(self.unit).value

    def comparable(self, other: Quantity) -> bool:
        """Whether the two can be added or compared."""
        return comparable(self.unit, other.unit)

    def for_measure(self, per: str, value: Fraction) -> Quantity:
        """10 mg/kg for 70 kg is 700 mg: ``per`` says what ``value`` measures, kg or m2."""
        if self.unit.per != per:
            raise DosingError(f"{self} is not per {per}, so it cannot be multiplied by {exact_number(value)} {per}.")
        return Quantity(self.value * value, Unit(self.unit.base, None, self.unit.time))

    def in_hours(self, hours: Fraction | int) -> Quantity:
        """What a rate gives in so many hours: 9 mcg/day in 168 h is 63 mcg."""
        if not self.unit.is_rate:
            raise DosingError(f"{self} is not a rate per day, hour or minute, so no hours can be counted with it.")
        each = self.value / _HOURS[str(self.unit.time)]
        return Quantity(each * hours, Unit(self.unit.base, self.unit.per))

    def per_hour(self) -> Quantity:
        """A rate said per hour."""
        return self.to(Unit(self.unit.base, self.unit.per, "h"))

    def as_rate(self, time: str) -> Quantity:
        """An amount of one day, hour or minute as a rate."""
        return Quantity(self.value, Unit(self.unit.base, self.unit.per, time))


def exact(amount: Amount) -> Quantity:
    """An amount as written, for calculating with it."""
    return Quantity(Fraction(amount.value), amount.unit)


def is_short(value: Fraction) -> bool:
    """Whether the number is a decimal short enough to be printed in full."""
    decimal = _as_decimal(value)
    return decimal is not None and len(decimal.normalize(Context(prec=60)).as_tuple().digits) <= _LONGEST


def equals(value: Fraction) -> str:
    """The sign before a printed number: ``=`` where it is printed in full, ``≈`` where it is shortened."""
    return "=" if is_short(value) else "≈"


def exact_number(value: Fraction) -> str:
    """The number in full where it is short, else its first digits; never fewer than two after the point."""
    sign, size = ("−", -value) if value < 0 else ("", value)
    decimal = _as_decimal(size) if is_short(size) else None
    if decimal is None:
        digits = max(_SHOWN, len(str(int(size))) + 2)
        context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
        decimal = context.divide(Decimal(size.numerator), Decimal(size.denominator))
    return sign + spoken_number(decimal)


def _as_decimal(value: Fraction) -> Decimal | None:
    """The number as a decimal without any rounding; None if it has no end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    whole = value.numerator * 2 ** (places - twos) * 5 ** (places - fives)
    return Decimal((0 if whole >= 0 else 1, tuple(int(digit) for digit in str(abs(whole))), -places))
