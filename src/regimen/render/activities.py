"""What happens where? One epoch of a plan as a schedule of activities: rows of items, columns of protocol positions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from regimen.notation.canonical import weekday_runs
from regimen.plan import Content, Plan, Point
from regimen.plan.extents import Extent, Extents
from regimen.render.words import counted
from regimen.timing import WEEKDAYS, Counting, Elapsed, Months, Nth

MOST_POSITIONS = 24
"""A row with more positions than this is said in a sentence."""
MOST_WEEKDAYS = 10
"""So are more than so many weekdays, whose order only the calendar knows."""

_NUMBERED = re.compile(r"(Day|Week|Month) ([−-]?\d+)")
_KINDS = {"dose": 0, "visit": 1, "activity": 2}


@dataclass(frozen=True, slots=True)
class Column:
    """One position: what each way of counting calls it, such as ``{"Day": "56", "Week": "8"}``."""

    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One item: a cell for each column it has, or a sentence where there would be too many."""

    label: str
    cells: dict[int, str]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of positions; ``counted_from`` is set where it does not count from the start of the epoch."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    counted_from: str = ""


def grids(plan: Plan, epoch: str) -> tuple[Grid, ...]:
    """The grid of an epoch, and one more for each other point that some of its items count from."""
    extents = Extents(plan)
    groups: dict[str, list[Point]] = {}
    for point in happening(plan, extents, epoch):
        start = f"{epoch}/start"
        base = start if extents.between(start, point.id) is not None else extents.root(point.id)
        groups.setdefault(base, []).append(point)
    main = f"{epoch}/start"
    ordered = sorted(groups, key=lambda base: (base != main, base))
    return tuple(_grid(groups[base], base, extents, "" if base == main else base.lstrip("@?")) for base in ordered)


def happening(plan: Plan, extents: Extents, epoch: str) -> list[Point]:
    """What happens in an epoch and is not beyond its bounds on every calendar; epochs' starts and ends left out."""
    inside = (p for p in plan if p.content is not None and p.content.epoch == epoch and p.content.kind in _KINDS)
    return [point for point in inside if extents.stays(point) is not False]


def _grid(points: list[Point], base: str, extents: Extents, counted_from: str) -> Grid:
    rows = sorted(_by_row(points).items(), key=lambda entry: _KINDS[entry[0][0]])
    said = {key: _series(row, extents) for key, row in rows if _is_long(row)}
    placed = [(_place(p, base, extents), p) for key, row in rows if key not in said for p in row]
    order = sorted({place for place, _ in placed}, key=lambda place: (place[0] + place[1], place))
    numbers = {place: number for number, place in enumerate(order)}
    columns = tuple(Column(_names(wanted, [p for place, p in placed if place == wanted])) for wanted in order)
    lines: list[Row] = []
    own = {(item, label) for kind, item, label in dict(rows) if kind == "activity"}
    for key, row in rows:
        cells = [(numbers[_place(p, base, extents)], p) for p in row] if key not in said else []
        lines += _rows(key, row, cells, said.get(key, ""), own)
    return Grid(columns, tuple(lines), counted_from)


def _by_row(points: list[Point]) -> dict[tuple[str, str, str], list[Point]]:
    rows: dict[tuple[str, str, str], list[Point]] = {}
    for point in points:
        content = _content(point)
        rows.setdefault((content.kind, content.item, content.label), []).append(point)
    return rows


def _content(point: Point) -> Content:
    assert point.content is not None
    return point.content


def _is_long(row: list[Point]) -> bool:
    unnamed = any(not position_of(point) or _content(point).interval for point in row)
    weekdays = sum(isinstance(point.offset, Nth) for point in row)
    return unnamed or len(row) > MOST_POSITIONS or weekdays > MOST_WEEKDAYS


def _place(point: Point, base: str, extents: Extents) -> tuple[int, int, str]:
    found = extents.between(base, point.id) or Extent(0, 0)
    return found.least, found.most, "" if found.fixed is not None else position_of(point)


def _rows(
    key: tuple[str, str, str],
    row: list[Point],
    cells: list[tuple[int, Point]],
    sentence: str,
    own: set[tuple[str, str]],
) -> Iterator[Row]:
    """A row and, below it, those of its activities that have no row of their own."""
    doses = dict.fromkeys(_given(_content(point)) for point in row)
    one = next(iter(doses)) if len(doses) == 1 else ""
    marks: dict[int, str] = {}
    for number, point in cells:
        text = "X" if one or not _given(_content(point)) else _given(_content(point))
        text = f"({text})" if point.optional else text
        marks[number] = f"{marks[number]}, {text}" if number in marks and marks[number] != text else text
    yield Row(f"{key[2]} {one}".strip(), marks, sentence)
    for activity in dict.fromkeys(name for point in row for name in point.activities):
        if (key[1], activity) in own:
            continue
        there = [(number, point) for number, point in cells if activity in point.activities]
        yield Row(f"  {activity}", {number: "(X)" if point.optional else "X" for number, point in there})


def _given(content: Content) -> str:
    """The dose as a cell says it, with thousands separated; a continuous infusion with its length."""
    dose = re.sub(r"(?<![\d.,])\d{4,}(?!\d)", lambda found: f"{int(found[0]):,}", content.dose or "")
    return f"{dose}, {content.duration}" if content.continuous and content.duration else dose


# ---------------------------------------------------------------- names of columns


def position_of(point: Point) -> str:
    """What the protocol calls the point: C2D8, Day 14, Month 3, or which weekday after the start; else nothing."""
    if point.position:
        return point.position
    if isinstance(point.offset, Nth):
        return f"{point.offset.k + 1}. {weekdays_of(point.offset)}"
    return f"Day {point.day}".replace("-", "−") if point.day is not None else ""


def weekdays_of(offset: Nth) -> str:
    """``Mon–Fri``, ``Mon, Wed, Fri``."""
    return weekday_runs(offset.weekdays, "–", WEEKDAYS)


def _names(place: tuple[int, int, str], points: Sequence[Point]) -> dict[str, str]:
    """The day counted from where the grid counts, and what else the protocol calls it."""
    names: dict[str, str] = {}
    for point in points:
        named = _NUMBERED.fullmatch(position_of(point))
        if point.cycle is None and point.day is not None:
            day = Counting(point.first_day).day_of_offset(place[0]) if place[0] == place[1] else point.day
            names.setdefault("Day", str(day).replace("-", "−"))
        if named is not None and named[1] != "Day":
            names.setdefault(named[1], named[2])
        elif named is None and (point.cycle is not None or point.day is None):
            names.setdefault("", position_of(point))
    return names


# ---------------------------------------------------------------- rows as sentences


def _series(points: list[Point], extents: Extents) -> str:
    """Where a row with too many positions, or an interval, lies: ``daily on days 29 to 764 or 765``."""
    first = points[0]
    if _content(first).interval:
        return _interval(first)
    varies = len({_given(_content(point)) for point in points}) > 1
    parts = []
    in_cycles = all(point.cycle is not None for point in points)
    for _, group in groupby(points, key=lambda p: _given(_content(p)) if in_cycles else id(p.content)):
        stretch = list(group)
        dose, text = _given(_content(stretch[0])), _stretch(stretch, extents)
        parts.append(f"{dose} {text}" if varies and dose else text)
    least = ' (at most; part of an "up to")' if any(point.optional for point in points) else ""
    own = not in_cycles and any(point.origin != f"{_content(point).epoch}/start" for point in points)
    return "; ".join(parts) + (", counted from its own starting point" if own else "") + least


def _interval(point: Point) -> str:
    length = point.length
    days = length.minutes // 1440 if isinstance(length, Elapsed) else getattr(length, "n", 1)
    if point.day is None:
        return f"once, on any of {counted(days, 'day')} from {position_of(point)}"
    last = point.day + days - 1
    last += 1 if point.first_day == 1 and point.day < 0 <= last else 0
    return f"once, on any of days {point.day} to {last}".replace("-", "−")


def _stretch(points: list[Point], extents: Extents) -> str:
    cycles = dict.fromkeys(point.cycle for point in points)
    if None not in cycles:
        return _in_cycles(points)
    days = list(dict.fromkeys(point.day for point in points))
    if None in days:
        return _on_weekdays(points, extents)
    if len(days) < 2:
        return f"{counted(len(points), 'time')} on day {days[0]}"
    sure = [point for point in points if extents.stays(point)]
    last = f"{sure[-1].day} or {days[-1]}" if sure and sure[-1].day != days[-1] else f"{days[-1]}"
    return f"{_rhythm([day for day in days if day is not None], points[0].first_day)} {_dayspan(days[0], last)}".strip()


def _on_weekdays(points: list[Point], extents: Extents) -> str:
    offset = points[0].offset
    sure = sum(bool(extents.stays(point)) for point in points)
    times = counted(len(points), "time") if sure == len(points) else f"{sure} to {counted(len(points), 'time')}"
    if isinstance(offset, Nth):
        return f"on {weekdays_of(offset)}, {times}"
    kinds = {type(point.offset) for point in points}
    how = "counted in hours" if kinds == {Elapsed} else "counted in calendar months" if kinds == {Months} else ""
    return f"{times}, {how or 'on days that the calendar tells'}"


def _dayspan(first: int | None, last: str) -> str:
    return f"on days {first} to {last}".replace("-", "−")


def _rhythm(days: list[int], first_day: int) -> str:
    """Every how many days; with a first day 1 there is no day 0 to count."""
    steps = {b - a - (first_day if a < 0 < b else 0) for a, b in pairwise(days)}
    if len(steps) != 1:
        return f"on {len(days)} days,"
    step = steps.pop()
    return "daily" if step == 1 else f"every {step} days"


def _in_cycles(points: list[Point]) -> str:
    """Days of each cycle, said once where all cycles have the same."""
    found = {cycle: [p for p in points if p.cycle == cycle] for cycle in dict.fromkeys(p.cycle for p in points)}
    texts = {cycle: _days_in_words(group) for cycle, group in found.items()}
    groups: dict[str, list[int]] = {}
    for cycle, text in texts.items():
        groups.setdefault(text, []).append(cycle or 0)
    return "; ".join(f"{text} of {_cycles(numbers)}" for text, numbers in groups.items())


def _cycles(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"cycle {numbers[0]}"
    whole = numbers == list(range(numbers[0], numbers[-1] + 1))
    return f"cycles {numbers[0]} to {numbers[-1]}" if whole else f"cycles {', '.join(map(str, numbers))}"


def _days_in_words(points: list[Point]) -> str:
    days, offset = [point.day for point in points], points[0].offset
    if isinstance(offset, Nth):
        return f"on {weekdays_of(offset)}"
    known = list(dict.fromkeys(day for day in days if day is not None))
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return f"daily on days {known[0]} to {known[-1]}"
    return f"day{'s' if len(known) > 1 else ''} {', '.join(map(str, known))}" if known else counted(len(days), "time")
