"""Does a file's name tell what the file keeps to itself?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from regimen.errors import RegimenError
from regimen.events import Calendar

SUGGESTION = "appointments.ics"
HARMLESS = frozenset(
    {
        "about", "activity", "after", "again", "appointment", "appointments", "arm", "assessment", "before", "between",
        "calendar", "clinic", "control", "cycle", "cycles", "date", "dates", "day", "days", "dose", "doses", "during",
        "early", "end", "ends", "evaluation", "file", "first", "follow", "followup", "from", "into", "last", "late",
        "main", "maintenance", "model", "month", "months", "new", "next", "observation", "patient", "patients", "phase",
        "plan", "response", "screening", "second", "single", "standard", "start", "starts", "study", "subject",
        "subjects", "therapy", "three", "treatment", "trial", "update", "using", "versus", "visit", "visits", "week",
        "weekly", "weeks", "when", "with", "without", "year", "years",
    }
)  # fmt: skip
"""Words of titles and labels that say nothing about a study, a drug or a disease."""
_REGISTRY_NUMBER = re.compile(r"nct\d{4,}|isrctn\d+|\d{4}-\d{6}-\d{2}(?!\d)|(?:jrct|ctri|chictr|drks|actrn)\w*\d+")
_WORD = re.compile(r"[^\W_]+")
_LONG_ENOUGH_INSIDE = 5
_TITLE_WORD = 4


def refuse_telling_name(path: str | PurePath, calendar: Calendar, subject: str = "", more: Iterable[str] = ()) -> None:
    """Raise RegimenError if the file's own name holds a word of the study or of the subject.

    ``more`` are other names that tell as much, such as the definition's. Folders are not looked at: they are not sent.
    """
    name = PurePath(path).stem
    found = telling_words(name, calendar, subject, more)
    if found:
        raise RegimenError(
            f"The file name {name} tells {', '.join(found)}, which the discreet profile keeps out of the file. Choose "
            f"a name that says nothing, such as -o {SUGGESTION}, or --profile full if whoever sees it may know."
        )


def telling_words(name: str, calendar: Calendar, subject: str = "", more: Iterable[str] = ()) -> list[str]:
    """The words in a name that tell something about study, drug, disease or subject."""
    words, whole = {word.casefold() for word in _WORD.findall(name)}, name.casefold()
    squeezed = "".join(_WORD.findall(whole))
    told = {word for word in set(_study_words(calendar, more)) if _holds(words, squeezed, word)}
    told |= set(_REGISTRY_NUMBER.findall(whole))
    key = "".join(_WORD.findall(subject.casefold()))
    told |= {subject} if key and (key in words or (len(key) > 2 and key in squeezed)) else set()
    return sorted(told)


def _holds(words: set[str], squeezed: str, word: str) -> bool:
    return word in words or (len(word) >= _LONG_ENOUGH_INSIDE and word in squeezed)


def _study_words(calendar: Calendar, more: Iterable[str]) -> Iterator[str]:
    keys = [calendar.study, calendar.arm, *calendar.lanes, *more]
    labels = [
        *calendar.lanes.values(),
        *(text for event in calendar for text in (event.item, event.label, event.dose or "")),
    ]
    for text in dict.fromkeys([*keys, *labels]):
        yield from _telling(text, 2)
    yield from _telling(calendar.title, _TITLE_WORD)


def _telling(text: str, shortest: int) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        if len(word) >= shortest and word not in HARMLESS and not word.isdecimal():
            yield word
