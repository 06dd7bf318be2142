"""Which subjects are in, at which site and since when? Subject files, counted by start; and rates, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

import numpy as np

from regimen.cohort.delimited import Rows, read_rows
from regimen.cohort.enrolment import Floats, Rates, Whole
from regimen.dosing import Measures, read_measures
from regimen.dosing.plausible import DEFAULT_BOUNDS
from regimen.errors import DosingError

MEASURES = ("weight", "height", "surface", "age", "creatinine", "gfr", "sex")

Body = tuple[tuple[str, str], ...]
"""A subject's measures as kind and text: (("weight", "70 kg"),)."""


@dataclass(frozen=True, slots=True)
class Start:
    """One way to enter the study; subjects who share it have the same calendar and the same amounts."""

    arm: str
    entry: date
    """The day of the first anchor, from which drop-out counts."""
    on: tuple[tuple[str, date], ...]
    body: Body | None = None
    """The subject's own measures; None where the declared ones hold."""


class Enrolled(Protocol):
    """Who enters: expected counts by site and start, and one draw of whole subjects."""

    @property
    def sites(self) -> tuple[str, ...]:
        """The names of the sites."""

    @property
    def starts(self) -> tuple[Start, ...]:
        """The ways to enter."""

    def counts(self) -> Floats:
        """Subjects expected, by site and start."""

    def draw(self, random: np.random.Generator) -> tuple[Whole, Whole]:
        """For each subject the number of its site and of its start."""


@dataclass(frozen=True, slots=True)
class ByRate:
    """Enrolment by rates, with the first anchor on the day of entry."""

    rates: Rates
    sites: tuple[str, ...]
    starts: tuple[Start, ...]
    arms: tuple[str, ...]

    def counts(self) -> Floats:
        """Subjects expected, by site and start: for each arm each day."""
        expected, days = self.rates.expected(), self.rates.days
        found = np.zeros((len(self.sites), len(self.starts)))
        for number, site in enumerate(self.rates.sites):
            for arm, share in site.arms:
                at = self.arms.index(arm) * days
                found[number, at : at + days] += share * expected[number]
        return found

    def draw(self, random: np.random.Generator) -> tuple[Whole, Whole]:
        """One enrolment as it may happen."""
        sites, chosen, days = self.rates.draw(random)
        widest = max(len(site.arms) for site in self.rates.sites)
        numbers = np.zeros((len(self.sites), widest), np.int64)
        for number, site in enumerate(self.rates.sites):
            numbers[number, : len(site.arms)] = [self.arms.index(arm) for arm, _ in site.arms]
        return sites, numbers[sites, chosen] * self.rates.days + days


def by_rate(rates: Rates, anchor: Mapping[str, str]) -> ByRate:
    """Enrolment by rates; ``anchor`` names for each arm the anchor that lies on the day of entry."""
    arms = tuple(dict.fromkeys(arm for site in rates.sites for arm, _ in site.arms))
    entries = [rates.first + timedelta(days=n) for n in range(rates.days)]
    starts = tuple(Start(arm, day, ((anchor[arm], day),)) for arm in arms for day in entries)
    return ByRate(rates, tuple(site.name for site in rates.sites), starts, arms)


@dataclass(frozen=True, slots=True)
class BySubject:
    """Subjects who are known one by one, counted by site and start."""

    sites: tuple[str, ...]
    starts: tuple[Start, ...]
    site_of: Whole
    start_of: Whole

    def counts(self) -> Floats:
        """Subjects by site and start."""
        shape = len(self.sites), len(self.starts)
        flat = np.bincount(self.site_of * shape[1] + self.start_of, minlength=shape[0] * shape[1])
        return flat.reshape(shape).astype(np.float64)

    def draw(self, random: np.random.Generator) -> tuple[Whole, Whole]:
        """The subjects as they are; nothing of them is left to chance."""
        del random
        return self.site_of, self.start_of


def read_subjects(
    path: str | Path, arms: Sequence[str], anchors: Sequence[str], needed: Mapping[str, str]
) -> BySubject:
    """The subjects of a csv or Parquet file: columns subject, site, arm, one for each anchor, and measures.

    ``needed`` names for each arm the anchor that nobody may lack. Raises CohortError with what is wrong, by row.
    """
    rows = read_rows(path)
    firsts = tuple(dict.fromkeys(needed.values()))
    rows.known_columns(("subject", "site", *firsts), ("arm", *anchors, *MEASURES))
    found: list[tuple[str, Start]] = []
    seen: dict[str, int] = {}
    measured: dict[Body, str] = {}
    for line, row in rows:
        _check_subject(rows, line, row, seen)
        start = _start(rows, line, row, arms, anchors, needed, measured)
        if start is not None:
            found.append((row["site"], start))
    rows.settle()
    sites, starts = (tuple(sorted(set(column), key=repr)) for column in zip(*found, strict=True))
    site_numbers, start_numbers = ({one: n for n, one in enumerate(column)} for column in (sites, starts))
    return BySubject(
        sites, starts, np.array([site_numbers[site] for site, _ in found]),
        np.array([start_numbers[start] for _, start in found]),
    )  # fmt: skip


def _check_subject(rows: Rows, line: int, row: dict[str, str], seen: dict[str, int]) -> None:
    subject = row["subject"]
    if not subject:
        rows.complain(line, "subject", "the subject has no name", "write a pseudonym, such as S-001")
    elif subject in seen:
        rows.complain(line, "subject", f"{subject!r} is there twice, first in line {seen[subject]}", "keep one row")
    seen.setdefault(subject, line)
    if row["site"] in ("", "all"):
        rows.complain(line, "site", "the site has no name" if not row["site"] else "'all' is the name of the sum",
                      "write a name or number of the site")  # fmt: skip


def _start(
    rows: Rows, line: int, row: dict[str, str], arms: Sequence[str], anchors: Sequence[str],
    needed: Mapping[str, str], measured: dict[Body, str],
) -> Start | None:  # fmt: skip
    arm = row.get("arm") or (arms[0] if len(arms) == 1 else "")
    if arm not in arms:
        close = get_close_matches(arm, arms, n=1)
        hint = f"did you mean {close[0]}?" if close else f"the arms are {', '.join(arms)}"
        rows.complain(line, "arm", f"there is no arm {arm!r}" if arm else "no arm is given", hint)
        return None
    first = needed[arm]
    days = {name: rows.day(line, name, row[name]) for name in anchors if row.get(name) or name == first}
    known = tuple((name, day) for name, day in days.items() if day is not None)
    entry = days[first]
    return Start(arm, entry, known, _body(rows, line, row, measured)) if entry is not None else None


def _body(rows: Rows, line: int, row: dict[str, str], measured: dict[Body, str]) -> Body | None:
    body: Body = tuple((kind, row[kind]) for kind in MEASURES if row.get(kind))
    if body and body not in measured:
        measured[body] = fault_of(body)
    if body and measured[body]:
        rows.complain(line, ", ".join(kind for kind, _ in body), measured[body])
    return body or None


def measures_of(body: Body) -> Measures:
    """A subject's measures; DosingError tells everything that is wrong with them."""
    texts: dict[str, str | None] = dict(body)
    sex = texts.pop("sex", None)
    return read_measures(bounds=DEFAULT_BOUNDS, sex=sex, **texts)


def fault_of(body: Body) -> str:
    """What is wrong with measures; empty if nothing is."""
    try:
        measures_of(body)
    except DosingError as error:
        return " ".join(error.problems).rstrip(".")
    return ""


def drawn_subjects(
    enrolled: Enrolled, bodies: Sequence[tuple[Body, float]], anchors: Sequence[str], seed: int
) -> list[dict[str, object]]:
    """One enrolment as rows of a subject file, by day of entry; the same seed draws the same subjects."""
    random = np.random.default_rng(seed)
    sites, starts = enrolled.draw(random)
    chosen = random.choice(len(bodies), len(starts), p=[share for _, share in bodies])
    digits = max(4, len(str(len(starts))))
    rows: list[dict[str, object]] = []
    for number, (site, start, body) in enumerate(zip(sites, starts, chosen, strict=True), start=1):
        one = enrolled.starts[start]
        on = dict(one.on)
        row = {"subject": f"S-{number:0{digits}d}", "site": enrolled.sites[site], "arm": one.arm}
        rows.append({**row, **{name: on.get(name) for name in anchors}, **dict(bodies[body][0])})
    return rows
