"""Where does a point count from after something took place on another day? Cycles that slip, series that re-anchor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from regimen.events import day_of
from regimen.moments import Moment, comparable
from regimen.plan import Point
from regimen.timing import Days, Offset, difference, said

_BESIDE_CYCLES = re.compile(r"cycles-end|start")


class Pin(NamedTuple):
    """A point that later ones of its series count from: where it lies now, in words, and why."""

    point: Point
    moment: Moment
    words: str
    cause: str


class Slip(NamedTuple):
    """From one point of a cycle on, the rest of the cycle lies ``days`` later."""

    point: Point
    days: int
    cause: str
    since: date | None = None
    """The planned day from which it counts, where that is not the day after the point: what was due before a pause
    of a long infusion keeps its day."""


class Followed(NamedTuple):
    """A moment and the offset from it, instead of a point's own base and offset."""

    base: Moment
    offset: Offset
    words: str
    cause: str
    source: str
    """The point that it follows."""


def family(point: Point) -> str | None:
    """Which clock of cycles a point belongs to: '' for the epoch's, ``@drug`` for a drug's own; None if to none."""
    if point.content is not None or not isinstance(point.base, str):
        return None
    _, at, item = point.id.rpartition("@")
    if at and item and "/" not in item and not point.id.startswith("@"):
        return f"@{item}"
    tail = point.id.rpartition("/")[2]
    own_start = point.cycle is None and tail == "start" and "/run" not in point.id
    return "" if _BESIDE_CYCLES.fullmatch(tail) and not own_start else None


def is_clock(point: Point | None) -> bool:
    """Whether a point is the start of a cycle."""
    return point is not None and point.content is None and point.cycle is not None


@dataclass(slots=True)
class Following:
    """The pins of one walk, and what counts from them."""

    index: Mapping[str, Point]
    planned: Mapping[str, Moment]
    clocks: dict[tuple[str, str], Pin] = field(default_factory=dict)
    series: dict[tuple[str, str], list[Pin]] = field(default_factory=dict)
    slips: dict[str, list[Slip]] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    """The place of each point in the plan."""

    def __post_init__(self) -> None:
        self.order.update((id, number) for number, id in enumerate(self.index))

    def pin_clock(self, start: Point, moment: Moment, words: str, cause: str) -> None:
        """Later cycles of the same clock count from this start."""
        if isinstance(start.base, str):
            self.clocks[start.base, family(start) or ""] = Pin(start, moment, words, cause)

    def pin_series(self, point: Point, moment: Moment, words: str, cause: str) -> None:
        """Later points of the same item count from this one."""
        assert point.content is not None
        pins = self.series.setdefault((point.content.epoch, point.content.item), [])
        pins.append(Pin(point, moment, words, cause))

    def slip(self, clock: Point, slip: Slip, moment: Moment, words: str) -> None:
        """What follows a point in its cycle, and later cycles, lie later; ``moment`` is the cycle's start."""
        self.slips.setdefault(clock.id, []).append(slip)
        pinned = self.clocks.get((str(clock.base), family(clock) or ""))
        later = moment + timedelta(days=slip.days)
        if pinned is None or pinned.point.id != clock.id or day_of(pinned.moment) <= day_of(later):
            self.pin_clock(clock, later, words, slip.cause)

    def of_clock(self, point: Point) -> Followed | None:
        """Where the start (or the end) of a cycle counts from, if an earlier one was pinned."""
        kind = family(point)
        if kind is None or not isinstance(point.base, str):
            return None
        pin = self.clocks.get((point.base, kind))
        if pin is None and kind.startswith("@"):
            pin = self._item_pin(point, kind)
        return self._followed(point, pin) if pin is not None and self._later(point, pin.point) else None

    def _item_pin(self, point: Point, kind: str) -> Pin | None:
        """A phase's start follows the item's own pinned dose that counts from the same point."""
        epoch = point.id.partition("/")[0]
        item = kind[1:].partition(".")[0]
        pins = [pin for pin in self.series.get((epoch, item), []) if pin.point.base == point.base]
        return pins[-1] if pins else None

    def of_series(self, point: Point) -> Followed | None:
        """Where a dose or visit counts from, if an earlier one of its item was pinned."""
        assert point.content is not None
        pins = self.series.get((point.content.epoch, point.content.item))
        pin = next((pin for pin in reversed(pins) if self._next(point, pin.point)), None) if pins else None
        if pin is None:
            return None
        base = self.index.get(point.base) if isinstance(point.base, str) else None
        if base is not None and point.base != pin.point.base and self._later(base, pin.point):
            return None
        return self._followed(point, pin)

    def _followed(self, point: Point, pin: Pin) -> Followed:
        gap = difference(point.offset, pin.point.offset) if point.base == pin.point.base else None
        if gap is None:
            gap = Days((day_of(self.planned[point.id]) - day_of(self.planned[pin.point.id])).days)
        return Followed(pin.moment, gap, f"{pin.words} + {said(gap)}", pin.cause, pin.point.id)

    def slipped(self, point: Point) -> Slip | None:
        """By how much the rest of its cycle has slipped when a point comes."""
        if not isinstance(point.base, str) or (base := self.index.get(point.base)) is None or base.content is not None:
            return None
        slips = [s for s in self.slips.get(point.origin, ()) if self._later(point, s.point) and self._since(point, s)]
        return max(slips, key=lambda slip: slip.days, default=None)

    def _since(self, point: Point, slip: Slip) -> bool:
        return slip.since is None or day_of(self.planned[point.id]) >= slip.since

    def slip_with(self, point: Point) -> int:
        """By how many days its cycle has slipped up to a point and with it."""
        own = [slip.days for slip in self.slips.get(point.origin, ()) if slip.point.id == point.id]
        earlier = self.slipped(point)
        return own[-1] if own else earlier.days if earlier is not None else 0

    def _next(self, point: Point, other: Point) -> bool:
        """Whether a point of an item comes after another one of it, also among several doses of a day."""
        same = self.planned.get(point.id) == self.planned.get(other.id)
        return self._later(point, other) or (same and self.order[point.id] > self.order[other.id])

    def _later(self, point: Point, other: Point) -> bool:
        ours, theirs = self.planned.get(point.id), self.planned.get(other.id)
        return ours is not None and theirs is not None and comparable(ours) > comparable(theirs)


def aligned(actual: Moment, planned: Moment) -> Moment:
    """A recorded moment in the shape of the planned one: its day, or its day at the planned clock time."""
    if not isinstance(planned, datetime):
        return day_of(actual)
    if isinstance(actual, datetime):
        # Where the plan has clock times without a zone, what the clock showed at the site is meant.
        return actual if actual.tzinfo and planned.tzinfo else actual.replace(tzinfo=planned.tzinfo)
    return datetime.combine(actual, planned.timetz())
