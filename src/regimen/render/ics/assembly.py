"""How do entries become the bytes of a file? On the icalendar library, with its pitfalls in one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import icalendar

from regimen.render.ics.entry import ONE_DAY, Entry
from regimen.render.ics.folding import folded
from regimen.render.zone_data import zone_data_version
from regimen.render.zones import Observance, observances

PRODID = "-//regimen//regimen calendar//EN"
REVISION, ZONE_DATA = "X-REGIMEN-REVISION", "X-REGIMEN-TZDATA"
_REFRESH = "P1D"


class _Text(icalendar.vText):
    """A text that says in the file exactly what it says here; icalendar reads a backslash with an N as a line end."""

    def to_ical(self) -> bytes:
        return escaped(str(self)).encode("utf-8")


def escaped(text: str) -> str:
    """Text with the characters escaped that would end a value or a line."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def written(name: str, entries: Sequence[Entry], revision: int = 0) -> bytes:
    """A calendar file of this name with these entries, in their order."""
    file = calendar_of(name, used_zones(entries), revision)
    for entry in entries:
        file.add_component(vevent(entry))
    return serialised(file)


def serialised(component: icalendar.Component) -> bytes:
    """The component's lines as icalendar writes them, folded alike with each of its versions."""
    return b"".join(folded(line) + b"\r\n" for line in lines_of(component))


def lines_of(component: icalendar.Component) -> Iterator[str]:
    """The component's lines, not yet folded."""
    return (line for line in component.content_lines() if line)


Zones = dict[str, tuple[ZoneInfo, date, date]]
"""Each zone by name, with the first and last day it is used on."""


def used_zones(entries: Sequence[Entry]) -> Zones:
    """The zones that entries are written in, by name."""
    used: Zones = {}
    for entry in entries:
        for moment in (entry.start, entry.end):
            if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo):
                day = moment.date()
                _, first, last = used.get(moment.tzinfo.key, (None, day, day))
                used[moment.tzinfo.key] = moment.tzinfo, min(first, day), max(last, day)
    return dict(sorted(used.items()))


def calendar_of(name: str, zones: Zones, revision: int) -> icalendar.Calendar:
    """The file without its events."""
    # A bare Calendar(): Calendar.new() adds a UID, over which a client shows a whole feed as one event.
    file = icalendar.Calendar()
    for key, text in (("PRODID", PRODID), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        file.add(key, text)
    # icalendar leaves X-… properties unescaped unless they come as text values.
    file.add("X-WR-CALNAME", _Text(name))
    file.add("REFRESH-INTERVAL", ONE_DAY, parameters={"VALUE": "DURATION"})
    file.add("X-PUBLISHED-TTL", _REFRESH)
    file.add(REVISION, _Text(str(revision)))
    if zones:
        file.add(ZONE_DATA, _Text(zone_data_version()))
    for component in _timezones(zones):
        file.add_component(component)
    return file


def vevent(entry: Entry) -> icalendar.Event:
    """One entry as a component, its values typed here: to let icalendar guess the types takes most of the time."""
    event = icalendar.Event()
    texts = {"UID": entry.uid, "SUMMARY": entry.summary, "DESCRIPTION": entry.description, "STATUS": entry.status}
    texts |= {"TRANSP": "OPAQUE" if entry.opaque else "TRANSPARENT", "CLASS": "PRIVATE", "CATEGORIES": entry.category}
    for name, text in texts.items():
        event[name] = _Text(text)
    moments = {"DTSTART": entry.start, "DTEND": entry.end, "DTSTAMP": entry.revised, "LAST-MODIFIED": entry.revised}
    for name, moment in moments.items():
        event[name] = _moment(moment)
    event["SEQUENCE"] = icalendar.vInt(entry.sequence)
    if entry.repeat is not None:
        event["RRULE"] = icalendar.vRecur.from_ical(str(entry.repeat))
    if entry.alarm is not None:
        alarm = icalendar.Alarm()
        alarm["ACTION"], alarm["DESCRIPTION"] = _Text("DISPLAY"), _Text(entry.summary)
        alarm["TRIGGER"] = icalendar.vDDDTypes(entry.alarm)
        event.add_component(alarm)
    return event


def _moment(moment: date | datetime) -> icalendar.vDDDTypes:
    zone = moment.tzinfo if isinstance(moment, datetime) else None
    if not isinstance(moment, datetime) or not isinstance(zone, ZoneInfo):
        return icalendar.vDDDTypes(moment)
    # icalendar would write the time of a zone that always keeps to UTC, such as Accra's, in UTC and without its name.
    value = icalendar.vDDDTypes(moment.replace(tzinfo=None))
    value.params["TZID"] = zone.key
    return value


def _timezones(zones: Zones) -> Iterator[icalendar.Timezone]:
    """A VTIMEZONE for each zone in the file, over the days it is used there."""
    for key, (zone, first, last) in zones.items():
        timezone = icalendar.Timezone()
        timezone.add("TZID", key)
        for observance in observances(zone, first, last):
            timezone.add_component(_observance(observance))
        yield timezone


def _observance(one: Observance) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    component = icalendar.TimezoneDaylight() if one.daylight else icalendar.TimezoneStandard()
    component.add("DTSTART", one.start)
    if one.repeat:
        component.add("RRULE", icalendar.vRecur.from_ical(one.repeat.rrule))
    component.add("TZOFFSETFROM", one.before)
    component.add("TZOFFSETTO", one.after)
    component.add("TZNAME", icalendar.vText(one.name))
    return component
