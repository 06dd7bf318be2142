"""What do the checks notice about late doses, delays, windows and versions? Each thing once, and at its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.test_checks import definition
from tests.test_laws import calendar_schedules, day_schedules

from regimen.calendars import make_calendar
from regimen.checks import Finding, findings
from regimen.checks.gaps import steps
from regimen.definition.loading import read_study
from regimen.library import load_with_places
from regimen.plan import Plan, Point, make_plan
from regimen.plan.extents import Extent, Extents

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))
MONDAY = date(2027, 1, 4)
HERE = "«"
"""Stands in a definition of this page just before the value or the key that the finding is about."""
SAID = "late: 'give late, shift the grid'"


def found(text: str) -> tuple[Finding, ...]:
    """The findings of a definition's text."""
    study, document = read_study(text, name="small.yaml")
    return findings(study, document=document)


def drug(keys: str, *, late: str = SAID, cycles: str = "", **more: str) -> str:
    """A definition with one drug in one epoch."""
    frame = f"cycles: {cycles}\n" if cycles else ""
    return definition(f"{frame}doses: {{drug: {{dose: 1 mg PO, {keys}{', ' if late else ''}{late}}}}}", **more)


def visit(keys: str, cycles: str = "") -> str:
    return definition(f"{f'cycles: {cycles}' if cycles else 'lasts: 90 d'}\nvisits: {{clinic: {{{keys}}}}}")


def visits(keys: str) -> str:
    return definition(f"visits: {{{keys}}}")


LEVELS = "when: q3w x4, levels: {{minus-1: {}, minus-2: {}}}"
INFUSION = "doses: {drug: {dose: 9 mcg/day CIV, when: days 1-14, late: '%s'}}"
COURSE = "  again: {from: first_dose, source: protocol, lasts: 7 d, course_of: %s}\n"
SHIFTING = f"doses: {{drug: {{dose: 1 mg PO, when: q2w x4, {SAID}}}}}\nvisits: "


def course(of: str, order: str = "[treatment, again]") -> str:
    return (drug("when: daily x3") + COURSE % of).replace("{main: [treatment]}", f"{{main: {order}}}")


TWINS = {
    # ---- windows that meet
    "windows that meet within an item": (
        visit("when: 'days 1, 8, 15', window: «±4 d"), visit("when: 'days 1, 8, 15', window: ±3 d"), "warning",
        "the first may be up to 4 d late and the second may be up to 4 d early, and they lie 7 days apart, so they",
    ),
    "windows that share one day": (
        visit("when: 'days 8, 15', window: «-3/+4 d"), visit("when: 'days 8, 15', window: -3/+3 d"), "warning",
        "so both could fall on the same day",
    ),
    "windows that meet across the border of a cycle": (
        visit("when: 'days 1, 15', window: «-7/+0 d", "21 d x3"),
        visit("when: 'days 1, 15', window: -5/+0 d", "21 d x3"), "warning",
        "the windows of C1D15 and C2D1 meet: the first is not late and the second may be up to 7 d early",
    ),
    "windows of two numbered visits": (
        visits("week-4: {when: week 4, window: ±4 d}, week-5: {when: week 5, window: «±3 d}"),
        visits("week-4: {when: week 4, window: ±3 d}, week-5: {when: week 5, window: ±3 d}"), "warning",
        "the windows of week-4 on Week 4 and week-5 on Week 5 meet",
    ),
    "windows of a visit and the last one": (
        visits("clinic: {when: 'days 8, 22', window: ±2 d}, end: {visit: End of trial, when: day 29, window: «±5 d}"),
        visits("clinic: {when: 'days 8, 22', window: ±2 d}, end: {visit: End of trial, when: day 29, window: ±4 d}"),
        "note", "the windows of clinic on Day 22 and End of trial on Day 29 meet",
    ),
    "windows of doses in hours": (
        drug("when: q6h x4, window: «±3 h"), drug("when: q6h x4, window: ±2 h"), "warning",
        "and they lie 6 h apart, so both could fall together",
    ),
    "windows of doses at clock times": (
        drug("when: 'bid at 08:00,14:00 x4', window: «±3 h"), drug("when: 'bid at 08:00,14:00 x4', window: ±2 h"),
        "warning", "and they lie 6 h apart",
    ),
    "windows of doses on weekdays": (
        drug("when: 'on Mon, Thu x4', window: «-2/+1 d"), drug("when: 'on Mon, Thu x4', window: ±1 d"), "warning",
        "and they lie 3 to 4 days apart, so both could fall on the same day",
    ),
    "windows of infusions that adjoin": (
        definition("cycles: 14 d x3\n" + INFUSION.replace("when:", "window: «-0/+1 d, when:") % "ask"),
        definition("cycles: 15 d x3\n" + INFUSION.replace("when:", "window: -0/+1 d, when:") % "ask"),
        "warning", "and they lie 14 days apart, so the second could start while the first still runs",
    ),
    "windows in months": (
        visit("when: 'months 1, 2', window: «±14 d"), visit("when: 'months 1, 2', window: ±13 d"), "warning",
        "they lie 28 to 31 days apart",
    ),
    # ---- rules that need a window
    "a window that hangs on nothing": (
        visit("when: day 8, window_from: «planned"), visit("when: day 8, window: ±3 d, window_from: planned"),
        "warning", "clinic has no window, so window_from: planned changes nothing",
    ),
    "working days without a window": (
        drug("when: q1w x4, working_days: «nearest"), drug("when: q1w x4, working_days: warn"), "warning",
        "drug has no window, so working_days: nearest never moves it",
    ),
    "working days of an interval": (
        visit("between: days 1-8, working_days: «next"), visit("between: days 1-8, working_days: warn"), "warning",
        "any day of the interval will do for clinic, so working_days: next never moves it",
    ),
    # ---- minimum intervals
    "a minimum interval longer than the step": (
        drug("when: q14d x4, min_interval: «15 d"), drug("when: q14d x4, min_interval: 14 d"), "error",
        "drug on Day 1 and Day 15 lie 14 days apart, less than the minimum interval of 15 d, so the plan itself",
    ),
    "a minimum interval longer than from one dose of a day to the next": (
        drug("when: bid x4, min_interval: «24 h"), drug("when: bid x4, min_interval: 12 h"), "error",
        "drug comes twice on Day 1, less than the minimum interval of 24 h, so the plan itself breaks it",
    ),
    "a minimum interval that February breaks": (
        drug("when: q1mo x4, min_interval: «30 d"), drug("when: q1mo x4, min_interval: 28 d"), "warning",
        "less than the minimum interval of 30 d, so some start dates break it",
    ),
    "a minimum interval in months against days": (
        drug("when: q28d x3, min_interval: «1 mo"), drug("when: q1mo x3, min_interval: 1 mo"), "warning",
        "lie 28 days apart, less than the minimum interval of 1 mo, so some start dates break it",
    ),
    "a minimum interval that one window breaks": (
        drug("when: q14d x4, window: ±2 d, min_interval: «13 d"), drug("when: q14d x4, min_interval: 13 d"), "warning",
        "one of the windows alone leaves 12 days between drug on Day 15 and Day 29, less than the minimum interval",
    ),
    "a minimum interval that both windows break": (
        drug("when: q14d x3, window: ±2 d, min_interval: «12 d"),
        drug("when: q14d x3, window: ±2 d, min_interval: 10 d"), "note",
        "both windows used in full leave 10 days between drug on Day 15 and Day 29, less than the minimum interval",
    ),
    # ---- late doses
    "a drug without a policy": (
        definition("doses: {«drug: {dose: 1 mg PO, when: q1w x4}}"), drug("when: q1w x4", late="late: skip"), "note",
        "nothing says what becomes of a missed or late dose of drug, so each one will need a decision",
    ),
    "a drug without a policy, which the protocol leaves open": (
        definition("doses: {«drug: {dose: 1 mg PO, when: q1w x4}}"),
        drug("when: q1w x4", late="not_stated: {late: the protocol is silent}"), "note", "nothing says what becomes",
    ),
    "a drug without a policy, given more than once": (
        definition("doses: {«drug: {dose: 1 mg PO, when: 'days 1, 2'}}"), drug("when: day 1", late=""), "note",
        "nothing says what becomes of a missed or late dose of drug",
    ),
    "a premedication has no policy of its own": (
        definition("doses: {a: {dose: 1 mg PO, when: q1w x4, late: skip}, «b: {dose: 1 mg PO, when: q1w x4}}"),
        definition("doses: {a: {dose: 1 mg PO, when: q1w x4, late: skip}, b: 1 mg PO 1 d before dose of a}"),
        "note", "nothing says what becomes of a missed or late dose of b",
    ),
    "one drug under two keys is told once": (
        definition("lasts: 7 d\ndoses: {«one: {drug: Drug, dose: 1 mg PO, when: 'days 1, 2'}, "
                   "two: {drug: drug, dose: 1 mg PO, when: 'days 3, 4'}}"),
        definition("lasts: 7 d\ndoses: {one: {drug: Drug, dose: 1 mg PO, when: 'days 1, 2', late: ask}, "
                   "two: {drug: drug, dose: 1 mg PO, when: 'days 3, 4', late: ask}}"),
        "note", "nothing says what becomes of a missed or late dose of Drug",
    ),
    "no drug has a policy": (
        definition("doses: {a: 1 mg PO q1w x4, b: 1 mg PO q1w x4}").replace("epochs:", "«epochs:"),
        definition("doses: {a: {dose: 1 mg, when: daily x4, late: ask}, b: {dose: 1 mg, when: daily x4, late: ask}}"),
        "note", "none of the 2 drugs says what becomes of a missed or late dose",
    ),
    "a tablet cannot be resumed": (
        drug("when: q1w x4", late="late: «resume to total"), definition(INFUSION % "resume to total"), "warning",
        "drug is no continuous infusion, so there is nothing to resume",
    ),
    "a tablet cannot be resumed past a limit": (
        drug("when: q1w x4", late="late: «'skip within 2 d, else resume to total'"),
        drug("when: q1w x4", late="late: 'skip within 2 d, else ask'"), "warning", "there is nothing to resume",
    ),
    "no cycle to begin anew": (
        definition(INFUSION % "resume to total within 7 d, else restart").replace("'resume", "«'resume"),
        definition("cycles: 28 d x2\n" + INFUSION % "resume to total within 7 d, else restart"), "warning",
        "drug is not given in cycles, so no new cycle can begin after a late dose (restart)",
    ),
    "given late when the next is due": (
        drug("when: daily x9", late="late: «'give late, keep the grid within 24 h, else skip'"),
        drug("when: daily x9", late="late: 'give late, keep the grid within 23 h, else skip'"), "warning",
        "a dose of drug may be given up to 24 h late, and the next one is due 1 day after it, so both could be given",
    ),
    "given late against the minimum interval": (
        drug("when: q14d x4, min_interval: 10 d", late="late: «'give late, keep the grid within 5 d, else skip'"),
        drug("when: q14d x4, min_interval: 10 d", late="late: 'give late, keep the grid within 4 d, else skip'"),
        "warning", "given up to 5 d late, and one that is more than 4 days late leaves less than the minimum interval",
    ),
    "given late without a limit against the minimum interval": (
        drug("when: q14d x4, min_interval: 14 d", late="late: «'give late, keep the grid'"),
        drug("when: q14d x4, min_interval: 14 d"), "note",
        "may be given late without a limit (give late, keep the grid), and one that is late at all leaves less than",
    ),
    # ---- dose levels
    "a level that does not reduce": (
        drug(LEVELS.format("0.5 mg PO", "«0.5 mg PO")), drug(LEVELS.format("0.5 mg PO", "0.25 mg PO")), "warning",
        "the dose level minus-2 of drug (0.5 mg PO) is not less than the level before it",
    ),
    "a level above the dose": (
        drug(LEVELS.format("«2 mg PO", "0.5 mg PO")), drug(LEVELS.format("1 mg PO", "0.5 mg PO")), "warning",
        "the dose level minus-1 of drug (2 mg PO) is more than the dose itself",
    ),
    "a level in another unit": (
        drug(LEVELS.format("0.5 mg PO", "«250 mcg PO")), drug(LEVELS.format("0.5 mg PO", "0.25 mg PO")), "warning",
        "the dose level minus-2 of drug is in mcg, and the dose is in mg",
    ),
    # ---- delays
    "a delay longer than the cycle": (
        drug("when: day 1", cycles="21 d x4\nmax_delay: {toxicity: «22 d}"),
        drug("when: day 1", cycles="21 d x4\nmax_delay: {toxicity: 21 d}"), "note",
        "a delay of 22 d is allowed for toxicity, longer than a cycle of 21 d",
    ),
    "a procedure planned in delayable cycles": (
        definition("cycles: 21 d x4\nprocedures: {«ct: {when: day 15}}"),
        definition("cycles: 21 d x4\nprocedures: {ct: {when: day 15, follows: cycle}}"), "note",
        "ct is planned in the cycles, and by default a delayed cycle does not move it",
    ),
    "a procedure that counts from an anchor": (
        definition("cycles: 21 d x4\nprocedures: {«ct: {when: day 15}}"),
        definition("cycles: 21 d x4\nprocedures: {ct: {from: first_dose, when: q8w x4}}"),
        "note", "ct is planned in the cycles, and by default a delayed cycle does not move it",
    ),
    "a procedure planned by doses": (
        definition(SHIFTING.replace("visits", "procedures") + "{«ecg: {when: with dose of drug}}"),
        definition(SHIFTING + "{ecg: {when: with dose of drug}}"),
        "note", "ecg is planned by the doses of drug, and by default a dose on another day does not move it",
    ),
    "a visit beside the cycles": (
        definition("cycles: 21 d x4\nvisits: {«call: {from: first_dose, when: q4w x3}}"),
        definition("cycles: 21 d x4\nvisits: {call: {from: first_dose, when: q4w x3, follows: anchor}}"), "note",
        "call counts from first_dose and not in the cycles, so a delayed cycle does not move it",
    ),
    "a visit on days of doses that shift": (
        definition(SHIFTING + "{«clinic: {when: q4w x2}}"),
        definition(SHIFTING + "{clinic: {when: with dose of drug}}"), "note",
        "clinic lies on days of drug; a late dose moves the later doses (late: says so)",
    ),
    # ---- versions and courses
    "a version without a date": (
        drug("when: day 1", facts="  version: «'2.0'"),
        drug("when: day 1", facts="  version: '2.0'\n  effective: 2027-01-04"), "note",
        "version 2.0 does not say from when it holds",
    ),
    "a date without a version": (
        drug("when: day 1", facts="  effective: «2027-01-04"),
        drug("when: day 1", facts="  version: '2.0'\n  effective: 2027-01-04"), "note",
        "something holds from Mon 4 Jan 2027, and no version says what",
    ),
    "a version after the completion": (
        drug("when: day 1", facts="  version: '2.0'\n  completes: 2027-01-03\n  effective: «2027-01-04"),
        drug("when: day 1", facts="  version: '2.0'\n  completes: 2027-01-04\n  effective: 2027-01-04"), "warning",
        "this version holds from Mon 4 Jan 2027, after the study's stated completion on Sun 3 Jan 2027",
    ),
    "a course of nothing": (
        course("«treatmnt"), course("treatment"), "error", "again repeats treatmnt, and there is no such epoch",
    ),
    "a course of itself": (course("«again"), course("treatment"), "error", "again repeats itself"),
    "a course before the first": (
        course("«treatment", "[again, treatment]"), course("treatment"), "warning",
        "again is a new course of treatment, which does not come before it in the arm main",
    ),
    # ---- day 0, one drug under two names, infusions of hours
    "a label with day 0 where there is none": (
        visits("«day-0: {when: day 1}"), visits("day-1: {when: day 1}"), "warning",
        "the label 'day-0' names a day 0, and there is none before day 1: it lies on Day 1",
    ),
    "a start on day 0 where there is none": (
        visits("call: {from: day 0, when: q2w x2}").replace("main: [", "main: «["),
        visits("call: {from: day 1, when: q2w x2}"), "error", "day 0 does not exist when the first day is day 1",
    ),
    "one drug under two keys on one day": (
        definition("doses: {one: {drug: Drug, dose: 1 mg, when: day 1}, two: «{drug: drug, dose: 1 mg, when: day 1}}"),
        definition("doses: {one: {drug: Drug, dose: 1 mg, when: day 1}, two: {drug: drug, dose: 1 mg, when: day 2}}"),
        "warning", "two doses of Drug fall on the same day (Day 1)",
    ),
    "an infusion of hours that runs into the next": (
        definition("doses: {drug: «{dose: 1 mg IV over 4 h, when: 'bid at 08:00,11:00 x4', late: skip}}"),
        definition("doses: {drug: {dose: 1 mg IV over 3 h, when: 'bid at 08:00,11:00 x4', late: skip}}"), "warning",
        "runs 4 h, and the next one starts 3 h later",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "right", "level", "sentence"), TWINS.values(), ids=TWINS.keys())
def test_each_finding_is_told_once_at_its_place_and_not_of_its_neighbour(marked, right, level, sentence):
    """A finding stands once, on the line and column of what it speaks of; the nearest correct definition has none."""
    line, column = place(marked)
    (finding,) = [f for f in found(marked.replace(HERE, "")) if sentence in f.sentence]
    assert (finding.level, finding.line, finding.column) == (level, line, column)
    assert [f for f in found(right) if sentence[:40] in f.sentence] == []
    assert [str(f) for f in found(right) if f.level != "note"] == []


def place(marked: str) -> tuple[int, int]:
    before = marked.partition(HERE)[0]
    return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


SILENT = {
    "the anchor's own day is never late": drug("when: 'days 1, 8', window: -3/+7 d, min_interval: 4 d"),
    "two series side by side": visits(
        "clinic: {when: q4w x4, window: ±7 d}, call: {when: q4w from day 15 x4, window: ±7 d}"
    ),
    "a range of days and a target": visits("screening: {between: days -28 to -1}, first: {when: day 1, window: ±3 d}"),
    "two visits on one day": visits("clinic: {when: q4w x4, window: ±3 d}, ecg: {when: q4w x4, window: ±3 d}"),
    "visits of opposite answers": definition(
        "visits: {visit-1: {when: day 8, window: ±4 d, if: r=yes}, visit-2: {when: day 12, window: ±4 d, if: r=no}}",
        top="decisions: {r: {question: r?}}",
    ),
    "twice a day without clock times": drug("when: bid x8, window: ±4 h, min_interval: 8 h"),
    "an activity with its own window beside its visit": visit(
        "when: 'days 8, 15', window: ±3 d, activities: [{activity: ECG, window: ±1 d}]"
    ),
    "levels of a dose that is a level": drug("when: day 1, levels: {one: 1 mg PO, two: 2 mg PO}").replace(
        "dose: 1 mg PO,", "dose: dose level -1 PO,"
    ),
    "hours before a dose of the same drug": definition(
        "doses: {pre: {drug: Drug, dose: 1 mg PO, when: 1 h before dose of main}, "
        "main: {drug: Drug, dose: 1 mg IV over 1 h, when: q1w x3, late: ask}}"
    ),
    "a series that counts from the dose before": drug(
        "when: q14d x4, follows: previous actual, window: -0/+14 d, min_interval: 14 d",
        late="late: 'give late, keep the grid'",
    ),
    "cycles in months that adjoin": definition("cycles: 1 mo x6\nvisits: {clinic: {when: day 1, window: ±13 d}}"),
}  # fmt: skip


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_what_is_left_alone(text):
    """What looks near to a finding and is none is left alone."""
    assert [str(f) for f in found(text) if "calendar months" not in f.sentence] == []


def test_a_policy_is_asked_for_once_and_not_for_each_dose():
    """Of 52 doses in two epochs one note is told, at the first of them."""
    text = definition("doses: {drug: {dose: 1 mg PO, when: q1w x52}}")
    text += "  later: {from: first_dose, source: protocol, doses: {drug: {dose: 1 mg PO, when: q1w x52}}}\n"
    text = text.replace("[treatment]", "[treatment, later]")
    assert [f.path for f in found(text) if "late dose" in f.sentence] == ["epochs.treatment.doses.drug"]


@pytest.mark.parametrize("where", ["study", "epoch"])
def test_what_the_protocol_leaves_open_may_be_said_for_all(where):
    """That the protocol is silent about late doses may be said of the study or of an epoch."""
    left_open = "not_stated: {late: the protocol is silent}"
    facts = f"  {left_open}" if where == "study" else ""
    text = definition(f"{left_open if where == 'epoch' else ''}\ndoses: {{drug: 1 mg PO q1w x4}}", facts=facts)
    assert found(text) == ()


def test_what_stops_an_arm_is_told_not_what_would_stop_it_first():
    """An arm with an open end and a schedule that is not stated has one fault; a horizon would not help it."""
    open_end = f"a: {{dose: 1 mg PO, when: q1w until progression, {SAID}}}"
    text = definition(f"doses: {{{open_end}, b: {{dose: 1 mg, when: not stated}}}}")
    assert [(f.level, f.path) for f in found(text)] == [("warning", "epochs.treatment.doses.b.when")]


# ---------------------------------------------------------------- the minutes between two points

SCHEDULES = ("q7d x9", "q1mo x9", "days 1, 8, 22, 23", "on Mon, Thu x9", "on Mon-Fri x12", "bid at 08:00,20:00 x9",
             "q6h x9", "every 3 mo x5", "q2w x3 then q4w x3", "months 1, 2, 7, 12")  # fmt: skip


def doses_of(when: str) -> tuple[Plan, list[tuple[Point, Point, Extent]]]:
    """A schedule's plan, and its doses with what follows each and the minutes claimed between."""
    plan = make_plan(read_study(drug(f"when: '{when}'"))[0])
    return plan, list(steps([point for point in plan if point.content.kind == "dose"], Extents(plan)))


@pytest.mark.parametrize("when", SCHEDULES)
@given(on=st.dates(date(2026, 1, 1), date(2033, 12, 31)))
@settings(max_examples=40, deadline=None)
def test_minutes_between_neighbours_hold_on_every_calendar(when, on):
    """Whatever the start, each dose is followed by the next one, as far away as the checks say."""
    plan, pairs = doses_of(when)
    calendar = make_calendar(plan, {"first_dose": datetime.combine(on, time(8))})
    doses = sorted(calendar.of_kind("dose"), key=lambda event: event.start)
    assert [(one.id, other.id) for one, other, _ in pairs] == [(a.id, b.id) for a, b in pairwise(doses)]
    for (_, _, apart), (one, other) in zip(pairs, pairwise(doses), strict=True):
        assert apart.least <= (other.start - one.start) // timedelta(minutes=1) <= apart.most


@pytest.mark.parametrize("when", ["q1mo x4", "every 3 mo x4", "on Mon, Thu x4", "on Mon-Fri x6"])
def test_minutes_between_neighbours_are_no_wider_than_calendars_are(when):
    """Over five years of starts the least and the most number of minutes both occur, counted with dates."""
    plan, pairs = doses_of(when)
    seen: list[set[int]] = [set() for _ in pairs]
    for day in range(5 * 366):
        calendar = make_calendar(plan, {"first_dose": date(2027, 1, 1) + timedelta(days=day)})
        starts = [event.start for event in calendar.of_kind("dose")]
        for gaps, (one, other) in zip(seen, pairwise(starts), strict=True):
            gaps.add((other - one).days * 1440)
    assert [(min(gaps), max(gaps)) for gaps in seen] == [tuple(apart) for _, _, apart in pairs]


# ---------------------------------------------------------------- a second opinion, with dates


def levels_by_dates(when: str, window: tuple[int, int], least: int, starts: Iterable[date]) -> tuple[bool, set[str]]:
    """Whether windows meet on any of the calendars, and which levels the minimum interval deserves; all with dates."""
    plan = make_plan(read_study(drug(f"when: '{when}'"))[0])
    meet, told = False, set()
    for start in starts:
        doses = [event.first_day for event in make_calendar(plan, {"first_dose": start}).of_kind("dose")]
        for one, other in pairwise(doses):
            late = 0 if one == start else window[1]
            days = (other - one).days
            meet |= days > 0 and one + timedelta(days=late) >= other - timedelta(days=window[0])
            told |= {"broken"} if days < least else set()
            told |= {"alone"} if days - max(late, window[0]) < least else set()
            told |= {"both"} if days - late - window[0] < least else set()
    return meet, told


@given(day_schedules(), st.tuples(st.integers(0, 9), st.integers(0, 9)), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_windows_and_minimum_intervals_are_judged_as_dates_judge_them(when, window, least):
    """Counted with dates, windows meet and minimum intervals break exactly where the checks say so."""
    meet, told = levels_by_dates(when, window, least, [MONDAY])
    span = f"window: -{window[0]}/+{window[1]} d"
    assert meet == any("the windows of" in f.sentence for f in found(drug(f"when: '{when}', {span}")))
    levels = {
        f.level for f in found(drug(f"when: '{when}', {span}, min_interval: {least} d")) if "minimum" in f.sentence
    }
    assert levels == (
        {"error"} if "broken" in told else {"warning"} if "alone" in told else {"note"} if told else set()
    )


@given(calendar_schedules(), st.tuples(st.integers(0, 9), st.integers(0, 9)), st.dates(MONDAY, date(2031, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_windows_that_meet_on_any_calendar_are_found(when, window, start):
    """In months and on weekdays, what meets from one start is never passed over."""
    meet, _ = levels_by_dates(when, window, 1, [start])
    told = found(drug(f"when: '{when}', window: -{window[0]}/+{window[1]} d"))
    assert not meet or any("the windows of" in f.sentence for f in told)


# ---------------------------------------------------------------- what is written in the project


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_no_warnings(path):
    """The examples are in order: what is told of them are notes."""
    study, document = load_with_places(path)
    assert [str(f) for f in findings(study, document=document) if f.level != "note"] == []
