"""What does a reader of a change set see, in words and in reading order, before anyone decides how to print it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regimen.changes import Change, ChangeSet, Difference
from regimen.changes.aspects import ASPECTS
from regimen.events import DatedWindow, Event, day_of, exact_time
from regimen.render.rows import infusion_in_words, name_of
from regimen.render.runs import daily_runs, edges_of
from regimen.render.words import (
    counted,
    day_in_words,
    moment_in_words,
    one_line,
    span_in_words,
    window_in_words,
    zone_in_words,
)

HEADINGS: dict[str, str] = {
    "added": "Added",
    "dated": "Dated now",
    "removed": "No longer in the plan",
    "undated": "Without a date now",
    "waiting": "Waiting for something else",
    "off": "Not taking place as planned",
    "on": "Taking place after all",
    "happened": "Took place",
    "moved": "Moved",
    "state": "In another state",
    "dose": "With another dose",
    "length": "With another length",
    "window": "With another window",
    "due": "Due on another day",
    "planned": "Planned for another day",
    "details": "Described differently",
    "reason": "The same, for another reason",
}
_ISO = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One change, or a run of daily doses that changed alike."""

    when: str
    shift: str
    """How far it moved: ``+3 d``, ``−2 h``; empty where it did not."""
    position: str
    what: str
    more: tuple[str, ...]
    """What else changed, and for a run how many and until when."""
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Changes for one reason, in the order of their dates."""

    why: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one kind."""

    heading: str
    groups: tuple[Group, ...]


def parts(changes: ChangeSet) -> tuple[Part, ...]:
    """Every entry once, under its most important aspect, for people."""
    zone = common_zone(changes) is None
    by_aspect: dict[str, list[Change]] = {aspect: [] for aspect in ASPECTS}
    for entry in changes.entries:
        by_aspect[entry.aspects[0]].append(entry)
    return tuple(
        Part(f"{HEADINGS[aspect]} ({len(entries)})", tuple(_groups(entries, zone)))
        for aspect, entries in by_aspect.items()
        if entries
    )


def summary(changes: ChangeSet) -> str:
    """How many changes of which kind: ``3 moved, 1 added; 22 unchanged``."""
    counts = [(HEADINGS[aspect].lower(), sum(e.aspects[0] == aspect for e in changes.entries)) for aspect in ASPECTS]
    said = ", ".join(f"{n} {name}" for name, n in counts if n) or "nothing"
    return f"{said}; {counted(changes.unchanged, 'event')} the same in both"


def common_zone(changes: ChangeSet) -> str | None:
    """The one time zone of all times; None where there are several."""
    events = [event for entry in changes.entries for event in (entry.before, entry.after) if event is not None]
    moments = [moment for event in events for moment in (event.start, event.end, event.due, *edges_of(event))]
    zones = {zone_in_words(moment.tzinfo) for moment in moments if isinstance(moment, datetime)}
    return zones.pop() if len(zones) == 1 else "" if not zones else None


def difference_in_words(found: Difference) -> str:
    """One difference of the heads: ``Mon 4 Jan 2027 -> Mon 11 Jan 2027 (+7 d)``."""
    shift = ""
    if isinstance(found.before, date) and isinstance(found.after, date):
        shift = f" ({shift_in_words(found.before, found.after)})"
    return f"{value_in_words(found.before)} -> {value_in_words(found.after)}{shift}"


def value_in_words(value: object) -> str:
    """Any value of an event or a head, for people."""
    if isinstance(value, date):
        return moment_in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(one_line(str(part)) for part in value) or "none"
    return "none" if value in (None, "") else one_line(str(value))


def dates_in_words(text: str) -> str:
    """A sentence with its ISO dates as people read them; what only looks like a date stays."""
    return _ISO.sub(_day_in_words, one_line(text))


def _day_in_words(found: re.Match[str]) -> str:
    try:
        return day_in_words(date.fromisoformat(found[1]))
    except ValueError:
        return found[1]


def shift_in_words(before: date, after: date) -> str:
    """How far a moment moved, with its sign: whole days where the day differs, else hours and minutes."""
    days = day_of(after) - day_of(before)
    if days or not (isinstance(before, datetime) and isinstance(after, datetime)):
        return f"{'−' if days < timedelta(0) else '+'}{abs(days).days} d"
    exact = exact_time(after, before)
    hours, minutes = divmod(abs(exact) // timedelta(minutes=1), 60)
    said = " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
    return f"{'−' if exact < timedelta(0) else '+'}{said or '0 min'}"


# ---------------------------------------------------------------- gathering


def _groups(entries: Sequence[Change], zone: bool) -> Iterator[Group]:
    by_why: dict[str, list[Change]] = {}
    for entry in entries:
        by_why.setdefault(entry.why, []).append(entry)
    for why, alike in by_why.items():
        rows = [_row(run, zone) for run in sorted(_runs(alike, zone), key=lambda run: run[0].order)]
        yield Group(dates_in_words(why), tuple(rows))


def _runs(entries: Sequence[Change], zone: bool) -> Iterator[list[Change]]:
    """Runs of daily doses that changed in just the same way; everything else by itself."""
    by_shape: dict[object, list[Change]] = {}
    for entry in entries:
        by_shape.setdefault(_shape(entry, zone), []).append(entry)
    for alike in by_shape.values():
        places = {entry.id: entry for entry in alike}
        for run in daily_runs(entry.event for entry in alike if entry.event is not None):
            yield [places[event.id] for event in run]
        yield from ([entry] for entry in alike if entry.event is None)


def _shape(entry: Change, zone: bool) -> object:
    before, after = entry.before, entry.after
    shift = shift_in_words(before.start, after.start) if before is not None and after is not None else ""
    told = tuple(_more(entry, zone))
    # Chains of reasons, and numbers of days, differ from day to day by nature.
    return entry.aspects, shift, before and name_of(before), after and name_of(after), told


def _row(run: Sequence[Change], zone: bool) -> Row:
    first, last = run[0], run[-1]
    more = tuple(_more(first, zone))
    if len(run) > 1:
        more = (f"{_often(run)}; the last {_when(last, zone)}", *more)
    event = first.event
    position = one_line(event.position) if event is not None else ""
    if len(run) > 1 and last.event is not None:
        position = f"{position} to {one_line(last.event.position).rpartition(' ')[2]}"
    return Row(
        _when(first, zone), _shift(first), position, name_of(event) if event is not None else first.id, more, len(run)
    )


def _often(run: Sequence[Change]) -> str:
    days = len({entry.event.first_day for entry in run if entry.event is not None})
    return f"{len(run)} daily doses" if len(run) == days else f"{counted(len(run), 'dose')} on {counted(days, 'day')}"


def _shift(entry: Change) -> str:
    if entry.before is None or entry.after is None or "moved" not in entry.aspects:
        return ""
    return shift_in_words(entry.before.start, entry.after.start)


def _when(entry: Change, zone: bool) -> str:
    before, after = entry.before, entry.after
    if before is not None and after is not None and "moved" in entry.aspects:
        return f"{moment_in_words(before.start, zone=zone)} -> {moment_in_words(after.start, zone=zone)}"
    return moment_in_words(entry.event.start, zone=zone) if entry.event is not None else "no date"


# ---------------------------------------------------------------- what else


def _more(entry: Change, zone: bool) -> Iterable[str]:
    before, after = entry.before, entry.after
    if before is None or after is None:
        yield from _alone(entry, zone)
        return
    if before.state != after.state:
        yield f"{_state(before)} -> {_state(after)}"
    if after.given != before.given:
        yield f"{one_line(after.given)} given" if not before.given else _step("given", before.given, after.given)
    if "dose" in entry.aspects and (before.dose, before.route) != (after.dose, after.route):
        yield _step("dose", _dose(before), _dose(after))
    if "length" in entry.aspects:
        yield _step("lasts", _length(before, zone), _length(after, zone))
    if "window" in entry.aspects:
        pairs = {"window": (before.window, after.window), "preferred": (before.preferred, after.preferred)}
        yield from (_step(w, _window(old, zone), _window(new, zone)) for w, (old, new) in pairs.items() if old != new)
    if "due" in entry.aspects:
        yield _step("due", value_in_words(before.due), value_in_words(after.due))
    if "planned" in entry.aspects:
        yield _step("planned", value_in_words(before.was_planned), value_in_words(after.was_planned))
    for found in entry.details:
        yield _step(found.what.replace("_", " "), value_in_words(found.before), value_in_words(found.after))


def _alone(entry: Change, zone: bool) -> Iterable[str]:
    event = entry.event
    if event is None:
        yield _step("waits for", entry.waited or "nothing", entry.waits or "nothing")
        return
    if event.state != "planned" or event.conditions:
        yield _state(event)
    if event.continuous:
        yield infusion_in_words(event, zone=zone)
    if event.window is not None and entry.after is not None:
        yield f"window {_window(event.window, zone)}"


def _step(what: str, old: str, new: str) -> str:
    return f"{what}: {old} -> {new}"


def _state(event: Event) -> str:
    conditions = ", ".join(one_line(condition) for condition in event.conditions)
    return f"{event.state} ({conditions})" if conditions else event.state


def _dose(event: Event) -> str:
    return " ".join(one_line(part) for part in (event.dose, event.route) if part) or "none"


def _length(event: Event, zone: bool) -> str:
    if event.continuous:
        return infusion_in_words(event, zone=zone)
    stretch = span_in_words(event.start, event.end, zone=zone) if event.end != event.start else ""
    said = ", ".join(part for part in (one_line(event.duration or ""), stretch) if part)
    return said or ("no length" if isinstance(event.start, datetime) else "one day")


def _window(window: DatedWindow | None, zone: bool) -> str:
    return window_in_words(window, zone=zone) if window is not None else "none stated"
