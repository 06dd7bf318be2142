"""Are dose levels reductions? Each in the unit of the dose, and less than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from regimen.checks.finding import Draft
from regimen.checks.survey import Survey, listed, name_of
from regimen.definition.items import DoseItem
from regimen.notation.canonical import dose_text
from regimen.notation.terms import AmountChoice, AmountRange, Dose, DoseLevel, Ramp, TargetExposure
from regimen.quantities import Amount

Measure = tuple[Decimal, str]


def levels(survey: Survey) -> Iterator[Draft]:
    """A level in another unit than the dose, or one that does not reduce it."""
    for path, key, item in survey.items():
        if isinstance(item, DoseItem) and item.levels:
            name = name_of(key, item)
            for level, sentence in _wrong(item):
                yield Draft(
                    "warning", (*path, "levels", level), f"the dose level {level} of {name} {sentence}",
                    "check the amount and its unit; write levels from the highest to the lowest",
                )  # fmt: skip


def _wrong(item: DoseItem) -> Iterator[tuple[str, str]]:
    doses = [phase.dose for _, _, phases in item.schedules() for phase in phases if phase.dose is not None]
    usual = [measure for dose in doses if (measure := _measure(dose)) is not None]
    units = list(dict.fromkeys(unit for _, unit in usual))
    chosen = any(isinstance(dose.amount, DoseLevel) for dose in doses)
    before: Measure | None = None
    for level, dose in item.levels.items():
        here = _measure(dose)
        if here is None:
            continue
        if units and here[1] not in units:
            yield level, f"is in {here[1]}, and the dose is in {listed(units)}"
        elif not chosen:
            most = max((value for value, unit in usual if unit == here[1]), default=None)
            if before is not None and before[1] == here[1] and here[0] >= before[0]:
                yield level, f"({dose_text(dose)}) is not less than the level before it"
            elif most is not None and here[0] > most:
                yield level, f"({dose_text(dose)}) is more than the dose itself"
        before = here


def _measure(dose: Dose) -> Measure | None:
    """The largest amount a dose names, and its unit; None where no number is given."""
    match dose.amount:
        case Amount(value, unit):
            return value, str(unit)
        case AmountRange(_, high, unit):
            return high, str(unit)
        case AmountChoice(values, unit):
            return max(values), str(unit)
        case Ramp() as ramp:
            return max(ramp.first, ramp.last), str(ramp.unit)
        case TargetExposure(auc):
            return auc, "AUC"
    return None
