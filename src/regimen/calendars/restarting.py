"""What is done once more when an infusion is started again? Premedication and days in hospital, if the items say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from regimen.calendars.pausing import elapsed
from regimen.calendars.recorded import before, said_of
from regimen.definition.items import AtRestart
from regimen.events import RESTART, RESUMED, Event, Notice, day_of
from regimen.facts import Fact
from regimen.moments import Moment, NeedsClock, localised, shifted, spoken
from regimen.plan import Content, Point
from regimen.timing import Counting, Elapsed

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


@dataclass(frozen=True, slots=True)
class Restarting:
    """The events that restarts bring into one walk, counted from ``origin``."""

    walk: Replan
    origin: date

    def events(self, pieces: list[Event]) -> list[Event]:
        """What the restarts of some infusions bring; what was recorded of any of it is in it."""
        found = [event for piece in pieces for event in self._at(piece)]
        self._note_unknown({event.id for event in found})
        return found

    def _at(self, piece: Event) -> Iterator[Event]:
        begun, _, number = piece.id.rpartition(RESUMED)
        runs = self.walk.pieces[begun].pieces
        pause = elapsed(runs[int(number) - 1][1], runs[int(number)][0])
        for point in self._points(piece):
            assert point.content is not None
            rule = point.content.at_restart
            assert rule is not None
            if rule.pause is not None and pause < timedelta(minutes=rule.pause.minutes or 0):
                continue
            for nth in range(rule.days):
                id = f"{begun}{RESTART}{number}/{point.content.item}" + (f"/{nth + 1}" if rule.days > 1 else "")
                yield self._recorded(self._event(piece, point, point.content, rule, nth, id), point)

    def _points(self, piece: Event) -> Iterator[Point]:
        """For each item that a restart of this infusion brings back, its point that was last due by then."""
        latest: dict[str, Point] = {}
        for point in self.walk.plan:
            content = point.content
            if content is None or content.at_restart is None or content.epoch != piece.epoch:
                continue
            moment = self.walk.moments.get(point.id)
            if content.at_restart.of == piece.item and (
                content.item not in latest or (moment is not None and not before(piece.start, moment))
            ):
                latest[content.item] = point
        yield from latest.values()

    def _event(self, piece: Event, point: Point, content: Content, rule: AtRestart, nth: int, id: str) -> Event:
        start, said = _start(piece.start, rule, nth)
        offset = (day_of(start) - self.origin).days
        changed = self.walk.happening.dose_on(point, content, start) if content.kind == "dose" else None
        why = f"{day_of(start).isoformat()} = {said} {spoken(piece.start)} = {piece.because}"
        position = piece.position.removesuffix(" resumed")
        return Event(
            id, content.kind, content.item, content.label, content.epoch, piece.cycle, None, f"{position} restart",
            self.walk.plan.counting.day_of_offset(offset), offset, start, self._end(start, point),
            "tentative" if piece.state == "tentative" else "planned", why,
            dose=changed[0] if changed is not None else content.dose, route=content.route, duration=content.duration,
            activities=point.activities, basis=content.basis, source=content.source, conditions=piece.conditions,
            because=piece.because, hangs_on=piece.id, working_days=content.working_days,
        )  # fmt: skip

    def _end(self, start: Moment, point: Point) -> Moment:
        return shifted(start, point.length) if isinstance(point.length, Elapsed) and _timed(start) else start

    def _recorded(self, event: Event, point: Point) -> Event:
        """The event after what the journal says of it."""
        recorded = self.walk.recorded
        done, off, put = (facts.get(event.id) for facts in (recorded.took_place, recorded.fell_out, recorded.put))
        if off is not None:
            return replace(event, state="missed" if off.what == "missed" else "cancelled", because=said_of(off))
        if done is not None:
            state = "given" if event.kind == "dose" else "done"
            return replace(self._on(event, point, done), state=state, actual=self._moment(done), given=done.amount)
        stop = self.walk.stopping.of(point, event.start)
        if stop is not None:
            return replace(event, state="cancelled", because=said_of(stop))
        return self._on(event, point, put) if put is not None else event

    def _on(self, event: Event, point: Point, fact: Fact) -> Event:
        """The event on the day that was recorded; the planned one is kept."""
        start = self._moment(fact)
        if not _timed(event.start) or not _timed(start):
            start = day_of(start)
        if start == event.start:
            return replace(event, because=said_of(fact))
        offset = (day_of(start) - self.origin).days
        return replace(
            event, start=start, end=self._end(start, point), planned=event.start, current=event.start,
            offset_days=offset, study_day=self.walk.plan.counting.day_of_offset(offset), because=said_of(fact),
        )  # fmt: skip

    def _moment(self, fact: Fact) -> Moment:
        assert fact.on is not None
        return localised(fact.on, self.walk.zone)

    def _note_unknown(self, ids: set[str]) -> None:
        """What was recorded of a restart that the calendar no longer has is told."""
        recorded = self.walk.recorded
        for facts in (recorded.took_place, recorded.fell_out, recorded.put):
            for id, fact in facts.items():
                if RESTART in id and id not in ids:
                    self.walk.notices.append(
                        Notice("warning", id, f"line {fact.number} is about an event that the calendar does not have.",
                               "Correct the line, or the restart that it belongs to.")
                    )  # fmt: skip


def _timed(moment: Moment) -> bool:
    return isinstance(moment, datetime)


def _start(restart: Moment, rule: AtRestart, nth: int) -> tuple[Moment, str]:
    """When it is due, and in words how that hangs on the restart."""
    if rule.lead is None:
        return restart + timedelta(days=nth), f"{nth} d after the restart" if nth else "with the restart"
    offset = Counting().offset(rule.lead)
    assert isinstance(offset, Elapsed)
    try:
        return shifted(restart, Elapsed(-offset.minutes)), f"{rule.lead} before the restart"
    except NeedsClock:
        return restart, f"{rule.lead} before the restart (no time of day is known)"
