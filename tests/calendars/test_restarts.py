"""What is done once more when an infusion is started again? Premedication and days in hospital after a pause."""

# Recorded times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.journals import calendar_after, fact, study_from
from tests.ledger.ledgers import drug, ledger

from regimen.errors import DefinitionError

EPOCH = """
    cycles: 42 d x1
    doses:
      blinatumomab:
        dose: 28 mcg/day CIV
        when: days 1-28
        bags: 96 h
        late: resume to total within 7 d, else restart
      dexamethasone:
        dose: 20 mg IV
        when: 1 h before dose of blinatumomab
        at_restart: {of: blinatumomab, before: 1 h, pause: 4 h}
    visits:
      hospital: {when: daily on days 1-3, at_restart: {of: blinatumomab, days: 2, pause: 4 h}}
"""
HELD = datetime(2027, 3, 25, 10)
AGAIN = datetime(2027, 3, 28, 10)
ID = "treatment/c1/d1/blinatumomab/restart1"


def after(*rows, start=datetime(2027, 3, 22, 10), again=AGAIN, text=EPOCH):
    pause = (fact("held", "blinatumomab", HELD), fact("restarted", "blinatumomab", again))
    return calendar_after(study_from(text), start, (*pause, *rows), zone="Europe/Berlin")


def at_restart(calendar):
    return [e for e in calendar if "/restart" in e.id]


def test_premedication_and_days_in_hospital_after_a_restart():
    """Restarted on the day of a clock change at 10:00: dexamethasone at 09:00, hospital that day and the next."""
    found = at_restart(after())
    assert [(e.id.removeprefix(ID), e.start.replace(tzinfo=None), e.state) for e in found] == [
        ("/dexamethasone", datetime(2027, 3, 28, 9), "planned"),
        ("/hospital/1", datetime(2027, 3, 28, 10), "planned"),
        ("/hospital/2", datetime(2027, 3, 29, 10), "planned"),
    ]
    assert found[0].why.startswith("2027-03-28 = 1 h before the restart Sun 28 Mar 2027 10:00 = restarted")
    assert {e.hangs_on for e in found} == {"treatment/c1/d1/blinatumomab/resumed1"}


@pytest.mark.parametrize(
    ("again", "count"),
    [(datetime(2027, 3, 25, 13, 59), 0), (datetime(2027, 3, 25, 14), 3), (datetime(2027, 3, 25, 14, 1), 3)],
)
def test_only_after_a_pause_of_the_stated_length(again, count):
    """3 h 59 min are no pause of 4 h; 4 h are."""
    assert len(at_restart(after(again=again))) == count


def test_without_a_pause_there_is_nothing_more():
    """A calendar without a restart has no such event."""
    assert at_restart(calendar_after(study_from(EPOCH), datetime(2027, 3, 22, 10), ())) == []


def test_a_new_cycle_has_its_own_premedication():
    """After 8 days the infusion begins anew as a cycle, and what hangs on its first dose is planned by that dose."""
    text = EPOCH.replace("x1", "x2")
    calendar = after(again=datetime(2027, 4, 2, 10), text=text)
    assert at_restart(calendar) == []
    assert datetime(2027, 4, 2, 9) in [e.start.replace(tzinfo=None) for e in calendar.of_item("dexamethasone")]


def test_without_times_of_day_the_day_counts():
    """With whole days the premedication is on the day of the restart, and the reason says that no time is known."""
    rows = (fact("held", "blinatumomab", date(2027, 3, 25)), fact("restarted", "blinatumomab", date(2027, 3, 28)))
    text = EPOCH.replace("when: 1 h before dose of blinatumomab", "when: day 1")
    found = at_restart(calendar_after(study_from(text), date(2027, 3, 22), rows))
    assert [e.start for e in found] == [date(2027, 3, 28), date(2027, 3, 28), date(2027, 3, 29)]
    assert "1 h before the restart (no time of day is known)" in next(e.why for e in found if e.kind == "dose")


def test_what_happened_is_recorded_like_anything_else():
    """Given, missed and moved are in the calendar with their line; the planned day is kept."""
    calendar = after(
        fact("given", f"{ID}/dexamethasone", datetime(2027, 3, 28, 9, 30), amount="20 mg"),
        fact("missed", f"{ID}/hospital/1", None),
        fact("moved", f"{ID}/hospital/2", datetime(2027, 3, 30, 8)),
    )
    dexamethasone, missed, moved = at_restart(calendar)
    assert (dexamethasone.state, dexamethasone.given, dexamethasone.actual.hour) == ("given", "20 mg", 9)
    assert missed.state == "missed"
    assert (moved.start.day, moved.was_planned.day, "moved to" in moved.because) == (30, 29, True)


def test_a_line_about_a_restart_that_is_no_more_is_told():
    """If the restart is not there, what was recorded of its premedication is named in a warning."""
    rows = (fact("given", f"{ID}/dexamethasone", datetime(2027, 3, 28, 9)),)
    calendar = calendar_after(study_from(EPOCH), datetime(2027, 3, 22, 10), rows, zone="Europe/Berlin")
    assert [n.sentence for n in calendar.notices if n.event.startswith(ID)] == [
        "line 1 is about an event that the calendar does not have."
    ]


def test_the_dose_at_a_restart_is_in_the_ledger():
    """20 mg with the first dose and 20 mg with the restart are 40 mg, and nothing is warned of."""
    rows = [fact("held", "blinatumomab", HELD), fact("restarted", "blinatumomab", AGAIN)]
    found = ledger(EPOCH, datetime(2027, 3, 22, 10), rows, zone="Europe/Berlin")
    assert str(drug(found, "dexamethasone").total) == "40 mg"
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{of: rituximab, before: 1 h}", "rituximab is no other continuous infusion of this epoch; it has blina"),
        ("{of: dexamethasone}", "of: dexamethasone is no other continuous infusion"),
        ("{of: blinatumomab, before: 1 d}", "before: is a time in hours or minutes, such as 4 h, not 1 d"),
        ("{of: blinatumomab, pause: 1 mo}", "pause: is a time in hours or minutes, such as 4 h, not 1 mo"),
        ("{of: blinatumomab, before: 1 h, days: 2}", "before: and days: do not go together"),
        ("{of: blinatumomab, days: 0}", "1"),
        ("{before: 1 h}", "of"),
        ("{of: blinatumomab, after: 1 h}", "after"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused(rule, words):
    """What at_restart cannot mean is told at its place."""
    text = EPOCH.replace("{of: blinatumomab, before: 1 h, pause: 4 h}", rule)
    with pytest.raises(DefinitionError) as raised:
        study_from(text)
    assert words in str(raised.value)


PAUSED = """
    cycles: 42 d x2
    doses:
      blinatumomab: {dose: 28 mcg/day CIV, when: days 1-28, late: "resume to total within 7 d, else restart"}
    visits:
      clinic: {when: "days 2, 10, 12, 22, 30"}
"""


def test_what_was_due_before_a_pause_keeps_its_day():
    """Paused from day 11 to day 14 and from then day 25 for 2 days: days 2 and 10 stay, 12 and 22 come 3 days later."""
    rows = (
        fact("held", "blinatumomab", date(2027, 1, 14)), fact("restarted", "blinatumomab", date(2027, 1, 17)),
        fact("held", "blinatumomab", date(2027, 1, 31)), fact("restarted", "blinatumomab", date(2027, 2, 2)),
    )  # fmt: skip
    calendar = calendar_after(study_from(PAUSED), date(2027, 1, 4), rows)
    first = [e for e in calendar.of_item("clinic") if e.cycle == 1]
    assert [(e.start, (e.start - e.was_planned).days) for e in first] == [
        (date(2027, 1, 5), 0), (date(2027, 1, 13), 0), (date(2027, 1, 18), 3), (date(2027, 1, 28), 3),
        (date(2027, 2, 7), 5),
    ]  # fmt: skip
    assert next(e.start for e in calendar.of_item("clinic") if e.cycle == 2) == date(2027, 2, 21)


def test_nothing_of_a_restart_is_planned_after_a_stop():
    """Stopped for good on the day after the restart: the day in hospital of that day is cancelled, with the reason."""
    stop = fact("discontinued", "all", datetime(2027, 3, 29, 8), why="toxicity")
    found = {e.id.removeprefix(ID): e for e in at_restart(after(stop))}
    assert {id: e.state for id, e in found.items()} == {
        "/dexamethasone": "planned", "/hospital/1": "planned", "/hospital/2": "cancelled",
    }  # fmt: skip
    assert found["/hospital/2"].because.startswith("discontinued Mon 29 Mar 2027 08:00")
