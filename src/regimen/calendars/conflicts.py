"""Can all of this take place? A last look over the events after what happened, for what no rule has settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from regimen.events import Event, Notice, day_of
from regimen.moments import spoken

_HAPPENED = ("given", "done")
_OPEN = ("planned", "tentative")


def looked_over(events: Sequence[Event], newest: date | None) -> tuple[list[Event], list[Notice]]:
    """The events, what cannot be settled as tentative, and a decision for each; ``newest`` is the last fact's day.

    Found are two doses of a drug on a day, infusions that run at once, doses out of their order, and what was brought
    forward to before what has already been recorded. What the plan itself has so is not found again.
    """
    notices: dict[str, Notice] = {}
    for event, sentence in (*_drugs(events), *_in_the_past(events, newest)):
        if event.id not in notices:
            notices[event.id] = Notice(
                "decision", event.id, sentence, "Decide, and record a delay, a skip or a correction."
            )
    doubtful = [_doubtful(event) if event.id in notices and event.state in _OPEN else event for event in events]
    return doubtful, list(notices.values())


def _doubtful(event: Event) -> Event:
    return replace(event, state="tentative", conditions=(*event.conditions, "its day is to be decided"))


def _drugs(events: Sequence[Event]) -> Iterator[tuple[Event, str]]:
    drugs: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "dose" and event.state in (*_HAPPENED, *_OPEN):
            drugs.setdefault(event.label, []).append(event)
    for doses in drugs.values():
        doses.sort(key=lambda event: (event.first_day, str(event.was_planned), event.id))
        yield from _pairs(doses)


def _pairs(doses: Sequence[Event]) -> Iterator[tuple[Event, str]]:
    for one, other in pairwise(doses):
        if not (_moved(one) or _moved(other)):
            continue
        late = other if other.state in _OPEN else one
        name, first = f"{other.position or other.id}", f"{one.position or one.id}"
        if one.continuous and other.continuous and other.first_day <= one.last_day:
            yield late, f"the infusions of {first} and {name} would run at once from {spoken(other.first_day)}."
        elif one.first_day == other.first_day and _day(one) != _day(other):
            yield late, f"{one.label} of {first} and of {name} would fall on one day, {spoken(one.first_day)}."
        elif _day(other) < _day(one) and _unsettled(one, other):
            yield late, f"{one.label} of {name} would come after that of {first}, which the plan has later."


def _unsettled(one: Event, other: Event) -> bool:
    return one.state in _OPEN or other.state in _OPEN


def _moved(event: Event) -> bool:
    return event.planned is not None or event.current is not None or event.is_piece


def _day(event: Event) -> date:
    return day_of(event.was_planned or event.start)


def _in_the_past(events: Sequence[Event], newest: date | None) -> Iterator[tuple[Event, str]]:
    """What was planned for after the newest fact and has been moved to before it."""
    for event in events:
        planned = event.planned
        if newest is None or planned is None or event.state != "planned" or event.kind == "milestone":
            continue
        if event.first_day < newest <= day_of(planned):
            yield event, f"it was brought forward to {spoken(event.first_day)}, before what was recorded last."
