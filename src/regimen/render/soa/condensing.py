"""Which columns are the same but for their day? Regular series and like cycles become one, which says all its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from regimen.plan import Point
from regimen.render.soa.placing import Mark, Slot, content_of, given
from regimen.timing import Days, Months, Span, difference

FEWEST = 3
"""So many columns alike become one; two stay apart, which reads better."""
MOST_APART = 16
"""A schedule of no more days than this fits a page, and each day keeps its column."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Slots that share a column: for each cycle (or once where there are none) the days that are alike."""

    rounds: tuple[tuple[Slot, ...], ...]

    @property
    def first(self) -> Slot:
        """The slot that the column's cells are taken from."""
        return self.rounds[0][0]

    @property
    def slots(self) -> list[Slot]:
        """All of them in order."""
        return [slot for one in self.rounds for slot in one]


def condensed(slots: Sequence[Slot]) -> list[Stretch]:
    """The slots of an epoch, in as few columns as lose nothing."""
    cycles = [_series(list(group)) for _, group in groupby(slots, key=lambda s: (s.counted_from, s.course, s.cycle))]
    found: list[Stretch] = []
    while cycles:
        alike = _alike(cycles)
        if alike >= FEWEST:
            found += [Stretch(tuple(s.rounds[0] for s in column)) for column in zip(*cycles[:alike], strict=True)]
        else:
            alike = 1
            found += cycles[0]
        cycles = cycles[alike:]
    return found


def apart(slots: Sequence[Slot]) -> list[Stretch]:
    """Each slot in a column of its own."""
    return [Stretch(((slot,),)) for slot in slots]


def step_of(one: Slot, other: Slot) -> Span | None:
    """How far it is from one slot to the next, where that is the same on every calendar."""
    if not one.place.name and not other.place.name:
        return Span(other.place.least - one.place.least, "d")
    first, second = one.points[0], other.points[0]
    gap = difference(second.offset, first.offset) if first.base == second.base else None
    if isinstance(gap, Months):
        return Span(gap.n, "mo")
    return Span(gap.n, "d") if isinstance(gap, Days) else None


# ---------------------------------------------------------------- series of days


def _series(slots: list[Slot]) -> list[Stretch]:
    found: list[Stretch] = []
    while slots:
        length = _regular(slots)
        length = length if length >= FEWEST else 1
        found.append(Stretch((tuple(slots[:length]),)))
        slots = slots[length:]
    return found


def _regular(slots: list[Slot]) -> int:
    """How many slots from the first are alike and the same step apart."""
    first = _signature(slots[0])
    if len(slots) < FEWEST or any(mark.until for marks in slots[0].marks.values() for mark in marks):
        return 1
    step, length = step_of(slots[0], slots[1]), 1
    for one, other in pairwise(slots):
        if step is None or step_of(one, other) != step or _signature(other) != first:
            break
        length += 1
    return length


def _signature(slot: Slot) -> object:
    """All that a column says but its day."""
    return [(key, [_said(mark) for mark in marks]) for key, marks in sorted(slot.marks.items())]


def _said(mark: Mark) -> object:
    content = mark.content
    events = [(p.optional, p.conditions, p.activities, p.clock, p.length, _family(p)) for p in mark.points]
    # A content is shared by the events of one phase of an item; what differs between phases is what is said of them.
    return (given(content), content.route, content.duration, content.window, content.preferred, content.interval,
            content.item, mark.until, events)  # fmt: skip


def _family(point: Point) -> str:
    """Which way of counting the protocol uses for it: Week, Month; empty for days."""
    return point.position.partition(" ")[0] if content_of(point).kind and " " in point.position else ""


# ---------------------------------------------------------------- cycles


def _alike(cycles: list[list[Stretch]]) -> int:
    """How many cycles from the first hold the same on the same of their days, one as long as the other."""
    first = cycles[0]
    if first[0].first.cycle is None or len(cycles) < FEWEST:
        return 1
    step, count = step_of(first[0].first, cycles[1][0].first), 1
    for one, other in pairwise(cycles):
        start, after = one[0].first, other[0].first
        next_one = (start.counted_from, start.course, (start.cycle or 0) + 1)
        same = (after.counted_from, after.course, after.cycle) == next_one and _pattern(other) == _pattern(first)
        if step is None or not same or step_of(start, after) != step:
            break
        count += 1
    return count


def _pattern(cycle: list[Stretch]) -> object:
    start = cycle[0].first.place.least
    return [
        [(slot.place.least - start, slot.place.name, [p.day for p in slot.points], _signature(slot))
         for slot in stretch.slots]
        for stretch in cycle
    ]  # fmt: skip
