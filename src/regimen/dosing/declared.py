"""What does a definition declare for one drug? Its keys as the values that amounts, bags, vials and tablets need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from regimen.definition.dosing import Carboplatin, Dosing, Vials, Weight
from regimen.definition.items import DoseItem
from regimen.definition.sourced import Sourced
from regimen.dosing.choosing import Choice
from regimen.dosing.policy import Policy
from regimen.dosing.renal import Calvert
from regimen.dosing.rounding import Rounding
from regimen.dosing.surface import FORMULAS
from regimen.dosing.weights import ACTUAL, IDEAL_FORMULAS, WeightBasis
from regimen.notation.bag_rules import BagRule
from regimen.notation.banded import Bands
from regimen.notation.terms import Dose, TargetExposure
from regimen.quantities import Amount, Quantity, Unit, exact, exact_number
from regimen.quantities.measured import KINDS
from regimen.timing import WEEKDAYS

_BY_MEASURE = ("weight", "surface")
"""What ``measure:`` chooses; of everything else the latest measurement counts."""


@dataclass(frozen=True, slots=True)
class Packs:
    """The strengths something comes in; ``take`` is what is sought with vials, ``halves`` whether tablets are cut."""

    strengths: tuple[Quantity, ...]
    take: str = ""
    halves: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """All that a definition says about the amounts of one drug, and how it reads for a pharmacist."""

    policy: Policy = field(default_factory=Policy)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    bags: BagRule | None = None
    vials: Packs | None = None
    tablets: Packs | None = None
    said: tuple[tuple[str, str], ...] = ()
    """What is declared, by name, in sentences; what is assumed or left open says so."""


def declared(item: DoseItem, study: Dosing | None = None) -> Declared:
    """What a dose item declares, over what its study declares; DosingError if the two do not go together."""
    dosing = (item.dosing or Dosing()).over(study)
    return Declared(
        _policy(dosing, item), _choices(dosing), item.bags.rule if item.bags is not None else None,
        _vials(item.vials), _tablets(item), tuple(_said(dosing, item)),
    )  # fmt: skip


def _policy(dosing: Dosing, item: DoseItem) -> Policy:
    limit = Fraction(10) if dosing.round_limit is None else dosing.round_limit
    return Policy(
        surface=dosing.surface, surface_decimals=dosing.surface_decimals, weight=_basis(dosing.weight),
        surface_weight=_basis(dosing.surface_weight), calvert=_calvert(dosing.calvert),
        rounding=Rounding(dosing.rounding, limit), lifetime=dosing.lifetime, levels=item.levels, reduce=dosing.reduce,
    )  # fmt: skip


def _basis(weight: Weight | None) -> WeightBasis:
    if weight is None:
        return ACTUAL
    factor = ACTUAL.factor if weight.factor is None else weight.factor
    return WeightBasis(weight.basis, weight.formula, factor, weight.above)


def _calvert(said: Carboplatin | None) -> Calvert | None:
    return None if said is None else Calvert(said.gfr, said.cap.text, said.floor.text, _basis(said.weight))


def _choices(dosing: Dosing) -> dict[str, Choice]:
    if dosing.measure is None:
        return {}
    rule = Choice(dosing.measure, dosing.recalculate, dosing.compared_with == "last used")
    return dict.fromkeys(_BY_MEASURE, rule)


def _vials(vials: Vials | None) -> Packs | None:
    return None if vials is None else Packs(tuple(map(exact, vials.strengths)), vials.take)


def _tablets(item: DoseItem) -> Packs | None:
    said = item.tablets
    return None if said is None else Packs(tuple(map(exact, said.strengths)), halves=said.halves == "yes")


# ---------------------------------------------------------------- in words


def _said(dosing: Dosing, item: DoseItem) -> Iterator[tuple[str, str]]:
    needs = _needed(item, dosing)
    if dosing.surface is not None and "m2" in needs:
        decimals = "" if dosing.surface_decimals is None else f", rounded to {dosing.surface_decimals} decimals"
        yield "Body surface", f"{dosing.surface}{decimals} ({FORMULAS[dosing.surface].source})"
    if "kg" in needs or (dosing.weight is not None and needs):
        yield "Weight", _weight_said(dosing.weight)
    if dosing.measure is not None and needs:
        yield "Measure", _measure_said(dosing)
    if dosing.calvert is not None and "AUC" in needs:
        yield "Kidney", _kidney_said(dosing.calvert)
    if dosing.lifetime is not None:
        yield "Lifetime", f"at most {dosing.lifetime.spoken()} in all"
    if item.bags is not None:
        yield "Bags", _bags_said(item.bags.rule)
    elif any(dose.continuous and dose.bags is None for dose in _doses(item)):
        yield "Bags", "not stated, so no bags are planned"
    if item.vials is not None:
        yield "Vials", f"{_listed(item.vials.strengths)}; {item.vials.take}"
    if item.tablets is not None:
        cut = "may be halved" if item.tablets.halves == "yes" else "not halved"
        yield "Tablets", f"{_listed(item.tablets.strengths)}; {cut}"
    yield from _open(dosing, item, needs)


def _needed(item: DoseItem, dosing: Dosing) -> frozenset[str]:
    """What the amounts of an item depend on: kg, m2, AUC; empty for flat doses."""
    doses = (*_doses(item), *item.levels.values())
    found = {need for dose in doses for need in _needs(dose)}
    if dosing.lifetime is not None and dosing.lifetime.unit.per is not None:
        found.add(dosing.lifetime.unit.per)
    # The body surface is calculated from the weight.
    return frozenset(found | ({"kg"} if found & {"m2"} else set()))


def _needs(dose: Dose) -> Iterator[str]:
    amount = dose.amount
    if isinstance(amount, TargetExposure):
        yield "AUC"
    elif isinstance(amount, Bands):
        yield KINDS[amount.kind].unit
        for band in amount.bands:
            yield from _needs(band.dose)
    units = [cap.unit for cap in dose.caps] + ([amount.unit] if hasattr(amount, "unit") else [])
    yield from (unit.per for unit in units if isinstance(unit, Unit) and unit.per is not None)


def _doses(item: DoseItem) -> list[Dose]:
    return [phase.dose for _, _, phases in item.schedules() for phase in phases if phase.dose is not None]


def _weight_said(weight: Weight | None) -> str:
    if weight is None:
        return "the actual weight; the definition names no other"
    if weight.basis == "actual":
        return "the actual weight"
    above = "" if weight.above is None else f", above {exact_number(weight.above)} % of the ideal weight"
    return f"{weight.basis} weight by {weight.formula}{above} ({IDEAL_FORMULAS[weight.formula].source})"


def _measure_said(dosing: Dosing) -> str:
    if dosing.recalculate is None:
        return str(dosing.measure)
    against = "the one last used" if dosing.compared_with == "last used" else "the baseline"
    change = f"a change of more than {exact_number(dosing.recalculate)} % from {against}"
    return f"{dosing.measure}; calculated anew on {change}"


def _kidney_said(said: Carboplatin) -> str:
    cap = "not capped" if said.cap.text is None else f"capped at {said.cap.text}"
    floor = "no floor" if said.floor.text is None else f"raised to {said.floor.text} at least"
    return f"Calvert; GFR {said.gfr}, {cap}; creatinine: {floor}"


def _bags_said(rule: BagRule) -> str:
    weekdays = ", ".join(WEEKDAYS[day] for day in rule.weekdays)
    turn = f"changed on {weekdays}" if weekdays else " then ".join(f"{hours} h" for hours in rule.hours)
    least = "".join(
        f"; {hours} h or longer not below {exact_number(kilograms)} kg" for hours, kilograms in rule.not_below
    )
    return f"{turn}{least}"


def _listed(amounts: tuple[Amount, ...]) -> str:
    return ", ".join(amount.spoken() for amount in amounts)


def _open(dosing: Dosing, item: DoseItem, needs: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is assumed or left open about all this, with the reasons, and the documents it comes from."""
    parts: tuple[tuple[str, Sourced | None], ...] = (
        ("", dosing if needs else None), ("", dosing.calvert if "AUC" in needs else None), ("bags: ", item.bags),
        ("vials: ", item.vials), ("tablets: ", item.tablets),
    )  # fmt: skip
    described = [(of, part) for of, part in parts if part is not None]
    for name, kind in (("Assumed", "assumed"), ("Not stated", "not_stated")):
        for of, part in described:
            for key, why in getattr(part, kind).items():
                yield name, f"{of}{key.replace('_', ' ')} ({why})"
    for source in dict.fromkeys(str(part.source) for _, part in described if part.source is not None):
        yield "Source", source
