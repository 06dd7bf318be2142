"""What stands above the lanes? Epochs and cycles as stretches of days, milestones as single points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from regimen.events import Calendar, CycleSpan, Event
from regimen.render.gantt_days import extent, middle, position
from regimen.render.words import one_line


@dataclass(frozen=True, slots=True)
class Stretch:
    """An epoch or a cycle, in days from day 0; texts from long to short, the longest that fits is written."""

    start: float
    end: float
    texts: tuple[str, ...]
    tentative: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Milestone:
    """A line across all lanes."""

    at: float
    text: str
    tentative: bool = False


def epochs(calendar: Calendar, origin: date) -> tuple[Stretch, ...]:
    """Each epoch from its first event to its last, in the order they start."""
    of_epoch: dict[str, list[Event]] = {key: [] for key in calendar.epochs}
    for event in calendar:
        of_epoch.setdefault(event.epoch, []).append(event)
    named = [(one_line(calendar.epochs.get(key, key)), events) for key, events in of_epoch.items() if key and events]
    stretches = (Stretch(*_span(events, origin), (name,), *_state(events)) for name, events in named if name)
    return tuple(sorted(stretches, key=lambda stretch: (stretch.start, stretch.end)))


def cycles(calendar: Calendar, origin: date, first_day: int | None) -> tuple[Stretch, ...]:
    """Each cycle from its first day to the start of the next, also one in which nothing happens.

    The last one ends where its epoch does. A drug's own cycles have no length but what is planned in them.
    """
    measured = {span.epoch for span in calendar.cycles}
    of_cycle: dict[tuple[str, int], list[Event]] = {}
    for event in calendar:
        if event.cycle is not None:
            of_cycle.setdefault((event.epoch, event.cycle), []).append(event)
    found = [_as_stretch(span, of_cycle.get((span.epoch, span.number), []), origin) for span in calendar.cycles]
    found += _by_events(
        {key: es for key, es in of_cycle.items() if key[0] not in measured}, calendar, origin, first_day
    )
    return tuple(sorted(found, key=lambda stretch: (stretch.start, stretch.end)))


def _as_stretch(span: CycleSpan, events: Sequence[Event], origin: date) -> Stretch:
    start, stop = position(span.start, origin), position(span.stop, origin)
    inside = [event for event in events if start <= position(event.start, origin) < stop]
    name = f"Course {span.course}, cycle {span.number}" if span.course else f"Cycle {span.number}"
    state = _state(inside) if inside else (span.tentative, span.optional)
    return Stretch(start, stop, (name, f"C{span.number}"), *state)


def _by_events(
    of_cycle: Mapping[tuple[str, int], Sequence[Event]], calendar: Calendar, origin: date, first_day: int | None
) -> Iterator[Stretch]:
    starts = {key: _cycle_start(events, origin, first_day) for key, events in of_cycle.items()}
    ends = {e.epoch: position(e.first_day, origin) for e in calendar.of_kind("milestone") if e.id == f"{e.epoch}/end"}
    final = {epoch: max(n for other, n in of_cycle if other == epoch) for epoch, _ in of_cycle}
    for (epoch, number), events in sorted(of_cycle.items()):
        start, last = starts[epoch, number], _span(events, origin)[1]
        close = ends.get(epoch, last) if number == final[epoch] else last
        following = starts.get((epoch, number + 1), max(last, close))
        end = following if following > start else last
        yield Stretch(start, end, (f"Cycle {number}", f"C{number}"), *_state(events))


def milestones(calendar: Calendar, origin: date) -> tuple[Milestone, ...]:
    """The milestones in order of time; the same words on the same day are one line."""
    found = {
        Milestone(middle(event, origin), one_line(event.label or event.item), event.state == "tentative")
        for event in calendar.of_kind("milestone")
    }
    return tuple(sorted(found))


def day_one_or_zero(events: Iterable[Event]) -> int | None:
    """What the protocol calls the anchor's day, 0 or 1; none when no event from that day on says so."""
    shifts = (e.study_day - e.offset_days for e in events if e.study_day is not None and e.offset_days >= 0)
    return next((shift for shift in shifts if shift in (0, 1)), None)


def _cycle_start(events: Sequence[Event], origin: date, first_day: int | None) -> float:
    earliest = min(position(event.first_day, origin) for event in events)
    counted = [e for e in events if e.day is not None and e.day >= (first_day or 0)]
    if not counted or first_day is None:
        return earliest
    event = counted[0]
    return position(event.first_day, origin) - ((event.day or 0) - first_day)


def _span(events: Sequence[Event], origin: date) -> tuple[float, float]:
    """A milestone is a point and claims no day, since an epoch's end is the start of the next one."""
    starts = [position(event.start, origin) for event in events]
    ends = [extent(event, origin)[1] for event in events if event.kind != "milestone"]
    return min(starts), max([*ends, *starts])


def _state(events: Sequence[Event]) -> tuple[bool, bool]:
    """Whether all of it is tentative, and whether all of it is optional."""
    return all(event.state == "tentative" for event in events), all(event.optional for event in events)
