"""How is a day, a time or a stretch of time printed, so that nobody in any country reads another one?"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from regimen.events import day_of
from regimen.timing import WEEKDAY_WORDS, WEEKDAYS

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in_words(day: date) -> str:
    """A day with its weekday, such as ``Mon 4 Jan 2027``, the same in every locale."""
    return f"{day_without_year(day)} {day.year:04d}"


def moment_in_words(moment: date | datetime, *, zone: bool = True) -> str:
    """A day, or a day with its time and time zone; leave the zone out only where it is said once for all."""
    words = day_in_words(day_of(moment))
    if not isinstance(moment, datetime):
        return words
    return f"{words} {clock_in_words(moment)}{_zone_suffix(moment, zone)}"


def span_in_words(start: date | datetime, end: date | datetime, *, zone: bool = True) -> str:
    """From start to end in full, such as ``Mon 5 Jan 2026 – Sun 11 Jan 2026``; a point in time is said once."""
    if _same_moment(start, end):
        return moment_in_words(start, zone=zone)
    if isinstance(start, datetime) and isinstance(end, datetime) and start.tzinfo is end.tzinfo:
        return _span_of_times(start, end, zone)
    return f"{moment_in_words(start, zone=zone)} – {moment_in_words(end, zone=zone)}"


def zone_in_words(zone: tzinfo | None) -> str:
    """The name of a time zone, such as ``Europe/Berlin``; empty for none."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    return zone.tzname(None) or str(zone)


def day_without_year(day: date) -> str:
    """Where the year is said beside it: ``Mon 4 Jan``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def clock_in_words(moment: datetime) -> str:
    """The time on a 24-hour clock: ``08:00``; midnight says which of the two it is."""
    clock = moment.strftime("%H:%M:%S") if moment.second else moment.strftime("%H:%M")
    # Which of its two midnights a date means is a known source of doses on the wrong day.
    return f"{clock} (start of day)" if clock == "00:00" else clock


def _zone_suffix(moment: datetime, zone: bool) -> str:
    name = f" {zone_in_words(moment.tzinfo)}" if zone and moment.tzinfo else ""
    return f"{name} ({_utc_offset(moment)})" if happens_twice(moment) else name


def happens_twice(moment: datetime) -> bool:
    """Whether the clock shows this time twice that day, because it is set back."""
    if moment.tzinfo is None:
        return False
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def is_skipped(moment: datetime) -> bool:
    """Whether the clock never shows this time, because it is set forward over it."""
    if moment.tzinfo is None:
        return False
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    return first is not None and second is not None and first < second


def _utc_offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def _span_of_times(start: datetime, end: datetime, zone: bool) -> str:
    if start.date() == end.date() and not happens_twice(start):
        return f"{day_in_words(start.date())} {clock_in_words(start)}–{clock_in_words(end)}{_zone_suffix(end, zone)}"
    return f"{moment_in_words(start, zone=False)} – {moment_in_words(end, zone=zone)}"


def _same_moment(start: date | datetime, end: date | datetime) -> bool:
    return isinstance(start, datetime) == isinstance(end, datetime) and start == end and _fold(start) == _fold(end)


def _fold(moment: date | datetime) -> int:
    return moment.fold if isinstance(moment, datetime) else 0


def weekly_in_words(weekday: int) -> str:
    """For a drug given once a week (Monday = 0): taken daily by mistake, such drugs have killed."""
    return f"only on {WEEKDAY_WORDS[weekday]}s, on no other day"
