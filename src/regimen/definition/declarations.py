"""Does what an item declares about amounts fit its dose? Bags for infusions, vials and tablets of the same measure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from regimen.definition.dosing import Dosing
from regimen.definition.items import DoseItem
from regimen.definition.sourced import Sourced
from regimen.notation.banded import Bands
from regimen.notation.terms import AmountChoice, AmountRange, Dose, Ramp, TargetExposure
from regimen.quantities import Amount, Unit
from regimen.quantities.dimensions import comparable

Path_ = tuple[str | int, ...]
Complaint = tuple[Path_, str, str, str, bool]


def check_declared(sources: Collection[str], path: Path_, item: DoseItem) -> Iterator[Complaint]:
    """What contradicts the item's own dose, and sources that are not listed."""
    doses = [phase.dose for _, _, phases in item.schedules() for phase in phases if phase.dose is not None]
    yield from _bags(path, item, doses)
    if item.vials is not None and item.tablets is not None:
        found = "a drug comes in vials or in tablets, not in both"
        yield ((*path, "tablets"), found, "", "keep what fits, or make two items of it", True)
    for key, packs in (("vials", item.vials), ("tablets", item.tablets)):
        for number, strength in enumerate(packs.strengths if packs is not None else ()):
            units = [unit for dose in doses for unit in _units(dose)]
            if units and not any(comparable(Unit(unit.base), strength.unit) for unit in units):
                found = f"the strength {strength} does not measure what the dose does ({units[0].base})"
                yield ((*path, key, "strengths", number), found, "", "give it in the unit of the dose", False)
    parts: tuple[tuple[str, Sourced | None], ...] = (
        ("dosing", item.dosing), ("bags", item.bags), ("vials", item.vials), ("tablets", item.tablets),
    )  # fmt: skip
    for key, part in parts:
        yield from unknown_sources(sources, (*path, key), part)


def check_general(sources: Collection[str], dosing: Dosing | None) -> Iterator[Complaint]:
    """What the study declares for all its drugs."""
    yield from unknown_sources(sources, ("study", "dosing"), dosing)
    if dosing is not None and dosing.lifetime is not None:
        found = "a lifetime cap is of one drug, not of all drugs of a study"
        yield (("study", "dosing", "lifetime"), found, "", "move it to the dosing: of the drug", True)


def _bags(path: Path_, item: DoseItem, doses: list[Dose]) -> Iterator[Complaint]:
    if item.bags is None:
        return
    if doses and not any(dose.continuous for dose in doses):
        found = "bags: is for continuous infusions, and no dose here is one"
        yield ((*path, "bags"), found, "a dose such as 28 mcg/day CIV", "delete bags:, or write CIV", True)
    twice = next((dose.bags for dose in doses if dose.bags is not None), None)
    if twice is not None:
        found = f"the dose says bags {twice}, and bags: says it again"
        yield ((*path, "bags"), found, "", "keep one of the two", True)


def _units(dose: Dose) -> Iterator[Unit]:
    amount = dose.amount
    if isinstance(amount, Bands):
        for band in amount.bands:
            yield from _units(band.dose)
    elif isinstance(amount, TargetExposure):
        yield Unit("mg")
    elif isinstance(amount, Amount | AmountRange | AmountChoice | Ramp):
        yield amount.unit


def unknown_sources(sources: Collection[str], path: Path_, part: Sourced | None) -> Iterator[Complaint]:
    """A source that the definition does not list, where it lists any."""
    if part is None:
        return
    if part.source is not None and sources and part.source.document not in sources:
        close = get_close_matches(part.source.document, sources, n=1)
        remedy = f"did you mean {close[0]}?" if close else "add it to sources:, or correct the name"
        found = f"there is no source {part.source.document!r}"
        yield ((*path, "source"), found, f"the sources are {', '.join(sources)}", remedy, False)
    if isinstance(part, Dosing):
        yield from unknown_sources(sources, (*path, "calvert"), part.calvert)
