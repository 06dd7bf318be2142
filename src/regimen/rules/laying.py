"""What do all patterns need while a phase is laid? Its inputs, its bounds, and how a step is added."""

from __future__ import annotations

from datetime import time

from regimen.errors import PlanError
from regimen.notation.terms import DayList, Phase
from regimen.rules.bounds import bounds_of, needs_end
from regimen.rules.frames import Expansion, Frame, Guard, Here, Start, Step
from regimen.timing import Days, Months, Offset


class Laying:
    """One phase being laid: its inputs at hand, its steps added one by one."""

    def __init__(self, phase: Phase, here: Here, frame: Frame, expansion: Expansion, number: int) -> None:
        self.phase, self.here, self.frame, self.expansion, self.number = phase, here, frame, expansion, number
        self._firm: int | None = None
        self.bounds = bounds_of(phase, here, frame, self.firm_base)
        self.first_step = len(expansion.steps)
        often = phase.frequency
        self.per_day = often.n if often is not None and often.per == "day" else 1
        if phase.dose is not None and phase.dose.divided and not (often and often.per == "day"):
            self.per_day = phase.dose.divided

    def add(self, start: int, offset: Offset, day: int | None, token: str, term: str, **more: object) -> None:
        """Add one step for each administration of a day."""
        if len(self.expansion.steps) + self.per_day > self.frame.limit:
            raise PlanError(
                f"the schedule gives more than {self.frame.limit:,} events; check counts and bounds, "
                "or allow more with --limit."
            )
        guards = more.pop("guards", self.bounds.guards)
        optional = more.pop("optional", self.bounds.optional and len(self.expansion.steps) > self.first_step)
        clocks: tuple[time | None, ...] = self.phase.at or (None,) * self.per_day
        several = len(clocks) > 1
        own_last = self.bounds.own_last
        fixed = own_last is not None and (self.phase.through is not None or self.phase.before is not None)
        last = (self.here.base, own_last) if fixed and own_last is not None else None
        if self.bounds.total is not None and (self.phase.days is None or self.phase.days.of_each_week):
            clocks = clocks[: self.bounds.total - self.count_done()]
        for ordinal, clock in enumerate(clocks, start=1):
            self.expansion.steps.append(
                Step(
                    start, offset, day, token, term, self.phase,
                    clock=clock, guards=guards, optional=optional,  # type: ignore[arg-type]
                    ordinal=ordinal if several else 0, last=last, **more,  # type: ignore[arg-type]
                )
            )  # fmt: skip

    def new_start(self, token: str, offset: Offset, term: str = "", **more: object) -> int:
        """Add an intermediate point after the phase's base, and return its number."""
        self.expansion.starts.append(Start(token, self.here.base, offset, term, **more))  # type: ignore[arg-type]
        return len(self.expansion.starts) - 1

    def firm_base(self) -> int:
        """A start that lies exactly where the phase starts, for months, weekdays and hours to count from."""
        if self.here.days == 0 and not self.here.months:
            return self.here.base
        if self._firm is None:
            months, days = self.here.months, self.here.days
            offset, term = (Months(months), f"{months} mo") if months else (Days(days), f"{days} d")
            self._firm = self.new_start(f"then{self.number}", offset, term)
        return self._firm

    def day_token(self, day: int, fixed: bool = True) -> str:
        """``d8`` for the day the protocol calls day 8."""
        name = self.frame.counting.day_of_offset(day) if self.frame.counting.first_day is not None else day
        return f"d{name}" if fixed else f"then{self.number}.d{day}"

    def count_done(self) -> int:
        """How many doses have been laid."""
        return len(self.expansion.steps) - self.first_step

    def full(self) -> bool:
        """Whether the count is reached."""
        return self.bounds.total is not None and self.count_done() >= self.bounds.total

    def endless(self) -> bool:
        """Whether the phase runs until something happens, and only a horizon stops it here."""
        until = self.phase.until is not None and self.phase.until.at_most is None
        return until or (self.bounds.open_end and self.frame.length is None and self.bounds.total is None)

    def open_ended(self) -> bool:
        """Whether the phase may end early, so that nothing can follow it by itself."""
        return self.phase.until is not None or self.phase.up_to is not None or self.bounds.open_end

    def ceiling(self) -> int | None:
        """The last day that has to be tried; refused if there is none."""
        ceiling = self.bounds.tried
        if ceiling is None and self.bounds.total is None:
            bound = self.phase.through or self.phase.before
            if bound is not None and bound.kind == "cycle":
                if self.phase.days is not None or self.phase.on_off is not None:
                    return None
                raise PlanError(
                    f"cycle {bound.number} is named as a bound, and there are no cycles; write days with an interval "
                    "(day 1 q21d through cycle 2), or a day or week."
                )
            raise needs_end(self.phase)
        return ceiling

    def check_count_and_bound(self, following: int | None, given: int | None = None) -> None:
        """A count and a bound must give the same number; ``following`` is the next occurrence's day."""
        count, phase = self.phase.times, self.phase
        done = self.count_done() if given is None else given
        if count is not None and done < count and self.frame.length is not None and not self.own_bound():
            raise PlanError(
                f"the count says x{count} and its cycle or epoch holds {done}; count only those, or count the "
                "item from a "
                "start of its own (from:)."
            )
        if count is None or not (phase.through or phase.before or phase.lasting):
            return
        last = self.bounds.own_last
        if last is None or following is None:
            raise PlanError(
                f"a count (x{count}) and a bound are both given, and only the calendar could say whether they agree; "
                "keep one of them."
            )
        given = self.count_done() if given is None else given
        if given != count or following <= last:
            allowed = "more" if following <= last else f"only {given}"
            raise PlanError(
                f"the count says x{count} and the bound allows {allowed}; the two must agree, so keep one of them."
            )

    def months_from(self) -> tuple[int, int]:
        """The start that months count from, and how many of them lie before this phase."""
        return (self.here.base, self.here.months) if self.here.months else (self.firm_base(), 0)

    def guards_from(self, base: int) -> tuple[Guard, ...]:
        """The guards of steps that only the calendar can place; a last day is then held against each date."""
        if self.bounds.last is None:
            return self.bounds.guards
        return (*self.bounds.guards, Guard(base, Days(self.bounds.last - self.here.days), inclusive=True))

    def after(self, base: int, step: Offset, k: int, months: int = 0) -> Here | None:
        """The start of the next phase: k steps after the base, and the months that lay before them."""
        if self.open_ended():
            return None
        if isinstance(step, Months):
            return Here(base, months=months + step.n * k)
        assert isinstance(step, Days)
        already = self.here.days if base == self.here.base else 0
        return Here(base, already + step.n * k)

    def after_steps(self) -> Here:
        """The day after the last step, wherever the calendar puts it."""
        laid = tuple(range(self.first_step, len(self.expansion.steps)))
        self.expansion.starts.append(Start(f"then{self.number + 1}", 0, Days(1), "1 d", after=laid))
        return Here(len(self.expansion.starts) - 1, 0)

    def after_lasting(self) -> Here | None:
        """The start of the next phase where this one lasts a stated time."""
        assert self.phase.lasting is not None
        offset = self.frame.counting.offset(self.phase.lasting)
        if isinstance(offset, Months):
            base, months = self.months_from()
            return Here(base, months=months + offset.n)
        days = offset.n if isinstance(offset, Days) else self.phase.lasting.n // 24
        return Here(self.here.base, self.here.days + days)

    def own_bound(self) -> bool:
        """Whether the phase itself says where it ends."""
        p = self.phase
        return any((p.lasting, p.through, p.before, p.up_to, p.until))

    def check_size(self, days: DayList) -> None:
        """Refuse a list that is longer than a plan may be."""
        size = sum(b - a + 1 for a, b in days.ranges) * max(1, sum(b - a + 1 for a, b in days.of_weeks))
        if size > self.frame.limit:
            raise PlanError(f"the list names {size:,} days; at most {self.frame.limit:,} events are expanded.")
