"""How does a calendar become an .ics file that every calendar program reads as the same days and times?"""

from __future__ import annotations

from regimen.events import Calendar
from regimen.render.ics.entries import entries_of
from regimen.render.ics.entry import Entry, Repeat
from regimen.render.ics.exporting import Export, export, size_note
from regimen.render.ics.identity import uid_of
from regimen.render.ics.many_subjects import as_ics_each
from regimen.render.ics.names import refuse_telling_name
from regimen.render.ics.options import Options
from regimen.render.ics.parts import Part
from regimen.render.ics.previous import Previous, previous_of, read_previous

__all__ = [
    "Entry",
    "Export",
    "Options",
    "Part",
    "Previous",
    "Repeat",
    "as_ics",
    "as_ics_each",
    "entries_of",
    "export",
    "previous_of",
    "read_previous",
    "refuse_telling_name",
    "size_note",
    "uid_of",
]


def as_ics(calendar: Calendar, options: Options = Options(), previous: Previous | None = None) -> bytes:  # noqa: B008
    """The calendar as an .ics file, compared with the ``previous`` export if it is given.

    Raises RegimenError with every event that cannot be written, if the previous export is of another calendar, and
    when the file does not read back as it should.
    """
    return export(calendar, options, previous).content()
