"""What does a dose per kg, per m2 or by AUC come to for one subject? Before any reduction, cap or rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from regimen.dosing.measures import Measures
from regimen.dosing.policy import Policy
from regimen.dosing.renal import calvert
from regimen.dosing.surface import FORMULAS, body_surface
from regimen.dosing.weights import dosing_weight
from regimen.errors import DosingError
from regimen.notation import dose_text
from regimen.notation.banded import Bands
from regimen.notation.terms import (
    AmountChoice,
    AmountRange,
    Dose,
    DoseLevel,
    Ramp,
    TargetExposure,
    Unstated,
)
from regimen.quantities import Amount, Quantity, exact, exact_number, plain_number


@dataclass(frozen=True, slots=True)
class Scaled:
    """An amount or rate for one subject, and how it was found."""

    value: Quantity
    steps: tuple[str, ...]


def stated_dose(
    dose: Dose | Bands, measures: Measures, policy: Policy, level: str | None, chosen: Decimal | None
) -> tuple[Dose, tuple[str, ...]]:
    """The dose with one definite amount: its band, its level or its choice looked up; DosingError if one is missing."""
    steps: tuple[str, ...] = ()
    if isinstance(dose, Bands):
        dose = replace(dose.bands[0].dose, amount=dose, caps=(), round_to=None)
    name = dose.amount.name if isinstance(dose.amount, DoseLevel) and level is None else level
    if name is not None:
        dose, said = _of_level(dose, name, policy)
        steps = (*steps, said)
    if isinstance(dose.amount, Bands):
        dose, before = _of_band(dose.amount, measures, policy)
        steps = (*steps, *before)
    if isinstance(dose.amount, AmountRange | AmountChoice):
        dose, said = _of_choice(dose, dose.amount, chosen)
        steps = (*steps, said)
    elif chosen is not None:
        raise DosingError(f"{dose_text(dose)} leaves nothing to choose; leave the chosen amount {chosen} out.")
    if isinstance(dose.amount, Unstated):
        raise DosingError(
            "the protocol does not state the dose, so there is no amount; state it, or choose an assumption."
        )
    if isinstance(dose.amount, Ramp):
        levels = ", ".join(str(Amount(value, dose.amount.unit)) for value in dose.amount.levels())
        raise DosingError(f"the dose goes by steps ({levels}); ask for one step at a time.")
    return dose, steps


def scaled(dose: Dose, measures: Measures, policy: Policy) -> Scaled:
    """The amount, or the rate, of a dose with one definite amount."""
    if isinstance(dose.amount, TargetExposure):
        return _by_exposure(dose.amount, measures, policy)
    assert isinstance(dose.amount, Amount)
    return scaled_amount(dose.amount, measures, policy)


def scaled_amount(amount: Amount, measures: Measures, policy: Policy) -> Scaled:
    """An amount multiplied with the weight or surface it is per; a flat amount stays."""
    stated = exact(amount)
    if stated.unit.per is None:
        return Scaled(stated, (f"{stated} for every subject",))
    if stated.unit.per == "kg":
        weight = dosing_weight(measures, policy.weight)
        value, before = weight.value, (*measures.steps.get("weight", ()), *weight.steps)
    else:
        value, before = _surface(measures, policy)
    result = stated.for_measure(stated.unit.per, value)
    said = f"{stated} × {exact_number(value)} {stated.unit.per} {result.sign} {result}"
    return Scaled(result, (*before, said))


def _banded(kind: str, measures: Measures, policy: Policy) -> tuple[Fraction, tuple[str, ...]]:
    """What a band is chosen by: the weight or age as measured, the surface as the study calculates it."""
    if kind == "surface":
        return _surface(measures, policy)
    return measures.value(kind), measures.steps.get(kind, ())


def _of_band(bands: Bands, measures: Measures, policy: Policy) -> tuple[Dose, tuple[str, ...]]:
    value, before = _banded(bands.kind, measures, policy)
    band = bands.of(value)
    said = f"{exact_number(value)} {bands.unit} is in the band {band.said(bands.unit)}: {dose_text(band.dose)}"
    return band.dose, (*before, said)


def _surface(measures: Measures, policy: Policy) -> tuple[Fraction, tuple[str, ...]]:
    if measures.get("surface") is not None:
        given = body_surface(measures, "")
        return given.value, given.steps
    problems: list[str] = []
    if policy.surface is None:
        problems.append(
            f"a dose per m2 needs a named formula for the body surface; declare one of {', '.join(FORMULAS)}."
        )
    for kind in ("height", "weight"):
        try:
            measures.value(kind)
        except DosingError as error:
            problems += error.problems
    if problems or policy.surface is None:
        raise DosingError(*problems)
    weight = dosing_weight(measures, policy.surface_weight)
    found = body_surface(measures, policy.surface, policy.surface_decimals, weight.value)
    return found.value, (*measures.steps.get("weight", ()), *weight.steps, *found.steps)


def _by_exposure(target: TargetExposure, measures: Measures, policy: Policy) -> Scaled:
    if policy.calvert is None:
        raise DosingError(
            f"AUC {plain_number(target.auc)} needs Calvert's formula as the study uses it; declare where the GFR comes "
            "from, its cap (125 mL/min or none) and the floor of the creatinine (or none)."
        )
    value, steps = calvert(Fraction(target.auc), measures, policy.calvert)
    kinds = ("gfr",) if policy.calvert.gfr == "measured" else ("weight", "age", "creatinine")
    return Scaled(value, (*(said for kind in kinds for said in measures.steps.get(kind, ())), *steps))


def _of_level(dose: Dose, name: str, policy: Policy) -> tuple[Dose, str]:
    if name not in policy.levels:
        known = ", ".join(policy.levels) or "none"
        raise DosingError(f"there is no dose level {name!r}; declared are: {known}.")
    level = policy.levels[name]
    merged = replace(level, route=level.route or dose.route, caps=level.caps or dose.caps)
    return merged, f"dose level {name}: {dose_text(level)}"


def _of_choice(dose: Dose, offered: AmountRange | AmountChoice, chosen: Decimal | None) -> tuple[Dose, str]:
    if isinstance(offered, AmountRange):
        said = f"from {plain_number(offered.low)} to {plain_number(offered.high)} {offered.unit}"
        allowed = chosen is not None and offered.low <= chosen <= offered.high
    else:
        said = " or ".join(plain_number(value) for value in offered.values) + f" {offered.unit}"
        allowed = chosen in offered.values
    if chosen is None:
        raise DosingError(f"the dose is {said}, and nobody has chosen; choose one amount.")
    if not allowed:
        raise DosingError(f"{plain_number(chosen)} {offered.unit} is not {said}; choose an amount the protocol allows.")
    amount = Amount(chosen, offered.unit)
    return replace(dose, amount=amount), f"{amount} chosen ({said})"
