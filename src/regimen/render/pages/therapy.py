"""What does the staff of a ward need for one cycle? One page: the subject, the orders, and rows to sign off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from regimen.errors import DosingError, RegimenError
from regimen.events import Event, day_of
from regimen.ledger import Administration, Ledger, Measured
from regimen.render.ledger_rows import Marks, days_in_words
from regimen.render.outcomes import HAPPENED, OFF
from regimen.render.pages.positions import days_of, position_of
from regimen.render.pages.saying import (
    ByEvent,
    by_event,
    dose_in_words,
    event_in_words,
    foot_of,
    notes_of,
    remarks_of,
    see_notes,
    tablets_of,
    time_of,
)
from regimen.render.pages.terms import Block, Cell, Document, Facts, Heading, Sheet, Table
from regimen.render.runs import Run, daily_runs
from regimen.render.words import counted, day_in_words, moment_in_words, one_line, span_in_words, window_in_words

MOST_COLUMNS = 6
"""With more drugs than that in a cycle, one column holds all of them by name."""
_ROW_HEIGHT = 8
"""Millimetres: room for initials and a date by hand."""
_MEASURED = ("weight", "height", "surface")
_ORDERS = ("Drug", "Route", "Dose", "Days", "Notes")
_BODY_SURFACE = "body surface"
_PER_SURFACE = "/m2"
_Row = tuple[tuple[date, date], list[Run]]


def therapy_map(ledger: Ledger, *, subject: str = "", measured: Measured | None = None) -> Document:
    """A sheet for each cycle, or each epoch without cycles; milestones are left to the titles."""
    doses, groups = by_event(ledger), _groups(ledger)
    if not groups:
        raise RegimenError("there is no dose and no visit on this calendar, so there is no therapy map to print.")
    marks = Marks()
    sheets = [_sheet(ledger, ones, doses, marks, [("Subject", one_line(subject)), *_measures(ones, doses, measured)])
              for ones in groups]  # fmt: skip
    sheets += notes_of(marks, ledger.calendar.title)
    title = f"Therapy map: {one_line(ledger.calendar.title)}"
    return Document(title, tuple(sheets), foot_of(ledger, subject), 10, True)


def _groups(ledger: Ledger) -> list[list[Event]]:
    groups: dict[tuple[str, int | None], list[Event]] = {}
    for event in ledger.calendar:
        if event.kind != "milestone":
            groups.setdefault((event.epoch, event.cycle), []).append(event)
    return list(groups.values())


def _sheet(
    ledger: Ledger, events: Sequence[Event], doses: ByEvent, marks: Marks, facts: Sequence[tuple[str, str]]
) -> Sheet:
    first = events[0]
    epoch = one_line(ledger.calendar.epochs.get(first.epoch, first.epoch))
    cycle = f", cycle {first.cycle}" if first.cycle is not None else ""
    blocks: list[Block] = [Facts(tuple(facts))]
    given = [event for event in events if event.kind == "dose"]
    if given:
        blocks += [Heading("Orders"), Table(_ORDERS, tuple(_orders(given, doses, marks)), (3, 1, 4, 4, 5))]
    blocks += [Heading("Days"), _days(events, doses, marks)]
    blocks += see_notes(blocks, marks)
    return Sheet(f"{epoch}{cycle}: {one_line(ledger.calendar.title)}", tuple(blocks))


def _measures(events: Sequence[Event], doses: ByEvent, measured: Measured | None) -> Iterator[tuple[str, str]]:
    """The measures that hold on the cycle's first day; what is not known is a line to write on."""
    try:
        known = measured.on(events[0].first_day).by_kind if measured is not None else {}
    except DosingError:
        known = {}
    for kind in _MEASURED:
        said = f"{known[kind].written}" if kind in known else ""
        yield kind.capitalize(), said or (_surface(events, doses) if kind == "surface" else "")


def _surface(events: Sequence[Event], doses: ByEvent) -> str:
    """The step that calculates it; a line to write on where a dose needs it and it is not known."""
    given = [doses[event.id] for event in events if event.id in doses]
    steps = (one_line(step) for one in given for step in one.steps)
    if found := next((step for step in steps if step.lower().startswith(_BODY_SURFACE)), ""):
        return found[len(_BODY_SURFACE) :].strip()
    ordered = [one.ordered for one in given] or [event.dose or "" for event in events]
    return "" if any(_PER_SURFACE in text for text in ordered) else "not used for a dose here"


def _orders(given: Sequence[Event], doses: ByEvent, marks: Marks) -> Iterator[tuple[Cell, ...]]:
    """A row for each drug and dose; equal doses share one."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Run]] = {}
    for run in daily_runs(given):
        one = doses.get(run[0].id)
        notes = tuple(part for part in (tablets_of(one), *remarks_of(run[0], marks), *_problems(one)) if part)
        words = dose_in_words(one) if one is not None else one_line(run[0].dose or "")
        groups.setdefault((one_line(run[0].label), run[0].route or "", words, notes), []).append(run)
    for (label, route, words, notes), runs in groups.items():
        yield Cell(head=label), Cell((route,)), Cell((words,)), Cell((days_of(runs),)), Cell(notes)


def _problems(one: Administration | None) -> tuple[str, ...]:
    return tuple(f"not calculated: {one_line(problem)}" for problem in one.problems) if one is not None else ()


def _days(events: Sequence[Event], doses: ByEvent, marks: Marks) -> Table:
    labels = list(dict.fromkeys(event.item for event in events if event.kind == "dose"))
    named = {event.item: one_line(event.label) for event in events}
    apart = len(labels) <= MOST_COLUMNS
    columns = [named[item] for item in labels] if apart else ["Drugs"]
    head = ("Date due", "Date given", "Day", *columns, "Studies", "Comments")
    own = labels if apart else None
    rows = [(where, _row(where, runs, own, doses, marks)) for where, runs in _rows(events)]
    rows += [((one.last_day, one.last_day), _end_row(one, own)) for one in events if _has_end(one)]
    return Table(
        head,
        tuple(row for _, row in sorted(rows, key=itemgetter(0))),
        (6, 4, 4, *(4 for _ in columns), 5, 5),
        height=_ROW_HEIGHT,
    )


def _rows(events: Sequence[Event]) -> list[_Row]:
    """What has the same first and last day shares a row; no row goes on over the end of a month."""
    rows: dict[tuple[date, date], list[Run]] = {}
    for run in _signable(daily_runs(events)):
        rows.setdefault((run[0].first_day, max(event.last_day for event in run)), []).append(run)
    return sorted(rows.items(), key=lambda row: row[0])


def _signable(runs: Sequence[Run]) -> Iterator[Run]:
    """Daily runs, parted where a month or a cycle ends: a row of years has no place to sign for one of its days."""
    for run in runs:
        for _, days in groupby(run, key=lambda event: (event.cycle, event.first_day.year, event.first_day.month)):
            yield tuple(days)


def _row(
    where: tuple[date, date], runs: Sequence[Run], labels: Sequence[str] | None, doses: ByEvent, marks: Marks
) -> tuple[Cell, ...]:
    given = [run for run in runs if run[0].kind == "dose"]
    studies = [line for run in runs if run[0].kind != "dose" for line in _study(run[0], doses)]
    days = tuple(dict.fromkeys(position_of(run) for run in runs))
    if labels is None:
        drugs = [Cell(tuple(event_in_words(run[0], doses) + _often(run) for run in given))]
    else:
        drugs = [Cell(tuple(_given(run, doses) for run in given if run[0].item == item)) for item in labels]
    when = tuple(dict.fromkeys([_when(where, runs), *_windows(runs)]))
    remarks = _remarks(runs, marks)
    return (Cell(when), Cell(tuple(dict.fromkeys(_happened(runs)))), Cell(days), *drugs, Cell(tuple(studies)),
            Cell(remarks))  # fmt: skip


def _has_end(event: Event) -> bool:
    """Whether somebody has to stop it on another day, which wants a row of its own to sign."""
    return event.continuous and event.last_day > event.first_day and event.state not in OFF


def _end_row(event: Event, labels: Sequence[str] | None) -> tuple[Cell, ...]:
    if isinstance(event.end, datetime):
        when = moment_in_words(event.end, zone=False)
    else:
        when = f"end of {day_in_words(event.last_day)}"
    ends = Cell((f"{one_line(event.label)} ends",))
    drugs = [ends] if labels is None else [ends if event.item == item else Cell() for item in labels]
    days = f"{one_line(event.position)}, after {counted(event.dose_days, 'day')}"
    return (Cell((when,)), Cell(), Cell((days,)), *drugs, Cell(), Cell())


def _remarks(runs: Sequence[Run], marks: Marks) -> tuple[str, ...]:
    """What must be known of each; by name where it does not hold for all that share the row."""
    told = [(one_line(run[0].label), "; ".join(remarks_of(run[0], marks))) for run in runs]
    if len({text for _, text in told}) == 1:
        return (told[0][1],) if told[0][1] else ()
    return tuple(dict.fromkeys(f"{label}: {text}" for label, text in told if text))


def _when(where: tuple[date, date], runs: Sequence[Run]) -> str:
    if len(runs) == 1 and len(runs[0]) == 1:
        return span_in_words(runs[0][0].start, runs[0][0].end)
    return days_in_words(*where)


def _windows(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs:
        if len(run) == 1 and run[0].window is not None:
            yield f"window {window_in_words(run[0].window)}"


def _happened(runs: Sequence[Run]) -> Iterator[str]:
    """The days it was given on, consecutive ones as one stretch."""
    days = sorted({day_of(e.actual or e.start) for run in runs for e in run if e.state in HAPPENED})
    for _, stretch in groupby(enumerate(days), key=lambda numbered: numbered[1].toordinal() - numbered[0]):
        together = [day for _, day in stretch]
        yield days_in_words(together[0], together[-1])


def _given(run: Run, doses: ByEvent) -> str:
    one = doses.get(run[0].id)
    words = dose_in_words(one) if one is not None else one_line(run[0].dose or "")
    at = f"{time_of(run[0])} " if time_of(run[0]) else ""
    off = f" ({run[0].state})" if run[0].state in OFF else ""
    return f"{at}{words}{_often(run)}{off}"


def _often(run: Run) -> str:
    if len(run) == 1:
        return ""
    days = len({event.first_day for event in run})
    return " daily" if days == len(run) else f", {counted(len(run), 'dose')} in {counted(days, 'day')}"


def _study(event: Event, doses: ByEvent) -> Iterator[str]:
    at = f"{time_of(event)} " if time_of(event) else ""
    yield f"{at}{event_in_words(event, doses)}"
    yield from (one_line(activity) for activity in event.activities)
