"""Subjects, studies and short ways to ask for a dose, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from regimen.dosing import Amounted, Calvert, Course, Measures, Policy, dose_for, read_bands, read_measures
from regimen.notation import read_dose
from regimen.quantities import Quantity, read_quantity

MOSTELLER = Policy(surface="Mosteller")
CAPPED = Calvert("Cockcroft-Gault", cap="125 mL/min", floor=None)
UNCAPPED = Calvert("Cockcroft-Gault", cap=None, floor=None)
BLINATUMOMAB = read_bands("weight", [(">=45 kg", "28 mcg/day CIV"), ("<45 kg", "15 mcg/m2/day CIV max 28 mcg/day")])


def subject(**texts: Any) -> Measures:
    """70 kg and 170 cm, unless said otherwise."""
    return read_measures(**{"weight": "70 kg", "height": "170 cm", **texts})


def given(dose: Any, measures: Measures | None = None, policy: Policy = MOSTELLER, **more: Any) -> Amounted:
    """The amounts of a dose written as notation; what belongs to a course is sorted out."""
    course = {name: more.pop(name) for name in list(more) if name in Course.__dataclass_fields__}
    written = read_dose(dose) if isinstance(dose, str) else dose
    return dose_for(written, measures or subject(), policy, Course(**course), **more)


def q(text: str) -> Quantity:
    return read_quantity(text)
