"""How do tests read a file? With icalendar, which did not write the rules, and line by line."""

from __future__ import annotations

import icalendar
from tests.render.samples import calendar

from regimen.render.ics import Options, as_ics

FULL = Options(profile="full")


def events_in(content):
    """The VEVENTs of a file, as icalendar reads them."""
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def lines_of(content):
    """The file's lines with folded ones joined."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def events_of(*events, options=FULL):
    """The VEVENTs of a calendar of these events."""
    return events_in(as_ics(calendar(events), options))


def only(*events, options=FULL):
    """The one VEVENT of a calendar of these events."""
    (one,) = events_of(*events, options=options)
    return one


def titles(content):
    return [str(one["SUMMARY"]) for one in events_in(content)]
