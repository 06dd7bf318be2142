"""Where does an event stand on a day? Tables by hand around one window; Mon 4 Jan 2027 is the first dose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journals import calendar_after, fact

from regimen.standing import STATUSES, Standing, standings

MONDAY = date(2027, 1, 4)
VISIT = "    visits:\n      visit: {when: day 7, window: ±3 d}\n"
"""The checklist's own example: ±3 d around Sun 10 Jan 2027 is 7 to 13 Jan."""
PLAIN = "    doses:\n      drug: {dose: 1 mg IV, when: day 7, late: 'give late, keep the grid'}\n"


def jan(day: int) -> date:
    return date(2026, 12, 31) + timedelta(days=day)


def one(text: str, as_of: date | None, *facts) -> Standing:
    calendar = calendar_after(text, MONDAY, list(facts))
    return next(one for one in standings(calendar.events, as_of) if one.event.item in ("visit", "drug"))


@pytest.mark.parametrize(
    ("day", "status", "left", "out"),
    [
        (6, "to come", 7, 0), (7, "open", 6, 0), (10, "open", 3, 0), (13, "open", 0, 0), (14, "overdue", -1, 1),
        (20, "overdue", -7, 7),
    ],
)  # fmt: skip
def test_still_to_come(day, status, left, out):
    """A window is open from its first to its last day, both included; then what is not recorded is overdue."""
    found = one(VISIT, jan(day))
    assert (found.status, found.days_left, found.days_out, found.from_target) == (status, left, out, 0)
    assert (found.target, found.window.earliest, found.window.latest) == (jan(10), jan(7), jan(13))


@pytest.mark.parametrize(
    ("day", "status", "out", "apart"),
    [(5, "early", -2, -5), (6, "early", -1, -4), (7, "in", 0, -3), (10, "in", 0, 0), (13, "in", 0, 3),
     (14, "late", 1, 4), (15, "late", 2, 5)],
)  # fmt: skip
def test_what_took_place(day, status, out, apart):
    """What took place is early, in its window or late, with signed days outside it and from its target."""
    found = one(VISIT, jan(30), fact("done", "treatment/d7/visit", jan(day)))
    assert (found.status, found.days_out, found.from_target, found.days_left) == (status, out, apart, None)


@pytest.mark.parametrize(
    ("day", "status", "out"), [(9, "to come", 0), (10, "open", 0), (11, "overdue", 1)]
)  # fmt: skip
def test_without_a_window(day, status, out):
    """Without a window an event has its own day, and no days are left, because none are stated."""
    found = one(PLAIN, jan(day))
    assert (found.status, found.days_out, found.days_left, found.window) == (status, out, None, None)


@pytest.mark.parametrize(("day", "status", "out"), [(10, "in", 0), (12, "other day", 2), (9, "other day", -1)])
def test_on_another_day_without_a_window(day, status, out):
    """What took place on another day than due, with no window stated, is neither in nor out."""
    found = one(PLAIN, jan(30), fact("given", "treatment/d7/drug", jan(day)))
    assert (found.status, found.days_out) == (status, out)


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([fact("missed", "treatment/d7/visit", why="ill")], "missed"),
        ([fact("skipped", "treatment/d7/visit", why="ill")], "cancelled"),
        ([fact("withdrawn", on=jan(8), why="moved away")], "cancelled"),
    ],
)
def test_what_does_not_take_place(rows, status):
    """What does not take place is not overdue."""
    found = one(VISIT, jan(30), *rows)
    assert (found.status, found.days_left, found.days_out) == (status, None, 0)


def test_without_a_day():
    """Without a day nothing is open or overdue, and no days are left."""
    found = one(VISIT, None)
    assert (found.status, found.days_left, found.days_out) == ("planned", None, 0)


def test_any_day():
    """An interval visit has no target day, only its first and last one."""
    text = "    visits:\n      visit: {between: days 5 to 8}\n"
    assert [one(text, jan(day)).status for day in (7, 8, 11, 12)] == ["to come", "open", "open", "overdue"]
    assert (one(text, jan(8)).target, one(text, jan(8)).days_left) == (None, 3)
    done = one(text, jan(30), fact("done", "treatment/d5/visit", jan(10)))
    assert (done.status, done.target, done.from_target) == ("in", None, None)


def test_unscheduled():
    """An unscheduled visit has no target and no window, and took place once that is recorded."""
    rows = [fact("visit", "rash", jan(8), why="rash"), fact("done", "unscheduled/1", jan(8))]
    calendar = calendar_after(VISIT, MONDAY, rows)
    found = next(one for one in standings(calendar.events, jan(9)) if one.event.item == "unscheduled")
    assert (found.status, found.target, found.window, found.days_out) == ("unscheduled", None, None, 0)


def test_optional_events_lapse():
    """What may never happen is not overdue."""
    text = "    cycles: 7 d up to 2 cycles\n    doses:\n      drug: {dose: 1 mg IV, when: day 1}\n"
    calendar = calendar_after(text, MONDAY, [])
    assert {one.status for one in standings(calendar.events, jan(30)) if one.event.optional} == {"lapsed"}


@given(st.integers(1, 28), st.integers(0, 5), st.integers(0, 5), st.integers(-10, 40))
def test_days_left_and_days_out_agree(day, early, late, as_of):
    """Days left count down to 0 on the last day and are the overdue days after it, with the other sign."""
    text = f"    visits:\n      visit: {{when: day {day}, window: -{early}/+{late} d}}\n"
    when = MONDAY + timedelta(days=as_of)
    found = one(text, when)
    last = MONDAY + timedelta(days=day - 1 + late)
    assert found.days_left == (last - when).days
    assert found.days_out == max(0, -found.days_left)
    assert found.status in STATUSES
    assert (found.status == "overdue") == (found.days_left < 0)
