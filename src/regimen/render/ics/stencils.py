"""How are the lines of an entry written without serialising again what they have in common with others?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from regimen.errors import RegimenError
from regimen.render.ics.assembly import escaped, lines_of, serialised, vevent
from regimen.render.ics.entry import Entry
from regimen.render.ics.folding import folded
from regimen.render.ics.reading import read_again, unescaped
from regimen.render.ics.verifying import refuse_differences
from regimen.render.words import zone_in_words

_DAY = "whole day"
_TEXTS = ("SUMMARY", "DESCRIPTION")
_UID = "00000000-0000-8000-8000-000000000000"


class Halves(NamedTuple):
    """The lines of an entry before and after its UID."""

    before: str
    after: str


class _Stencil(NamedTuple):
    """The lines of one kind of entry as icalendar wrote them, open at title, start, end, UID and description."""

    to_title: str
    to_start: str
    to_end: str
    to_uid: str
    to_text: str
    rest: str

    def filled(self, entry: Entry) -> Halves:
        title, text = _line("SUMMARY", entry.summary), _line("DESCRIPTION", entry.description)
        dates = f"{self.to_start}{_digits(entry.start)}{self.to_end}{_digits(entry.end)}{self.to_uid}"
        return Halves(f"{self.to_title}{title}{dates}", f"{self.to_text}{text}{self.rest}")


class Stencils:
    """The kinds of entries met so far."""

    def __init__(self) -> None:
        self._known: dict[object, _Stencil] = {}

    def halves(self, entry: Entry) -> Halves:
        """The entry's lines around its UID. Raises RegimenError if they do not read back as the entry."""
        kind = (
            entry.status, entry.opaque, entry.category, entry.revised, _zone(entry.start), _zone(entry.end),
            # An alarm says the title as well.
            (entry.alarm, entry.summary) if entry.alarm is not None else None,
        )  # fmt: skip
        stencil = self._known.get(kind)
        if stencil is None:
            named = replace(entry, uid=_UID)
            stencil = self._known[kind] = _proved(_cut(named), named)
        halves = stencil.filled(entry)
        _refuse_difference(entry, halves, stencil)
        return halves


def _cut(entry: Entry) -> _Stencil:
    """What icalendar writes of an entry, taken apart at what is to be filled in."""
    parts, opened = [""], ["SUMMARY", "DTSTART", "DTEND", "UID", "DESCRIPTION"]
    for line in lines_of(vevent(entry)):
        name = line.partition(":")[0]
        if opened and name.partition(";")[0] == opened[0]:
            opened.pop(0)
            parts[-1] += "" if name in _TEXTS else f"{name}:"
            parts.append("\r\n")
        else:
            parts[-1] += folded(line).decode("utf-8") + "\r\n"
    return _Stencil(*parts)


def _proved(stencil: _Stencil, entry: Entry) -> _Stencil:
    """The stencil, once what it gives is what icalendar writes, to the byte, and reads back as the entry."""
    before, after = stencil.filled(entry)
    whole = f"{before}{_UID}{after}".encode()
    zones = sorted({_zone(entry.start), _zone(entry.end)} - {_DAY, "UTC"})
    known = "".join(f"BEGIN:VTIMEZONE\r\nTZID:{zone}\r\nEND:VTIMEZONE\r\n" for zone in zones).encode()
    refuse_differences([entry], b"BEGIN:VCALENDAR\r\n" + known + whole + b"END:VCALENDAR\r\n")
    if whole != serialised(vevent(entry)):
        raise RegimenError("The lines of an entry cannot be taken apart as expected. Please report this.")
    return stencil


def _refuse_difference(entry: Entry, halves: Halves, stencil: _Stencil) -> None:
    """Read back what was filled in; the lines around it were read when the stencil was made."""
    before = halves.before.removeprefix(stencil.to_title).removesuffix(stencil.to_uid)
    title, _, dates = before.replace("\r\n ", "").partition(stencil.to_start)
    start, _, end = dates.partition(stencil.to_end)
    text = halves.after.removeprefix(stencil.to_text).removesuffix(stencil.rest).replace("\r\n ", "")
    said = read_again(start), read_again(end), _value(title), _value(text)
    meant = _naive(entry.start), _naive(entry.end), entry.summary, entry.description
    if said != meant:
        raise RegimenError(f"The calendar file does not read back as written: meant {meant}, the file says {said}.")


def _line(name: str, text: str) -> str:
    return folded(f"{name}:{escaped(text)}").decode("utf-8")


def _value(line: str) -> str:
    return unescaped(line.partition(":")[2])


def _naive(moment: date | datetime) -> date | datetime:
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _zone(moment: date | datetime) -> str:
    return zone_in_words(moment.tzinfo) if isinstance(moment, datetime) else _DAY


def _digits(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat().replace("-", "")
    digits = moment.replace(tzinfo=None).isoformat().replace("-", "").replace(":", "")
    return f"{digits}Z" if moment.tzinfo is UTC else digits
