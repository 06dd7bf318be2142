"""What does a recorded time mean where the calendar has no time zone, and why is a moved dose where it is?"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from tests.journals import calendar_after, fact

MONDAY = date(2027, 1, 4)
TABLET = """
    doses:
      drug: {dose: 400 mg PO, when: daily at 08:00 x4, late: "give late, keep the grid within 8 h, else skip"}
      infusion: {dose: 28 mcg/day CIV, when: days 1-3, late: resume to total}
    visits:
      check: {when: day 2, window: -1/+1 d}
"""
AT_TEN = datetime(2027, 1, 5, 10, 5, tzinfo=timezone(timedelta(hours=1)))
CYCLES = """
    cycles: 21 d x3
    doses:
      drug: {dose: 100 mg IV, when: day 1, late: "give late, shift the grid"}
"""


def by_id(calendar):
    return {event.id: event for event in calendar}


def test_the_clock_at_the_site_is_meant():
    """Without a zone, 10:05 recorded one hour ahead of UTC is 10:05 on the same clock as 08:00; that is said."""
    calendar = calendar_after(TABLET, MONDAY, [fact("given", "treatment/d2/drug", AT_TEN)])
    given = by_id(calendar)["treatment/d2/drug"]
    assert (given.state, given.start.isoformat()) == ("given", "2027-01-05T10:05:00")
    assert "2 h 5 min late" in given.because
    assert "No time zone is stated; recorded times are read as the clock at the site showed them." in calendar.notes


def test_in_a_zone_it_is_told_there():
    """With a zone the same moment is told there, and nothing needs saying."""
    calendar = calendar_after(TABLET, MONDAY, [fact("given", "treatment/d2/drug", AT_TEN)], zone="Europe/Lisbon")
    assert by_id(calendar)["treatment/d2/drug"].start.isoformat() == "2027-01-05T09:05:00+00:00"
    assert not any("No time zone" in note for note in calendar.notes)


@pytest.mark.parametrize("start", [MONDAY, datetime(2027, 1, 4, 9)], ids=["a day", "a time"])  # noqa: DTZ001
@pytest.mark.parametrize(
    "row",
    [
        fact("given", "treatment/d2/drug", AT_TEN), fact("given", "treatment/d1/infusion", AT_TEN),
        fact("done", "treatment/d2/check", AT_TEN), fact("moved", "treatment/d3/drug", AT_TEN),
        fact("delayed", "treatment/d3/drug", AT_TEN), fact("held", "all", AT_TEN), fact("discontinued", "all", AT_TEN),
        fact("withdrawn", "", AT_TEN), fact("visit", "rash", AT_TEN),
    ],
    ids=lambda row: row.what,
)  # fmt: skip
def test_any_fact_may_have_a_time_where_the_plan_has_no_zone(row, start):
    """A time with its distance from UTC beside clock times without one is read, whatever the fact."""
    calendar = calendar_after(TABLET, start, [row])
    assert len(calendar) >= 7


def test_a_delay_is_the_reason_also_where_the_dose_was_reduced():
    """A dose that a delay moved and a reduction changed says both."""
    rows = [
        fact("reduced", "drug", date(2027, 1, 20), amount="80 mg", why="toxicity"),
        fact("delayed", "treatment/c2", date(2027, 1, 30), cause="toxicity", why="neutropenia"),
    ]
    moved = by_id(calendar_after(CYCLES, MONDAY, rows))["treatment/c3/d1/drug"]
    assert (moved.start, moved.planned, moved.dose) == (date(2027, 2, 20), date(2027, 2, 15), "80 mg")
    assert moved.because == (
        "delayed to Sat 30 Jan 2027 (journal line 2: toxicity; neutropenia); "
        "dose changed from Wed 20 Jan 2027 (journal line 1: toxicity)"
    )


def test_a_restart_at_the_planned_dose_is_no_change():
    """A restart that names the dose of the plan leaves no reason at doses that are as planned."""
    rows = [
        fact("held", "drug", date(2027, 1, 20), why="fever"),
        fact("restarted", "drug", date(2027, 1, 22), amount="100 mg"),
    ]
    calendar = calendar_after(CYCLES, MONDAY, rows)
    assert {event.because for event in calendar.of_item("drug")} == {""}
