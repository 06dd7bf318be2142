"""How does a list of deviations read: in a terminal, as a Markdown page, in a spreadsheet, and for a program?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from regimen.changes import Deviation
from regimen.changes.deviating import VERDICTS
from regimen.journal.dates import recorded_text
from regimen.render.change_set import plain_value
from regimen.render.columns import GAP, WIDTH, line_of, width_of
from regimen.render.marking import escaped, table
from regimen.render.rows import name_of
from regimen.render.tables import cell
from regimen.render.words import (
    PLANNING_AID,
    day_in_words,
    moment_in_words,
    one_line,
    window_in_words,
    wrapped,
)

CSV_COLUMNS = (
    *("subject", "id", "kind", "label", "position", "verdict", "planned", "due", "earliest", "latest", "actual"),
    *("days_from_due", "days_out", "minutes_out", "dose", "given", "reason", "cause", "by", "recorded", "line"),
    "corrected_by",
)
_NO_WINDOW = "no window stated"
_WHAT = 40


@dataclass(frozen=True, slots=True)
class About:
    """Whose deviations a list shows."""

    title: str
    study: str
    subject: str = ""
    as_of: date | None = None
    """The day on which it is known what is overdue; None where nothing was asked about that."""


# ---------------------------------------------------------------- in words


def _facts(found: Sequence[Deviation], about: About) -> list[tuple[str, str]]:
    as_of = day_in_words(about.as_of) if about.as_of is not None else "no day given, so nothing is said to be overdue"
    counts = [(verdict, sum(one.verdict == verdict for one in found)) for verdict in VERDICTS]
    summary = ", ".join(f"{n} {_VERDICT.get(verdict, verdict)}" for verdict, n in counts if n)
    facts = [("Study", one_line(about.study)), ("Subject", one_line(about.subject)), ("As of", as_of)]
    return [(name, words) for name, words in (*facts, ("In all", summary or "no deviation")) if words]


_VERDICT = {"in": "as planned", "no window stated": "on another day, with no window stated"}


def _out(one: Deviation) -> str:
    """How far outside its window: ``+2 d``, ``−3 h``; what is inside says so."""
    if one.window is None:
        return f"{_signed(one.from_due or 0)} d from due" if one.from_due else ""
    return length_in_words(one.out) if one.out else ""


def length_in_words(length: timedelta) -> str:
    """A signed length in whole days, or in hours and minutes."""
    sign, size = "−" if length < timedelta(0) else "+", abs(length)
    if size % timedelta(days=1) == timedelta(0):
        return f"{sign}{size // timedelta(days=1)} d"
    hours, minutes = divmod(size // timedelta(minutes=1), 60)
    return sign + " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def _signed(number: int) -> str:
    return f"{'−' if number < 0 else '+'}{abs(number)}"


def _verdict(one: Deviation) -> str:
    words = ", ".join(part for part in (one.verdict, _out(one)) if part)
    return f"{words}, outside the preferred window" if one.outside_preferred else words


def _dates(one: Deviation) -> tuple[str, str]:
    """When it was planned, and when it took place."""
    return _moment(one.planned, "not planned"), _moment(one.actual, "—")


def _moment(moment: date | None, otherwise: str) -> str:
    return moment_in_words(moment) if moment is not None else otherwise


def _what(one: Deviation) -> str:
    event = one.event
    return f"{one_line(event.position)} {name_of(event)}".strip()


def _due(one: Deviation) -> str:
    """The day it was due, where that was not the planned one, and its window."""
    due = f"due {moment_in_words(one.due)}" if one.due is not None and one.due != one.planned else ""
    window = f"window {window_in_words(one.window)}" if one.window is not None else _NO_WINDOW
    return ", ".join(part for part in (due, window if one.verdict not in (_NO_WINDOW, "unscheduled") else "") if part)


def _told(one: Deviation) -> str:
    """Why, by whom and when: ``bus strike (other); recorded by AN on Wed 20 Jan 2027 09:30 UTC, line 3``."""
    why = one_line(one.reason) or ("no reason recorded" if one.line is not None else "nothing recorded")
    parts = [f"{why} ({one.cause})" if one.cause else why]
    if one.event.given:
        parts.append(f"{one_line(one.event.given)} given")
    if one.line is not None:
        when = f" on {moment_in_words(one.recorded)}" if one.recorded is not None else ""
        edited = f", corrected by line {one.corrected_by}" if one.corrected_by is not None else ""
        parts.append(f"recorded by {one_line(one.by) or 'nobody named'}{when}, line {one.line}{edited}")
    return "; ".join(parts)


# ---------------------------------------------------------------- in a terminal


def as_text(found: Sequence[Deviation], about: About) -> str:
    """The list for a terminal: each deviation with its dates, and below it the reason and who recorded it."""
    facts = _facts(found, about)
    margin = max(len(name) for name, _ in facts) + len(GAP)
    head = wrapped(f"Deviations: {one_line(about.title)}", WIDTH)
    for name, words in facts:
        head += wrapped(words, WIDTH, f"{name:{margin}}", " " * margin)
    blocks = [head, _table(found), [PLANNING_AID]]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def _table(found: Sequence[Deviation]) -> list[str]:
    if not found:
        return []
    headings = ("Planned", "Took place", "What", "Verdict")
    rows = [(*_dates(one), _what(one), _verdict(one)) for one in found]
    widths = [max(width_of(row[n]) for row in (headings, *rows)) for n in range(len(headings))]
    widths[2] = min(widths[2], _WHAT)
    widths[3] = min(widths[3], max(24, WIDTH - sum(widths[:3]) - 3 * len(GAP)))
    lines = [*line_of(tuple((name,) for name in headings), widths), GAP.join("-" * width for width in widths)]
    for one, row in zip(found, rows, strict=True):
        lines += line_of(tuple((text,) for text in row), widths)
        lines += [line for text in (_due(one), _told(one)) if text for line in wrapped(text, WIDTH, GAP * 2, GAP * 3)]
    return lines


# ---------------------------------------------------------------- as a Markdown page


def as_markdown(found: Sequence[Deviation], about: About) -> str:
    """The list as a Markdown page with one table."""
    facts = "\n".join(f"- **{name}:** {escaped(words)}" for name, words in _facts(found, about))
    headings = ("Planned", "Due and window", "Took place", "What", "Verdict", "Reason and record")
    rows = [(_dates(one)[0], _due(one), _dates(one)[1], _what(one), _verdict(one), _told(one)) for one in found]
    blocks = [f"# Deviations: {escaped(one_line(about.title))}", facts, table(headings, rows) if rows else ""]
    return "\n\n".join(block for block in (*blocks, PLANNING_AID) if block) + "\n"


# ---------------------------------------------------------------- for programs


def as_csv(found: Sequence[Deviation], about: About) -> str:
    """One row for each, ISO dates; lines end with CR LF as RFC 4180 asks, so write the text as it is."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows([cell(_values(one, about)[column]) for column in CSV_COLUMNS] for one in found)
    return text.getvalue()


def as_json(found: Sequence[Deviation], about: About) -> str:
    """The list for another program, keys always in the same order."""
    content = {
        "study": about.study,
        "title": about.title,
        "subject": about.subject,
        "as_of": plain_value(about.as_of),
        "deviations": [_values(one, about) for one in found],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _values(one: Deviation, about: About) -> dict[str, Any]:
    event, window = one.event, one.window
    exact = one.out % timedelta(days=1) != timedelta(0)
    recorded = recorded_text(one.recorded) if one.recorded is not None else None
    return {
        "subject": about.subject, "id": event.id, "kind": event.kind, "label": event.label, "position": event.position,
        "verdict": one.verdict, "planned": plain_value(one.planned), "due": plain_value(one.due),
        "earliest": plain_value(window.earliest) if window is not None else None,
        "latest": plain_value(window.latest) if window is not None else None,
        "actual": plain_value(one.actual), "days_from_due": one.from_due, "days_out": one.days_out,
        "minutes_out": int(one.out / timedelta(minutes=1)) if exact else None, "dose": event.dose,
        "given": event.given or None, "reason": one.reason, "cause": one.cause, "by": one.by,
        "recorded": recorded, "line": one.line, "corrected_by": one.corrected_by,
    }  # fmt: skip
