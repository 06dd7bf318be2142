"""Is a site open on a day? Its weekend, the public holidays of a named region, and its own closures."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from typing import Any

from regimen.errors import RegimenError
from regimen.timing import WEEKDAY_WORDS

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which a site is closed, first and last included, and why."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """When a site works.

    ``weekend`` are weekdays (Monday = 0), none if it works every day of the week; ``region`` is a country or a part of
    one, such as ``DE-BY``, whose public holidays the site keeps. Raises ``RegimenError`` for a region without known
    holidays, and where the holidays are not installed.
    """

    weekend: tuple[int, ...] = (SATURDAY, SUNDAY)
    region: str = ""
    closures: tuple[Closure, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        if len(set(self.weekend)) == len(WEEKDAY_WORDS):
            raise RegimenError("all seven days of the week are given as the weekend, so the site would never be open.")
        if self.region:
            object.__setattr__(self, "region", known_region(self.region))

    def why_closed(self, day: date) -> str:
        """Every reason for which the site is closed on a day, such as ``Saturday``; empty if it is open."""
        return "; ".join(self._reasons(day))

    def is_open(self, day: date) -> bool:
        """Whether the site works on a day."""
        return not any(self._reasons(day))

    def unknown_years(self, years: Iterable[int]) -> tuple[int, ...]:
        """Those of the years for which the public holidays are not known, so that only other closed days count."""
        return tuple(year for year in years if self.region and not _holidays_of(self.region, year).known)

    def _reasons(self, day: date) -> Iterable[str]:
        if day.weekday() in self.weekend:
            yield WEEKDAY_WORDS[day.weekday()]
        if self.region and (name := _holidays_of(self.region, day.year).names.get(day)):
            yield f"public holiday: {name}"
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                yield f"closed: {closure.reason}" if closure.reason else "closed"


# ---------------------------------------------------------------- public holidays


@dataclass(frozen=True, slots=True)
class _Year:
    """The public holidays of one year; not ``known`` where the library says nothing of that year."""

    names: Mapping[date, str]
    known: bool


def holidays_version() -> str:
    """The version of the library that the public holidays come from."""
    return str(_library().__version__)


@lru_cache(maxsize=256)
def known_region(text: str) -> str:
    """A region as it is written, ``de-by`` as ``DE-BY``; one that is not known is refused, with the nearest."""
    country, part = _parted(text)
    parts = _parts_of(country)
    if parts is None:
        raise RegimenError(
            f"no public holidays are known for the region {text!r}; write a country, such as DE, or a country and a "
            f"part of it, such as DE-BY, US-NY or GB-ENG.{_hint(_country_like(text))}"
        )
    if not part:
        return country
    code = parts.get(part.lower())
    if code is None:
        codes = tuple(dict.fromkeys(parts.values()))
        known = f"its parts are {', '.join(codes)}" if codes else f"it has no parts, so write {country}"
        close = _nearest(part.lower(), parts)
        raise RegimenError(
            f"no public holidays are known for the part {part!r} of {country}; {known}."
            f"{_hint(f'{country}-{parts[close]}' if close else '')}"
        )
    return f"{country}-{code}"


def _parted(region: str) -> tuple[str, str]:
    country, _, part = region.strip().partition("-")
    return country.strip().upper(), part.strip()


def _hint(region: str) -> str:
    return f" Did you mean {region}?" if region else ""


def _country_like(text: str) -> str:
    """The code of the country whose name, or else whose code, is the nearest to what was written."""
    names: Mapping[str, Any] = getattr(import_module("holidays.registry"), "COUNTRIES", {})
    by_name = {name: codes[1] for name, codes in names.items()}
    close = get_close_matches(text.strip().lower().replace(" ", "_"), by_name, n=1, cutoff=0.75)
    if close:
        return str(by_name[close[0]])
    country, part = _parted(text)
    nearest = _nearest(country, by_name.values()) if len(country) <= 3 else ""
    return f"{nearest}-{part}" if nearest and part else nearest


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like another one, with the same first letter if there is one; empty if none is like it."""
    same = [one for one in known if one[:1] == word[:1]]
    close = get_close_matches(word, same, n=1, cutoff=0.4) or get_close_matches(word, list(known), n=1, cutoff=0.4)
    return close[0] if close else ""


def _parts_of(country: str) -> dict[str, str] | None:
    """Codes of the parts of a country that have holidays of their own, by code and name; None for no such country."""
    try:
        found = _library().country_holidays(country)
    except NotImplementedError:
        return None
    names = {code: code for code in found.subdivisions} | getattr(found, "subdivisions_aliases", {})
    return {name.lower(): code for name, code in names.items()}


@lru_cache(maxsize=1024)
def _holidays_of(region: str, year: int) -> _Year:
    country, part = _parted(region)
    make = _library().country_holidays
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = make(country, subdiv=part or None, years=year, expand=False, language=_language(country))
    inside = found.start_year <= year <= found.end_year
    return _Year({day: found.get(day) for day in found}, bool(found) and inside and not told)


@lru_cache(maxsize=256)
def _language(country: str) -> str | None:
    """English where there is any, else the country's own; never that of the machine, which would change the names."""
    found = _library().country_holidays(country)
    spoken = tuple(found.supported_languages or ())
    english = [language for language in ("en_US", "en_GB", *spoken) if language.startswith("en") and language in spoken]
    default: str | None = found.default_language
    return english[0] if english else default


def _library() -> Any:
    try:
        return import_module("holidays")
    except ImportError:
        raise RegimenError(
            "public holidays need the package holidays: run pip install 'regimen[holidays]' and try again; or leave "
            "the region out and give the closed days one by one."
        ) from None
