"""Which texts name a day or a moment, and what is said of the others?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from tests.journal.samples import days, zones

from regimen.journal.dates import NotAMoment, fixed, moment_text, read_moment, read_recorded, recorded_text
from regimen.moments import zone_named

BERLIN = zone_named("Europe/Berlin")
WRITE = "write year-month-day, such as 2027-01-20"
CLOCK = "write 24-hour times, such as 2027-01-20T10:00+01:00"
UTC_TIMES = "times of recording are UTC, such as 2027-01-20T09:12:30Z"


@given(days)
def test_a_day_is_read_back(day):
    """A day is written as the calendar of the world writes it."""
    assert read_moment(moment_text(day)) == day
    assert moment_text(day) == f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


@given(days, st.times(), zones)
def test_a_moment_is_read_back(day, time, zone):
    """A moment keeps its clock and its distance from UTC, to the second."""
    moment = datetime.combine(day, time.replace(microsecond=0), zone)
    read = read_moment(moment_text(moment))
    assert (read, read.utcoffset()) == (moment, moment.utcoffset())


@given(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2037-12-31")), st.integers(0, 1))
def test_a_clock_time_of_a_zone(moment, fold):
    """A time on a zone's clock has the distance from UTC that another reader of time zones finds, or is refused."""
    moment = moment.replace(second=0, microsecond=0)
    other = tz.gettz("Europe/Berlin")
    exists, twice = tz.datetime_exists(moment, other), tz.datetime_ambiguous(moment, other)
    try:
        read = read_moment(moment.isoformat(timespec="minutes"), BERLIN)
    except NotAMoment:
        assert twice or not exists
        return
    assert exists
    assert not twice
    assert read == moment.replace(tzinfo=other)
    assert read.tzinfo in (UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-02-30", f"'2027-02-30' is not a date (February 2027 has 28 days); {WRITE}"),
        ("2027-02-29", f"'2027-02-29' is not a date (February 2027 has 28 days); {WRITE}"),
        ("2027-13-01", f"'2027-13-01' is not a date (there is no month 13); {WRITE}"),
        ("2027-00-01", f"'2027-00-01' is not a date (there is no month 00); {WRITE}"),
        ("0207-01-20", f"'0207-01-20' is not a date (the year 0207 is not from 1900 to 2199); {WRITE}"),
        ("2270-01-20", f"'2270-01-20' is not a date (the year 2270 is not from 1900 to 2199); {WRITE}"),
        ("01-20", f"'01-20' is not a date; it has no year; {WRITE}"),
        ("20 Jan", f"'20 Jan' is not a date; it has no year; {WRITE}"),
        ("Monday", f"'Monday' is not a date; it has no year; {WRITE}"),
        ("2027", f"'2027' is not a date; a month or a year alone is not a day; {WRITE}"),
        ("2027-01", f"'2027-01' is not a date; a month or a year alone is not a day; {WRITE}"),
        ("20.01.2027", "'20.01.2027' is not a date; is it 2027-01-20?"),
        ("04/01/2027", "'04/01/2027' is not a date; is it 2027-01-04 or 2027-04-01?"),
        ("04.04.2027", "'04.04.2027' is not a date; is it 2027-04-04?"),
        ("40.40.2027", f"'40.40.2027' is not a date; {WRITE}"),
        ("20270120", f"'20270120' is not a date; {WRITE}"),
        ("2027-W03-3", f"'2027-W03-3' is not a date; {WRITE}"),
        ("2027-1-4", f"'2027-1-4' is not a date; {WRITE}"),
        ("", f"'' is not a date; it has no year; {WRITE}"),
        ("\u0662027-01-20", f"'\u0662027-01-20' is not a date; it has no year; {WRITE}"),
        ("2027-01-20T10", f"'2027-01-20T10' is not a date; {WRITE}"),
        ("2027-01-20T25:00+01:00", f"'2027-01-20T25:00+01:00' is not a date with a time (there is no 25:00); {CLOCK}"),
        ("2027-01-20T24:00+01:00", f"'2027-01-20T24:00+01:00' is not a date with a time (there is no 24:00); {CLOCK}"),
        ("2027-01-20T10:60Z", f"'2027-01-20T10:60Z' is not a date with a time (there is no 10:60); {CLOCK}"),
        ("2027-01-20T10:00+15:00", f"'2027-01-20T10:00+15:00': no place is +15:00 from UTC; {CLOCK}"),
        ("2027-01-20T10:00-01:75", f"'2027-01-20T10:00-01:75': no place is -01:75 from UTC; {CLOCK}"),
        ("2027-01-20T10:00", ("'2027-01-20T10:00' does not say in which time zone; add the distance from UTC, such as "
         "2027-01-20T10:00+01:00")),
    ],
)  # fmt: skip
def test_texts_that_name_no_moment(text, said):
    """What is no date, no date with a time, or no one moment is refused with what to write."""
    with pytest.raises(NotAMoment) as error:
        read_moment(text)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-03-28T02:30", ("02:30 on 2027-03-28 does not exist in Europe/Berlin, because the clocks jump over it; "
         "choose another time")),
        ("2027-10-31T02:30", ("02:30 on 2027-10-31 happens twice in Europe/Berlin, because the clocks go back; write "
         "2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00")),
    ],
)  # fmt: skip
def test_times_that_the_clocks_skip_or_show_twice(text, said):
    """A time that does not exist, or comes twice, is never guessed."""
    with pytest.raises(NotAMoment) as error:
        read_moment(text, BERLIN)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-01-20T10:00:00+01:00", f"'2027-01-20T10:00:00+01:00' is not in UTC; {UTC_TIMES}"),
        ("2027-01-20T10:00Z", f"'2027-01-20T10:00Z' is not a time in UTC; {UTC_TIMES}"),
        ("2027-01-20T10:00:00", f"'2027-01-20T10:00:00' is not a time in UTC; {UTC_TIMES}"),
        ("2027-01-20", f"'2027-01-20' is not a time in UTC; {UTC_TIMES}"),
        ("2027-01-20T10:00:00.5Z", f"'2027-01-20T10:00:00.5Z' is not a time in UTC; {UTC_TIMES}"),
        ("2027-02-29T10:00:00Z", f"'2027-02-29T10:00:00Z' is not a date (February 2027 has 28 days); {WRITE}"),
    ],
)
def test_times_of_recording_are_utc(text, said):
    """When something was written down is told in UTC, to the second."""
    with pytest.raises(NotAMoment) as error:
        read_recorded(text)
    assert str(error.value) == said


def test_a_time_of_recording_is_read_back():
    """The time of recording ends in Z."""
    moment = datetime(2027, 1, 20, 9, 12, 30, tzinfo=UTC)
    assert recorded_text(moment) == "2027-01-20T09:12:30Z"
    assert read_recorded(recorded_text(moment)) == moment


def test_a_moment_is_kept_with_its_bare_distance_from_utc():
    """A zone's name does not go into a journal: its distance from UTC on that day does; a day stays a day."""
    summer = datetime(2027, 7, 1, 8, 0, tzinfo=BERLIN)
    assert moment_text(fixed(summer)) == "2027-07-01T08:00+02:00"
    assert fixed(summer) == summer
    assert fixed(date(2027, 7, 1)) == date(2027, 7, 1)
