"""Which clock changes must a calendar file carry so that its local times mean the same moments everywhere?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_ZERO = timedelta(0)
_STEP = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """From ``start``, read on the clock as it was until then, local time is ``after`` ahead of UTC."""

    start: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


@dataclass(frozen=True, slots=True)
class _Clock:
    """What the zone's clock shows at one moment: ahead of UTC by ``offset``, of that ``dst`` for summer time."""

    offset: timedelta
    dst: timedelta
    name: str


def observances(zone: ZoneInfo, first: date, last: date) -> tuple[Observance, ...]:
    """The clock before ``first`` and each change up to the day after ``last``, one observance for each."""
    opening = datetime(max(first.year, 2) - 1, 12, 31, tzinfo=UTC)
    closing = datetime.combine(min(last, date.max - 3 * _STEP), datetime.min.time(), UTC) + 2 * _STEP
    clock = _clock(zone, opening)
    base = Observance(
        (opening + clock.offset).replace(tzinfo=None), clock.offset, clock.offset, clock.name, clock.dst > _ZERO
    )
    return (base, *_changes(zone, opening, closing))


def _changes(zone: ZoneInfo, opening: datetime, closing: datetime) -> Iterator[Observance]:
    moment, clock = opening, _clock(zone, opening)
    while moment < closing:
        following = _clock(zone, moment + _STEP)
        if following != clock:
            yield _observance(_moment_of_change(zone, moment), clock, following)
        moment, clock = moment + _STEP, following


def _observance(moment: datetime, before: _Clock, after: _Clock) -> Observance:
    start = (moment + before.offset).replace(tzinfo=None)
    # Ireland and Morocco record winter or Ramadan time as the exception; readers expect daylight time to be ahead.
    seasonal = before.dst != _ZERO or after.dst != _ZERO
    return Observance(start, before.offset, after.offset, after.name, seasonal and after.offset > before.offset)


def _moment_of_change(zone: ZoneInfo, opening: datetime) -> datetime:
    """The first second of the new clock, within a day after the opening."""
    clock = _clock(zone, opening)
    early, late = opening, opening + _STEP
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        early, late = (middle, late) if _clock(zone, middle) == clock else (early, middle)
    return late


def _clock(zone: ZoneInfo, moment: datetime) -> _Clock:
    local = moment.astimezone(zone)
    return _Clock(local.utcoffset() or _ZERO, local.dst() or _ZERO, local.tzname() or "")
