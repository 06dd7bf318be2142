"""How much carboplatin gives a target exposure? Calvert's formula, and kidney function by Cockcroft and Gault."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from regimen.dosing.measures import SEXES, Measures, missing
from regimen.dosing.weights import ACTUAL, WeightBasis, dosing_weight
from regimen.errors import DosingError
from regimen.quantities import Quantity, Unit, equals, exact_number
from regimen.quantities.measured import Measure, read_measure

CALVERT_SOURCE = "Calvert AH, Newell DR, Gumbrell LA, et al. J Clin Oncol 1989; 7: 1748-1756"
COCKCROFT_GAULT_SOURCE = "Cockcroft DW, Gault MH. Nephron 1976; 16: 31-41"
METHODS = ("Cockcroft-Gault", "measured")


@dataclass(frozen=True, slots=True)
class Calvert:
    """How a study uses Calvert's formula. Nothing here has a default: every choice moves the dose.

    ``gfr`` is "Cockcroft-Gault" or "measured"; ``cap`` the highest GFR used, such as "125 mL/min", or None for no cap;
    ``floor`` the lowest creatinine used, such as "0.7 mg/dL", or None for none.
    """

    gfr: str
    cap: str | None
    floor: str | None
    weight: WeightBasis = ACTUAL

    def __post_init__(self) -> None:
        problems: list[str] = []
        if self.gfr not in METHODS:
            problems.append(f"there is no way {self.gfr!r} to find the GFR; there are {' and '.join(METHODS)}.")
        for kind, text in (("gfr", self.cap), ("creatinine", self.floor)):
            try:
                if text is not None:
                    read_measure(kind, text)
            except DosingError as error:
                problems += error.problems
        if problems:
            raise DosingError(*problems)


@dataclass(frozen=True, slots=True)
class Filtration:
    """A glomerular filtration rate in mL/min, and how it was found."""

    value: Fraction
    steps: tuple[str, ...]


def calvert(auc: Fraction, measures: Measures, declared: Calvert) -> tuple[Quantity, tuple[str, ...]]:
    """Carboplatin in mg for a target AUC in mg/mL × min, with the steps: AUC × (GFR + 25)."""
    found = filtration(measures, declared)
    amount = Quantity(auc * (found.value + 25), Unit("mg"))
    said = f"AUC {exact_number(auc)} × ({exact_number(found.value)} + 25) mL/min {amount.sign} {amount} (Calvert)"
    return amount, (*found.steps, said)


def filtration(measures: Measures, declared: Calvert) -> Filtration:
    """The GFR in mL/min as the study declares it, capped if it says so."""
    if declared.gfr == "measured":
        value = measures.value("gfr")
        found = Filtration(value, (f"GFR {exact_number(value)} mL/min, as measured",))
    else:
        found = cockcroft_gault(measures, declared)
    if declared.cap is None:
        return Filtration(found.value, (*found.steps, "GFR not capped"))
    cap = read_measure("gfr", declared.cap)
    if found.value <= cap.value:
        return Filtration(found.value, (*found.steps, f"not above the GFR cap of {cap}"))
    return Filtration(cap.value, (*found.steps, f"GFR capped at {cap}"))


def cockcroft_gault(measures: Measures, declared: Calvert) -> Filtration:
    """Creatinine clearance in mL/min: (140 − age) × kg / (72 × mg/dL), × 0.85 for women."""
    _check(measures)
    age, sex = measures.value("age"), measures.sex
    weight = dosing_weight(measures, declared.weight)
    level, raised = _creatinine(measures.by_kind["creatinine"], declared)
    value = (140 - age) * weight.value / (72 * level)
    female = " × 0.85" if sex == "female" else ""
    value *= Fraction("0.85") if female else 1
    sum_ = f"(140 − {exact_number(age)}) × {exact_number(weight.value)} / (72 × {exact_number(level)}){female}"
    said = f"GFR (Cockcroft-Gault): {sum_} {equals(value)} {exact_number(value)} mL/min"
    return Filtration(value, (*weight.steps, *raised, said))


def _check(measures: Measures) -> None:
    problems = [missing(kind) for kind in ("age", "weight", "creatinine") if measures.get(kind) is None]
    if measures.sex not in SEXES:
        problems.append(missing("sex"))
    age = measures.get("age")
    if age is not None and age.value < 18:
        problems.append(
            f"the formula of Cockcroft and Gault is for adults, and the subject is {age}; give a measured GFR."
        )
    if problems:
        raise DosingError(*problems)


def _creatinine(level: Measure, declared: Calvert) -> tuple[Fraction, tuple[str, ...]]:
    said = (level.step,) if level.step else ()
    if declared.floor is None:
        return level.value, said
    floor = read_measure("creatinine", declared.floor)
    if level.value >= floor.value:
        return level.value, said
    return floor.value, (*said, f"creatinine {level} raised to the floor of {floor}")
