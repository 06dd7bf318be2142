"""How do we say what became of an event: its state, the day it was planned for, how late it was, how much was given?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from regimen.calendars.lateness import delay, inside
from regimen.events import Calendar, Event, day_of, exact_time
from regimen.render.words import day_in_words, moment_in_words, one_line

HAPPENED = frozenset({"given", "done"})
OFF = frozenset({"missed", "held", "cancelled", "not applicable"})
DO_NOT_TAKE = "Do not take: on hold"

Moment = date | datetime
_NONE = timedelta(0)
_PLAIN = re.compile(r"(?:given|done) [^(]* \(journal line (?P<line>\d+)(?:: recorded by [^;]*)?\)")


def is_replanned(calendar: Calendar) -> bool:
    """Whether a calendar is more than its plan: after a journal, or with anything put on another day."""
    return calendar.journal is not None or any(_differs(event) for event in calendar)


def _differs(event: Event) -> bool:
    return bool(event.planned or event.current or event.actual or event.because or event.given)


def state_in_words(event: Event, *, told: bool) -> str:
    """The state with the amount given, the time, or what it hangs on; a planned one has a word only if ``told``."""
    if event.state == "held":
        return DO_NOT_TAKE if event.kind == "dose" else "on hold"
    if event.state in HAPPENED:
        return " ".join(part for part in (event.state, one_line(event.given), _time(event)) if part)
    conditions = ", ".join(one_line(condition) for condition in event.conditions)
    if conditions:
        return f"{event.state} ({conditions})"
    return event.state if told or event.state != "planned" else ""


def plain_line(event: Event) -> str:
    """``line 4`` for what took place on its planned day with no more to say; empty where the reason has to be read."""
    found = _PLAIN.fullmatch(event.because)
    as_planned = event.was_planned is not None and not delay(event.start, event.was_planned)
    return f"line {found['line']}" if found is not None and as_planned and event.state in HAPPENED else ""


def _time(event: Event) -> str:
    """The time of day it took place at, where the calendar has only its day."""
    if not isinstance(event.actual, datetime) or isinstance(event.start, datetime):
        return ""
    return f"at {moment_in_words(event.actual).removeprefix(day_in_words(day_of(event.actual))).strip()}"


def days_beside(event: Event, *, zone: bool = True) -> Iterator[str]:
    """The planned day and the day it was due, where it lies on neither, and how far it lies from the day it was due."""
    planned, due, lies = event.was_planned, event.due, event.start
    if planned is None or (event.any_day and event.actual is not None):
        return
    if delay(lies, planned):
        yield f"planned {moment_in_words(planned, zone=zone)}"
    put = bool(delay(lies, due))
    if put and delay(due, planned):
        yield f"due {moment_in_words(due, zone=zone)}"
    since = due if put else planned
    if far := apart(since, lies):
        late, early = ("late", "early") if put and event.actual is not None else ("later", "earlier")
        yield f"{far} {late if delay(lies, since) > _NONE else early}"


def days_beside_each(event: Event) -> str:
    """As ``days_beside``, for a run of daily doses that lie equally far from their planned days."""
    planned = event.was_planned
    far = apart(planned, event.start) if planned is not None else ""
    if planned is None or not far:
        return ""
    return f"each {far} {'later' if delay(event.start, planned) > _NONE else 'earlier'} than planned"


def off_its_window(event: Event) -> str:
    """``2 d after its window``; empty for what lies inside, has no window, or does not take place."""
    lies, window = event.actual or event.start, event.window
    if window is None or event.state in OFF or inside(window, lies):
        return ""
    if delay(lies, window.earliest) < _NONE:
        return f"{apart(window.earliest, lies)} before its window"
    return f"{apart(window.latest, lies)} after its window"


def apart(one: Moment, other: Moment) -> str:
    """How far two moments are apart: ``5 d``, ``7 h``, ``1 d 2 h``; whole days where the clock shows the same time."""
    days = abs(day_of(other) - day_of(one))
    if not (isinstance(one, datetime) and isinstance(other, datetime)) or one.time() == other.time():
        return f"{days.days} d" if days else ""
    minutes = abs(exact_time(other, one)) // timedelta(minutes=1)
    sizes = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{size} {unit}" for size, unit in sizes if size)
