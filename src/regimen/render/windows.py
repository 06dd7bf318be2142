"""What is due when, and how long does its window stay open? For a terminal, a page, a spreadsheet and a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from regimen.events import Calendar, Event, day_of
from regimen.render.columns import GAP, WIDTH, line_of, width_of
from regimen.render.markdown import notice_list
from regimen.render.marking import escaped, table
from regimen.render.notices import blocks
from regimen.render.rows import name_of
from regimen.render.runs import daily_runs
from regimen.render.tables import csv_of
from regimen.render.text import notice_lines
from regimen.render.words import PLANNING_AID, day_in_words, moment_in_words, one_line, wrapped
from regimen.standing import STATUSES, Standing, standings
from regimen.timing import WEEKDAY_WORDS

CSV_COLUMNS = (
    *("id", "kind", "label", "position", "target", "weekday", "earliest", "latest", "days_left", "status", "days_out"),
    *("from_target", "planned", "put_on", "actual", "dose", "activities", "because"),
)
_HEADINGS = ("Target", "Earliest", "Latest", "Days left", "What", "Status")
_WHAT, _STATUS = 4, 5

Cells = tuple[str, ...]


def _rows(calendar: Calendar, as_of: date | None) -> Iterator[tuple[Standing, int]]:
    """Each event with how it stands; daily doses that stand alike are one row, with their number."""
    found = {one.event.id: one for one in standings(calendar.events, as_of)}
    for run in daily_runs(event for event in calendar if event.id in found):
        for _, alike in groupby(run, key=lambda event: _status(found[event.id])):
            events = list(alike)
            yield found[events[0].id], len(events)


# ---------------------------------------------------------------- in words


def _facts(calendar: Calendar, as_of: date | None) -> list[tuple[str, str]]:
    counts = Counter(one.status for one in standings(calendar.events, as_of))
    said = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    day = day_in_words(as_of) if as_of is not None else "no day given, so nothing is said to be open or overdue"
    closed = next((sentence for sentence in calendar.conventions if sentence.startswith("Closed days")), "")
    facts = [("Study", one_line(calendar.study)), ("Arm", one_line(calendar.arm)), ("As of", day), ("In all", said)]
    facts.append(("Closed", closed.partition(": ")[2]))
    return [(name, words) for name, words in facts if words]


def _cells(one: Standing, number: int) -> Cells:
    event, window = one.event, one.window
    times = f", {number} in a row" if number > 1 else ""
    left = "" if one.days_left is None else _signed(one.days_left, plus="")
    what = f"{one_line(event.position)} {name_of(event)}".strip() + times
    return (
        moment_in_words(one.target) if one.target is not None else "any day",
        day_in_words(day_of(window.earliest)) if window is not None else "",
        day_in_words(day_of(window.latest)) if window is not None else "",
        left, what, _status(one),
    )  # fmt: skip


def _status(one: Standing) -> str:
    """The status with its signed days: ``late, +2 d``; what was put on another day says so."""
    out = f", {_signed(one.days_out)} d" if one.days_out else ""
    event = one.event
    if event.actual is not None:
        there = one.target is not None and day_of(one.target) == day_of(event.actual)
        return f"{one.status}{out}" + ("" if there else f", on {moment_in_words(event.actual)}")
    put = f", put on {moment_in_words(event.start)}" if event.start != event.due else ""
    return f"{one.status}{out}{put}"


def _signed(number: int, plus: str = "+") -> str:
    return f"−{-number}" if number < 0 else f"{plus if number else ''}{number}"


def as_text(calendar: Calendar, as_of: date | None) -> str:
    """The table for a terminal, with the activities of each visit below it."""
    facts = _facts(calendar, as_of)
    margin = max(len(name) for name, _ in facts) + len(GAP)
    head = wrapped(f"Windows: {one_line(calendar.title)}", WIDTH)
    for name, words in facts:
        head += wrapped(words, WIDTH, f"{name:{margin}}", " " * margin)
    told = map(notice_lines, blocks(calendar, zone=True))
    parts = [head, _table(calendar, as_of), *told, [PLANNING_AID]]
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n"


def _table(calendar: Calendar, as_of: date | None) -> list[str]:
    rows = [(one, _cells(one, number)) for one, number in _rows(calendar, as_of)]
    widths = [max(width_of(row[n]) for row in (_HEADINGS, *(cells for _, cells in rows))) for n in range(6)]
    used = [n for n in range(6) if any(cells[n] for _, cells in rows)]
    widths = [width if n in used else 0 for n, width in enumerate(widths)]
    for column, least in ((_WHAT, 34), (_STATUS, 26), (_WHAT, 20), (_STATUS, 16)):
        over = sum(widths) + len(GAP) * (len(used) - 1) - WIDTH
        widths[column] -= min(max(over, 0), max(widths[column] - least, 0))
    headings = tuple((name,) if n in used else ("",) for n, name in enumerate(_HEADINGS))
    lines = [*line_of(headings, widths), GAP.join("-" * widths[n] for n in used)]
    for one, cells in rows:
        lines += line_of(tuple((text,) for text in cells), widths)
        if one.event.activities:
            lines += wrapped("; ".join(map(one_line, one.event.activities)), WIDTH, GAP * 2, GAP * 2)
    return lines


def as_markdown(calendar: Calendar, as_of: date | None) -> str:
    """The same as a Markdown page."""
    facts = "\n".join(f"- **{name}:** {escaped(words)}" for name, words in _facts(calendar, as_of))
    rows = []
    for one, number in _rows(calendar, as_of):
        *cells, status = _cells(one, number)
        rows.append((*cells, "; ".join(map(one_line, one.event.activities)), status))
    headings = (*_HEADINGS[:-1], "Activities", _HEADINGS[-1])
    used = [n for n in range(len(headings)) if any(row[n] for row in rows)]
    shown = table([headings[n] for n in used], [[row[n] for n in used] for row in rows])
    told = map(notice_list, blocks(calendar, zone=True))
    parts = [f"# Windows: {escaped(one_line(calendar.title))}", facts, shown, *told, PLANNING_AID]
    return "\n\n".join(part for part in parts if part) + "\n"


# ---------------------------------------------------------------- for programs


def as_csv(calendar: Calendar, as_of: date | None) -> str:
    """One row for each event, ISO dates; lines end with CR LF as RFC 4180 asks, so write the text as it is."""
    rows = (_values(one) for one in standings(calendar.events, as_of))
    return csv_of(CSV_COLUMNS, ({**row, "activities": "; ".join(map(str, _list(row["activities"])))} for row in rows))


def as_json(calendar: Calendar, as_of: date | None) -> str:
    """All of it for another program, keys always in the same order."""
    content = {
        "study": calendar.study, "title": calendar.title, "arm": calendar.arm, "as_of": _iso(as_of),
        "conventions": list(calendar.conventions),
        "events": [_values(one) for one in standings(calendar.events, as_of)],
        "notices": [{"level": n.level, "event": n.event, "sentence": n.sentence, "remedy": n.remedy}
                    for n in calendar.notices],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _values(one: Standing) -> dict[str, object]:
    event, window = one.event, one.window
    return {
        "id": event.id, "kind": event.kind, "label": event.label, "position": event.position,
        "target": _iso(one.target), "weekday": _weekday(one.target),
        "earliest": _iso(window.earliest) if window is not None else None,
        "latest": _iso(window.latest) if window is not None else None,
        "days_left": one.days_left, "status": one.status, "days_out": one.days_out, "from_target": one.from_target,
        "planned": _iso(event.was_planned), "put_on": _put_on(event), "actual": _iso(event.actual),
        "dose": event.dose, "activities": list(event.activities), "because": event.because,
    }  # fmt: skip


def _put_on(event: Event) -> str | None:
    """The day it is to take place on, where that is not its target."""
    return _iso(event.start) if event.actual is None and event.start != event.due else None


def _weekday(moment: date | datetime | None) -> str | None:
    return WEEKDAY_WORDS[moment.weekday()] if moment is not None else None


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
