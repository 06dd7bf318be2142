"""Where would things have been? The planned places of what was moved, missed, put on hold or cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from regimen.events import Event, day_of
from regimen.render.gantt_days import extent, is_stretch, position
from regimen.render.outcomes import OFF


@dataclass(frozen=True, slots=True)
class Ghost:
    """The planned days of what is not there any more: ``moved``, ``missed``, ``held`` or ``off``; half open."""

    start: float
    end: float
    state: str


STATES = {"missed": "missed", "held": "held", "cancelled": "off", "not applicable": "off"}


def ghosts(events: Sequence[Event], origin: date) -> tuple[Ghost, ...]:
    """One for each event that does not take place, or not where it was planned; days in a row are one stretch."""
    found = [ghost for event in events if (ghost := _ghost(event, origin)) is not None]
    return tuple(_joined(sorted(found, key=lambda ghost: (ghost.state, ghost.start))))


def _ghost(event: Event, origin: date) -> Ghost | None:
    if event.state in OFF:
        planned, state = event.was_planned or event.start, STATES[event.state]
    elif event.planned is not None and day_of(event.planned) != event.first_day:
        planned, state = event.planned, "moved"
    else:
        return None
    start, length = position(planned, origin), 0.0
    if is_stretch(event, origin):
        first, last = extent(event, origin)
        length = last - first
    elif not isinstance(planned, datetime):
        start, length = start, 1.0
    return Ghost(start, start + length, state)


def _joined(found: Iterable[Ghost]) -> Iterator[Ghost]:
    """Daily doses on hold for a month are one stretch, not thirty marks."""
    last: Ghost | None = None
    for ghost in found:
        if last is not None and ghost.state == last.state and last.start < ghost.start <= last.end < ghost.end:
            last = Ghost(last.start, ghost.end, last.state)
            continue
        if last is not None:
            yield last
        last = ghost
    if last is not None:
        yield last
