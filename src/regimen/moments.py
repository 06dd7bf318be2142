"""What is a moment moved by an offset? Days and months keep the wall clock, elapsed time does not; zones are real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from regimen.errors import DatingError
from regimen.events import DatedWindow
from regimen.timing import MONTH_WORDS, MONTHS, WEEKDAYS, Days, Elapsed, Months, Nth, Offset, Span, Window

Moment = date | datetime


def shifted(moment: Moment, offset: Offset) -> Moment:
    """A moment moved by an offset: days and months keep the wall clock, elapsed time does not."""
    match offset:
        case Days(n):
            return moment + timedelta(days=n) if n else moment
        case Months(n):
            return moment + relativedelta(months=n)
        case Nth(k, weekdays):
            return moment + timedelta(days=_nth_weekday(moment.weekday(), k, weekdays))
        case Elapsed(minutes):
            return _elapsed(moment, minutes)


def _nth_weekday(start: int, k: int, weekdays: tuple[int, ...]) -> int:
    weeks, index = divmod(k, len(weekdays))
    return sorted((day - start) % 7 for day in weekdays)[index] + 7 * weeks


def _elapsed(moment: Moment, minutes: int) -> Moment:
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            return moment + timedelta(minutes=minutes)
        return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)
    if minutes % 1440 == 0:
        return moment + timedelta(days=minutes // 1440)
    raise NeedsClock


def spoken(moment: Moment) -> str:
    """A day as people read it, such as ``Mon 4 Jan 2027``, with its time if it has one."""
    words = f"{WEEKDAYS[moment.weekday()]} {moment.day} {MONTH_WORDS[moment.month - 1][:3]} {moment.year:04d}"
    return f"{words} {moment:%H:%M}" if isinstance(moment, datetime) else words


def localised(moment: Moment, zone: ZoneInfo | None) -> Moment:
    """A clock time in ``zone``: read there if it has none, told there if it has only a distance from UTC.

    A day, or a time that has a zone of its own, stays as it is.
    """
    if zone is None or not isinstance(moment, datetime) or isinstance(moment.tzinfo, ZoneInfo):
        return moment
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def as_recorded(moment: Moment, zone: ZoneInfo | None) -> Moment:
    """A recorded time in the calendar's zone; in a calendar without one, the clock time as it was written."""
    if zone is None and isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return localised(moment, zone)


class NeedsClock(Exception):
    """Hours were counted from a day without a time."""


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """A time zone from the tzdata package, so that results do not depend on the machine."""
    from importlib.resources import files  # slow to import, and only clock times need it

    parts = name.split("/")
    if all(part and part.strip(".") and "\\" not in part for part in parts):
        resource = files("tzdata").joinpath("zoneinfo", *parts)
        if resource.is_file():
            with resource.open("rb") as file:
                return ZoneInfo.from_file(file, key=name)
    raise DatingError(f"there is no time zone {name!r}; give an IANA name such as Europe/Berlin or America/New_York.")


def comparable(moment: Moment) -> tuple[date, str]:
    """A key that orders days and moments together: a day comes before its times."""
    if not isinstance(moment, datetime):
        return moment, ""
    exact = moment if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.date(), exact.isoformat()


def window_around(start: Moment, window: Window | None) -> DatedWindow | None:
    """The dated window around a planned moment; days and months keep the wall clock."""
    if window is None:
        return None
    return DatedWindow(_moved(start, window.early, -1), _moved(start, window.late, 1))


def _moved(start: Moment, span: Span, sign: int) -> Moment:
    """``span`` early (sign -1) or late; hours around a whole day stay on that day."""
    if span.days is not None:
        return start + timedelta(days=sign * span.days)
    if span.minutes is not None:
        return _elapsed(start, sign * span.minutes) if isinstance(start, datetime) else start
    return shifted(start, Months(sign * span.n * MONTHS[span.unit]))


def checked_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Refuse a wall-clock time that the clocks jump over; the note for one that comes twice, else nothing."""
    where = f"{moment:%H:%M} on {moment.date().isoformat()}"
    if moment.astimezone(UTC).astimezone(zone).replace(fold=0) != moment.replace(fold=0):
        raise DatingError(
            f"{where} does not exist in {zone.key}, because the clocks jump over it; choose another time."
        )
    if moment.fold == 0 and moment.utcoffset() != moment.replace(fold=1).utcoffset():
        return f"{where} happens twice in {zone.key}, because the clocks go back; the first is meant."
    return ""


def last_given(id: str, moments: Mapping[str, Moment], stops: Mapping[str, Moment]) -> Moment:
    """The last day on which something is still given; a timed dose's own end."""
    stop, moment = stops.get(id), moments[id]
    if stop is None or isinstance(moment, datetime):
        return stop if stop is not None else moment
    return max(moment, stop)
