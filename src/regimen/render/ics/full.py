"""What does an entry say to somebody who may know everything? Position, dose, window, reason and basis.

In another language the words around them are translated; what the protocol says, doses and reasons stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from regimen.events import Calendar, Event
from regimen.languages import ENGLISH, Language, message
from regimen.render.ics.entry import ONE_DAY
from regimen.render.ics.roles import Role
from regimen.render.ics.vocabulary import ANY_DAY, OPEN, marked, time_said
from regimen.render.rows import infusion_in_words, infusion_length, name_of
from regimen.render.spoken import moment_said, span_said, window_said
from regimen.render.words import one_line

AID = message("Planning aid: verify every date against the protocol.")
_ADDED = {Role.STOP: message("{title} stops"), Role.BAG: message("{title} bag change")}
_STATES = (
    message("planned"), message("tentative"), message("given"), message("done"), message("missed"), message("held"),
    message("cancelled"), message("not applicable"), message("assumed"), message("not stated"),
)  # fmt: skip
"""The states of an event and the beginnings of its basis, each said as it is."""


def calendar_name(calendar: Calendar, subject: str) -> str:
    """The study, the arm and the subject's key."""
    return one_line(" ".join(part for part in (calendar.study, calendar.arm, subject) if part))


def title(event: Event, role: Role, language: Language = ENGLISH) -> str:
    """Position, what is given, and what is uncertain about it; a series has no one position."""
    marks = [language.say(event.state)] if event.state != "planned" else []
    marks += [language.say("optional")] if event.optional else []
    marks += [language.say(one_line(event.basis).partition(":")[0])] if event.basis != "stated" else []
    position = "" if role is Role.SERIES else one_line(event.position)
    words = " ".join(part for part in (position, language.amount(name_of(event))) if part)
    if role in _ADDED:
        words = language.say(_ADDED[role], title=words)
    return marked(words, marks, language)


def sentences(event: Event, language: Language = ENGLISH, *, dated: bool = True) -> Iterator[str]:
    """Times, windows, state, what is done, why that day, where it is from; ``dated``, with what hangs on the day.

    What was recorded, and why, stays out: it may be of a medical kind.
    """
    if dated:
        yield from _dates(event, language)
    if event.conditions:
        conditions = ", ".join(map(one_line, event.conditions))
        yield language.say("State: {state}, hangs on {what}", state=language.say(event.state), what=conditions)
    elif event.state != "planned":
        yield language.say("State: {state}", state=language.say(event.state))
    if event.optional:
        yield language.say("Optional: may not happen")
    because = event.why if dated and not event.because else ""
    basis = event.basis if event.basis != "stated" else ""
    yield from _told(language.amount(event.given), message("Given: {text}"), language)
    yield from _told(event.duration, message("Duration: {text}"), language)
    yield from _told("; ".join(event.activities), message("To do: {text}"), language)
    yield from _told(because, message("Why: {text}"), language)
    yield from _told(basis, message("Basis: {text}"), language)
    yield from _told(event.source, message("Source: {text}"), language)


def _told(text: str | None, label: str, language: Language) -> Iterator[str]:
    if text:
        yield language.say(label, text=one_line(text))


def _dates(event: Event, language: Language) -> Iterator[str]:
    if event.continuous:
        yield _infusion(event, language)
    elif isinstance(event.start, datetime):
        yield time_said(event, language)
    if event.any_day and event.state in OPEN:
        yield language.say(ANY_DAY)
    if event.window is not None:
        yield language.say("Window: {days}", days=window_said(event.window, language))
    if event.preferred is not None:
        yield language.say("Preferred: {days}", days=window_said(event.preferred, language))
    if event.planned is not None:
        yield language.say("Planned: {day}", day=moment_said(event.planned, language))


def _infusion(event: Event, language: Language) -> str:
    """From when to when, for how long, and when it stops."""
    days = span_said(event.start, event.end, language)
    if language.is_english:
        return f"Infusion: {days}, {infusion_in_words(event)}"
    number, hours = infusion_length(event)
    length = language.say("{hours} h", hours=hours) if hours else language.plural("{n} day", "{n} days", n=number)
    stop = event.end if isinstance(event.end, datetime) or event.end == date.max else event.end + ONE_DAY
    words = message("Infusion: {days}; length: {length}; stops: {day}")
    if event.end == date.max:
        words = message("Infusion: {days}; length: {length}; stops at the end of {day}")
    return language.say(words, days=days, length=length, day=moment_said(stop, language))
