"""What became of one dose or visit? The facts about it, in the order in which they outrank each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from regimen.calendars.consequences import Consequences
from regimen.calendars.following import aligned
from regimen.calendars.interruptions import Interruptions
from regimen.calendars.lateness import delay, in_words, inside, verdict
from regimen.calendars.outcome import NOTHING, Outcome, Place, at_level
from regimen.calendars.recorded import Hold, before, holds_of, said_of, within
from regimen.events import day_of
from regimen.facts import Fact
from regimen.moments import Moment, localised, spoken, window_around
from regimen.plan import Content, Gathered, Point

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


@dataclass(slots=True)
class Happening:
    """Decides what became of each point of one walk, and what that means for those after it."""

    walk: Replan
    means: Consequences = field(init=False)
    interruptions: Interruptions = field(init=False)
    said: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.means = Consequences(self.walk)
        self.interruptions = Interruptions(self.walk, self.means)

    def place(self, point: Point, content: Content, due: Moment, allowed: bool) -> None:
        """Put a point where it took place, or where it lies now."""
        place = self._placed(point, content, due, allowed)
        outcome = self._with_dose(point, content, place)
        doubt = self.walk.doubts.get(point.id) or self.means.waits(point, content)
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
        if content.interval and outcome.happened:
            walk.stops[point.id] = place.start
        if content.continuous and point.length is not None and not outcome.off:
            self.interruptions.pause(point, content)
            self._changed_while_running(point, place.start)

    def _changed_while_running(self, point: Point, start: Moment) -> None:
        """A change of dose inside an infusion is not shown on it, and that is said."""
        end = self.walk._ends()[point.id]
        changes = [f for f in self.walk.recorded.doses if f.what == "reduced" and within(f.target, point) and f.on]
        within_it = [f for f in changes if f.on and before(start, f.on) and not before(end, f.on)]
        for fact in within_it:
            self.means.notice(
                "warning", point, f"the dose is changed while it runs: {said_of(fact)}; it is shown at its first dose "
                "to its end.", "Record a hold and a restart at the new dose where the bag was changed.",
            )  # fmt: skip

    def _placed(self, point: Point, content: Content, due: Moment, allowed: bool) -> Place:
        recorded = self.walk.recorded
        if (fact := recorded.took_place.get(point.id)) is not None:
            return self._took_place(point, content, due, fact)
        if (fact := recorded.fell_out.get(point.id)) is not None:
            return Place(due, due, self._fell_out(point, content, fact))
        put = recorded.put.get(point.id)
        lies = aligned(put.on, due) if put is not None and put.on is not None else due
        if (stop := self.walk.stopping.of(point, lies)) is not None:
            return Place(lies, due, Outcome("cancelled", said_of(stop)))
        if not allowed:
            self._beyond(point, content, due)
        if (inherited := self._inherited(point)) is not None:
            return Place(due, due, inherited)
        hold = self._hold_at(point, content, lies)
        if put is not None and put.on is not None:
            if hold is not None:
                return Place(lies, due, Outcome("held", f"{said_of(hold.fact)}; {said_of(put)}"))
            return self._put(point, content, due, put)
        return self.interruptions.held(point, content, due, hold) if hold is not None else Place(due, due, NOTHING)

    def _hold_at(self, point: Point, content: Content, lies: Moment) -> Hold | None:
        if content.kind != "dose" or not self.walk.recorded.holds:
            return None
        return next((h for h in holds_of(self.walk.recorded, point) if h.covers(point, lies)), None)

    # ------------------------------------------------------------ what was recorded of it
    def _took_place(self, point: Point, content: Content, due: Moment, fact: Fact) -> Place:
        assert fact.on is not None
        actual = localised(fact.on, self.walk.zone)
        start = actual if content.continuous and self.walk.zone is not None else aligned(actual, due)
        late = delay(actual, due)
        because = said_of(fact) + (f", {in_words(late)}" if late and not content.interval else "")
        stop = self.walk.stopping.of(point, actual)
        if stop is not None:
            self.means.notice(
                "warning", point, f"{fact.what} on {spoken(actual)}, after this: {said_of(stop)}.",
                "Correct whichever line is wrong.",
            )  # fmt: skip
        hold = self._hold_at(point, content, actual)
        if hold is not None and day_of(actual) > day_of(hold.start):
            self.means.notice(
                "warning", point, f"given on {spoken(actual)}, while on hold: {said_of(hold.fact)}.",
                "Correct whichever line is wrong.",
            )  # fmt: skip
        if content.kind == "dose":
            judged = verdict(content, due, actual, fact.then)
            self.means.mean(point, content, due, start, judged, fact, because)
            self.means.check_delay(point, due, actual, fact)
        elif content.follows == "previous actual" and late:
            self.means.pin(point, start, because, fact)
        return Place(start, due, Outcome("given" if content.kind == "dose" else "done", because, actual, fact.amount))

    def _fell_out(self, point: Point, content: Content, fact: Fact) -> Outcome:
        if fact.what == "missed" and content.kind == "dose" and not fact.then:
            self._judge_missed(point, content)
        if fact.then in ("shift", "resume", "restart"):
            self.means.notice(
                "warning", point, f"--then {fact.then} says nothing for what was {fact.what}: nothing was given to "
                "count from, so the grid is kept.", "If it is given late, record it as given on its day.",
            )  # fmt: skip
        return Outcome("missed" if fact.what == "missed" else "cancelled", said_of(fact))

    def _judge_missed(self, point: Point, content: Content) -> None:
        policy = content.late.policy if content.late is not None else ""
        if not policy and content.label not in self.said:
            self.said.add(content.label)
            self.means.notice(
                "decision", point, f"{content.label} was missed, and the definition does not say what becomes of the "
                "doses after it; the grid is kept.", "Add late: to the definition, or record --then keep.",
            )  # fmt: skip
        elif policy not in ("", "skip", "keep"):
            self.means.notice(
                "note", point, f"{content.label} was missed; the definition says '{content.late}'. What follows counts "
                "from the day it was due.", "If it is still given, record it as given on its day.",
            )  # fmt: skip

    def _beyond(self, point: Point, content: Content, due: Moment) -> None:
        """Past a bound of the protocol nothing is dropped and nothing settled: a person decides."""
        self.walk.doubts[point.id] = "past the protocol's own end after a delay"
        if f"{content.epoch}/{content.item} beyond" in self.said:
            return
        self.said.add(f"{content.epoch}/{content.item} beyond")
        because = self.walk.causes.get(point.id, "what happened before it")
        self.means.notice(
            "decision", point, f"{content.label} would now be due on {spoken(due)}, past the end that the protocol "
            f"gives it (after: {because}); it and what is due later is shown as tentative.",
            "Decide with the protocol whether it is still given; record what is not as skipped.",
        )  # fmt: skip

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
            self.means.pin(point, start, said_of(fact), fact)
        if fact.what == "moved":
            window = window_around(due, content.window)
            if window is not None and not inside(window, start):
                self.means.notice(
                    "warning", point, f"moved to {spoken(start)}, outside its window {spoken(window.earliest)} to "
                    f"{spoken(window.latest)}.", "Choose a day inside, or record a delay with its reason.",
                )  # fmt: skip
            return Place(start, due, outcome)
        self.means.check_delay(point, due, start, fact)
        if content.kind == "dose" and content.follows == "cycle":
            judged = verdict(content, due, start, fact.then)
            because = f"{said_of(fact)}, {in_words(judged.late)}" if judged.late else said_of(fact)
            self.means.mean(point, content, due, start, judged, fact, because)
        return Place(start, start, outcome)

    # ------------------------------------------------------------ doses
    def _with_dose(self, point: Point, content: Content, place: Place) -> Outcome:
        """The outcome with the dose that holds after reductions."""
        if content.kind != "dose" or place.outcome.off:
            return place.outcome
        found = self.dose_on(point, content, place.start)
        if found is None:
            return place.outcome
        dose, fact = found
        self._note_other_doses(point, content, dose, fact)
        because = "; ".join(part for part in (place.outcome.because, said_of(fact)) if part)
        return replace(place.outcome, dose=dose, because=because)

    def _note_other_doses(self, point: Point, content: Content, dose: str, fact: Fact) -> None:
        """A change of dose holds until the next one; where the plan has several doses, that must be looked at."""
        points = self.walk.stopping.doses.get(content.epoch, ())
        doses = [p.content.dose for p in points if p.content is not None and p.content.item == content.item]
        planned = list(dict.fromkeys(d for d in doses if d))
        if len(planned) < 2 or f"doses of line {fact.number}" in self.said:
            return
        self.said.add(f"doses of line {fact.number}")
        self.means.notice(
            "decision", point, f"from here on every dose of {content.label} is shown as {dose} ({said_of(fact)}), and "
            f"the plan has several: {', '.join(planned)}.", "Record each further change, or check the protocol.",
        )  # fmt: skip

    def dose_on(self, point: Point, content: Content, moment: Moment) -> tuple[str, Fact] | None:
        """The dose that was changed to, and the fact that says so; None where the planned one holds."""
        facts = [f for f in self.walk.recorded.doses if within(f.target, point) and not (f.on and before(moment, f.on))]
        if not facts:
            return None
        dose = at_level(dict(content.levels), facts[-1].level, facts[-1].amount)
        if dose is None:
            self._unknown_level(point, content, facts[-1])
        return (dose, facts[-1]) if dose is not None and dose != content.dose else None

    def _unknown_level(self, point: Point, content: Content, fact: Fact) -> None:
        if f"line {fact.number}" in self.said:
            return
        self.said.add(f"line {fact.number}")
        known = ", ".join(name for name, _ in content.levels) or "none"
        self.means.notice(
            "warning", point, f"line {fact.number} names the dose level {fact.level!r}, which {content.label} does not "
            f"have (its levels: {known}); the dose is not changed.",
            "Correct the line, or add levels: to the definition.",
        )  # fmt: skip
