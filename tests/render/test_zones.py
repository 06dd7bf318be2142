"""Do the written clock changes put every local time where the time zone itself puts it?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st
from tests.render.samples import calendar, event
from tests.render.vtimezone import (
    DAY,
    SECOND,
    Onset,
    offset_at,
    offset_of_local,
    onsets_of,
    own_changes,
    timezone_lines,
)

from regimen.moments import zone_named
from regimen.render.ics import as_ics
from regimen.render.zones import Observance, Repeat, observances

ZONE_FILES = files("tzdata").joinpath("zoneinfo")
KEYS = sorted(set(files("tzdata").joinpath("zones").read_text().split()) - {"UTC", "Etc/UTC"})
FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """The names of all zones, those with the same data together; times in UTC itself need no VTIMEZONE."""
    names: dict[bytes, list[str]] = {}
    for key in KEYS:
        names.setdefault(ZONE_FILES.joinpath(*key.split("/")).read_bytes(), []).append(key)
    return tuple(map(tuple, names.values()))


@cache
def changes_of(key: str) -> tuple[datetime, ...]:
    return tuple(own_changes(zone_named(key), FIRST - DAY, LAST + 2 * DAY))


@cache
def lines_for(key: str, first: date, last: date) -> list[str]:
    """The VTIMEZONE of a file with a visit at noon of the first day and of the last."""
    zone = zone_named(key)
    visits = [event(start=datetime.combine(day, time(12), zone)) for day in sorted({first, last})]
    return timezone_lines(as_ics(calendar(visits)))


def samples(first: date, last: date, changes: tuple[datetime, ...]) -> list[datetime]:
    """Moments from the day before to the day after: around each change, each month, both edges."""
    opening, closing = (datetime.combine(day, time(), UTC) for day in (first - DAY + DAY / 2, last + DAY))
    days = [*range((last - first).days)][::29]
    moments = [opening + timedelta(days=n, hours=12) for n in days] + [closing + timedelta(hours=12)]
    moments += [change + shift for change in changes for shift in (-SECOND, 0 * SECOND, SECOND)]
    return [moment for moment in moments if opening <= moment <= closing + timedelta(hours=12)]


def differences(lines: list[str], zone: ZoneInfo, moments: list[datetime]) -> list[str]:
    """The moments, and the clock times at them, to which the lines give another offset than the zone."""
    onsets = onsets_of(lines, max(moments).year + 1)
    return [*_of_moments(onsets, zone, moments), *_of_clock_times(onsets, zone, moments)]


def _of_moments(onsets: list[Onset], zone: ZoneInfo, moments: list[datetime]) -> Iterator[str]:
    for moment in moments:
        if offset_at(onsets, moment) != moment.astimezone(zone).utcoffset():
            yield f"{zone.key} {moment}"


def _of_clock_times(onsets: list[Onset], zone: ZoneInfo, moments: list[datetime]) -> Iterator[str]:
    for moment in moments:
        local = moment.astimezone(zone).replace(fold=0)  # of a time that comes twice, the first is meant
        if offset_of_local(onsets, local.replace(tzinfo=None)) != local.utcoffset():
            yield f"{zone.key} {local}"


def rows_of(key: str, first: date, last: date) -> list[str]:
    return [row_of(one) for one in observances(zone_named(key), first, last)]


def row_of(one: Observance) -> str:
    """An observance in short: when, from what to what, which kind, which rule."""
    kind = "daylight" if one.daylight else "standard"
    rule = one.repeat.rrule.removeprefix("FREQ=YEARLY;") if one.repeat else "once"
    return f"{one.start:%Y-%m-%d %H:%M} {hours(one.before)} to {hours(one.after)} {one.name} {kind} {rule}"


def hours(offset: timedelta) -> str:
    return f"{offset / timedelta(hours=1):+g}"


TABLE = {
    "the last Sundays of March and October": ("Europe/Berlin", (2027, 2, 1), (2028, 11, 30), [
        "2026-03-29 02:00 +1 to +2 CEST daylight BYDAY=-1SU;BYMONTH=3",
        "2026-10-25 03:00 +2 to +1 CET standard BYDAY=-1SU;BYMONTH=10",
    ]),
    "a single day, the same form": ("America/New_York", (2027, 7, 1), (2027, 7, 1), [
        "2026-03-08 02:00 -5 to -4 EDT daylight BYDAY=2SU;BYMONTH=3",
        "2026-11-01 02:00 -4 to -5 EST standard BYDAY=1SU;BYMONTH=11",
    ]),
    "the south, half an hour, standard time first": ("Australia/Lord_Howe", (2027, 1, 1), (2027, 12, 31), [
        "2026-04-05 02:00 +11 to +10.5 +1030 standard BYDAY=1SU;BYMONTH=4",
        "2026-10-04 02:00 +10.5 to +11 +11 daylight BYDAY=1SU;BYMONTH=10",
    ]),
    "winter recorded as the exception": ("Europe/Dublin", (2027, 1, 1), (2027, 12, 31), [
        "2026-03-29 01:00 +0 to +1 IST daylight BYDAY=-1SU;BYMONTH=3",
        "2026-10-25 02:00 +1 to +0 GMT standard BYDAY=-1SU;BYMONTH=10",
    ]),
    "Ramadan as the exception, by the moon": ("Africa/Casablanca", (2023, 5, 1), (2024, 3, 1), [
        "2022-12-30 01:00 +1 to +1 +01 daylight once",
        "2023-03-19 03:00 +1 to +0 +00 standard once",
        "2023-04-23 02:00 +0 to +1 +01 daylight once",
        "2024-03-10 03:00 +1 to +0 +00 standard once",
        "2024-04-14 02:00 +0 to +1 +01 daylight once",
    ]),
    "the Friday before a Sunday is no nth Friday": ("Asia/Jerusalem", (2027, 6, 1), (2027, 6, 30), [
        "2026-12-30 02:00 +2 to +2 IST standard once",
        "2027-03-26 02:00 +2 to +3 IDT daylight once",
        "2027-10-31 02:00 +3 to +2 IST standard once",
    ]),
    "new rules in the span": ("America/New_York", (2006, 5, 1), (2008, 12, 1), [
        "2005-12-29 19:00 -5 to -5 EST standard once",
        "2006-04-02 02:00 -5 to -4 EDT daylight once",
        "2006-10-29 02:00 -4 to -5 EST standard once",
        "2007-03-11 02:00 -5 to -4 EDT daylight BYDAY=2SU;BYMONTH=3",
        "2007-11-04 02:00 -4 to -5 EST standard BYDAY=1SU;BYMONTH=11",
    ]),
    "rules that end within ten years": ("America/Mexico_City", (2021, 1, 1), (2022, 12, 1), [
        "2020-12-29 18:00 -6 to -6 CST standard once",
        "2021-04-04 02:00 -6 to -5 CDT daylight once",
        "2021-10-31 02:00 -5 to -6 CST standard once",
        "2022-04-03 02:00 -6 to -5 CDT daylight once",
        "2022-10-30 02:00 -5 to -6 CST standard once",
    ]),
    "the first half of a new round": ("Pacific/Norfolk", (2019, 11, 1), (2019, 11, 20), [
        "2018-12-30 11:00 +11 to +11 +11 standard once",
        "2019-10-06 02:00 +11 to +12 +12 daylight once",
    ]),
    "a new round, once it is full": ("Pacific/Norfolk", (2019, 11, 1), (2020, 2, 1), [
        "2018-12-30 11:00 +11 to +11 +11 standard once",
        "2019-10-06 02:00 +11 to +12 +12 daylight once",
        "2020-04-05 03:00 +12 to +11 +11 standard BYDAY=1SU;BYMONTH=4",
        "2020-10-04 02:00 +11 to +12 +12 daylight BYDAY=1SU;BYMONTH=10",
    ]),
    "no change at all": ("Asia/Tokyo", (2027, 1, 1), (2028, 12, 31), ["2026-12-30 09:00 +9 to +9 JST standard once"]),
    "summer time left for good": ("Europe/Istanbul", (2016, 12, 1), (2016, 12, 20), [
        "2015-12-30 02:00 +2 to +2 EET standard once",
        "2016-03-27 03:00 +2 to +3 EEST daylight once",
        "2016-09-07 00:00 +3 to +3 +03 standard once",
    ]),
    "a day left out": ("Pacific/Apia", (2012, 1, 1), (2012, 1, 1), [
        "2011-12-29 14:00 -10 to -10 -10 standard once",
        "2011-12-30 00:00 -10 to +14 +14 daylight once",
        "2012-04-01 04:00 +14 to +13 +13 standard once",
        "2012-09-30 03:00 +13 to +14 +14 daylight once",
    ]),
    "the last year": ("Europe/Berlin", (9999, 1, 1), (9999, 12, 31), [
        "9998-03-29 02:00 +1 to +2 CEST daylight BYDAY=-1SU;BYMONTH=3",
        "9998-10-25 03:00 +2 to +1 CET standard BYDAY=-1SU;BYMONTH=10",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("key", "first", "last", "rows"), TABLE.values(), ids=TABLE.keys())
def test_observances(key, first, last, rows):
    """Yearly rules where all changes follow them, begun the year before; else the clock before and each change once."""
    assert rows_of(key, date(*first), date(*last)) == rows


class Interrupted(tzinfo):
    """Berlin's clock, put to UTC+3 between two moments."""

    def __init__(self, *between):
        self.between = between

    def fromutc(self, moment):
        moment = moment.replace(tzinfo=UTC)
        if self.between[0] <= moment < self.between[1]:
            return moment.astimezone(timezone(timedelta(hours=3)))
        return moment.astimezone(zone_named("Europe/Berlin"))


@pytest.mark.parametrize(
    ("between", "singly_to"),
    [
        ((datetime(2027, 6, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)), 2027),
        ((datetime(2028, 6, 1, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC)), 2028),
        ((datetime(2026, 12, 30, 6, tzinfo=UTC), datetime(2027, 1, 6, tzinfo=UTC)), 2027),
    ],
)
def test_interrupted_rules(between, singly_to):
    """Rules are written from the first year that nothing interrupts, and each change before."""
    base, *written = observances(Interrupted(*between), date(2027, 2, 1), date(2029, 12, 1))
    assert base.repeat is None
    assert [one.start.year for one in written if one.repeat] == [singly_to + 1] * 2
    singles = [one for one in written if not one.repeat]
    assert len(singles) == 2 * (singly_to - 2026) + 2
    moments = [(one.start - one.before).replace(tzinfo=UTC) for one in singles]
    assert moments == sorted(moments)
    assert set(between) <= set(moments)


def test_first_year():
    """The first days of the calendar have a clock, that of the sun."""
    (only,) = observances(zone_named("Europe/Berlin"), date(1, 1, 3), date(1, 12, 31))
    assert (only.after, only.name, only.daylight) == (timedelta(minutes=53, seconds=28), "LMT", False)


def test_a_new_standard_time_is_not_daylight_time():
    """A zone that moves ahead for good, as Volgograd did on 28 Oct 2018, has standard time before and after."""
    base, change = observances(zone_named("Europe/Volgograd"), date(2018, 1, 1), date(2018, 12, 31))
    assert (base.daylight, change.daylight) == (False, False)
    assert (change.before, change.after) == (timedelta(hours=3), timedelta(hours=4))


@given(
    st.integers(1, 9999), st.integers(1, 12), st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6)
)  # fmt: skip
def test_day_of_a_repeat(year, month, nth, weekday):
    """In any year a repeat falls on the day on which dateutil puts its RRULE."""
    repeat = Repeat(month, nth, weekday)
    (day,) = rrule.rrulestr(f"{repeat.rrule};COUNT=1", dtstart=datetime(year, 1, 1))  # noqa: DTZ001
    assert repeat.day_in(year) == day.date()


def test_every_zone():
    """For all zones from 2020 to 2040, a reader of the file has the zone's offset at each change, before and after."""
    wrong = []
    for key, *_ in families():
        wrong += differences(lines_for(key, FIRST, LAST), zone_named(key), samples(FIRST, LAST, changes_of(key)))
    assert wrong == []


def test_every_zone_over_short_spans():
    """So it is for a single day, for the two weeks before and after a change, and for the day of a change."""
    wrong = []
    for key, *_ in families():
        changes = changes_of(key)
        spans = {(date(2027, 7, 15), date(2027, 7, 15)), (date(2031, 12, 31), date(2032, 1, 1))}
        for change in {*changes[:1], *changes[-3:]}:
            spans |= {(change.date() - 14 * DAY, change.date() + 14 * DAY), (change.date(), change.date())}
        for first, last in spans:
            wrong += differences(lines_for(key, first, last), zone_named(key), samples(first, last, changes))
    assert wrong == []


def test_names_of_one_zone():
    """Zones with the same data get the same lines below their names."""
    days = date(2026, 1, 1), date(2028, 12, 31)
    assert [
        other
        for key, *others in families()
        for other in others
        if lines_for(other, *days) != [f"TZID:{other}", *lines_for(key, *days)[1:]]
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("years", [(1996, 2019), (2041, 2060)])
def test_every_zone_in_other_years(years):
    """So it is in the past, whose rules changed more often, and in the years for which only rules are known."""
    first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    wrong = []
    for key, *_ in families():
        zone = zone_named(key)
        changes = tuple(own_changes(zone, first - DAY, last + 2 * DAY))
        wrong += differences(lines_for(key, first, last), zone, samples(first, last, changes))
    assert wrong == []


@pytest.mark.slow
def test_every_zone_for_dateutil():
    """dateutil's own reader of VTIMEZONE, which other libraries build on, has the zone's offsets too."""
    wrong = []
    for key, *_ in families():
        zone, lines = zone_named(key), lines_for(key, FIRST, LAST)
        text = "\r\n".join(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE", ""])
        read = tz.tzical(io.StringIO(text)).get()
        local = (moment.astimezone(zone) for moment in samples(FIRST, LAST, changes_of(key)))
        wrong += [f"{key} {one}" for one in local if one.replace(tzinfo=read).utcoffset() != one.utcoffset()]
    assert wrong == []


def test_rules_are_used_where_they_can_be():
    """From 2027 to 2029 more than 170 zones have two rules and nothing else, and no file has a rule with an end."""
    kinds = [
        [one.repeat is not None for one in observances(zone_named(k), date(2027, 1, 1), date(2029, 1, 1))] for k in KEYS
    ]
    assert kinds.count([True, True]) > 170
    text = "\n".join(line for key, *_ in families() for line in lines_for(key, FIRST, LAST))
    assert [word for word in ("RDATE", "UNTIL", "COUNT", "EXDATE") if word in text] == []


def test_standard_time_is_always_there():
    """No zone has daylight time alone, over which programs lose the offset."""
    days = [date(2027, 7, 15), date(2024, 3, 20), date(2012, 1, 1), date(2027, 1, 15)]
    written = {(key, day): observances(zone_named(key), day, day) for key in KEYS for day in days}
    assert [place for place, all_of_it in written.items() if all(one.daylight for one in all_of_it)] == []


MISTAKES = {
    "another Sunday": ("BYDAY=-1SU", "BYDAY=4SU"),
    "another month": ("BYMONTH=10", "BYMONTH=11"),
    "another hour": ("T030000", "T020000"),
    "offsets swapped": ("TZOFFSETFROM:+0200\nTZOFFSETTO:+0100", "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200"),
    "offset lost": ("TZOFFSETTO:+0200", "TZOFFSETTO:+0100"),
    "another start": ("DTSTART:2019", "DTSTART:2020"),
    "rule lost": ("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n", ""),
}


@pytest.mark.parametrize(("right", "mistake"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_seen(right, mistake):
    """The comparison finds any of these mistakes in Berlin's lines."""
    lines = lines_for("Europe/Berlin", FIRST, LAST)
    zone, moments = zone_named("Europe/Berlin"), samples(FIRST, LAST, changes_of("Europe/Berlin"))
    assert differences(lines, zone, moments) == []
    text = "\n".join(lines)
    assert right in text
    with pytest.raises(AssertionError):
        assert differences(text.replace(right, mistake).split("\n"), zone, moments) == []
