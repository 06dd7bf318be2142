"""How does a calendar become a table: for a terminal, a page, a spreadsheet or another program?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from regimen.events import Calendar, DatedWindow, Event
from regimen.render.markdown import as_markdown
from regimen.render.outcomes import is_replanned
from regimen.render.text import as_text

__all__ = ["AFTER_COLUMNS", "CSV_COLUMNS", "as_csv", "as_json", "as_markdown", "as_text"]

CSV_COLUMNS = (
    *("id", "kind", "label", "epoch", "cycle", "day", "study_day", "offset_days", "start", "end"),
    *("earliest", "latest", "state", "optional", "dose", "route", "duration", "bags", "dose_days"),
    *("basis", "why", "source", "conditions", "activities"),
)
AFTER_COLUMNS = ("planned", "due", "actual", "given", "because")
"""More columns, of a calendar that is no longer just its plan."""

# A spreadsheet runs a cell that starts with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(calendar: Calendar) -> str:
    """One row for each event, ISO dates; lines end with CR LF as RFC 4180 asks, so write the text as it is."""
    columns = (*CSV_COLUMNS, *AFTER_COLUMNS) if is_replanned(calendar) else CSV_COLUMNS
    return csv_of(columns, map(_csv_values, calendar))


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Rows under the names of their columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def as_json(calendar: Calendar) -> str:
    """The whole calendar for another program, keys always in the same order.

    After a journal, or with anything put on another day, it also holds the journal, the notices, and for each event the
    planned, due and actual day, the amount given and why.
    """
    after = is_replanned(calendar) or bool(calendar.notices)
    content = {
        "study": calendar.study,
        "title": calendar.title,
        "arm": calendar.arm,
        "anchors": {key: moment.isoformat() for key, moment in calendar.anchors.items()},
        "conventions": list(calendar.conventions),
        "notes": list(calendar.notes),
        "waiting": [{"for": w.for_, "events": list(w.events), "remedy": w.remedy} for w in calendar.waiting],
        **({"journal": _journal(calendar), "notices": [asdict(n) for n in calendar.notices]} if after else {}),
        "events": [_json_event(event) | (_json_after(event) if after else {}) for event in calendar],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _csv_values(event: Event) -> dict[str, object]:
    return {
        **_json_event(event),
        **_json_after(event),
        "earliest": _iso(event.window.earliest) if event.window else None,
        "latest": _iso(event.window.latest) if event.window else None,
        "optional": "yes" if event.optional else "no",
        "conditions": "; ".join(event.conditions),
        "activities": "; ".join(event.activities),
    }


def cell(value: object) -> str:
    """The cell as text; a single quote keeps a spreadsheet from running words as a formula, numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return str(value)


def _json_event(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "kind": event.kind,
        "item": event.item,
        "label": event.label,
        "epoch": event.epoch,
        "cycle": event.cycle,
        "day": event.day,
        "position": event.position,
        "study_day": event.study_day,
        "offset_days": event.offset_days,
        "start": _iso(event.start),
        "end": _iso(event.end),
        "window": _json_window(event.window),
        "preferred": _json_window(event.preferred),
        "state": event.state,
        "optional": event.optional,
        "dose": event.dose,
        "route": event.route,
        "duration": event.duration,
        "continuous": event.continuous,
        "bags": str(event.bags) if event.bags else None,
        "dose_days": event.dose_days if event.kind == "dose" else None,
        "activities": list(event.activities),
        "basis": event.basis,
        "source": event.source,
        "conditions": list(event.conditions),
        "why": event.why,
    }


def _json_after(event: Event) -> dict[str, object]:
    return {
        "planned": _iso(event.was_planned) if event.was_planned is not None else None,
        "due": _iso(event.due),
        "actual": _iso(event.actual) if event.actual is not None else None,
        "given": event.given,
        "because": event.because,
    }


def _journal(calendar: Calendar) -> dict[str, object] | None:
    seen = calendar.journal
    if seen is None:
        return None
    newest = seen.newest.isoformat().replace("+00:00", "Z") if seen.newest is not None else None
    return {"subject": seen.subject, "lines": seen.lines, "newest": newest}


def _json_window(window: DatedWindow | None) -> dict[str, str] | None:
    return {"earliest": _iso(window.earliest), "latest": _iso(window.latest)} if window else None


def _iso(moment: date | datetime) -> str:
    return moment.isoformat()
