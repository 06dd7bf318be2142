"""When does each point of a plan fall for many subjects at once? The walk from the anchors down, over columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from regimen.cohort.shifting import (
    NONE,
    DayColumn,
    Flags,
    OutsideCalendar,
    Unsupported,
    checked,
    number_of,
    shifted_days,
    weekdays_of,
)
from regimen.plan import Base, Bound, Gathered, Plan, Point
from regimen.timing import Elapsed, Offset

__all__ = ["ColumnWalk", "Refused"]


class Refused(Exception):
    """A row that cannot be dated; the calendar of that one subject says why."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(slots=True)
class ColumnWalk:
    """The rows of one plan with the same anchors known: what is dated (``NONE`` where a bound dropped it) or waits."""

    plan: Plan
    anchors: Mapping[str, DayColumn]
    rows: int
    moments: dict[str, DayColumn] = field(default_factory=dict)
    stops: dict[str, DayColumn] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    whole: dict[str, DayColumn] = field(default_factory=dict)
    """Where what has a length would end if no bound cut it off."""
    gaps: set[str] = field(default_factory=set)
    """Points that are dropped in some rows."""
    index: dict[str, Point] = field(default_factory=dict)

    def run(self) -> ColumnWalk:
        """Date every point; raises ``Unsupported`` or ``Refused`` for what only the scalar calendar can say."""
        self.index.update((point.id, point) for point in self.plan.points)
        for point in self.plan.points:
            try:
                self._date(point)
            except OutsideCalendar as found:
                raise Refused(found.row) from None
        return self

    def _date(self, point: Point) -> None:
        if point.id.startswith("@") and point.id[1:] in self.anchors:
            self.moments[point.id] = self.anchors[point.id[1:]]
            return
        base = self._base(point)
        if base is None:
            return
        if point.clock is not None:
            raise Unsupported("clock times are counted")
        moment = self._counted(point, base)
        if point.bounds:
            held = next((b.base for b in point.bounds if isinstance(b.base, str) and b.base in self.waiting), None)
            if held is not None:
                self._wait(point, self.waiting[held])
                return
            moment = self._bounded(point, moment)
        self._settle(point, moment)

    def _wait(self, point: Point, what: str) -> None:
        if self._has_gaps(point.base):
            raise Unsupported("a point waits in some rows and is dropped in others")
        self.waiting[point.id] = what

    def _counted(self, point: Point, base: DayColumn) -> DayColumn:
        offset = point.offset
        if isinstance(offset, Elapsed) and offset.minutes % 1440:
            parent = self._parent(point.base)
            if parent is not None and parent.content is not None and abs(offset.minutes) < 1440:
                return base
            raise Unsupported("hours are counted from a day without a time")
        return self._moved(base, offset, point.base)

    def _moved(self, base: DayColumn, offset: Offset, of: Base | None) -> DayColumn:
        """Shifted days, keeping the gaps of what they count from."""
        there = base != NONE if self._has_gaps(of) else None
        if there is None:
            return shifted_days(base, offset)
        return np.where(there, shifted_days(np.where(there, base, np.int32(0)), offset), NONE)

    def _has_gaps(self, of: Base | None) -> bool:
        if isinstance(of, Gathered):
            return any(id in self.gaps for id in of.ids)
        return isinstance(of, str) and of in self.gaps

    def _parent(self, base: Base | None) -> Point | None:
        id = base.ids[0] if isinstance(base, Gathered) else base
        return self.index.get(id) if isinstance(id, str) else None

    # ------------------------------------------------------------ what a point counts from
    def _base(self, point: Point) -> DayColumn | None:
        base = point.base
        if base is None:
            if point.waits_for:
                self.waiting[point.id] = point.waits_for
            return None
        if isinstance(base, str):
            if base in self.moments:
                return self.moments[base]
            if base in self.waiting:
                self.waiting[point.id] = self.waiting[base]
            return None
        if isinstance(base, Gathered):
            held = next((self.waiting[id] for id in base.ids if id in self.waiting), None)
            if held is not None:
                self.waiting[point.id] = held
                return None
            return self._gathered(base)
        return np.full(self.rows, number_of(base), np.int32)

    def _gathered(self, base: Gathered) -> DayColumn | None:
        ids = [id for id in base.ids if id in self.moments]
        if not ids:
            return None
        if base.which in ("first", "earliest"):
            return self._least([self.moments[id] for id in ids])
        if base.which == "latest":
            return self._most([self.moments[id] for id in ids])
        last = self._most([self._last_given(id) for id in ids])
        return np.where(last == NONE, NONE, last + np.int32(1)) if base.which == "after" else last

    def _last_given(self, id: str) -> DayColumn:
        moment, stop = self.moments[id], self.stops.get(id)
        return moment if stop is None else np.maximum(moment, stop)

    @staticmethod
    def _most(columns: list[DayColumn]) -> DayColumn:
        """The latest of those that are there; ``NONE`` is less than any day."""
        found = columns[0]
        for column in columns[1:]:
            found = np.maximum(found, column)
        return found

    @staticmethod
    def _least(columns: list[DayColumn]) -> DayColumn:
        top = np.int32(np.iinfo(np.int32).max)
        found = np.where(columns[0] == NONE, top, columns[0])
        for column in columns[1:]:
            found = np.minimum(found, np.where(column == NONE, top, column))
        return np.where(found == top, NONE, found)

    # ------------------------------------------------------------ bounds
    def _bounded(self, point: Point, moment: DayColumn) -> DayColumn:
        keep = moment != NONE
        for bound in point.bounds:
            keep &= self._within(bound, moment, keep)
        return moment if keep.all() else np.where(keep, moment, NONE)

    def _within(self, bound: Bound, moment: DayColumn, asked: Flags) -> Flags:
        if bound.weekdays:
            return np.isin(weekdays_of(moment), np.array(bound.weekdays, np.int32))
        limit = self._limit(bound)
        if limit is None:
            return np.ones(self.rows, np.bool_)
        held = moment
        if bound.held and bound.held in self.moments:
            own = self.moments[bound.held]
            held = np.where(own == NONE, moment, own)
        free = limit == NONE
        if bound.refused and (hit := (held == limit) & ~free & asked).any():
            raise Refused(int(np.flatnonzero(hit)[0]))
        return np.asarray(free | ((held <= limit) if bound.inclusive else (held < limit)), np.bool_)

    def _limit(self, bound: Bound) -> DayColumn | None:
        base = bound.base
        if isinstance(base, str):
            found = self.moments.get(base)
        elif isinstance(base, Gathered):
            dated = [self.moments[id] for id in base.ids if id in self.moments]
            found = None if not dated else (self._least if base.which == "first" else self._most)(dated)
        else:
            found = np.full(self.rows, number_of(base), np.int32)
        if found is None:
            return None
        there = found != NONE
        if there.all():
            return shifted_days(found, bound.offset)
        return np.where(there, shifted_days(np.where(there, found, np.int32(0)), bound.offset), NONE)

    # ------------------------------------------------------------ where it ends
    def _settle(self, point: Point, moment: DayColumn) -> None:
        gaps = moment == NONE
        if gaps.any():
            if gaps.all():
                return
            self.gaps.add(point.id)
        self.moments[point.id] = moment
        if point.length is not None:
            start = np.where(gaps, np.int32(0), moment)
            whole = self._whole(point, start)
            self.whole[point.id] = whole
            stop = self._cut(point, start, whole)
            self.stops[point.id] = np.where(gaps, NONE, stop)

    def _whole(self, point: Point, start: DayColumn) -> DayColumn:
        length, content = point.length, point.content
        if isinstance(length, Elapsed):
            lasting = content is not None and content.continuous
            return checked(start + np.int32(-(-length.minutes // 1440) - 1)) if lasting else start
        assert length is not None
        return shifted_days(start, length) - np.int32(1)

    def _cut(self, point: Point, start: DayColumn, stop: DayColumn) -> DayColumn:
        for bound in point.bounds:
            limit = self._limit(bound) if bound.cuts else None
            if limit is None:
                continue
            last = limit - np.int32(0 if bound.inclusive else 1)
            stop = np.where(limit == NONE, stop, np.maximum(start, np.minimum(stop, last)))
        return stop
