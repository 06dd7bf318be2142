"""What is on the calendar that no plan has? The pieces of interrupted infusions, and unscheduled visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from regimen.calendars.conflicts import looked_over
from regimen.calendars.pausing import elapsed, inclusive
from regimen.calendars.recorded import said_of
from regimen.calendars.restarting import Restarting
from regimen.events import LEVELS, RESUMED, UNSCHEDULED, Event, day_of
from regimen.facts import Fact
from regimen.moments import localised

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


@dataclass(frozen=True, slots=True)
class After:
    """The events of a walk after what happened."""

    walk: Replan

    def events(self, events: Sequence[Event], origin: date) -> list[Event]:
        """The events, and what was added to them."""
        walk = self.walk
        resumed = [piece for event in events if event.id in walk.pieces for piece in self._resumed(event)]
        visits = [self._visit(fact, events, origin) for fact in walk.recorded.visits if fact.on is not None]
        again = Restarting(walk, origin).events(resumed)
        looked, notices = looked_over([*events, *resumed, *again, *visits], walk.recorded.newest)
        walk.notices += notices
        walk.notices.sort(key=lambda notice: LEVELS.index(notice.level))
        walk.notices[:] = dict.fromkeys(walk.notices)
        return looked

    def _resumed(self, event: Event) -> Iterator[Event]:
        """The pieces of an infusion after its pauses."""
        found = self.walk.pieces[event.id]
        total = sum((elapsed(*piece) for piece in found.pieces), elapsed(*found.pieces[0]) * 0)
        for number, (piece, hold) in enumerate(zip(found.pieces[1:], found.by, strict=False), start=1):
            start, stop = piece
            assert hold.restart is not None
            point = self.walk.index[event.id]
            changed = self.walk.happening.dose_on(point, point.content, start) if point.content is not None else None
            left = elapsed(start, stop)
            share = f"{left.days} of {total.days} infusion days" if not left.seconds else f"{left} of {total}"
            yield replace(
                event, id=f"{event.id}{RESUMED}{number}", position=f"{event.position} resumed", start=start,
                end=inclusive(stop), duration=f"continuous, {share}", window=None, preferred=None, current=None,
                study_day=None, offset_days=event.offset_days + (day_of(start) - event.first_day).days,
                dose=changed[0] if changed is not None else event.dose,
                because=said_of(hold.restart), given="", actual=None, planned=None,
                why=f"{day_of(start).isoformat()} = {said_of(hold.restart)}; {share} are left",
            )  # fmt: skip

    def _visit(self, fact: Fact, events: Sequence[Event], origin: date) -> Event:
        """A visit that no protocol plans; it stands in the epoch that was running."""
        walk = self.walk
        assert fact.on is not None
        start = localised(fact.on, walk.zone)
        id = f"{UNSCHEDULED}/{fact.number}"
        done = walk.recorded.took_place.get(id)
        off = walk.recorded.fell_out.get(id)
        if done is not None and done.on is not None:
            start = localised(done.on, walk.zone)
        offset = (day_of(start) - origin).days
        earlier = [event for event in events if event.first_day <= day_of(start)] or list(events)[:1]
        last = off or done or fact
        return Event(
            id, "visit", UNSCHEDULED, fact.target or "Unscheduled visit", earlier[-1].epoch if earlier else "",
            None, None, "Unscheduled", walk.plan.counting.day_of_offset(offset), offset, start, start,
            "cancelled" if off is not None else "done" if done is not None else "planned",
            f"{day_of(start).isoformat()} = {said_of(fact)}", because=said_of(last),
            actual=start if done is not None else None,
        )  # fmt: skip
