"""What may a patient be told as a plan? Only what is settled: no decision, no "at most" and no assumption in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regimen.events import Calendar, Event
from regimen.render.words import one_line

_TOLD = ("dose", "visit")
_MAY_COME = ("planned", "tentative")
STATED = "stated"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The doses and visits of a calendar by what a patient page does with them."""

    certain: tuple[Event, ...]
    held: tuple[Event, ...]
    left_off: tuple[Event, ...]
    """What may come and is not certain; the page says that there is more."""
    waiting: bool
    """Whether something has no date yet, because what it counts from has none."""

    @property
    def assumed(self) -> tuple[Event, ...]:
        """What is left off for nothing but an assumption."""
        return tuple(event for event in self.left_off if is_certain(event, checked=True))

    @property
    def open_medicines(self) -> tuple[str, ...]:
        """The medicines of which something is left off."""
        return _labels(event for event in (*self.left_off, *self.held) if event.kind == "dose")

    @property
    def more(self) -> bool:
        """Whether the page has to say that it does not show all."""
        return bool(self.left_off or self.held or self.waiting)


def is_certain(event: Event, *, checked: bool = False) -> bool:
    """Whether it is planned and will take place: it hangs on no decision, no "at most" and no assumption.

    ``checked`` says that a person has compared what is assumed with the protocol.
    """
    settled = event.state == "planned" and not event.conditions and not event.optional
    return settled and (checked or one_line(event.basis) == STATED)


def sort_out(calendar: Calendar, *, checked: bool) -> Sorted:
    """The doses and visits of a calendar, each in its place; what is past is in none."""
    events = [event for event in calendar if event.kind in _TOLD]
    certain = tuple(event for event in events if is_certain(event, checked=checked))
    held = tuple(event for event in events if event.kind == "dose" and event.state == "held")
    left = tuple(e for e in events if e.state in _MAY_COME and not is_certain(e, checked=checked))
    return Sorted(certain, held, left, bool(calendar.waiting))


def _labels(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(event.label) for event in events))
