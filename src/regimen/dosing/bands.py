"""Which dose is meant where it depends on a band of weight, surface or age? Half-open bands without gap or overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from regimen.dosing.measured import KINDS, Kind, read_measure
from regimen.errors import DosingError, NotationError
from regimen.notation import dose_text, read_dose
from regimen.notation.terms import Dose
from regimen.quantities import exact_number

BANDED = ("weight", "surface", "age")
_LIMIT = r"\s*([\d.].*?)\s*"
_FORMS = (
    (re.compile(rf"(?:>=|≥|from\b){_LIMIT}(?:to\s*(?:below|<)|to|-)\s*<?{_LIMIT}"), "both"),
    (re.compile(rf"(?:>=|≥|from\b){_LIMIT}"), "low"),
    (re.compile(rf"(?:<|below\b|under\b){_LIMIT}"), "high"),
)
_CLOSED = re.compile(r"\s*(?:<=|≤|>(?!=)|up to\b|above\b|over\b)")


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

    def choose(self, value: Fraction) -> tuple[Band, str]:
        """The band a value in kg, m2 or years is in, and the sentence that says so; DosingError outside all bands."""
        unit = KINDS[self.kind].unit
        for band in self.bands:
            if band.holds(value):
                return band, f"{exact_number(value)} {unit} is in the band {band.said(unit)}: {dose_text(band.dose)}"
        bands = ", ".join(band.said(unit) for band in self.bands)
        raise DosingError(
            f"{exact_number(value)} {unit} is in none of the bands ({bands}); the protocol gives no dose."
        )


def read_bands(kind: str, rows: Iterable[tuple[str, str]]) -> Bands:
    """Bands from pairs of texts, a band and its dose, such as ``(">=45 kg", "28 mcg/day CIV")``."""
    if kind not in BANDED:
        raise DosingError(f"bands are of {', '.join(BANDED[:-1])} or {BANDED[-1]}, not of {kind!r}.")
    problems: list[str] = []
    bands: list[Band] = []
    for limits, dose in rows:
        try:
            bands.append(Band(*_limits(kind, limits), read_dose(dose)))
        except DosingError as error:
            problems += error.problems
        except NotationError as error:
            problems.append(f"the dose of the band {limits}: {error}")
    if problems:
        raise DosingError(*problems)
    return Bands(kind, tuple(sorted(bands, key=lambda band: band.low if band.low is not None else Fraction(-1))))


def _limits(kind: str, text: str) -> tuple[Fraction | None, Fraction | None]:
    tidy = " ".join(text.split())
    for pattern, form in _FORMS:
        found = pattern.fullmatch(tidy)
        if found:
            numbers = [_limit(kind, limit, found.groups()) for limit in found.groups()]
            return (
                (numbers[0], numbers[-1])
                if form == "both"
                else (numbers[0], None)
                if form == "low"
                else (None, numbers[0])
            )
    example = re.sub(r"^[^\d]*", "", tidy) or KINDS[kind].example
    if _CLOSED.match(tidy):
        raise DosingError(
            f"the band {text!r} leaves open to which band its limit belongs; bands include their lower limit: write "
            f">={example} or <{example}."
        )
    example = KINDS[kind].example
    raise DosingError(f"{text!r} is no band; write for example >={example} or <{example}, with the unit.")


def _limit(kind: str, text: str, all_: tuple[str, ...]) -> Fraction:
    """A limit; the first of two may leave its unit to the second: from 10 to <20 kg."""
    if re.fullmatch(r"[\d.]+", text) and len(all_) == 2 and text == all_[0]:
        unit = re.sub(r"^[\d.\s]+", "", all_[1])
        text = f"{text} {unit}"
    return read_measure(kind, text).value


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
