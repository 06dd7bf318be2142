"""What holds wherever days are closed? Laws over any small study and any site, and other programs as second opinion."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.journals import calendar_after

from regimen.calendars.lateness import inside
from regimen.events import Calendar, Event
from regimen.placement import on_working_days
from regimen.placement.spacing import too_near
from regimen.timing import Span
from regimen.workdays import Closure, Site

POLICIES = ("keep", "warn", "nearest", "next", "previous")
starts = st.dates(date(2026, 1, 1), date(2029, 12, 31))
policies = st.sampled_from(POLICIES)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """A weekend of up to four days and a few closures within two months of any start."""
    weekend = draw(st.sets(st.integers(0, 6), max_size=4))
    first = draw(starts)
    gaps = draw(st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 6)), max_size=4))
    days = [(first + timedelta(days=a), first + timedelta(days=a + b)) for a, b in gaps]
    return Site(tuple(weekend), closures=tuple(Closure(a, b) for a, b in days))


@st.composite
def studies(draw: st.DrawFn) -> str:
    """Two items of one drug and one of another, with windows, minimum intervals and what hangs on them."""
    lines = ["    doses:"]
    for key, drug in (("one", "drug"), ("two", "drug"), ("other", "other")):
        when = draw(st.sampled_from(
            ["q7d x4", "q1d x6", "days 1, 3, 8", "q2w x3", "days 2-4", "bid days 3, 9", "q5d x5", "day 6"]
        ))  # fmt: skip
        early, late = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        window = draw(st.sampled_from(["", f", window: -{early}/+{late} d"]))
        least = draw(st.sampled_from(["", "", f", min_interval: {draw(st.integers(1, 8))} d", ", min_interval: 30 h"]))
        rest = f"when: '{when}', working_days: {draw(policies)}{window}{least}"
        lines.append(f"      {key}: {{drug: {drug}, dose: 1 mg PO, {rest}}}")
    lines.append("      before: {dose: 8 mg PO, when: 1 d before dose of other}")
    lines.append("    visits:")
    lines.append(f"      visit: {{when: 'days 1, 6, 13', window: ±2 d, working_days: {draw(policies)}}}")
    return "\n".join(lines) + "\n"


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Calendar, Calendar, Site]:
    """A calendar, the same on working days, and the site."""
    site = draw(sites())
    near = [closure.first for closure in site.closures] or [draw(starts)]
    calendar = calendar_after(draw(studies()), near[0] + timedelta(days=draw(st.integers(-20, 5))), [])
    return calendar, on_working_days(calendar, site), site


def by_id(calendar: Calendar) -> dict[str, Event]:
    return {event.id: event for event in calendar}


@given(pairs())
def test_nothing_is_lost_and_nothing_leaves_its_window(drawn):
    """Ids stay; what moves stays in its window, lies on an open day, keeps target and plan, and says why."""
    before, after, site = drawn
    assert by_id(before).keys() == by_id(after).keys()
    for id, event in by_id(after).items():
        old = by_id(before)[id]
        assert (event.was_planned, event.dose, event.kind) == (old.was_planned, old.dose, old.kind)
        if event.hangs_on:
            continue
        assert (event.window, event.due) == (old.window, old.due)
        if event.start != old.start:
            assert inside(event.window, event.start)
            assert site.is_open(event.first_day)
            assert not site.is_open(old.first_day)
            assert event.because
            assert old.working_days in POLICIES[2:]


@given(pairs())
def test_what_hangs_on_a_dose_keeps_its_distance(drawn):
    """Premedication a day before a dose is a day before it wherever that lies."""
    _, after, _ = drawn
    for event in after.of_item("before"):
        assert by_id(after)[event.hangs_on].first_day - event.first_day == timedelta(days=1)


@given(pairs())
def test_doses_keep_apart(drawn):
    """Doses of a drug that were not meant for one day share none, keep their order, and keep minimum intervals."""
    before, after, _ = drawn
    doses = [event for event in before if event.label == "drug"]
    now = by_id(after)
    for one in doses:
        for two in doses:
            if one.first_day < two.first_day:
                assert now[one.id].first_day < now[two.id].first_day
                if one.item == two.item and one.min_interval is not None:
                    broken = too_near(now[one.id].start, now[two.id].start, one.min_interval)
                    assert not broken or too_near(one.start, two.start, one.min_interval)


@given(pairs())
def test_twice_is_once(drawn):
    """What lies on working days is left as it is, and nothing is said twice."""
    _, after, site = drawn
    assert on_working_days(after, site) == after


@given(pairs())
def test_nothing_is_silent(drawn):
    """Everything on a closed day is in a notice: by its id, or with all of its item where the definition keeps it."""
    _, after, site = drawn
    told = {notice.event for notice in after.notices}
    kept = {notice.sentence.partition(":")[0] for notice in after.notices if notice.level == "note"}
    for event in after:
        if event.kind != "milestone" and not site.is_open(event.first_day):
            assert event.id in told if event.working_days != "keep" else event.label in kept


@given(studies(), starts)
def test_keep_changes_nothing(text, start):
    """Where everything is kept, and where every day is open, the events stay as they are."""
    for policy in POLICIES[1:]:
        text = text.replace(f"working_days: {policy}", "working_days: keep")
    calendar = calendar_after(text, start, [])
    assert on_working_days(calendar, Site((0, 2, 4, 5, 6))).events == calendar.events
    assert on_working_days(calendar, Site(())).events == calendar.events


# ---------------------------------------------------------------- second opinions


def one_visit(policy: str, offset: int, early: int, late: int, start: date) -> tuple[Calendar, date]:
    text = f"    visits:\n      visit: {{when: day {offset}, window: -{early}/+{late} d, working_days: {policy}}}\n"
    return calendar_after(text, start, []), start + timedelta(days=offset - 1)


@given(
    st.sampled_from(["next", "previous"]), st.integers(2, 40), st.integers(0, 9), st.integers(0, 9), starts,
    st.sets(st.integers(0, 6), max_size=6), st.sets(st.integers(-12, 12), max_size=6),
)  # fmt: skip
def test_next_and_previous_against_numpy(policy, offset, early, late, start, weekend, away):
    """numpy's business days, rolled forward or backward, give the same day where that is inside the window."""
    calendar, due = one_visit(policy, offset, early, late, start)
    closed = sorted(due + timedelta(days=n) for n in away)
    site = Site(tuple(weekend), closures=tuple(Closure(day, day) for day in closed))
    week = "".join("0" if day in weekend else "1" for day in range(7))
    roll = "forward" if policy == "next" else "backward"
    theirs = np.busday_offset(due, 0, roll=roll, weekmask=week, holidays=closed).astype(date)
    allowed = due - timedelta(days=early) <= theirs <= due + timedelta(days=late)
    assert on_working_days(calendar, site).of_item("visit")[0].start == (theirs if allowed else due)


@given(st.integers(2, 40), st.integers(0, 9), st.integers(0, 9), starts, sites())
def test_nearest_against_a_search(offset, early, late, start, site):
    """Looking one day later, one earlier, two later and so on finds the same nearest day."""
    calendar, due = one_visit("nearest", offset, early, late, start)
    theirs = due
    for n in range(1, 10) if not site.is_open(due) else ():
        tried = [due + timedelta(days=n)] * (n <= late) + [due - timedelta(days=n)] * (n <= early)
        found = [day for day in tried if site.is_open(day)]
        if found:
            theirs = found[0]
            break
    assert on_working_days(calendar, site).of_item("visit")[0].start == theirs


@given(starts, starts, st.integers(1, 400))
def test_intervals_in_days(one, two, least):
    """An interval in days is too short exactly if fewer days lie between."""
    assert too_near(one, two, Span(least, "d")) == ((two - one).days < least)


@given(starts, st.integers(0, 5), st.integers(1, 120))
def test_intervals_in_hours_between_days(one, days, hours):
    """Without times of day an interval in hours is broken only if no two times of the days keep it."""
    two = one + timedelta(days=days)
    possible = any(days * 1440 + later - earlier >= hours * 60 for later in (0, 1439) for earlier in (0, 1439))
    assert too_near(one, two, Span(hours, "h")) == (not possible)
