"""Which dose units are there, how are they written, and how is an amount printed so that it cannot be misread?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

_BASES: dict[str, tuple[str, ...]] = {
    "ng": ("nanogram", "nanograms"),
    "mcg": ("µg", "μg", "ug", "microgram", "micrograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams", "gm"),
    "kg": ("kilogram", "kilograms"),
    "mL": ("ml", "milliliter", "milliliters", "millilitre", "millilitres"),
    "L": ("l", "liter", "liters", "litre", "litres"),
    "mmol": ("millimole", "millimoles"),
    "mEq": ("meq",),
    "units": ("unit",),
    "million units": ("million unit",),
    "cells": ("cell",),
    "million cells": ("x10^6 cells",),
    "billion cells": ("x10^9 cells",),
    "Gy": ("gray",),
    "cGy": ("centigray",),
    "MBq": (),
    "GBq": (),
    "mCi": (),
    "tablets": ("tablet", "tab", "tabs"),
    "capsules": ("capsule", "cap", "caps"),
    "drops": ("drop",),
    "puffs": ("puff",),
    "patches": ("patch",),
    "fractions": ("fraction",),
    "injections": ("injection",),
    "vials": ("vial",),
    "sachets": ("sachet",),
    "applications": ("application",),
    "PFU": ("pfu",),
    "CFU": ("cfu",),
    "vg": (),
    "%": (),
}
_PLURALS = frozenset(name for name, others in _BASES.items() if others and name.endswith("s") and others[0] in name)
_PER = {"kg": "kg", "m2": "m2", "m²": "m2"}
_TIME = {
    "day": "day", "d": "day", "days": "day", "h": "h", "hr": "h", "hour": "h", "min": "min", "minute": "min",
    "dose": "dose", "week": "week", "wk": "week",
}  # fmt: skip
_SPELLINGS = {name: base for base, others in _BASES.items() for name in (base, base.lower(), *others)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A dose unit: what is counted, per body measure (kg, m2) and per time (day, h, min, dose, week)."""

    base: str
    per: str | None = None
    time: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.base, self.per, self.time) if part)

    @property
    def is_rate(self) -> bool:
        """Whether it says how fast (per day, hour or minute) rather than how much."""
        return self.time in ("day", "h", "min")

    def named(self, number: str) -> str:
        """The unit as printed after a number: 1 tablet, 2 tablets."""
        if number != "1" or self.base not in _PLURALS:
            return str(self)
        return str(Unit(self.base.removesuffix("s").replace("patche", "patch"), self.per, self.time))


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact number and its unit."""

    value: Decimal
    unit: Unit

    def __str__(self) -> str:
        return self._printed(plain_number(self.value))

    def _printed(self, number: str) -> str:
        return f"{number} {self.unit.named(number)}"

    def spoken(self) -> str:
        """For people: as printed, with thousands separators."""
        return self._printed(spoken_number(self.value))


def plain_number(value: Decimal) -> str:
    """The shortest exact decimal: a leading zero, no trailing zero, no exponent, no separators."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spoken_number(value: Decimal) -> str:
    """As ``plain_number`` with thousands separated: 9,800."""
    whole, _, fraction = plain_number(value).partition(".")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


class UnknownUnit(ValueError):
    """A unit outside the closed table; ``closest`` is the nearest known spelling, if any is near."""

    def __init__(self, text: str) -> None:
        close = get_close_matches(text, list(_SPELLINGS), n=1)
        self.text, self.closest = text, _SPELLINGS[close[0]] if close else None
        super().__init__(f"{text!r} is not a dose unit")


@lru_cache(maxsize=512)
def read_unit(text: str) -> Unit:
    """Read ``mg/kg/day`` and its usual spellings; raise ``UnknownUnit`` for anything outside the table."""
    first, *rest = (part.strip() for part in " ".join(text.split()).replace("x 10^", "x10^").split("/"))
    base = _SPELLINGS.get(first) or _SPELLINGS.get(first.lower())
    if base is None:
        raise UnknownUnit(first)
    per = time = None
    for part in rest:
        if part.lower() in _PER and per is None and time is None:
            per = _PER[part.lower()]
        elif part.lower() in _TIME and time is None:
            time = _TIME[part.lower()]
        else:
            raise UnknownUnit(text)
    return Unit(base, per, time)


def known_units() -> tuple[str, ...]:
    """The canonical unit names, for messages and documentation."""
    return tuple(_BASES)
