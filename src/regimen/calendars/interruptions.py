"""What becomes of doses on hold? Held until the restart, or an infusion in pieces, and the cycle that then slips."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from regimen.calendars.consequences import Consequences
from regimen.calendars.following import aligned, is_clock
from regimen.calendars.lateness import delay, in_words, resolved
from regimen.calendars.outcome import NOTHING, Outcome, Place
from regimen.calendars.pausing import Pieces, elapsed, exclusive, inclusive, pieces_of, until
from regimen.calendars.recorded import Hold, before, holds_of, said_of, within
from regimen.events import day_of
from regimen.facts import ALL, Fact
from regimen.moments import Moment, spoken
from regimen.plan import Content, Point

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


@dataclass(slots=True)
class Interruptions:
    """The holds of one walk, and what they mean."""

    walk: Replan
    means: Consequences
    restarted: set[tuple[int, str, str]] = field(default_factory=set)
    """Holds whose first dose after the restart has been found, by item."""

    def held(self, point: Point, content: Content, due: Moment, hold: Hold) -> Place:
        """Held; but the first dose after a restart may be given then, with what follows counting from it."""
        if hold.end is None or hold.restart is None:
            return Place(due, due, Outcome("held", said_of(hold.fact)))
        key = (hold.fact.number, content.epoch, content.item)
        held = Outcome("held", f"{said_of(hold.fact)}; {said_of(hold.restart)}")
        if key in self.restarted:
            return Place(due, due, held)
        self.restarted.add(key)
        start = aligned(hold.end, due)
        judged = resolved(content.late, delay(hold.end, due))
        if hold.restart.then:
            judged = judged._replace(policy=hold.restart.then)
        if judged.policy == "ask":
            self.means.ask(point, content, due, start, judged, "restart")
        if judged.policy not in ("shift", "resume", "restart"):
            return Place(due, due, held)
        because = said_of(hold.restart)
        self.means.check_delay(point, due, start, replace(hold.restart, cause=hold.fact.cause))
        self.means.shift(point, due, start, because, hold.restart)
        return Place(start, start, Outcome(because=because))

    def pause(self, point: Point, content: Content) -> None:
        """An infusion that was held while it ran: its pieces, and what they mean for the next cycle."""
        walk = self.walk
        start, end = walk.moments[point.id], walk.stops[point.id]
        holds = holds_of(walk.recorded, point) if walk.recorded.holds else []
        stop = next((f for f in walk.recorded.stops if f.on is not None and self._cuts(f, point, start, end)), None)
        if not holds and stop is None:
            return
        found = pieces_of(start, exclusive(end), holds, content.late)
        if stop is not None and stop.on is not None:
            found.pieces[:] = until(found.pieces, aligned(stop.on, exclusive(end)))
            outcome = walk.outcomes.get(point.id, NOTHING)
            because = "; ".join(part for part in (outcome.because, said_of(stop)) if part)
            walk.outcomes[point.id] = replace(outcome, because=because)
        elif not (found.by or found.open or found.new_cycle or found.asked):
            return
        if found.by or found.open or found.new_cycle or found.asked:
            walk.pieces[point.id] = found
        walk.stops[point.id] = inclusive(found.pieces[0][1])
        walk.ends[point.id] = inclusive(found.pieces[-1][1])
        walk.cut_short.add(point.id)
        self._after_pause(point, found)

    def _cuts(self, fact: Fact, point: Point, start: Moment, end: Moment) -> bool:
        assert fact.on is not None
        covered = fact.what == "withdrawn" or within(fact.target or ALL, point)
        on = aligned(fact.on, exclusive(end))
        return covered and before(start, on) and before(on, exclusive(end))

    def _after_pause(self, point: Point, found: Pieces) -> None:
        walk, paused = self.walk, found.paused
        clock = walk.index.get(point.origin)
        if found.by and paused.days and clock is not None and is_clock(clock):
            self._slip_from_pauses(point, clock, found)
        if found.new_cycle is not None and clock is not None:
            self._new_cycle(point, clock, found.new_cycle)
        for hold, stated in found.asked:
            self._ask_pause(point, hold, stated)
        if found.open is not None:
            self.means.notice(
                "note", point, f"the infusion is on hold: {said_of(found.open.fact)}.", "Record the restart."
            )

    def _slip_from_pauses(self, point: Point, clock: Point, found: Pieces) -> None:
        """From each pause on, what was planned from that day on lies later by this pause and those before it."""
        slip, paused = self.walk.follow.slip_with(point), timedelta(0)
        for number, ((_, held), (again, _)) in enumerate(pairwise(found.pieces), start=1):
            since = day_of(held) - timedelta(days=slip + paused.days)
            paused += elapsed(held, again)
            if not paused.days:
                continue
            causes = (said_of(past.restart) for past in found.by[:number] if past.restart is not None)
            because = f"infusion paused for {paused.days} d: {'; '.join(causes)}"
            self.means.slip(clock, point, slip + paused.days, because, since)

    def _new_cycle(self, point: Point, clock: Point, hold: Hold) -> None:
        walk = self.walk
        assert hold.end is not None
        assert hold.restart is not None
        following = walk.next_cycle(clock)
        pause = in_words(delay(hold.end, hold.start)).removesuffix(" late")
        if following is None:
            self.means.notice(
                "decision", point, f"paused for {pause}, so a new cycle would begin on {spoken(hold.end)}, and the "
                "plan has no cycle left.", "Decide with the protocol whether a further cycle is given.",
            )  # fmt: skip
            return
        moment = aligned(hold.end, walk.planned.moments[following.id])
        words = f"{following.name} {day_of(moment).isoformat()} (new cycle after a pause of {pause})"
        walk.forced[following.id] = (moment, words, said_of(hold.restart))
        self.means.notice(
            "note", point, f"paused for {pause}: the cycle ends here and {following.name} begins on {spoken(moment)}; "
            "the number of cycles is not raised.", "Check with the protocol whether the broken-off cycle counts.",
        )  # fmt: skip

    def _ask_pause(self, point: Point, hold: Hold, stated: bool) -> None:
        who = "leaves to a person what follows" if stated else "does not say what follows (late:)"
        pause = in_words(delay(hold.end, hold.start)).removesuffix(" late") if hold.end is not None else ""
        assert point.content is not None
        self.means.wait(point, point.content, f"{point.position} paused for {pause}: resume or new cycle")
        self.means.notice(
            "decision", point, f"the infusion was paused for {pause}; the definition {who}: resume to its total, or "
            "begin a new cycle.", "Record the choice with the restart: --then resume, or --then restart.",
        )  # fmt: skip
