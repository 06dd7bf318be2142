"""What does a dose on another day mean for the others? Shifts, slips of a cycle, questions to a person, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from regimen.calendars.following import Slip, is_clock
from regimen.calendars.lateness import Verdict, delay, in_words, length
from regimen.calendars.outcome import NOTHING
from regimen.calendars.recorded import before
from regimen.events import Notice, day_of
from regimen.facts import Fact
from regimen.moments import Moment, spoken
from regimen.plan import Content, Point

if TYPE_CHECKING:
    from regimen.calendars.replanning import Replan


@dataclass(slots=True)
class Consequences:
    """What follows, in one walk, from what was recorded of a point."""

    walk: Replan
    asked: dict[tuple[str, str], tuple[Moment, str]] = field(default_factory=dict)
    """Items whose later doses wait for a decision: from when on, and what about."""

    def mean(
        self, point: Point, content: Content, due: Moment, start: Moment, judged: Verdict, fact: Fact, because: str
    ) -> None:
        """What a dose on another day means for those after it."""
        if content.follows == "previous actual":
            if judged.late:
                self.pin(point, start, because, fact)
            return
        if judged.early:
            level = "decision" if content.late is not None and content.late.policy == "shift" else "warning"
            where = "before its window" if content.window is not None else "before it was due"
            self.notice(level, point, f"{fact.what} {in_words(judged.late)}, {where}; what follows keeps its days.",
                        "Check the gap to the next dose.")  # fmt: skip
        elif judged.policy in ("shift", "resume", "restart"):
            self.shift(point, due, start, because, fact)
        elif judged.policy == "skip":
            self.notice(
                "warning", point, f"{fact.what} {in_words(judged.late)}, where the definition says to skip it "
                f"({content.late}).", "Check what was recorded.",
            )  # fmt: skip
        elif judged.policy == "ask":
            self.ask(point, content, due, start, judged)

    def shift(self, point: Point, due: Moment, start: Moment, because: str, fact: Fact) -> None:
        """What follows counts from where the dose lies: the rest of its cycle and later cycles, or its own series."""
        walk = self.walk
        clock = walk.index.get(point.origin)
        if clock is None or not is_clock(clock):
            self.pin(point, start, because, fact)
            return
        days = (day_of(start) - day_of(due)).days
        earlier = walk.follow.slipped(point)
        days += earlier.days if earlier is not None else 0
        self.slip(clock, point, days, because)

    def slip(self, clock: Point, point: Point, days: int, because: str, since: date | None = None) -> None:
        """The rest of a cycle after a point (or what was planned from a day on), and later cycles, lie later."""
        moment = self.walk.moments[clock.id]
        words = f"{clock.name} {day_of(moment).isoformat()} + {days} d later"
        self.walk.follow.slip(clock, Slip(point, days, because, since), moment, words)

    def pin(self, point: Point, start: Moment, because: str, fact: Fact) -> None:
        """Later points of the item count from this one."""
        words = f"{self._name(point)} {day_of(start).isoformat()} ({fact.what}, journal line {fact.number})"
        self.walk.follow.pin_series(point, start, words, because)

    def _name(self, point: Point) -> str:
        return point.position or (point.content.label if point.content is not None else point.id)

    def ask(
        self, point: Point, content: Content, due: Moment, start: Moment, judged: Verdict, where: str = "dose"
    ) -> None:
        """Both readings are shown, and the later doses wait for the choice."""
        following = self._next(point, content)
        dates = ""
        if following is not None:
            planned = self.walk.planned.moments
            gap = day_of(planned[following.id]) - day_of(planned[point.id])
            keep, shift = (day_of(moment) + gap for moment in (due, start))
            dates = f" Keep the grid: next on {spoken(keep)}. Count from it: next on {spoken(shift)}."
        who = "leaves to a person what follows" if judged.stated else "does not say what follows (late:)"
        self.notice(
            "decision", point, f"{in_words(judged.late)}; the definition {who}.{dates} The grid is shown until then.",
            f"Record the choice with the {where}: --then keep, or --then shift.",
        )  # fmt: skip
        self.wait(point, content, f"{self._name(point)} {in_words(judged.late)}: keep or shift")

    def wait(self, point: Point, content: Content, doubt: str) -> None:
        """Later doses of the item are tentative until somebody has decided."""
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

    def waits(self, point: Point, content: Content) -> str:
        """Which decision about an earlier dose of the item its date waits for, if any."""
        asked, planned = self.asked.get((content.epoch, content.item)), self.walk.planned.moments.get(point.id)
        return asked[1] if asked is not None and planned is not None and before(asked[0], planned) else ""

    def check_delay(self, point: Point, due: Moment, moved: Moment, fact: Fact) -> None:
        """Past the longest delay that the protocol allows a person decides, and no date is settled."""
        epoch = point.content.epoch if point.content is not None else point.id.partition("/")[0]
        caps, late = self.walk.plan.max_delays.get(epoch, {}), delay(moved, due)
        if fact.what == "delayed" and late < timedelta(0):
            self.notice("warning", point, f"delayed to {spoken(moved)}, which is earlier than {spoken(due)}.", "Check.")
        cap = caps.get(fact.cause) or max(caps.values(), key=length, default=None)
        if cap is None or late <= length(cap) or fact.answer:
            return
        cause = f" for {fact.cause}" if fact.cause else ""
        self.notice(
            "decision", point, f"{fact.what} {_by(fact, late)}{cause}; the protocol allows up to {cap}: possible "
            "discontinuation.",
            "Record what was decided: correct the line with --answer, or record the discontinuation.",
        )  # fmt: skip
        if fact.what in ("delayed", "restarted"):
            self.walk.doubts[point.id] = f"delayed by more than {cap}"

    def check_begun(self, point: Point, moved: Moment, fact: Fact, members: Sequence[str]) -> None:
        """A cycle in which something was given or done before its new start had begun."""
        taken = self.walk.recorded.took_place
        began = [f for id in members if (f := taken.get(id)) is not None and f.on is not None and before(f.on, moved)]
        if fact.what == "delayed" and began:
            first = began[0]
            self.notice(
                "decision", point, f"delayed to {spoken(moved)}, and {first.target} was {first.what} before it, on "
                f"{spoken(first.on or moved)}.", "Correct whichever line is wrong.",
            )  # fmt: skip

    def check_unrecorded(self, end: Point, doses: Sequence[Point], stop: Fact) -> None:
        """Doses that were due before a stop and of which nothing is recorded may be the last ones."""
        known = {*self.walk.recorded.took_place, *self.walk.recorded.fell_out}
        moments = self.walk.moments
        open_ones = [
            p for p in doses
            if p.id not in known and p.id in moments and stop.on is not None and before(moments[p.id], stop.on)
            and not self.walk.outcomes.get(p.id, NOTHING).off and self.walk.outcomes.get(p.id, NOTHING).state != "held"
        ]  # fmt: skip
        if open_ones:
            last = open_ones[-1]
            which = f"{last.id} on {spoken(moments[last.id])}"
            several = f"{len(open_ones)} doses due before the stop, the last of them {which}"
            what = several if len(open_ones) > 1 else f"a dose due before the stop, {which}"
            self.notice(
                "decision", end, f"nothing is recorded of {what}; what counts from the last dose counts from the last "
                "one recorded.", f"Record {'them' if len(open_ones) > 1 else 'it'} as given or missed.",
            )  # fmt: skip
            self.walk.doubts[end.id] = "doses before the stop are not recorded"

    def notice(self, level: str, point: Point, sentence: str, remedy: str) -> None:
        """Say something about a point."""
        self.walk.notices.append(Notice(level, point.id, sentence, remedy))


def _by(fact: Fact, late: timedelta) -> str:
    words = in_words(late)
    return f"by {words.removesuffix(' late')}" if fact.what == "delayed" else words
