"""How do we say a date, a time, a span or a window so that nobody, in any country, reads another day?"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from regimen.events import DatedWindow, day_of

PLANNING_AID = "Planning aid: verify every date against the protocol."

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(rf"(?:(?:{'|'.join(_WEEKDAYS)}) )?\d{{1,2}} (?:{'|'.join(_MONTHS)})(?: \d{{4}}\b)?|– (?=\w)")
# Marks that turn the reading direction can show "12" where the file says "21".
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def day_in_words(day: date) -> str:
    """A day with its weekday, such as ``Mon 4 Jan 2027``, the same in every locale."""
    return f"{_without_year(day)} {day.year:04d}"


def moment_in_words(moment: date | datetime, *, zone: bool = True) -> str:
    """A day, or a day with its time and time zone; leave the zone out only where it is said once for all."""
    words = day_in_words(day_of(moment))
    if not isinstance(moment, datetime):
        return words
    return f"{words} {_clock(moment)}{_zone_suffix(moment, zone)}"


def span_in_words(start: date | datetime, end: date | datetime, *, zone: bool = True) -> str:
    """From start to end in full, such as ``Mon 5 Jan 2026 – Sun 11 Jan 2026``; a point in time is said once."""
    if _same_moment(start, end):
        return moment_in_words(start, zone=zone)
    if isinstance(start, datetime) and isinstance(end, datetime) and start.tzinfo is end.tzinfo:
        return _span_of_times(start, end, zone)
    return f"{moment_in_words(start, zone=zone)} – {moment_in_words(end, zone=zone)}"


def window_in_words(window: DatedWindow, *, zone: bool = True) -> str:
    """From earliest to latest, both inside, without what both share: ``Fri 1 – Thu 7 Jan 2027``."""
    earliest, latest = window.earliest, window.latest
    if isinstance(earliest, datetime) or isinstance(latest, datetime) or earliest == latest:
        return span_in_words(earliest, latest, zone=zone)
    if earliest.year != latest.year:
        return f"{day_in_words(earliest)} – {day_in_words(latest)}"
    first = _without_year(earliest)
    if earliest.month == latest.month:
        first = first.removesuffix(f" {_MONTHS[earliest.month - 1]}")
    return f"{first} – {day_in_words(latest)}"


def zone_in_words(zone: tzinfo | None) -> str:
    """The name of a time zone, such as ``Europe/Berlin``; empty for none."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    return zone.tzname(None) or str(zone)


def cleaned(text: str) -> str:
    """Text fit for any output: composed (NFC), lines parted by LF, without control or direction characters."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    lines = "\n".join(text.splitlines()).replace("\t", " ")
    kept = "".join(character for character in lines if character == "\n" or _is_harmless(character))
    return unicodedata.normalize("NFC", kept).strip("\n")


def one_line(text: str) -> str:
    """The cleaned text on a single line, with single spaces."""
    return " ".join(cleaned(text).split())


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of at most ``width`` where words allow; a date is never cut in two."""
    tied = _DATE.sub(lambda found: found.group().replace(" ", "\u00a0"), text)
    lines = textwrap.wrap(
        tied, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace("\u00a0", " ") for line in lines] or [first.rstrip()]


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: ``1 dose``, ``14 doses``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _without_year(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _clock(moment: datetime) -> str:
    clock = moment.strftime("%H:%M:%S") if moment.second else moment.strftime("%H:%M")
    # Which of its two midnights a date means is a known source of doses on the wrong day.
    return f"{clock} (start of day)" if clock == "00:00" else clock


def _zone_suffix(moment: datetime, zone: bool) -> str:
    name = f" {zone_in_words(moment.tzinfo)}" if zone and moment.tzinfo else ""
    return f"{name} ({_utc_offset(moment)})" if happens_twice(moment) else name


def happens_twice(moment: datetime) -> bool:
    """Whether the clock shows this time twice that day, because it is set back."""
    if moment.tzinfo is None:
        return False
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def is_skipped(moment: datetime) -> bool:
    """Whether the clock never shows this time, because it is set forward over it."""
    if moment.tzinfo is None:
        return False
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    return first is not None and second is not None and first < second


def _utc_offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def _span_of_times(start: datetime, end: datetime, zone: bool) -> str:
    if start.date() == end.date() and not happens_twice(start):
        return f"{day_in_words(start.date())} {_clock(start)}–{_clock(end)}{_zone_suffix(end, zone)}"
    return f"{moment_in_words(start, zone=False)} – {moment_in_words(end, zone=zone)}"


def _same_moment(start: date | datetime, end: date | datetime) -> bool:
    return isinstance(start, datetime) == isinstance(end, datetime) and start == end and _fold(start) == _fold(end)


def _fold(moment: date | datetime) -> int:
    return moment.fold if isinstance(moment, datetime) else 0


def _is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _DIRECTION_MARKS
