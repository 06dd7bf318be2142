"""Does a fact name something that this subject's plan has, and which dose is meant by a drug and a day?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from regimen.events import Calendar, DatedWindow, Event, day_of
from regimen.facts import ALL, Fact, effective
from regimen.journal.dates import moment_text
from regimen.journal.requirements import Complaint
from regimen.moments import Moment

if TYPE_CHECKING:
    from regimen.plan import Plan

_TAKES_PLACE = {"dose": "given", "visit": "done", "activity": "done"}
_OF_EVENTS = {
    "given": ("dose",),
    "done": ("visit", "activity"),
    "missed": ("dose", "visit", "activity"),
    "skipped": ("dose", "visit", "activity"),
    "moved": ("dose", "visit", "activity"),
}
"""Facts about one event, with the kinds of events they can be about."""
_OF_SCOPES = {
    "delayed": ("cycle", "epoch", "event"),
    "held": ("all", "drug", "epoch", "cycle"),
    "restarted": ("all", "drug", "epoch", "cycle"),
    "reduced": ("drug",),
    "discontinued": ("all", "drug", "epoch"),
}
"""Facts about a stretch of the plan, with what can be named."""
_OUTCOMES = frozenset({"given", "done", "missed", "skipped"})
_ODD_STATES = frozenset({"cancelled", "not applicable", "held", "tentative"})
_CYCLE = re.compile(r"(?:.*/)?(?:c|course)\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """What a subject's facts can be about, as the plan and the present calendar have it."""

    anchors: Mapping[str, str]
    """Anchor keys and titles."""
    decisions: Mapping[str, tuple[str, ...]]
    """Questions and their possible answers."""
    kinds: Mapping[str, str]
    """Ids of everything that may happen, with the kind of event."""
    drugs: Mapping[str, tuple[str, ...]]
    """Drugs, with their dose levels."""
    epochs: tuple[str, ...] = ()
    events: Mapping[str, Event] = field(default_factory=dict)
    """Dated events by id; empty while the calendar cannot be made."""
    recorded: Mapping[str, int] = field(default_factory=dict)
    """Events whose outcome was recorded, with its line."""

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles and courses that ids begin with."""
        beginnings = {id.rsplit("/", n)[0] for id in self.kinds for n in range(1, id.count("/"))}
        return tuple(sorted(place for place in beginnings if _CYCLE.fullmatch(place)))


def known_targets(
    plan: Plan,
    calendar: Calendar | None = None,
    *,
    decisions: Mapping[str, tuple[str, ...]] | None = None,
    facts: Sequence[Fact] = (),
) -> Known:
    """What facts can be about: from the present calendar, or from the plan while nothing is dated."""
    contents = [(point.id, point.content) for point in plan if point.content is not None]
    kinds = {id: content.kind for id, content in contents}
    if calendar is not None:
        waiting = {id for part in calendar.waiting for id in part.events}
        kinds = {id: kind for id, kind in kinds.items() if id in waiting} | {e.id: e.kind for e in calendar}
    drugs = {
        content.item: tuple(name for name, _ in content.levels) for _, content in contents if content.kind == "dose"
    }
    return Known(
        plan.anchors, decisions or {}, kinds, drugs, tuple(plan.epochs),
        {event.id: event for event in calendar} if calendar is not None else {},
        {fact.target: fact.number for fact in effective(facts) if fact.what in _OUTCOMES},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """A fact with the id that was meant, what is wrong with its target, and what to know about it."""

    fact: Fact
    complaints: tuple[Complaint, ...] = ()
    notes: tuple[str, ...] = ()


def settled(fact: Fact, known: Known) -> Settled:
    """The fact with its target checked; a drug's or visit's key with a day becomes the id of the event meant."""
    said = fact.instead if fact.what == "corrected" else fact
    if said is None or not said.target:
        return Settled(fact)
    meant, notes = _meant(said, known)
    if isinstance(meant, Complaint):
        return Settled(fact, (_inside(meant, fact),))
    wrong = tuple(_inside(complaint, fact) for complaint in _complaints(meant, known))
    notes += tuple(_state_notes(meant, known))
    return Settled(replace(fact, instead=meant) if fact.what == "corrected" else meant, wrong, notes)


def _inside(complaint: Complaint, fact: Fact) -> Complaint:
    if fact.what != "corrected":
        return complaint
    remedy = "say why with --reason" if complaint.key == "why" else complaint.remedy
    return complaint._replace(key=f"instead.{complaint.key}", remedy=remedy)


# ---------------------------------------------------------------- which event


def _meant(fact: Fact, known: Known) -> tuple[Fact | Complaint, tuple[str, ...]]:
    """The fact with an id for a key, where one event can be meant; else the complaint."""
    items = {event.item for event in known.events.values() if event.kind in _OF_EVENTS.get(fact.what, ())}
    if fact.what == "moved" or fact.target not in items:
        return fact, ()
    if fact.on is None:
        return Complaint(
            "on", f"which {fact.target} is meant is not said", remedy="give the day, or the event's id"
        ), ()
    possible = _possible(fact, fact.on, known)
    if len(possible) == 1:
        event = possible[0]
        return replace(fact, target=event.id), (f"taken to be {_due(event)}.",)
    if possible:
        found = f"{len(possible)} events may be meant by {fact.target} on {moment_text(fact.on)}"
        return Complaint("target", found, " or ".join(map(_due, possible)), "give the id of the one that is meant"), ()
    near = _nearest(fact, fact.on, known)
    found = f"no {fact.target} is open on {moment_text(fact.on)}"
    return Complaint("target", found, f"nearest are {'; '.join(near)}", "give the id of the one that is meant"), ()


def _possible(fact: Fact, on: Moment, known: Known) -> list[Event]:
    """The events that are due on the day or whose window holds it; without a window, the nearest before."""
    events = [event for event in known.events.values() if event.item == fact.target]
    day = day_of(on)
    nearest = max((day_of(event.due) for event in events if day_of(event.due) <= day), default=None)
    open_ = [event for event in events if event.id not in known.recorded and event.state not in _CLOSED]
    before = [
        event
        for event in open_
        if day_of(event.due) <= day
        and (day_of(event.due) == nearest if event.window is None else outside(event.window, on) == 0)
    ]
    if any(day_of(event.due) == day for event in before):
        return before
    return before + [
        event
        for event in open_
        if day_of(event.due) > day and event.window is not None and outside(event.window, on) == 0
    ]


_CLOSED = frozenset({"given", "done", "missed", "cancelled", "not applicable"})


def _nearest(fact: Fact, on: Moment, known: Known) -> list[str]:
    events = [event for event in known.events.values() if event.item == fact.target]
    events.sort(key=lambda event: (abs((day_of(event.due) - day_of(on)).days), event.id))
    return [_due(event) + (f", recorded on line {known.recorded[event.id]}" if event.id in known.recorded else "")
            for event in events[:2]]  # fmt: skip


def _due(event: Event) -> str:
    window = event.window
    said = f", window {moment_text(window.earliest)} to {moment_text(window.latest)}" if window is not None else ""
    return f"{event.id} (due {moment_text(event.due)}{said})"


# ---------------------------------------------------------------- is it in the plan


def _complaints(fact: Fact, known: Known) -> Iterator[Complaint]:
    if fact.what == "anchor":
        yield from _named(fact, known.anchors, "an anchor of this study")
    elif fact.what == "decision":
        yield from _decision(fact, known)
    elif fact.what in _OF_EVENTS:
        yield from _event(fact, known)
    elif fact.what in _OF_SCOPES:
        yield from _scope(fact, known)


def _named(fact: Fact, names: Mapping[str, object], what: str) -> Iterator[Complaint]:
    if fact.target not in names:
        yield Complaint("target", f"{fact.target!r} is not {what}", f"there are: {', '.join(names) or 'none'}",
                        _suggested(fact.target, list(names)))  # fmt: skip


def _decision(fact: Fact, known: Known) -> Iterator[Complaint]:
    yield from _named(fact, known.decisions, "a decision of this study")
    answers = known.decisions.get(fact.target, ())
    if answers and fact.answer and fact.answer not in answers:
        yield Complaint(
            "answer", f"{fact.answer!r} is no answer to {fact.target}", f"answers are: {', '.join(answers)}"
        )


def _event(fact: Fact, known: Known) -> Iterator[Complaint]:
    kind = known.kinds.get(fact.target)
    if kind is None:
        ids = [id for id, kind in known.kinds.items() if kind in _OF_EVENTS[fact.what]]
        yield Complaint(
            "target", f"this subject's plan has no {fact.target!r}", remedy=_suggested(fact.target, ids, known)
        )
    elif kind not in _OF_EVENTS[fact.what]:
        instead = _TAKES_PLACE.get(kind)
        remedy = f"record it as {instead}" if instead else "record what was given or done there"
        yield Complaint("what", f"{fact.target} is a {kind}, which cannot be {fact.what}", remedy=remedy)
    elif fact.on is not None:
        yield from _window(fact, fact.on, known.events.get(fact.target))


def _window(fact: Fact, on: Moment, event: Event | None) -> Iterator[Complaint]:
    """A day outside the window needs a reason; a move to such a day is a delay."""
    days = outside(event.window, on) if event is not None and event.window is not None else 0
    if event is None or not days or fact.what not in ("given", "done", "moved"):
        return
    late = f"{abs(days)} day{'s' if abs(days) != 1 else ''} {'after' if days > 0 else 'before'} the window"
    found = f"{moment_text(on)} is {late} of {_due(event)}"
    if fact.what == "moved":
        remedy = "record it as delayed, with the cause" if days > 0 else "choose a day inside the window"
        yield Complaint("on", found, "an event is moved within its window", remedy)
    elif not fact.why:
        yield Complaint("why", found, remedy="say why")


def _scope(fact: Fact, known: Known) -> Iterator[Complaint]:
    names = {
        "all": (ALL,), "drug": tuple(known.drugs), "epoch": known.epochs, "cycle": known.cycles,
        "event": tuple(id for id, kind in known.kinds.items() if kind != "milestone"),
    }  # fmt: skip
    allowed = _OF_SCOPES[fact.what]
    choices = [name for kind in allowed for name in names[kind]]
    if fact.target not in choices:
        words = ", ".join("all" if kind == "all" else f"{_ARTICLES[kind]} {kind}" for kind in allowed)
        yield Complaint("target", f"{fact.target!r} cannot be {fact.what} in this subject's plan",
                        f"{fact.what} takes {words}", _suggested(fact.target, choices, known))  # fmt: skip
    levels = known.drugs.get(fact.target, ())
    if levels and fact.level and fact.level not in levels:
        yield Complaint("level", f"{fact.target} has no dose level {fact.level!r}", f"levels are: {', '.join(levels)}")
    event = known.events.get(fact.target)
    if fact.what == "delayed" and event is not None and fact.on is not None and day_of(fact.on) < day_of(event.due):
        yield Complaint("on", f"{moment_text(fact.on)} is before {_due(event)}", remedy="a delay ends later")


_ARTICLES = {"drug": "a", "epoch": "an", "cycle": "a", "event": "an"}


def _suggested(wrong: str, choices: Sequence[str], known: Known | None = None) -> str:
    near = get_close_matches(wrong, choices, n=3, cutoff=0.75)
    near += [id for id in choices if "/" not in wrong and id.split("/")[-1] == wrong and id not in near][
        : 3 - len(near)
    ]
    if not near:
        return "look it up with: regimen calendar … --format csv" if known is not None else ""
    events = known.events if known is not None else {}
    return f"did you mean {' or '.join(_due(events[id]) if id in events else id for id in near)}?"


# ---------------------------------------------------------------- states and windows


def _state_notes(fact: Fact, known: Known) -> Iterator[str]:
    event = known.events.get(fact.target)
    if event is not None and event.state in _ODD_STATES and fact.what in _OF_EVENTS:
        because = f" ({event.because})" if event.because else ""
        yield f"{event.id} is {event.state} in the present calendar{because}."


def outside(window: DatedWindow, on: Moment) -> int:
    """Days outside a window: positive after it, negative before it, 0 inside; part of a day counts as one."""
    if _before(on, window.earliest):
        return min(-1, (day_of(on) - day_of(window.earliest)).days)
    if _before(window.latest, on):
        return max(1, (day_of(on) - day_of(window.latest)).days)
    return 0


def _before(one: date | datetime, other: date | datetime) -> bool:
    timed = isinstance(one, datetime) and isinstance(other, datetime)
    if timed and (one.tzinfo is None) == (other.tzinfo is None):  # type: ignore[union-attr]
        return one < other
    return day_of(one) < day_of(other)
