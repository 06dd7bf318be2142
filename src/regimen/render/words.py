"""How do we say a date, a time, a span or a window so that nobody, in any country, reads another day?"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import datetime

from regimen.events import DatedWindow
from regimen.safetext import (
    day_in_words,
    day_without_year,
    happens_twice,
    is_skipped,
    moment_in_words,
    span_in_words,
    zone_in_words,
)
from regimen.safetext.saying import MONTHS
from regimen.timing import WEEKDAYS

__all__ = [
    "PLANNING_AID",
    "cleaned",
    "counted",
    "day_in_words",
    "happens_twice",
    "is_skipped",
    "moment_in_words",
    "one_line",
    "span_in_words",
    "window_in_words",
    "wrapped",
    "zone_in_words",
]

PLANNING_AID = "Planning aid: verify every date against the protocol."

_DATE = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}) )?\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}}\b)?|– (?=\w)")
# Marks that turn the reading direction can show "12" where the file says "21".
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def window_in_words(window: DatedWindow, *, zone: bool = True) -> str:
    """From earliest to latest, both inside, without what both share: ``Fri 1 – Thu 7 Jan 2027``."""
    earliest, latest = window.earliest, window.latest
    if isinstance(earliest, datetime) or isinstance(latest, datetime) or earliest == latest:
        return span_in_words(earliest, latest, zone=zone)
    if earliest.year != latest.year:
        return f"{day_in_words(earliest)} – {day_in_words(latest)}"
    first = day_without_year(earliest)
    if earliest.month == latest.month:
        first = first.removesuffix(f" {MONTHS[earliest.month - 1]}")
    return f"{first} – {day_in_words(latest)}"


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


def _is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _DIRECTION_MARKS
