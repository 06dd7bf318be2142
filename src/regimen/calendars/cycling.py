"""From when to when does each cycle last, also one in which nothing happens?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from regimen.calendars.following import family, is_clock
from regimen.calendars.walk import Walk
from regimen.events import CycleSpan
from regimen.moments import comparable
from regimen.plan import Point


def cycle_spans(walk: Walk) -> Iterator[CycleSpan]:
    """The cycles of all epochs as they lie now: each until the next, its length, or the end of its epoch."""
    runs: dict[str, list[Point]] = {}
    for point in walk.plan.points:
        if is_clock(point) and family(point) == "":
            runs.setdefault(point.id.rpartition("/c")[0], []).append(point)
    for prefix, clocks in runs.items():
        for clock, following in zip_longest(clocks, clocks[1:]):
            yield from _span(walk, prefix, clock, following)


def _span(walk: Walk, prefix: str, clock: Point, following: Point | None) -> Iterator[CycleSpan]:
    epoch, _, course = prefix.partition("/course")
    after = f"{prefix}/cycles-end" if following is None else following.id
    own = f"{clock.id.removesuffix('start')}end"
    stops = [walk.moments[id] for id in (after, own, f"{epoch}/end") if id in walk.moments]
    start = walk.moments.get(clock.id)
    if start is None or clock.cycle is None or not stops:
        return
    stop = min(stops, key=comparable)
    if comparable(start) < comparable(stop):
        yield CycleSpan(epoch, int(course or 0), clock.cycle, start, stop, bool(clock.conditions), clock.optional)
