"""On which day does each participant enter? Exact counting of expected participants; no rounding but the one stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from fractions import Fraction
from heapq import merge
from itertools import takewhile
from math import ceil

from regimen.errors import RegimenError
from regimen.events import day_of
from regimen.moments import shifted
from regimen.timing import Counting, Elapsed, Span

MOST_PARTICIPANTS = 100_000
MOST_YEARS = 100
RULE = "Participant k enters on the first day by whose end k participants are expected."


@dataclass(frozen=True, slots=True)
class Piece:
    """So many days in which participants are expected evenly."""

    first: date
    days: int
    expected: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """So many participants in each length of time, such as 6 a month."""

    participants: Fraction
    per: Span

    def __str__(self) -> str:
        return f"{plain(self.participants)}/{self.per.unit}"


@dataclass(frozen=True, slots=True)
class Stream:
    """One source of participants: a whole study, a site, or the rows of a file."""

    cohort: str
    pieces: Iterable[Piece]
    """In order of time; may never end."""
    most: int | None = None
    """How many it brings at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One participant: the number in the study, the day in, and the cohort, such as a site; empty for none."""

    number: int
    day: date
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class Accrual:
    """How participants come in, in words, and everybody's day."""

    starts: date
    entries: tuple[Entry, ...]
    how: tuple[str, ...]
    """Sentences: what was given, what was computed from it, and what was rounded."""
    asked: int
    """How many there should be."""
    cohorts: tuple[str, ...] = ()

    def in_by(self, day: date) -> int:
        """How many are in by the end of a day."""
        return sum(entry.day <= day for entry in self.entries)


def entries_of(streams: Iterable[Stream], most: int | None) -> tuple[Entry, ...]:
    """Everybody's day, in order of time; on one day in the order of the streams; no more than ``most``."""
    ordered = merge(*(_ranked(stream, rank) for rank, stream in enumerate(streams)))
    limit = MOST_PARTICIPANTS + 1 if most is None else most
    found = [Entry(n, day, cohort) for (day, _, cohort), n in zip(ordered, range(1, limit + 1), strict=False)]
    if len(found) > MOST_PARTICIPANTS:
        raise RegimenError(f"there are more than {MOST_PARTICIPANTS:,} participants; say how many there are.")
    return tuple(found)


def _ranked(stream: Stream, rank: int) -> Iterator[tuple[date, int, str]]:
    days = days_in(stream.pieces)
    for number, day in enumerate(days, start=1):
        if stream.most is not None and number > stream.most:
            return
        yield day, rank, stream.cohort


def days_in(pieces: Iterable[Piece]) -> Iterator[date]:
    """The day of participant 1, 2, 3, …: the first by whose end so many are expected."""
    before, number = Fraction(0), 1
    for piece in pieces:
        while number <= before + piece.expected:
            yield piece.first + timedelta(days=ceil((number - before) * piece.days / piece.expected) - 1)
            number += 1
        before += piece.expected


def expected(pieces: Iterable[Piece]) -> Fraction:
    """How many are expected in all."""
    return sum((piece.expected for piece in pieces), Fraction(0))


def steady(starts: date, rate: Rate, counting: Counting, before: date | None = None) -> Iterator[Piece]:
    """The same number in each unit of time counted from the start, until before a day; a part of a unit by its days."""
    last_year = min(MAXYEAR - 1, starts.year + MOST_YEARS)
    steps = (after(starts, rate.per.times(k), counting) for k in range(1, 400 * MOST_YEARS))
    first = starts
    for following in takewhile(lambda day: day.year <= last_year, steps):
        if before is not None and before <= following:
            if first < before:
                yield Piece(first, (before - first).days, rate.participants * (before - first).days
                            / (following - first).days)  # fmt: skip
            return
        yield Piece(first, (following - first).days, rate.participants)
        first = following


def after(starts: date, length: Span, counting: Counting) -> date:
    """The day a length of time after another, months as the study counts them."""
    offset = counting.offset(length)
    if isinstance(offset, Elapsed):
        raise RegimenError(f"{length} is too short for accrual; write days, weeks, months or years, such as 12 mo.")
    try:
        return day_of(shifted(starts, offset))
    except (OverflowError, ValueError):
        raise RegimenError(
            f"{length} after {starts.isoformat()} is outside the calendar; write a shorter one."
        ) from None


def plain(number: Fraction) -> str:
    """A number without rounding: ``6``, ``2.5``, or ``2 1/3``."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and number.denominator <= 1000:
        return f"{float(number):.10f}".rstrip("0")
    whole, part = divmod(number.numerator, number.denominator)
    return f"{whole:,} {part}/{number.denominator}" if whole else f"{part}/{number.denominator}"
