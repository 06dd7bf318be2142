"""Which words may stand in a calendar that anybody may see? These, and no word of a study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from regimen.events import Event
from regimen.render.ics.entry import ONE_DAY, exact
from regimen.render.ics.roles import Role
from regimen.render.words import moment_in_words, span_in_words, window_in_words

CALENDAR_NAME = "Appointments"
TITLES = {
    "visit": "Clinic visit",
    "dose": "Treatment day",
    "activity": "Appointment",
    "milestone": "Key date",
    "infusion": "Treatment",
    Role.STOP: "Treatment stops",
    Role.BAG: "Treatment change",
}
UNKNOWN = TITLES["activity"]
CANCELLED_MARK = "Cancelled: "
_TENTATIVE, _OPTIONAL = "to be confirmed", "may not take place"
AID = "Planning aid: please check every date with the clinic."
OPEN = frozenset({"planned", "tentative"})
"""States of what has not taken place, and still may."""
ANY_DAY = "One visit on any day of these"
GONE = "This date no longer applies."


def title(event: Event, role: Role) -> str:
    """What an event, its stop or a change is called, in words that say nothing about the study."""
    words = TITLES[_key(event) if role in (Role.EVENT, Role.SERIES) else role]
    marks = [_TENTATIVE] if event.state == "tentative" else []
    marks += [_OPTIONAL] if event.optional else []
    return f"{words} ({', '.join(marks)})" if marks else words


def _key(event: Event) -> str:
    return "infusion" if event.continuous else event.kind


def sentences(event: Event, *, dated: bool = True) -> Iterator[str]:
    """What the days and times of an event are, and between which days it may move; undated there is nothing to say."""
    if not dated:
        return
    if event.continuous:
        yield f"First to last day: {span_in_words(event.first_day, event.last_day)}"
        if isinstance(event.end, datetime):
            yield f"From start to stop: {span_in_words(event.start, event.end)}"
        else:
            yield f"Stops: {moment_in_words(event.last_day + ONE_DAY)}"
    elif isinstance(event.start, datetime):
        shown = "; no length is stated, shown as 15 min" if exact(event.start) == exact(event.end) else ""
        yield f"Time: {span_in_words(event.start, event.end)}{shown}"
    if event.any_day and event.state in OPEN:
        yield ANY_DAY
    if event.window is not None:
        yield f"Possible: {window_in_words(event.window)}"
    if event.preferred is not None:
        yield f"Preferred: {window_in_words(event.preferred)}"


def known_title(summary: str) -> str:
    """An earlier title if it is one of these, else a word that says nothing."""
    words = summary.removeprefix(CANCELLED_MARK).partition(" (")[0]
    return words if words in TITLES.values() else UNKNOWN
