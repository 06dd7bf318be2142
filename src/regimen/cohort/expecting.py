"""What is expected on each day? Enrolment counts convolved with what one subject adds; no event is materialised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from regimen.cohort.enrolled import Enrolled
from regimen.cohort.enrolment import Floats, Whole
from regimen.cohort.profiles import Profile
from regimen.expected import Period, Place

_CELLS = 30_000_000
"""How many numbers of the matrix of starts by things and days are held at once (240 MB)."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a forecast, both inside; everything else falls in one day before or one day after."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days, and the two outside."""
        return (self.last - self.first).days + 3

    def place(self, entry: date, offsets: Whole) -> Whole:
        """The numbers of the days, 0 for all before and the last for all after."""
        return np.clip(offsets + ((entry - self.first).days + 1), 0, self.days - 1)


def expected_days(
    counts: Floats, entries: Sequence[date], profiles: Sequence[Profile], things: int, window: Window
) -> Floats:
    """By row of ``counts``, thing and day of the window: subjects by start times what one of that start adds."""
    width = things * window.days
    found = np.zeros((len(counts), width))
    used = np.flatnonzero(counts.any(axis=0))
    step = max(1, _CELLS // width)
    for low in range(0, len(used), step):
        chunk = used[low : low + step]
        matrix = np.zeros((len(chunk), width))
        for row, start in enumerate(chunk):
            profile = profiles[start]
            cells = profile.things * window.days + window.place(entries[start], profile.offsets)
            matrix[row] = np.bincount(cells, weights=profile.amounts, minlength=width)
        found += counts[:, chunk] @ matrix
    return found.reshape(len(counts), things, window.days)


def periods_of(window: Window, by: str) -> tuple[Period, ...]:
    """The days, weeks (of seven days from the first day on) or calendar months, the first and last perhaps cut."""
    firsts = [window.first]
    while True:
        last = firsts[-1]
        if by == "month":
            following = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            following = last + timedelta(days=7 if by == "week" else 1)
        if following > window.last:
            break
        firsts.append(following)
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), window.last]
    return tuple(Period(n, first, last) for n, (first, last) in enumerate(zip(firsts, lasts, strict=True), start=1))


def by_period(daily: Floats, periods: Sequence[Period], window: Window, *, most: int | None) -> Floats:
    """Summed over the days of each period, with one more thing: the highest of thing ``most`` on one day."""
    edges = [(period.first - window.first).days for period in periods]
    inside = daily[..., 1:-1]
    summed: Floats = np.add.reduceat(inside, edges, axis=-1)
    if most is None:
        return summed
    busiest = np.maximum.reduceat(inside[..., most, :], edges, axis=-1)
    return np.concatenate([summed, busiest[..., None, :]], axis=-2)


def with_total(daily: Floats) -> Floats:
    """One more place at the end: the sum over all."""
    return np.concatenate([daily, daily.sum(axis=0, keepdims=True)])


def places_of(enrolled: Enrolled) -> tuple[list[Place], Whole]:
    """The sites and arms that occur, sites in the order of the file, and the number of each by site and start."""
    arms = list(dict.fromkeys(start.arm for start in enrolled.starts))
    arm_of = np.array([arms.index(start.arm) for start in enrolled.starts])
    counts = enrolled.counts()
    used = [(s, a) for s in range(len(enrolled.sites)) for a in range(len(arms)) if counts[s, arm_of == a].any()]
    numbers = np.zeros((len(enrolled.sites), len(arms)), np.int64)
    for number, (site, arm) in enumerate(used):
        numbers[site, arm] = number
    return [Place(enrolled.sites[s], arms[a]) for s, a in used], numbers[:, arm_of]


def by_place(enrolled: Enrolled, place_of: Whole, places: int) -> Floats:
    """Subjects expected, by place and start."""
    counts = enrolled.counts()
    return np.stack([(counts * (place_of == number)).sum(axis=0) for number in range(places)])
