"""Where does a column of days land that is moved by an offset? Months and weekdays by table, never row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from regimen.timing import MONTHS as IN_MONTHS
from regimen.timing import Days, Elapsed, Months, Nth, Offset, Span

DayColumn = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

NONE = np.int32(np.iinfo(np.int32).min)
"""Stands for no day in a column of whole numbers."""
EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
_THURSDAY = 3


class Unsupported(Exception):
    """What columns of days cannot do faithfully; the calendar of one subject then does it."""


class OutsideCalendar(Exception):
    """A row falls outside the years 1 to 9999."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def number_of(day: date) -> int:
    """A day as a whole number: days from 1 January 1970."""
    return day.toordinal() - EPOCH


def checked(days: DayColumn) -> DayColumn:
    """The same days; raises ``OutsideCalendar`` for the first row that has no place in the calendar."""
    if len(days) and (days.min() < FIRST or days.max() > LAST):
        raise OutsideCalendar(int(np.flatnonzero((days < FIRST) | (days > LAST))[0]))
    return days


def shifted_days(days: DayColumn, offset: Offset) -> DayColumn:
    """Every day moved by one offset, as ``moments.shifted`` moves one; hours that are no whole days are unsupported."""
    match offset:
        case Days(n):
            return days if n == 0 else _plus(days, n)
        case Months(n):
            return checked(by_months(days, n))
        case Nth(k, weekdays):
            return checked(days + _to_weekday(k, weekdays)[weekdays_of(days)])
        case Elapsed(minutes) if minutes % 1440 == 0:
            return _plus(days, minutes // 1440)
    raise Unsupported("hours or minutes are counted")


def _plus(days: DayColumn, n: int) -> DayColumn:
    if abs(n) > LAST - FIRST:
        raise OutsideCalendar(0)
    return checked(days + np.int32(n))


def weekdays_of(days: DayColumn) -> DayColumn:
    """The weekday of each day, Monday = 0."""
    return np.asarray((days + np.int32(_THURSDAY)) % np.int32(7), dtype=np.int32)


def _to_weekday(k: int, weekdays: tuple[int, ...]) -> DayColumn:
    """For each weekday of a start, the days to the k-th of the weekdays named."""
    weeks, index = divmod(k, len(weekdays))
    return np.array([sorted((day - start) % 7 for day in weekdays)[index] + 7 * weeks for start in range(7)], np.int32)


def by_months(days: DayColumn, n: int) -> DayColumn:
    """Calendar months later, clamped to the month's end: a table of the days that occur, then one look-up a row."""
    return _looked_up(days, lambda distinct: _months_later(distinct, n))


def _looked_up(days: DayColumn, rule: Callable[[DayColumn], DayColumn]) -> DayColumn:
    if not len(days):
        return days
    low, high = int(days.min()), int(days.max())
    if high - low >= 4 * len(days):
        return rule(days)
    table = rule(np.arange(low, high + 1, dtype=np.int32))
    return np.asarray(table[days - np.int32(low)], np.int32)


def _months_later(days: DayColumn, n: int) -> DayColumn:
    months = days.astype("M8[D]").astype("M8[M]")
    in_month = days - months.astype("M8[D]").astype(np.int32)
    target = months + n
    first, after = (m.astype("M8[D]").astype(np.int64) for m in (target, target + 1))
    later = np.minimum(first + in_month, after - 1)
    if len(later) and (later.min() < FIRST or later.max() > LAST):
        bad = np.flatnonzero((later < FIRST) | (later > LAST))
        # A table holds days that no row has; they are refused only when a row lands on them.
        later[bad] = LAST + 1
    return np.asarray(later, np.int32)


def beside(days: DayColumn, span: Span, sign: int) -> DayColumn:
    """The end of a window: ``span`` early (-1) or late; hours around a whole day stay on it."""
    if span.days is not None:
        return _plus(days, sign * span.days)
    if span.minutes is not None:
        return days
    return checked(by_months(days, sign * span.n * IN_MONTHS[span.unit]))
