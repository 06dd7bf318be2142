"""Where do the two axes of the plot have ticks, and what do they say?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

from regimen.render.words import day_in_words

FEW_DAYS = 21
"""Up to so many days every day is a column of its own."""
WEEKS_BELOW = 84
YEARS_ABOVE = 4 * 366

_DAY_STEPS = (1, 2, 7, 14)
_STUDY_DAY_STEPS = (7, 14, 28, 56, 84, 168, 336, 672, 1344, 2688, 5376)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, in days from day 0, and what is written there."""

    at: float
    text: str


Room = Callable[[str], float]
"""How many days wide a tick's text is."""


def date_ticks(origin: date, start: float, end: float, room: Room, by: str = "") -> tuple[Tick, ...]:
    """Days, weeks, months or years, whichever suits the span; the finest step whose texts do not touch.

    ``by`` is ``day`` or ``week`` where that is asked for.
    """
    first, last = _clamped(origin, ceil(start - 0.5)), _clamped(origin, floor(end - 0.5))
    name = _day_and_year if by or end - start < WEEKS_BELOW else _month_and_year
    grids = _asked_grids(first, last, by) if by else _date_grids(first, last, end - start)
    return _finest(([Tick((day - origin).days + 0.5, name(day)) for day in days] for days in grids), room)


def study_day_ticks(start: float, end: float, first_day: int | None, room: Room) -> tuple[Tick, ...]:
    """Ticks every 7, 14, 28, … days counted from the anchor, named as the protocol names its days."""
    first, last = ceil(start - 0.5), floor(end - 0.5)
    steps = _DAY_STEPS if end - start <= FEW_DAYS else _STUDY_DAY_STEPS
    return _finest((_study_day_grid(first, last, step, first_day) for step in steps), room)


def study_day_words(offset: int, first_day: int | None) -> str:
    """What people call the offset: Day 1 or Day 0 for the anchor; a plain count when the protocol's way is unknown."""
    if first_day is None:
        return f"{_signed(offset)} d"
    return f"Day {_signed(offset if offset < 0 else offset + first_day)}"


def _study_day_grid(first: int, last: int, step: int, first_day: int | None) -> list[Tick]:
    offsets = range(ceil(first / step) * step, last + 1, step)
    return [Tick(offset + 0.5, study_day_words(offset, first_day)) for offset in offsets]


def _date_grids(first: date, last: date, span: float) -> Iterator[list[date]]:
    if span <= FEW_DAYS:
        yield from (_every_days(first, last, step) for step in _DAY_STEPS)
    elif span < WEEKS_BELOW:
        monday = first + timedelta(days=-first.weekday() % 7)
        yield from (_every_days(monday, last, step) for step in (7, 14, 28))
    elif span <= YEARS_ABOVE:
        yield from (_every_months(first, last, step) for step in (1, 2, 3, 6, 12))
    else:
        yield from (_every_months(first, last, 12 * step) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))


def _asked_grids(first: date, last: date, by: str) -> Iterator[list[date]]:
    """Days or Mondays; every second, fourth … of them where not all texts have room."""
    monday = first + timedelta(days=-first.weekday() % 7)
    if by == "day":
        yield from (_every_days(first, last, step) for step in (1, 2))
    yield from (_every_days(monday, last, 7 * step) for step in (1, 2, 4, 8, 16, 32, 64, 128))


def _every_days(first: date, last: date, step: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def _every_months(first: date, last: date, step: int) -> list[date]:
    months = range(12 * first.year, 12 * last.year + last.month)
    starts = (date(n // 12, n % 12 + 1, 1) for n in months if n % step == 0)
    return [day for day in starts if first <= day <= last]


def _day_and_year(day: date) -> str:
    return "\n".join(day_in_words(day).rsplit(" ", 1))


def _month_and_year(day: date) -> str:
    return "\n".join(day_in_words(day).split(" ")[2:])


def _finest(grids: Iterable[Sequence[Tick]], room: Room) -> tuple[Tick, ...]:
    chosen: Sequence[Tick] = ()
    for grid in grids:
        if chosen and not grid:
            break
        chosen = grid
        if _apart(chosen, room):
            break
    return tuple(chosen)


def _apart(ticks: Sequence[Tick], room: Room) -> bool:
    widths = [room(tick.text) for tick in ticks]
    return all(right.at - left.at >= (widths[i] + widths[i + 1]) / 2 for i, (left, right) in enumerate(pairwise(ticks)))


def _clamped(origin: date, offset: int) -> date:
    return date.fromordinal(min(max(origin.toordinal() + offset, date.min.toordinal()), date.max.toordinal()))


def _signed(number: int) -> str:
    return str(number).replace("-", "\u2212")
