"""What is a dose that depends on a band of weight, surface or age? Half-open bands without gap or overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from regimen.errors import DosingError
from regimen.quantities import exact_number
from regimen.quantities.measured import KINDS, Kind

if TYPE_CHECKING:
    from regimen.notation.terms import Dose

BANDED = ("weight", "surface", "age")


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` (included) to ``high`` (not included), in kg, m2 or years; None is open."""

    low: Fraction | None
    high: Fraction | None
    dose: Dose

    def holds(self, value: Fraction) -> bool:
        """Whether a value lies in it."""
        return (self.low is None or self.low <= value) and (self.high is None or value < self.high)

    def said(self, unit: str) -> str:
        """The band in words: ``from 45 kg``, ``below 45 kg``."""
        low = f"from {exact_number(self.low)} {unit}" if self.low is not None else ""
        high = f"below {exact_number(self.high)} {unit}" if self.high is not None else ""
        return " to ".join(part for part in (low, high) if part)


@dataclass(frozen=True, slots=True)
class Bands:
    """Doses by bands of one measure (weight, surface or age), from the lowest band up."""

    kind: str
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        problems = tuple(_faults(KINDS[self.kind], self.bands))
        if problems:
            raise DosingError(*problems)

    @property
    def unit(self) -> str:
        """What the limits are in: kg, m2 or years."""
        return KINDS[self.kind].unit

    def of(self, value: Fraction) -> Band:
        """The band that a value in kg, m2 or years is in; DosingError outside all bands."""
        for band in self.bands:
            if band.holds(value):
                return band
        bands = ", ".join(band.said(self.unit) for band in self.bands)
        raise DosingError(
            f"{exact_number(value)} {self.unit} is in none of the bands ({bands}); the protocol gives no dose."
        )


def _faults(kind: Kind, bands: tuple[Band, ...]) -> Iterator[str]:
    if not bands:
        yield "there are no bands; give at least one."
    for band in bands:
        if band.low is not None and band.high is not None and band.high <= band.low:
            yield f"the band {band.said(kind.unit)} is empty; its upper limit must be above its lower one."
    for one, other in pairwise(bands):
        if one.high is None or other.low is None or one.high > other.low:
            yield (
                f"the bands {one.said(kind.unit)} and {other.said(kind.unit)} overlap; let one end where the next "
                "begins."
            )
        elif one.high < other.low:
            yield (
                f"between the bands {one.said(kind.unit)} and {other.said(kind.unit)} there is a gap from "
                f"{exact_number(one.high)} to {exact_number(other.low)} {kind.unit}; say which dose is given there."
            )
