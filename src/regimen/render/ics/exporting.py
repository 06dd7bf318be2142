"""How does a calendar become a whole export: entries, what changed since the last one, and the words beside it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from regimen.events import Calendar
from regimen.render.ics import full, vocabulary
from regimen.render.ics.assembly import used_zones, written
from regimen.render.ics.entries import prepared
from regimen.render.ics.entry import Entry
from regimen.render.ics.options import DISCREET, Options
from regimen.render.ics.parts import LARGEST, Part, in_parts
from regimen.render.ics.previous import Previous
from regimen.render.ics.revisions import revised
from regimen.render.ics.verifying import refuse_differences
from regimen.render.words import counted
from regimen.render.zone_data import machine_differs

_TOLD = ("Not dated", "not dated", "left out", "no date is left", "happens twice", "given once")
"""How the calendar's notes speak of dates that are not in the file, and of clock times that come twice."""
_URGENT = ("decision", "warning")


@dataclass(frozen=True, slots=True)
class Export:
    """What is written, and what must be said beside it."""

    name: str
    entries: tuple[Entry, ...]
    revision: int = 0
    notes: tuple[str, ...] = ()

    def content(self) -> bytes:
        """The file. Raises RegimenError if it does not read back as meant."""
        return self._file(self.entries)

    def parts(self) -> tuple[Part, ...]:
        """The file by calendar year, and a year that is too large by month, each part with what its name ends in."""
        return in_parts(self.entries, self._file)

    def _file(self, entries: Sequence[Entry]) -> bytes:
        content = written(self.name, entries, self.revision)
        refuse_differences(entries, content)
        return content


def export(calendar: Calendar, options: Options, previous: Previous | None = None) -> Export:
    """One subject's calendar as it will be written, compared with the last export if there is one.

    Raises RegimenError with every event that cannot be written, or with why the last export is not of this calendar.
    """
    made = prepared(calendar, options)
    revision = revised(made.entries, previous, options)
    notes = (*_plan_notes(calendar, options), *made.notes, *_zone_notes(revision.entries))
    notes += (revision.note,) if revision.note else ()
    return Export(name_of_calendar(calendar, options), revision.entries, revision.number, notes)


def name_of_calendar(calendar: Calendar, options: Options) -> str:
    """What calendar programs call the whole calendar."""
    if options.profile == DISCREET:
        return options.language.say(vocabulary.CALENDAR_NAME)
    return full.calendar_name(calendar, options.subject)


def size_note(size: int) -> str:
    """A sentence if a file is larger than some calendar programs take."""
    if size <= LARGEST:
        return ""
    return (
        f"The file has {size // 1000:,} kB; some calendar programs take no more than 1,000 kB. Use --split or --rrule."
    )


def _plan_notes(calendar: Calendar, options: Options) -> Iterator[str]:
    """What is planned and not in the file, and what the discreet profile cannot mark there."""
    for held in calendar.waiting:
        yield f"{counted(len(held.events), 'event')} waiting for {held.for_} left out. {held.remedy}"
    yield from (note for note in calendar.notes if any(words in note for words in _TOLD))
    yield from (f"{notice.level}: {notice}" for notice in calendar.notices if notice.level in _URGENT)
    unstated = sum(event.basis != "stated" for event in calendar)
    if unstated and options.profile == DISCREET:
        yield f"{counted(unstated, 'event')} with a value that is assumed or not stated; regimen calendar says which."


def _zone_notes(entries: Sequence[Entry]) -> Iterator[str]:
    notes = (machine_differs(key, first, last) for key, (_, first, last) in used_zones(entries).items())
    yield from (note for note in notes if note)
