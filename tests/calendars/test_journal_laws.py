"""What holds for every journal, whatever was recorded in whatever order?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.journals import fact, facts, study_from

from regimen.calendars import make_calendar
from regimen.events import Calendar, Event, day_of
from regimen.facts import CAUSES, POLICIES, Fact, effective
from regimen.library import load
from regimen.plan import Plan, make_plan

START = date(2027, 1, 29)
LATE = (
    "skip",
    "give late, keep the grid",
    "give late, shift the grid",
    "ask",
    "resume to total within 7 d, else restart",
)
SERIES = """
    doses:
      drug: {dose: 100 mg PO, when: q1w x4 then q2w x4, late: LATE, window: -1/+2 d, levels: {low: 50 mg PO}}
      tablet: {dose: 4 mg PO, when: bid 1 d before dose of drug}
    visits:
      check: {when: "days 1, 15, 29", follows: previous actual, window: ±3 d}
    procedures:
      scan: {when: every 4 w x3}
  follow-up:
    from: 28 d after last dose of drug
    visits:
      call: {when: every 1 mo after start x3}
"""
CYCLES = """
    cycles: 28 d x4
    max_delay: {logistics: 7 d, toxicity: 14 d}
    doses:
      drug: {dose: 100 mg/m2 IV, when: "days 1, 8, 15", late: LATE}
      infusion: {dose: 28 mcg/day CIV, when: days 1-14, late: "resume to total within 7 d, else restart"}
    visits:
      check: {when: "days 1, 15", window: ±2 d}
  follow-up:
    from: end of treatment
    visits:
      call: {when: every 3 mo after start x2}
"""
MONTHS = """
    cycles: 3 mo x4
    doses:
      infusion: {dose: 9 mcg/day CIV, when: days 1-14, late: LATE}
    visits:
      check: {when: day 8, follows: previous planned}
  follow-up:
    from: end of treatment
    lasts: 12 mo
"""


def plans() -> dict[str, Plan]:
    """Small studies of every shape that facts meet, and the trials that come with regimen."""
    made = {
        f"{name} {late}": make_plan(study_from(text.replace("LATE", f"'{late}'"), ("treatment", "follow-up")))
        for name, text in (("series", SERIES), ("cycles", CYCLES), ("months", MONTHS))
        for late in LATE
    }
    made["belimumab-sle"] = make_plan(load("belimumab-sle"))
    made["blinatumomab-mrd"] = make_plan(load("blinatumomab-mrd"), decisions={"transplant": "no"})
    made["daratumumab-t-all"] = make_plan(load("daratumumab-t-all", assume=("myeloma-label",)))
    return made


PLANS = plans()
names = st.sampled_from(sorted(PLANS))


def after(plan: Plan, rows: Sequence[Fact]) -> Calendar:
    return make_calendar(plan, {"first_dose": START}, facts=rows)


# ---------------------------------------------------------------- random facts


class Recorder:
    """Draws facts that a coordinator might record for a plan; ``pick`` chooses from a list, ``number`` from a range."""

    def __init__(self, plan: Plan, pick, number) -> None:
        self.calendar = after(plan, ())
        self.pick, self.number = pick, number
        self.doses = [event for event in self.calendar if event.kind == "dose"]
        self.others = [event for event in self.calendar if event.kind in ("visit", "activity")] or self.doses
        self.scopes = sorted({event.item for event in self.doses} | {"all", "treatment"})
        self.cycles = sorted({e.id.rpartition("/d")[0] for e in self.doses if e.cycle}) or [self.doses[0].id]

    def near(self, event: Event, early: int = -4, late: int = 20) -> date:
        return event.first_day + timedelta(days=self.number(early, late))

    def draw(self) -> Fact:
        what = self.pick(
            ["given", "given", "given", "done", "missed", "skipped", "moved", "delayed", "held", "restarted", "reduced",
             "discontinued", "withdrawn", "visit", "anchor"]
        )  # fmt: skip
        event = self.pick(self.others if what == "done" else self.doses)
        day, then = self.near(event), self.pick(["", "", "", *POLICIES])
        match what:
            case "given" | "done":
                return fact(what, event.id, day, then=then)
            case "missed" | "skipped":
                return fact(what, event.id, why="x", then=then)
            case "moved":
                return fact(what, self.pick(self.doses + self.others).id, day)
            case "delayed":
                target = self.pick([*self.cycles, event.id, "treatment", "follow-up"])
                return fact(what, target, day, cause=self.pick(["", *CAUSES]), why="x")
            case "held" | "restarted":
                return fact(what, self.pick(self.scopes), day, why="x", then=then if what == "restarted" else "")
            case "reduced":
                return fact(what, event.item, day, level=self.pick(["low", "unknown"]), why="x")
            case "discontinued":
                return fact(what, self.pick(self.scopes), self.near(event, 0, 200), why="x")
            case "visit":
                return fact(what, "Extra visit", day, why="x")
            case "withdrawn":
                return fact(what, "", self.near(event, 60, 300), why="x")
        return fact("anchor", "first_dose", START)


@st.composite
def journals(draw: st.DrawFn) -> tuple[str, tuple[Fact, ...]]:
    name = draw(names)
    recorder = Recorder(PLANS[name], lambda some: draw(st.sampled_from(some)), lambda a, b: draw(st.integers(a, b)))
    return name, facts(recorder.draw() for _ in range(draw(st.integers(0, 7))))


def shape(event: Event) -> tuple[object, ...]:
    """What a reader acts on, without the reasons."""
    return (event.id, event.start, event.end, event.state, event.dose, event.window, event.actual, event.conditions)


def waiting(calendar: Calendar) -> set[str]:
    return {id for one in calendar.waiting for id in one.events}


def check_ids(untouched: Calendar, calendar: Calendar) -> None:
    """No event is lost or twice; what is new was recorded; planned dates are those of the untouched calendar."""
    planned = {event.id: event for event in untouched}
    now = {event.id: event for event in calendar}
    assert len(now) == len(calendar.events)
    assert set(planned) <= set(now) | waiting(calendar)
    added = set(now) - set(planned) - waiting(untouched)
    assert all(id.startswith("unscheduled/") or "/resumed" in id for id in added)
    assert all(now[id].was_planned == event.start for id, event in planned.items() if id in now)


def check_given(calendar: Calendar, rows: Sequence[Fact]) -> None:
    """What took place stays on its recorded day."""
    recorded: dict[str, date] = {}
    for one in effective(rows):
        if one.what in ("missed", "skipped"):
            recorded.pop(one.target, None)
        elif one.what in ("given", "done") and one.on is not None:
            recorded[one.target] = day_of(one.on)
    happened = {
        event.id: event for event in calendar if event.state in ("given", "done") and "/resumed" not in event.id
    }
    assert {id: event.first_day for id, event in happened.items()} == recorded


# ---------------------------------------------------------------- laws


@given(journals())
@settings(max_examples=300)
def test_nothing_is_lost(journal):
    """No event is lost, none is there twice, ids and planned dates stay, and what took place stays on its day."""
    name, rows = journal
    plan = PLANS[name]
    calendar = after(plan, rows)
    check_ids(after(plan, ()), calendar)
    check_given(calendar, rows)


@given(journals())
@settings(max_examples=150)
def test_striking_out_all_restores(journal):
    """When every fact is struck out, the calendar is the untouched one."""
    name, rows = journal
    plan = PLANS[name]
    struck = [fact("corrected", corrects=row.number, why="x") for row in rows]
    assert after(plan, facts([*rows, *struck])) == after(plan, ())


@given(journals())
@settings(max_examples=150)
def test_undoing_the_last_restores(journal):
    """Striking out the newest fact gives the calendar from before it."""
    name, rows = journal
    plan = PLANS[name]
    if rows:
        undone = facts([*rows, fact("corrected", corrects=len(rows), why="x")])
        assert after(plan, undone) == after(plan, rows[:-1])


@given(journals())
@settings(max_examples=300)
def test_nothing_before_the_newest_fact_moves(journal):
    """A fact moves nothing that lies before it: before its day, and before the day on which its event was due."""
    name, rows = journal
    plan = PLANS[name]
    if not rows or rows[-1].what in ("anchor", "restarted") or rows[-1].on is None:
        return
    before, newest = after(plan, rows[:-1]), rows[-1]
    now = {event.id: event for event in after(plan, rows)}
    about = [e for e in before if e.id == newest.target or e.id.startswith(f"{newest.target}/")]
    first = min([day_of(newest.on), *(e.first_day for e in about), *(day_of(e.due) for e in about)])
    # What hangs on an event from before it, such as a tablet on the day before a dose, goes with that event.
    first -= timedelta(days=1)
    for event in before:
        # An end, and a follow-up, count from the last dose given, which may be the very one recorded now.
        if event.kind == "milestone" or event.epoch == "follow-up":
            continue
        if max(day_of(day) for day in (event.start, event.end, event.due, event.planned or event.start)) < first:
            assert shape(now[event.id])[:3] == shape(event)[:3]
            assert now[event.id].dose == event.dose


@given(journals())
@settings(max_examples=60)
def test_the_same_journal_gives_the_same_calendar(journal):
    """A calendar follows from the plan, the anchors and the facts alone."""
    name, rows = journal
    plan = PLANS[name]
    assert after(plan, rows) == after(plan, tuple(replace(row) for row in rows))


# ---------------------------------------------------------------- second opinions


@given(st.integers(1, 40), st.integers(2, 12), st.data())
@settings(max_examples=150)
def test_shifted_series_by_hand(step, count, data):
    """A series that shifts is what one gets with a pencil: the next dose is one interval after the last one given."""
    plan = make_plan(study_from(
        f"    doses: {{drug: {{dose: 1 mg PO, when: q{step}d x{count}, late: 'give late, shift the grid'}}}}\n"
    ))  # fmt: skip
    late = data.draw(st.lists(st.integers(0, 15), min_size=1, max_size=count))
    ids = [event.id for event in after(plan, ()).of_item("drug")]
    rows, expected, day = [], [], START
    for number in range(count):
        if number < len(late):
            day += timedelta(days=late[number])
            rows.append(fact("given", ids[number], day))
        expected.append(day)
        day += timedelta(days=step)
    found = {event.id: event.start for event in after(plan, facts(rows)).of_item("drug")}
    assert [found[id] for id in ids] == expected


@given(st.integers(14, 42), st.integers(2, 8), st.data())
@settings(max_examples=150)
def test_delayed_cycles_by_hand(length, count, data):
    """Cycles count from the last one that was delayed, one length each."""
    text = f"    cycles: {length} d x{count}\n    doses: {{drug: {{dose: 1 mg IV, when: 'days 1, 8'}}}}\n"
    plan = make_plan(study_from(text))
    delays = data.draw(st.dictionaries(st.integers(1, count), st.integers(1, 20), max_size=3))
    rows, starts, day = [], [], START
    for cycle in range(1, count + 1):
        if cycle in delays:
            day += timedelta(days=delays[cycle])
            rows.append(fact("delayed", f"treatment/c{cycle}", day, why="x"))
        starts.append(day)
        day += timedelta(days=length)
    found = {event.id: event.start for event in after(plan, facts(rows)).of_item("drug")}
    assert found == {
        f"treatment/c{cycle}/d{d}/drug": start + timedelta(days=d - 1)
        for cycle, start in enumerate(starts, start=1)
        for d in (1, 8)
    }


@given(st.integers(1, 27), st.integers(1, 7))
def test_resumed_infusions_sum_to_their_total(given_days, pause):
    """After any pause that resumes, the infusion days of the cycle are 28, and later cycles move by the pause."""
    text = "    cycles: 42 d x2\n    doses: {drug: {dose: 28 mcg/day CIV, when: days 1-28, late: resume to total}}\n"
    plan = make_plan(study_from(text))
    held = START + timedelta(days=given_days)
    rows = facts([fact("held", "drug", held, why="x"), fact("restarted", "drug", held + timedelta(days=pause))])
    first, rest, second = after(plan, rows).of_item("drug")
    assert first.dose_days + rest.dose_days == second.dose_days == 28
    assert second.start == START + timedelta(days=42 + pause)


# ---------------------------------------------------------------- a journal as it grows


class GrowingJournal(RuleBasedStateMachine):
    """Facts are recorded, corrected and struck out one by one; after each the laws hold."""

    @initialize(name=names)
    def begin(self, name):
        self.plan = PLANS[name]
        self.untouched = after(self.plan, ())
        self.rows: list[Fact] = []

    def record(self, row: Fact) -> None:
        self.rows = list(facts([*self.rows, row]))

    @rule(data=st.data())
    def write(self, data):
        self.record(
            Recorder(
                self.plan, lambda some: data.draw(st.sampled_from(some)), lambda a, b: data.draw(st.integers(a, b))
            ).draw()
        )

    @rule(data=st.data())
    def correct(self, data):
        """Another day for a fact, or no fact at all."""
        plain = [row for row in self.rows if row.what != "corrected" and row.on is not None]
        if not plain:
            return
        row = data.draw(st.sampled_from(plain))
        day = day_of(row.on) + timedelta(days=data.draw(st.integers(1, 9)))
        instead = data.draw(st.sampled_from([None, replace(row, on=day)]))
        self.record(fact("corrected", corrects=row.number, instead=instead, why="x"))

    @invariant()
    def laws(self):
        calendar = after(self.plan, self.rows)
        check_ids(self.untouched, calendar)
        check_given(calendar, self.rows)


TestGrowingJournal = GrowingJournal.TestCase
TestGrowingJournal.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


@pytest.mark.slow
def test_ten_thousand_random_journals():
    """10,000 random journals, and not one crash, lost event or moved dose."""
    chance = random.Random(20270129)
    untouched = {name: after(plan, ()) for name, plan in PLANS.items()}
    recorders = {name: Recorder(plan, chance.choice, chance.randint) for name, plan in PLANS.items()}
    names = sorted(PLANS)
    for _ in range(10_000):
        name = chance.choice(names)
        rows = facts(recorders[name].draw() for _ in range(chance.randint(1, 12)))
        calendar = after(PLANS[name], rows)
        check_ids(untouched[name], calendar)
        check_given(calendar, rows)
