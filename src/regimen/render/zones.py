"""Which clock changes must a calendar file carry so that its local times mean the same moments everywhere?"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from regimen.render.zone_changes import EARLIEST, LATEST, SECOND, Change, changes, clock_at

_ONE_DAY = timedelta(days=1)
_YEARS_AHEAD = 10
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Once a year without end: in ``month`` the ``nth`` (1 to 4, or -1 for the last) ``weekday`` (Monday is 0)."""

    month: int
    nth: int
    weekday: int

    @property
    def rrule(self) -> str:
        """The value of the observance's RRULE."""
        return f"FREQ=YEARLY;BYDAY={self.nth}{_WEEKDAYS[self.weekday]};BYMONTH={self.month}"

    def day_in(self, year: int) -> date:
        """The day the rule means in a year."""
        if self.nth < 0:
            end = date(year, self.month, calendar.monthrange(year, self.month)[1])
            return end - (end.weekday() - self.weekday) % 7 * _ONE_DAY
        begin = date(year, self.month, 1)
        return begin + ((self.weekday - begin.weekday()) % 7 + 7 * (self.nth - 1)) * _ONE_DAY


@dataclass(frozen=True, slots=True)
class Observance:
    """From ``start``, read on the clock as it was until then, local time is ``after`` ahead of UTC.

    With a ``repeat`` it begins again each later year, on the day of the rule and at the same clock time.
    """

    start: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool
    repeat: Repeat | None = None


def observances(zone: ZoneInfo, first: date, last: date) -> tuple[Observance, ...]:
    """What to write so that all from the day before ``first`` to the day after ``last`` has the zone's own offset.

    A zone that keeps to yearly rules gets one repeated observance for each, begun the year before: the form that
    every program reads alike. Otherwise the clock before ``first`` comes first, then each change of those years
    singly, or singly up to the year from which rules hold. No rule has an end: some programs compare it with the
    wrong clock, others pass over it; so what ends within the ten years to come is written singly as well.
    """
    return _over_years(zone, first.year, (min(last, date.max - 2 * _ONE_DAY) + 2 * _ONE_DAY).year)


@lru_cache(maxsize=128)
def _over_years(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Observance, ...]:
    opening = datetime(first_year - 1, 12, 30, tzinfo=UTC) if first_year > 1 else EARLIEST
    closing = datetime(last_year + 1, 1, 1, tzinfo=UTC) if last_year < LATEST.year else LATEST
    found = tuple(changes(zone, opening, closing))
    rules = _rules(zone, found, first_year, last_year)
    since = min((rule.start.year for rule in rules), default=last_year + 2)
    if since < first_year:
        return rules
    singles = (_observance(change) for change in found if change.local.year < since)
    return (_base(zone, opening, found), *singles, *rules)


def _base(zone: ZoneInfo, opening: datetime, found: Sequence[Change]) -> Observance:
    clock = clock_at(zone, opening)
    start = (opening + clock.offset).replace(tzinfo=None)
    # Some programs look for standard time and for nothing else; so a clock that stays is standard time.
    daylight = bool(found) and found[0].seasonal and found[0].after.offset < clock.offset
    return Observance(start, clock.offset, clock.offset, clock.name, daylight)


def _observance(change: Change, start: datetime | None = None, repeat: Repeat | None = None) -> Observance:
    before, after = change.before.offset, change.after.offset
    # Ireland and Morocco record winter or Ramadan time as the exception; readers expect daylight time to be ahead.
    daylight = change.seasonal and after > before
    return Observance(start or change.local, before, after, change.after.name, daylight, repeat)


def _rules(zone: ZoneInfo, found: Sequence[Change], first_year: int, last_year: int) -> tuple[Observance, ...]:
    """A repeated observance for each change of the last year, or none unless together they tell all from then on."""
    final = [change for change in found if change.local.year >= last_year]
    if not final or final[0].before != final[-1].after or final[-1].local.year > last_year:
        return ()
    ruled = [(change, repeat) for change in final if (repeat := _repeat(zone, change))]
    if len(ruled) < len(final):
        return ()
    year, numbers = last_year, Counter(change.local.year for change in found)
    # The year before the first was not searched; it is asked for the rules alone.
    numbers[first_year - 1] = len(final)
    while year >= max(first_year, 2) and numbers[year - 1] == len(final) and _all_hold(zone, ruled, year - 1):
        year -= 1
    return tuple(_observance(change, _start(change, repeat, year), repeat) for change, repeat in ruled)


def _repeat(zone: ZoneInfo, change: Change) -> Repeat | None:
    """The rule that the change follows, this year and in those to come."""
    year = change.local.year
    years = range(year, min(year + _YEARS_AHEAD, LATEST.year - 1) + 1)
    candidates = _repeats_of(change.local)
    return next((one for one in candidates if all(_all_hold(zone, [(change, one)], year) for year in years)), None)


def _repeats_of(local: datetime) -> Iterator[Repeat]:
    """The rules by which a change can fall on this day."""
    nth = (local.day - 1) // 7 + 1
    if local.day + 7 > calendar.monthrange(local.year, local.month)[1]:
        yield Repeat(local.month, -1, local.weekday())
    if nth < 5:
        yield Repeat(local.month, nth, local.weekday())


def _all_hold(zone: ZoneInfo, ruled: Sequence[tuple[Change, Repeat]], year: int) -> bool:
    """Whether the same changes happen in a year as well, to the second."""
    moments = ((change, _start(change, repeat, year) - change.before.offset) for change, repeat in ruled)
    exact = ((change, moment.replace(tzinfo=UTC)) for change, moment in moments)
    return all(clock_at(zone, at - SECOND) == c.before and clock_at(zone, at) == c.after for c, at in exact)


def _start(change: Change, repeat: Repeat, year: int) -> datetime:
    return datetime.combine(repeat.day_in(year), change.local.time())
