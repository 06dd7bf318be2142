"""Do the written clock changes put every local time where the time zone itself puts it?"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from tests.render.samples import BERLIN

from regimen.render.zones import observances

SECOND = timedelta(seconds=1)


def offset_by(written, moment):
    """What a reader of the file takes the offset to be: that of the last observance begun."""
    onsets = [(one.start - one.before).replace(tzinfo=UTC) for one in written]
    return written[bisect_right(onsets, moment) - 1].after


def test_berlin():
    """Berlin's two changes of 2027 are on the last Sundays of March and October, each on the clock that ends."""
    base, spring, autumn = observances(BERLIN, date(2027, 2, 1), date(2027, 11, 30))
    hour = timedelta(hours=1)
    assert (base.before, base.after, base.name, base.daylight) == (hour, hour, "CET", False)
    assert (spring.start, spring.before, spring.after) == (datetime(2027, 3, 28, 2), hour, 2 * hour)  # noqa: DTZ001
    assert (autumn.start, autumn.before, autumn.after) == (datetime(2027, 10, 31, 3), 2 * hour, hour)  # noqa: DTZ001
    assert [(spring.name, spring.daylight), (autumn.name, autumn.daylight)] == [("CEST", True), ("CET", False)]


@pytest.mark.parametrize("key", ["Europe/Dublin", "Africa/Casablanca", "Australia/Sydney", "America/New_York"])
def test_daylight_time_is_ahead(key):
    """Whatever a zone calls its exception, the observance named daylight is the one ahead."""
    changes = observances(ZoneInfo(key), date(2027, 1, 1), date(2027, 12, 31))[1:]
    assert len(changes) == 2
    assert [one.daylight for one in changes] == [one.after > one.before for one in changes]


def test_a_new_standard_time_is_not_daylight_time():
    """A zone that moves ahead for good, as Volgograd did on 28 Oct 2018, has standard time before and after."""
    base, change = observances(ZoneInfo("Europe/Volgograd"), date(2018, 1, 1), date(2018, 12, 31))
    assert (base.daylight, change.daylight) == (False, False)
    assert (change.before, change.after) == (timedelta(hours=3), timedelta(hours=4))


def test_days_of_the_span_are_covered():
    """The first observance begins before the first day, the changes go on to the day after the last."""
    only = observances(BERLIN, date(2027, 1, 1), date(2027, 3, 26))
    assert [one.start.date() for one in only] == [date(2026, 12, 31)]
    assert len(observances(BERLIN, date(2027, 1, 1), date(2027, 3, 27))) == 2
    assert observances(BERLIN, date(9999, 12, 1), date(9999, 12, 31))[-1].name == "CET"


def test_every_zone():
    """For every IANA zone, each change is right to the second, and so is every half day from 2026 to 2028."""
    first, last = date(2026, 1, 1), date(2028, 12, 31)
    half_days = [datetime(2026, 1, 1, tzinfo=UTC) + n * timedelta(hours=12) for n in range(3 * 730)]
    wrong = []
    for key in sorted(available_timezones()):
        zone = ZoneInfo(key)
        written = observances(zone, first, last)
        onsets = [(one.start - one.before).replace(tzinfo=UTC) for one in written]
        edges = [onset + shift for onset in onsets[1:] for shift in (-SECOND, 0 * SECOND, SECOND)]
        wrong += [
            (key, moment)
            for moment in (*edges, *half_days)
            if written[bisect_right(onsets, moment) - 1].after != moment.astimezone(zone).utcoffset()
        ]
    assert wrong == []


def test_all_changes_of_berlin_since_1980():
    """Over decades each change is found: two a year."""
    written = observances(BERLIN, date(1981, 1, 1), date(2030, 12, 31))
    assert len(written) == 1 + 2 * 50
    assert offset_by(written, datetime(2010, 7, 1, tzinfo=UTC)) == timedelta(hours=2)
