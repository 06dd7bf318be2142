"""How are a day, a time, a stretch and a window said in the reader's language? In English as everywhere else."""

from __future__ import annotations

from datetime import date, datetime

from regimen.events import DatedWindow, day_of
from regimen.languages import Language
from regimen.render.words import day_in_words, happens_twice, moment_in_words, span_in_words, window_in_words
from regimen.safetext.saying import clock_in_words


def moment_said(moment: date | datetime, language: Language, *, zone: bool = True) -> str:
    """A day in full, with its time and time zone if it has them."""
    if language.is_english:
        return moment_in_words(moment, zone=zone)
    day = language.day(day_of(moment))
    if not isinstance(moment, datetime):
        return day
    return language.say("{day}, {time}", day=day, time=_clock(moment, language)) + _zone(moment, zone)


def span_said(start: date | datetime, end: date | datetime, language: Language, *, zone: bool = True) -> str:
    """From start to end, both in full; a point in time, and the day of two times, is said once."""
    if language.is_english:
        return span_in_words(start, end, zone=zone)
    first, last = (moment_said(moment, language, zone=zone) for moment in (start, end))
    if first == last:
        return first
    if isinstance(start, datetime) and isinstance(end, datetime) and start.tzinfo is end.tzinfo:
        if start.date() == end.date() and not happens_twice(start):
            times = f"{_clock(start, language)}–{_clock(end, language)}"
            day = language.day(start.date())
            return language.say("{day}, {time}", day=day, time=times) + _zone(end, zone)
        first = moment_said(start, language, zone=False)
    return language.say("{first} – {last}", first=first, last=last)


def window_said(window: DatedWindow, language: Language, *, zone: bool = True) -> str:
    """From earliest to latest, both inside."""
    if language.is_english:
        return window_in_words(window, zone=zone)
    return span_said(window.earliest, window.latest, language, zone=zone)


def _clock(moment: datetime, language: Language) -> str:
    """Midnight says which of the two it is."""
    clock = language.time(moment)
    return language.say("{time} (start of day)", time=clock) if clock == "00:00" else clock


def _zone(moment: datetime, zone: bool) -> str:
    """What English says after the time: the zone's name, and of a time that comes twice which of the two."""
    said = moment_in_words(moment, zone=zone)
    return said.removeprefix(f"{day_in_words(day_of(moment))} {clock_in_words(moment)}")
