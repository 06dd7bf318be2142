"""What does the pharmacy take off the shelf? For each dose or bag its vials or tablets, and totals by strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from regimen.dosing import Bag, TabletPlan, VialPlan
from regimen.dosing.infusions import stop_of
from regimen.events import day_of
from regimen.ledger.summing import group_of
from regimen.ledger.terms import Administration, Drug, JoinedInfusion, added
from regimen.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Taken:
    """So many of one strength; ``kind`` is vial, tablet or half tablet."""

    kind: str
    strength: Quantity
    count: int


@dataclass(frozen=True, slots=True)
class Dispensed:
    """What is prepared for one dose, or for one bag of an infusion."""

    drug: Drug
    administration: Administration
    """The dose, or the stretch of the infusion that the bag belongs to."""
    start: date | datetime
    needed: Quantity
    taken: tuple[Taken, ...] = ()
    """Empty where the strengths are not stated."""
    waste: Quantity | None = None
    bag: Bag | None = None
    number: int = 0
    """Which bag of its infusion, from 1."""
    of: int = 0
    end: date | datetime | None = None
    """When the bag is taken down."""

    @property
    def group(self) -> str:
        """The cycle, or the epoch where there are none."""
        return group_of(self.administration)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What several doses need together: how much, how many of each strength, and what is left over."""

    needed: Quantity
    taken: tuple[Taken, ...]
    waste: Quantity | None
    lines: int
    """How many doses or bags."""


def dispensed(drug: Drug) -> tuple[Dispensed, ...]:
    """Every dose, and every bag of an infusion, in order; an infusion without a rule for bags is one line."""
    found = list(_single(drug))
    by_id = {one.event.id: one for one in drug.administrations}
    for infusion in drug.infusions:
        parts = [by_id[id] for id in infusion.events]
        found += _bags(drug, infusion, parts) if infusion.bags is not None else _unbagged(drug, parts)
    return tuple(sorted(found, key=lambda line: (day_of(line.start), line.number)))


def _single(drug: Drug) -> Iterator[Dispensed]:
    for one in drug.administrations:
        if one.infusion is not None or one.calculated is None or one.calculated.administration is None:
            continue
        plan: VialPlan | TabletPlan | None = one.vials or one.tablets
        waste = one.vials.waste if one.vials is not None else None
        yield Dispensed(drug, one, one.event.start, one.calculated.administration, tuple(_taken(plan)), waste)


def _unbagged(drug: Drug, parts: Sequence[Administration]) -> Iterator[Dispensed]:
    for one in parts:
        if one.calculated is not None and one.calculated.total is not None:
            yield Dispensed(drug, one, one.event.start, one.calculated.total)


def _bags(drug: Drug, infusion: JoinedInfusion, parts: Sequence[Administration]) -> Iterator[Dispensed]:
    assert infusion.bags is not None
    bags, start = infusion.bags.bags, parts[0].event.start
    for number, bag in enumerate(bags, start=1):
        plan = infusion.vials[number - 1] if infusion.vials else None
        yield Dispensed(
            drug, _part_at(bag.start, parts), _moved(start, bag.start), bag.amount, tuple(_taken(plan)),
            plan.waste if plan is not None else None, bag, number, len(bags), _moved(start, bag.end),
        )  # fmt: skip


def _part_at(minute: int, parts: Sequence[Administration]) -> Administration:
    at = 0
    for part in parts:
        at += part.minutes or 0
        if minute < at:
            return part
    return parts[-1]


def _moved(start: date | datetime, minutes: int) -> date | datetime:
    """The moment; without a time of day, the day on which it falls."""
    return stop_of(start, minutes) if isinstance(start, datetime) else start + timedelta(days=minutes // 1440)


def _taken(plan: VialPlan | TabletPlan | None) -> Iterator[Taken]:
    if isinstance(plan, VialPlan):
        yield from (Taken("vial", strength, count) for strength, count in plan.counts)
    elif plan is not None:
        yield from (Taken("tablet", strength, count) for strength, count in plan.whole)
        yield from (Taken("half tablet", strength, count) for strength, count in plan.halves)


def shelf(lines: Iterable[Dispensed]) -> Shelf:
    """What several lines of one drug need together; each opens its own vials."""
    several = list(lines)
    unit = several[0].needed.unit
    counts: dict[tuple[str, Quantity], int] = {}
    for line in several:
        for taken in line.taken:
            counts[taken.kind, taken.strength] = counts.get((taken.kind, taken.strength), 0) + taken.count
    wastes = [line.waste for line in several if line.waste is not None]
    ordered = sorted(counts.items(), key=lambda pair: (pair[0][0], -pair[0][1].value))
    return Shelf(
        added((line.needed for line in several), unit), tuple(Taken(kind, s, n) for (kind, s), n in ordered),
        added(wastes, unit) if wastes else None, len(several),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelves:
    """The totals of one drug: for each day, each cycle and in all."""

    days: Mapping[date, Shelf] = field(default_factory=dict)
    cycles: Mapping[str, Shelf] = field(default_factory=dict)
    total: Shelf | None = None


def shelves(lines: Sequence[Dispensed]) -> Shelves:
    """All totals of the lines of one drug."""
    if not lines:
        return Shelves()
    days: dict[date, list[Dispensed]] = {}
    cycles: dict[str, list[Dispensed]] = {}
    for line in lines:
        days.setdefault(day_of(line.start), []).append(line)
        cycles.setdefault(line.group, []).append(line)
    return Shelves(
        {day: shelf(ones) for day, ones in days.items()}, {name: shelf(ones) for name, ones in cycles.items()},
        shelf(lines),
    )  # fmt: skip
