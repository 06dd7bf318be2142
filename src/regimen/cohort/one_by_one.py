"""What does the calendar of one subject give as rows? The scalar calendar, where columns cannot do its work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np

from regimen.calendars import make_calendar
from regimen.calendars.assembly import assembled
from regimen.calendars.walk import Walk
from regimen.cohort.blocks import DAYS, NUMBERS, Block, What
from regimen.cohort.dating import undated_block, what_of
from regimen.cohort.shifting import NONE, number_of
from regimen.events import Calendar, Event, day_of
from regimen.facts import Fact
from regimen.placement import on_working_days
from regimen.plan import Plan
from regimen.workdays import Site


def calendar_block(
    plan: Plan, anchors: Mapping[str, date], *, site: Site | None = None, facts: Sequence[Fact] = ()
) -> Block:
    """The events of one subject as a block of one row, by the scalar calendar; raises ``DatingError`` as it does."""
    return block_of(plan, calendar_of(plan, anchors, site=site, facts=facts))


def calendar_of(
    plan: Plan, anchors: Mapping[str, date], *, site: Site | None = None, facts: Sequence[Fact] = ()
) -> Calendar | None:
    """The calendar of one subject on the working days of a site; None where nothing at all can be dated."""
    calendar = _calendar(plan, anchors, facts)
    return calendar if calendar is None or site is None else on_working_days(calendar, site)


def _calendar(plan: Plan, anchors: Mapping[str, date], facts: Sequence[Fact]) -> Calendar | None:
    if facts:
        return make_calendar(plan, anchors, facts=facts)
    if not anchors:
        return None
    walk = Walk(plan, dict(anchors), None)
    walk.run()
    return assembled(walk) if any(point.id in walk.moments for point in plan) else None


def block_of(plan: Plan, calendar: Calendar | None) -> Block:
    """A calendar as a block of one row, with the events that wait."""
    return undated_block(plan, 1) if calendar is None else _rows(plan, calendar)


def _rows(plan: Plan, calendar: Calendar) -> Block:
    order = {id: place for place, id in enumerate(plan.ids)}
    points = {point.id: point for point in plan}
    found = [(order.get(e.id, len(order)), e.id, _what(e), _numbers(e)) for e in calendar]
    for id in (id for waiting in calendar.waiting for id in waiting.events):
        day = points[id].day
        nothing = dict.fromkeys((*DAYS, *NUMBERS), int(NONE)) | {"day": int(NONE) if day is None else day}
        found.append((order[id], id, what_of(points[id]), nothing))
    found.sort(key=lambda row: row[:2])
    whats: dict[What, int] = {}
    which = [whats.setdefault(what, len(whats)) for _, _, what, _ in found]
    columns = {name: np.array([row[3][name] for row in found], np.int32) for name in (*DAYS, *NUMBERS)}
    return Block(tuple(whats), np.array([len(found)], np.int64), np.array(which, np.int32), columns)


def _what(event: Event) -> What:
    time = f"{event.start:%H:%M}" if isinstance(event.start, datetime) else None
    return What(
        event.id, event.kind, event.item, event.label, event.epoch, event.cycle, event.state, event.optional,
        event.dose, time,
    )  # fmt: skip


def _numbers(event: Event) -> dict[str, int]:
    window, none = event.window, int(NONE)
    planned = event.was_planned
    return {
        "start": number_of(event.first_day), "end": number_of(event.last_day),
        "earliest": number_of(day_of(window.earliest)) if window is not None else none,
        "latest": number_of(day_of(window.latest)) if window is not None else none,
        "planned": number_of(day_of(planned)) if planned is not None else none,
        "day": event.day if event.day is not None else none, "offset_days": event.offset_days,
    }  # fmt: skip
