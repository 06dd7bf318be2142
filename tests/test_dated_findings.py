"""What is worth a look on a dated calendar? One small study for each finding, and one that has none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.journals import calendar_after, fact, study_from

from regimen.checks.dated import dated_findings, with_findings
from regimen.events import LEVELS, Notice
from regimen.library import expand
from regimen.placement import on_working_days
from regimen.workdays import Site

MONDAY = date(2027, 1, 4)
KEEP = ", late: 'give late, keep the grid'"


def jan(day: int) -> date:
    return date(2026, 12, 31) + timedelta(days=day)


def found(text: str, *facts, as_of: date | None = None) -> list[Notice]:
    return list(dated_findings(calendar_after(text, MONDAY, list(facts)), as_of))


def drug(when: str, more: str = "") -> str:
    return f"    doses:\n      drug: {{dose: 1 mg IV, when: '{when}'{more}}}\n"


def visit(when: str, window: str) -> str:
    return f"    visits:\n      visit: {{when: '{when}', window: {window}}}\n"


def test_nothing_to_find():
    """A calendar on which nothing overlaps has no findings."""
    assert found(drug("days 1, 8, 15", ", window: ±2 d, min_interval: 3 d")) == []


# ---------------------------------------------------------------- overdue and outside


def test_overdue():
    """What is overdue is said with its id, its dates in words and what to do."""
    (notice,) = found(visit("day 1", "±3 d"), as_of=jan(10))
    assert (notice.level, notice.event) == ("warning", "treatment/d1/visit")
    assert notice.sentence == (
        "due on Mon 4 Jan 2027; its window closed on Thu 7 Jan 2027, 3 days before Sun 10 Jan 2027, and nothing is "
        "recorded."
    )
    assert notice.remedy == "Record it as done, missed or skipped."


@pytest.mark.parametrize(("day", "findings"), [(7, 0), (8, 1)])
def test_overdue_begins_after_the_last_day(day, findings):
    """On the last day of a window nothing is overdue yet."""
    assert len(found(visit("day 1", "±3 d"), as_of=jan(day))) == findings


def test_many_overdue_are_one():
    """More than three of an item are told as the first, and how many more there are."""
    (notice,) = found(drug("daily x28"), as_of=jan(20))
    assert "due on Mon 4 Jan 2027, 16 days before Wed 20 Jan 2027" in notice.sentence
    assert notice.sentence.endswith("15 more like this.")


def test_nothing_is_overdue_without_a_day():
    """Without a day nobody can say what is overdue."""
    assert found(drug("daily x28")) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (10, "took place on Sun 10 Jan 2027, 3 days after its window closed on Thu 7 Jan 2027."),
        (7, None),
    ],
)
def test_outside(day, said):
    """What took place outside its window is a note."""
    notices = found(visit("day 1", "±3 d"), fact("done", "treatment/d1/visit", jan(day)))
    assert [notice.level for notice in notices] == (["note"] if said else [])
    if said:
        assert said in notices[0].sentence


def test_too_early():
    """Too early is told as days before the window opened."""
    (notice,) = found(visit("day 8", "±3 d"), fact("done", "treatment/d8/visit", jan(6)))
    assert "took place on Wed 6 Jan 2027, 2 days before its window opened on Fri 8 Jan 2027." in notice.sentence


# ---------------------------------------------------------------- minimum intervals


def test_a_broken_interval_needs_a_decision():
    """A late dose that leaves too little time before the next one still to come is a decision."""
    late = fact("given", "treatment/d1/drug", jan(8))
    (notice,) = found(drug("days 1, 8", f", min_interval: 5 d{KEEP}"), late)
    assert (notice.level, notice.event) == ("decision", "treatment/d8/drug")
    assert notice.sentence == (
        "on Mon 11 Jan 2027 it comes 3 days after drug (Day 1) on Fri 8 Jan 2027, less than the minimum interval of "
        "5 d."
    )


def test_a_broken_interval_in_the_past():
    """Two doses given too near to each other are a warning."""
    rows = [fact("given", "treatment/d1/drug", jan(8)), fact("given", "treatment/d8/drug", jan(11))]
    (notice,) = found(drug("days 1, 8", f", min_interval: 5 d{KEEP}"), *rows)
    assert notice.level == "warning"


@pytest.mark.parametrize(("least", "broken"), [("3 d", False), ("4 d", True), ("72 h", False), ("97 h", True)])
def test_the_edge_of_an_interval(least, broken):
    """An interval of exactly the least length is kept; hours between days are broken only if no times keep them."""
    rows = [fact("given", "treatment/d1/drug", jan(8))]
    levels = [notice.level for notice in found(drug("days 1, 8", f", min_interval: {least}{KEEP}"), *rows)]
    assert ("decision" in levels) == broken


def test_a_missed_dose_breaks_nothing():
    """A dose that was not given is near to none."""
    rows = [fact("missed", "treatment/d8/drug", why="ill")]
    assert found(drug("days 1, 8, 10", f", min_interval: 5 d{KEEP}"), *rows) == []


def test_windows_used_in_full():
    """What the windows would allow and the interval does not is possible, told once for an item."""
    (notice,) = found(drug("days 1, 8, 15", ", window: ±2 d, min_interval: 4 d"))
    assert notice.level == "note"
    assert "if drug (Day 1) takes place as late as Wed 6 Jan 2027, this one may not take place as early" in str(notice)
    assert "1 more like this" in notice.sentence


# ---------------------------------------------------------------- windows, order, days


def test_windows_that_meet():
    """The last day of one window is the first of the next: both visits could fall on it."""
    (notice,) = found(visit("days 1, 8", "-3/+4 d"))
    assert (notice.level, notice.event) == ("note", "treatment/d8/visit")
    assert "visit (Day 1) may take place until Fri 8 Jan 2027, and this one from Fri 8 Jan 2027 on" in str(notice)
    assert found(visit("days 1, 8", "-3/+3 d")) == []


def test_windows_of_visits_with_numbers():
    """Week 1 and Week 2 are one series though they are two items; other visits are not."""
    text = "    visits:\n      A: {when: day 1, window: ±4 d}\n      B: {when: day 8, window: ±4 d}\n"
    assert found(text) == []
    assert len(found(text.replace("A:", "week-1:").replace("B:", "week-2:"))) == 1


def test_a_visit_inside_the_next_window():
    """A visit that took place inside the next one's window is told; one before it is not."""
    text = visit("days 1, 8", "±3 d")
    notices = [str(notice) for notice in found(text, fact("done", "treatment/d1/visit", jan(9)))]
    assert any("took place on Sat 9 Jan 2027, and this one from Fri 8 Jan 2027 on" in said for said in notices)
    assert found(text, fact("done", "treatment/d1/visit", jan(7))) == []


def test_turned_round():
    """A visit that takes place before the one planned first is a warning."""
    notices = found(visit("days 1, 8", "±1 d"), fact("done", "treatment/d1/visit", jan(14)))
    (warning,) = [notice for notice in notices if notice.level == "warning"]
    assert "on Mon 11 Jan 2027 it comes before visit (Day 1) on Thu 14 Jan 2027" in warning.sentence


def test_two_doses_of_a_drug_on_a_day():
    """Doses of one drug that were planned for two days and share one are a warning; a day's own two doses are not."""
    late = fact("given", "treatment/d1/drug", jan(11))
    notices = found(drug("days 1, 8", KEEP), late)
    assert [(n.level, n.event) for n in notices] == [("warning", "treatment/d8/drug")]
    assert "it shares Mon 11 Jan 2027 with drug (Day 1): two doses of a drug on one day." in notices[0].sentence
    assert found(drug("bid days 1, 8")) == []


def test_two_epochs_that_meet_on_one_day():
    """Doses that two epochs, counted from different dates, put on one day were meant by nobody."""
    text = """
    doses:
      drug: {dose: 1 mg IV, when: day 8}
  later:
    from: surgery
    doses:
      drug: {dose: 1 mg IV, when: day 1}
"""
    study = study_from(text, ("treatment", "later"), "surgery: surgery")
    (notice,) = dated_findings(expand(study, {"first_dose": MONDAY, "surgery": jan(11)}))
    assert "it shares Mon 11 Jan 2027 with drug (Day 1)" in notice.sentence
    assert dated_findings(expand(study, {"first_dose": MONDAY, "surgery": jan(12)})) == ()


def test_windows_with_a_minimum_interval_are_told_once():
    """Windows that meet are not told beside the minimum interval that forbids using them in full."""
    notices = found(drug("days 1, 8", ", window: ±4 d, min_interval: 5 d"))
    assert len(notices) == 1
    assert "the minimum interval is 5 d" in notices[0].sentence


def test_a_long_infusion_and_a_dose_of_its_days():
    """A dose on a day of an infusion of the same drug, from another epoch, is found."""
    text = """
    doses:
      drug: {dose: 9 mcg/day CIV, when: days 1-14}
  later:
    from: 10 d after first_dose
    doses:
      drug: {dose: 9 mcg IV, when: day 1}
"""
    calendar = calendar_after(text, MONDAY, [], arm=("treatment", "later"))
    (notice,) = dated_findings(calendar)
    assert "it shares Thu 14 Jan 2027" in notice.sentence


def test_the_rest_of_a_paused_infusion_is_no_dose_of_its_own():
    """An infusion that went on after a pause is neither doubled nor too near to itself."""
    text = """
    doses:
      drug: {dose: 9 mcg/day CIV, when: days 1-14, min_interval: 20 d, late: resume to total}
"""
    rows = [fact("held", "drug", jan(8), why="fever"), fact("restarted", "drug", jan(9))]
    calendar = calendar_after(text, MONDAY, rows)
    assert any("/resumed" in event.id for event in calendar)
    assert dated_findings(calendar) == ()
    assert [n for n in on_working_days(calendar, Site()).notices if n not in calendar.notices] == []


# ---------------------------------------------------------------- as notices of a calendar


def test_on_the_calendar():
    """Findings join the calendar's notices, the most urgent first; to look twice adds nothing."""
    late = fact("given", "treatment/d1/drug", jan(8))
    text = drug("days 1, 8", f", window: ±1 d, min_interval: 5 d{KEEP}")
    calendar = calendar_after(text, MONDAY, [late])
    once = with_findings(calendar, jan(30))
    levels = [LEVELS.index(notice.level) for notice in once.notices]
    assert levels == sorted(levels)
    assert set(calendar.notices) <= set(once.notices)
    assert with_findings(once, jan(30)) == once
    assert once.events == calendar.events
