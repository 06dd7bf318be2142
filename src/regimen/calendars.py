"""When does each point of a plan fall for one subject? One walk from the anchors down dates them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from regimen.errors import DatingError
from regimen.events import Calendar, DatedWindow, Event, Waiting, day_of
from regimen.moments import (
    Moment,
    NeedsClock,
    checked_clock,
    comparable,
    last_given,
    shifted,
    window_around,
    zone_named,
)
from regimen.plan import Base, Bound, Content, Gathered, Plan, Point
from regimen.reasons import Reasons
from regimen.timing import Counting, Days, Elapsed, Offset

_KINDS = {"milestone": 1, "visit": 2, "dose": 3, "activity": 4}


def make_calendar(plan: Plan, anchors: Mapping[str, Moment], *, zone: str | None = None) -> Calendar:
    """Date a plan for one subject.

    ``anchors`` maps anchor keys to dates, or to datetimes where a time of day matters; ``zone`` is the IANA zone that
    clock times are in (without it they stay local clock times). Points whose anchor is not given are listed in
    ``Calendar.waiting``. Raises ``DatingError`` for unknown anchors, an occurrence exactly on an ambiguous bound, or
    dates outside the calendar.
    """
    return _Walk(plan, _checked(plan, anchors, zone), zone_named(zone) if zone else None).calendar()


def _checked(plan: Plan, anchors: Mapping[str, Moment], zone: str | None) -> dict[str, Moment]:
    unknown = [name for name in anchors if name not in plan.anchors]
    if unknown:
        known = ", ".join(f"{key} ({title})" for key, title in plan.anchors.items())
        close = get_close_matches(unknown[0], list(plan.anchors), n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise DatingError(f"{plan.study} has no anchor {unknown[0]!r}; its anchors are: {known}.{hint}")
    if not anchors:
        example = next(iter(plan.anchors))
        raise DatingError(f"no date is given to count from; give at least one, such as --on {example}=2027-01-04.")
    if zone is None:
        return dict(anchors)
    info = zone_named(zone)
    return {
        name: moment.replace(tzinfo=info) if isinstance(moment, datetime) and moment.tzinfo is None else moment
        for name, moment in anchors.items()
    }


@dataclass(slots=True)
class _Walk:
    """The walk over a plan's points: what is dated, dropped by a bound, or waiting."""

    plan: Plan
    anchors: dict[str, Moment]
    zone: ZoneInfo | None
    moments: dict[str, Moment] = field(default_factory=dict)
    stops: dict[str, Moment] = field(default_factory=dict)
    elapsed: set[str] = field(default_factory=set)
    """Points whose clock time is counted in hours or minutes."""
    waiting: dict[str, str] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    index: dict[str, Point] = field(default_factory=dict)
    limits: dict[int, Moment | None] = field(default_factory=dict)

    def calendar(self) -> Calendar:
        """Date every point, then say what falls on the dates: an event may count its days from a later anchor."""
        self.index.update((point.id, point) for point in self.plan.points)
        for point in self.plan.points:
            try:
                self._date(point)
            except OverflowError:
                raise DatingError(
                    f"{point.id} falls outside the calendar (years 1 to 9999); check the anchor dates and the counts."
                ) from None
            except ValueError as error:
                raise DatingError(f"{point.id} cannot be dated: {error}.") from None
        origin = self._origin()
        reasons = Reasons(self.index, self.moments, self.stops, frozenset(self.anchors))
        events: list[Event] = []
        held: dict[str, list[str]] = {}
        for point in self.plan.points:
            if point.content is not None and point.id in self.moments:
                try:
                    events.append(self._event(point, point.content, origin, reasons))
                except OverflowError:
                    raise DatingError(
                        f"the window of {point.id} reaches outside the calendar (years 1 to 9999); check the anchors."
                    ) from None
            elif point.content is not None and point.id in self.waiting:
                held.setdefault(self.waiting[point.id], []).append(point.id)
        for name, places in self.left_out.items():
            said = ", ".join(places[:6]) + (" …" if len(places) > 6 else "")
            self.notes.append(f"{name}: {len(places)} planned but left out by a bound or weekday: {said}.")
        self._note_missing_lanes(events, held)
        events.sort(key=_order)
        return self._assembled(tuple(events), held)

    def _note_missing_lanes(self, events: list[Event], held: dict[str, list[str]]) -> None:
        """A drug or visit that is planned and has no date at all is named, never left out in silence."""
        dated = {event.item for event in events}
        waiting = {id for ids in held.values() for id in ids}
        dated |= {point.content.item for point in self.plan.points if point.content and point.id in waiting}
        undated = {name for name, _ in self.plan.undated}
        for key, name in self.plan.lanes.items():
            if key not in dated and not any(said.startswith(f"{name} (") for said in undated):
                self.notes.append(f"{name}: no date is left; its bounds, weekdays or conditions leave none.")

    def _assembled(self, events: tuple[Event, ...], held: dict[str, list[str]]) -> Calendar:
        plan = self.plan
        waiting = tuple(Waiting(what, tuple(ids), self._remedy(what)) for what, ids in held.items())
        if not events and waiting:
            needed = "; ".join(f"{w.for_} ({len(w.events)} events)" for w in waiting)
            raise DatingError(f"nothing can be dated, because everything waits for: {needed}. {waiting[0].remedy}")
        undated = tuple(f"Not dated: {name}: {reason}." for name, reason in plan.undated)
        zones = (f"Clock times are in {self.zone.key}.",) if self.zone is not None else ()
        return Calendar(
            study=plan.study, title=plan.title, arm=plan.arm, anchors=dict(self.anchors), events=events,
            conventions=(*plan.conventions, *zones), notes=(*plan.notes, *dict.fromkeys(self.notes), *undated),
            waiting=waiting, lanes=plan.lanes, epochs=plan.epochs,
        )  # fmt: skip

    def _remedy(self, what: str) -> str:
        if what in self.plan.anchors:
            return f"Give its date: --on {what}=YYYY-MM-DD."
        return "It is known only when it happens; no date is guessed."

    # ------------------------------------------------------------ dating one point
    def _date(self, point: Point) -> None:
        if point.id.startswith("@") and point.id[1:] in self.anchors:
            self.moments[point.id] = self._real(self.anchors[point.id[1:]])
            return
        base = self._base(point)
        if base is None:
            return
        try:
            moment = shifted(base, point.offset)
        except NeedsClock:
            moment = self._without_clock(point, base)
        if point.clock is not None:
            moment = self._real(datetime.combine(day_of(moment), point.clock, self.zone))
        elif point.whole_day:
            moment = day_of(moment)
        elif self.zone is not None and not isinstance(point.offset, Elapsed):
            moment = self._real(moment)
        if point.bounds and not self._allowed(point, moment):
            if point.counted and point.id not in self.waiting and point.content is not None:
                self.left_out.setdefault(point.content.label, []).append(point.position or point.id)
            return
        self.moments[point.id] = moment
        if point.clock is None and isinstance(moment, datetime) and self._counts_hours(point):
            self.elapsed.add(point.id)
        if point.length is not None:
            whole = self._stop(point, moment)
            self.stops[point.id] = self._cut(point, moment, whole)
            if self.stops[point.id] != whole:
                self.cut_short.add(point.id)

    def _counts_hours(self, point: Point) -> bool:
        return isinstance(point.offset, Elapsed) or (point.base in self.elapsed and point.offset == Days(0))

    def _allowed(self, point: Point, moment: Moment) -> bool:
        """Whether all bounds let a point stay; it waits while one of them has no date itself."""
        held = next((b.base for b in point.bounds if isinstance(b.base, str) and b.base in self.waiting), None)
        if held is not None:
            self.waiting[point.id] = self.waiting[held]
            return False
        return all(self._within(bound, point, moment) for bound in point.bounds)

    def _base(self, point: Point) -> Moment | None:
        """The moment a point counts from; None if it waits or has been dropped."""
        base = point.base
        if base is None:
            if point.waits_for:
                self.waiting[point.id] = point.waits_for
            return None
        if isinstance(base, str):
            if base in self.moments:
                return self.moments[base]
            if base in self.waiting:
                self.waiting[point.id] = self.waiting[base]
            return None
        if isinstance(base, Gathered):
            return self._gathered(point, base)
        return base

    def _gathered(self, point: Point, base: Gathered) -> Moment | None:
        held = next((self.waiting[id] for id in base.ids if id in self.waiting), None)
        if held is not None:
            self.waiting[point.id] = held
            return None
        ids = [id for id in base.ids if id in self.moments]
        if not ids:
            return None
        if base.which in ("first", "earliest"):
            return min((self.moments[id] for id in ids), key=comparable)
        if base.which == "latest":
            return max((self.moments[id] for id in ids), key=comparable)
        last = max((last_given(id, self.moments, self.stops) for id in ids), key=comparable)
        return day_of(last) + timedelta(days=1) if base.which == "after" else last

    def _without_clock(self, point: Point, base: Moment) -> Moment:
        parent = self._point(point.base)
        if parent is not None and parent.content is not None and abs(_minutes(point.offset)) < 1440:
            self.notes.append(
                f"{point.content.label if point.content else point.id}: '{point.term}' is shown on the same day, "
                "because no clock time is known."
            )
            return base
        raise DatingError(
            f"{point.id} counts hours from {base.isoformat()}, which has no time of day; "
            "write a first clock time (at 08:00), or give the date it counts from a time of day (2027-01-04T08:00)."
        )

    def _point(self, base: Base | None) -> Point | None:
        id = base.ids[0] if isinstance(base, Gathered) else base
        return self.index.get(id) if isinstance(id, str) else None

    def _real(self, moment: Moment) -> Moment:
        """A wall-clock time that exists; one that the clocks jump over is refused, one that comes twice is said."""
        if isinstance(moment, datetime) and self.zone is not None:
            note = checked_clock(moment, self.zone)
            if note:
                self.notes.append(note)
        return moment

    def _within(self, bound: Bound, point: Point, moment: Moment) -> bool:
        if bound.weekdays:
            return moment.weekday() in bound.weekdays
        limit = self._limit(bound)
        if limit is None:
            return True
        held = self.moments.get(bound.held, moment) if bound.held else moment
        if not (isinstance(held, datetime) and isinstance(limit, datetime)):
            held, limit = day_of(held), day_of(limit)
        if bound.refused and held == limit:
            raise DatingError(
                f"{point.id} falls exactly on the bound '{bound.refused}' ({day_of(limit).isoformat()}), so the text "
                "can be read with and without it; write 'through' to include it or 'before' to leave it out."
            )
        return held <= limit if bound.inclusive else held < limit

    def _limit(self, bound: Bound) -> Moment | None:
        """The moment of a bound; the bound's own points are dated before anything it holds back."""
        if id(bound) not in self.limits:
            base = self._bound_base(bound)
            self.limits[id(bound)] = shifted(base, bound.offset) if base is not None else None
        return self.limits[id(bound)]

    def _bound_base(self, bound: Bound) -> Moment | None:
        if isinstance(bound.base, str):
            return self.moments.get(bound.base)
        if isinstance(bound.base, Gathered):
            dated = [self.moments[id] for id in bound.base.ids if id in self.moments]
            if not dated:
                return None
            return min(dated, key=comparable) if bound.base.which == "first" else max(dated, key=comparable)
        return bound.base

    def _cut(self, point: Point, start: Moment, stop: Moment) -> Moment:
        """What runs across a bound that cuts ends there."""
        for bound in point.bounds:
            limit = self._limit(bound) if bound.cuts else None
            if limit is None:
                continue
            if isinstance(stop, datetime):
                day = day_of(limit) + timedelta(days=1 if bound.inclusive else 0)
                moment = limit if isinstance(limit, datetime) else datetime.combine(day, time(0), stop.tzinfo)
                stop = min(stop, moment)
            else:
                stop = max(day_of(start), min(stop, day_of(limit) - timedelta(days=0 if bound.inclusive else 1)))
        return stop

    def _stop(self, point: Point, start: Moment) -> Moment:
        """Where something with a length ends: a moment if it starts at one, else its last day."""
        length = point.length
        assert length is not None
        content = point.content
        if isinstance(start, datetime):
            return shifted(start, length)
        if isinstance(length, Elapsed):
            lasting = content is not None and content.continuous
            return start + timedelta(days=-(-length.minutes // 1440) - 1) if lasting else start
        return shifted(start, length) - timedelta(days=1)

    # ------------------------------------------------------------ one event
    def _event(self, point: Point, content: Content, origin: date, reasons: Reasons) -> Event:
        start = self.moments[point.id]
        end = self.stops.get(point.id, start)
        civil = start.date() if isinstance(start, datetime) else start
        offset = (civil - origin).days
        day, position = (point.day, point.position) if point.day is not None else self._named(point, start)
        window = DatedWindow(start, end) if content.interval else window_around(start, content.window)
        duration = content.duration
        if point.id in self.cut_short:
            duration = f"{duration}, cut off"
        why = " = ".join(part for part in (civil.isoformat(), position, reasons.chain(point)) if part)
        return Event(
            point.id, content.kind, content.item, content.label, content.epoch, point.cycle, day, position,
            self.plan.counting.day_of_offset(offset), offset, start, end,
            "tentative" if point.conditions else "planned", why, window, window_around(start, content.preferred),
            point.optional, content.dose, content.route, duration, content.continuous, point.activities,
            content.basis, content.source, point.conditions, content.bags, point.id in self.elapsed,
        )  # fmt: skip

    def _origin(self) -> date:
        moment = self.moments.get(self.plan.origin)
        return day_of(moment if moment is not None else next(iter(self.anchors.values())))

    def _named(self, point: Point, start: Moment) -> tuple[int | None, str]:
        """The day's number in its cycle or epoch, and how the protocol names the place."""
        origin = self.moments.get(point.origin)
        if origin is None or (point.content is not None and point.content.kind == "milestone"):
            return None, point.position
        day = Counting(point.first_day).day_of_offset((day_of(start) - day_of(origin)).days)
        name = f"C{point.cycle}D{day}" if point.cycle is not None else f"Day {day}".replace("-", "−")
        return day, point.position or name


def _minutes(offset: Offset) -> int:
    return offset.minutes if isinstance(offset, Elapsed) else 0


def _order(event: Event) -> tuple[date, str, int, str]:
    kind = 0 if event.kind == "milestone" and event.id.endswith("/end") else _KINDS[event.kind]
    day, exact = comparable(event.start)
    return day, exact, kind, event.id
