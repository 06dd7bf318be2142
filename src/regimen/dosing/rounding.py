"""By how much does rounding change a dose? Shown with its difference, and refused beyond the study's limit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from regimen.errors import DosingError
from regimen.quantities import Quantity, exact_number

MODES = ("nearest", "down", "up")
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a dose is rounded to whole steps: nearest (a half goes up, and that is said), down or up.

    ``limit`` is the largest change allowed, in percent of the unrounded dose; 10 unless the study says otherwise.
    """

    mode: str = "nearest"
    limit: Fraction = Fraction(10)

    def __post_init__(self) -> None:
        problems = [] if self.mode in MODES else [f"{self.mode!r} is no way of rounding; there are {', '.join(MODES)}."]
        if not 0 <= self.limit <= 100:
            problems.append(f"a limit of {exact_number(self.limit)} % for rounding is not from 0 to 100 %.")
        if problems:
            raise DosingError(*problems)


DEFAULT_ROUNDING = Rounding()


@dataclass(frozen=True, slots=True)
class Rounded:
    """A dose before and after rounding; ``difference`` in percent of the unrounded dose, negative for less."""

    unrounded: Quantity
    value: Quantity
    difference: Fraction
    steps: tuple[str, ...]


def rounded(dose: Quantity, step: Quantity, how: Rounding, most: Quantity | None = None) -> Rounded:
    """``dose`` in whole steps and never above ``most``, the cap; DosingError if that changes it beyond the limit."""
    _check(dose, step)
    size = step.to(dose.unit).value
    ratio = dose.value / size
    count, remark = _count(ratio, how)
    if most is not None and count * size > most.to(dose.unit).value and count > ratio:
        count, remark = count - 1, ", down because more would be above the cap"
    value = Quantity(count * size, dose.unit)
    difference = (value.value - dose.value) * 100 / dose.value
    shown = f"{dose} rounded to steps of {step}{remark}: {value}, {_signed(difference)} %"
    if value.value == 0 or abs(difference) > how.limit:
        raise DosingError(
            f"{shown}; a change of more than {exact_number(how.limit)} % is not allowed, so no dose is given. Round to "
            "smaller steps, or let the study declare another limit."
        )
    return Rounded(dose, value, difference, (shown if difference else f"rounding to steps of {step} changes nothing",))


def _check(dose: Quantity, step: Quantity) -> None:
    if not step.comparable(dose):
        raise DosingError(f"{dose} cannot be rounded to steps of {step}: the two do not measure the same.")
    if step.value <= 0:
        raise DosingError("steps of 0 round nothing; give a step above 0, or leave rounding out.")


def _count(ratio: Fraction, how: Rounding) -> tuple[int, str]:
    if how.mode == "down":
        return int(ratio // 1), " (down)"
    if how.mode == "up":
        return int(-(-ratio // 1)), " (up)"
    remark = " (a half goes up)" if ratio % 1 == _HALF else ""
    return int((ratio + _HALF) // 1), remark


def _signed(percent: Fraction) -> str:
    text = exact_number(percent)
    return text if percent <= 0 else f"+{text}"
