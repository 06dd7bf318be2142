"""From when to when does each cycle last? Against tables worked out by hand, also after what happened."""

from __future__ import annotations

from datetime import date

import pytest
from tests.journals import calendar_after, fact

from regimen.events import Calendar
from regimen.library import expand

START = date(2027, 1, 4)


def spans(calendar: Calendar) -> list[tuple[str, str, str]]:
    return [
        (f"{s.course}.{s.number}" if s.course else str(s.number), f"{s.start}", f"{s.stop}") for s in calendar.cycles
    ]


ODD = "    cycles: 21 d x5\n    doses:\n      drug: 10 mg PO on day 1 in cycles 1, 3\n"


def test_a_cycle_in_which_nothing_happens_has_its_days_too():
    """Of five cycles with doses in two, all five lie on the calendar, without a gap."""
    calendar = calendar_after(ODD, START, [])
    assert [event.first_day for event in calendar.of_item("drug")] == [date(2027, 1, 4), date(2027, 2, 15)]
    assert spans(calendar) == [
        ("1", "2027-01-04", "2027-01-25"), ("2", "2027-01-25", "2027-02-15"), ("3", "2027-02-15", "2027-03-08"),
        ("4", "2027-03-08", "2027-03-29"), ("5", "2027-03-29", "2027-04-19"),
    ]  # fmt: skip


def test_months_count_from_the_start_of_the_treatment():
    """Quarters from 31 January end at month ends, the last one too."""
    calendar = expand("blinatumomab-maintenance", {"first_dose": "2027-01-31"})
    assert spans(calendar) == [
        ("1", "2027-01-31", "2027-04-30"), ("2", "2027-04-30", "2027-07-31"), ("3", "2027-07-31", "2027-10-31"),
        ("4", "2027-10-31", "2028-01-31"),
    ]  # fmt: skip


def test_courses_are_told_apart_and_their_rests_are_no_cycle():
    """Three courses of two cycles of 14 days, with 28 days between that belong to no cycle."""
    calendar = expand("examples/courses-with-rests.yaml", {"first_dose": "2027-01-31"})
    assert spans(calendar) == [
        ("1.1", "2027-01-31", "2027-02-14"), ("1.2", "2027-02-14", "2027-02-28"), ("2.1", "2027-03-28", "2027-04-11"),
        ("2.2", "2027-04-11", "2027-04-25"), ("3.1", "2027-05-23", "2027-06-06"), ("3.2", "2027-06-06", "2027-06-20"),
    ]  # fmt: skip


def test_a_cycle_that_is_cut_off_ends_there():
    """Cycles of 21 days before surgery on 15 April: the fourth lasts the 11 days until then."""
    anchors = {"first_dose": "2027-01-31", "surgery": "2027-04-15"}
    assert spans(expand("examples/cut-off-at-surgery.yaml", anchors))[-1] == ("4", "2027-04-04", "2027-04-15")


def test_a_cycle_that_was_delayed_lasts_longer_and_all_after_it_move():
    """Cycle 3 begun a week late: cycle 2 has 28 days, cycles 3 to 5 have 21 each."""
    calendar = calendar_after(ODD, START, [fact("delayed", "treatment/c3", date(2027, 2, 22))])
    assert spans(calendar)[1:] == [
        ("2", "2027-01-25", "2027-02-22"), ("3", "2027-02-22", "2027-03-15"), ("4", "2027-03-15", "2027-04-05"),
        ("5", "2027-04-05", "2027-04-26"),
    ]  # fmt: skip


def test_after_a_discontinuation_no_cycle_goes_on():
    """Stopped in cycle 1 after its only dose: nothing is left of the cycles planned later."""
    rows = [fact("given", "treatment/c1/d1/drug", START), fact("discontinued", "treatment", date(2027, 1, 12))]
    assert spans(calendar_after(ODD, START, rows)) == [("1", "2027-01-04", "2027-01-05")]


@pytest.mark.parametrize(("trial", "anchor"), [("belimumab-sle", "first_dose")])
def test_a_study_without_cycles_has_none(trial, anchor):
    """Nothing is invented where the protocol counts days, not cycles."""
    assert expand(trial, {anchor: "2027-01-04"}).cycles == ()
