"""What is a change set? Every event of either calendar once, what it was and is, and why, with nothing lost."""

# Recorded times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.test_journal_laws import PLANS, after, journals
from tests.journals import calendar_after, fact, study_from
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, everything, infusion, lupus, ramp_up

from regimen.changes import Change, ChangeSet, changes
from regimen.changes.aspects import ASPECTS
from regimen.errors import RegimenError
from regimen.events import Calendar, DatedWindow, Event, Notice, Waiting
from regimen.library import expand, names
from regimen.timing import Span

DAY = timedelta(days=1)


def only(before: Event | None, now: Event | None) -> Change:
    """The one change between two calendars of at most one event."""
    found = changes(calendar([before] if before else []), calendar([now] if now else [])).entries
    assert len(found) == 1
    return found[0]


def aspects_of(**changed: Any) -> tuple[str, ...]:
    """The aspects of a plain dose of which these values change."""
    plain = event(dose="10 mg", route="IV", window=days_around(ANCHOR, 1, 2))
    return only(plain, replace(plain, **changed)).aspects


def applied(found: ChangeSet, before: Calendar) -> tuple[dict[str, Event], dict[str, str]]:
    """A second opinion: the later events and waiting ids, from the earlier ones and what a set says of each."""
    events = {one.id: one for one in before}
    waiting = {id: part.for_ for part in before.waiting for id in part.events}
    for change in found.entries:
        waiting.pop(change.id, None)
        if change.waits:
            waiting[change.id] = change.waits
        if change.before is not None and change.after is not None:
            events[change.id] = replace(events[change.id], **{d.what: d.after for d in change.differences})
        else:
            events.pop(change.id, None)
            if change.after is not None:
                events[change.id] = change.after
    return events, waiting


def exactly(events: Any) -> dict[str, str]:
    """Events by id, written out so that equal moments with other clocks differ."""
    return {one.id: "; ".join(f"{f.name}={_exact(getattr(one, f.name))}" for f in fields(Event)) for one in events}


def _exact(value: object) -> str:
    if isinstance(value, DatedWindow):
        return f"{value.earliest.isoformat()} to {value.latest.isoformat()}"
    return value.isoformat() if isinstance(value, date) else repr(value)


def nothing_is_lost(before: Calendar, now: Calendar) -> None:
    """Each id is unchanged or in one entry, and the entries lead from one calendar to the other."""
    found = changes(before, now)
    ids = [change.id for change in found.entries]
    waiting = {id for one in (before, now) for part in one.waiting for id in part.events}
    assert len(ids) == len(set(ids))
    assert len(ids) + found.unchanged == len({one.id for one in (*before, *now)} | waiting)
    events, waits = applied(found, before)
    assert exactly(events.values()) == exactly(now)
    assert waits == {id: part.for_ for part in now.waiting for id in part.events}
    assert all(change.aspects and change.why for change in found.entries)
    assert ids == [change.id for change in sorted(found.entries, key=lambda change: change.order)]


# ---------------------------------------------------------------- the same


@pytest.mark.parametrize("make", [lupus, ramp_up, everything, calendar])
def test_a_calendar_does_not_differ_from_itself(make):
    """Between a calendar and itself nothing differs, and everything is counted as unchanged."""
    one = make()
    found = changes(one, make())
    assert not found
    assert found.entries == found.head == found.appeared == found.settled == ()
    assert found.unchanged == len(one) + sum(len(part.events) for part in one.waiting)


# ---------------------------------------------------------------- one event

NEXT = ANCHOR + DAY


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"start": NEXT, "end": NEXT, "window": days_around(NEXT, 1, 2)}, ("moved",)),
        ({"start": NEXT, "end": NEXT, "current": ANCHOR}, ("moved",)),
        ({"start": NEXT, "end": NEXT, "planned": ANCHOR, "current": ANCHOR, "actual": NEXT, "state": "given"},
         ("happened", "moved")),
        ({"state": "given", "actual": ANCHOR, "given": "700 mg"}, ("happened",)),
        ({"state": "missed"}, ("off",)),
        ({"state": "held"}, ("off",)),
        ({"state": "cancelled"}, ("off",)),
        ({"state": "not applicable"}, ("off",)),
        ({"state": "tentative", "conditions": ("transplant=no",)}, ("state",)),
        ({"conditions": ("transplant=no",)}, ("details",)),
        ({"dose": "8 mg"}, ("dose",)),
        ({"route": "PO"}, ("dose",)),
        ({"given": "8 mg"}, ("dose",)),
        ({"dose": None}, ("dose",)),
        ({"end": NEXT}, ("length",)),
        ({"duration": "2 h"}, ("length",)),
        ({"window": None}, ("window",)),
        ({"window": days_around(ANCHOR, 2, 2)}, ("window",)),
        ({"preferred": days_around(ANCHOR, 0, 1)}, ("window",)),
        ({"current": NEXT, "window": days_around(NEXT, 1, 2)}, ("due",)),
        ({"current": NEXT}, ("due",)),
        ({"planned": NEXT}, ("planned",)),
        ({"planned": ANCHOR}, ("reason",)),
        ({"label": "Anifrolumab"}, ("details",)),
        ({"epoch": "maintenance"}, ("details",)),
        ({"optional": True}, ("details",)),
        ({"activities": ("blood count",)}, ("details",)),
        ({"basis": "assumed: guessed"}, ("details",)),
        ({"min_interval": Span(7, "d")}, ("details",)),
        ({"working_days": "next"}, ("details",)),
        ({"position": "Day 1"}, ("details",)),
        ({"study_day": 1, "day": 1}, ("details",)),
        ({"start": NEXT, "end": NEXT, "window": days_around(NEXT, 1, 2), "study_day": 1, "day": 1}, ("moved",)),
        ({"why": "another reason"}, ("reason",)),
        ({"because": "a remark"}, ("reason",)),
        ({"start": NEXT, "end": NEXT, "window": days_around(NEXT, 1, 2), "dose": "8 mg", "label": "x"},
         ("moved", "dose", "details")),
    ],
)  # fmt: skip
def test_aspects(changed, expected):
    """Each way to differ has a name; a window or number that only follows its date is not another one."""
    assert aspects_of(**changed) == expected


@pytest.mark.parametrize("field", [field.name for field in fields(Event)])
def test_no_value_of_an_event_can_differ_unseen(field):
    """Whatever value differs, the event is an entry, and that value is among its differences."""
    other = {
        "id": "treatment/d0/belimumab", "start": NEXT, "end": NEXT, "planned": NEXT, "current": NEXT, "actual": NEXT,
        "window": days_around(NEXT, 0, 0), "preferred": days_around(NEXT, 0, 0), "min_interval": Span(1, "d"),
        "cycle": 2, "day": 2, "study_day": 2, "offset_days": 2, "optional": True, "continuous": True,
        "activities": ("x",), "conditions": ("x",),
    }.get(field, "x")  # fmt: skip
    if field == "id":
        return
    change = only(event(), replace(event(), **{field: other}))
    assert [d.what for d in change.differences] == [field]
    assert change.aspects


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [("held", "planned", "on"), ("cancelled", "tentative", "on"), ("missed", "held", "off"), ("given", "missed", "off"),
     ("missed", "given", "happened"), ("given", "planned", "state"), ("tentative", "planned", "state"),
     ("planned", "done", "happened")],
)  # fmt: skip
def test_states(before, now, expected):
    """What falls out, comes back, takes place, or is settled is told apart."""
    assert only(event(state=before), event(state=now)).aspects == (expected,)


def test_signed_days():
    """Days are counted on the civil calendar, later positive; two lists say what came forward and what went back."""
    early = event(start=date(2027, 3, 1), id="a"), event(start=date(2027, 2, 27), id="a")
    late = event(start=date(2028, 2, 28), id="b"), event(start=date(2028, 3, 1), id="b")
    found = changes(calendar([early[0], late[0]]), calendar([early[1], late[1]]))
    assert [(change.id, change.days) for change in found.entries] == [("a", -2), ("b", 2)]
    assert [change.id for change in found.brought_forward] == ["a"]
    assert [change.id for change in found.put_back] == ["b"]


def test_times_and_zones_count():
    """Another time of day is a move of 0 days; the same moment on another clock is no longer the same to a reader."""
    ten = datetime(2027, 3, 28, 10, tzinfo=BERLIN)
    later = only(event(start=ten), event(start=ten.replace(hour=14)))
    assert (later.aspects, later.days) == (("moved",), 0)
    london = ten.astimezone(ZoneInfo("Europe/London"))
    assert ten == london
    assert only(event(start=ten), event(start=london)).aspects == ("moved",)


def test_an_infusion_keeps_its_length_across_a_clock_change():
    """14 × 24 h end an hour later on the clock in spring; that is not another length."""
    start = datetime(2027, 3, 1, 10, tzinfo=BERLIN)
    before = infusion(start, 14, duration="14 d")
    moved = datetime(2027, 3, 20, 10, tzinfo=BERLIN)
    now = infusion(moved, 14, id=before.id, duration="14 d")
    now = replace(now, end=datetime(2027, 4, 3, 11, tzinfo=BERLIN))
    assert only(before, now).aspects == ("moved",)
    assert only(before, replace(now, end=now.end - timedelta(hours=1))).aspects == ("moved", "length")


def test_a_shorter_infusion():
    """An infusion that ends earlier is one of another length, whether in days or in hours."""
    assert only(infusion(days=14), infusion(days=10)).aspects == ("length",)


# ---------------------------------------------------------------- only one of the two has it


def test_added_and_removed():
    """What only the later calendar has is added, what only the earlier has is removed; dates match nothing."""
    found = changes(calendar([event(id="old")]), calendar([event(id="new")]))
    assert [(change.id, change.aspects, change.days) for change in found.entries] == [
        ("new", ("added",), None), ("old", ("removed",), None),
    ]  # fmt: skip
    assert [found.of(aspect)[0].label for aspect in ("added", "removed")] == ["Belimumab", "Belimumab"]


def test_waiting_is_a_place_too():
    """An event that waits for a date is not lost: it gets a date, loses it, waits for something else, or is gone."""

    def waits(for_: str, *ids: str) -> Calendar:
        return calendar(waiting=(Waiting(for_, ids, "Give it."),))

    dated = calendar([event(id="a")])
    cases = [
        (waits("transplant", "a"), dated, "dated", "waited for transplant: first_dose 2027-01-04 + 0 d"),
        (dated, waits("transplant", "a"), "undated", "waits for transplant"),
        (waits("transplant", "a"), waits("surgery", "a"), "waiting", "waits for surgery"),
        (waits("transplant", "a"), calendar(), "removed", "waited for transplant"),
        (calendar(), waits("transplant", "a"), "added", "waits for transplant"),
    ]
    for before, now, aspect, why in cases:
        found = changes(before, now).entries
        assert [(change.aspects, change.why) for change in found] == [((aspect,), why)]
        nothing_is_lost(before, now)
    assert changes(waits("transplant", "a"), waits("transplant", "a")).unchanged == 1


def test_two_events_of_one_id_are_refused():
    """A calendar with an id twice cannot be compared without losing one of the two, so it is refused by that id."""
    with pytest.raises(RegimenError, match="treatment/d0/belimumab"):
        changes(calendar([event(), event()]), calendar())


def test_unknown_aspect():
    """Asking for an aspect that there is not names those there are."""
    with pytest.raises(RegimenError, match="moved"):
        changes(calendar(), calendar()).of("movd")


# ---------------------------------------------------------------- why

PLAIN = "2027-02-01 = C2D1 = first dose 2027-01-04 + 28 d (C2)"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {"because": "given Tue 5 Jan 2027 (journal line 3)"}, "given Tue 5 Jan 2027 (journal line 3)"),
        ({"because": "held from Mon 4 Jan 2027"}, {}, "no longer: held from Mon 4 Jan 2027"),
        ({"why": PLAIN}, {"why": PLAIN.replace("2027-01-04", "2027-01-11")},
         "first dose 2027-01-04 -> first dose 2027-01-11"),
        ({"why": PLAIN}, {"why": PLAIN.replace("28 d", "21 d")}, "+ 28 d (C2) -> + 21 d (C2)"),
        ({"why": PLAIN}, {"why": f"{PLAIN} + 3 d"}, "now + 3 d"),
        ({"why": f"{PLAIN} − 3 d"}, {"why": PLAIN}, "no longer − 3 d"),
        ({"conditions": ("transplant=no",)}, {}, "no longer hangs on transplant=no"),
        ({}, {"conditions": ("transplant=no",)}, "hangs on transplant=no"),
        ({"dose": "10 mg"}, {"dose": "8 mg"}, "the later plan has it so"),
        ({"because": "given", "why": PLAIN}, {"because": "given", "why": f"{PLAIN} + 3 d"}, "now + 3 d"),
        ({"because": "given", "dose": "10 mg"}, {"because": "given", "dose": "8 mg"}, "the later plan has it so"),
    ],
)  # fmt: skip
def test_why(before, now, expected):
    """The reason is what was recorded, or where the chains of reasons part; else the plans differ, and that is said."""
    changed = {"state": "tentative", **now}
    assert only(event(position="C2D1", **before), event(position="C2D1", **changed)).why == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"why": PLAIN}, "the earlier plan does not have it"),
        ({"because": "given Tue 5 Jan 2027 (journal line 3)"}, "the earlier plan does not have it"),
        ({"item": "unscheduled", "because": "added for Tue 5 Jan 2027"}, "added for Tue 5 Jan 2027"),
        ({"id": "c1/d1/blin/resumed1", "because": "restarted Tue 5 Jan 2027"}, "restarted Tue 5 Jan 2027"),
    ],
)
def test_why_it_was_added(given, expected):
    """What a journal added says what was recorded; what only a fact moved is new because the plan is another."""
    assert only(None, event(**given)).why == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "the later plan does not have it"), ({"conditions": ("transplant=no",)}, "it hung on transplant=no")],
)
def test_why_it_is_gone(given, expected):
    """What is gone says which question it hung on, else that the later plan does not have it."""
    assert only(event(**given), None).why == expected


# ---------------------------------------------------------------- the head


def test_head():
    """Study, title, version, arm, anchors and the names of epochs and items that differ are said once, at the head."""
    before = calendar(lanes={"a": "A"}, anchors={"first_dose": ANCHOR, "surgery": ANCHOR})
    now = replace(
        before, study="other", title="Other", arm="control", anchors={"first_dose": NEXT, "relapse": ANCHOR},
        lanes={"a": "B"}, epochs={},
    )  # fmt: skip
    found = changes(before, now, versions=("1.0", "2.0"))
    assert [(d.what, d.before, d.after) for d in found.head] == [
        ("study", "NCT00000000", "other"), ("title", "A study of everything", "Other"), ("version", "1.0", "2.0"),
        ("arm", "active", "control"), ("anchor first_dose", ANCHOR, NEXT), ("anchor surgery", ANCHOR, None),
        ("anchor relapse", None, ANCHOR), ("epoch screening", "Screening", None),
        ("epoch treatment", "Treatment", None), ("epoch follow_up", "Follow-up", None), ("item a", "A", "B"),
    ]  # fmt: skip
    assert (found.study, found.title) == ("other", "Other")
    assert found


def test_notices_and_notes():
    """Notices that appeared or were settled are listed, and so are conventions and notes that differ."""
    one, two = Notice("decision", "a", "Decide."), Notice("note", "", "Look.")
    before = calendar(notices=(one,), notes=("x", "x"), conventions=("A month is 28 days.",))
    now = calendar(notices=(two,), notes=("x", "y"), conventions=("A month is a calendar month.",))
    found = changes(before, now)
    assert (found.settled, found.appeared) == ((one,), (two,))
    assert found.no_longer_said == ("A month is 28 days.", "x")
    assert found.now_said == ("A month is a calendar month.", "y")
    assert found.entries == ()
    assert found


# ---------------------------------------------------------------- the four drugs

MONDAY = date(2027, 1, 4)
DARATUMUMAB = """
    doses:
      daratumumab: {dose: 16 mg/kg IV, when: q1w x3 then q2w x3, late: "give late, shift the grid"}
"""
BELIMUMAB = """
    doses:
      belimumab: {dose: 200 mg subcut, when: q1w x4, late: ask}
"""
VENETOCLAX = """
    doses:
      venetoclax:
        dose: 400 mg PO
        when: daily at 08:00 x3
        late: give late, keep the grid within 8 h, else skip
"""
BLINATUMOMAB = """
    cycles: 42 d x3
    doses:
      blinatumomab:
        dose: 28 mcg/day CIV
        when: days 1-28
        late: resume to total within 7 d, else restart
"""


def told(epoch: str, rows: list[Any], zone: str | None = None) -> ChangeSet:
    """What the rows change for a subject who starts on Monday 4 January 2027."""
    study = study_from(epoch)
    return changes(calendar_after(study, MONDAY, [], zone=zone), calendar_after(study, MONDAY, rows, zone=zone))


def moves(found: ChangeSet) -> list[tuple[str, str, int]]:
    return [(change.event.position, change.aspects[0], change.days) for change in found.entries if change.event]


def test_daratumumab_five_days_late():
    """A dose 5 days late takes place, and every later one moves by 5 days because of it."""
    found = told(DARATUMUMAB, [fact("given", "treatment/d8/daratumumab", date(2027, 1, 16), why="flu", by="AN")])
    assert [(c.before.start, c.after.start, c.days) for c in found.entries] == [
        (date(2027, 1, 11), date(2027, 1, 16), 5), (date(2027, 1, 18), date(2027, 1, 23), 5),
        (date(2027, 1, 25), date(2027, 1, 30), 5), (date(2027, 2, 8), date(2027, 2, 13), 5),
        (date(2027, 2, 22), date(2027, 2, 27), 5),
    ]  # fmt: skip
    assert [c.aspects[0] for c in found.entries] == ["happened", "moved", "moved", "moved", "moved"]
    assert {c.why for c in found.entries} == {"given Sat 16 Jan 2027 (journal line 1: flu; recorded by AN), 5 d late"}


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("keep", [("Day 8", "happened", 2)]),
        ("shift", [("Day 8", "happened", 2), ("Day 15", "moved", 2), ("Day 22", "moved", 2)]),
        ("", [("Day 8", "happened", 2), ("Day 15", "state", 0), ("Day 22", "state", 0)]),
    ],
)
def test_belimumab_on_wednesday(then, expected):
    """Kept, the other doses stay; shifted, they move by 2 days; undecided, they are tentative and that is said."""
    found = told(BELIMUMAB, [fact("given", "treatment/d8/belimumab", date(2027, 1, 13), then=then)])
    assert moves(found) == expected
    assert [notice.level for notice in found.appeared] == ([] if then else ["decision"])


@pytest.mark.parametrize(("hour", "notices"), [(15, []), (17, ["warning"])])
def test_venetoclax_hours_late(hour, notices):
    """A tablet 7 h late changes that tablet alone; 9 h late it should have been skipped, which appears as a warning."""
    given_late = fact("given", "treatment/d2/venetoclax", datetime(2027, 1, 5, hour))
    found = told(VENETOCLAX, [given_late], "Europe/Berlin")
    assert moves(found) == [("Day 2", "happened", 0)]
    assert found.unchanged == 4 - 1
    assert [notice.level for notice in found.appeared] == notices


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (3, [("C1D1", ("length", None)), ("C1D1 resumed", ("added", None)), ("C2D1", ("moved", 3)),
             ("C3D1", ("moved", 3))]),
        (8, [("C1D1", ("length", None)), ("C2D1", ("moved", -24)), ("C3D1", ("moved", -24))]),
    ],
)  # fmt: skip
def test_blinatumomab_paused(days, expected):
    """After 3 days the rest is added and later cycles move by 3; after 8 the next cycle begins with the restart.

    The first cycle would have ended on 31 January; a pause of 8 days from 14 January begins cycle 2, planned for
    15 February, on 22 January: 24 days earlier.
    """
    rows = [
        fact("held", "blinatumomab", date(2027, 1, 14), why="neurotoxicity"),
        fact("restarted", "blinatumomab", date(2027, 1, 14 + days)),
    ]
    doses = [c for c in told(BLINATUMOMAB, rows).entries if c.event is not None and c.event.kind == "dose"]
    assert [
        (c.event.position, (c.aspects[0], c.days if c.aspects[0] == "moved" else None)) for c in doses if c.event
    ] == expected


def test_undone_by_a_correction():
    """After a correction that strikes a fact out, nothing differs from the calendar before it."""
    rows = [
        fact("given", "treatment/d8/daratumumab", date(2027, 1, 16)),
        fact("corrected", corrects=1, why="wrong file"),
    ]
    assert not told(DARATUMUMAB, rows)


# ---------------------------------------------------------------- laws


def other_values(one: Event) -> st.SearchStrategy[Event]:
    """The event with some of its values changed, each possible value of a field now and then."""
    day = st.integers(-40, 40).map(lambda n: ANCHOR + n * DAY)
    moment = day | st.builds(lambda d, h: datetime(d.year, d.month, d.day, h, tzinfo=BERLIN), day, st.integers(4, 20))
    window = st.none() | st.builds(DatedWindow, moment, moment)
    text = st.sampled_from(["", "a", "b"])
    values: dict[str, st.SearchStrategy[Any]] = {
        "start": moment, "end": moment, "planned": st.none() | moment, "current": st.none() | moment,
        "actual": st.none() | moment, "window": window, "preferred": window,
        "state": st.sampled_from(["planned", "tentative", "given", "missed", "held", "cancelled"]), "dose": text,
        "label": text, "because": text, "why": text, "given": text, "optional": st.booleans(),
        "conditions": st.sampled_from([(), ("x=y",)]), "cycle": st.none() | st.integers(1, 3),
    }  # fmt: skip
    return st.fixed_dictionaries({}, optional=values).map(lambda changed: replace(one, **changed))


plain_events = st.lists(st.sampled_from("abcdefgh"), unique=True).map(lambda ids: [event(id=id) for id in ids])
calendars = (
    plain_events.flatmap(lambda some: st.tuples(*map(other_values, some)))
    .flatmap(lambda some: st.tuples(st.just(some), st.sets(st.sampled_from("ijkl"))))
    .map(lambda both: calendar(both[0], waiting=(Waiting("transplant", tuple(sorted(both[1])), "Give it."),)))
)


@settings(max_examples=100)
@given(calendars, calendars)
def test_applying_the_changes_gives_the_later_calendar(before, now):
    """Every id is unchanged or in exactly one entry; the entries lead from the earlier calendar to the later."""
    nothing_is_lost(before, now)
    assert not changes(before, before)


@settings(max_examples=50)
@given(journals(), st.integers(0, 7))
def test_a_journal_is_a_chain_of_change_sets(journal, length):
    """From the first lines of a journal to all of them, nothing is lost, whatever was recorded."""
    name, rows = journal
    nothing_is_lost(after(PLANS[name], rows[:length]), after(PLANS[name], rows))


@settings(max_examples=30)
@given(calendars, calendars)
def test_there_and_back(before, now):
    """The way back has the same ids with opposite signs; what was added there is removed on the way back."""
    there, back = changes(before, now), changes(now, before)
    assert {c.id: c.days for c in there.entries} == {c.id: -c.days if c.days else c.days for c in back.entries}
    assert {c.id for c in there.of("added")} == {c.id for c in back.of("removed")}
    assert (there.appeared, there.settled) == (back.settled, back.appeared)


@pytest.mark.parametrize("trial", names())
@pytest.mark.parametrize("days", [1, 7, 59])
def test_another_start_moves_everything_that_counts_in_days(trial, days):
    """Each trial started later: no event is added or lost, and what is counted in days moves by just as many."""
    assume = ["myeloma-label-one-year"] if trial == "daratumumab-t-all" else []
    anchor = "venetoclax_day_1" if trial == "belimumab-cll" else "first_dose"
    first, later = (expand(trial, {anchor: ANCHOR + n * DAY}, assume=assume) for n in (0, days))
    found = changes(first, later)
    nothing_is_lost(first, later)
    in_days = [c for c in found.entries if c.event is not None and " mo" not in c.event.why and " y" not in c.event.why]
    assert len(in_days) > 2
    assert {(c.aspects, c.days) for c in in_days} <= {(("moved",), days), (("moved", "length"), days)}


def test_every_aspect_is_explained():
    """Each aspect has words, and no two have the same."""
    assert len(set(ASPECTS.values())) == len(ASPECTS)
