"""What is in a forecast? For each period, site and arm how much of each thing is expected, and how it was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Table = Sequence[Sequence[Sequence[float]]]
"""Numbers by place, thing and period, in the order of the forecast's own lists."""

EVERY = "all"
"""The site and arm of the last place, in which all are added up."""
BUSIEST = "busiest day"
"""The one kind that is not added up over days: the most administrations on one day of the period."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is counted.

    ``kind`` is subjects, administrations, busiest day, hours, doses, amount, vials, tablets, visits or activities.
    """

    kind: str
    item: str = ""
    """The drug, visit or activity as people call it; empty where all are counted together."""
    unit: str = ""
    """The unit of an amount, or the strength of a vial or tablet."""

    def __str__(self) -> str:
        """Such as ``belimumab: vials of 400 mg``."""
        unit = {"amount": f" in {self.unit}", "vials": f" of {self.unit}", "tablets": f" of {self.unit}"}
        said = f"{_SPOKEN.get(self.kind, self.kind)}{unit.get(self.kind, '')}"
        return f"{self.item}: {said}" if self.item else said


_SPOKEN = {
    "subjects": "subjects enrolled", "hours": "infusion hours", "administrations": "administrations (not by mouth)",
    BUSIEST: "administrations on the busiest day", "visits": "visits", "activities": "times done",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One site and arm; ``Place("all", "all")`` is the sum."""

    site: str
    arm: str


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both inside."""

    number: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bands:
    """What a Monte Carlo simulation gives: the mean, its standard error, and three quantiles, of ``runs`` studies."""

    runs: int
    seed: int
    quantiles: tuple[float, float, float]
    mean: Table
    error: Table
    low: Table
    middle: Table
    high: Table


@dataclass(frozen=True, slots=True)
class Forecast:
    """The expectation of a study's supply; the last of ``places`` is the sum over the others."""

    study: str
    title: str
    by: str
    """day, week or month."""
    places: tuple[Place, ...]
    things: tuple[Thing, ...]
    periods: tuple[Period, ...]
    expected: Table
    before: Sequence[float]
    """By thing: what is expected before the first day, over all places."""
    after: Sequence[float]
    """By thing: what is expected after the last day, over all places."""
    bands: Bands | None = None
    notes: tuple[str, ...] = ()
    """What was assumed, chosen and left out, in sentences."""

    def of(self, kind: str, item: str = "", unit: str = "", *, site: str = EVERY, arm: str = EVERY) -> Sequence[float]:
        """The expected numbers of one thing at one place, by period."""
        found = Thing(kind, item, unit)
        return self.expected[self.places.index(Place(site, arm))][self.things.index(found)]

    def best(self, thing: Thing, place: int = -1) -> Sequence[float]:
        """By period the number to plan with: the expected one; of the busiest day the median where it was simulated."""
        row = self.things.index(thing)
        simulated = thing.kind == BUSIEST and self.bands is not None
        return (self.bands.middle if simulated and self.bands is not None else self.expected)[place][row]

    def total(self, thing: Thing, place: int = -1) -> float:
        """The sum over the periods shown; of the busiest day, the most."""
        numbers = self.best(thing, place)
        return max(numbers) if thing.kind == BUSIEST else sum(numbers)
