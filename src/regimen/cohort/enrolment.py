"""How many subjects enter where and when, if each site enrols at a rate? Expected counts for each day, and draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regimen.delimited import Rows, read_rows
from regimen.errors import RegimenError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

ARRIVALS = ("uniform", "poisson")
MONTH = Fraction(36525, 1200)
"""Days of a month where a rate is meant: 365.25 / 12."""
_PER = {"d": Fraction(1), "w": Fraction(7), "mo": MONTH, "y": MONTH * 12}
_RATE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:/|per)\s*(d|w|mo|y|day|week|month|year)")
_SHARE = re.compile(r"(.+?)[ :]\s*(\d+(?:\.\d+)?)\s*%?")


@dataclass(frozen=True, slots=True)
class Site:
    """One site's row: from when to when it enrols, how many a day, into which arms, and at most how many."""

    name: str
    start: date
    a_day: float
    arms: tuple[tuple[str, float], ...]
    """Each arm with its share; the shares come to 1."""
    cap: int | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Enrolment by rates: ``uniform`` spreads it evenly, ``poisson`` lets subjects arrive at random."""

    sites: tuple[Site, ...]
    until: date
    """The last day on which anybody enters."""
    arrivals: str = "uniform"
    cap: int | None = None
    """The most subjects of the whole study."""

    def __post_init__(self) -> None:
        if self.arrivals not in ARRIVALS:
            raise RegimenError(f"subjects arrive {' or '.join(ARRIVALS)}, not {self.arrivals!r}.")
        if self.cap is not None and self.cap < 1:
            raise RegimenError(f"a study of at most {self.cap} subjects enrols nobody; give a cap from 1.")
        if self.until < self.first:
            raise RegimenError(
                f"the first site enrols from {self.first.isoformat()}, after the last day {self.until.isoformat()}; "
                "look further ahead, or enrol earlier."
            )
        if self.arrivals == "poisson" and self.cap is not None and any(site.cap is not None for site in self.sites):
            raise RegimenError(
                "with poisson arrivals a cap of the study and caps of sites cannot be counted together exactly; leave "
                "one kind out, or let subjects arrive uniform."
            )

    @property
    def first(self) -> date:
        """The day on which the first site starts."""
        return min(site.start for site in self.sites)

    @property
    def days(self) -> int:
        """How many days enrolment can last."""
        return (self.until - self.first).days + 1

    def rate(self) -> Floats:
        """Subjects a day by site and day, as if there were no caps."""
        days = np.arange(self.days)
        rows = []
        for site in self.sites:
            end = min(site.end or self.until, self.until)
            inside = (days >= (site.start - self.first).days) & (days <= (end - self.first).days)
            rows.append(np.where(inside, site.a_day, 0.0))
        return np.array(rows)

    def expected(self) -> Floats:
        """Subjects expected to enter, by site and day; exact also where a cap cuts random arrivals."""
        capped = self.rate()
        limit = _spread if self.arrivals == "uniform" else _capped_poisson
        for number, site in enumerate(self.sites):
            if site.cap is not None:
                capped[number] = np.diff(limit(np.cumsum(capped[number]), site.cap), prepend=0.0)
        if self.cap is None:
            return capped
        total = capped.sum(axis=0)
        entering = np.diff(limit(np.cumsum(total), self.cap), prepend=0.0)
        share: Floats = np.divide(entering, total, out=np.zeros_like(total), where=total > 0)
        return capped * share

    def draw(self, random: np.random.Generator) -> tuple[Whole, Whole, Whole]:
        """One enrolment: for each subject, by day, the number of its site, of its arm at that site, and its day."""
        counts = self._whole(random) if self.arrivals == "uniform" else random.poisson(self.rate())
        for number, site in enumerate(self.sites):
            if site.cap is not None:
                counts[number] = np.diff(np.minimum(np.cumsum(counts[number]), site.cap), prepend=0)
        sites, days = (axis.repeat(counts.ravel()) for axis in map(np.ravel, np.indices(counts.shape)))
        order = np.lexsort((random.random(len(days)), days))[: self.cap]
        sites, days = sites[order], days[order]
        return sites, self._arms(sites, random), days

    def _whole(self, random: np.random.Generator) -> Whole:
        """Whole subjects, each at random in a stretch of its own in which one is expected; every day expects the same.

        At even distances all subjects of a weekly rate would enter on one weekday, and no other day would be busy.
        """
        expected = self.expected()
        rows = expected if self.cap is None else expected.T.reshape(1, -1)
        counts = np.stack([_one_in_each(np.cumsum(row), random) for row in rows])
        return counts if self.cap is None else counts.reshape(expected.T.shape).T.copy()

    def _arms(self, sites: Whole, random: np.random.Generator) -> Whole:
        chosen, uniform = np.zeros(len(sites), np.int64), random.random(len(sites))
        for number, site in enumerate(self.sites):
            edges = np.cumsum([share for _, share in site.arms])[:-1]
            here = sites == number
            chosen[here] = np.searchsorted(edges, uniform[here], side="right")
        return chosen


def _one_in_each(reached: Floats, random: np.random.Generator) -> Whole:
    """Counts by day for running expected numbers: subject k lies at random where they go from k - 1 to k."""
    end = round(float(reached[-1]), 9)
    at = np.arange(int(np.ceil(end))) + random.random(int(np.ceil(end)))
    days = np.searchsorted(reached, at[at < end], side="right")
    return np.bincount(np.minimum(days, len(reached) - 1), minlength=len(reached))


def _spread(reached: Floats, cap: int) -> Floats:
    return np.minimum(reached, cap)


def _capped_poisson(means: Floats, cap: int) -> Floats:
    """The expectation of min(N, cap) for N Poisson with each of the means: m P(N <= cap - 2) + cap P(N >= cap)."""
    numbers = np.arange(cap)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, cap)))])
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.exp(numbers * np.log(means)[:, None] - means[:, None] - logs)
    parts[means == 0] = numbers == 0
    below = np.cumsum(parts, axis=1)
    two_below = below[:, -2] if cap > 1 else np.zeros_like(means)
    return means * two_below + cap * (1.0 - below[:, -1])


# ---------------------------------------------------------------- the file


def read_sites(path: str | Path, arms: Sequence[str]) -> tuple[Site, ...]:
    """The sites of a csv file with the columns site, start and rate, and where wanted arm, cap and end.

    ``arms`` are the arms of the study. Raises CohortError with everything that is wrong, by row.
    """
    rows = read_rows(path)
    rows.known_columns(("site", "start", "rate"), ("arm", "cap", "end"))
    sites = [_site(rows, line, row, arms) for line, row in rows]
    seen: dict[str, int] = {}
    for line, row in rows:
        if row["site"] in seen:
            rows.complain(line, "site", f"{row['site']!r} is there twice, first in line {seen[row['site']]}",
                          "give each site one row")  # fmt: skip
        seen.setdefault(row["site"], line)
    rows.settle()
    return tuple(site for site in sites if site is not None)


def _site(rows: Rows, line: int, row: dict[str, str], arms: Sequence[str]) -> Site | None:
    name, start = row["site"], rows.day(line, "start", row["start"])
    if not name or name == "all":
        rows.complain(line, "site", "the site has no name" if not name else "'all' is the name of the sum",
                      "write a name or number of the site")  # fmt: skip
    a_day = _rate(rows, line, row["rate"])
    split = _split(rows, line, row.get("arm", ""), arms)
    cap = _cap(rows, line, row.get("cap", ""))
    end = rows.day(line, "end", row["end"]) if row.get("end") else None
    if start is not None and end is not None and end < start:
        rows.complain(line, "end", f"{end.isoformat()} is before the start {start.isoformat()}", "exchange them")
    if start is None or a_day is None or not split:
        return None
    return Site(name, start, a_day, split, cap, end)


def _rate(rows: Rows, line: int, text: str) -> float | None:
    found = _RATE.fullmatch(text)
    if found is None:
        rows.complain(line, "rate", f"{text!r} is not a rate", "write subjects for a time: 3/mo, 0.5/w, 1/d or 20/y")
        return None
    number = Fraction(found[1])
    if number <= 0:
        rows.complain(line, "rate", f"a rate of {text} enrols nobody", "write one above 0, or leave the site out")
        return None
    unit = {"day": "d", "week": "w", "month": "mo", "year": "y"}.get(found[2], found[2])
    return float(number / _PER[unit])


def _cap(rows: Rows, line: int, text: str) -> int | None:
    if text and (not text.isdecimal() or not 1 <= int(text) <= 1_000_000):
        rows.complain(line, "cap", f"{text!r} is not a number of subjects", "write a whole number from 1, or nothing")
        return None
    return int(text) if text else None


def _split(rows: Rows, line: int, text: str, arms: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """One arm, or parts such as ``control 1 treatment 2``, parted by commas where the file is not."""
    known = f"the arms are {', '.join(arms)}"
    if not text:
        if len(arms) == 1:
            return ((arms[0], 1.0),)
        rows.complain(line, "arm", "no arm is given", f"{known}; write one, or parts: {arms[0]} 2 + {arms[1]} 1")
        return ()
    parts: dict[str, Fraction] = {}
    for part in (piece.strip() for piece in text.split("+")):
        found = None if part in arms else _SHARE.fullmatch(part)
        arm, share = (found[1].strip(), Fraction(found[2])) if found else (part, Fraction(1))
        if arm not in arms:
            close = get_close_matches(arm, arms, n=1)
            hint = f"did you mean {close[0]}?" if close else known
            rows.complain(line, "arm", f"there is no arm {arm!r}", hint)
            return ()
        parts[arm] = parts.get(arm, Fraction(0)) + share
    total = sum(parts.values(), Fraction(0))
    if total <= 0:
        rows.complain(line, "arm", "no part of the split is above 0", "write parts such as 2 and 1")
        return ()
    return tuple((arm, float(share / total)) for arm, share in parts.items())


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both inside."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
