"""Which words may stand in a calendar that anybody may see? These, and no word of a study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from regimen.events import Event
from regimen.languages import ENGLISH, Language, message, readable_languages
from regimen.render.ics.entry import ONE_DAY, exact
from regimen.render.ics.roles import Role
from regimen.render.spoken import moment_said, span_said, window_said

CALENDAR_NAME = message("Appointments")
TITLES = {
    "visit": message("Clinic visit"),
    "dose": message("Treatment day"),
    "activity": message("Appointment"),
    "milestone": message("Key date"),
    "infusion": message("Treatment"),
    Role.STOP: message("Treatment stops"),
    Role.BAG: message("Treatment change"),
}
UNKNOWN = TITLES["activity"]
_TENTATIVE, _OPTIONAL = message("to be confirmed"), message("may not take place")
AID = message("Planning aid: please check every date with the clinic.")
OPEN = frozenset({"planned", "tentative"})
"""States of what has not taken place, and still may."""
ANY_DAY = message("One visit on any day of these")
GONE = message("This date no longer applies.")
_BRACKETS = ("", " (", "\uff08")
"""What may follow the words of a title; Chinese has a bracket of full width."""


def title(event: Event, role: Role, language: Language = ENGLISH) -> str:
    """What an event, its stop or a change is called, in words that say nothing about the study."""
    words = language.say(TITLES[_key(event) if role in (Role.EVENT, Role.SERIES) else role])
    marks = [_TENTATIVE] if event.state == "tentative" else []
    marks += [_OPTIONAL] if event.optional else []
    return marked(words, [language.say(mark) for mark in marks], language)


def marked(title: str, marks: list[str], language: Language) -> str:
    """A title with what is uncertain about it."""
    separator = "、" if language.code.startswith("zh") else ", "
    return language.say("{title} ({marks})", title=title, marks=separator.join(marks)) if marks else title


def _key(event: Event) -> str:
    return "infusion" if event.continuous else event.kind


def sentences(event: Event, language: Language = ENGLISH, *, dated: bool = True) -> Iterator[str]:
    """What the days and times of an event are, and between which days it may move; undated there is nothing to say."""
    if not dated:
        return
    if event.continuous:
        days = span_said(event.first_day, event.last_day, language)
        yield language.say("First to last day: {days}", days=days)
        if isinstance(event.end, datetime):
            yield language.say("From start to stop: {times}", times=span_said(event.start, event.end, language))
        else:
            yield language.say("Stops: {day}", day=moment_said(event.last_day + ONE_DAY, language))
    elif isinstance(event.start, datetime):
        yield time_said(event, language)
    if event.any_day and event.state in OPEN:
        yield language.say(ANY_DAY)
    if event.window is not None:
        yield language.say("Possible: {days}", days=window_said(event.window, language))
    if event.preferred is not None:
        yield language.say("Preferred: {days}", days=window_said(event.preferred, language))


def time_said(event: Event, language: Language) -> str:
    """When something takes place; a moment has to be shown with some length."""
    times = span_said(event.start, event.end, language)
    if exact(event.start) == exact(event.end):
        return language.say("Time: {time}; no length is stated, shown as 15 min", time=times)
    return language.say("Time: {time}", time=times)


def cancelled(title: str, language: Language) -> str:
    """The title of what does not take place; some programs show it like anything else."""
    return language.say("Cancelled: {title}", title=title)


def not_cancelled(title: str) -> str:
    """The title without that mark, in whichever language it was written."""
    for language in readable_languages():
        title = title.removeprefix(cancelled("", language))
    return title


def known_title(summary: str, language: Language) -> str:
    """An earlier title, of any language, if it is one of these, else a word that says nothing."""
    words = not_cancelled(summary)
    for spoken in readable_languages():
        for known in TITLES.values():
            here = spoken.say(known)
            if any(words.startswith(here + bracket) if bracket else words == here for bracket in _BRACKETS):
                return language.say(known)
    return language.say(UNKNOWN)
