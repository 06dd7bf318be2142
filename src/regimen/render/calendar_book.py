"""How does a calendar become a workbook? Sheets of all events, of doses, visits and windows, and of what to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from regimen.events import Calendar, Event, Notice
from regimen.render.outcomes import is_replanned, state_in_words
from regimen.render.rows import name_of
from regimen.render.words import PLANNING_AID, moment_in_words, one_line, window_in_words, zone_in_words
from regimen.render.workbook import WORDED, Look, Sheet, Value, as_workbook
from regimen.standing import STATUSES, Standing, standings

_HEAD = "D9E2EC"
_WINDOW, _PREFERRED = "DDEBF7", "BDD7EE"
_STATUS_COLOURS = {
    "open": "FFF2CC", "overdue": "F4B183", "lapsed": "EDEDED", "in": "E2EFDA", "early": "F8CBAD", "late": "F8CBAD",
    "other day": "F8CBAD", "missed": "F4B183", "held": "F4B183", "cancelled": "EDEDED", "not applicable": "EDEDED",
}  # fmt: skip
_NO_WINDOW = "no window stated"
_UNPRINTED = ("Why this date", "Source", "Id")
"""The last columns, which are for the screen: on paper they would make all others too small to read."""
_COLUMN_COLOURS = {"Earliest": _WINDOW, "Latest": _WINDOW, "Window": _WINDOW, "Preferred": _PREFERRED}

Cell = Callable[[Event], Value]


def calendar_as_workbook(calendar: Calendar, *, as_of: date | None = None, more: Sequence[Notice] = ()) -> bytes:
    """The workbook; ``more`` are findings about the definition, ``as_of`` is the day that windows are judged on."""
    after = is_replanned(calendar)
    doses, visits = calendar.of_kind("dose"), [e for e in calendar if e.kind in ("visit", "activity")]
    return as_workbook([
        _events("Calendar", calendar.events, (*_DAYS, _KIND, *_PLACE, _WHAT, *_DOSE, *_SPAN, *_STATE,
                                              *(_AFTER if after else ()), *_BASIS)),
        _events("Doses", doses, (*_DAYS, *_PLACE, _DRUG, *_DOSE, _DOSE_DAYS, *_STATE, *(_AFTER if after else ()), _ID)),
        _events("Visits", visits, (*_DAYS, _KIND, *_PLACE, _WHAT, _ACTIVITIES, *_SPAN, *_STATE,
                                   *(_AFTER if after else ()), _ID)),
        _windows(calendar, as_of),
        _findings(calendar, as_of, more),
    ])  # fmt: skip


# ---------------------------------------------------------------- events


def _what(event: Event) -> Value:
    return f"{name_of(event)} {_lasting(event)}".rstrip()


def _lasting(event: Event) -> str:
    length = one_line(event.duration or "")
    return f"over {length}" if length[:1].isdigit() else length


def _zone(event: Event) -> Value:
    """The time zone of its clock times and how far it is from UTC, which a spreadsheet cannot keep in a time."""
    if not isinstance(event.start, datetime) or event.start.tzinfo is None:
        return None
    minutes = int((event.start.utcoffset() or event.start - event.start).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{zone_in_words(event.start.tzinfo)} (UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d})"


def _window_words(event: Event) -> Value:
    return window_in_words(event.window) if event.window is not None else None


def _preferred(event: Event) -> Value:
    return window_in_words(event.preferred) if event.preferred is not None else None


_DAYS: tuple[tuple[str, Cell], ...] = (
    ("Start", lambda e: e.start), ("End", lambda e: e.end if e.end != e.start else None), ("Time zone", _zone),
)  # fmt: skip
_KIND: tuple[str, Cell] = ("Kind", lambda e: e.kind)
_PLACE: tuple[tuple[str, Cell], ...] = (
    ("Epoch", lambda e: e.epoch), ("Cycle", lambda e: e.cycle), ("Day", lambda e: e.day),
    ("Position", lambda e: e.position), ("Study day", lambda e: e.study_day),
)  # fmt: skip
_WHAT: tuple[str, Cell] = ("What", _what)
_DRUG: tuple[str, Cell] = ("Drug", lambda e: e.label)
_ACTIVITIES: tuple[str, Cell] = ("Activities", lambda e: "; ".join(map(one_line, e.activities)) or None)
_DOSE: tuple[tuple[str, Cell], ...] = (
    ("Dose", lambda e: e.dose), ("Route", lambda e: e.route), ("Duration", lambda e: _lasting(e) or None),
)  # fmt: skip
_DOSE_DAYS: tuple[str, Cell] = ("Dose days", lambda e: e.dose_days)
_SPAN: tuple[tuple[str, Cell], ...] = (
    ("Earliest", lambda e: e.window.earliest if e.window else None),
    ("Latest", lambda e: e.window.latest if e.window else None),
    ("Window", _window_words), ("Preferred", _preferred),
)  # fmt: skip
_STATE: tuple[tuple[str, Cell], ...] = (
    ("State", lambda e: state_in_words(e, told=True)), ("Optional", lambda e: "yes" if e.optional else "no"),
)  # fmt: skip
_AFTER: tuple[tuple[str, Cell], ...] = (
    ("Planned", lambda e: e.was_planned), ("Due", lambda e: e.due), ("Actual", lambda e: e.actual),
    ("Given", lambda e: e.given or None), ("Because", lambda e: e.because or None),
)  # fmt: skip
_ID: tuple[str, Cell] = ("Id", lambda e: e.id)
_BASIS: tuple[tuple[str, Cell], ...] = (
    ("Basis", lambda e: e.basis), ("Hangs on", lambda e: "; ".join(e.conditions) or None), _ACTIVITIES,
    ("Why this date", lambda e: e.why), ("Source", lambda e: e.source), _ID,
)  # fmt: skip
_ALWAYS = frozenset({"Start", "What", "Drug", "Study day", "State", "Earliest", "Latest", "Window", "Id"})


def _events(title: str, events: Iterable[Event], columns: Sequence[tuple[str, Cell]]) -> Sheet:
    """A row for each event; a column that would be empty is left out, but never one that people look for."""
    values = [[value(event) for _, value in columns] for event in events]
    used = [n for n, (name, _) in enumerate(columns) if name in _ALWAYS or any(row[n] is not None for row in values)]
    rows = [[row[n] for n in used] for row in values]
    return _sheet(title, [columns[n][0] for n in used], rows)


def _sheet(title: str, headings: Sequence[str], rows: list[list[Value]]) -> Sheet:
    colours = {(1, n): _HEAD for n in range(1, len(headings) + 1)}
    for column, heading in enumerate(headings, start=1):
        for number, row in enumerate(rows, start=2):
            value = row[column - 1]
            colour = _STATUS_COLOURS.get(str(value)) if heading == "Status" else _COLUMN_COLOURS.get(heading)
            if value not in (None, _NO_WINDOW) and colour:
                colours[number, column] = colour
    frozen = "B2" if title in ("Calendar", "Doses", "Visits") else "A2"
    unprinted = sum(heading in _UNPRINTED for heading in headings)
    return Sheet(title, tuple(headings), rows, Look(WORDED, frozen, printed=True, unprinted=unprinted, colours=colours))


# ---------------------------------------------------------------- windows and findings


def _windows(calendar: Calendar, as_of: date | None) -> Sheet:
    headings = ("Target", "Earliest", "Latest", "Window", "Preferred", "Days early", "Days late", "Days left",
                "Position", "Study day", "What", "Status", "Days out", "Id")  # fmt: skip
    return _sheet("Windows", headings, [_standing(one) for one in standings(calendar.events, as_of)])


def _standing(one: Standing) -> list[Value]:
    event, window = one.event, one.window
    early = late = None
    if window is not None and one.target is not None:
        target = _day(one.target)
        early, late = (target - _day(window.earliest)).days, (_day(window.latest) - target).days
    words = window_in_words(window) if window is not None else _NO_WINDOW
    return [
        one.target or "any day", window.earliest if window else None, window.latest if window else None, words,
        _preferred(event), early, late, one.days_left, event.position, event.study_day, _what(event), one.status,
        one.days_out or None, event.id,
    ]  # fmt: skip


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _findings(calendar: Calendar, as_of: date | None, more: Sequence[Notice]) -> Sheet:
    """What needs a decision or a look, what has no date, and how dates were counted."""
    day = moment_in_words(as_of) if as_of is not None else "no day given, so nothing is said to be open or overdue"
    rows: list[list[Value]] = [[n.level, n.event or None, n.sentence, n.remedy or None]
                               for n in (*calendar.notices, *more)]  # fmt: skip
    rows += [["no date", id, f"waits for {one.for_}", one.remedy] for one in calendar.waiting for id in one.events]
    rows += [["note", None, sentence, None] for sentence in calendar.notes]
    rows += [["convention", None, sentence, None] for sentence in calendar.conventions]
    rows += [["status", status, meaning, None] for status, meaning in STATUSES.items()]
    about = [("study", calendar.study), ("title", calendar.title), ("arm", calendar.arm), ("as of", day)]
    about += [(f"anchor {key}", moment_in_words(moment)) for key, moment in calendar.anchors.items()]
    rows += [["about", name, words, None] for name, words in about]
    rows.append(["about", None, PLANNING_AID, None])
    return _sheet("Findings", ("Level", "About", "Finding", "What to do"), rows)
