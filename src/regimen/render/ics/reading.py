"""What does a calendar file say, read strictly and without the library that wrote it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from regimen.errors import DatingError, RegimenError
from regimen.moments import zone_named
from regimen.render.ics.entry import Entry, Repeat

NEEDED = (
    *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS", "TRANSP", "CLASS"),
    *("CATEGORIES", "DESCRIPTION"),
)
_DAY, _MOMENT = re.compile(r"\d{8}"), re.compile(r"\d{8}T\d{6}")
_TRIGGER = re.compile(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_ESCAPED = re.compile(r"\\(.)")

Property = tuple[str, str]
"""Parameters and value as they stand in the file."""


@dataclass(slots=True)
class Component:
    """A part of a file: its properties by name, and the parts inside it."""

    name: str
    properties: dict[str, Property] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The raw value; empty if the property is not there."""
        return self.properties.get(name, ("", ""))[1]


def read_calendar(content: bytes) -> Component:
    """The file as a tree. Raises RegimenError if it is not one whole calendar file."""
    root = Component("")
    stack = [root]
    for number, line in enumerate(_lines(content), start=1):
        head, colon, value = line.partition(":")
        name, _, parameters = head.partition(";")
        if not colon or not name:
            raise RegimenError(f"line {number} has no name and value: {line[:40]!r}")
        if name == "BEGIN":
            stack[-1].parts.append(part := Component(value))
            stack.append(part)
        elif name == "END":
            if stack[-1].name != value or len(stack) == 1:
                raise RegimenError(f"line {number} ends {value}, which was not begun")
            stack.pop()
        elif name in stack[-1].properties and stack[-1].name == "VEVENT":
            raise RegimenError(f"line {number} gives {name} a second time in one event")
        else:
            stack[-1].properties[name] = parameters, value
    if len(stack) > 1 or [part.name for part in root.parts] != ["VCALENDAR"]:
        raise RegimenError("it is not whole: it does not end with END:VCALENDAR")
    return root.parts[0]


def entries_in(calendar: Component) -> Iterator[Entry]:
    """Every event of a file as an entry. Raises RegimenError for what no entry of ours can be."""
    known = {part.value("TZID") for part in calendar.parts if part.name == "VTIMEZONE"}
    for number, part in enumerate((part for part in calendar.parts if part.name == "VEVENT"), start=1):
        missing = [name for name in NEEDED if name not in part.properties]
        if missing:
            raise RegimenError(f"event {number} has no {', '.join(missing)}")
        try:
            yield _entry(part, known)
        except (ValueError, DatingError) as error:
            raise RegimenError(f"event {number} ({part.value('UID')}) cannot be understood: {error}") from None


def _entry(part: Component, known: set[str]) -> Entry:
    text = {name: unescaped(part.value(name)) for name in ("UID", "SUMMARY", "DESCRIPTION", "CATEGORIES")}
    modified, stamped = _moment(part.properties["LAST-MODIFIED"], known), _moment(part.properties["DTSTAMP"], known)
    if modified != stamped or not isinstance(stamped, datetime):
        raise ValueError("DTSTAMP and LAST-MODIFIED differ")
    return Entry(
        text["UID"], _moment(part.properties["DTSTART"], known), _moment(part.properties["DTEND"], known),
        text["SUMMARY"], text["DESCRIPTION"], part.value("STATUS"), part.value("TRANSP") == "OPAQUE",
        text["CATEGORIES"], _alarm(part), _repeat(part.value("RRULE")), int(part.value("SEQUENCE")), stamped,
    )  # fmt: skip


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RegimenError(f"it is not UTF-8 text (byte {error.start})") from None
    lines = text.replace("\r\n", "\n").replace("\n ", "").split("\n")
    if lines[-1]:
        raise RegimenError("it is not whole: its last line has no end")
    return lines[:-1]


def unescaped(text: str) -> str:
    """A text value as it was meant."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def read_again(value: str) -> date | datetime:
    """A day, or a time without its zone, from its digits."""
    if _DAY.fullmatch(value):
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    clock = value.removesuffix("Z")
    if not _MOMENT.fullmatch(clock):
        raise ValueError(f"{value!r} is not a day or a time")
    return datetime.fromisoformat(clock)


def _moment(written: Property, known: set[str]) -> date | datetime:
    parameters, value = written
    moment = read_again(value)
    if not isinstance(moment, datetime):
        if parameters != "VALUE=DATE":
            raise ValueError(f"{value} is a day, but not said to be one")
        return moment
    if value.endswith("Z") and not parameters:
        return moment.replace(tzinfo=UTC)
    key = parameters.removeprefix("TZID=")
    if key not in known or key == parameters:
        raise ValueError(f"the zone of {value} is not in the file")
    return moment.replace(tzinfo=zone_named(key))


def _repeat(rule: str) -> Repeat | None:
    if not rule:
        return None
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    if parts.keys() - {"FREQ", "INTERVAL", "COUNT"} or not {"FREQ", "COUNT"} <= parts.keys():
        raise ValueError(f"its repeat {rule[:60]} is not FREQ, COUNT and INTERVAL")
    return Repeat(parts["FREQ"], int(parts.get("INTERVAL", "1")), int(parts["COUNT"]))


def _alarm(part: Component) -> timedelta | None:
    if not part.parts:
        return None
    found = _TRIGGER.fullmatch(part.parts[0].value("TRIGGER"))
    if found is None or len(part.parts) > 1:
        raise ValueError("its alarm is not one length of time")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] else length
