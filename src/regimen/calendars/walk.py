"""When does each point of a plan fall, given the anchors? One walk from the anchors down dates them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from regimen.errors import DatingError
from regimen.events import Notice, day_of
from regimen.moments import Moment, NeedsClock, checked_clock, comparable, last_given, shifted
from regimen.plan import Base, Bound, Gathered, Plan, Point
from regimen.timing import Elapsed, Offset


class Fate(NamedTuple):
    """What became of an event: the fields that what happened can change."""

    state: str
    why: str
    dose: str | None
    conditions: tuple[str, ...]
    planned: Moment | None = None
    current: Moment | None = None
    actual: Moment | None = None
    given: str = ""
    because: str = ""


@dataclass(slots=True)
class Walk:
    """The walk over a plan's points: what is dated, dropped by a bound, or waiting."""

    plan: Plan
    anchors: dict[str, Moment]
    zone: ZoneInfo | None
    moments: dict[str, Moment] = field(default_factory=dict)
    stops: dict[str, Moment] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    index: dict[str, Point] = field(default_factory=dict)
    limits: dict[int, Moment | None] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """The reason for a date that follows from what happened."""
    real: dict[str, str] = field(default_factory=dict)
    """What a reason says of a point that took place or was put on another day, where others count from it."""
    notices: list[Notice] = field(default_factory=list)

    def run(self) -> None:
        """Date every point; an event is made later, because it may count its days from an anchor dated after it."""
        self.index.update((point.id, point) for point in self.plan.points)
        for point in self.plan.points:
            self.dated(point)

    def dated(self, point: Point) -> None:
        """Date one point, naming it where that cannot be done."""
        try:
            self._date(point)
        except OverflowError:
            raise DatingError(
                f"{point.id} falls outside the calendar (years 1 to 9999); check the anchor dates and the counts."
            ) from None
        except ValueError as error:
            raise DatingError(f"{point.id} cannot be dated: {error}.") from None

    # ------------------------------------------------------------ dating one point
    def _date(self, point: Point) -> None:
        if point.id.startswith("@") and point.id[1:] in self.anchors:
            self.moments[point.id] = self._real(self.anchors[point.id[1:]])
            return
        base = self._base(point)
        if base is None:
            return
        moment = self._counted(point, base, point.offset)
        if point.bounds and not self._allowed(point, moment):
            self._leave_out(point)
            return
        self._settle(point, moment)

    def fate(self, point: Point, why: str) -> Fate:
        """What became of an event; here nothing has happened yet."""
        state = "tentative" if point.conditions else "planned"
        return Fate(state, why, point.content.dose if point.content is not None else None, point.conditions)

    def due_on(self, point: Point) -> Moment:
        """The day a point's window hangs on: where it lies, as long as nothing has happened."""
        return self.moments[point.id]

    def _counted(self, point: Point, base: Moment, offset: Offset) -> Moment:
        """The moment ``offset`` after ``base``, at the point's own clock time if it has one."""
        try:
            moment = shifted(base, offset)
        except NeedsClock:
            moment = self._without_clock(point, base)
        if point.clock is not None:
            return self._real(datetime.combine(day_of(moment), point.clock, self.zone))
        if point.whole_day:
            return day_of(moment)
        if self.zone is not None and not isinstance(offset, Elapsed):
            return self._real(moment)
        return moment

    def _settle(self, point: Point, moment: Moment) -> None:
        self.moments[point.id] = moment
        if point.length is not None:
            whole = self.whole_of(point, moment)
            self.stops[point.id] = self._cut(point, moment, whole)
            if self.stops[point.id] != whole:
                self.cut_short.add(point.id)

    def _leave_out(self, point: Point) -> None:
        if point.counted and point.id not in self.waiting and point.content is not None:
            self.left_out.setdefault(point.content.label, []).append(point.position or point.id)

    def _allowed(self, point: Point, moment: Moment) -> bool:
        """Whether all bounds let a point stay; it waits while one of them has no date itself."""
        held = next((b.base for b in point.bounds if isinstance(b.base, str) and b.base in self.waiting), None)
        if held is not None:
            self.waiting[point.id] = self.waiting[held]
            return False
        return all(self._within(bound, point, moment) for bound in point.bounds)

    def _base(self, point: Point) -> Moment | None:
        """The moment a point counts from; None if it waits or has been dropped."""
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
            return self._gathered(point, base)
        return base

    def _gathered(self, point: Point, base: Gathered) -> Moment | None:
        held = next((self.waiting[id] for id in base.ids if id in self.waiting), None)
        if held is not None:
            self.waiting[point.id] = held
            return None
        ids = [id for id in base.ids if id in self.moments]
        if not ids:
            return None
        if base.which in ("first", "earliest"):
            return min((self.moments[id] for id in ids), key=comparable)
        if base.which == "latest":
            return max((self.moments[id] for id in ids), key=comparable)
        last = max((last_given(id, self.moments, self._ends()) for id in ids), key=comparable)
        return day_of(last) + timedelta(days=1) if base.which == "after" else last

    def _ends(self) -> Mapping[str, Moment]:
        """Where each point with a length ends, with all that was resumed after a pause."""
        return self.stops

    def _without_clock(self, point: Point, base: Moment) -> Moment:
        parent = self._point(point.base)
        if parent is not None and parent.content is not None and abs(_minutes(point.offset)) < 1440:
            self.notes.append(
                f"{point.content.label if point.content else point.id}: '{point.term}' is shown on the same day, "
                "because no clock time is known."
            )
            return base
        raise DatingError(
            f"{point.id} counts hours from {base.isoformat()}, which has no time of day; "
            "write a first clock time (at 08:00), or give the date it counts from a time of day (2027-01-04T08:00)."
        )

    def _point(self, base: Base | None) -> Point | None:
        id = base.ids[0] if isinstance(base, Gathered) else base
        return self.index.get(id) if isinstance(id, str) else None

    def _real(self, moment: Moment) -> Moment:
        """A wall-clock time that exists; one that the clocks jump over is refused, one that comes twice is said."""
        if isinstance(moment, datetime) and self.zone is not None:
            note = checked_clock(moment, self.zone)
            if note:
                self.notes.append(note)
        return moment

    def _within(self, bound: Bound, point: Point, moment: Moment) -> bool:
        if bound.weekdays:
            return moment.weekday() in bound.weekdays
        limit = self._limit(bound)
        if limit is None:
            return True
        held = self.moments.get(bound.held, moment) if bound.held else moment
        if not (isinstance(held, datetime) and isinstance(limit, datetime)):
            held, limit = day_of(held), day_of(limit)
        if bound.refused and held == limit:
            raise DatingError(
                f"{point.id} falls exactly on the bound '{bound.refused}' ({day_of(limit).isoformat()}), so the text "
                "can be read with and without it; write 'through' to include it or 'before' to leave it out."
            )
        return held <= limit if bound.inclusive else held < limit

    def _limit(self, bound: Bound) -> Moment | None:
        """The moment of a bound; the bound's own points are dated before anything it holds back."""
        if id(bound) not in self.limits:
            base = self._bound_base(bound)
            self.limits[id(bound)] = shifted(base, bound.offset) if base is not None else None
        return self.limits[id(bound)]

    def _bound_base(self, bound: Bound) -> Moment | None:
        if isinstance(bound.base, str):
            return self.moments.get(bound.base)
        if isinstance(bound.base, Gathered):
            dated = [self.moments[id] for id in bound.base.ids if id in self.moments]
            if not dated:
                return None
            return min(dated, key=comparable) if bound.base.which == "first" else max(dated, key=comparable)
        return bound.base

    def _cut(self, point: Point, start: Moment, stop: Moment) -> Moment:
        """What runs across a bound that cuts ends there."""
        for bound in point.bounds:
            limit = self._limit(bound) if bound.cuts else None
            if limit is None:
                continue
            if isinstance(stop, datetime):
                day = day_of(limit) + timedelta(days=1 if bound.inclusive else 0)
                moment = limit if isinstance(limit, datetime) else datetime.combine(day, time(0), stop.tzinfo)
                stop = min(stop, moment)
            else:
                stop = max(day_of(start), min(stop, day_of(limit) - timedelta(days=0 if bound.inclusive else 1)))
        return stop

    def whole_of(self, point: Point, start: Moment) -> Moment:
        """Where something with a length ends: a moment if it starts at one, else its last day."""
        length = point.length
        assert length is not None
        content = point.content
        if isinstance(start, datetime):
            return shifted(start, length)
        if isinstance(length, Elapsed):
            lasting = content is not None and content.continuous
            return start + timedelta(days=-(-length.minutes // 1440) - 1) if lasting else start
        return shifted(start, length) - timedelta(days=1)


def _minutes(offset: Offset) -> int:
    return offset.minutes if isinstance(offset, Elapsed) else 0
