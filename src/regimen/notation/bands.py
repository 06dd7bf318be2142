"""Which bands do texts such as "below 45 kg" name, and what is given in each? Read strictly, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction

from regimen.errors import DosingError, NotationError
from regimen.notation.banded import BANDED, Band, Bands
from regimen.notation.reading import read_dose
from regimen.notation.terms import Dose
from regimen.quantities.measured import KINDS, read_measure

_LIMIT = r"\s*([\d.].*?)\s*"
_FORMS = (
    (re.compile(rf"(?:>=|≥|from\b){_LIMIT}(?:to\s*(?:below|<)|to|-)\s*<?{_LIMIT}"), "both"),
    (re.compile(rf"(?:>=|≥|from\b){_LIMIT}"), "low"),
    (re.compile(rf"(?:<|below\b|under\b){_LIMIT}"), "high"),
)
_CLOSED = re.compile(r"\s*(?:<=|≤|>(?!=)|up to\b|above\b|over\b)")
_LAST_UNIT = re.compile(r"([a-zA-Z][a-zA-Z0-9²]*)\s*$")


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
    return _in_order(kind, bands)


def banded_dose(rows: Mapping[str, Dose]) -> Dose:
    """One dose that depends on bands; the unit of their limits says of what (kg, m2 or years)."""
    kind = _kind_of(tuple(rows))
    problems: list[str] = []
    bands: list[Band] = []
    for limits, dose in rows.items():
        try:
            bands.append(Band(*_limits(kind, limits), dose))
        except DosingError as error:
            problems += error.problems
    problems += _differences(list(rows.values()))
    if problems:
        raise DosingError(*problems)
    first = bands[0].dose
    return Dose(_in_order(kind, bands), **{name: getattr(first, name) for name in _SHARED})


# How a drug is given does not depend on the band, for the calendar counts with it; how much does.
_SHARED = tuple(field.name for field in fields(Dose) if field.name not in ("amount", "caps", "round_to"))


def _differences(doses: list[Dose]) -> list[str]:
    if any(isinstance(dose.amount, Bands) for dose in doses):
        return ["a band holds bands again; write one dose for each band."]
    return [
        f"the bands differ in {name.replace('_', ' ')}; a drug is given one way, so let them agree."
        for name in _SHARED
        if len({getattr(dose, name) for dose in doses}) > 1
    ]


def _kind_of(limits: tuple[str, ...]) -> str:
    units = {found[1].lower() if (found := _LAST_UNIT.search(text)) else "" for text in limits}
    for kind in BANDED:
        if units and units <= set(KINDS[kind].units):
            return kind
    if not limits:
        raise DosingError('there are no bands; write for example {"<45 kg": 15 mcg/m2/day CIV, ">=45 kg": ...}.')
    raise DosingError(
        f"the limits {', '.join(map(repr, limits))} do not say what the bands are of; give each a unit, all of one "
        "kind: kg for weight, m2 for body surface, years for age."
    )


def _in_order(kind: str, bands: list[Band]) -> Bands:
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
