"""How does a calendar become an .ics file that every calendar program reads as the same days and times?"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar

from regimen.errors import RegimenError
from regimen.events import Calendar, DatedWindow, Event, day_of
from regimen.render.outcomes import DO_NOT_TAKE, OFF, days_beside
from regimen.render.rows import infusion_in_words, name_of
from regimen.render.words import (
    PLANNING_AID,
    cleaned,
    is_skipped,
    moment_in_words,
    one_line,
    span_in_words,
    window_in_words,
)
from regimen.render.zones import Observance, observances

FIRST_REVISION = datetime(2000, 1, 1, tzinfo=UTC)
SHOWN_LENGTH = timedelta(minutes=15)
"""How long a moment without a stated length is shown; the format has no moments."""

_PRODID = "-//regimen//regimen calendar//EN"
_REFRESH = "P1D"
_ONE_DAY = timedelta(days=1)
_UTC_KEYS = frozenset({"UTC", "Etc/UTC"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT as it will be written: dates with an exclusive end day, or times in a named zone or UTC."""

    uid: str
    start: date | datetime
    end: date | datetime
    summary: str
    description: str
    status: str
    opaque: bool

    @property
    def order(self) -> tuple[str, str, str]:
        """By day, whole days first, then by exact time and UID."""
        exact = _exact(self.start).isoformat() if isinstance(self.start, datetime) else ""
        return day_of(self.start).isoformat(), exact, self.uid

    @property
    def facts(self) -> tuple[str, str, str, str, str]:
        """What a reader must find again in the file."""
        return self.uid, self.start.isoformat(), self.end.isoformat(), self.summary, self.status


def as_ics(calendar: Calendar, *, subject: str = "", secret: bytes = b"", revised: datetime = FIRST_REVISION) -> bytes:
    """The calendar as an .ics file: one VEVENT for each event, and one for the exact stop of a timed infusion.

    UIDs derive from ``secret``, study, arm, ``subject`` and the event's id; ``revised`` is the time stamp of all.
    Raises RegimenError with every event that cannot be written, and when the file does not read back as it should.
    """
    if revised.tzinfo is None:
        raise RegimenError("The revision time has no time zone; give one, such as 2027-01-04T10:00:00+00:00.")
    _refuse_faults(calendar)
    key = (calendar.study, calendar.arm, subject)
    entries = sorted((e for event in calendar for e in _entries(event, key, secret)), key=lambda e: e.order)
    written = _written(calendar, entries, revised.astimezone(UTC))
    _compare(entries, written)
    return written


def uid_of(event_id: str, study: str, arm: str, subject: str = "", secret: bytes = b"") -> str:
    """The same UID for the same inputs, from which none of them can be read back without the secret."""
    message = json.dumps([study, arm, subject, event_id]).encode("ascii")
    digest = bytearray(hmac.new(secret, message, hashlib.sha256).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # version 8: a UUID of the maker's own derivation (RFC 9562)
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest)))


def _refuse_faults(calendar: Calendar) -> None:
    faults = [f"{event.id}: {fault}" for event in calendar for fault in _faults(event)]
    repeated = sorted(name for name, count in Counter(event.id for event in calendar).items() if count > 1)
    faults += [f"{name}: several events have this id; each needs its own" for name in repeated]
    if not calendar.events:
        faults.append("The calendar has no dated events, and a calendar file without events is not valid.")
    if faults:
        raise RegimenError("\n".join(faults))


def _faults(event: Event) -> Iterator[str]:
    if isinstance(event.start, datetime) != isinstance(event.end, datetime):
        yield "starts with a time and ends with a day, or the reverse; give both as days or both as times"
        return
    naive = [m for m in (event.start, event.end) if isinstance(m, datetime) and m.utcoffset() is None]
    if naive:
        yield f"{moment_in_words(naive[0])} has no time zone; give the site's time zone, such as Europe/Berlin"
        return
    if not _has_neighbours(event):
        yield f"is on {span_in_words(event.first_day, event.last_day)}; a calendar file needs the day after as well"
        return
    for moment in dict.fromkeys((event.start, event.end)):
        if isinstance(moment, datetime) and is_skipped(moment):
            yield f"{moment_in_words(moment)} does not exist, the clock is set forward over it; choose another time"
    if _exact(event.end) < _exact(event.start):
        yield f"ends on {moment_in_words(event.end)}, before it starts on {moment_in_words(event.start)}"


def _has_neighbours(event: Event) -> bool:
    """Whether the days that the file also needs, for exclusive ends and for other time zones, can be written."""
    if not isinstance(event.start, datetime):
        return event.end != date.max
    return date.min + _ONE_DAY < event.first_day and day_of(event.end) < date.max - _ONE_DAY


def _exact(moment: date | datetime) -> datetime:
    """In UTC, since Python compares two times of one zone by the clock alone; a day as its midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, datetime.min.time(), UTC)


def _entries(event: Event, key: tuple[str, str, str], secret: bytes) -> Iterator[Entry]:
    status = "TENTATIVE" if event.state == "tentative" else "CANCELLED" if event.state in OFF else "CONFIRMED"
    summary, description = _summary(event), _description(event)
    uid = uid_of(event.id, *key, secret)
    start, end = event.start, event.end
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        yield Entry(uid, start, end + _ONE_DAY, summary, description, status, opaque=False)
    elif event.continuous and event.last_day > event.first_day:
        # The stop follows elapsed time, so no later change of a zone's rules may move it.
        stop, stop_uid = end.astimezone(UTC), uid_of(f"{event.id}#stop", *key, secret)
        yield Entry(uid, event.first_day, event.last_day + _ONE_DAY, summary, description, status, opaque=False)
        yield Entry(stop_uid, stop, stop + SHOWN_LENGTH, f"{summary} stops", description, status, opaque=False)
    else:
        shown_end = _in_file(end if _exact(end) > _exact(start) else _later(start))
        yield Entry(uid, _in_file(start), shown_end, summary, description, status, opaque=event.kind == "visit")


def _later(start: datetime) -> datetime:
    return (start.astimezone(UTC) + SHOWN_LENGTH).astimezone(start.tzinfo)


def _in_file(moment: datetime) -> datetime:
    """In its named zone, or in UTC where a name and a clock time would not say which moment is meant."""
    zone = moment.tzinfo
    named = isinstance(zone, ZoneInfo) and zone.key and zone.key not in _UTC_KEYS
    second_of_two = moment.fold == 1 and moment.replace(fold=0).utcoffset() != moment.utcoffset()
    return moment if named and not second_of_two else moment.astimezone(UTC)


def _summary(event: Event) -> str:
    marks = [event.state] if event.state != "planned" else []
    marks += ["optional"] if event.optional else []
    marks += [one_line(event.basis).partition(":")[0]] if event.basis != "stated" else []
    words = " ".join(part for part in (one_line(event.position), name_of(event)) if part)
    words = f"{words} ({', '.join(marks)})" if marks else words
    # A calendar program cuts what is long, so what must not be missed stands first.
    return f"{DO_NOT_TAKE}: {words}" if event.state == "held" and event.kind == "dose" else words


def _description(event: Event) -> str:
    return "\n".join([*_sentences(event), PLANNING_AID])


def _sentences(event: Event) -> Iterator[str]:
    if event.continuous:
        yield f"Infusion: {span_in_words(event.start, event.end)}, {infusion_in_words(event)}"
    elif isinstance(event.start, datetime):
        yield f"Time: {span_in_words(event.start, event.end)}{_shown(event)}"
    yield from _windows(event)
    if event.state != "planned" or event.conditions:
        yield f"State: {event.state}" + (
            f", hangs on {', '.join(map(one_line, event.conditions))}" if event.conditions else ""
        )
    if event.given:
        yield f"Given: {one_line(event.given)}"
    if beside := ", ".join(days_beside(event)):
        yield f"Beside the plan: {beside}"
    if event.optional:
        yield "Optional: may not happen"
    texts = {"Duration": event.duration, "To do": "; ".join(event.activities), "Why": event.why}
    texts |= {"Basis": event.basis if event.basis != "stated" else "", "Source": event.source}
    yield from (f"{name}: {one_line(text)}" for name, text in texts.items() if text)


def _windows(event: Event) -> Iterable[str]:
    windows: tuple[tuple[str, DatedWindow | None], ...] = (("Window", event.window), ("Preferred", event.preferred))
    return (f"{name}: {window_in_words(window)}" for name, window in windows if window)


def _shown(event: Event) -> str:
    return "; no length is stated, shown as 15 min" if _exact(event.start) == _exact(event.end) else ""


def _written(calendar: Calendar, entries: Sequence[Entry], revised: datetime) -> bytes:
    # A bare Calendar(): Calendar.new() adds a UID, over which a client shows a whole feed as one event.
    file = icalendar.Calendar()
    for name, text in (("PRODID", _PRODID), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        file.add(name, text)
    # icalendar leaves X-… properties unescaped unless they come as text values.
    file.add("X-WR-CALNAME", icalendar.vText(one_line(f"{calendar.study} {calendar.arm}")))
    file.add("REFRESH-INTERVAL", _ONE_DAY, parameters={"VALUE": "DURATION"})
    file.add("X-PUBLISHED-TTL", _REFRESH)
    for component in (*_timezones(entries), *(_vevent(entry, revised) for entry in entries)):
        file.add_component(component)
    content: bytes = file.to_ical()
    return content


def _vevent(entry: Entry, revised: datetime) -> icalendar.Event:
    event = icalendar.Event()
    texts = {"UID": entry.uid, "SUMMARY": entry.summary, "DESCRIPTION": cleaned(entry.description)}
    texts |= {"STATUS": entry.status, "TRANSP": "OPAQUE" if entry.opaque else "TRANSPARENT", "CLASS": "PRIVATE"}
    for name, text in texts.items():
        event.add(name, icalendar.vText(text))
    for name, moment in (
        ("DTSTAMP", revised),
        ("LAST-MODIFIED", revised),
        ("DTSTART", entry.start),
        ("DTEND", entry.end),
    ):
        event.add(name, moment)
    event.add("SEQUENCE", 0)
    return event


def _timezones(entries: Sequence[Entry]) -> Iterator[icalendar.Timezone]:
    """A VTIMEZONE for each zone in the file, over the days it is used there."""
    days: dict[str, list[date]] = {}
    zones: dict[str, ZoneInfo] = {}
    for moment in (moment for entry in entries for moment in (entry.start, entry.end)):
        if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo):
            zones[moment.tzinfo.key] = moment.tzinfo
            days.setdefault(moment.tzinfo.key, []).append(moment.date())
    for key in sorted(zones):
        timezone = icalendar.Timezone()
        timezone.add("TZID", key)
        for observance in observances(zones[key], min(days[key]), max(days[key])):
            timezone.add_component(_observance(observance))
        yield timezone


def _observance(one: Observance) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    component = icalendar.TimezoneDaylight() if one.daylight else icalendar.TimezoneStandard()
    component.add("DTSTART", one.start)
    component.add("TZOFFSETFROM", one.before)
    component.add("TZOFFSETTO", one.after)
    component.add("TZNAME", icalendar.vText(one.name))
    return component


def _compare(entries: Sequence[Entry], written: bytes) -> None:
    """Refuse a file that does not say, event by event, what was meant."""
    read = [_read(event) for event in icalendar.Calendar.from_ical(written).walk("VEVENT")]
    meant = [entry.facts for entry in entries]
    differences = [f"meant {m}, the file says {r}" for m, r in zip(meant, read, strict=False) if m != r]
    if len(read) != len(meant):
        differences.append(f"meant {len(meant)} events, the file has {len(read)}")
    if differences:
        raise RegimenError(
            "The calendar file does not read back as written; it was not made.\n" + "\n".join(differences)
        )


def _read(event: icalendar.Component) -> tuple[str, str, str, str, str]:
    start, end = event.decoded("DTSTART").isoformat(), event.decoded("DTEND").isoformat()
    return str(event["UID"]), start, end, str(event["SUMMARY"]), str(event["STATUS"])
