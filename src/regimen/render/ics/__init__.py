"""How does a calendar become an .ics file that every calendar program reads as the same days and times?"""

from __future__ import annotations

from regimen.events import Calendar
from regimen.render.ics import full, vocabulary
from regimen.render.ics.assembly import written
from regimen.render.ics.entries import entries_of
from regimen.render.ics.entry import Entry
from regimen.render.ics.identity import uid_of
from regimen.render.ics.options import Options

__all__ = ["Entry", "Options", "as_ics", "entries_of", "uid_of"]


def as_ics(calendar: Calendar, options: Options = Options()) -> bytes:  # noqa: B008 - frozen
    """The calendar as an .ics file."""
    name = vocabulary.CALENDAR_NAME if options.profile == "discreet" else full.calendar_name(calendar, options.subject)
    return written(name, entries_of(calendar, options))
