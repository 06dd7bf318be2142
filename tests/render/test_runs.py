"""Which daily doses share a line?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.render.samples import ANCHOR, BERLIN, days_around, event, infusion, ramp_up

from regimen.render.runs import daily_runs


def daily(days, **given):
    return [event("steroid", ANCHOR + timedelta(days=n), **given) for n in days]


def lengths(events):
    return [len(run) for run in daily_runs(sorted(events, key=lambda e: e.start.isoformat()))]


def test_five_levels():
    """730 daily doses in five levels are five runs of 7, 7, 7, 7 and 702, and no dose is lost."""
    runs = daily_runs(ramp_up())
    assert [(run[0].dose, len(run)) for run in runs] == [
        ("20 mg", 7), ("50 mg", 7), ("100 mg", 7), ("200 mg", 7), ("400 mg", 702),
    ]  # fmt: skip
    assert [one for run in runs for one in run] == list(ramp_up())


def test_a_gap_ends_a_run():
    """A day without a dose ends the run."""
    assert lengths(daily([0, 1, 2, 4, 5])) == [3, 2]


def test_twice_daily_without_clock_times_is_one_run():
    """Two doses of one item on each day belong to one line, so that nobody reads the second as a duplicate."""
    assert lengths([*daily(range(3), id="a"), *daily(range(3), id="b")]) == [6]


def test_items_run_side_by_side():
    """Runs of different items do not end each other."""
    other = [event("other", ANCHOR + timedelta(days=n)) for n in range(4)]
    assert lengths([*daily(range(4)), *other]) == [4, 4]


@pytest.mark.parametrize(
    "given",
    [
        {"dose": "2 mg"}, {"route": "IV"}, {"label": "Other"}, {"epoch": "follow_up"}, {"state": "tentative"},
        {"optional": True}, {"basis": "assumed: x"}, {"conditions": ("a=yes",)}, {"activities": ("weigh",)},
        {"duration": "1 h"}, {"window": days_around(ANCHOR + timedelta(days=1), 0, 0)},
    ],
    ids=str,
)  # fmt: skip
def test_any_difference_a_reader_sees_ends_a_run(given):
    """Doses that differ in anything the line says do not share one."""
    assert lengths([*daily([0]), *daily([1], **given)]) == [1, 1]


def test_windows_that_move_along():
    """Windows of the same size around each dose do not end a run; another size does."""
    same = [event("steroid", day, window=days_around(day, 1, 2)) for day in (ANCHOR, ANCHOR + timedelta(days=1))]
    wider = event("steroid", ANCHOR + timedelta(days=2), window=days_around(ANCHOR + timedelta(days=2), 1, 3))
    assert lengths([*same, wider]) == [2, 1]


def test_times():
    """Doses at one clock time share a line; a clock time that happens twice or not at all stands alone."""
    start = datetime(2027, 3, 26, 2, 30, tzinfo=BERLIN)
    assert lengths([event("pill", start + timedelta(days=n)) for n in range(5)]) == [2, 1, 2]
    at_eight = datetime(2027, 3, 26, 8, tzinfo=BERLIN)
    assert lengths([event("pill", at_eight + timedelta(days=n)) for n in range(5)]) == [5]


def test_only_single_day_doses_run():
    """Visits, and infusions that follow each other, keep a line each."""
    assert lengths(daily(range(3), kind="visit")) == [1, 1, 1]
    bags = [infusion(ANCHOR + timedelta(days=n), days=1, id=f"bag{n}") for n in range(3)]
    assert lengths(bags) == [1, 1, 1]


def test_month_and_year_ends():
    """A run goes on over the end of a year."""
    assert [len(run) for run in daily_runs([event("p", date(2027, 12, 31)), event("p", date(2028, 1, 1))])] == [2]
