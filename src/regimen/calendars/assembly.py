"""What does a walk give for people? The events on their dates, and what could not be dated, as one calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from regimen.calendars.cycling import cycle_spans
from regimen.calendars.walk import Walk
from regimen.errors import DatingError
from regimen.events import Calendar, DatedWindow, Event, Waiting, day_of
from regimen.moments import Moment, comparable, spoken, window_around
from regimen.plan import Content, Gathered, Point
from regimen.reasons import Reasons
from regimen.timing import Counting

_KINDS = {"milestone": 1, "visit": 2, "dose": 3, "activity": 4}


def assembled(walk: Walk, after: Callable[[Sequence[Event], date], Sequence[Event]] | None = None) -> Calendar:
    """The calendar of a walk; ``after`` says what became of its events, given the day that study days count from."""
    held: dict[str, list[str]] = {}
    for point in walk.plan:
        if point.id not in walk.moments and point.id in walk.waiting:
            held.setdefault(walk.waiting[point.id], []).append(point.id)
    origin = _origin(walk)
    events: Sequence[Event] = list(_events(walk, origin))
    if after is not None:
        events = after(events, origin)
    for name, places in walk.left_out.items():
        said = ", ".join(places[:6]) + (" …" if len(places) > 6 else "")
        walk.notes.append(f"{name}: {len(places)} planned but left out by a bound or weekday: {said}.")
    _note_missing_lanes(walk, events, held)
    return _calendar(walk, tuple(sorted(events, key=in_order)), held)


def _events(walk: Walk, origin: date) -> Iterator[Event]:
    reasons = Reasons(walk.index, walk.moments, walk.stops, frozenset(walk.anchors), walk.words, dict(walk.real))
    for point in walk.plan:
        if point.content is None or point.id not in walk.moments:
            continue
        try:
            yield _event(walk, point, point.content, origin, reasons)
        except OverflowError:
            raise DatingError(
                f"the window of {point.id} reaches outside the calendar (years 1 to 9999); check the anchors."
            ) from None


def _note_missing_lanes(walk: Walk, events: Sequence[Event], held: dict[str, list[str]]) -> None:
    """A drug or visit that is planned and has no date at all is named, never left out in silence."""
    dated = {event.item for event in events}
    waiting = {id for ids in held.values() for id in ids}
    dated |= {point.content.item for point in walk.plan.points if point.content and point.id in waiting}
    undated = {name for name, _ in walk.plan.undated}
    for key, name in walk.plan.lanes.items():
        if key not in dated and not any(said.startswith(f"{name} (") for said in undated):
            walk.notes.append(f"{name}: no date is left; its bounds, weekdays or conditions leave none.")


def _calendar(walk: Walk, events: tuple[Event, ...], held: dict[str, list[str]]) -> Calendar:
    plan = walk.plan
    waiting = tuple(Waiting(what, tuple(ids), _remedy(walk, what)) for what, ids in held.items())
    if not events and waiting:
        needed = "; ".join(f"{w.for_} ({len(w.events)} events)" for w in waiting)
        raise DatingError(f"nothing can be dated, because everything waits for: {needed}. {waiting[0].remedy}")
    undated = tuple(f"Not dated: {name}: {reason}." for name, reason in plan.undated)
    zones = (f"Clock times are in {walk.zone.key}.",) if walk.zone is not None else ()
    return Calendar(
        study=plan.study, title=plan.title, arm=plan.arm, anchors=dict(walk.anchors), events=events,
        conventions=(*plan.conventions, *zones),
        notes=(*plan.notes, *_courses(walk), *dict.fromkeys(walk.notes), *undated),
        waiting=waiting, lanes=plan.lanes, epochs=plan.epochs, cycles=tuple(cycle_spans(walk)),
        notices=tuple(walk.notices),
    )  # fmt: skip


def _courses(walk: Walk) -> Iterator[str]:
    """What a new course repeats, and when the first one began."""
    for key, first in walk.plan.courses.items():
        began, again = (walk.moments.get(f"{epoch}/start") for epoch in (first, key))
        if began is not None and again is not None:
            titles = walk.plan.epochs
            yield f"{titles[key]}: a new course of {titles.get(first, first)}, which began on {spoken(began)}."


def _remedy(walk: Walk, what: str) -> str:
    if what in walk.plan.anchors:
        return f"Give its date: --on {what}=YYYY-MM-DD."
    return "It is known only when it happens; no date is guessed."


# ---------------------------------------------------------------- one event


def _event(walk: Walk, point: Point, content: Content, origin: date, reasons: Reasons) -> Event:
    start = walk.moments[point.id]
    end = walk.stops.get(point.id, start)
    due = walk.due_on(point)
    civil = day_of(start)
    offset = (civil - origin).days
    day, position = (point.day, point.position) if point.day is not None else _named(walk, point, start)
    window = DatedWindow(due, walk.whole_of(point, due)) if content.interval else window_around(due, content.window)
    duration = content.duration
    if point.id in walk.cut_short:
        duration = f"{duration}, cut off"
    why = " = ".join(part for part in (civil.isoformat(), position, reasons.chain(point)) if part)
    fate = walk.fate(point, why)
    return Event(
        point.id, content.kind, content.item, content.label, content.epoch, point.cycle, day, position,
        walk.plan.counting.day_of_offset(offset), offset, start, end,
        fate.state, fate.why, window, window_around(due, content.preferred),
        point.optional, fate.dose, content.route, duration, content.continuous, point.activities,
        content.basis, content.source, fate.conditions, fate.planned, fate.current, fate.actual, fate.given,
        content.working_days, content.min_interval, fate.because, _parent(walk, point, content),
        content.bags, point.id in walk.elapsed, content.interval,
    )  # fmt: skip


def _parent(walk: Walk, point: Point, content: Content) -> str:
    """The dose or visit of another item that a point hangs on; the series of one item counts from its anchor."""
    base = point.base.ids[0] if isinstance(point.base, Gathered) and len(point.base.ids) == 1 else point.base
    parent = walk.index[base].content if isinstance(base, str) and base in walk.index else None
    if parent is None or parent.kind == "milestone" or parent.item == content.item:
        return ""
    return str(base)


def _origin(walk: Walk) -> date:
    moment = walk.moments.get(walk.plan.origin)
    return day_of(moment if moment is not None else next(iter(walk.anchors.values())))


def _named(walk: Walk, point: Point, start: Moment) -> tuple[int | None, str]:
    """The day's number in its cycle or epoch, and how the protocol names the place."""
    origin = walk.moments.get(point.origin)
    if origin is None or (point.content is not None and point.content.kind == "milestone"):
        return None, point.position
    day = Counting(point.first_day).day_of_offset((day_of(start) - day_of(origin)).days)
    name = f"C{point.cycle}D{day}" if point.cycle is not None else f"Day {day}".replace("-", "−")
    return day, point.position or name


def in_order(event: Event) -> tuple[date, str, int, str]:
    """The key that orders the events of a calendar: start, kind and id."""
    kind = 0 if event.kind == "milestone" and event.id.endswith("/end") else _KINDS[event.kind]
    day, exact = comparable(event.start)
    return day, exact, kind, event.id
