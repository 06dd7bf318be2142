"""What does an entry say to somebody who may know everything? Position, dose, window, reason and basis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from regimen.events import Calendar, Event
from regimen.render.ics.entry import exact
from regimen.render.ics.roles import Role
from regimen.render.ics.vocabulary import ANY_DAY, OPEN
from regimen.render.rows import infusion_in_words, name_of
from regimen.render.words import PLANNING_AID, moment_in_words, one_line, span_in_words, window_in_words

AID = PLANNING_AID
_ADDED = {Role.EVENT: "", Role.SERIES: "", Role.STOP: " stops", Role.BAG: " bag change"}


def calendar_name(calendar: Calendar, subject: str) -> str:
    """The study, the arm and the subject's key."""
    return one_line(" ".join(part for part in (calendar.study, calendar.arm, subject) if part))


def title(event: Event, role: Role) -> str:
    """Position, what is given, and what is uncertain about it; a series has no one position."""
    marks = [event.state] if event.state != "planned" else []
    marks += ["optional"] if event.optional else []
    marks += [one_line(event.basis).partition(":")[0]] if event.basis != "stated" else []
    position = "" if role is Role.SERIES else one_line(event.position)
    words = " ".join(part for part in (position, name_of(event)) if part) + _ADDED[role]
    return f"{words} ({', '.join(marks)})" if marks else words


def sentences(event: Event, *, dated: bool = True) -> Iterator[str]:
    """Times, windows, state, what is done, why that day, where it is from; ``dated``, with what hangs on the day.

    What was recorded, and why, stays out: it may be of a medical kind.
    """
    if dated:
        yield from _time(event)
        if event.any_day and event.state in OPEN:
            yield ANY_DAY
        for name, window in (("Window", event.window), ("Preferred", event.preferred)):
            if window is not None:
                yield f"{name}: {window_in_words(window)}"
        if event.planned is not None:
            yield f"Planned: {moment_in_words(event.planned)}"
    if event.state != "planned" or event.conditions:
        hangs = f", hangs on {', '.join(map(one_line, event.conditions))}" if event.conditions else ""
        yield f"State: {event.state}{hangs}"
    if event.optional:
        yield "Optional: may not happen"
    texts = {
        "Given": event.given,
        "Duration": event.duration,
        "To do": "; ".join(event.activities),
        "Why": event.why if dated and not event.because else "",
    }
    texts |= {"Basis": event.basis if event.basis != "stated" else "", "Source": event.source}
    yield from (f"{name}: {one_line(text)}" for name, text in texts.items() if text)


def _time(event: Event) -> Iterator[str]:
    if event.continuous:
        yield f"Infusion: {span_in_words(event.start, event.end)}, {infusion_in_words(event)}"
    elif isinstance(event.start, datetime):
        shown = "; no length is stated, shown as 15 min" if exact(event.start) == exact(event.end) else ""
        yield f"Time: {span_in_words(event.start, event.end)}{shown}"
