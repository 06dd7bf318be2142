"""Who is in, at which site and since when? Subject files counted by start, rates day by day; and whole draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import numpy as np

from regimen.cohort.bodies import Body
from regimen.cohort.census import counted
from regimen.cohort.enrolment import Floats, Rates, Whole
from regimen.cohort.faults import Faults
from regimen.cohort.reading import source_of
from regimen.cohort.shifting import EPOCH, NONE
from regimen.cohort.subjects import Subjects, decision_column, read_subjects
from regimen.definition.models import Study


@dataclass(frozen=True, slots=True)
class Start:
    """One way to enter the study; subjects who share it have the same calendar and the same amounts."""

    arm: str
    entry: date
    """The day of the first anchor, from which drop-out counts."""
    on: tuple[tuple[str, date], ...]
    body: Body | None = None
    """The subject's own measures; None where the declared ones hold."""
    answers: tuple[tuple[str, str], ...] = ()
    """What is decided for these subjects; the rest is as declared for all."""


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
    unused: tuple[str, ...] = ()
    """Columns of their file that say nothing to the study."""

    def counts(self) -> Floats:
        """Subjects by site and start."""
        shape = len(self.sites), len(self.starts)
        flat = np.bincount(self.site_of * shape[1] + self.start_of, minlength=shape[0] * shape[1])
        return flat.reshape(shape).astype(np.float64)

    def draw(self, random: np.random.Generator) -> tuple[Whole, Whole]:
        """The subjects as they are; nothing of them is left to chance."""
        del random
        return self.site_of, self.start_of


# ---------------------------------------------------------------- a file of subjects


def enrolled_subjects(study: Study, path: str | Path, needed: Mapping[str, str]) -> BySubject:
    """The subjects of a file as a cohort reads it, each at a site and with a date to enter on.

    ``needed`` names for each arm the anchor on the day of entry. Raises CohortError for what cannot be used.
    """
    source = source_of(path)
    census = counted(study, source)
    sites: dict[str, int] = {}
    starts: dict[Start, int] = {}
    parts: list[tuple[Whole, Whole]] = []
    row = 1
    for batch in source.batches():
        subjects = read_subjects(study, batch, first_row=row, source=source.name)
        faults = Faults(source.name, row, subjects.names)
        parts.append((_numbered_sites(subjects, sites, faults), _numbered_starts(subjects, starts, needed, faults)))
        faults.settle()
        row += len(batch)
    site_of, start_of = (np.concatenate(column) for column in zip(*parts, strict=True))
    by_name, by_start = sorted(sites), sorted(starts, key=repr)
    site_places = np.argsort(np.argsort(np.array(list(sites))))
    start_places = np.empty(len(starts), np.int64)
    start_places[[starts[start] for start in by_start]] = np.arange(len(starts))
    return BySubject(
        tuple(by_name), tuple(by_start), site_places[site_of], start_places[start_of], census.unused
    )  # fmt: skip


def _numbered_sites(subjects: Subjects, sites: dict[str, int], faults: Faults) -> Whole:
    names = [*subjects.sites.dictionary.to_pylist(), ""]
    codes = subjects.sites.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
    for place, name in enumerate(names):
        if not name or name == "all":
            found = "the site has no name" if not name else "'all' is the name of the sum"
            faults.note(codes == place, f"{found}; write a name or number of the site in a column site")
    numbers = [sites.setdefault(name, len(sites)) if name else 0 for name in names]
    of_row: Whole = np.array(numbers, np.int64)[codes]
    return of_row


def _numbered_starts(subjects: Subjects, starts: dict[Start, int], needed: Mapping[str, str], faults: Faults) -> Whole:
    days = [column.astype(np.int64) for column in subjects.anchors.values()]
    columns = [subjects.arm, subjects.body, *days, *(codes for codes, _ in subjects.answers.values())]
    _, first, back = np.unique(np.stack(columns), axis=1, return_index=True, return_inverse=True)
    back, numbers = back.reshape(-1), np.zeros(len(first), np.int64)
    for place in np.argsort(first).tolist():
        start = _start(subjects, int(first[place]), needed)
        if isinstance(start, str):
            said = f"{start} has no date; a forecast counts from it: write the date, or leave the row out"
            faults.note(back == place, said)
        else:
            numbers[place] = starts.setdefault(start, len(starts))
    found: Whole = numbers[back]
    return found


def _start(subjects: Subjects, row: int, needed: Mapping[str, str]) -> Start | str:
    """How a row enters, or the anchor that it lacks."""
    arm = subjects.arms[int(subjects.arm[row])] or ""
    days = {name: int(column[row]) for name, column in subjects.anchors.items()}
    on = tuple((name, date.fromordinal(day + EPOCH)) for name, day in days.items() if day != NONE)
    entry = dict(on).get(needed[arm])
    if entry is None:
        return needed[arm]
    given = ((name, answers[int(codes[row])]) for name, (codes, answers) in subjects.answers.items())
    answers = tuple((name, answer) for name, answer in given if answer is not None)
    return Start(arm, entry, on, subjects.bodies[int(subjects.body[row])] or None, answers)


# ---------------------------------------------------------------- drawn


def drawn_subjects(
    study: Study, enrolled: Enrolled, bodies: Sequence[tuple[Body, float]], anchors: Sequence[str],
    branches: Sequence[tuple[Mapping[str, str], float]], seed: int,
) -> list[dict[str, object]]:  # fmt: skip
    """One enrolment as rows of a subject file, by day of entry; the same seed draws the same subjects."""
    random = np.random.default_rng(seed)
    sites, starts = enrolled.draw(random)
    chosen = random.choice(len(bodies), len(starts), p=[share for _, share in bodies])
    decided = random.choice(len(branches), len(starts), p=[chance for _, chance in branches])
    digits = max(4, len(str(len(starts))))
    rows: list[dict[str, object]] = []
    for number, (site, start) in enumerate(zip(sites, starts, strict=True), start=1):
        one = enrolled.starts[start]
        on, (answers, _) = dict(one.on), branches[decided[number - 1]]
        row = {"subject": f"S-{number:0{digits}d}", "site": enrolled.sites[site], "arm": one.arm}
        known = {**dict(bodies[chosen[number - 1]][0]), **{decision_column(study, n): a for n, a in answers.items()}}
        rows.append({**row, **{name: on.get(name) for name in anchors}, **known})
    return rows
