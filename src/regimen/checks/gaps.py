"""How long is it from one point of a plan to the next one? Neighbours on the calendar, and the minutes between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from regimen.checks.survey import together
from regimen.plan import Point
from regimen.plan.extents import ZERO, Extent, Extents, extent_of
from regimen.timing import MONTHS, Days, Elapsed, Months, Nth, Span, difference

Place = tuple[Extent, int]
"""Days from the root, and minutes of that day."""
DAY = 1440
"""Minutes of a day."""


def neighbours(points: Iterable[Point], extents: Extents, *, same_day: bool = False) -> Iterator[tuple[Point, Point]]:
    """Each point with what follows it next on a later day or time, of the same root and the same answers.

    With ``same_day`` also with the next one of its own day, where the plan does not say at which times they are.
    """
    chains: dict[str, list[Point]] = {}
    for point in points:
        chains.setdefault(extents.root(point.id), []).append(point)
    for points_of_root in chains.values():
        chain = in_order(points_of_root, extents)
        places = [_place(point, extents) for point in chain]
        for number, one in enumerate(chain):
            yield from ((one, chain[other]) for other in _next(number, chain, places, extents, same_day))


def in_order(points: Iterable[Point], extents: Extents) -> list[Point]:
    """Points of one root by day and time; without those whose day only the future knows."""
    placed = [(place, point) for point in points if (place := _place(point, extents)) is not None]
    return [point for _, point in sorted(placed, key=lambda pair: pair[0])]


def _place(point: Point, extents: Extents) -> Place | None:
    days = extents.from_root(point.id)
    minutes = point.offset.minutes if isinstance(point.offset, Elapsed) else _clock(point)
    return (days, minutes) if days is not None else None


def _next(
    number: int, chain: list[Point], places: list[Place | None], extents: Extents, same_day: bool
) -> Iterator[int]:
    """Where in the chain the next day or time is, with all that lies on it."""
    one, reached = chain[number], None
    for other in range(number + 1, len(chain)):
        if reached is not None and places[other] != reached:
            return
        apart = gap(one, chain[other], extents)
        if apart is None or not together(one, chain[other]):
            continue
        if apart.most > 0:
            reached = places[other]
            yield other
        elif same_day and other == number + 1:
            yield other


def gap(one: Point, other: Point, extents: Extents, *, clocks: bool = True) -> Extent | None:
    """Least and most minutes from one point's start to another's; None if they count from different dates.

    Without ``clocks`` whole days are counted, whatever the times of day.
    """
    exact = difference(other.offset, one.offset) if one.base == other.base else None
    if isinstance(exact, Elapsed):
        return Extent(exact.minutes, exact.minutes)
    days = _apart(one, other, extents) or extents.between(one.id, other.id)
    if days is None:
        return None
    shift = _clock(other) - _clock(one) if clocks and one.clock is not None and other.clock is not None else 0
    return Extent(days.least * DAY + shift, days.most * DAY + shift)


def _clock(point: Point) -> int:
    return point.clock.hour * 60 + point.clock.minute if point.clock is not None else 0


def _apart(one: Point, other: Point, extents: Extents) -> Extent | None:
    """Days between two points of one series: from month 6 to month 9 are 3 months, not a difference of two sums."""
    if one.base == other.base:
        if isinstance(one.offset, Nth) and isinstance(other.offset, Nth):
            return _weekdays_apart(one.offset, other.offset)
        step = difference(other.offset, one.offset)
        return extent_of(step) if step is not None else None
    if not (isinstance(one.offset, Days) and isinstance(other.offset, Days)):
        return None
    starts = [extents.index.get(point.base) if isinstance(point.base, str) else None for point in (one, other)]
    if starts[0] is None or starts[1] is None:
        return None
    above = _apart(starts[0], starts[1], extents)
    more = other.offset.n - one.offset.n
    return above.plus(Extent(more, more)) if above is not None else None


def _weekdays_apart(one: Nth, other: Nth) -> Extent:
    """From Monday to Wednesday are 2 days, whatever the weekday of the start."""
    tried = [_days(other, start) - _days(one, start) for start in range(7)]
    return Extent(min(tried), max(tried))


def _days(nth: Nth, start: int) -> int:
    weeks, which = divmod(nth.k, len(nth.weekdays))
    return 7 * weeks + sorted((day - start) % 7 for day in nth.weekdays)[which]


def timed(one: Point, other: Point) -> bool:
    """Whether the times of day of two points are known, so that hours between them mean something."""
    exact = difference(other.offset, one.offset) if one.base == other.base else None
    return isinstance(exact, Elapsed) or (one.clock is not None and other.clock is not None)


def steps(
    points: Iterable[Point], extents: Extents, *, same_day: bool = False
) -> Iterator[tuple[Point, Point, Extent]]:
    """Neighbours with the minutes between them."""
    for one, other in neighbours(points, extents, same_day=same_day):
        apart = gap(one, other, extents)
        if apart is not None:
            yield one, other, apart


def at_anchor(point: Point, extents: Extents) -> bool:
    """Whether something lies on the anchor that it counts from, so that it is never late: the anchor is its day."""
    later = isinstance(point.offset, Elapsed) and point.offset.minutes
    on_its_day = extents.root(point.id).startswith("@") and extents.from_root(point.id) == ZERO
    return on_its_day and point.clock is None and not later


def latest(point: Point, following: Point, extents: Extents) -> int:
    """Minutes by which a window lets something be late, and so nearer to what follows."""
    window = point.content.window if point.content is not None else None
    if window is None or at_anchor(point, extents) or _moves_along(point, following):
        return 0
    return minutes_of(window.late).most


def _moves_along(one: Point, other: Point) -> bool:
    """Whether the next of a series counts from when the one before it really took place."""
    if one.content is None or other.content is None or one.content.item != other.content.item:
        return False
    return other.content.follows == "previous actual" and one.base == other.base


def earliest(point: Point) -> int:
    """Minutes by which a window lets something be early."""
    window = point.content.window if point.content is not None else None
    return minutes_of(window.early).most if window is not None else 0


def minutes_of(span: Span) -> Extent:
    """Least and most minutes of a length of time; calendar months differ."""
    if span.minutes is not None:
        return Extent(span.minutes, span.minutes)
    days = extent_of(Days(span.days) if span.days is not None else Months(span.n * MONTHS[span.unit]))
    return Extent(days.least * DAY, days.most * DAY)


def said(minutes: Extent) -> str:
    """``7 days``, ``89 to 92 days``, ``6 h``."""
    if minutes.least % DAY == 0 and minutes.most % DAY == 0:
        days = Extent(minutes.least // DAY, minutes.most // DAY)
        return f"{days} day{'' if days.fixed == 1 else 's'}"
    if minutes.least % 60 == 0 and minutes.most % 60 == 0:
        return f"{Extent(minutes.least // 60, minutes.most // 60)} h"
    return f"{minutes} min"


def more(pairs: Sized) -> str:
    """How many more pairs there are like the one that a sentence names."""
    left = len(pairs) - 1
    return f" ({left:,} more such pair{'' if left == 1 else 's'})" if left else ""
