"""Where in the grid does each planned event belong? Events of an epoch as marks in rows and columns, runs as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from regimen.plan import Content, Plan, Point
from regimen.plan.extents import Extent, Extents
from regimen.render.activities import happening, position_of, weekdays_of
from regimen.render.words import one_line
from regimen.timing import Nth

SHORTEST_RUN = 5
"""So many doses day after day are said in one cell."""
MAIN = ""


class RowKey(NamedTuple):
    """What shares a row: the kind and the name people use."""

    kind: str
    label: str


class Place(NamedTuple):
    """How far from where its columns count from: at least and at most, and its name where that is not one day."""

    least: int
    most: int
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Events of one row that stand in one cell: those of a day, or a run of equal days with how it goes on."""

    points: tuple[Point, ...]
    until: str = ""
    last: int | None = None
    """The last day of a run, counted as places are."""

    @property
    def content(self) -> Content:
        """What happens there; the same for all of them but their day."""
        return content_of(self.points[0])


@dataclass(slots=True)
class Slot:
    """A column in the making."""

    epoch: str
    counted_from: str
    course: int
    cycle: int | None
    place: Place
    marks: dict[RowKey, list[Mark]] = field(default_factory=dict)

    @property
    def points(self) -> list[Point]:
        """The first event of each mark."""
        return [mark.points[0] for marks in self.marks.values() for mark in marks]


def content_of(point: Point) -> Content:
    """What happens at a point at which something happens."""
    assert point.content is not None
    return point.content


def given(content: Content) -> str:
    """The dose as a cell says it, with thousands separated."""
    words = (content.dose or "").split(" ")
    return " ".join(f"{int(word):,}" if word.isdigit() and len(word) > 3 else word for word in words)


def amounts(content: Content) -> tuple[str, str, str]:
    """Dose, route and length of what is given, each empty where there is none."""
    length = one_line(content.duration or "")
    return given(content), one_line(content.route or ""), f"over {length}" if length[:1].isdigit() else length


def slots(plan: Plan, extents: Extents, epoch: str) -> list[Slot]:
    """The columns of an epoch in order of time, those that count from elsewhere after the others."""
    found: dict[tuple[str, Place], Slot] = {}
    for base, points in _by_base(plan, extents, epoch).items():
        for mark in _marks(points, base or f"{epoch}/start", extents):
            first = mark.points[0]
            place = place_of(first, base or f"{epoch}/start", extents)
            slot = found.setdefault((base, place), Slot(epoch, base.lstrip("@?"), first.course, first.cycle, place))
            if slot.cycle is None:
                slot.course, slot.cycle = first.course, first.cycle
            slot.marks.setdefault(RowKey(mark.content.kind, mark.content.label), []).append(mark)
    order = sorted(found, key=lambda key: (key[0] != MAIN, key[0], key[1].least + key[1].most, key[1]))
    return [found[key] for key in order]


def _by_base(plan: Plan, extents: Extents, epoch: str) -> dict[str, list[Point]]:
    """Events by what their columns count from: the start of the epoch, or whatever they count from in the end."""
    groups: dict[str, list[Point]] = {}
    start = f"{epoch}/start"
    for point in happening(plan, extents, epoch):
        near = start in extents.index and extents.between(start, point.id) is not None
        groups.setdefault(MAIN if near else extents.root(point.id), []).append(point)
    return groups


def place_of(point: Point, base: str, extents: Extents) -> Place:
    """Where a point lies from where its columns count from."""
    found = extents.between(base, point.id) or Extent(0, 0)
    return Place(found.least, found.most, "" if found.fixed is not None else position_of(point) or point.id)


# ---------------------------------------------------------------- marks


def _marks(points: list[Point], base: str, extents: Extents) -> Iterator[Mark]:
    """Events of each row that belong together, day by day, with runs of days made one."""
    rows: dict[object, list[Point]] = {}
    for point in points:
        content = content_of(point)
        key = (content.kind, content.label, content.item, amounts(content), content.window, content.preferred,
               point.course, point.cycle, point.optional, point.conditions)  # fmt: skip
        rows.setdefault(key, []).append(point)
    for row in rows.values():
        placed = sorted(((place_of(point, base, extents), n) for n, point in enumerate(row)), key=lambda one: one[0])
        days = [
            Mark(tuple(row[n] for _, n in day), last=place.least)
            for place, day in groupby(placed, key=lambda one: one[0])
        ]
        yield from _runs(days, extents)


def _runs(days: list[Mark], extents: Extents) -> Iterator[Mark]:
    run: list[Mark] = []
    for day in days:
        if run and not _follows(run[-1], day):
            yield from _said(run, extents)
            run = []
        run.append(day)
    yield from _said(run, extents)


def _follows(one: Mark, other: Mark) -> bool:
    """Whether a mark is the next of the same run: a day later with as much, or the next of the weekdays named."""
    first, second = one.points[-1], other.points[0]
    if one.content.kind == "visit" or len(one.points) != len(other.points) or first.length != second.length:
        return False
    if isinstance(first.offset, Nth) and isinstance(second.offset, Nth):
        return second.offset.k == first.offset.k + 1 and second.offset.weekdays == first.offset.weekdays
    whole = isinstance(first.day, int) and isinstance(second.day, int) and not one.content.continuous
    return whole and one.last is not None and other.last == one.last + 1


def _said(run: list[Mark], extents: Extents) -> Iterator[Mark]:
    if len(run) < SHORTEST_RUN:
        yield from (Mark(day.points) for day in run)
        return
    points = tuple(point for day in run for point in day.points)
    offset = points[0].offset
    if isinstance(offset, Nth):
        yield Mark(points, f"on {weekdays_of(offset)}, {len(points)} times")
        return
    each = len(run[0].points)
    often = "daily" if each == 1 else f"{each} times a day"
    yield Mark(points, f"{often} to day {_end(points, extents)}".replace("-", "−"), run[-1].last)


def _end(points: tuple[Point, ...], extents: Extents) -> str:
    """The last day of a run; where the dates decide it, the least and the most."""
    last = points[-1].day
    sure = [point.day for point in points if extents.stays(point)]
    least = sure[-1] if sure else points[0].day
    if least is None or last is None or least == last:
        return str(last)
    return f"{least} or {last}" if last - least == 1 else f"{least} at least, {last} at most"
