"""What is due on which day of the month? A sheet a month, a week a row, as it hangs on a wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from regimen.errors import RegimenError
from regimen.events import Event
from regimen.ledger import Ledger
from regimen.render.ledger_rows import Marks
from regimen.render.pages.saying import (
    ByEvent,
    by_event,
    event_in_words,
    foot_of,
    notes_of,
    remarks_of,
    see_notes,
    tablets_of,
    time_of,
)
from regimen.render.pages.terms import Block, Cell, Document, Paragraph, Sheet, Table
from regimen.render.words import counted, one_line
from regimen.safetext.saying import MONTHS
from regimen.timing import WEEKDAYS

Month = tuple[int, int]
_WEEK = 7
_LEAST = 7
"""Points: what can still be read on a wall from near by."""
_WEEKS_HEIGHT = 135
"""Millimetres that the weeks of a month share: room to write in, as far as the page goes."""


def month_pages(ledger: Ledger, *, subject: str = "") -> Document:
    """A month calendar; months without anything are left out, and the next sheet says so."""
    by_day = _by_day(ledger.calendar.events)
    if not by_day:
        raise RegimenError("there is nothing on this calendar, so there is no month to print.")
    doses, marks = by_event(ledger), Marks()
    months = sorted({(day.year, day.month) for day in by_day})
    sheets = [
        _sheet(ledger, month, before, by_day, doses, marks)
        for before, month in zip([None, *months], months, strict=False)
    ]
    sheets += notes_of(marks, ledger.calendar.title)
    return Document(f"Calendar: {one_line(ledger.calendar.title)}", tuple(sheets), foot_of(ledger, subject), 10, True)


def _by_day(events: Sequence[Event]) -> dict[date, list[Event]]:
    """Each day with what lies on it; what lasts for days lies on each of them."""
    found: dict[date, list[Event]] = {}
    for event in events:
        for number in range((event.last_day - event.first_day).days + 1):
            found.setdefault(event.first_day + timedelta(days=number), []).append(event)
    return dict(sorted(found.items()))


def _sheet(
    ledger: Ledger, month: Month, before: Month | None, by_day: dict[date, list[Event]], doses: ByEvent, marks: Marks
) -> Sheet:
    rows = [tuple(_cell(day, month, by_day, doses, marks) for day in week) for week in _weeks(month)]
    blocks: list[Block] = [Paragraph(text) for text in _left_out(before, month)]
    blocks.append(Table(WEEKDAYS, tuple(rows), (1,) * _WEEK, height=_WEEKS_HEIGHT // len(rows)))
    blocks += see_notes(blocks, marks)
    return Sheet(f"{_named(month)}: {one_line(ledger.calendar.title)}", tuple(blocks), least=_LEAST)


def _weeks(month: Month) -> Iterator[list[date]]:
    first = date(*month, 1)
    day = first - timedelta(days=first.weekday()) if first.toordinal() > first.weekday() else first
    while (day.year, day.month) <= month:
        yield [day + timedelta(days=number) for number in range(_WEEK)]
        if day.toordinal() + 2 * _WEEK > date.max.toordinal():
            return
        day += timedelta(days=_WEEK)


def _cell(day: date, month: Month, by_day: dict[date, list[Event]], doses: ByEvent, marks: Marks) -> Cell:
    if (day.year, day.month) != month:
        return Cell()
    lines = Counter(_line(event, day, doses, marks) for event in by_day.get(day, ()))
    return Cell(tuple(line if n == 1 else f"{line}; {counted(n, 'dose')}" for line, n in lines.items()), str(day.day))


def _line(event: Event, day: date, doses: ByEvent, marks: Marks) -> str:
    if day > event.first_day:
        return f"{one_line(event.label)} {'ends' if day == event.last_day else 'goes on'}"
    words = f"{event_in_words(event, doses)}{' starts' if event.last_day > event.first_day else ''}"
    head = f"{time_of(event)} {words}".strip()
    return "; ".join(part for part in (head, tablets_of(doses.get(event.id)), *remarks_of(event, marks)) if part)


def _left_out(before: Month | None, month: Month) -> Iterator[str]:
    if before is None:
        return
    first, last = _counted(before) + 1, _counted(month) - 1
    if first == last:
        yield f"Nothing is planned in {_named(_month(first))}."
    elif first < last:
        yield f"Nothing is planned from {_named(_month(first))} through {_named(_month(last))}."


def _counted(month: Month) -> int:
    return month[0] * 12 + month[1] - 1


def _month(number: int) -> Month:
    return number // 12, number % 12 + 1


def _named(month: Month) -> str:
    return f"{MONTHS[month[1] - 1]} {month[0]:04d}"
