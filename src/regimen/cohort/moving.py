"""What do a site's working days do to the events of many rows? Moves by table; what could meet others is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from regimen.cohort.blocks import Block
from regimen.cohort.shifting import EPOCH, FIRST, LAST, NONE, DayColumn, Flags
from regimen.placement.placing import MOVING
from regimen.plan import Content, Gathered, Plan, Point
from regimen.workdays import Site

Rows = npt.NDArray[np.int64]
_MARGIN = 400


class Collision(Exception):
    """Rows of different events cannot be moved by columns."""


def moved(block: Block, plan: Plan, anchors: Mapping[str, DayColumn], site: Site) -> tuple[Block, Rows]:
    """The block on working days, and the rows in which a move touches another event and must be judged by itself."""
    by_id = {point.id: point for point in plan}
    points = [by_id[what.event] for what in block.whats]
    moving = [n for n, point in enumerate(points) if point.content and point.content.working_days in MOVING]
    if not moving:
        return block, np.zeros(0, np.int64)
    width = block.width
    if width is None:
        raise Collision
    shape = (block.rows, width)
    start, end, early, late, offsets = (
        block.columns[name].reshape(shape) for name in ("start", "end", "earliest", "latest", "offset_days")
    )
    is_open, low = _open_days(start, early, late, site)
    new_start, alone = start.copy(), np.zeros(block.rows, np.bool_)
    parents = {_parent(point, by_id) for point in points}
    given = np.stack(list(anchors.values()))
    spaced = {point.content.item for point in points if point.content and point.content.min_interval is not None}
    for n in moving:
        content = points[n].content
        assert content is not None
        closed = (start[:, n] != NONE) & ~is_open[np.where(start[:, n] == NONE, low, start[:, n]) - low]
        if content.interval or content.window is None or not closed.any():
            continue
        stuck = (given == start[:, n]).any(axis=0)
        if points[n].id in parents or _parent(points[n], by_id) or content.item in spaced:
            alone |= closed
            continue
        target = _targets(start[:, n], early[:, n], late[:, n], content.working_days, is_open, low)
        goes = closed & ~stuck & (target != NONE)
        new_start[:, n] = np.where(goes, target, start[:, n])
    shift = np.where(start == NONE, np.int32(0), new_start - start)
    alone |= _meetings(points, moving, start, end, shift)
    columns = dict(block.columns) | {
        "start": new_start.ravel(), "end": np.where(end == NONE, NONE, end + shift).ravel(),
        "offset_days": np.where(offsets == NONE, NONE, offsets + shift).ravel(),
    }  # fmt: skip
    return Block(block.whats, block.counts, block.what, columns), np.flatnonzero(alone)


def _parent(point: Point, by_id: Mapping[str, Point]) -> str:
    """The event of another item that a point hangs on, as the calendar has it; empty for none."""
    base = point.base.ids[0] if isinstance(point.base, Gathered) and len(point.base.ids) == 1 else point.base
    parent = by_id.get(base) if isinstance(base, str) else None
    if parent is None or parent.content is None or point.content is None:
        return ""
    own: Content = point.content
    return "" if parent.content.kind == "milestone" or parent.content.item == own.item else parent.id


def _open_days(start: DayColumn, early: DayColumn, late: DayColumn, site: Site) -> tuple[Flags, int]:
    """For every day from the first that matters, whether the site works on it."""
    days = np.concatenate([column[column != NONE] for column in (start, early, late)])
    low = max(int(days.min()) - _MARGIN, FIRST) if len(days) else 0
    high = min(int(days.max()) + _MARGIN, LAST) if len(days) else 0
    first = date.fromordinal(low + EPOCH)
    flags = [site.is_open(first + timedelta(days=n)) for n in range(high - low + 1)]
    return np.array(flags, np.bool_), low


def _targets(due: DayColumn, early: DayColumn, late: DayColumn, policy: str, is_open: Flags, low: int) -> DayColumn:
    """The open day of each window that the policy takes; ``NONE`` where there is none."""
    places = np.arange(len(is_open), dtype=np.int32)
    after = np.minimum.accumulate(np.where(is_open, places, np.int32(2**30))[::-1])[::-1]
    before = np.maximum.accumulate(np.where(is_open, places, np.int32(-(2**30))))
    here = np.where(due == NONE, np.int32(0), due - np.int32(low))
    forwards, backwards = after[here] + np.int32(low), before[here] + np.int32(low)
    can_later = (forwards <= late) & (policy != "previous")
    can_earlier = (backwards >= early) & (policy != "next")
    later_nearer = forwards - due <= due - backwards
    take_later = can_later & (~can_earlier | later_nearer)
    return np.where(take_later, forwards, np.where(can_earlier, backwards, NONE)).astype(np.int32)


def _meetings(points: list[Point], moving: list[int], start: DayColumn, end: DayColumn, shift: DayColumn) -> Flags:
    """Rows in which a moved event shares a day, before or after its move, with another one of its item or drug."""
    found = np.zeros(len(start), np.bool_)
    movers = [n for n in moving if shift[:, n].any()]
    for n in movers:
        first = start[:, n] + np.minimum(shift[:, n], 0)
        last = end[:, n] + np.maximum(shift[:, n], 0)
        goes = shift[:, n] != 0
        for other, point in enumerate(points):
            if other == n or point.content is None or point.content.kind == "milestone":
                continue
            own = points[n].content
            if own is None or not _one_chain(own, point.content):
                continue
            begins = start[:, other] + np.minimum(shift[:, other], 0)
            ends = end[:, other] + np.maximum(shift[:, other], 0)
            found |= goes & (start[:, other] != NONE) & (begins <= last) & (first <= ends)
    return found


def _one_chain(one: Content, other: Content) -> bool:
    """Whether two events must not reach each other: doses of one drug, or dates of one visit or procedure."""
    if one.kind != other.kind:
        return False
    return one.item == other.item or (one.kind == "dose" and one.label.casefold() == other.label.casefold())
