"""Which facts of a definition reach the event, so that a calendar file can show them?"""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.build import calendar_of

from regimen.timing import Span

TEN = datetime(2027, 1, 4, 10)  # noqa: DTZ001 - the zone is given apart


@pytest.mark.parametrize(
    ("dose", "bags"),
    [("100 mg/m2/day CIV bags 24 h", Span(24, "h")), ("9 mcg/day CIV bags 7 d", Span(7, "d")), ("9 mcg/day CIV", None)],
)
def test_bags(dose, bags):
    """An infusion knows how long its bags last, if the definition says so."""
    (infusion,) = calendar_of(TEN, zone="Europe/Berlin", dose=dose, when="days 1-7").of_kind("dose")
    assert infusion.bags == bags


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        ("q12h x4", [True, True, True, True]),
        ("bid at 08:00,20:00 days 1-2", [False, False, False, False]),
        ("q12h at 08:00 x2", [True, True]),
        ("days 1, 8", [False, False]),
    ],
)
def test_hours_that_are_counted(when, counted):
    """Every 12 hours is counted in hours; twice a day is read from the clock, and so is a day's own time."""
    doses = calendar_of(TEN, zone="Europe/Berlin", when=when).of_kind("dose")
    assert [dose.elapsed for dose in doses] == counted


def test_a_day_without_a_time_counts_no_hours():
    """Whole days are days, whatever they are counted from."""
    doses = calendar_of(TEN.date(), zone="Europe/Berlin", when="q1d x3").of_kind("dose")
    assert [dose.elapsed for dose in doses] == [False, False, False]
