"""Are dates, times, spans and windows said so that they can be read one way only?"""

from __future__ import annotations

import locale
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.samples import BERLIN

from regimen.events import DatedWindow
from regimen.render.words import (
    cleaned,
    counted,
    day_in_words,
    happens_twice,
    is_skipped,
    moment_in_words,
    one_line,
    span_in_words,
    window_in_words,
    wrapped,
)

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 4), "Mon 4 Jan 2027"),
        (date(2028, 2, 29), "Tue 29 Feb 2028"),
        (date(2027, 12, 5), "Sun 5 Dec 2027"),
        (date(9999, 12, 31), "Fri 31 Dec 9999"),
        (date(1, 1, 1), "Mon 1 Jan 0001"),
    ],
)
def test_day(day, words):
    """A day is said with its weekday, a month in letters and four digits of year."""
    assert day_in_words(day) == words


@given(st.dates())
def test_day_reads_back(day):
    """Every day reads back as the same day, and its weekday is right."""
    assert datetime.strptime(day_in_words(day), "%a %d %b %Y").date() == day  # noqa: DTZ007


def test_day_in_any_locale():
    """A day is said the same way wherever the program runs."""
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "C", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert day_in_words(date(2027, 3, 2)) == "Tue 2 Mar 2027"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (date(2027, 1, 4), "Mon 4 Jan 2027"),
        (datetime(2027, 1, 4, 10), "Mon 4 Jan 2027 10:00"),  # noqa: DTZ001
        (datetime(2027, 1, 4, 10, tzinfo=BERLIN), "Mon 4 Jan 2027 10:00 Europe/Berlin"),
        (datetime(2027, 1, 4, 17, 5, 30, tzinfo=UTC), "Mon 4 Jan 2027 17:05:30 UTC"),
        (datetime(2027, 1, 4, 10, tzinfo=timezone(timedelta(hours=-3.5))), "Mon 4 Jan 2027 10:00 UTC-03:30"),
        (datetime(2027, 1, 4, tzinfo=BERLIN), "Mon 4 Jan 2027 00:00 (start of day) Europe/Berlin"),
        (datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN), "Sun 31 Oct 2027 02:30 Europe/Berlin (UTC+02:00)"),
        (datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=1), "Sun 31 Oct 2027 02:30 Europe/Berlin (UTC+01:00)"),
    ],
)
def test_moment(moment, words):
    """A time is on the 24-hour clock with its zone; midnight says which, a time that happens twice says which."""
    assert moment_in_words(moment) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 1, 5), date(2026, 1, 11), "Mon 5 Jan 2026 – Sun 11 Jan 2026"),
        (date(2026, 1, 5), date(2026, 1, 5), "Mon 5 Jan 2026"),
        (datetime(2027, 1, 4, 10, tzinfo=BERLIN), datetime(2027, 1, 4, 11, tzinfo=BERLIN),
         "Mon 4 Jan 2027 10:00–11:00 Europe/Berlin"),
        (datetime(2027, 1, 4, 10, tzinfo=BERLIN), datetime(2027, 1, 18, 10, tzinfo=BERLIN),
         "Mon 4 Jan 2027 10:00 – Mon 18 Jan 2027 10:00 Europe/Berlin"),
        (datetime(2027, 1, 4, 10, tzinfo=BERLIN), datetime(2027, 1, 4, 10, tzinfo=UTC),
         "Mon 4 Jan 2027 10:00 Europe/Berlin – Mon 4 Jan 2027 10:00 UTC"),
        (datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN), datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=1),
         "Sun 31 Oct 2027 02:30 (UTC+02:00) – Sun 31 Oct 2027 02:30 Europe/Berlin (UTC+01:00)"),
    ],
)  # fmt: skip
def test_span(start, end, words):
    """A span says both ends in full, a time of the same day and zone once."""
    assert span_in_words(start, end) == words


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (date(2027, 1, 1), date(2027, 1, 7), "Fri 1 – Thu 7 Jan 2027"),
        (date(2027, 1, 29), date(2027, 2, 4), "Fri 29 Jan – Thu 4 Feb 2027"),
        (date(2026, 12, 30), date(2027, 1, 5), "Wed 30 Dec 2026 – Tue 5 Jan 2027"),
        (date(2026, 1, 30), date(2027, 1, 5), "Fri 30 Jan 2026 – Tue 5 Jan 2027"),
        (date(2027, 1, 7), date(2027, 1, 7), "Thu 7 Jan 2027"),
        (datetime(2027, 1, 4, 8, tzinfo=BERLIN), datetime(2027, 1, 4, 12, tzinfo=BERLIN),
         "Mon 4 Jan 2027 08:00–12:00 Europe/Berlin"),
    ],
)  # fmt: skip
def test_window(earliest, latest, words):
    """A window says what both ends share once, and the year twice when it changes."""
    assert window_in_words(DatedWindow(earliest, latest)) == words


@pytest.mark.parametrize(
    ("clock", "twice", "skipped"),
    [
        (datetime(2027, 3, 28, 1, 59, 59), False, False),  # noqa: DTZ001
        (datetime(2027, 3, 28, 2, 0), False, True),  # noqa: DTZ001
        (datetime(2027, 3, 28, 2, 59, 59), False, True),  # noqa: DTZ001
        (datetime(2027, 3, 28, 3, 0), False, False),  # noqa: DTZ001
        (datetime(2027, 10, 31, 1, 59, 59), False, False),  # noqa: DTZ001
        (datetime(2027, 10, 31, 2, 0), True, False),  # noqa: DTZ001
        (datetime(2027, 10, 31, 3, 0), False, False),  # noqa: DTZ001
    ],
)
def test_clock_changes(clock, twice, skipped):
    """In the hour a clock jumps over no time exists, in the hour it repeats each exists twice."""
    moment = clock.replace(tzinfo=BERLIN)
    assert (happens_twice(moment), is_skipped(moment)) == (twice, skipped)
    assert not happens_twice(clock)
    assert not is_skipped(clock.replace(tzinfo=ZoneInfo("Asia/Tokyo")))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("e\u0301", "\u00e9"),
        ("\x1b[31mred\x00\x7f", "[31mred"),
        ("dose \u202e12\u202c mg", "dose 12 mg"),
        ("half \ud800 letter", "half  letter"),
        ("ärzt \U0001f489 薬", "ärzt \U0001f489 薬"),
    ],
)
def test_cleaned(text, clean):
    """Control and direction characters go, line ends become LF, letters are composed; all else stays."""
    assert cleaned(text) == clean


@given(st.text())
def test_cleaned_twice(text):
    """Cleaning clean text changes nothing, and one line is one line."""
    assert cleaned(cleaned(text)) == cleaned(text)
    assert len(one_line(text).splitlines()) <= 1


def test_wrapped_keeps_dates_whole():
    """A line never breaks inside a date."""
    text = "Given from Mon 4 Jan 2027 – Sun 17 Jan 2027 and again on Fri 1 – Thu 7 Oct 2027."
    for width in range(16, 90):
        lines = wrapped(text, width)
        assert " ".join(lines) == text
        assert any("Mon 4 Jan 2027" in line for line in lines)
        assert any("Sun 17 Jan 2027" in line for line in lines)
        assert NBSP not in "".join(lines)


def test_counted():
    """One is singular, all else plural, with a plural of its own where English needs it."""
    assert [counted(n, "dose") for n in (0, 1, 2)] == ["0 doses", "1 dose", "2 doses"]
    assert counted(2, "activity", "activities") == "2 activities"
