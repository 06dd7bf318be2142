"""What do working days and a look at the dates do after anything that may happen? Laws over random journals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.test_journal_laws import PLANS, START, after, journals

from regimen.calendars.lateness import inside
from regimen.checks.dated import with_findings
from regimen.events import LEVELS, Calendar
from regimen.placement import on_working_days
from regimen.placement.spacing import chains
from regimen.standing import STATUSES, standings
from regimen.timing import Span
from regimen.workdays import Closure, Site

SITES = (
    Site(),
    Site((4, 5)),
    Site((0, 2, 4, 6)),
    Site(closures=(Closure(START + timedelta(days=20), START + timedelta(days=40), "works"),)),
)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, Site]:
    """A calendar after a random journal whose items have random policies and minimum intervals, and a site."""
    name, rows = draw(journals())
    calendar = after(PLANS[name], rows)
    policies = {item: draw(st.sampled_from(("keep", "warn", "nearest", "next", "previous"))) for item in calendar.lanes}
    least = draw(st.sampled_from((None, Span(6, "d"), Span(30, "h"))))
    events = tuple(
        replace(event, working_days=policies.get(event.item, "keep"), min_interval=least) for event in calendar
    )
    return replace(calendar, events=events), draw(st.sampled_from(SITES))


@given(calendars())
def test_what_is_settled_stays(drawn):
    """What took place, or was put on its day by a person, never moves; nothing is lost, nothing leaves its window."""
    before, site = drawn
    after_ = {event.id: event for event in on_working_days(before, site)}
    assert {event.id for event in before} == after_.keys()
    for event in before:
        now = after_[event.id]
        if event.actual is not None or event.start != event.due or event.state not in ("planned", "tentative"):
            assert now == event
        elif now.start != event.start and not event.hangs_on:
            assert inside(event.window, now.start)
            assert site.is_open(now.first_day)


@given(calendars())
def test_chains_keep_their_order(drawn):
    """Doses of a drug that had days of their own keep them apart and in order."""
    before, site = drawn
    now = {event.id: event for event in on_working_days(before, site)}
    for (kind, _), chain in chains(before).items():
        for place, one in enumerate(chain if kind == "dose" else ()):
            for two in chain[place + 1 :]:
                if one.last_day < two.first_day:
                    assert now[one.id].last_day < now[two.id].first_day


@given(calendars())
def test_twice_is_once(drawn):
    """To do it again changes nothing, and to look again finds nothing new."""
    before, site = drawn
    once = on_working_days(before, site)
    assert on_working_days(once, site) == once
    day = date(2027, 4, 1)
    looked = with_findings(once, day)
    assert with_findings(looked, day) == looked
    levels = [LEVELS.index(notice.level) for notice in looked.notices]
    assert levels == sorted(levels)
    assert {notice.event for notice in looked.notices} - {event.id for event in before} <= {
        notice.event for notice in before.notices
    } | {""}


@given(calendars(), st.integers(-30, 300))
def test_everything_stands_somewhere(drawn, days):
    """Every dose and visit has a status, and only what is still to come has days left."""
    calendar, _ = drawn
    found = standings(calendar.events, START + timedelta(days=days))
    assert [one.event.id for one in found] == [event.id for event in calendar if event.kind != "milestone"]
    for one in found:
        assert one.status in STATUSES
        assert one.days_left is None or one.event.actual is None
        assert one.days_out == 0 or one.status in ("early", "late", "other day", "overdue")
