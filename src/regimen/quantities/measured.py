"""What does a text such as 5 ft 7 in or 1.0 mg/dL measure? One exact value in the unit that formulas use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from regimen.errors import DosingError
from regimen.quantities import exact_number

# One mg/dL of creatinine (113.12 g/mol) is 88.4 micromol/L, the factor laboratories use.
CREATININE = Fraction("88.4")
_POUND = Fraction("0.45359237")
_INCH = Fraction("2.54")


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is measured of a subject, the unit it is kept in, and what one of each accepted unit is in it."""

    name: str
    unit: str
    units: Mapping[str, Fraction] = field(repr=False)
    example: str

    @property
    def choices(self) -> str:
        """The accepted units in words."""
        names = list(dict.fromkeys(_SPOKEN.get(unit, unit) for unit in self.units))
        return ", ".join(names[:-1]) + f" or {names[-1]}" if names[1:] else names[0]


_SPOKEN = {
    "lbs": "lb", "pounds": "lb", "pound": "lb", "kgs": "kg", "inches": "in", "inch": "in", "feet": "ft", "foot": "ft",
    "umol/l": "micromol/L", "µmol/l": "micromol/L", "μmol/l": "micromol/L", "micromol/l": "micromol/L",
    "mg/dl": "mg/dL", "mmol/l": "mmol/L", "ml/min": "mL/min", "y": "years", "year": "years", "yr": "years",
    "months": "months", "month": "months", "mo": "months", "weeks": "weeks", "week": "weeks", "days": "days",
    "day": "days", "m²": "m2",
}  # fmt: skip

WEIGHT = Kind(
    "weight", "kg",
    {"kg": Fraction(1), "kgs": Fraction(1), "g": Fraction(1, 1000), "lb": _POUND, "lbs": _POUND, "pounds": _POUND,
     "pound": _POUND, "oz": _POUND / 16, "st": 14 * _POUND},
    "70 kg",
)  # fmt: skip
HEIGHT = Kind(
    "height", "cm",
    {"cm": Fraction(1), "m": Fraction(100), "mm": Fraction(1, 10), "in": _INCH, "inches": _INCH, "inch": _INCH,
     "ft": 12 * _INCH, "feet": 12 * _INCH, "foot": 12 * _INCH},
    "170 cm",
)  # fmt: skip
CREATININE_LEVEL = Kind(
    "creatinine", "mg/dL",
    {"mg/dl": Fraction(1), "micromol/l": 1 / CREATININE, "umol/l": 1 / CREATININE, "µmol/l": 1 / CREATININE,
     "μmol/l": 1 / CREATININE, "mmol/l": 1000 / CREATININE},
    "0.9 mg/dL or 80 micromol/L",
)  # fmt: skip
GFR = Kind("GFR", "mL/min", {"ml/min": Fraction(1)}, "90 mL/min")
AGE = Kind(
    "age", "years",
    {"years": Fraction(1), "year": Fraction(1), "y": Fraction(1), "yr": Fraction(1), "months": Fraction(1, 12),
     "month": Fraction(1, 12), "mo": Fraction(1, 12)},
    "54 years",
)  # fmt: skip
SURFACE = Kind("body surface", "m2", {"m2": Fraction(1), "m²": Fraction(1)}, "1.8 m2")
KINDS = {
    "weight": WEIGHT, "height": HEIGHT, "creatinine": CREATININE_LEVEL, "gfr": GFR, "age": AGE, "surface": SURFACE,
}  # fmt: skip
# Parts may follow each other only from large to small: 5 ft 7 in, 11 st 4 lb, 7 lb 4 oz.
_PARTS = {"in": ("ft", "feet", "foot"), "inches": ("ft", "feet", "foot"), "lb": ("st",), "oz": ("lb",)}
_LONGEST = 40
_PART = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s.,+−-](?:[^\d\s]|(?<=m)2)*)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurement: its value in its kind's unit (kg, cm, mg/dL, mL/min, years, m2), and how it was written."""

    kind: Kind
    value: Fraction
    written: str
    on: date | None = None
    occasion: str = ""

    def __str__(self) -> str:
        return f"{exact_number(self.value)} {self.kind.unit}"

    @property
    def step(self) -> str:
        """Where the text has another unit, the change: ``154 lb = 69.85322498 kg``; else empty."""
        return f"{self.written} = {self}" if self.written != str(self) else ""


def read_measure(kind: str, text: str, on: date | None = None, occasion: str = "") -> Measure:
    """A measurement from its text; DosingError says what is wrong and what to write."""
    what = KINDS[kind]
    tidy = " ".join(text.split())
    complaint = _complaint(what, tidy)
    if complaint:
        raise DosingError(f"{what.name} {tidy[:_LONGEST]!r}: {complaint}")
    parts = [(Fraction(part["number"]), part["unit"].lower()) for part in _PART.finditer(tidy)]
    value = sum((number * what.units[unit] for number, unit in parts), Fraction(0))
    written = " ".join(f"{exact_number(number)} {_SPOKEN.get(unit, unit)}" for number, unit in parts)
    return Measure(what, value, written, on, occasion)


def _complaint(kind: Kind, text: str) -> str:
    if not text:
        return f"nothing is written; write a number and its unit, such as {kind.example}."
    if len(text) > _LONGEST:
        return f"it has {len(text):,} characters; write a number and its unit, such as {kind.example}."
    if text[0] in "-−":
        return f"it is negative; write a number above 0 and its unit, such as {kind.example}."
    if re.search(r"\d,\d", text):
        return f"the comma can be read in two ways; write a decimal point and no thousands, such as {kind.example}."
    if not re.fullmatch(rf"(?:{_PART.pattern.replace('?P<number>', '?:').replace('?P<unit>', '?:')})+", text, re.ASCII):
        return f"this is not a number with a unit; write {kind.example}."
    return _unit_complaint(kind, [(part["number"], part["unit"]) for part in _PART.finditer(text)])


def _unit_complaint(kind: Kind, parts: list[tuple[str, str | None]]) -> str:
    for number, unit in parts:
        if unit is None:
            return f"the number {number} has no unit; write {_offers(kind, number)}."
        if unit.lower() not in kind.units:
            return f"{unit} is no unit of {kind.name}; allowed are {kind.choices}."
    units = [str(unit).lower() for _, unit in parts]
    for place in range(1, len(parts)):
        large, small = units[place - 1], units[place]
        if large not in _PARTS.get(small, ()):
            return f"{large} and {small} do not go together; write one number and one unit, such as {kind.example}."
        if Fraction(parts[place][0]) * kind.units[small] >= kind.units[large]:
            return f"{parts[place][0]} {small} is 1 {large} or more; count it there."
    if all(Fraction(number) == 0 for number, _ in parts):
        return f"it is 0; write the measured value, such as {kind.example}."
    return ""


def _offers(kind: Kind, number: str) -> str:
    """The number with each unit it may have meant, and what that would be."""
    names = list(dict.fromkeys(_SPOKEN.get(unit, unit) for unit in kind.units))[:3]
    return " or ".join(f"{number} {name}" for name in names if name not in ("g", "mm"))
