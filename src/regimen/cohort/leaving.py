"""Who is still in the study, still treated and on time so many days after entry? Declared chances, exact and drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regimen.cohort.enrolment import MONTH, Floats, Whole
from regimen.cohort.profiles import Profile, joined
from regimen.delimited import read_rows
from regimen.errors import RegimenError

_HAZARD = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*/\s*mo")
_EVENTS = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*mo\s*:\s*(.+)")
_LENGTH = re.compile(r"(\d+)\s*d(?:\s+(\d+(?:\.\d+)?)\s*%)?")


@dataclass(frozen=True, slots=True)
class Curve:
    """The probability of being still in at days after entry, straight lines between the points; 1 up to day 0."""

    days: tuple[float, ...]
    share: tuple[float, ...]
    said: str

    def at(self, days: Whole) -> Floats:
        """The probability at each of the days; after the last point it stays as it was there."""
        return np.interp(days, self.days, self.share)


@dataclass(frozen=True, slots=True)
class Hazard:
    """Of those still in, this share leaves in every month of 365.25 / 12 days."""

    monthly: float
    said: str

    def at(self, days: Whole) -> Floats:
        """The probability of being still in at each of the days."""
        return np.float_power(1.0 - self.monthly, np.maximum(days, 0) / float(MONTH))


@dataclass(frozen=True, slots=True)
class Lengths:
    """Something that begins at random, so often a month on average, and lasts so many days with these chances."""

    monthly: float
    days: tuple[int, ...]
    chances: tuple[float, ...]
    said: str

    @property
    def daily(self) -> float:
        """How often on average a day."""
        return self.monthly / float(MONTH)


@dataclass(frozen=True, slots=True)
class Course:
    """What may happen to a subject; None where it does not.

    ``drop_out`` ends everything, ``discontinue`` ends treatment, ``hold`` leaves out the treatment of its days,
    ``delay`` moves all that comes after its beginning to later days.
    """

    drop_out: Curve | Hazard | None = None
    discontinue: Curve | Hazard | None = None
    hold: Lengths | None = None
    delay: Lengths | None = None

    def expected(self, profile: Profile, reach: int) -> Profile:
        """The profile as it is expected; what is later than ``reach`` days after entry need not be told apart."""
        if self.delay is not None:
            profile = _delayed(profile, self.delay, reach)
        kept = np.ones(len(profile.offsets))
        if self.drop_out is not None:
            kept *= self.drop_out.at(profile.offsets)
        treated = np.ones(len(profile.offsets))
        if self.discontinue is not None:
            treated *= self.discontinue.at(profile.offsets)
        if self.hold is not None:
            treated *= _not_held(profile.offsets, self.hold)
        kept *= np.where(profile.treated, treated, 1.0)
        return Profile(profile.things, profile.offsets, profile.amounts * kept, profile.treated)

    def draw(self, profile: Profile, subjects: int, random: np.random.Generator) -> tuple[Whole, Floats]:
        """For each subject (row) and entry of the profile its day after entry, and how much of it takes place."""
        offsets = np.broadcast_to(profile.offsets, (subjects, len(profile.offsets)))
        if self.delay is not None:
            offsets = offsets + _drawn_delays(profile.offsets, self.delay, subjects, random)
        kept = np.ones(offsets.shape, bool)
        if self.drop_out is not None:
            kept &= random.random((subjects, 1)) < self.drop_out.at(offsets)
        treated = np.ones(offsets.shape, bool)
        if self.discontinue is not None:
            treated &= random.random((subjects, 1)) < self.discontinue.at(offsets)
        if self.hold is not None:
            treated &= _drawn_free(offsets, self.hold, random)
        kept &= treated | ~profile.treated
        return offsets, kept * profile.amounts

    def words(self) -> list[str]:
        """What may happen, in sentences."""
        said = {
            "Drop-out (nothing takes place after it)": self.drop_out,
            "Discontinuation (no doses after it; visits go on)": self.discontinue,
            "Holds (no doses in it; dates stay)": self.hold,
            "Delays (all that comes after moves)": self.delay,
        }
        return [f"{name}: {what.said}." for name, what in said.items() if what is not None]


# ---------------------------------------------------------------- exact


def _not_held(offsets: Whole, hold: Lengths) -> Floats:
    """The probability that no hold began within its own length before a day: holds begin as a Poisson process."""
    covered = np.zeros(len(offsets))
    for days, chance in zip(hold.days, hold.chances, strict=True):
        covered += chance * np.clip(offsets, 0, days)
    return np.exp(-hold.daily * covered)


def _delayed(profile: Profile, delay: Lengths, reach: int) -> Profile:
    """Each entry spread over the days it may be moved to; the rest lies one day after ``reach``."""
    after = np.maximum(profile.offsets, 0)
    most = max(reach + 1, int(after.max()) + 1)
    chances = _sums(after, delay, most)
    parts = [profile.times(0.0)]
    for shift in range(most + 1):
        here = profile.amounts * chances[:, shift]
        if here.any():
            parts.append(Profile(profile.things, profile.offsets + shift, here, profile.treated))
    rest = profile.amounts * np.clip(1.0 - chances.sum(axis=1), 0.0, 1.0)
    parts.append(Profile(profile.things, np.maximum(profile.offsets, most), rest, profile.treated))
    return joined(parts)


def _sums(offsets: Whole, delay: Lengths, most: int) -> Floats:
    """By entry and number of days: the chance that the delays begun so far come to just that (Panjer's recursion)."""
    means = delay.daily * offsets
    found = np.zeros((len(offsets), most + 1))
    found[:, 0] = np.exp(-means)
    for total in range(1, most + 1):
        for days, chance in zip(delay.days, delay.chances, strict=True):
            if days <= total:
                found[:, total] += means * chance * days / total * found[:, total - days]
    return found


# ---------------------------------------------------------------- drawn


def _begun(
    lengths: Lengths, subjects: int, last: int, random: np.random.Generator
) -> tuple[Whole, Floats, Whole]:  # fmt: skip
    """For each beginning up to the last day: whose it is, when, and how many days it lasts."""
    numbers = random.poisson(lengths.daily * last, subjects)
    whose = np.repeat(np.arange(subjects), numbers)
    when = random.random(len(whose)) * last
    long = random.choice(np.array(lengths.days), len(whose), p=lengths.chances)
    return whose, when, long


def _drawn_delays(offsets: Whole, delay: Lengths, subjects: int, random: np.random.Generator) -> Whole:
    last = max(int(offsets.max()), 1)
    whose, when, long = _begun(delay, subjects, last, random)
    added = np.zeros((subjects, last + 2), np.int64)
    np.add.at(added, (whose, np.ceil(when).astype(np.int64)), long)
    return np.cumsum(added, axis=1)[:, np.maximum(offsets, 0)]


def _drawn_free(offsets: Whole, hold: Lengths, random: np.random.Generator) -> NDArray[np.bool_]:
    subjects, last = len(offsets), max(int(offsets.max()), 1)
    whose, when, long = _begun(hold, subjects, last, random)
    begun = np.ceil(when).astype(np.int64)
    edges = np.zeros((subjects, last + 2), np.int64)
    np.add.at(edges, (whose, begun), 1)
    np.add.at(edges, (whose, np.minimum(np.ceil(when + long).astype(np.int64), last + 1)), -1)
    held = np.cumsum(edges, axis=1) > 0
    free: NDArray[np.bool_] = ~np.take_along_axis(held, np.maximum(offsets, 0), axis=1) | (offsets <= 0)
    return free


# ---------------------------------------------------------------- as declared


def read_leaving(text: str, option: str) -> Curve | Hazard:
    """A share that leaves each month (``2 %/mo``), or the path of a csv file with the columns day (or month), in."""
    found = _HAZARD.fullmatch(text.strip())
    if found is not None:
        share = Fraction(found[1]) / 100
        if not 0 <= share <= 1:
            raise RegimenError(f"{option} {text!r}: {found[1]} % is no probability; give 0 to 100 %.")
        return Hazard(float(share), f"{found[1]} % of those still in leave in each month of 30.4375 days")
    if not text.strip().lower().endswith((".csv", ".parquet")):
        raise RegimenError(
            f'{option} {text!r} is not understood; write a share that leaves each month, such as "2 %/mo", or the '
            "name of a csv file with the columns day and in."
        )
    return _read_curve(text.strip())


def _read_curve(path: str) -> Curve:
    rows = read_rows(path)
    unit = "month" if "month" in rows.columns else "day"
    rows.known_columns((unit, "in"), ())
    points: list[tuple[float, float]] = []
    for line, row in rows:
        try:
            day, share = Fraction(row[unit]), Fraction(row["in"])
        except (ValueError, ZeroDivisionError):
            rows.complain(line, f"{unit}, in", f"{row[unit]!r}, {row['in']!r} are not two numbers", "write 90 and 0.95")
            continue
        days = float(day * (MONTH if unit == "month" else 1))
        if not 0 <= share <= 1:
            rows.complain(line, "in", f"{row['in']} is no probability", "write 0 to 1; 95 % is 0.95")
        if points and days <= points[-1][0]:
            rows.complain(line, unit, f"{row[unit]} is not after the row before", "write the rows in order of time")
        if points and float(share) > points[-1][1]:
            rows.complain(line, "in", f"{row['in']} is more than in the row before", "who left does not come back")
        points.append((days, float(share)))
    if not rows.problems and points[0] != (0.0, 1.0):
        rows.complain(rows.rows[0][0], unit, "the curve does not begin with everybody in", f"begin with {unit} 0, in 1")
    rows.settle()
    last = f"{points[-1][0]:.10g}"
    how = f"straight lines between its {len(points)} points, unchanged after day {last}"
    said = f"by the curve of {Path(path).name}, {how}"
    return Curve(tuple(day for day, _ in points), tuple(share for _, share in points), said)


def read_lengths(text: str, option: str) -> Lengths:
    """How often a month, and how long: ``0.1/mo: 7 d 70 %, 14 d 30 %``."""
    example = f'{option} "0.1/mo: 7 d 70 %, 14 d 30 %"'
    found = _EVENTS.fullmatch(text.strip())
    parts = [_LENGTH.fullmatch(part.strip()) for part in found[2].split(",")] if found is not None else []
    if found is None or not all(parts):
        raise RegimenError(f"{option} {text!r} is not understood; write how often a month and how long: {example}.")
    days = [int(part[1]) for part in parts if part is not None]
    shares = [Fraction(part[2] or "100") / 100 for part in parts if part is not None]
    if sum(shares) != 1:
        raise RegimenError(f"{option} {text!r}: the chances come to {float(sum(shares) * 100):g} %, not 100 %.")
    if not all(1 <= n <= 1000 for n in days):
        raise RegimenError(f"{option} {text!r}: a length is 1 to 1,000 days.")
    if Fraction(found[1]) > 30:
        raise RegimenError(f"{option} {text!r}: {found[1]} a month is more than one a day; give at most 30.")
    said = f"{found[1]} a month of 30.4375 days on average, begun at random: {found[2].strip()}"
    return Lengths(float(Fraction(found[1])), tuple(days), tuple(map(float, shares)), said)
