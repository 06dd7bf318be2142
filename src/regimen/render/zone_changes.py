"""When does a time zone change its clock, and from what to what?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZERO = timedelta(0)
SECOND = timedelta(seconds=1)
# The zone data hold no two changes of one zone that are nearer than six days and 22 hours.
_STEP = timedelta(days=5)

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
"""Between these two, every zone's local time is a date that can be written."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a zone's clock shows at one moment: ahead of UTC by ``offset``, of that ``dst`` for summer time."""

    offset: timedelta
    name: str
    dst: timedelta = field(compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A zone's clock before and from one moment (UTC, to the second)."""

    moment: datetime
    before: Clock
    after: Clock

    @property
    def local(self) -> datetime:
        """The moment as the clock would have shown it without the change."""
        return (self.moment + self.before.offset).replace(tzinfo=None)

    @property
    def seasonal(self) -> bool:
        """Whether summer time has to do with it, as the exception or as the rule."""
        return self.before.dst != ZERO or self.after.dst != ZERO


def clock_at(zone: ZoneInfo, moment: datetime) -> Clock:
    """The zone's clock at a moment given in UTC."""
    local = moment.astimezone(zone)
    return Clock(local.utcoffset() or ZERO, local.tzname() or "", local.dst() or ZERO)


def changes(zone: ZoneInfo, opening: datetime, closing: datetime) -> Iterator[Change]:
    """Each change of the zone's clock after one moment (UTC) and up to another, in order."""
    moment, clock = opening, clock_at(zone, opening)
    while moment < closing:
        later = min(moment + _STEP, closing)
        if clock_at(zone, later) != clock:
            later = _first_of_another_clock(zone, moment, later)
            following = clock_at(zone, later)
            yield Change(later, clock, following)
            clock = following
        moment = later


def _first_of_another_clock(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    clock = clock_at(zone, early)
    while late - early > SECOND:
        middle = early + (late - early) // (2 * SECOND) * SECOND
        early, late = (middle, late) if clock_at(zone, middle) == clock else (early, middle)
    return late
