"""What is the calendar after what happened? A second walk, in the order of the plan's dates, that facts pin."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from regimen.calendars.after import After
from regimen.calendars.assembly import assembled
from regimen.calendars.following import Following, aligned, family, is_clock
from regimen.calendars.happening import Happening
from regimen.calendars.outcome import NOTHING, Outcome, fate_of
from regimen.calendars.pausing import Pieces
from regimen.calendars.recorded import Recorded, said_of, sorted_facts
from regimen.calendars.stopping import Stopping
from regimen.calendars.walk import Fate, Walk
from regimen.events import Calendar, day_of
from regimen.facts import Fact
from regimen.moments import Moment, comparable, last_given, localised
from regimen.plan import Base, Gathered, Point
from regimen.timing import said


def replanned(planned: Walk, facts: Sequence[Fact]) -> Calendar:
    """The calendar after the facts; ``planned`` is the walk before them, whose dates are kept."""
    recorded = sorted_facts(facts, planned.index, planned.zone)
    walk = Replan(planned.plan, planned.anchors, planned.zone, planned=planned, recorded=recorded)
    walk.run()
    if planned.zone is None and any(isinstance(fact.on, datetime) and fact.what != "anchor" for fact in facts):
        walk.notes.append("No time zone is stated; recorded times are read as the clock at the site showed them.")
    return assembled(walk, After(walk).events)


@dataclass(slots=True, kw_only=True)
class Replan(Walk):
    """The walk after what happened; each point once, what it counts from first."""

    planned: Walk
    recorded: Recorded
    due: dict[str, Moment] = field(default_factory=dict)
    """When a point is due, where it took place or was put on another day."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    """Why a point no longer lies where it was planned."""
    doubts: dict[str, str] = field(default_factory=dict)
    """Why the date of a point, and of what counts from it, waits for a decision."""
    forced: dict[str, tuple[Moment, str, str]] = field(default_factory=dict)
    """Cycle starts that lie where an interrupted infusion begins anew: the day, in words, and why."""
    pieces: dict[str, Pieces] = field(default_factory=dict)
    ends: dict[str, Moment] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)
    """The cycle start before each cycle start of one clock."""
    members: dict[str, list[str]] = field(default_factory=dict)
    """What counts its days from each cycle start."""
    followers: set[str] = field(default_factory=set)
    """Points that count from an earlier one of their series."""
    seen: set[str] = field(default_factory=set)
    follow: Following = field(init=False)
    stopping: Stopping = field(init=False)
    happening: Happening = field(init=False)

    def run(self) -> None:
        """Date every point in the order of the planned dates, so that what a point follows has been dated before it."""
        self.index.update(self.planned.index)
        moments = self.planned.moments
        self.follow = Following(self.index, moments)
        self.stopping = Stopping(
            self.recorded.stops, self._doses(), self.plan.courses, self._own_anchors(), self._start_of
        )
        self.happening = Happening(self)
        self.notices += self.recorded.notices
        self._chain_clocks()
        dated = sorted((p for p in self.plan.points if p.id in moments), key=lambda p: comparable(moments[p.id]))
        for point in (*dated, *self.plan.points):
            self.ensure(point.id)

    def ensure(self, id: str) -> None:
        """Date a point unless that has been done."""
        if id not in self.seen and id in self.index:
            self.seen.add(id)
            self.dated(self.index[id])

    def _doses(self) -> dict[str, tuple[Point, ...]]:
        doses: dict[str, list[Point]] = {}
        for point in self.plan:
            if point.content is not None and point.content.kind == "dose":
                doses.setdefault(point.content.epoch, []).append(point)
        return {epoch: tuple(points) for epoch, points in doses.items()}

    def _own_anchors(self) -> frozenset[str]:
        starts = ((epoch, self.index.get(f"{epoch}/start")) for epoch in self.plan.epochs)
        anchored = {epoch: p.base for epoch, p in starts if p is not None and str(p.base).startswith("@")}
        return frozenset(epoch for epoch, base in anchored.items() if base != self.plan.origin)

    def _start_of(self, epoch: str) -> Moment | None:
        self.ensure(f"{epoch}/start")
        return self.moments.get(f"{epoch}/start")

    # ------------------------------------------------------------ what a point counts from
    def _base(self, point: Point) -> Moment | None:
        for id in _ids(point.base):
            self.ensure(id)
        return Walk._base(self, point)

    def _allowed(self, point: Point, moment: Moment) -> bool:
        for bound in point.bounds:
            for id in (*_ids(bound.base), *((bound.held,) if bound.held else ())):
                self.ensure(id)
        return Walk._allowed(self, point, moment)

    def _gathered(self, point: Point, base: Gathered) -> Moment | None:
        """What does not take place is no last dose; a missed first one counts from the day it was due."""
        if base.which in ("last", "after"):
            alive = tuple(id for id in base.ids if not self.outcomes.get(id, NOTHING).off)
            if not alive and any(id in self.moments for id in base.ids):
                self.waiting[point.id] = "a dose to count from; none was given"
                return None
            base = base._replace(ids=alive)
        return Walk._gathered(self, point, base)

    def _ends(self) -> Mapping[str, Moment]:
        return ChainMap(self.ends, self.stops)

    def due_on(self, point: Point) -> Moment:
        """The day a point's window hangs on: where it is due now, or where it was planned if the item says so."""
        if point.content is not None and point.content.window_from == "planned":
            return self.planned.moments.get(point.id, self.moments[point.id])
        return self.due.get(point.id, self.moments[point.id])

    def fate(self, point: Point, why: str) -> Fate:
        """What became of an event after all that was recorded."""
        start = self.moments[point.id]
        return fate_of(
            Walk.fate(self, point, why), start, self.outcomes.get(point.id, NOTHING),
            self.planned.moments.get(point.id), self.due.get(point.id, start), self.causes.get(point.id, ""),
            self.pieces.get(point.id),
        )  # fmt: skip

    # ------------------------------------------------------------ dating one point
    def _date(self, point: Point) -> None:
        if point.id.startswith("@") and point.id[1:] in self.anchors:
            Walk._date(self, point)
            return
        due = self._ended(point)
        if due is None:
            base = self._base(point)
            due = self._due(point, base) if base is not None else self._only_recorded(point)
            if due is None:
                return
        self.waiting.pop(point.id, None)
        allowed = (not point.bounds or self._allowed(point, due)) and self._within_last(point, due)
        if not allowed and (point.id in self.waiting or point.id not in self.planned.moments or point.content is None):
            self._leave_out(point)
            return
        self._inherit_doubt(point)
        if point.content is None or point.content.kind == "milestone":
            self._place_frame(point, due)
        else:
            self.happening.place(point, point.content, due, allowed)

    def _only_recorded(self, point: Point) -> Moment | None:
        """What took place is shown on its day, even if nothing says any more when it was due."""
        fact = self.recorded.took_place.get(point.id)
        return localised(fact.on, self.zone) if fact is not None and fact.on is not None else None

    def _within_last(self, point: Point, due: Moment) -> bool:
        """Whether a point that follows an earlier one of its item still lies before the stated end of its phase."""
        if point.last is None or point.id not in self.followers:
            return True
        start, days = point.last
        planned = self.planned.moments.get(start)
        return planned is None or (day_of(due) - day_of(planned)).days <= days

    def _due(self, point: Point, base: Moment) -> Moment:
        """Where a point lies after what happened before it."""
        planned, content = self.planned.moments.get(point.id), point.content
        if planned is None:
            return self._counted(point, base, point.offset)
        if content is not None and content.follows == "anchor":
            return planned
        if content is None:
            self._close_before(point)
        followed = self.follow.of_clock(point) if content is None else self.follow.of_series(point)
        if followed is not None:
            self.words[point.id] = followed.words
            self.causes[point.id] = followed.cause
            self.followers.add(point.id)
            if followed.source in self.doubts:
                self.doubts.setdefault(point.id, self.doubts[followed.source])
            return self._counted(point, followed.base, followed.offset)
        self._inherit_cause(point)
        slip = self.follow.slipped(point) if content is not None else None
        if slip is None:
            return self._counted(point, base, point.offset)
        self.causes[point.id] = slip.cause
        start = f"C{point.cycle} {day_of(self.moments[point.origin]).isoformat()}"
        self.words[point.id] = f"{start} + {said(point.offset)} + {slip.days} d later in this cycle"
        return self._counted(point, base, point.offset) + timedelta(days=slip.days)

    def _close_before(self, clock: Point) -> None:
        """All of the cycle before is dated first: what happened in it may move this one."""
        earlier = self.earlier.get(clock.id)
        for id in self.members.get(earlier or "", ()):
            self.ensure(id)

    def _chain_clocks(self) -> None:
        moments = self.planned.moments
        lines: dict[tuple[str, str], list[str]] = {}
        for id, point in self.index.items():
            if id not in moments:
                continue
            if point.content is not None:
                self.members.setdefault(point.origin, []).append(id)
            elif (kind := family(point)) is not None:
                lines.setdefault((id.partition("/")[0], kind), []).append(id)
        for line in lines.values():
            line.sort(key=lambda id: comparable(moments[id]))
            self.earlier.update(zip(line[1:], line, strict=False))

    def _inherit_cause(self, point: Point) -> None:
        outcomes = ((id, self.outcomes.get(id, NOTHING)) for id in reversed(_ids(point.base)))
        causes = (self.causes.get(id) or (outcome.because if outcome.off else "") for id, outcome in outcomes)
        if cause := next((cause for cause in causes if cause), ""):
            self.causes[point.id] = cause

    def _inherit_doubt(self, point: Point) -> None:
        doubt = next((self.doubts[id] for id in _ids(point.base) if id in self.doubts), None)
        if doubt is not None:
            self.doubts.setdefault(point.id, doubt)

    # ------------------------------------------------------------ starts and ends
    def _place_frame(self, point: Point, due: Moment) -> None:
        """A start or an end: where it was delayed to, where a new cycle was forced, or where it is due."""
        put, forced = self.recorded.put.get(point.id), self.forced.get(point.id)
        if put is not None and put.on is not None:
            moved = aligned(put.on, due)
            self.happening.means.check_delay(point, due, moved, put)
            self.happening.means.check_begun(point, moved, put, self.members.get(point.id, ()))
            forced = (
                moved,
                f"{point.name} {day_of(moved).isoformat()} (delayed, journal line {put.number})",
                said_of(put),
            )
        if forced is not None:
            due, self.words[point.id], self.causes[point.id] = forced
            if is_clock(point):
                self.follow.pin_clock(point, due, self.words[point.id], self.causes[point.id])
        if point.content is not None:
            self._cancel_milestone(point, due)
        self._settle(point, due)

    def _cancel_milestone(self, point: Point, due: Moment) -> None:
        stop = self.stopping.of(point, due)
        start = self.outcomes.get(f"{point.content.epoch}/start") if point.content is not None else None
        if stop is not None:
            self.outcomes[point.id] = Outcome("cancelled", said_of(stop))
        elif start is not None and start.off and point.id.endswith("/end"):
            self.outcomes[point.id] = start
        elif point.id in self.doubts:
            self.outcomes[point.id] = Outcome(doubt=self.doubts[point.id])

    def _ended(self, point: Point) -> Moment | None:
        """Where the end of an epoch, or the last dose of an open series, lies once treatment was stopped."""
        epoch = point.id.removesuffix("/end")
        if point.once is not None:
            return self._last_of(point, point.once)
        stop = self.stopping.of_epoch(epoch) if epoch != point.id and epoch in self.plan.epochs else None
        planned = self.planned.moments.get(point.id)
        if stop is None or stop.on is None or (planned is not None and day_of(planned) <= day_of(stop.on)):
            return None
        given = list(self._given_in(epoch))
        self.happening.means.check_unrecorded(point, self.stopping.doses.get(epoch, ()), stop)
        if not given:
            self.causes[point.id] = said_of(stop)
            return self._start_of(epoch)
        last = max(given)
        self.words[point.id] = f"the day after the last dose {last.isoformat()} (journal line {stop.number})"
        self.causes[point.id] = said_of(stop)
        return last + timedelta(days=1)

    def _given_in(self, epoch: str) -> Iterator[date]:
        for point in self.stopping.doses.get(epoch, ()):
            self.ensure(point.id)
            if self.outcomes.get(point.id, NOTHING).happened:
                yield day_of(last_given(point.id, self.moments, self._ends()))

    def next_cycle(self, clock: Point) -> Point | None:
        """The start of the cycle after one, of the same clock."""
        if clock.cycle is None:
            return None
        prefix = clock.id.removesuffix("/start").rpartition("/")[0] + "/"
        return next(
            (
                point for point in self.plan.points
                if is_clock(point) and point.cycle == clock.cycle + 1 and point.id.startswith(prefix)
                and family(point) == family(clock)
            ), None,
        )  # fmt: skip

    def _last_of(self, point: Point, once: Gathered) -> Moment | None:
        for id in once.ids:
            self.ensure(id)
        outcomes = [self.outcomes.get(id, NOTHING) for id in once.ids if id in self.moments]
        if not outcomes or not all(outcome.happened or outcome.off for outcome in outcomes):
            return None
        moment = self._gathered(point, once)
        if moment is not None:
            self.words[point.id] = f"{point.name} {day_of(moment).isoformat()}"
        return moment


def _ids(base: Base | None) -> tuple[str, ...]:
    if isinstance(base, Gathered):
        return base.ids
    return (base,) if isinstance(base, str) else ()
