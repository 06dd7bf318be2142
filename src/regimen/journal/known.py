"""What can a subject's facts be about? What the plan has, and where the present calendar has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from regimen.events import Calendar, DatedWindow, Event, day_of
from regimen.facts import Fact, effective
from regimen.journal.dates import moment_text
from regimen.moments import Moment

if TYPE_CHECKING:
    from regimen.plan import Plan

OF_EVENTS = {
    "given": ("dose",),
    "done": ("visit", "activity"),
    "missed": ("dose", "visit", "activity"),
    "skipped": ("dose", "visit", "activity"),
    "moved": ("dose", "visit", "activity"),
}
"""Facts about one event, with the kinds of events they can be about."""
_OUTCOMES = frozenset({"given", "done", "missed", "skipped"})
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


def due_in_words(event: Event) -> str:
    """An event with the day it is due on and its window, in ISO dates."""
    window = event.window
    said = f", window {moment_text(window.earliest)} to {moment_text(window.latest)}" if window is not None else ""
    return f"{event.id} (due {moment_text(event.due)}{said})"


def outside(window: DatedWindow, on: Moment) -> int:
    """Days outside a window: positive after it, negative before it, 0 inside; part of a day counts as one."""
    if _before(on, window.earliest):
        return min(-1, (day_of(on) - day_of(window.earliest)).days)
    if _before(window.latest, on):
        return max(1, (day_of(on) - day_of(window.latest)).days)
    return 0


def _before(one: Moment, other: Moment) -> bool:
    timed = isinstance(one, datetime) and isinstance(other, datetime) and (one.tzinfo is None) == (other.tzinfo is None)
    if timed:
        return one < other
    return day_of(one) < day_of(other)
