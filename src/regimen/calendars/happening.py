"""What became of one dose or visit? The facts about it, in the order in which they outrank each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from regimen.calendars.following import aligned, is_clock
from regimen.calendars.lateness import Verdict, delay, in_words, inside, length, resolved, verdict
from regimen.calendars.outcome import NOTHING, Outcome, at_level
from regimen.calendars.pausing import exclusive, inclusive, pieces_of
from regimen.calendars.recorded import Hold, before, said_of, within
from regimen.events import Notice, day_of
from regimen.facts import Fact
from regimen.moments import Moment, localised, spoken, window_around
from regimen.plan import Content, Gathered, Point

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


class Place(NamedTuple):
    """Where a point lies and is due, and what became of it."""

    start: Moment
    due: Moment
    outcome: Outcome


@dataclass(slots=True)
class Happening:
    """Decides what became of each point of one walk, and what that means for those after it."""

    walk: Replan
    restarted: set[tuple[int, str, str]] = field(default_factory=set)
    """Holds whose first dose after the restart has been found, by item."""
    asked: dict[tuple[str, str], tuple[Moment, str]] = field(default_factory=dict)
    """Items whose later doses wait for a decision: from when on, and what about."""
    said: set[str] = field(default_factory=set)

    def place(self, point: Point, content: Content, due: Moment, allowed: bool) -> None:
        """Put a point where it took place, or where it lies now."""
        place = self._placed(point, content, due, allowed)
        outcome = self._with_dose(point, content, place)
        doubt = self.walk.doubts.get(point.id) or self._waits(point, content)
        if doubt and not (outcome.happened or outcome.off):
            outcome = replace(outcome, doubt=doubt)
        walk = self.walk
        if outcome != NOTHING:
            walk.outcomes[point.id] = outcome
        if place.start != place.due:
            walk.due[point.id] = place.due
            walk.causes[point.id] = outcome.because
            walk.real[point.id] = f"{point.position or content.label} {day_of(place.start).isoformat()}"
        walk._settle(point, place.start)
        if content.continuous and point.length is not None and not outcome.off:
            self._pause(point, content)

    def _placed(self, point: Point, content: Content, due: Moment, allowed: bool) -> Place:
        recorded = self.walk.recorded
        if (fact := recorded.took_place.get(point.id)) is not None:
            return self._took_place(point, content, due, fact)
        if (fact := recorded.fell_out.get(point.id)) is not None:
            return Place(due, due, self._fell_out(point, content, fact))
        if (stop := self.walk.stopping.of(point, due)) is not None:
            return Place(due, due, Outcome("cancelled", said_of(stop)))
        if not allowed:
            return Place(due, due, self._beyond(point, content, due))
        if (inherited := self._inherited(point)) is not None:
            return Place(due, due, inherited)
        if (fact := recorded.put.get(point.id)) is not None and fact.on is not None:
            return self._put(point, content, due, fact)
        hold = next((h for h in recorded.holds if content.kind == "dose" and h.covers(point, due)), None)
        return self._held(point, content, due, hold) if hold is not None else Place(due, due, NOTHING)

    # ------------------------------------------------------------ what was recorded of it
    def _took_place(self, point: Point, content: Content, due: Moment, fact: Fact) -> Place:
        assert fact.on is not None
        actual = localised(fact.on, self.walk.zone)
        start = actual if content.continuous and self.walk.zone is not None else aligned(actual, due)
        late = delay(actual, due)
        because = said_of(fact) + (f", {in_words(late)}" if late else "")
        if content.kind == "dose":
            judged = verdict(content, due, actual, fact.then)
            self._mean(point, content, due, start, judged, fact)
            self.check_delay(point, due, actual, fact)
        elif content.follows == "previous actual" and late:
            self._pin(point, start, because, fact)
        return Place(start, due, Outcome("given" if content.kind == "dose" else "done", because, actual, fact.amount))

    def _mean(self, point: Point, content: Content, due: Moment, start: Moment, judged: Verdict, fact: Fact) -> None:
        """What a dose on another day means for those after it."""
        because = f"{said_of(fact)}, {in_words(judged.late)}" if judged.late else said_of(fact)
        if content.follows == "previous actual":
            if judged.late:
                self._pin(point, start, because, fact)
            return
        if judged.early:
            self._notice("warning", point, f"{_done(fact)} {in_words(judged.late)}, before its window.", "Check it.")
        elif judged.policy in ("shift", "resume", "restart"):
            self._shift(point, due, start, because, fact)
        elif judged.policy == "skip":
            self._notice(
                "warning", point, f"{_done(fact)} {in_words(judged.late)}, where the definition says to skip it "
                f"({content.late}).", "Check what was recorded.",
            )  # fmt: skip
        elif judged.policy == "ask":
            self._ask(point, content, due, start, judged)

    def _shift(self, point: Point, due: Moment, start: Moment, because: str, fact: Fact) -> None:
        """What follows counts from where the dose lies: the rest of its cycle and later cycles, or its own series."""
        walk = self.walk
        clock = walk.index.get(point.origin)
        if clock is None or not is_clock(clock):
            self._pin(point, start, because, fact)
            return
        days = (day_of(start) - day_of(due)).days
        earlier = walk.follow.slipped(point)
        days += earlier.days if earlier is not None else 0
        self._slip(clock, point, days, because)

    def _slip(self, clock: Point, point: Point, days: int, because: str) -> None:
        moment = self.walk.moments[clock.id]
        words = f"{clock.name} {day_of(moment).isoformat()} + {days} d later"
        self.walk.follow.slip(clock, point, days, moment, words, because)

    def _pin(self, point: Point, start: Moment, because: str, fact: Fact) -> None:
        words = f"{point.position or point.id} {day_of(start).isoformat()} ({fact.what}, journal line {fact.number})"
        self.walk.follow.pin_series(point, start, words, because)

    def _ask(self, point: Point, content: Content, due: Moment, start: Moment, judged: Verdict) -> None:
        """Both readings are shown, and the later doses wait for the choice."""
        following = self._next(point, content)
        dates = ""
        if following is not None:
            planned = self.walk.planned.moments
            gap = day_of(planned[following.id]) - day_of(planned[point.id])
            keep, shift = (day_of(moment) + gap for moment in (due, start))
            dates = f" Keep the grid: next on {spoken(keep)}. Count from it: next on {spoken(shift)}."
        who = "leaves to a person what follows" if judged.stated else "does not say what follows (late:)"
        self._notice(
            "decision", point, f"{in_words(judged.late)}; the definition {who}.{dates} The grid is shown until then.",
            "Record the choice with the dose: --then keep, or --then shift.",
        )  # fmt: skip
        doubt = f"{point.position or point.id} {in_words(judged.late)}: keep or shift"
        self.asked[content.epoch, content.item] = (self.walk.planned.moments[point.id], doubt)

    def _next(self, point: Point, content: Content) -> Point | None:
        planned = self.walk.planned.moments
        here = planned.get(point.id)
        points = self.walk.stopping.doses.get(content.epoch, ())
        later = (
            p for p in points
            if p.content is not None and p.content.item == content.item and p.id in planned
            and here is not None and before(here, planned[p.id])
        )  # fmt: skip
        return min(later, key=lambda p: day_of(planned[p.id]), default=None)

    def _waits(self, point: Point, content: Content) -> str:
        asked, planned = self.asked.get((content.epoch, content.item)), self.walk.planned.moments.get(point.id)
        return asked[1] if asked is not None and planned is not None and before(asked[0], planned) else ""

    def _fell_out(self, point: Point, content: Content, fact: Fact) -> Outcome:
        if fact.what == "missed" and content.kind == "dose" and not fact.then:
            self._judge_missed(point, content)
        return Outcome("missed" if fact.what == "missed" else "cancelled", said_of(fact))

    def _judge_missed(self, point: Point, content: Content) -> None:
        policy = content.late.policy if content.late is not None else ""
        if not policy and content.label not in self.said:
            self.said.add(content.label)
            self._notice(
                "decision", point, f"{content.label} was missed, and the definition does not say what becomes of the "
                "doses after it; the grid is kept.", "Add late: to the definition, or record --then keep.",
            )  # fmt: skip
        elif policy not in ("", "skip"):
            self._notice(
                "note", point, f"{content.label} was missed; the definition says '{content.late}'. What follows counts "
                "from the day it was due.", "If it is still given, record it as given on its day.",
            )  # fmt: skip

    def _beyond(self, point: Point, content: Content, due: Moment) -> Outcome:
        because = self.walk.causes.get(point.id, "what happened before it")
        self._notice(
            "warning", point, f"{content.label} would now be due on {spoken(due)}, past a bound of the protocol; it is "
            f"left out ({because}).", "Check what the protocol says of doses after a delay.",
        )  # fmt: skip
        return Outcome("not applicable", f"past a bound of the protocol after: {because}")

    def _inherited(self, point: Point) -> Outcome | None:
        """What hangs on a dose or visit that does not take place does not take place either."""
        base = point.base.ids[0] if isinstance(point.base, Gathered) and len(point.base.ids) == 1 else point.base
        parent = self.walk.index.get(base) if isinstance(base, str) else None
        if parent is None or parent.content is None or parent.content.kind == "milestone":
            return None
        outcome = self.walk.outcomes.get(parent.id, NOTHING)
        state = {"missed": "not applicable"}.get(outcome.state, outcome.state)
        if state not in ("held", "cancelled", "not applicable"):
            return None
        return Outcome(state, f"hangs on {parent.id}: {outcome.because}")

    def _put(self, point: Point, content: Content, due: Moment, fact: Fact) -> Place:
        """Moved inside its window, or delayed to another day."""
        assert fact.on is not None
        start = aligned(localised(fact.on, self.walk.zone), due)
        outcome = Outcome(because=said_of(fact))
        if content.follows in ("previous planned", "previous actual"):
            self._pin(point, start, said_of(fact), fact)
        if fact.what == "moved":
            window = window_around(due, content.window)
            if window is not None and not inside(window, start):
                self._notice(
                    "warning", point, f"moved to {spoken(start)}, outside its window {spoken(window.earliest)} to "
                    f"{spoken(window.latest)}.", "Choose a day inside, or record a delay with its reason.",
                )  # fmt: skip
            return Place(start, due, outcome)
        self.check_delay(point, due, start, fact)
        if content.kind == "dose" and content.follows == "cycle":
            self._mean(point, content, due, start, verdict(content, due, start, fact.then), fact)
        return Place(start, start, outcome)

    def check_delay(self, point: Point, due: Moment, moved: Moment, fact: Fact) -> None:
        """Past the longest delay that the protocol allows a person decides, and no date is settled."""
        epoch = point.content.epoch if point.content is not None else point.id.partition("/")[0]
        caps, late = self.walk.plan.max_delays.get(epoch, {}), delay(moved, due)
        if fact.what == "delayed" and late < timedelta(0):
            self._notice(
                "warning", point, f"delayed to {spoken(moved)}, which is earlier than {spoken(due)}.", "Check."
            )
        cap = caps.get(fact.cause) or max(caps.values(), key=length, default=None)
        if cap is None or late <= length(cap) or fact.answer:
            return
        self._notice(
            "decision", point, f"{_done(fact)} {in_words(late)}{f' for {fact.cause}' if fact.cause else ''}; the "
            f"protocol allows up to {cap}: possible discontinuation.",
            "Record what was decided: correct the line with --answer, or record the discontinuation.",
        )  # fmt: skip
        if fact.what == "delayed":
            self.walk.doubts[point.id] = f"delayed by more than {cap}"

    # ------------------------------------------------------------ holds
    def _held(self, point: Point, content: Content, due: Moment, hold: Hold) -> Place:
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
            self._ask(point, content, due, start, judged)
        if judged.policy not in ("shift", "resume", "restart"):
            return Place(due, due, held)
        because = said_of(hold.restart)
        self._shift(point, due, start, because, hold.restart)
        return Place(start, start, Outcome(because=because))

    def _pause(self, point: Point, content: Content) -> None:
        """An infusion that was held while it ran: its pieces, and what they mean for the next cycle."""
        walk = self.walk
        start, end = walk.moments[point.id], walk.stops[point.id]
        holds = [h for h in walk.recorded.holds if within(h.scope, point)]
        stop = next((f for f in walk.recorded.stops if f.on is not None and self._cuts(f, point, start, end)), None)
        if not holds and stop is None:
            return
        found = pieces_of(start, exclusive(end), holds, content.late)
        if len(found.pieces) > 1 or found.open or found.new_cycle or found.asked:
            walk.pieces[point.id] = found
            walk.stops[point.id] = inclusive(found.pieces[0][1])
            walk.ends[point.id] = inclusive(found.pieces[-1][1])
            walk.cut_short.add(point.id)
            self._after_pause(point, found.paused)
        if stop is not None and stop.on is not None and not found.open:
            walk.stops[point.id] = inclusive(aligned(stop.on, exclusive(end)))
            walk.cut_short.add(point.id)
            outcome = walk.outcomes.get(point.id, NOTHING)
            because = "; ".join(part for part in (outcome.because, said_of(stop)) if part)
            walk.outcomes[point.id] = replace(outcome, because=because)

    def _cuts(self, fact: Fact, point: Point, start: Moment, end: Moment) -> bool:
        assert fact.on is not None
        covered = fact.what == "withdrawn" or within(fact.target or "all", point)
        on = aligned(fact.on, exclusive(end))
        return covered and before(start, on) and before(on, exclusive(end))

    def _after_pause(self, point: Point, paused: timedelta) -> None:
        walk = self.walk
        found = walk.pieces[point.id]
        clock = walk.index.get(point.origin)
        if found.by and paused.days and clock is not None and is_clock(clock):
            earlier = walk.follow.slipped(point)
            days = paused.days + (earlier.days if earlier is not None else 0)
            cause = "; ".join(said_of(hold.restart) for hold in found.by if hold.restart is not None)
            self._slip(clock, point, days, f"infusion paused for {paused.days} d: {cause}")
        if found.new_cycle is not None and clock is not None:
            self._new_cycle(point, clock, found.new_cycle)
        for hold, stated in found.asked:
            self._ask_pause(point, hold, stated)
        if found.open is not None:
            self._notice("note", point, f"the infusion is on hold: {said_of(found.open.fact)}.", "Record the restart.")

    def _new_cycle(self, point: Point, clock: Point, hold: Hold) -> None:
        walk = self.walk
        assert hold.end is not None
        assert hold.restart is not None
        following = walk.next_cycle(clock)
        pause = in_words(delay(hold.end, hold.start)).removesuffix(" late")
        if following is None:
            self._notice(
                "decision", point, f"paused for {pause}, so a new cycle would begin on {spoken(hold.end)}, and the "
                "plan has no cycle left.", "Decide with the protocol whether a further cycle is given.",
            )  # fmt: skip
            return
        moment = aligned(hold.end, walk.planned.moments[following.id])
        words = f"{following.name} {day_of(moment).isoformat()} (new cycle after a pause of {pause})"
        walk.forced[following.id] = (moment, words, said_of(hold.restart))
        self._notice(
            "note", point, f"paused for {pause}: the cycle ends here and {following.name} begins on {spoken(moment)}; "
            "the number of cycles is not raised.", "Check with the protocol whether the broken-off cycle counts.",
        )  # fmt: skip

    def _ask_pause(self, point: Point, hold: Hold, stated: bool) -> None:
        who = "leaves to a person what follows" if stated else "does not say what follows (late:)"
        pause = in_words(delay(hold.end, hold.start)).removesuffix(" late") if hold.end is not None else ""
        self._notice(
            "decision", point, f"the infusion was paused for {pause}; the definition {who}: resume to its total, or "
            "begin a new cycle.", "Record the choice with the restart: --then resume, or --then restart.",
        )  # fmt: skip

    # ------------------------------------------------------------ doses
    def _with_dose(self, point: Point, content: Content, place: Place) -> Outcome:
        """The outcome with the dose that holds after reductions."""
        if content.kind != "dose" or place.outcome.off:
            return place.outcome
        facts = [f for f in self.walk.recorded.doses if within(f.target, point) and not _before(place.due, f)]
        if not facts:
            return place.outcome
        fact = facts[-1]
        dose = at_level(dict(content.levels), fact.level, fact.amount)
        if dose is None:
            self._unknown_level(point, content, fact)
            return place.outcome
        because = "; ".join(part for part in (place.outcome.because, said_of(fact)) if part)
        return replace(place.outcome, dose=dose, because=because)

    def _unknown_level(self, point: Point, content: Content, fact: Fact) -> None:
        if f"line {fact.number}" in self.said:
            return
        self.said.add(f"line {fact.number}")
        known = ", ".join(name for name, _ in content.levels) or "none"
        self._notice(
            "warning", point, f"line {fact.number} names the dose level {fact.level!r}, which {content.label} does not "
            f"have (its levels: {known}); the dose is not changed.",
            "Correct the line, or add levels: to the definition.",
        )  # fmt: skip

    def _notice(self, level: str, point: Point, sentence: str, remedy: str) -> None:
        self.walk.notices.append(Notice(level, point.id, sentence, remedy))


def _done(fact: Fact) -> str:
    return {"given": "given", "done": "done", "delayed": "delayed,", "moved": "moved,"}.get(fact.what, fact.what)


def _before(moment: Moment, fact: Fact) -> bool:
    return fact.on is not None and before(moment, fact.on)
