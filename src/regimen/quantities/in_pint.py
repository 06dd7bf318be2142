"""How does a quantity go to a program that counts with pint? In a registry that knows dose units for what they are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from regimen.errors import DosingError
from regimen.quantities.exact import Quantity
from regimen.quantities.units import known_units

# Left to itself, pint reads 1 unit as 10^-6 of a nit and knows neither cells nor tablets.
_OWN = {
    "units": "units_of_activity", "million units": "million_units_of_activity", "million cells": "million_cells",
    "billion cells": "billion_cells", "%": "percent_of_mixture", "AUC": "milligram / milliliter * minute",
}  # fmt: skip
_DEFINITIONS = (
    "units_of_activity = [biological_activity]",
    "million_units_of_activity = 1e6 units_of_activity",
    "cells = [cells]",
    "million_cells = 1e6 cells",
    "billion_cells = 1e9 cells",
    "mEq = [charge_equivalents]",
    # pint 0.25 cannot print an exponent that is a fraction, so a surface is a unit of its own.
    "square_meter = meter ** 2",
)
_KNOWN_TO_PINT = frozenset(
    ["ng", "mcg", "mg", "g", "kg", "mL", "L", "mmol", "Gy", "cGy", "MBq", "GBq", "mCi", "AUC"]
)  # fmt: skip
_TIMES = {"day": "day", "h": "hour", "min": "minute", "week": "week"}


@lru_cache(maxsize=1)
def registry() -> Any:
    """A pint registry of exact fractions with the dose units that pint lacks, each a dimension of its own."""
    try:
        from pint import UnitRegistry
    except ImportError:
        raise DosingError("pint is not installed; install it with: pip install 'regimen[pint]'.") from None
    from fractions import Fraction

    units: Any = UnitRegistry(non_int_type=Fraction)
    for definition in _DEFINITIONS:
        units.define(definition)
    defined = {definition.split(" =")[0] for definition in _DEFINITIONS}
    for base in known_units():
        name = _name(base)
        if base not in _KNOWN_TO_PINT and name not in defined:
            units.define(f"{name} = [{name}]")
    return units


def to_pint(quantity: Quantity) -> Any:
    """The quantity as pint has it, its number an exact fraction; needs the extra ``pint``."""
    units = registry()
    unit = units.Unit(_name(quantity.unit.base))
    if quantity.unit.per is not None:
        unit /= units.Unit({"kg": "kilogram", "m2": "square_meter"}[quantity.unit.per])
    if quantity.unit.time in _TIMES:
        unit /= units.Unit(_TIMES[quantity.unit.time])
    return units.Quantity(quantity.value, unit)


def _name(base: str) -> str:
    return _OWN.get(base, base)
