"""Does a fact fit the subject's plan: is there such a dose, which one is meant, is a reason needed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimen.definition.loading import load_study
from regimen.events import DatedWindow
from regimen.facts import Fact
from regimen.journal import known_targets, settled
from regimen.journal.known import outside
from regimen.library import expand
from regimen.plan import make_plan

STUDY = load_study(
    """\
format: regimen/1
study: {id: small, title: A small study, first_day: 1}
anchors: {first_dose: first dose, transplant: day of transplant}
decisions: {responder: {question: Responder?}}
arms: {main: [treatment, follow-up]}
epochs:
  treatment:
    from: first_dose
    cycles: 21 d x3
    doses:
      docetaxel: {dose: 75 mg/m2 IV over 1 h, when: day 1, window: -1/+7 d, levels: {low: 60 mg/m2}}
      tablets: {dose: 5 mg PO, when: "days 1, 8"}
      twice: {dose: 8 mg PO, when: bid on day 2, window: ±1 d}
      weekly: {dose: 9 mg PO, when: "days 1, 8, 15", window: ±4 d}
    visits:
      clinic: {visit: Clinic, when: day 1, window: ±2 d}
  follow-up:
    from: transplant
    visits:
      call: {visit: Call, when: "days 1, 29"}
""".encode()
)

FIRST = date(2027, 1, 4)
ANCHOR = Fact("anchor", "first_dose", FIRST, by="AN", number=2)


def known(*facts):
    lines = (Fact("opened", "small", answer="main", by="AN", number=1), ANCHOR, *facts)
    lines = tuple(replace(fact, number=n) for n, fact in enumerate(lines, 1))
    return known_targets(
        make_plan(STUDY), expand(STUDY, {}, facts=lines), decisions={"responder": ("yes", "no")}, facts=lines
    )


def day(number):
    return FIRST + timedelta(days=number - 1)


def fact(what, target, on=None, **more):
    return Fact(what, target, on, by="AN", **more)


def found(said, facts=()):
    """The target that a fact is settled on, or what is wrong with it."""
    result = settled(said, known(*facts))
    return [": ".join(part for part in complaint if part) for complaint in result.complaints] or result.fact.target


D1, D22 = "treatment/c1/d1/docetaxel", "treatment/c2/d1/docetaxel"
DUE1 = f"{D1} (due 2027-01-04, window 2027-01-03 to 2027-01-11)"
DUE22 = f"{D22} (due 2027-01-25, window 2027-01-24 to 2027-02-01)"
GIVE_ID = "give the id of the one that is meant"


# ---------------------------------------------------------------- a drug and a day


@pytest.mark.parametrize(
    ("key", "on", "meant"),
    [
        ("docetaxel", day(1), D1),
        ("docetaxel", day(8), D1),
        ("docetaxel", day(0), D1),
        ("docetaxel", day(21), D22),
        ("docetaxel", day(29), D22),
        ("tablets", day(1), "treatment/c1/d1/tablets"),
        ("tablets", day(3), "treatment/c1/d1/tablets"),
        ("tablets", day(8), "treatment/c1/d8/tablets"),
        ("weekly", day(15), "treatment/c1/d15/weekly"),
    ],
)
def test_the_dose_meant_by_a_drug_and_a_day(key, on, meant):
    """It is the one that is due on the day, or whose window holds it; without a window the nearest one before."""
    assert found(fact("given", key, on)) == meant


def test_a_visit_is_found_as_well():
    """A visit's key with a day stands for the visit."""
    assert found(fact("done", "clinic", day(3))) == "treatment/c1/d1/clinic"
    assert found(fact("missed", "clinic", day(22), why="snow")) == "treatment/c2/d1/clinic"


def test_the_one_that_was_taken_is_said():
    """What a key was taken to be is told with the day it is due on."""
    assert settled(fact("given", "docetaxel", day(3)), known()).notes == (f"taken to be {DUE1}.",)
    assert settled(fact("given", D1, day(3)), known()).notes == ()


WEEK = "treatment/c1/d{0}/weekly (due {1}, window {2} to {3})"
ONE = WEEK.format(1, "2027-01-04", "2026-12-31", "2027-01-08")
TWO = WEEK.format(8, "2027-01-11", "2027-01-07", "2027-01-15")
TABLET = "treatment/c1/d{0}/tablets (due {1})"
TWICE = "treatment/c1/d2/twice/{0} (due 2027-01-05, window 2027-01-04 to 2027-01-06)"


@pytest.mark.parametrize(
    ("key", "on", "shown"),
    [
        ("weekly", day(4), f"{ONE} or {TWO}"),
        ("weekly", day(5), f"{ONE} or {TWO}"),
        ("twice", day(2), f"{TWICE.format(1)} or {TWICE.format(2)}"),
        ("tablets", day(5), f"{TABLET.format(1, '2027-01-04')} or {TABLET.format(8, '2027-01-11')}"),
    ],
)
def test_two_that_may_be_meant(key, on, shown):
    """If two are possible both are shown, and none is chosen."""
    assert found(fact("given", key, on)) == [
        f"target: 2 events may be meant by {key} on {on.isoformat()}: {shown}: {GIVE_ID}"
    ]


def test_recorded_ones_are_not_meant_again():
    """A dose whose outcome was recorded is not meant any more, by the day or by nearness."""
    given_ = fact("given", D1, day(1))
    assert found(fact("given", "docetaxel", day(3)), [given_]) == [
        f"target: no docetaxel is open on 2027-01-06: nearest: {DUE1}, recorded on line 3; {DUE22}: {GIVE_ID}"
    ]
    first = fact("given", "treatment/c1/d1/weekly", day(1))
    assert found(fact("given", "weekly", day(4)), [first]) == "treatment/c1/d8/weekly"
    assert found(fact("given", "tablets", day(3)), [fact("given", "treatment/c1/d1/tablets", day(1))]) == [
        (
            f"target: no tablets is open on 2027-01-06: nearest: {TABLET.format(1, '2027-01-04')}, recorded on line 3; "
            f"{TABLET.format(8, '2027-01-11')}: {GIVE_ID}"
        )
    ]


def test_a_key_without_a_day_says_nothing():
    """Which one is missed must be said."""
    assert found(fact("missed", "docetaxel", why="snow")) == [
        "on: which docetaxel is meant is not said: give the day, or the event's id"
    ]


@given(st.sampled_from(["docetaxel", "tablets", "twice", "weekly"]), st.integers(-10, 90))
def test_a_dose_is_only_taken_if_no_other_is_as_likely(key, offset):
    """Whatever day is given: the one taken is due on it, or its window holds it, and no other open one's does."""
    on, plan = FIRST + timedelta(days=offset), known()
    result = settled(fact("given", key, on), plan)
    events = [event for event in plan.events.values() if event.item == key]
    fits = [e for e in events if e.window is not None and e.window.earliest <= on <= e.window.latest]
    exact = [e for e in events if e.first_day == on]
    if result.complaints:
        assert len(exact) != 1 or len([e for e in fits if e.first_day <= on]) > 1
        return
    taken = plan.events[result.fact.target]
    assert taken in (fits or events)
    assert exact == [taken] or fits == [taken] or (not fits and taken.window is None and taken.first_day < on)


# ---------------------------------------------------------------- is it in the plan


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (fact("given", "treatment/c1/d1/docetaxl", day(1)),
         (f"target: this subject's plan has no 'treatment/c1/d1/docetaxl': did you mean {DUE1} or "
         "treatment/c3/d1/docetaxel (due 2027-02-15, window 2027-02-14 to 2027-02-22) or "
         f"{DUE22}?")),
        (fact("given", "surgery/d1/scan", day(1)),
         "target: this subject's plan has no 'surgery/d1/scan': look it up with: regimen calendar … --format csv"),
        (fact("given", "treatment/c1/d1/clinic", day(1)),
         "what: treatment/c1/d1/clinic is a visit, which cannot be given: record it as done"),
        (fact("done", D1, day(1)), f"what: {D1} is a dose, which cannot be done: record it as given"),
        (fact("done", "treatment/start", day(1)),
         "what: treatment/start is a milestone, which cannot be done: record what was given or done there"),
        (fact("given", D1, day(9)), f"why: 2027-01-12 is 1 day after the window of {DUE1}: say why"),
        (fact("given", D1, day(-2)), f"why: 2027-01-01 is 2 days before the window of {DUE1}: say why"),
        (fact("moved", D1, day(10)),
         (f"on: 2027-01-13 is 2 days after the window of {DUE1}: an event is moved within its window: record it as "
         "delayed, with the cause")),
        (fact("moved", D1, day(-1)),
         (f"on: 2027-01-02 is 1 day before the window of {DUE1}: an event is moved within its window: choose a day "
         "inside the window")),
        (fact("moved", "docetaxel", day(2)),
         (f"target: this subject's plan has no 'docetaxel': did you mean {DUE1} or {DUE22} or "
         "treatment/c3/d1/docetaxel (due 2027-02-15, window 2027-02-14 to 2027-02-22)?")),
        (fact("anchor", "first_doze", day(1)),
         ("target: 'first_doze' is not an anchor of this study: there are: first_dose, transplant: did you mean "
         "first_dose?")),
        (fact("decision", "respond", answer="yes"),
         "target: 'respond' is not a decision of this study: there are: responder: did you mean responder?"),
        (fact("decision", "responder", answer="perhaps"),
         "answer: 'perhaps' is no answer to responder: answers are: yes, no"),
        (fact("delayed", "treatment/c4", day(64), cause="other", why="x"),
         ("target: 'treatment/c4' cannot be delayed in this subject's plan: delayed takes a cycle, an epoch, an event: "
         "did you mean treatment/c3 or treatment/c2 or treatment/c1?")),
        (fact("delayed", D22, day(20), cause="other", why="x"),
         f"on: 2027-01-23 is before {DUE22}: a delay ends later"),
        (fact("held", "docetaxl", day(8), why="x"),
         ("target: 'docetaxl' cannot be held in this subject's plan: held takes all, a drug, an epoch, a cycle: "
         "did you mean docetaxel?")),
        (fact("reduced", "docetaxel", day(8), level="lowest", why="x"),
         "level: docetaxel has no dose level 'lowest': levels are: low: name one of them, or give the amount"),
        (fact("reduced", "tablets", day(8), level="low", why="x"),
         "level: tablets has no dose level 'low': the definition names no levels: give the amount"),
        (fact("restarted", "all", day(8), amount="5 mg"),
         ("amount: all may hold 4 drugs (docetaxel, tablets, twice, weekly), and the amount is one: record it for each "
         "drug")),
        (fact("discontinued", D1, day(8), why="x"),
         (f"target: '{D1}' cannot be discontinued in this subject's plan: discontinued takes all, a drug, an epoch: "
         "did you mean docetaxel?")),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_plan(said, wrong):
    """Each says what was found and what is in the plan, with the nearest ids and the days they are due on."""
    assert found(said) == [wrong]


@pytest.mark.parametrize(
    "said",
    [
        fact("given", D1, day(9), why="snow"),
        fact("missed", D1, day(30), why="snow"),
        fact("moved", D1, day(3)),
        fact("delayed", "treatment/c2", day(24), cause="logistics", why="x"),
        fact("delayed", "follow-up", day(24), cause="logistics", why="x"),
        fact("delayed", D22, day(24), cause="logistics", why="x"),
        fact("held", "all", day(8), why="x"),
        fact("restarted", "docetaxel", day(8), level="low"),
        fact("reduced", "tablets", day(8), amount="5 mg", why="x"),
        fact("discontinued", "treatment", day(8), why="x"),
        fact("anchor", "transplant", day(70)),
        fact("done", "follow-up/d29/call", day(100)),
        fact("visit", "toxicity check", day(8), why="x"),
        fact("withdrawn", "", day(8), why="x"),
    ],
)
def test_what_fits_the_plan(said):
    """A fact that fits is left as it is; an event that still waits for an anchor is in the plan too."""
    assert settled(said, known()).fact == said
    assert settled(said, known()).complaints == ()


def test_a_correction_fits_the_plan_too():
    """What a correction puts in a place is checked like any fact, and the key is named as part of it."""
    wrong = Fact("corrected", corrects=3, by="AN", why="x", instead=Fact("given", D1, day(9)))
    assert found(wrong, [fact("given", D1, day(1))]) == [
        f"instead.why: 2027-01-12 is 1 day after the window of {DUE1}: say why with --reason"
    ]
    assert settled(replace(wrong, instead=None), known()).complaints == ()


def test_something_cancelled_may_still_take_place():
    """A dose that the present calendar has cancelled may have been given: that is said, not refused."""
    stopped = fact("discontinued", "docetaxel", day(8), why="rash")
    result = settled(fact("given", D22, day(22)), known(stopped))
    assert result.complaints == ()
    assert len(result.notes) == 1
    assert result.notes[0].startswith(f"{D22} is cancelled in the present calendar")


def test_without_a_calendar_the_ids_of_the_plan_count():
    """Before the first anchor is known nothing is dated; ids are checked against the plan all the same."""
    plan = known_targets(make_plan(STUDY))
    assert settled(fact("given", D1, day(50)), plan).complaints == ()
    (complaint,) = settled(fact("given", "treatment/c1/d1/docetaxl", day(1)), plan).complaints
    assert complaint.remedy.startswith("did you mean treatment/c1/d1/docetaxel or ")
    assert plan.cycles == ("treatment/c1", "treatment/c2", "treatment/c3")


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2027, 1, 4), 0), (date(2027, 1, 7), 0), (date(2027, 1, 3), -1), (date(2027, 1, 9), 2),
        (datetime.fromisoformat("2027-01-07T23:59"), 0), (datetime.fromisoformat("2027-01-08T00:01"), 1),
    ],
)  # fmt: skip
def test_days_outside_a_window(on, days):
    """Both ends of a window are inside; a time on a last day is inside a window of days."""
    assert outside(DatedWindow(date(2027, 1, 4), date(2027, 1, 7)), on) == days


@pytest.mark.parametrize(("time", "days"), [("15:59", 0), ("16:00", 0), ("16:01", 1), ("07:59", -1), ("08:00", 0)])
def test_minutes_outside_a_window(time, days):
    """A window of hours is kept to the minute; a minute outside counts as a day outside."""
    window = DatedWindow(datetime.fromisoformat("2027-01-04T08:00"), datetime.fromisoformat("2027-01-04T16:00"))
    assert outside(window, datetime.fromisoformat(f"2027-01-04T{time}")) == days
