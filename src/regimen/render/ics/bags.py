"""When are the bags of an infusion changed, and how long does each run?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from regimen.events import Event, exact_time
from regimen.languages import ENGLISH, Language
from regimen.render.ics.entry import ONE_DAY, SHOWN_LENGTH, exact
from regimen.render.ics.options import Options, minutes_of
from regimen.render.words import counted, one_line

_MINUTE = timedelta(minutes=1)


def bag_lengths(event: Event, options: Options) -> tuple[timedelta, ...]:
    """How long each bag runs, in order; together exactly as long as the infusion. Empty where it cannot be known."""
    length = _length(event, options)
    if length is None or not event.continuous or (length % ONE_DAY and not isinstance(event.start, datetime)):
        return ()
    whole = _whole(event)
    full, rest = divmod(whole, length)
    return (*[length] * full, *([rest] if rest else []))


def bag_changes(event: Event, options: Options) -> Iterator[tuple[date | datetime, date | datetime]]:
    """The start and end of the entry for each change: moments in UTC, or whole days where no time is known."""
    passed = timedelta(0)
    for length in bag_lengths(event, options)[:-1]:
        passed += length
        if isinstance(event.start, datetime):
            moment = exact(event.start) + passed
            yield moment, moment + SHOWN_LENGTH
        else:
            day = event.start + passed
            yield day, day + ONE_DAY


def bags_in_words(lengths: tuple[timedelta, ...], language: Language = ENGLISH) -> str:
    """``7 of 96 h``, or ``1 of 96 h and 1 of 72 h``."""
    runs: dict[timedelta, int] = {}
    for length in lengths:
        runs[length] = runs.get(length, 0) + 1
    said = (language.say("{n} of {length}", n=number, length=_in_words(length)) for length, number in runs.items())
    return language.say(" and ").join(said)


def bag_notes(events: Iterable[Event], options: Options) -> Iterator[str]:
    """A sentence for each drug with infusions whose bags cannot be shown."""
    without: dict[str, list[Event]] = {}
    for event in events:
        if event.continuous and not bag_lengths(event, options):
            without.setdefault(one_line(event.label), []).append(event)
    for label, found in without.items():
        if _length(found[0], options) is None:
            why = "no bag length is stated; give one, such as --bags 96h"
        else:
            why = "they start without a clock time; give their anchor one, such as --on first_dose=2027-01-04T10:00"
        yield f"No bag changes are shown for {counted(len(found), 'infusion')} of {label}: {why}."


def _length(event: Event, options: Options) -> timedelta | None:
    span = event.bags or options.bag_length
    minutes = minutes_of(span) if span is not None else None
    return minutes * _MINUTE if minutes else None


def _whole(event: Event) -> timedelta:
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return exact_time(event.end, event.start)
    return (event.last_day - event.first_day) + ONE_DAY


def _in_words(length: timedelta) -> str:
    hours, rest = divmod(length // _MINUTE, 60)
    return f"{hours} h {rest} min" if rest and hours else f"{rest} min" if rest else f"{hours} h"
