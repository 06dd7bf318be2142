"""What is in a ledger of doses? Each administration with its exact amount and how it came about, and their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from regimen.dosing import Amounted, BagPlan, TabletPlan, VialPlan
from regimen.errors import DosingError
from regimen.events import Calendar, Event
from regimen.facts import LatePolicy
from regimen.quantities import Quantity, Unit

OFF = frozenset({"missed", "cancelled", "not applicable", "held"})
"""States of what is not given."""


@dataclass(frozen=True, slots=True)
class Administration:
    """One dose event of the calendar, or one stretch of an infusion; ``amount`` is what it gives in all.

    ``amount`` is None where nothing is given (it is off) and where it cannot be calculated; then ``problems`` says why
    and what to do.
    """

    event: Event
    ordered: str
    """The dose as it is ordered, such as ``10 mg/kg IV over 1 h``."""
    amount: Quantity | None = None
    calculated: Amounted | None = None
    minutes: int | None = None
    """How long an infusion without a break runs here."""
    cumulative: Quantity | None = None
    """What the subject has had of the drug up to and with this."""
    steps: tuple[str, ...] = ()
    vials: VialPlan | None = None
    tablets: TabletPlan | None = None
    infusion: int | None = None
    """The number of the infusion that it is a stretch of, from 0."""
    recorded: Quantity | None = None
    """What was recorded as given; it then is the amount."""
    problems: tuple[str, ...] = ()

    @property
    def off(self) -> bool:
        """Whether it is not given."""
        return self.event.state in OFF


@dataclass(frozen=True, slots=True)
class JoinedInfusion:
    """Stretches that follow each other without a break, as one infusion; with its bags where their rule is known."""

    events: tuple[str, ...]
    total: Quantity | None = None
    bags: BagPlan | None = None
    vials: tuple[VialPlan, ...] = ()
    """The vials of each bag, in the order of the bags."""
    steps: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """What a day, a cycle or an epoch gives in all."""

    name: str
    """The day (ISO), or the beginning of the ids of a cycle or epoch."""
    title: str
    amount: Quantity
    count: int
    """How many administrations, or stretches of infusions, are in it."""
    stated: Quantity | None = None
    """The same as the protocol counts it, such as 4,000 mg/m2; None where it does not."""


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug of the calendar: its administrations in order, its infusions and its sums, which must agree."""

    key: str
    label: str
    said: tuple[tuple[str, str], ...]
    """What the definition declares about its amounts, by name."""
    administrations: tuple[Administration, ...]
    infusions: tuple[JoinedInfusion, ...] = ()
    days: tuple[Sum, ...] = ()
    cycles: tuple[Sum, ...] = ()
    total: Quantity | None = None
    stated: Quantity | None = None
    before: Quantity | None = None
    """What the subject had of it before."""
    late: LatePolicy | None = None
    """What becomes of a missed or late dose, where all its doses have one rule."""
    late_assumed: bool = False
    """Whether that rule is assumed and not the protocol's own."""
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = tuple(disagreements(self))
        if faults:
            raise DosingError(*faults)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The doses of one subject's calendar."""

    calendar: Calendar
    about: tuple[str, ...]
    """The subject's measures in sentences."""
    drugs: tuple[Drug, ...]
    warnings: tuple[str, ...] = ()


def added(amounts: Iterable[Quantity], unit: Unit) -> Quantity:
    """The exact sum in one unit; DosingError if one of them does not measure the same."""
    return Quantity(sum((amount.to(unit).value for amount in amounts), Fraction(0)), unit)


def disagreements(drug: Drug) -> Iterable[str]:
    """Every way in which the sums of a drug contradict each other; none in a ledger that may be used.

    Administrations, days, cycles, the running sum and the total are found in different ways: a day from the hours of an
    infusion that fall in it, a total from a rate and its hours or from an amount and how often it is given.
    """
    given = [one.amount for one in drug.administrations if one.amount is not None]
    if drug.total is None:
        return
    unit = drug.total.unit
    found = {
        "the administrations": added(given, unit),
        "the days": added((day.amount for day in drug.days), unit),
        "the cycles": added((cycle.amount for cycle in drug.cycles), unit),
    }
    whole = [infusion.total for infusion in drug.infusions if infusion.total is not None]
    stretches = [one.calculated.total for one in drug.administrations if one.infusion is not None and one.calculated]
    if whole and added(whole, unit) != added((amount for amount in stretches if amount is not None), unit):
        yield f"{drug.label}: its infusions and their stretches do not come to the same; they must not be used."
    running = [one.cumulative for one in drug.administrations if one.cumulative is not None]
    if running:
        counted = drug.before is not None and drug.before.unit.per is None
        first = drug.before if counted and drug.before is not None else Quantity(Fraction(0), unit)
        found["the running sum"] = running[-1].to(unit).minus(first)
    for what, amount in found.items():
        if amount.value != drug.total.value:
            yield (
                f"{drug.label}: {what} come to {amount} and the total is {drug.total}; the ledger does not agree with "
                "itself and must not be used."
            )
