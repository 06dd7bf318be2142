"""What does a calendar say after what happened? Cases worked out by hand, with the drugs of real trials."""

# Recorded times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from tests.journals import calendar_after, fact, facts, starts_of, states_of, study_from

VENETOCLAX = """
    doses:
      venetoclax:
        dose: 400 mg PO
        when: daily at 08:00 x5
        late: give late, keep the grid within 8 h, else skip
"""
DARATUMUMAB = """
    doses:
      daratumumab:
        dose: 16 mg/kg IV
        when: q1w x3 then q2w x3 then q4w x2
        late: give late, shift the grid
"""
BELIMUMAB = """
    doses:
      belimumab: {dose: 200 mg subcut, when: q1w x4, late: ask}
"""
BLINATUMOMAB = """
    cycles: 42 d x3
    doses:
      blinatumomab:
        dose: 28 mcg/day CIV
        when: days 1-28
        late: resume to total within 7 d, else restart
"""
MONDAY = date(2027, 1, 4)


# ---------------------------------------------------------------- venetoclax: skip after 8 h


def venetoclax(hour: int, minute: int = 0):
    given = fact("given", "treatment/d2/venetoclax", datetime(2027, 1, 5, hour, minute))
    return calendar_after(VENETOCLAX, MONDAY, [given], zone="Europe/Berlin")


def test_venetoclax_seven_hours_late():
    """A tablet 7 h late is taken, and the next one comes at its usual time."""
    calendar = venetoclax(15)
    assert states_of(calendar, "venetoclax") == ["planned", "given", "planned", "planned", "planned"]
    assert [start.strftime("%d %H:%M") for start in starts_of(calendar, "venetoclax")] == [
        "04 08:00", "05 15:00", "06 08:00", "07 08:00", "08 08:00",
    ]  # fmt: skip
    assert calendar.notices == ()


@pytest.mark.parametrize(("hour", "minute", "warned"), [(16, 0, False), (16, 1, True), (17, 0, True)])
def test_venetoclax_limit(hour, minute, warned):
    """Up to 8 h late, both ends included, it is taken; 9 h late it should have been skipped, and that is said."""
    calendar = venetoclax(hour, minute)
    found = [notice.level for notice in calendar.notices]
    assert found == (["warning"] if warned else [])
    if warned:
        assert "where the definition says to skip it" in calendar.notices[0].sentence


def test_venetoclax_skipped():
    """A tablet that was skipped is missed, and no other tablet moves."""
    missed = fact("missed", "treatment/d2/venetoclax", why="9 h late")
    calendar = calendar_after(VENETOCLAX, MONDAY, [missed], zone="Europe/Berlin")
    assert states_of(calendar, "venetoclax") == ["planned", "missed", "planned", "planned", "planned"]
    untouched = calendar_after(VENETOCLAX, MONDAY, [], zone="Europe/Berlin")
    assert starts_of(calendar, "venetoclax") == starts_of(untouched, "venetoclax")


# ---------------------------------------------------------------- daratumumab: give late and shift


def test_daratumumab_five_days_late():
    """A dose 5 days late moves all later doses by 5 days; the planned dates are kept."""
    calendar = calendar_after(DARATUMUMAB, MONDAY, [fact("given", "treatment/d8/daratumumab", date(2027, 1, 16))])
    # Planned: 4, 11, 18 Jan; 25 Jan, 8, 22 Feb; 8 Mar, 5 Apr.
    assert starts_of(calendar, "daratumumab") == [
        date(2027, 1, 4), date(2027, 1, 16), date(2027, 1, 23), date(2027, 1, 30), date(2027, 2, 13),
        date(2027, 2, 27), date(2027, 3, 13), date(2027, 4, 10),
    ]  # fmt: skip
    planned = [event.was_planned for event in calendar.of_item("daratumumab")]
    assert planned == [
        date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18), date(2027, 1, 25), date(2027, 2, 8),
        date(2027, 2, 22), date(2027, 3, 8), date(2027, 4, 5),
    ]  # fmt: skip
    third = calendar.of_item("daratumumab")[2]
    assert third.why == "2027-01-23 = Day 15 = Day 8 2027-01-16 (given, journal line 1) + 7 d"
    assert third.because.startswith("given Sat 16 Jan 2027 (journal line 1")


def test_two_late_doses():
    """Each late dose is the new anchor of those after it: they count from the last one, not from both."""
    late = [
        fact("given", "treatment/d8/daratumumab", date(2027, 1, 16)),
        fact("given", "treatment/d15/daratumumab", date(2027, 1, 25)),
    ]
    calendar = calendar_after(DARATUMUMAB, MONDAY, late)
    assert starts_of(calendar, "daratumumab")[2:5] == [date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 15)]


def test_months_count_from_the_late_dose():
    """A series in months that was shifted counts its months from the dose, not from a step before."""
    text = "    doses: {drug: {dose: 1 mg PO, when: every 1 mo x5, late: 'give late, shift the grid'}}\n"
    calendar = calendar_after(text, date(2027, 1, 29), [fact("given", "treatment/m1/drug", date(2027, 3, 31))])
    assert starts_of(calendar, "drug") == [
        date(2027, 1, 29), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31), date(2027, 6, 30),
    ]  # fmt: skip


# ---------------------------------------------------------------- belimumab: a person chooses


@pytest.mark.parametrize(
    ("then", "later", "states", "notices"),
    [
        ("keep", [18, 25], "planned", []),
        ("shift", [20, 27], "planned", []),
        ("", [18, 25], "tentative", ["decision"]),
    ],
)
def test_belimumab_on_wednesday(then, later, states, notices):
    """A Monday dose taken on Wednesday: the next on Monday, or on Wednesday; undecided shows both and settles none."""
    given = fact("given", "treatment/d8/belimumab", date(2027, 1, 13), then=then)
    calendar = calendar_after(BELIMUMAB, MONDAY, [given])
    assert [day.day for day in starts_of(calendar, "belimumab")] == [4, 13, *later]
    assert states_of(calendar, "belimumab") == ["planned", "given", states, states]
    assert [notice.level for notice in calendar.notices] == notices
    if notices:
        assert "Keep the grid: next on Mon 18 Jan 2027. Count from it: next on Wed 20 Jan 2027." in str(
            calendar.notices[0]
        )


# ---------------------------------------------------------------- blinatumomab: resume, or a new cycle


def paused(days: int, **more):
    """Ten infusion days from 4 Jan 2027, then a pause of so many days from 14 Jan on."""
    return calendar_after(
        BLINATUMOMAB, MONDAY,
        [
            fact("given", "treatment/c1/d1/blinatumomab", MONDAY),
            fact("held", "blinatumomab", date(2027, 1, 14), why="neurotoxicity"),
            fact("restarted", "blinatumomab", date(2027, 1, 14 + days), **more),
        ],
    )  # fmt: skip


def infusions(calendar):
    return [(event.start, event.end, event.id.rpartition("treatment/")[2]) for event in calendar.of_kind("dose")]


def test_blinatumomab_paused_three_days():
    """Paused for 3 days after day 10: 18 infusion days remain in the cycle, and the next cycle comes 3 days later."""
    calendar = paused(3)
    assert infusions(calendar) == [
        (date(2027, 1, 4), date(2027, 1, 13), "c1/d1/blinatumomab"),
        (date(2027, 1, 17), date(2027, 2, 3), "c1/d1/blinatumomab/resumed1"),
        (date(2027, 2, 18), date(2027, 3, 17), "c2/d1/blinatumomab"),
        (date(2027, 4, 1), date(2027, 4, 28), "c3/d1/blinatumomab"),
    ]
    assert sum(event.dose_days for event in calendar.of_kind("dose") if event.cycle == 1) == 28
    assert "18 of 28 infusion days are left" in calendar.of_item("blinatumomab")[1].why


def test_blinatumomab_paused_eight_days():
    """Paused for 8 days: the cycle ends, a new one begins on the day of the restart, and that is said."""
    calendar = paused(8)
    assert infusions(calendar) == [
        (date(2027, 1, 4), date(2027, 1, 13), "c1/d1/blinatumomab"),
        (date(2027, 1, 22), date(2027, 2, 18), "c2/d1/blinatumomab"),
        (date(2027, 3, 5), date(2027, 4, 1), "c3/d1/blinatumomab"),
    ]
    assert [notice.level for notice in calendar.notices] == ["note"]
    assert "the number of cycles is not raised" in calendar.notices[0].sentence


@pytest.mark.parametrize(("days", "resumed"), [(1, True), (7, True), (8, False)])
def test_the_limit_of_a_pause(days, resumed):
    """A pause of exactly 7 days still resumes the cycle."""
    assert any("resumed" in event.id for event in paused(days)) is resumed


def test_pause_not_ended():
    """While the infusion is on hold it ends with the last day given, later cycles are held, and that is noted."""
    held = [
        fact("given", "treatment/c1/d1/blinatumomab", MONDAY),
        fact("held", "blinatumomab", date(2027, 1, 14), why="fever"),
    ]
    calendar = calendar_after(BLINATUMOMAB, MONDAY, held)
    assert states_of(calendar, "blinatumomab") == ["given", "held", "held"]
    assert calendar.of_item("blinatumomab")[0].end == date(2027, 1, 13)
    assert [notice.level for notice in calendar.notices] == ["note"]


def test_pause_in_hours_across_a_clock_change():
    """With clock times the rest is exact: 28 × 24 h less what ran, and the local stop moves with the clock."""
    start, held, again = datetime(2027, 3, 15, 10), datetime(2027, 3, 20, 10), datetime(2027, 3, 22, 10)
    calendar = calendar_after(
        BLINATUMOMAB, start,
        [
            fact("given", "treatment/c1/d1/blinatumomab", start),
            fact("held", "blinatumomab", held, why="line change"),
            fact("restarted", "blinatumomab", again),
        ], zone="Europe/Berlin",
    )  # fmt: skip
    first, rest, following = calendar.of_item("blinatumomab")[:3]
    assert (first.end - first.start).days == 5
    # 23 × 24 h from 22 Mar 10:00; the clock goes forward on 28 Mar.
    assert rest.end.replace(tzinfo=None) == datetime(2027, 4, 14, 11)
    assert following.start.replace(tzinfo=None) == datetime(2027, 4, 28, 10)


def test_a_pause_that_nobody_has_a_rule_for():
    """Where the definition says nothing of pauses, both readings are named and the later cycles wait for a person."""
    rows = [
        fact("held", "blinatumomab", date(2027, 1, 14), why="x"),
        fact("restarted", "blinatumomab", date(2027, 1, 17), amount="28 mcg/day"),
    ]
    text = BLINATUMOMAB.replace("        late: resume to total within 7 d, else restart\n", "")
    calendar = calendar_after(text, MONDAY, rows)
    assert states_of(calendar, "blinatumomab") == ["planned", "tentative", "tentative"]
    assert "resume to its total, or begin a new cycle" in calendar.notices[0].sentence


def test_a_restart_at_the_same_dose_changes_no_dose():
    """A restart that names the planned dose is no change of dose, so later doses give it no reason."""
    calendar = paused(3, amount="28 mcg/day")
    assert {event.dose for event in calendar.of_kind("dose")} == {"28 mcg/day"}
    assert calendar.of_item("blinatumomab")[-1].because.startswith("infusion paused for 3 d")


# ---------------------------------------------------------------- delays, cycles, anchors

CYCLES = """
    cycles: 21 d x4
    max_delay: {logistics: 7 d, toxicity: 14 d}
    doses:
      drug: {dose: 75 mg/m2 IV, when: "days 1, 8", late: "give late, shift the grid"}
      tablet: {dose: 4 mg PO, when: 1 d before dose of drug}
    visits:
      check: {when: day 15}
    procedures:
      scan: {when: every 6 w x3, from: first_dose}
"""


def test_delay_of_a_cycle():
    """A delayed cycle moves with all that follows it; imaging that follows the anchor stays."""
    delayed = fact("delayed", "treatment/c2", date(2027, 2, 1), cause="toxicity", why="neutropenia")
    calendar = calendar_after(CYCLES, MONDAY, [delayed])
    assert starts_of(calendar, "drug") == [
        date(2027, 1, 4), date(2027, 1, 11), date(2027, 2, 1), date(2027, 2, 8), date(2027, 2, 22),
        date(2027, 3, 1), date(2027, 3, 15), date(2027, 3, 22),
    ]  # fmt: skip
    assert starts_of(calendar, "check") == [
        date(2027, 1, 18), date(2027, 2, 15), date(2027, 3, 8), date(2027, 3, 29),
    ]  # fmt: skip
    assert starts_of(calendar, "tablet")[2] == date(2027, 1, 31)
    assert starts_of(calendar, "scan") == [date(2027, 1, 4), date(2027, 2, 15), date(2027, 3, 29)]
    assert calendar.notices == ()


@pytest.mark.parametrize(
    ("cause", "to", "asked"),
    [
        ("logistics", date(2027, 2, 1), False),
        ("logistics", date(2027, 2, 2), True),
        ("toxicity", date(2027, 2, 8), False),
        ("toxicity", date(2027, 2, 9), True),
    ],
)
def test_caps_of_delays(cause, to, asked):
    """Up to 7 days for logistics and 14 for toxicity; past the cap a person decides, and nothing there is settled."""
    calendar = calendar_after(CYCLES, MONDAY, [fact("delayed", "treatment/c2", to, cause=cause, why="x")])
    assert [notice.level for notice in calendar.notices] == (["decision"] if asked else [])
    second = [event for event in calendar.of_item("drug") if event.cycle == 2]
    assert {event.state for event in second} == ({"tentative"} if asked else {"planned"})


def test_a_late_dose_moves_its_cycle():
    """With 'shift the grid', a late dose moves the rest of its cycle and the later cycles, not what came before."""
    calendar = calendar_after(CYCLES, MONDAY, [fact("given", "treatment/c2/d1/drug", date(2027, 1, 28))])
    assert starts_of(calendar, "drug")[:6] == [
        date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 28), date(2027, 2, 4), date(2027, 2, 18), date(2027, 2, 25),
    ]  # fmt: skip
    assert starts_of(calendar, "check")[:3] == [date(2027, 1, 18), date(2027, 2, 11), date(2027, 3, 4)]


def test_cycles_in_months_count_from_the_delayed_one():
    """After a delay, cycles in months count from the delayed start; before it, from the anchor."""
    text = "    cycles: 3 mo x4\n    doses: {drug: {dose: 9 mcg/day CIV, when: days 1-14}}\n"
    calendar = calendar_after(text, date(2027, 1, 31), [fact("delayed", "treatment/c3", date(2027, 8, 5), why="x")])
    assert starts_of(calendar, "drug") == [
        date(2027, 1, 31), date(2027, 4, 30), date(2027, 8, 5), date(2027, 11, 5),
    ]  # fmt: skip


VISITS = """
    visits:
      first: {when: "days 1, 15, 29", follows: FOLLOWS}
"""


@pytest.mark.parametrize(
    ("follows", "after_done", "after_moved"),
    [("cycle", 29, 29), ("anchor", 29, 29), ("previous planned", 29, 33), ("previous actual", 33, 33)],
)
def test_what_a_visit_follows(follows, after_done, after_moved):
    """Visit 2 done, or put, 4 days later: visit 3 stays, or moves with it, as the item says."""
    text = VISITS.replace("FOLLOWS", follows)
    for what, expected in (("done", after_done), ("moved", after_moved)):
        calendar = calendar_after(text, MONDAY, [fact(what, "treatment/d15/first", date(2027, 1, 22))])
        assert (starts_of(calendar, "first")[2] - MONDAY).days + 1 == expected


# ---------------------------------------------------------------- holds, levels, stops


def test_hold_and_restart():
    """Held doses are not given and say so; the first one after the restart is given then, with what follows."""
    text = """
    doses:
      drug: {dose: 100 mg PO, when: q1w x5, late: "give late, shift the grid", levels: {minus-1: 50 mg PO}}
"""
    hold = fact("held", "drug", date(2027, 1, 11), why="rash")
    calendar = calendar_after(text, MONDAY, [hold])
    assert states_of(calendar, "drug") == ["planned", "held", "held", "held", "held"]
    calendar = calendar_after(text, MONDAY, [hold, fact("restarted", "drug", date(2027, 1, 20), level="minus-1")])
    assert states_of(calendar, "drug") == ["planned"] * 5
    assert [day.isoformat()[5:] for day in starts_of(calendar, "drug")] == ["01-04", "01-20", "01-27", "02-03", "02-10"]
    assert [event.dose for event in calendar.of_item("drug")] == ["100 mg"] + ["50 mg PO"] * 4


def test_hold_with_the_grid_kept():
    """Where the policy keeps the grid, the doses of the hold stay held and the rest lies where it was planned."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x5, late: skip}}\n"
    calendar = calendar_after(
        text, MONDAY, [fact("held", "all", date(2027, 1, 11), why="x"), fact("restarted", "all", date(2027, 1, 20))]
    )
    assert states_of(calendar, "drug") == ["planned", "held", "held", "planned", "planned"]


FOLLOW_UP = """
    cycles: 21 d x6
    doses:
      drug: {dose: 75 mg/m2 IV, when: day 1}
    visits:
      check: {when: day 15}
    procedures:
      scan: {when: every 6 w x4, from: first_dose}
  follow-up:
    from: 28 d after last dose of drug
    visits:
      call: {when: every 30 d x2}
"""


def test_discontinuation():
    """Stopping cancels what is left of the treatment and opens the follow-up that counts from the last dose."""
    given = [fact("given", f"treatment/c{k}/d1/drug", date(2027, 1, 4 + 21 * (k - 1))) for k in (1, 2)]
    stop = fact("discontinued", "all", date(2027, 2, 10), why="progression")
    calendar = calendar_after(FOLLOW_UP, MONDAY, [*given, stop], arm=("treatment", "follow-up"))
    assert states_of(calendar, "drug") == ["given", "given", *["cancelled"] * 4]
    assert states_of(calendar, "check") == ["planned", "planned", *["cancelled"] * 4]
    assert set(states_of(calendar, "scan")) == {"planned"}
    # The last dose was on 25 Jan 2027; 28 days later is 22 Feb.
    assert starts_of(calendar, "call") == [date(2027, 2, 22), date(2027, 3, 24)]
    end = next(event for event in calendar if event.id == "treatment/end")
    assert (end.start, end.planned) == (date(2027, 1, 26), date(2027, 5, 10))


def test_discontinuation_dates_an_open_end():
    """The follow-up of a treatment without an end waits; stopping gives it its date."""
    text = FOLLOW_UP.replace("21 d x6", "21 d until progression, at most 24 mo")
    before = calendar_after(text, MONDAY, [], arm=("treatment", "follow-up"))
    given = [fact("given", f"treatment/c{k}/d1/drug", date(2027, 1, 4 + 21 * (k - 1))) for k in (1, 2)]
    stop = fact("discontinued", "drug", date(2027, 2, 15), why="progression")
    after = calendar_after(text, MONDAY, [*given, stop], arm=("treatment", "follow-up"))
    assert starts_of(after, "call") == [date(2027, 2, 22), date(2027, 3, 24)]
    assert starts_of(before, "call") != starts_of(after, "call")


def test_stopped_before_the_first_dose():
    """With no dose to count from, the follow-up has no date, and says what it waits for."""
    stop = fact("discontinued", "all", MONDAY, why="not eligible")
    calendar = calendar_after(FOLLOW_UP, MONDAY, [stop], arm=("treatment", "follow-up"))
    assert starts_of(calendar, "call") == []
    assert [waiting.for_ for waiting in calendar.waiting] == ["a dose to count from; none was given"]


def test_withdrawal():
    """Who leaves the study has nothing more to come, scans and follow-up included."""
    left = fact("withdrawn", "", date(2027, 2, 1), why="consent withdrawn")
    given = [fact("given", f"treatment/c{k}/d1/drug", date(2027, 1, 4 + 21 * (k - 1))) for k in (1, 2)]
    calendar = calendar_after(FOLLOW_UP, MONDAY, [*given, left], arm=("treatment", "follow-up"))
    assert {event.state for event in calendar if event.first_day >= date(2027, 2, 1)} == {"cancelled"}
    assert {event.state for event in calendar if event.first_day < date(2027, 2, 1)} == {"planned", "given"}


def test_reduction():
    """A reduced dose holds for all later doses, whatever was given before."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x4}}\n"
    calendar = calendar_after(
        text, MONDAY, [fact("given", "treatment/d1/drug", MONDAY, amount="100 mg"),
                       fact("reduced", "drug", date(2027, 1, 12), amount="75 mg PO", why="toxicity")],
    )  # fmt: skip
    assert [event.dose for event in calendar.of_item("drug")] == ["100 mg", "100 mg", "75 mg PO", "75 mg PO"]
    assert calendar.of_item("drug")[0].given == "100 mg"


def test_a_skipped_anchor_counts_from_its_planned_day():
    """What counts from a missed dose counts from the day it was due."""
    text = """
    doses:
      drug: {dose: 1 mg PO, when: "q1w x3", late: skip}
      after: {dose: 2 mg PO, when: daily x2, from: 3 d after first dose of drug}
"""
    calendar = calendar_after(text, MONDAY, [fact("missed", "treatment/d1/drug", why="ill")])
    assert starts_of(calendar, "after") == [date(2027, 1, 7), date(2027, 1, 8)]


def test_premedication_of_a_missed_dose():
    """What hangs on a dose that is not given is not given either; held and cancelled doses take it with them."""
    for what, state in (("missed", "not applicable"), ("skipped", "cancelled")):
        calendar = calendar_after(CYCLES, MONDAY, [fact(what, "treatment/c2/d1/drug", why="x", then="keep")])
        assert states_of(calendar, "tablet")[2] == state


def test_unscheduled_visit():
    """A visit that no protocol plans is added with its reason, and has no planned day."""
    calendar = calendar_after(CYCLES, MONDAY, [fact("visit", "Toxicity check", date(2027, 1, 13), why="rash")])
    added = next(event for event in calendar if event.item == "unscheduled")
    assert (added.id, added.label, added.start, added.was_planned) == (
        "unscheduled/1", "Toxicity check", date(2027, 1, 13), None,
    )  # fmt: skip


# ---------------------------------------------------------------- anchors, decisions, corrections


def test_anchor_in_the_journal():
    """A date that becomes known later is recorded, and what waited for it gets its dates."""
    study = study_from("    doses: {drug: {dose: 1 mg PO, when: daily x2}}\n")
    calendar = calendar_after(study, None, [fact("anchor", "first_dose", MONDAY)])
    assert starts_of(calendar, "drug") == [date(2027, 1, 4), date(2027, 1, 5)]


def test_correction_restores_the_calendar():
    """A fact that is struck out leaves the calendar as if it had never been recorded."""
    late = fact("given", "treatment/d8/daratumumab", date(2027, 1, 16))
    struck = fact("corrected", corrects=1, why="wrong subject")
    assert calendar_after(DARATUMUMAB, MONDAY, [late, struck]) == calendar_after(DARATUMUMAB, MONDAY, [])


def test_correction_replaces():
    """A corrected date counts in place of the first one."""
    late = fact("given", "treatment/d8/daratumumab", date(2027, 1, 16))
    right = fact("given", "treatment/d8/daratumumab", date(2027, 1, 11))
    calendar = calendar_after(
        DARATUMUMAB, MONDAY, [late, fact("corrected", corrects=1, instead=right, why="typing error")]
    )
    assert starts_of(calendar, "daratumumab")[2] == date(2027, 1, 18)


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([fact("given", "treatment/d9/daratumumab", MONDAY)], "names 'treatment/d9/daratumumab', which this calendar"),
        ([fact("held", "aspirin", MONDAY, why="x")], "names 'aspirin', which this calendar does not have"),
        ([fact("delayed", "treatment/c9", MONDAY, why="x")], "names 'treatment/c9'"),
        (
            [fact("restarted", "daratumumab", MONDAY)],
            "restarts daratumumab, which is not on hold before Mon 4 Jan 2027",
        ),
        (
            [
                fact("given", "treatment/d1/daratumumab", MONDAY),
                fact("missed", "treatment/d1/daratumumab", why="x", then="skip"),
            ],
            "the journal says both 'given' (line 1) and 'missed' (line 2); the later line holds",
        ),
        ([fact("reduced", "daratumumab", MONDAY, level="minus-9", why="x")], "dose level 'minus-9'"),
    ],
)
def test_facts_that_fit_nothing(rows, words):
    """A fact that fits nothing changes nothing and is said, with its line; none is dropped in silence."""
    calendar = calendar_after(DARATUMUMAB, MONDAY, rows)
    assert [notice.level for notice in calendar.notices] == ["warning"]
    assert words in calendar.notices[0].sentence


def test_dose_beyond_a_bound():
    """A dose that a delay pushes past the protocol's bound is not dropped: it is shown, and someone must look."""
    text = """
    doses:
      drug: {dose: 1 mg PO, when: q1w through day 22, late: "give late, shift the grid"}
"""
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/d8/drug", date(2027, 1, 13))])
    assert states_of(calendar, "drug") == ["planned", "given", "planned", "tentative"]
    assert [notice.level for notice in calendar.notices] == ["decision"]
    assert "past the end that the protocol gives it" in calendar.notices[0].sentence


def test_facts_are_numbered():
    """The lines of the helpers are numbered as a journal numbers them."""
    assert [one.number for one in facts([fact("anchor", "a", MONDAY), fact("anchor", "b", MONDAY)])] == [1, 2]


# ---------------------------------------------------------------- windows, intervals, stops in a pause


@pytest.mark.parametrize(("hangs_on", "middle"), [("current", date(2027, 2, 2)), ("planned", date(2027, 1, 25))])
def test_what_a_window_hangs_on(hangs_on, middle):
    """After a delay the window lies around the new day, or stays around the planned one if the item says so."""
    text = f"""
    cycles: 21 d x3
    doses:
      drug: {{dose: 1 mg IV, when: day 1, window: ±2 d, window_from: {hangs_on}}}
"""
    calendar = calendar_after(text, MONDAY, [fact("delayed", "treatment/c2", date(2027, 2, 2), why="x")])
    second = calendar.of_item("drug")[1]
    assert second.start == date(2027, 2, 2)
    assert second.window.earliest + (second.window.latest - second.window.earliest) / 2 == middle


def test_a_dose_inside_its_window_moves_nothing():
    """A dose on another day inside its window needs no policy and moves nothing; windows do not drift."""
    text = "    doses: {drug: {dose: 1 mg IV, when: q1w x3, window: -1/+2 d}}\n"
    rows = [fact("given", "treatment/d1/drug", date(2027, 1, 6)), fact("given", "treatment/d8/drug", date(2027, 1, 13))]
    calendar = calendar_after(text, MONDAY, rows)
    assert starts_of(calendar, "drug") == [date(2027, 1, 6), date(2027, 1, 13), date(2027, 1, 18)]
    assert calendar.notices == ()
    assert [event.window.earliest for event in calendar.of_item("drug")][1:] == [date(2027, 1, 10), date(2027, 1, 17)]


def test_an_interval_visit_takes_place_on_a_day():
    """Screening on any day from -28 to -1 takes place on one day; its interval stays its window."""
    text = '    visits: {screening: {between: "days -28 to -1"}}\n    doses: {drug: {dose: 1 mg IV, when: day 1}}\n'
    done = fact("done", "treatment/d-28/screening", date(2026, 12, 20))
    (visit,) = calendar_after(text, MONDAY, [done]).of_item("screening")
    assert (visit.start, visit.end, visit.state) == (date(2026, 12, 20), date(2026, 12, 20), "done")
    assert (visit.window.earliest, visit.window.latest) == (date(2026, 12, 7), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("stop", "last"),
    [
        (date(2027, 1, 10), date(2027, 1, 9)),
        (date(2027, 1, 15), date(2027, 1, 13)),
        (date(2027, 1, 20), date(2027, 1, 19)),
    ],
)
def test_stopped_before_in_and_after_a_pause(stop, last):
    """An infusion that is stopped for good ends there, whether that is before, in or after its pause."""
    rows = [
        fact("given", "treatment/c1/d1/blinatumomab", MONDAY),
        fact("held", "blinatumomab", date(2027, 1, 14), why="x"),
        fact("restarted", "blinatumomab", date(2027, 1, 17)),
        fact("discontinued", "all", stop, why="progression"),
    ]
    calendar = calendar_after(BLINATUMOMAB, MONDAY, rows)
    assert max(event.last_day for event in calendar.of_kind("dose") if event.cycle == 1) == last
    assert {event.state for event in calendar.of_kind("dose") if event.cycle != 1} == {"cancelled"}


def test_an_epoch_of_its_own_anchor_outlives_a_stop():
    """What starts on an anchor dated after a discontinuation is not cancelled by it."""
    study = study_from(
        """
    doses:
      drug: {dose: 1 mg IV, when: q1w x3}
  crossover:
    from: progression
    doses:
      other: {dose: 1 mg IV, when: q1w x2}
""".replace("ARM", "treatment, crossover"),
        ("treatment", "crossover"),
        anchors="progression: progression of the disease",
    )
    rows = [fact("discontinued", "all", date(2027, 1, 8), why="x"), fact("anchor", "progression", date(2027, 2, 1))]
    assert states_of(calendar_after(study, MONDAY, rows), "other") == ["planned", "planned"]
    late = [fact("discontinued", "all", date(2027, 2, 3), why="x"), fact("anchor", "progression", date(2027, 2, 1))]
    assert states_of(calendar_after(study, MONDAY, late), "other") == ["planned", "cancelled"]


def test_phases_of_a_taper_move_together():
    """A late tablet of a taper moves the phases after it; their lengths stay."""
    text = """
    doses:
      drug:
        dose: 100 mg PO
        when: daily for 3 d then 50 mg for 2 d then 20 mg q1w x2
        late: give late, shift the grid
"""
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/d2/drug", date(2027, 1, 7))])
    assert [
        (day.day, event.dose) for day, event in zip(starts_of(calendar, "drug"), calendar.of_item("drug"), strict=True)
    ] == [(4, "100 mg"), (7, "100 mg"), (8, "100 mg"), (9, "50 mg"), (10, "50 mg"), (11, "20 mg"), (18, "20 mg")]
    assert calendar.notices == ()


def test_given_after_a_stop():
    """A dose recorded after the treatment was stopped is a contradiction that someone must settle."""
    rows = [
        fact("given", "treatment/d1/daratumumab", MONDAY),
        fact("given", "treatment/d8/daratumumab", date(2027, 1, 11)),
        fact("discontinued", "all", date(2027, 1, 12), why="x"),
        fact("given", "treatment/d15/daratumumab", date(2027, 1, 18)),
    ]
    calendar = calendar_after(DARATUMUMAB, MONDAY, rows)
    assert [notice.level for notice in calendar.notices] == ["warning"]
    assert "after this: discontinued Tue 12 Jan 2027" in calendar.notices[0].sentence


def test_retreatment_is_a_new_course():
    """A course that begins after a stop is not stopped by it, and says which course it repeats."""
    text = """
    doses:
      drug: {dose: 1 mg IV, when: q1w x3}
  again:
    from: 6 mo after last dose of drug
    course_of: treatment
    doses:
      drug-again: {dose: 1 mg IV, when: q1w x2}
"""
    rows = [fact("given", "treatment/d1/drug", MONDAY), fact("discontinued", "all", date(2027, 1, 8), why="response")]
    calendar = calendar_after(text, MONDAY, rows, arm=("treatment", "again"))
    assert states_of(calendar, "drug") == ["given", "cancelled", "cancelled"]
    assert [(e.start, e.state) for e in calendar.of_item("drug-again")] == [
        (date(2027, 7, 4), "planned"), (date(2027, 7, 11), "planned"),
    ]  # fmt: skip
    assert "again: a new course of treatment, which began on Mon 4 Jan 2027." in calendar.notes


# ---------------------------------------------------------------- one after the other


def test_doses_of_one_day_follow_each_other():
    """Of two doses of a day without clock times, the second goes with the first when that is given late."""
    text = "    doses: {drug: {dose: 1 mg PO, when: bid x6, late: 'give late, shift the grid'}}\n"
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/d2/drug/1", date(2027, 1, 8))])
    assert [day.day for day in starts_of(calendar, "drug")] == [4, 4, 8, 8, 9, 9]


def test_two_late_doses_in_a_cycle():
    """In one cycle the second delay is added to the first; later cycles move by both."""
    text = """
    cycles: 28 d x3
    doses:
      drug: {dose: 1 mg IV, when: "days 1, 8, 15", late: "give late, shift the grid"}
"""
    rows = [
        fact("given", "treatment/c1/d1/drug", date(2027, 1, 6)),
        fact("given", "treatment/c1/d8/drug", date(2027, 1, 16)),
    ]
    calendar = calendar_after(text, MONDAY, rows)
    # Day 8 was due on 13 Jan, 2 days later than planned, and came 3 days after that.
    assert starts_of(calendar, "drug")[:4] == [
        date(2027, 1, 6), date(2027, 1, 16), date(2027, 1, 23), date(2027, 2, 6),
    ]  # fmt: skip


def test_a_late_start_and_a_pause_add_up():
    """An infusion that starts 2 days late and is paused for 3 moves the next cycle by 5 days."""
    rows = [
        fact("given", "treatment/c1/d1/blinatumomab", date(2027, 1, 6)),
        fact("held", "blinatumomab", date(2027, 1, 16), why="x"),
        fact("restarted", "blinatumomab", date(2027, 1, 19)),
    ]
    assert infusions(calendar_after(BLINATUMOMAB, MONDAY, rows)) == [
        (date(2027, 1, 6), date(2027, 1, 15), "c1/d1/blinatumomab"),
        (date(2027, 1, 19), date(2027, 2, 5), "c1/d1/blinatumomab/resumed1"),
        (date(2027, 2, 20), date(2027, 3, 19), "c2/d1/blinatumomab"),
        (date(2027, 4, 3), date(2027, 4, 30), "c3/d1/blinatumomab"),
    ]


def test_a_phase_in_months_after_two_late_doses():
    """A later phase counts from the last dose that was given late, not from the first."""
    text = """
    doses:
      drug: {dose: 1 mg PO, when: q1w x4 then every 1 mo x2, late: "give late, shift the grid"}
"""
    rows = [
        fact("given", "treatment/d8/drug", date(2027, 1, 13)),
        fact("given", "treatment/d15/drug", date(2027, 1, 23)),
    ]
    calendar = calendar_after(text, MONDAY, rows)
    # The fourth dose a week after the third, the months from a week after that.
    assert starts_of(calendar, "drug")[3:] == [date(2027, 1, 30), date(2027, 2, 6), date(2027, 3, 6)]


def test_the_last_reduction_holds():
    """Of two reductions the later one holds from its day on."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x4}}\n"
    rows = [
        fact("reduced", "drug", date(2027, 1, 11), amount="75 mg PO", why="x"),
        fact("reduced", "drug", date(2027, 1, 18), amount="50 mg PO", why="x"),
    ]
    calendar = calendar_after(text, MONDAY, rows)
    assert [event.dose for event in calendar.of_item("drug")] == ["100 mg", "75 mg PO", "50 mg PO", "50 mg PO"]


@pytest.mark.parametrize(("restart", "held"), [(date(2027, 1, 18), 1), (date(2027, 1, 19), 2)])
def test_a_dose_due_on_the_day_of_the_restart_is_given(restart, held):
    """Doses are held up to the day before the restart."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x5, late: skip}}\n"
    rows = [fact("held", "drug", date(2027, 1, 11), why="x"), fact("restarted", "drug", restart)]
    assert states_of(calendar_after(text, MONDAY, rows), "drug").count("held") == held


def test_a_restart_is_asked_about_once():
    """After a hold of several doses, one question is asked, and all of them stay held until it is answered."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x5, late: ask}}\n"
    rows = [fact("held", "drug", date(2027, 1, 11), why="x"), fact("restarted", "drug", date(2027, 1, 27))]
    calendar = calendar_after(text, MONDAY, rows)
    assert states_of(calendar, "drug") == ["planned", "held", "held", "held", "tentative"]
    assert [notice.level for notice in calendar.notices] == ["decision"]


def test_what_follows_the_anchor_stays_in_a_delayed_cycle():
    """A visit inside a cycle that follows the anchor stays on its planned day when the cycle is delayed."""
    text = """
    cycles: 21 d x3
    doses:
      drug: {dose: 1 mg IV, when: day 1}
    visits:
      scan: {when: day 15, follows: anchor}
"""
    calendar = calendar_after(text, MONDAY, [fact("delayed", "treatment/c2", date(2027, 2, 3), why="x")])
    assert starts_of(calendar, "scan") == [date(2027, 1, 18), date(2027, 2, 8), date(2027, 3, 1)]


@pytest.mark.parametrize(("late", "states"), [(3, "planned"), (4, "tentative")])
def test_exactly_on_the_protocol_s_end(late, states):
    """'Through day 25' includes day 25: a dose that a delay puts there is still planned."""
    text = "    doses: {drug: {dose: 1 mg PO, when: q1w through day 25, late: 'give late, shift the grid'}}\n"
    rows = [fact("given", "treatment/d8/drug", date(2027, 1, 11 + late))]
    assert states_of(calendar_after(text, MONDAY, rows), "drug")[-1] == states


def test_a_visit_on_the_day_of_a_late_dose_stays():
    """A late dose moves what comes after its day; a visit of the same day, which may well have taken place, stays."""
    text = """
    cycles: 21 d x2
    doses:
      drug: {dose: 1 mg IV, when: day 1, late: "give late, shift the grid"}
    visits:
      check: {when: "days 1, 8"}
"""
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/c1/d1/drug", date(2027, 1, 7))])
    assert starts_of(calendar, "check") == [
        date(2027, 1, 4), date(2027, 1, 14), date(2027, 1, 28), date(2027, 2, 4),
    ]  # fmt: skip


def test_recorded_times_are_told_in_the_site_s_zone():
    """A time recorded with its distance from UTC is the site's clock time, and follows its clock changes."""
    winter = timezone(timedelta(hours=1))
    study = study_from(
        "    doses: {drug: {dose: 28 mcg/day CIV, when: days 1-28}, pill: {dose: 1 mg PO, when: q4w x2}}\n"
    )
    begun = fact("anchor", "first_dose", datetime(2027, 3, 15, 10, tzinfo=winter))
    calendar = calendar_after(study, None, [begun], zone="Europe/Berlin")
    (infusion,) = calendar.of_item("drug")
    assert (infusion.end.hour, infusion.end.utcoffset()) == (11, timedelta(hours=2))
    assert [start.hour for start in starts_of(calendar, "pill")] == [10, 10]


# ---------------------------------------------------------------- holds, restarts and moves that meet


def held_at_low(*rows, **more):
    text = BLINATUMOMAB.rstrip() + "\n        levels: {low: 9 mcg/day CIV}\n"
    return calendar_after(text, MONDAY, [fact("given", "treatment/c1/d1/blinatumomab", MONDAY), *rows], **more)


def test_a_restart_at_another_dose_holds_for_the_rest_of_the_infusion():
    """The piece after the pause runs at the dose of the restart, not at the old one."""
    calendar = held_at_low(
        fact("held", "blinatumomab", date(2027, 1, 14), why="x"),
        fact("restarted", "blinatumomab", date(2027, 1, 17), level="low"),
    )
    assert [event.dose for event in calendar.of_kind("dose")] == ["28 mcg/day"] + ["9 mcg/day CIV"] * 3


def test_a_hold_on_the_first_day():
    """An infusion that is held on the day it began ran on that day; the other 27 days follow the restart."""
    calendar = held_at_low(
        fact("held", "blinatumomab", MONDAY, why="reaction"),
        fact("restarted", "blinatumomab", date(2027, 1, 6), amount="28 mcg/day"),
    )
    first, rest = calendar.of_item("blinatumomab")[:2]
    assert (first.end, rest.start, rest.end) == (MONDAY, date(2027, 1, 6), date(2027, 2, 1))


@pytest.mark.parametrize(("what", "state"), [("held", "held"), ("discontinued", "cancelled")])
def test_a_hold_or_a_stop_outranks_a_move(what, state):
    """A dose that was moved to a day on which doses are held, or after the stop, is not given there."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x3, window: ±3 d, late: skip}}\n"
    rows = [
        fact("given", "treatment/d1/drug", MONDAY),
        fact("moved", "treatment/d8/drug", date(2027, 1, 14)),
        fact(what, "drug", date(2027, 1, 12), why="x"),
    ]
    assert states_of(calendar_after(text, MONDAY, rows), "drug")[1] == state


def test_overlapping_holds_end_with_the_last_restart():
    """Of two holds that overlap, both must have been ended before anything is given."""
    rows = [
        fact("held", "drug", date(2027, 1, 10), why="x"),
        fact("held", "all", date(2027, 1, 15), why="y"),
        fact("restarted", "drug", date(2027, 1, 20), amount="100 mg PO"),
        fact("restarted", "all", date(2027, 1, 25), amount="100 mg PO"),
    ]
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x4, late: 'give late, shift the grid'}}\n"
    starts = starts_of(calendar_after(text, MONDAY, rows), "drug")
    assert starts == [MONDAY, date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 8)]


def test_a_part_of_a_hold_is_ended():
    """After a hold of everything, one drug may be restarted alone."""
    rows = [
        fact("held", "all", date(2027, 1, 10), why="x"),
        fact("restarted", "one", date(2027, 1, 18), amount="1 mg PO"),
    ]
    text = (
        "    doses: {one: {dose: 1 mg PO, when: q1w x3, late: skip}, two: {dose: 1 mg PO, when: q1w x3, late: skip}}\n"
    )
    calendar = calendar_after(text, MONDAY, rows)
    assert states_of(calendar, "one") == ["planned", "held", "planned"]
    assert states_of(calendar, "two") == ["planned", "held", "held"]


def test_a_move_across_a_reduction_takes_the_dose_of_its_day():
    """A dose that was moved to after a reduction is given at the reduced dose."""
    text = "    doses: {drug: {dose: 200 mg PO, when: q1w x3, window: ±3 d, late: skip}}\n"
    rows = [
        fact("reduced", "drug", date(2027, 1, 12), amount="100 mg PO", why="x"),
        fact("moved", "treatment/d8/drug", date(2027, 1, 13)),
    ]
    assert calendar_after(text, MONDAY, rows).of_item("drug")[1].dose == "100 mg PO"


@pytest.mark.parametrize("order", ["pre, aa, bb", "aa, bb, pre"])
def test_a_late_dose_moves_the_next_cycle_whatever_points_back_from_it(order):
    """An item that lies before the next cycle's dose does not keep that cycle from moving, in any order of the file."""
    items = {
        "aa": "      aa: {dose: 10 mg IV, when: day 1, late: skip}\n",
        "pre": "      pre: {dose: 1 mg IM, when: 7 d before dose of aa, late: skip}\n",
        "bb": '      bb: {dose: 20 mg IV, when: "days 1, 8, 15", late: "give late, shift the grid"}\n',
    }
    text = "    cycles: 21 d x3\n    doses:\n" + "".join(items[key] for key in order.split(", "))
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/c1/d15/bb", date(2027, 1, 22))])
    assert starts_of(calendar, "aa") == [MONDAY, date(2027, 1, 29), date(2027, 2, 19)]


@pytest.mark.parametrize("order", ["aa, bb", "bb, aa"])
def test_of_several_late_drugs_the_latest_moves_the_cycle(order):
    """The largest delay counts, in whatever order the drugs stand in the file."""
    item = '      {}: {{dose: 1 mg IV, when: "days 1, 8", late: "give late, shift the grid"}}\n'
    text = "    cycles: 21 d x3\n    doses:\n" + "".join(item.format(key) for key in order.split(", "))
    rows = [
        fact("given", "treatment/c1/d1/aa", date(2027, 1, 9)),
        fact("given", "treatment/c1/d1/bb", date(2027, 1, 7)),
    ]
    assert starts_of(calendar_after(text, MONDAY, rows), "aa")[1:3] == [date(2027, 1, 16), date(2027, 1, 30)]


def test_two_doses_on_a_day_are_never_settled():
    """A late dose on the day of the next one is a question to a person, never two doses in a day."""
    text = "    doses: {drug: {dose: 1 mg PO, when: q1w x4, late: 'give late, keep the grid'}}\n"
    calendar = calendar_after(text, MONDAY, [fact("given", "treatment/d8/drug", date(2027, 1, 18))])
    assert states_of(calendar, "drug") == ["planned", "given", "tentative", "planned"]
    assert "would fall on one day, Mon 18 Jan 2027" in calendar.notices[0].sentence


def test_doses_before_a_stop_that_nobody_recorded():
    """What counts from the last dose is not settled while doses before the stop are neither given nor missed."""
    rows = [fact("given", "treatment/c1/d1/drug", MONDAY), fact("discontinued", "all", date(2027, 2, 10), why="x")]
    calendar = calendar_after(FOLLOW_UP, MONDAY, rows, arm=("treatment", "follow-up"))
    assert calendar.notices[0].level == "decision"
    assert "nothing is recorded of a dose due before the stop, " in calendar.notices[0].sentence


def test_a_delay_past_the_cap_leaves_the_later_cycles_open_too():
    """Where a delay waits for a decision, the cycles after it wait as well."""
    rows = [fact("delayed", "treatment/c2", date(2027, 2, 15), cause="toxicity", why="x")]
    calendar = calendar_after(CYCLES, MONDAY, rows)
    assert {event.state for event in calendar.of_item("drug") if event.cycle > 1} == {"tentative"}


def test_a_bound_after_a_list_and_an_interval():
    """Days 0, 14, 28 then every 28 days through week 16: a dose past the week is asked about."""
    study = study_from(
        "    doses: {drug: {dose: 1 mg IV, when: 'days 1, 15, 29 then q28d through day 113',"
        " late: 'give late, shift the grid'}}\n"
    )
    calendar = calendar_after(study, MONDAY, [fact("given", "treatment/d85/drug", date(2027, 4, 2))])
    assert states_of(calendar, "drug")[-1] == "tentative"


def test_times_of_a_journal_in_a_calendar_without_a_zone():
    """A recorded time with its distance from UTC is the clock time as written where the calendar has no zone."""
    noon = datetime(2027, 1, 5, 15, tzinfo=timezone(timedelta(hours=1)))
    calendar = calendar_after(VENETOCLAX, MONDAY, [fact("given", "treatment/d2/venetoclax", noon)])
    assert starts_of(calendar, "venetoclax")[1] == datetime(2027, 1, 5, 15)
    assert calendar.notices == ()


def test_a_change_of_dose_while_an_infusion_runs_is_said():
    """A dose that is changed inside an infusion is not shown on it, and the calendar says so."""
    calendar = held_at_low(fact("reduced", "blinatumomab", date(2027, 1, 14), level="low", why="x"))
    assert "the dose is changed while it runs" in calendar.notices[0].sentence


def test_a_restart_inside_a_ramp_up_asks_for_the_next_steps():
    """A restart at one dose holds until another is recorded; where the plan has steps, somebody must look at them."""
    text = """
    doses:
      drug: {dose: 20 mg PO, when: daily for 7 d then 50 mg for 7 d then 100 mg for 7 d, late: skip}
"""
    rows = [
        fact("held", "drug", date(2027, 1, 6), why="x"),
        fact("restarted", "drug", date(2027, 1, 13), amount="20 mg"),
    ]
    calendar = calendar_after(text, MONDAY, rows)
    assert calendar.of_item("drug")[-1].dose == "20 mg"
    assert [notice.level for notice in calendar.notices] == ["decision"]
    assert "the plan has several: 20 mg, 50 mg, 100 mg" in calendar.notices[0].sentence
