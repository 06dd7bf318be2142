"""Which words may stand in a calendar that anybody may see? These, and no word of a study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from regimen.events import Event
from regimen.render.ics.entry import exact
from regimen.render.words import span_in_words, window_in_words

CALENDAR_NAME = "Appointments"
TITLES = {
    "visit": "Clinic visit",
    "dose": "Treatment day",
    "activity": "Appointment",
    "milestone": "Key date",
    "infusion": "Treatment",
    "stop": "Treatment stops",
    "bag": "Treatment change",
}
CANCELLED_MARK = "Cancelled: "
TENTATIVE_MARK, OPTIONAL_MARK = "to be confirmed", "may not take place"
AID = "Planning aid: please check every date with the clinic."


def title(event: Event, role: str) -> str:
    """The title of an event, or of its ``stop`` or ``bag``, in words that say nothing about the study."""
    words = TITLES["infusion" if role == "event" and event.continuous else event.kind if role == "event" else role]
    marks = [TENTATIVE_MARK] if event.state == "tentative" else []
    marks += [OPTIONAL_MARK] if event.optional else []
    return f"{words} ({', '.join(marks)})" if marks else words


def sentences(event: Event) -> Iterator[str]:
    """What the dates of an event are, and nothing else."""
    if event.continuous:
        yield f"First to last day: {span_in_words(event.first_day, event.last_day)}"
        if isinstance(event.end, datetime):
            yield f"From start to stop: {span_in_words(event.start, event.end)}"
    elif isinstance(event.start, datetime):
        shown = "; no length is stated, shown as 15 min" if exact(event.start) == exact(event.end) else ""
        yield f"Time: {span_in_words(event.start, event.end)}{shown}"
    if event.window is not None:
        yield f"Possible: {window_in_words(event.window)}"
    if event.preferred is not None:
        yield f"Preferred: {window_in_words(event.preferred)}"
