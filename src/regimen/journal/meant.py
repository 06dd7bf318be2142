"""Which dose is meant by a drug and a day? One, or a refusal that shows all that may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from regimen.events import Event, day_of
from regimen.facts import Fact
from regimen.journal.dates import moment_text
from regimen.journal.known import OF_EVENTS, Known, due_in_words, outside
from regimen.journal.requirements import Complaint
from regimen.moments import Moment

_CLOSED = frozenset({"given", "done", "missed", "cancelled", "not applicable"})
_GIVE_ID = "give the id of the one that is meant"


def meant(fact: Fact, known: Known) -> tuple[Fact | Complaint, tuple[str, ...]]:
    """The fact with an id for a key, and a note of that, where one event can be meant; else the complaint."""
    items = {event.item for event in known.events.values() if event.kind in OF_EVENTS.get(fact.what, ())}
    if fact.what == "moved" or fact.target not in items:
        return fact, ()
    if fact.on is None:
        return Complaint("on", f"which {fact.target} is meant is not said", "", "give the day, or the event's id"), ()
    events = sorted((e for e in known.events.values() if e.item == fact.target), key=lambda e: (day_of(e.due), e.id))
    possible = _possible(events, fact.on, known)
    if len(possible) != 1:
        return _not_one(fact, fact.on, possible, events, known), ()
    return replace(fact, target=possible[0].id), (f"taken to be {due_in_words(possible[0])}.",)


def _possible(events: Sequence[Event], on: Moment, known: Known) -> list[Event]:
    """The events that are due on the day or whose window holds it; without a window, the nearest before."""
    day = day_of(on)
    nearest = max((day_of(event.due) for event in events if day_of(event.due) <= day), default=None)
    open_ = [event for event in events if event.id not in known.recorded and event.state not in _CLOSED]
    within = [event for event in open_ if event.window is not None and outside(event.window, on) == 0]
    before = [event for event in within if day_of(event.due) <= day]
    before += [event for event in open_ if event.window is None and day_of(event.due) == nearest]
    if any(day_of(event.due) == day for event in before):
        return before
    return before + [event for event in within if day_of(event.due) > day] + _nearer(before, open_, on)


def _nearer(before: Sequence[Event], open_: Sequence[Event], on: Moment) -> list[Event]:
    """The next event without a window, if the day is nearer to it than to the one before: either may be meant."""
    after = [event for event in open_ if event.window is None and day_of(event.due) > day_of(on)]
    if not before or not after:
        return []
    late = min(day_of(on) - day_of(event.due) for event in before)
    early = day_of(after[0].due) - day_of(on)
    return (
        [event for event in after if day_of(event.due) == day_of(after[0].due)] if timedelta(0) < early < late else []
    )


def _not_one(fact: Fact, on: Moment, possible: Sequence[Event], events: Sequence[Event], known: Known) -> Complaint:
    if possible:
        found = f"{len(possible)} events may be meant by {fact.target} on {moment_text(on)}"
        return Complaint("target", found, " or ".join(map(due_in_words, possible)), _GIVE_ID)
    near = sorted(events, key=lambda event: abs(day_of(event.due) - day_of(on)))[:2]
    said = [due_in_words(event) + _line(event, known) for event in near]
    return Complaint(
        "target", f"no {fact.target} is open on {moment_text(on)}", f"nearest: {'; '.join(said)}", _GIVE_ID
    )


def _line(event: Event, known: Known) -> str:
    return f", recorded on line {known.recorded[event.id]}" if event.id in known.recorded else ""
