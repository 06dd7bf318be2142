"""What are the events of many rows of one plan? A walk over columns turned into a block, in plan order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from regimen.cohort.blocks import DAYS, NUMBERS, Block, What
from regimen.cohort.shifting import NONE, DayColumn, OutsideCalendar, beside
from regimen.cohort.walk import ColumnWalk, Refused
from regimen.plan import Plan, Point
from regimen.timing import Counting


def dated_block(plan: Plan, anchors: Mapping[str, DayColumn], rows: int) -> Block:
    """The events of every row; an event that waits for something has no dates.

    Raises ``Unsupported`` for a plan that needs the scalar calendar, ``Refused`` for a row that does.
    """
    walk = ColumnWalk(plan, anchors, rows).run()
    origin = _origin(walk)
    found: list[tuple[What, dict[str, DayColumn]]] = []
    for point in plan:
        if point.id in walk.moments:
            try:
                found.append((what_of(point), _columns(walk, point, origin)))
            except OutsideCalendar as outside:
                raise Refused(outside.row) from None
        elif point.id in walk.waiting:
            found.append((what_of(point), _undated(walk, point)))
    return _block([what for what, _ in found], [columns for _, columns in found], walk, rows)


def undated_block(plan: Plan, rows: int) -> Block:
    """All that may happen, without any date, for rows of which no anchor is known."""
    points = list(plan)
    walk = ColumnWalk(plan, {}, rows)
    return _block([what_of(p) for p in points], [_undated(walk, p) for p in points], walk, rows)


def what_of(point: Point) -> What:
    """All of a point's event but its dates."""
    content = point.content
    assert content is not None
    return What(
        point.id, content.kind, content.item, content.label, content.epoch, point.cycle,
        "tentative" if point.conditions else "planned", point.optional, content.dose,
    )  # fmt: skip


def _block(whats: list[What], columns: list[dict[str, DayColumn]], walk: ColumnWalk, rows: int) -> Block:
    width = len(whats)
    flat = {name: np.empty((rows, width), np.int32) for name in (*DAYS, *NUMBERS)}
    there = np.ones((rows, width), np.bool_)
    for place, (what, found) in enumerate(zip(whats, columns, strict=True)):
        for name, into in flat.items():
            into[:, place] = found[name]
        if what.event in walk.gaps:
            there[:, place] = walk.moments[what.event] != NONE
    which = np.tile(np.arange(width, dtype=np.int32), (rows, 1))
    if there.all():
        return Block(tuple(whats), np.full(rows, width, np.int64), which.ravel(), _flattened(flat))
    counts = there.sum(axis=1, dtype=np.int64)
    return Block(tuple(whats), counts, which[there], {name: column[there] for name, column in flat.items()})


def _flattened(columns: dict[str, DayColumn]) -> dict[str, DayColumn]:
    return {name: column.ravel() for name, column in columns.items()}


def _origin(walk: ColumnWalk) -> DayColumn:
    found = walk.moments.get(walk.plan.origin)
    return found if found is not None else next(iter(walk.anchors.values()))


def _undated(walk: ColumnWalk, point: Point) -> dict[str, DayColumn]:
    nothing = np.full(walk.rows, NONE, np.int32)
    day = nothing if point.day is None else np.full(walk.rows, point.day, np.int32)
    return {**dict.fromkeys((*DAYS, "offset_days"), nothing), "day": day}


def _columns(walk: ColumnWalk, point: Point, origin: DayColumn) -> dict[str, DayColumn]:
    start = walk.moments[point.id]
    here = np.where(start == NONE, np.int32(0), start) if point.id in walk.gaps else start
    end = walk.stops.get(point.id, start)
    earliest, latest = _window(walk, point, here)
    return {
        "start": start, "end": end, "earliest": earliest, "latest": latest, "planned": start,
        "day": _day(walk, point, here), "offset_days": here - origin,
    }  # fmt: skip


def _window(walk: ColumnWalk, point: Point, start: DayColumn) -> tuple[DayColumn, DayColumn]:
    content = point.content
    assert content is not None
    if content.interval:
        return start, walk.whole[point.id]
    if content.window is None:
        nothing = np.full(walk.rows, NONE, np.int32)
        return nothing, nothing
    return beside(start, content.window.early, -1), beside(start, content.window.late, 1)


def _day(walk: ColumnWalk, point: Point, start: DayColumn) -> DayColumn:
    """The day's number in its cycle or epoch: the plan's, or counted from the point that it has as its origin."""
    if point.day is not None:
        return np.full(walk.rows, point.day, np.int32)
    origin = walk.moments.get(point.origin)
    if origin is None or (point.content is not None and point.content.kind == "milestone"):
        return np.full(walk.rows, NONE, np.int32)
    return np.where(origin == NONE, NONE, named_days(start - origin, point.first_day))


def named_days(offsets: DayColumn, first_day: int | None) -> DayColumn:
    """What the protocol calls the days so many days from their origin; there is no day 0 with first_day 1."""
    Counting(first_day).day_of_offset(0)
    return np.where(offsets >= 0, offsets + np.int32(1), offsets) if first_day == 1 else offsets
