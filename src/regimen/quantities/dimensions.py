"""Which units measure the same thing, and what is one of them in another? Exact factors within a dimension only."""

from __future__ import annotations

from fractions import Fraction

from regimen.errors import DosingError
from regimen.quantities.units import Unit

_FACTORS: dict[str, dict[str, Fraction]] = {
    "mass": {
        "ng": Fraction(1, 10**6), "mcg": Fraction(1, 10**3), "mg": Fraction(1), "g": Fraction(10**3),
        "kg": Fraction(10**6),
    },
    "volume": {"mL": Fraction(1), "L": Fraction(10**3)},
    "biological activity": {"units": Fraction(1), "million units": Fraction(10**6)},
    "a number of cells": {"cells": Fraction(1), "million cells": Fraction(10**6), "billion cells": Fraction(10**9)},
    "absorbed radiation": {"Gy": Fraction(1), "cGy": Fraction(1, 100)},
    "radioactivity": {"MBq": Fraction(1), "GBq": Fraction(10**3), "mCi": Fraction(37)},
    "amount of substance": {"mmol": Fraction(1)},
    "electric charge": {"mEq": Fraction(1)},
    "exposure": {"AUC": Fraction(1)},
}  # fmt: skip
_PLACES = {base: (dimension, factor) for dimension, bases in _FACTORS.items() for base, factor in bases.items()}
_MINUTES = {"day": 1440, "h": 60, "min": 1}

_WHY = {
    frozenset(("mass", "biological activity")): "how many mg a unit is depends on the product",
    frozenset(("mass", "volume")): "the volume depends on the concentration",
    frozenset(("mass", "amount of substance")): "the mass depends on the molar mass",
    frozenset(("amount of substance", "electric charge")): "how many mEq a mmol is depends on the charge of the ion",
    frozenset(("mass", "exposure")): "the mass depends on the kidney function",
}


def dimension_of(unit: Unit) -> str:
    """What the base of a unit measures: mass, volume …; what is counted, such as tablets, is its own dimension."""
    return _PLACES[unit.base][0] if unit.base in _PLACES else unit.base


def factor(old: Unit, new: Unit) -> Fraction:
    """How many ``new`` one ``old`` is, exactly; DosingError if the two do not measure the same."""
    reason = _difference(old, new)
    if reason:
        raise DosingError(f"{old} cannot be changed into {new}: {reason}.")
    size = _size(old.base) / _size(new.base)
    if old.time != new.time:
        # A rate per day is 24 times smaller per hour.
        size *= Fraction(_MINUTES[str(new.time)], _MINUTES[str(old.time)])
    return size


def comparable(one: Unit, other: Unit) -> bool:
    """Whether amounts of the two can be added or compared."""
    return not _difference(one, other)


def _size(base: str) -> Fraction:
    return _PLACES[base][1] if base in _PLACES else Fraction(1)


def _difference(old: Unit, new: Unit) -> str:
    one, other = dimension_of(old), dimension_of(new)
    if one != other:
        why = _WHY.get(frozenset((one, other)), "")
        return f"{old.base} is {_said(one)} and {new.base} is {_said(other)}" + (f"; {why}" if why else "")
    if old.per != new.per:
        return f"one is per {old.per or 'subject'}, the other per {new.per or 'subject'}"
    if old.time != new.time and not (old.time in _MINUTES and new.time in _MINUTES):
        return f"one is {_timed(old.time)}, the other {_timed(new.time)}"
    return ""


def _said(dimension: str) -> str:
    return f"a measure of {dimension}" if any(dimension == name for name in _FACTORS) else f"a count of {dimension}"


def _timed(time: str | None) -> str:
    return f"per {time}" if time else "an amount"
