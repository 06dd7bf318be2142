"""What is a deviation? What was early, late, missed, skipped or overdue, by how much, and who recorded it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.test_journal_laws import PLANS, after, journals
from tests.journals import calendar_after, fact, facts
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event

from regimen.changes import Deviation, deviations
from regimen.events import UNSCHEDULED, DatedWindow, Event, day_of
from regimen.facts import Fact, effective

DAY = timedelta(days=1)
WINDOW = days_around(ANCHOR, 1, 2)
"""Sunday 3 to Wednesday 6 January 2027."""


def took_place(actual: date, **given: Any) -> Event:
    """An event due on the anchor day that took place on another."""
    return event(start=actual, planned=ANCHOR, current=ANCHOR, actual=actual, state="given", **given)


def judged(one: Event, *rows: Fact, **asked: Any) -> Deviation | None:
    """What is listed of one event."""
    found = deviations(calendar([one]), rows, **asked)
    assert len(found) <= 1
    return found[0] if found else None


# ---------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("day", "verdict", "out", "from_due"),
    [(1, "early", -2, -3), (2, "early", -1, -2), (3, "in", 0, -1), (4, "in", 0, 0), (5, "in", 0, 1), (6, "in", 0, 2),
     (7, "late", 1, 3), (31, "late", 25, 27)],
)  # fmt: skip
def test_both_ends_are_inside(day, verdict, out, from_due):
    """−1/+2 d around Mon 4 Jan: Sunday to Wednesday are inside; days out count from the end that was passed."""
    found = judged(took_place(date(2027, 1, day), window=WINDOW), everything=True)
    assert (found.verdict, found.days_out, found.from_due) == (verdict, out, from_due)
    assert found.out == out * DAY


@pytest.mark.parametrize("day", [3, 4, 5, 6])
def test_what_is_inside_is_no_deviation(day):
    """What took place in its window is listed only when everything is asked for."""
    assert judged(took_place(date(2027, 1, day), window=WINDOW)) is None


def test_no_window_is_not_a_window_of_nothing():
    """Without a window another day is listed as that, with the days from due and no days out; the due day is not."""
    found = judged(took_place(ANCHOR + 2 * DAY))
    assert (found.verdict, found.from_due, found.days_out, found.window) == ("no window stated", 2, 0, None)
    assert judged(took_place(ANCHOR)) is None


@pytest.mark.parametrize(
    ("minutes", "verdict", "out", "days"),
    [(-31, "early", -1, -1), (-30, "in", 0, 0), (120, "in", 0, 0), (121, "late", 1, 1), (120 + 1441, "late", 1441, 2)],
)
def test_windows_in_hours(minutes, verdict, out, days):
    """−30 min/+2 h is exact to the minute; part of a day outside is never called 0 days."""
    ten = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    actual = ten + timedelta(minutes=minutes)
    window = DatedWindow(ten - timedelta(minutes=30), ten + timedelta(hours=2))
    one = event(start=actual, planned=ten, current=ten, actual=actual, state="done", window=window)
    found = judged(one, everything=True)
    assert (found.verdict, found.out, found.days_out) == (verdict, timedelta(minutes=out), days)


def test_a_day_in_a_window_of_hours():
    """A day without a time is compared by days, so the day of the window is inside."""
    ten = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    one = event(start=ten, actual=ANCHOR, state="given", window=DatedWindow(ten, ten + timedelta(hours=1)))
    assert judged(one, everything=True).verdict == "in"
    assert judged(replace(one, actual=ANCHOR + DAY)).verdict == "late"


def test_preferred_window():
    """Allowed but outside the preferred window is inside, and marked."""
    one = took_place(ANCHOR + 2 * DAY, window=WINDOW, preferred=days_around(ANCHOR, 0, 1))
    found = judged(one, everything=True)
    assert (found.verdict, found.outside_preferred) == ("in", True)
    assert not judged(took_place(ANCHOR, window=WINDOW, preferred=WINDOW), everything=True).outside_preferred


def test_the_due_day_is_the_current_one():
    """After a delay the day out is counted from the window around the current day; the planned day is told too."""
    due = ANCHOR + 7 * DAY
    one = event(start=due, planned=ANCHOR, current=due, actual=due, state="given", window=days_around(due, 1, 1))
    found = judged(one, everything=True)
    assert (found.verdict, found.planned, found.due, found.from_due) == ("in", ANCHOR, due, 0)


# ---------------------------------------------------------------- what did not take place


def test_missed_and_skipped():
    """What was missed, or decided against, is listed with its reason; what a stop cancelled is not."""
    missed = fact("missed", "treatment/d0/belimumab", why="ill", cause="other")
    found = judged(event(state="missed"), *facts([missed]))
    assert (found.verdict, found.actual, found.from_due, found.reason, found.cause) == (
        "missed",
        None,
        None,
        "ill",
        "other",
    )
    skipped = fact("skipped", "treatment/d0/belimumab", why="toxicity")
    assert judged(event(state="cancelled"), *facts([skipped])).verdict == "skipped"
    assert judged(event(state="cancelled", because="discontinued")) is None
    assert judged(event(state="held")) is None
    assert judged(event(state="not applicable")) is None


@pytest.mark.parametrize(
    ("as_of", "overdue"),
    [(None, False), (ANCHOR, False), (ANCHOR + 2 * DAY, False), (ANCHOR + 3 * DAY, True), (date(2027, 3, 1), True)],
)
def test_overdue(as_of, overdue):
    """What is still planned after the last day of its window is overdue; without a day to ask on, nothing is."""
    found = judged(event(window=WINDOW), as_of=as_of)
    assert (found is not None) is overdue
    if found is not None:
        assert found.verdict == "overdue"
        assert found.days_out == (as_of - date(2027, 1, 6)).days
        assert found.from_due == (as_of - ANCHOR).days


def test_overdue_without_a_window():
    """Without a window it is overdue on the day after it was due, or after the day it was moved to."""
    assert judged(event(), as_of=ANCHOR) is None
    assert judged(event(), as_of=ANCHOR + DAY).days_out == 0
    moved = event(start=ANCHOR + 3 * DAY, planned=ANCHOR, current=ANCHOR)
    assert judged(moved, as_of=ANCHOR + 3 * DAY) is None
    assert judged(moved, as_of=ANCHOR + 4 * DAY).verdict == "overdue"


@pytest.mark.parametrize(
    "given", [{"state": "tentative"}, {"optional": True}, {"kind": "milestone"}, {"state": "held"}, {"state": "given"}]
)
def test_never_overdue(given):
    """What hangs on a decision, may never happen, is on hold, is no more than a mark, or took place is not overdue."""
    assert judged(event(**given), as_of=date(2030, 1, 1)) is None


def test_unscheduled_visits():
    """An unscheduled visit that took place deviates from nothing; it is shown when everything is asked for."""
    one = event(UNSCHEDULED, id="unscheduled/4", kind="visit", actual=ANCHOR, state="done")
    assert judged(one) is None
    assert judged(one, everything=True).verdict == "unscheduled"


# ---------------------------------------------------------------- who said so

NOON = datetime(2027, 1, 8, 12, tzinfo=UTC)


def test_who_when_and_why():
    """The fact says who recorded it, when, on which line and why; the calendar's own sentence stands in without one."""
    late = took_place(ANCHOR + 5 * DAY, window=WINDOW, because="given Sat 9 Jan 2027")
    rows = facts([
        fact("anchor", "first_dose", ANCHOR, by="AN"),
        fact("given", late.id, ANCHOR + 5 * DAY, why="flu", cause="other", by="BC", recorded=NOON),
    ])  # fmt: skip
    found = judged(late, *rows)
    assert (found.reason, found.cause, found.by, found.recorded, found.line) == ("flu", "other", "BC", NOON, 2)
    assert found.corrected_by is None
    assert judged(late).reason == "given Sat 9 Jan 2027"


def test_a_corrected_fact_is_marked():
    """A corrected line keeps its place; who and when are of the last correction, whose line is named."""
    late = took_place(ANCHOR + 5 * DAY, window=WINDOW)
    rows = facts([
        fact("given", late.id, ANCHOR, by="AN", recorded=NOON),
        fact("corrected", corrects=1, why="misread", by="BC", instead=fact("given", late.id, ANCHOR + 4 * DAY)),
        fact("corrected", corrects=2, why="again", by="CD", recorded=NOON + DAY,
             instead=fact("given", late.id, ANCHOR + 5 * DAY)),
    ])  # fmt: skip
    found = judged(late, *rows)
    assert (found.line, found.corrected_by, found.by, found.recorded) == (1, 3, "CD", NOON + DAY)
    assert found.reason == "again"


def test_order():
    """Deviations are ordered by the day they took place, or were due, then by id."""
    found = deviations(
        calendar([event(id="b", state="missed"), event(id="a", state="missed"), took_place(date(2027, 1, 3), id="c")])
    )
    assert [one.event.id for one in found] == ["c", "a", "b"]


# ---------------------------------------------------------------- from a journal

CYCLES = """
    cycles: 21 d x2
    doses:
      drug: {dose: 75 mg/m2 IV, when: "days 1, 8", window: -0/+2 d, late: "give late, shift the grid"}
    visits:
      check: {when: day 15, window: ±1 d}
"""


def test_a_hand_worked_journal():
    """One cycle worked out by hand: a dose 3 days late is 1 day out and moves the rest; the visit after it is in time.

    Planned are doses on 4, 11, 25 January and 1 February and visits on 18 January and 8 February 2027. Day 8 is given
    on Thu 14 January, 3 days late and 1 day past its window; what follows moves by 3 days. The visit is then due on
    21 January and done on Fri 22 January; cycle 2 day 1 is due on Thu 28 January and is missed.
    """
    rows = [
        fact("given", "treatment/c1/d1/drug", date(2027, 1, 4), by="AN"),
        fact("given", "treatment/c1/d8/drug", date(2027, 1, 14), by="AN", why="snow", cause="logistics"),
        fact("done", "treatment/c1/d15/check", date(2027, 1, 22), by="AN"),
        fact("missed", "treatment/c2/d1/drug", why="fever", by="BC"),
    ]
    after_it = calendar_after(CYCLES, date(2027, 1, 4), rows)
    found = deviations(after_it, facts(rows), as_of=date(2027, 2, 8), everything=True)
    assert [(one.event.position, one.verdict, one.due.isoformat(), one.from_due, one.days_out) for one in found] == [
        ("C1D1", "in", "2027-01-04", 0, 0), ("C1D8", "late", "2027-01-11", 3, 1),
        ("C1D15", "in", "2027-01-21", 1, 0), ("C2D1", "missed", "2027-01-28", None, 0),
        ("C2D8", "overdue", "2027-02-04", 4, 2),
    ]  # fmt: skip
    assert [one.planned.isoformat() for one in found][2:] == ["2027-01-18", "2027-01-25", "2027-02-01"]
    assert [(one.reason, one.by, one.line) for one in found][1] == ("snow", "AN", 2)


@settings(max_examples=50)
@given(journals(), st.dates(date(2027, 1, 1), date(2028, 12, 31)))
def test_every_recorded_outcome_is_accounted_for(journal, as_of):
    """Whatever was recorded: each outcome is in the full list once, and being out agrees with a second opinion."""
    name, rows = journal
    now = after(PLANS[name], rows)
    found = deviations(now, rows, as_of=as_of, everything=True)
    ids = [one.event.id for one in found]
    assert len(ids) == len(set(ids))
    recorded = {f.target for f in effective(rows) if f.what in ("given", "done", "missed", "skipped")}
    assert recorded & {one.id for one in now if one.kind != "milestone"} <= set(ids)
    for one in found:
        if one.actual is None or one.window is None:
            continue
        first, day, last = (day_of(moment) for moment in (one.window.earliest, one.actual, one.window.latest))
        expected = "early" if day < first else "late" if day > last else "in"
        assert one.verdict == expected
        assert one.days_out == {"early": (day - first).days, "late": (day - last).days, "in": 0}[expected]
