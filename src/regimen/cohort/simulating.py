"""How far can it differ by chance? Many studies drawn subject by subject, with quantiles of what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regimen.cohort.enrolled import Enrolled
from regimen.cohort.enrolment import Floats, Whole
from regimen.cohort.expecting import Window, by_period, with_total
from regimen.cohort.leaving import Course
from regimen.cohort.profiles import Profile
from regimen.errors import RegimenError
from regimen.expected import Bands, Period

QUANTILES = (0.05, 0.5, 0.95)
MOST = 20_000_000_000
"""How many events are drawn at most."""
MOST_KEPT = 250_000_000
"""How many numbers of drawn studies are kept at most (1 GB)."""
_CHUNK = 2_000_000
"""How many events are drawn at once."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One profile that a subject of a start may have, and how likely it is."""

    profile: Profile
    chance: float


@dataclass(frozen=True, slots=True)
class Study:
    """Everything a draw needs: who may enter, what each start may add, where it is counted, and what may happen."""

    enrolled: Enrolled
    variants: Sequence[Sequence[Variant]]
    """By start."""
    place_of: Whole
    """The number of the place, by site and start."""
    places: int
    things: int
    window: Window
    course: Course

    def draw(self, random: np.random.Generator) -> Floats:
        """One study: how much of each thing on each day at each place."""
        sites, starts = self.enrolled.draw(random)
        width = self.things * self.window.days
        found = np.zeros(self.places * width)
        places = self.place_of[sites, starts]
        entries = np.array([start.entry.toordinal() for start in self.enrolled.starts])[starts]
        for profile, who in self._alike(starts, random):
            step = max(1, _CHUNK // len(profile.offsets))
            for low in range(0, len(who), step):
                some = who[low : low + step]
                offsets, amounts = self.course.draw(profile, len(some), random)
                first = self.window.first.toordinal()
                days = np.clip(offsets + (entries[some, None] - first + 1), 0, self.window.days - 1)
                cells = places[some, None] * width + profile.things * self.window.days + days
                found += np.bincount(cells.ravel(), weights=amounts.ravel(), minlength=len(found))
        return found.reshape(self.places, self.things, self.window.days)

    def _alike(self, starts: Whole, random: np.random.Generator) -> list[tuple[Profile, Whole]]:
        """Subjects with the same profile together, in a fixed order."""
        chosen = random.random(len(starts))
        groups: dict[int, tuple[Profile, list[int]]] = {}
        for subject, start in enumerate(starts):
            variants = self.variants[start]
            at, level = 0, variants[0].chance
            while chosen[subject] >= level and at + 1 < len(variants):
                at += 1
                level += variants[at].chance
            profile = variants[at].profile
            groups.setdefault(id(profile), (profile, []))[1].append(subject)
        return [(profile, np.array(who)) for profile, who in groups.values()]


def simulated(study: Study, runs: int, seed: int, periods: Sequence[Period], most: int | None) -> Bands:
    """So many drawn studies, with the mean and its standard error and three quantiles of every number."""
    _check_size(study, runs, len(periods))
    random = np.random.default_rng(seed)
    drawn: list[Floats] = []
    for _ in range(runs):
        daily = with_total(study.draw(random))
        drawn.append(by_period(daily, periods, study.window, most=most).astype(np.float32))
    every = np.stack(drawn)
    low, middle, high = np.quantile(every, QUANTILES, axis=0, method="inverted_cdf")
    mean = every.mean(axis=0, dtype=np.float64)
    error = every.std(axis=0, ddof=1, dtype=np.float64) / np.sqrt(runs)
    return Bands(runs, seed, QUANTILES, *(table.tolist() for table in (mean, error, low, middle, high)))


def _check_size(study: Study, runs: int, periods: int) -> None:
    if not 2 <= runs <= 100_000:
        raise RegimenError(f"{runs} runs cannot give a band; draw 2 to 100,000 studies.")
    events = max(len(variant.profile.offsets) for variants in study.variants for variant in variants)
    subjects = float(study.enrolled.counts().sum())
    if subjects * events * runs > MOST:
        raise RegimenError(
            f"{runs:,} studies of {subjects:,.0f} subjects with up to {events:,} entries are too many to draw; lower "
            "--runs, or leave it out: the expectation costs the same for any number of subjects."
        )
    if (numbers := runs * (study.places + 1) * (study.things + 1) * periods) > MOST_KEPT:
        raise RegimenError(
            f"{runs:,} studies with {numbers // runs:,} numbers each are too many to keep; lower --runs, or forecast "
            "by week or month."
        )
