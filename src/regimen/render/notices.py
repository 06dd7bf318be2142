"""What must a reader decide, check or know before anything else? The notices of a calendar, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from regimen.events import Calendar, Event, Notice
from regimen.render.rows import name_of
from regimen.render.words import moment_in_words, one_line

HEADINGS = {"decision": "To decide", "warning": "Warnings", "note": "To know"}
_ID = re.compile(r"[\w.@-]+(?:/[\w.@-]+)+")
_PLACE = re.compile(r"(?P<epoch>[^/]+)(?:/(?P<round>c|course)(?P<n>\d+))?(?:/(?P<edge>start|end))?")


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in words: what it is about, and what to do."""

    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Block:
    """Notices of one level under their heading."""

    heading: str
    notices: tuple[Told, ...]


def blocks(calendar: Calendar, *, zone: bool) -> tuple[Block, ...]:
    """The notices of each level, decisions first, in the calendar's order."""
    names = Names(calendar)
    found = []
    for level, heading in HEADINGS.items():
        told = tuple(_told(notice, names, zone) for notice in calendar.notices if notice.level == level)
        found += [Block(heading, told)] if told else []
    return tuple(found)


def _told(notice: Notice, names: Names, zone: bool) -> Told:
    place, said = names.place(notice.event, zone=zone), one_line(notice.sentence)
    remedy = one_line(notice.remedy)
    if remedy and notice.level != "note":
        remedy = f"To do: {remedy}"
    if not place or f"'{place}'" in said:
        return Told(said[:1].upper() + said[1:], remedy)
    return Told(f"{place}: {said}", remedy)


class Names:
    """How people call what ids name in one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self._events: Mapping[str, Event] = {event.id: event for event in calendar}
        self._epochs, self._lanes = calendar.epochs, calendar.lanes

    def without_ids(self, text: str) -> str:
        """The text on one line, with ids of the calendar's events as position and name."""
        return _ID.sub(lambda found: self._name(found.group()) or found.group(), one_line(text))

    def place(self, id: str, *, zone: bool) -> str:
        """Position, name and date of an event; the name of an epoch, a cycle or an item; else the id as it is."""
        event = self._events.get(id)
        if event is None:
            return self._part(id)
        return f"{self._name(id)}, {moment_in_words(event.start, zone=zone)}"

    def _name(self, id: str) -> str:
        event = self._events.get(id)
        return f"{one_line(event.position)} {name_of(event)}".strip() if event is not None else ""

    def _part(self, id: str) -> str:
        found = _PLACE.fullmatch(id)
        if found is None or found["epoch"] not in self._epochs:
            return one_line(self._lanes.get(id, id))
        parts = [one_line(self._epochs[found["epoch"]])]
        if found["n"]:
            parts.append(f"{'cycle' if found['round'] == 'c' else 'course'} {found['n']}")
        return " ".join(part for part in (", ".join(parts), found["edge"] or "") if part)
