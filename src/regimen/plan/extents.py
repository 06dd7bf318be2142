"""How many days apart are two points of a plan, at least and at most, whatever the start date? Pure integers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from regimen.plan.points import Base, Bound, Gathered, Plan, Point
from regimen.timing import Days, Elapsed, Months, Nth, Offset

_YEAR = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Eight years with a leap day in each four, so that every run of months up to four years meets one or none.
_LENGTHS = tuple(29 if year % 4 == 3 and month == 1 else n for year in range(8) for month, n in enumerate(_YEAR))


class Extent(NamedTuple):
    """From the least to the most whole days."""

    least: int
    most: int

    @property
    def fixed(self) -> int | None:
        """The number of days where it is the same on every calendar."""
        return self.least if self.least == self.most else None

    def plus(self, other: Extent) -> Extent:
        """One stretch after another."""
        return Extent(self.least + other.least, self.most + other.most)

    def __str__(self) -> str:
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"


ZERO = Extent(0, 0)


def extent_of(offset: Offset) -> Extent:
    """Fewest and most whole days an offset can take."""
    match offset:
        case Days(n):
            return Extent(n, n)
        case Months(n):
            return _months(n)
        case Elapsed(minutes):
            return Extent(int(minutes / 1440), int(minutes / 1440))
        case Nth(k, weekdays):
            tried = [sorted((day - start) % 7 for day in weekdays)[k % len(weekdays)] for start in range(7)]
            weeks = 7 * (k // len(weekdays))
            return Extent(weeks + min(tried), weeks + max(tried))


@lru_cache(maxsize=256)
def _months(n: int) -> Extent:
    if n < 0:
        back = _months(-n)
        return Extent(-back.most, -back.least)
    years, rest = divmod(n, 48)
    whole = years * 1461
    found = [_span(first, rest, day) for first in range(48) for day in (1, 28, 29, 30, 31) if day <= _LENGTHS[first]]
    return Extent(whole + min(found), whole + max(found))


def _span(first: int, months: int, day: int) -> int:
    """Days from a day of month number ``first`` to the same day ``months`` later, clamped to that month's end."""
    return sum(_LENGTHS[first : first + months]) + min(day, _LENGTHS[first + months]) - day


class Extents:
    """Distances inside one plan; None where two points count from different dates."""

    def __init__(self, plan: Plan) -> None:
        self.index: dict[str, Point] = {point.id: point for point in plan.points}
        self._lines: dict[str, tuple[str, ...]] = {}
        self._kept: dict[str, bool | None] = {}

    def root(self, id: str) -> str:
        """The point that another one counts from in the end: an anchor, or something only the future dates."""
        return self._line(id)[-1]

    def between(self, start: str, end: str) -> Extent | None:
        """Days from ``start`` to ``end``, measured from the nearest point they share, so that months do not add up."""
        up, down = self._line(start), self._line(end)
        shared = next((id for id in down if id in up), None)
        if shared is None:
            return None
        first, second = self._from(shared, start), self._from(shared, end)
        if first is None or second is None:
            return None
        return Extent(second.least - first.most, second.most - first.least)

    def from_root(self, id: str) -> Extent | None:
        """Days from the point's root."""
        return self.between(self.root(id), id)

    def stays(self, point: Point) -> bool | None:
        """Whether it, and all it hangs on, is inside its bounds: on every calendar, on none, or on some (None)."""
        if point.id not in self._kept:
            found = [self._inside(bound, point) for bound in point.bounds]
            if isinstance(point.base, str) and point.base in self.index:
                found.append(self.stays(self.index[point.base]))
            self._kept[point.id] = False if False in found else None if None in found else True
        return self._kept[point.id]

    def _inside(self, bound: Bound, point: Point) -> bool | None:
        if bound.weekdays:
            return None
        gap = self._to_bound(bound, bound.held or point.id)
        if gap is None:
            return None
        room = gap.least if bound.inclusive else gap.least - 1
        most = gap.most if bound.inclusive else gap.most - 1
        return True if room >= 0 else False if most < 0 else None

    def _to_bound(self, bound: Bound, held: str) -> Extent | None:
        """Days from the point that is compared to its bound."""
        if isinstance(bound.base, str):
            gap = self.between(held, bound.base) if bound.base in self.index else None
        elif isinstance(bound.base, Gathered):
            gap = self._gathered(bound.base, held)
        else:
            return None
        return gap.plus(extent_of(bound.offset)) if gap is not None else None

    def _gathered(self, base: Gathered, held: str) -> Extent | None:
        gaps = [self.between(held, id) for id in base.ids]
        known = [gap for gap in gaps if gap is not None]
        if len(known) < len(gaps) or not known:
            return None
        choose = min if base.which in ("first", "earliest") else max
        return Extent(choose(gap.least for gap in known), choose(gap.most for gap in known))

    # ------------------------------------------------------------ lines of descent
    def _line(self, id: str) -> tuple[str, ...]:
        """The point, its parent, and so on up to its root; of several parents the one that decides in print order."""
        if id not in self._lines:
            parent = _parent(self.index[id].base)
            self._lines[id] = (id, *(self._line(parent) if parent is not None and parent in self.index else ()))
        return self._lines[id]

    def _from(self, start: str, id: str) -> Extent | None:
        """Days down the line from ``start``, an ancestor, to ``id``."""
        if id == start:
            return ZERO
        point = self.index[id]
        parent = _parent(point.base)
        if parent is None or (
            isinstance(point.base, Gathered) and len(point.base.ids) > 1 and start in self._line(parent)
        ):
            return self._below_several(start, point)
        above = self._from(start, parent)
        return above.plus(self._more(point)) if above is not None else None

    def _below_several(self, start: str, point: Point) -> Extent | None:
        if not isinstance(point.base, Gathered):
            return None
        above = [self.between(start, id) for id in point.base.ids]
        known = [extent for extent in above if extent is not None]
        if len(known) < len(above):
            return None
        ends = [e.plus(self._given(id, point.base.which)) for e, id in zip(known, point.base.ids, strict=True)]
        choose = min if point.base.which in ("first", "earliest") else max
        chosen = Extent(choose(e.least for e in ends), choose(e.most for e in ends))
        return chosen.plus(extent_of(point.offset))

    def _more(self, point: Point) -> Extent:
        more = extent_of(point.offset)
        if isinstance(point.base, Gathered):
            return more.plus(self._given(point.base.ids[0], point.base.which))
        return more

    def _given(self, id: str, which: str) -> Extent:
        """From the start of something to its last day, or the day after it."""
        length = self.index[id].length
        if which not in ("last", "after"):
            return ZERO
        days = extent_of(length) if length is not None else ZERO
        lasting = Extent(max(0, days.least - 1), max(0, days.most - 1))
        return lasting.plus(Extent(1, 1)) if which == "after" else lasting


def _parent(base: Base | None) -> str | None:
    if isinstance(base, Gathered):
        return base.ids[-1] if base.which in ("last", "latest", "after") else base.ids[0]
    return base if isinstance(base, str) else None
