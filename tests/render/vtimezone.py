"""A reader of VTIMEZONE of the tests' own, after the wording of RFC 5545 3.6.5 alone, and what a zone itself says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@dataclass(frozen=True)
class Onset:
    """Where one observance begins: in UTC, on the clock that ends there, and the offset from then on."""

    moment: datetime
    local: datetime
    before: timedelta
    after: timedelta


def timezone_lines(content: bytes) -> list[str]:
    """The unfolded lines of the first VTIMEZONE in a file, without its BEGIN and END."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return lines[lines.index("BEGIN:VTIMEZONE") + 1 : lines.index("END:VTIMEZONE")]


def onsets_of(lines: Sequence[str], until_year: int) -> list[Onset]:
    """Every onset of every observance up to the end of a year, in order."""
    found = [onset for properties in _observances(lines) for onset in _onsets(properties, until_year)]
    return sorted(found, key=lambda onset: onset.moment)


def offset_at(onsets: Sequence[Onset], moment: datetime) -> timedelta:
    """The offset at a moment in UTC: that of the last onset at or before it. Nothing is known before the first."""
    index = bisect_right(onsets, moment, key=lambda onset: onset.moment)
    assert index, f"{moment} is before the first onset"
    return onsets[index - 1].after


def offset_of_local(onsets: Sequence[Onset], local: datetime) -> timedelta:
    """The offset of a clock time: that of the last onset at or before it, each read on the clock that ends there."""
    index = bisect_right(onsets, local, key=lambda onset: onset.local)
    assert index, f"{local} is before the first onset"
    return onsets[index - 1].after


def _observances(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    assert lines[0].startswith("TZID:")
    properties: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            properties = {"kind": value}
        elif name == "END":
            assert value == properties["kind"] in ("STANDARD", "DAYLIGHT")
            yield properties
        else:
            assert name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE")
            assert name not in properties
            properties[name] = value


def _onsets(properties: dict[str, str], until_year: int) -> Iterator[Onset]:
    start = datetime.strptime(properties["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a local time
    before, after = _offset(properties["TZOFFSETFROM"]), _offset(properties["TZOFFSETTO"])
    for day in _days(start.date(), properties.get("RRULE", ""), until_year):
        local = datetime.combine(day, start.time())
        yield Onset((local - before).replace(tzinfo=UTC), local, before, after)


def _days(start: date, rrule: str, until_year: int) -> Iterator[date]:
    if not rrule:
        yield start
        return
    parts = dict(part.split("=") for part in rrule.split(";"))
    assert parts.pop("FREQ") == "YEARLY"
    by_day, month = parts.pop("BYDAY"), int(parts.pop("BYMONTH"))
    assert not parts
    days = [_day(year, month, by_day) for year in range(start.year, until_year + 1)]
    assert start in days, "DTSTART is the first of its own rule"
    yield from (day for day in days if day >= start)


def _day(year: int, month: int, by_day: str) -> date:
    days = [date(year, 1, 1) + n * DAY for n in range(366)]
    month_days = [day for day in days if (day.year, day.month) == (year, month)]
    matching = [day for day in month_days if WEEKDAYS[day.weekday()] == by_day[-2:]]
    nth = int(by_day[:-2])
    return matching[nth - 1] if nth > 0 else matching[nth]


def _offset(text: str) -> timedelta:
    numbers = [int(text[n : n + 2]) for n in range(1, len(text), 2)]
    hours, minutes, seconds = [*numbers, 0][:3]
    return (-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def own_changes(zone: ZoneInfo, first: date, last: date) -> list[datetime]:
    """The moments, to the second, at which the zone's own offset changes between two days, found day by day."""
    days = [datetime(first.year, first.month, first.day, tzinfo=UTC) + n * DAY for n in range((last - first).days + 1)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    pairs = zip(days, offsets, offsets[1:], strict=False)
    return [_moment(zone, day, offset) for day, offset, following in pairs if offset != following]


def _moment(zone: ZoneInfo, day: datetime, offset: timedelta | None) -> datetime:
    seconds = range(1, 86_401)
    return (
        day
        + seconds[bisect_right(seconds, False, key=lambda n: (day + n * SECOND).astimezone(zone).utcoffset() != offset)]
        * SECOND
    )
