"""Which days does one phase give? Each kind of pattern lays its steps and says where the next phase starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import time

from regimen.errors import PlanError
from regimen.rules.frames import Bounds, Expansion, Frame, Guard, Here, Start, Step, bounds_of, needs_end
from regimen.notation.terms import DayList, Interval, Phase
from regimen.timing import WEEKDAYS, Days, Elapsed, Months, Nth, Offset, Span, longest_days


def lay_phase(phase: Phase, here: Here, frame: Frame, expansion: Expansion, number: int) -> Here | None:
    """Add a phase's steps to the expansion; the result is where a next phase would start, None after an open end."""
    return _Laying(phase, here, frame, expansion, number).lay()


class _Laying:
    """One phase being laid: its inputs at hand, its steps added one by one."""

    def __init__(self, phase: Phase, here: Here, frame: Frame, expansion: Expansion, number: int) -> None:
        self.phase, self.here, self.frame, self.expansion, self.number = phase, here, frame, expansion, number
        self.bounds = bounds_of(phase, here, frame)
        self.first_step = len(expansion.steps)
        often = phase.frequency
        self.per_day = often.n if often is not None and often.per == "day" else 1
        if phase.dose is not None and phase.dose.divided and not (often and often.per == "day"):
            self.per_day = phase.dose.divided

    def lay(self) -> Here | None:
        phase = self.phase
        continuous = phase.dose is not None and phase.dose.continuous
        if phase.unstated:
            self.expansion.undated.append("the schedule is not stated")
            return None
        if phase.relative is not None:
            self.expansion.relative.append(phase)
            return None
        if phase.on_off is not None:
            return self._on_off()
        if phase.days is not None and phase.days.unit == "hour":
            return self._hours(phase.days)
        if phase.days is not None and phase.every is not None and not phase.every.within:
            hourly = phase.every.span.minutes is not None
            return self._hourly_in_days(phase.days, phase.every) if hourly else self._cycles(phase.days, phase.every)
        if phase.days is not None:
            return self._listed(phase.days)
        if phase.frequency is not None and phase.frequency.per == "week" and phase.weekdays is None:
            return self._undated_week()
        if phase.weekdays is not None:
            return self._weekdays()
        if continuous and phase.every is None:
            return self._continuous()
        if phase.every is not None:
            return self._interval(phase.every)
        if phase.frequency is not None or self.per_day > 1 or phase.hold:
            return self._interval_of_days()
        if phase.dose is not None and phase.dose.prn:
            self.expansion.undated.append("given as needed")
            return None
        raise PlanError(
            "this does not say on which days or how often; write days 1, 8, 15 or daily or q28d (or prn for as needed)."
        )

    # ------------------------------------------------------------ adding steps
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
        for ordinal, clock in enumerate(clocks, start=1):
            self.expansion.steps.append(
                Step(
                    start, offset, day, token, term, self.phase,
                    clock=clock, guards=guards, optional=optional,  # type: ignore[arg-type]
                    ordinal=ordinal if len(clocks) > 1 else 0, **more,  # type: ignore[arg-type]
                )
            )  # fmt: skip

    def new_start(self, token: str, offset: Offset, term: str = "", **more: object) -> int:
        """Add an intermediate point after the phase's base, and return its number."""
        self.expansion.starts.append(Start(token, self.here.base, offset, term, **more))  # type: ignore[arg-type]
        return len(self.expansion.starts) - 1

    def firm_base(self) -> int:
        """A start that lies exactly where the phase starts, for months, weekdays and hours to count from."""
        if self.here.days == 0:
            return self.here.base
        return self.new_start(f"then{self.number}", Days(self.here.days), f"{self.here.days} d")

    def day_token(self, day: int, fixed: bool = True) -> str:
        """``d8`` for the day the protocol calls day 8."""
        name = self.frame.counting.day_of_offset(day) if self.frame.counting.first_day is not None else day
        return f"d{name}" if fixed else f"then{self.number}.d{day}"

    def count_done(self) -> int:
        """How many doses have been laid."""
        return len(self.expansion.steps) - self.first_step

    # ------------------------------------------------------------ listed days
    def _listed(self, days: DayList) -> Here | None:
        if days.of_each_week:
            return self._days_of_each_week(days)
        laid: list[int] = []
        for offsets in self._runs(days):
            laid += self._lay_run(offsets)
        self._check_listed_count(laid, days)
        if days.unit == "month" and self.frame.counting.months == "calendar":
            return None
        return Here(0, laid[-1] if laid else self.here.days, listed=True)

    def _runs(self, days: DayList) -> Iterator[list[Offset]]:
        """Consecutive days belong to one run, since a continuous infusion does not stop between them."""
        run: list[Offset] = []
        for offset in self._offsets(days):
            if run and isinstance(offset, Days) and isinstance(run[-1], Days) and offset.n == run[-1].n + 1:
                run.append(offset)
                continue
            if run:
                yield run
            run = [offset]
        if run:
            yield run

    def _offsets(self, days: DayList) -> Iterator[Offset]:
        counting = self.frame.counting
        self._check_size(days)
        if days.unit == "day" and days.of_weeks:
            for a, b in days.of_weeks:
                for week in range(a, b + 1):
                    for day in days.numbers():
                        if not 1 <= day <= 7:
                            raise PlanError(f"day {day} of a week does not exist; days of a week are 1 to 7.")
                        yield Days(counting.start_of_week(week) + day - 1)
        elif days.unit == "day":
            for a, b in days.ranges:
                numbers = (n for n in range(a, b + 1) if n != 0 or counting.first_day == 0 or a == b)
                yield from (Days(counting.offset_of_day(n)) for n in numbers)
        elif days.unit == "week":
            yield from (Days(counting.start_of_week(n)) for n in days.numbers())
        else:
            yield from (self._month(n, days) for n in days.numbers())

    def _month(self, number: int, days: DayList) -> Offset:
        counting = self.frame.counting
        ordinal = counting.weeks == "ordinal" and days.ranges[0][0] != 0
        if counting.weeks is None and days.ranges[0][0] != 0:
            raise PlanError(
                f"months {number}, … can count from 0 (months after the anchor) or from 1 (the first month). "
                "Start the list with 0, or declare weeks: elapsed or weeks: ordinal."
            )
        return counting.offset(Span(number - ordinal, "mo")) if number - ordinal else Days(0)

    def _check_size(self, days: DayList) -> None:
        size = sum(b - a + 1 for a, b in days.ranges) * max(1, sum(b - a + 1 for a, b in days.of_weeks))
        if size > self.frame.limit:
            raise PlanError(f"the list names {size:,} days; at most {self.frame.limit:,} events are expanded.")

    def _lay_run(self, offsets: list[Offset]) -> list[int]:
        kept = [o for o in offsets if self._inside(o)]
        if not kept:
            return []
        every = self.phase.every
        first = kept[0]
        if self.phase.dose is not None and self.phase.dose.continuous and isinstance(first, Days):
            length = self.phase.dose.over
            minutes = length.minutes if length is not None else None
            self._add_listed(first, length=Elapsed(minutes if minutes else len(kept) * 1440))
        elif every is not None and every.within:
            step = every.span.days
            if step is None:
                raise PlanError("an interval within days is in days or weeks: q1w within days 10-60.")
            kept = kept[::step]
            for offset in kept:
                self._add_listed(offset)
        else:
            for offset in kept:
                self._add_listed(offset)
        return [o.n for o in kept if isinstance(o, Days)]

    def _inside(self, offset: Offset) -> bool:
        if not isinstance(offset, Days) or self.bounds.last is None:
            return True
        if self.frame.length is not None and isinstance(self.frame.length, Days) and self.phase.weekdays is None:
            own = self.bounds.last if self._own_bound() else None
            return own is None or offset.n <= own
        return offset.n <= self.bounds.last

    def _own_bound(self) -> bool:
        p = self.phase
        return any((p.lasting, p.through, p.before, p.up_to, p.until))

    def _add_listed(self, offset: Offset, **more: object) -> None:
        guards = tuple(g for g in self.bounds.guards if self._own_bound() or not isinstance(g.base, int))
        if self.phase.weekdays is not None:
            guards = (*guards, Guard(weekdays=self.phase.weekdays.days))
        if isinstance(offset, Days):
            self._refuse_exact(offset.n)
            term = f"{offset.n} d" if offset.n else ""
            self.add(0, offset, offset.n, self.day_token(offset.n), term, guards=guards, named=self._name(offset), **more)
        else:
            assert isinstance(offset, Months)
            self.add(0, offset, None, f"m{offset.n}", f"{offset.n} mo", guards=guards, named=self._name(offset), **more)

    def _name(self, offset: Offset) -> str:
        days = self.phase.days
        ordinal = self.frame.counting.weeks == "ordinal"
        if days is not None and days.unit == "week" and isinstance(offset, Days):
            return f"Week {offset.n // 7 + ordinal}"
        if days is not None and days.unit == "month":
            months = offset.n if isinstance(offset, Months) else 0
            return f"Month {months + (ordinal and days.ranges[0][0] != 0)}"
        return ""

    def _refuse_exact(self, day: int) -> None:
        if self.bounds.refused is not None and day == self.bounds.refused[0] and not self._daily():
            raise PlanError(_exactly_on(self.bounds.refused[1]))

    def _daily(self) -> bool:
        every = self.phase.every
        return every is None or every.span.days == 1 or every.span.minutes is not None

    def _check_listed_count(self, laid: list[int], days: DayList) -> None:
        count = self.phase.times
        if count is None or self.phase.weekdays is not None:
            return
        given = self.count_done()
        if self.bounds.guards or given != count:
            raise PlanError(
                f"the listed days give {given} doses and the count says x{count}; remove the count, or add an "
                "interval if cycles are meant (days 1-14 q28d x4)."
            )

    def _days_of_each_week(self, days: DayList) -> Here | None:
        numbers = days.numbers()
        if not all(1 <= n <= 7 for n in numbers):
            raise PlanError("days of each week are 1 to 7.")
        ceiling = self._ceiling()
        weeks = 0
        while True:
            for number in numbers:
                day = self.here.days + 7 * weeks + number - 1
                if self._full() or (ceiling is not None and day > ceiling):
                    return Here(self.here.base, self.here.days + 7 * (weeks + (number != numbers[0])))
                token = self.day_token(day, self.here.fixed)
                self.add(self.here.base, Days(day), day if self.here.fixed else None, token, f"{day} d")
            weeks += 1

    # ------------------------------------------------------------ cycles of the phase's own
    def _on_off(self) -> Here | None:
        assert self.phase.on_off is not None
        on, off = self.phase.on_off
        if on.days is None or off.days is None:
            raise PlanError(f"{on} on {off} off: give both in days or weeks.")
        first = self.frame.counting.first_day or 0
        days = DayList("day", ((first, first + on.days - 1),))
        return self._cycles(days, Interval(Span(on.days + off.days, "d")))

    def _cycles(self, days: DayList, every: Interval) -> Here | None:
        if self.frame.length is not None:
            raise PlanError(
                "a day list with an interval makes cycles of its own, but cycles are already given; "
                "leave out the interval here, or count this item from its own start."
            )
        if every.growth:
            raise PlanError("a growing interval takes no day list; it gives one dose a step.")
        step = self.frame.counting.offset(every.span)
        base = self.firm_base()
        inner = Frame(self.frame.counting.inside_cycle(), None, None, self.frame.reach, self.frame.limit)
        ceiling = self._ceiling()
        scope = self.phase.cycles
        k = 0
        while not self._cycles_full(k) and not (ceiling is not None and _shortest(_times(step, k)) > ceiling):
            self._check_exact_cycle(step, k)
            if scope is None or scope.holds(k + 1):
                self._one_cycle(days, inner, base, _times(step, k), k, f"{k} × {every.span}" if k else "")
            k += 1
            if k > self.frame.limit:
                raise PlanError(f"more than {self.frame.limit:,} cycles; check the count and the bounds.")
        return self._after(base, step, k)

    def _cycles_full(self, k: int) -> bool:
        bound = self.phase.through or self.phase.before
        if bound is not None and bound.kind == "cycle":
            assert bound.number is not None
            return k >= bound.number - (self.phase.through is None)
        counted = self.bounds.count
        if self.phase.up_to is not None and self.phase.up_to.n and self.phase.up_to.noun == "doses":
            return self.count_done() >= self.phase.up_to.n
        return counted is not None and k >= counted

    def _check_exact_cycle(self, step: Offset, k: int) -> None:
        refused = self.bounds.refused
        if refused is not None and isinstance(step, Days) and self.here.days + step.n * k == refused[0]:
            raise PlanError(_exactly_on(refused[1]))

    def _one_cycle(self, days: DayList, inner: Frame, base: int, offset: Offset, k: int, term: str) -> None:
        shift = offset if base == self.here.base or base else Days(self.here.days)
        start = len(self.expansion.starts)
        self.expansion.starts.append(Start(f"c{k + 1}", base, shift, term, cycle=k + 1))
        bare = replace(
            self.phase, every=None, on_off=None, days=days, times=None, up_to=None, through=None, before=None,
            lasting=None, until=None, start=None, cycles=None, window=self.phase.window,
        )  # fmt: skip
        sub = Expansion()
        _Laying(bare, Here(), inner, sub, self.number).lay()
        guards = self._cycle_guards()
        optional = self.bounds.optional and k > 0
        ceiling = self.bounds.last if self.phase.cut else None
        for step in sub.steps:
            fixed = self._fixed_day_of(base, shift, step)
            if ceiling is not None and fixed is not None and fixed > ceiling:
                continue
            self.expansion.steps.append(
                step._replace(start=start, phase=self.phase, guards=(*step.guards, *guards), cycle=k + 1, optional=optional)
            )
        if len(self.expansion.steps) > self.frame.limit:
            raise PlanError(f"the schedule gives more than {self.frame.limit:,} events; check counts and bounds.")

    def _fixed_day_of(self, base: int, shift: Offset, step: Step) -> int | None:
        if base == 0 and isinstance(shift, Days) and step.day is not None:
            return shift.n + step.day
        return None

    def _cycle_guards(self) -> tuple[Guard, ...]:
        """A cycle open at a bound is completed, so its start is what is held against the bound, unless cut."""
        if self.phase.cut:
            return self.bounds.guards
        return tuple(replace(guard, on_start=True) for guard in self.bounds.guards)

    # ------------------------------------------------------------ intervals
    def _interval(self, every: Interval) -> Here | None:
        if every.span.minutes is not None:
            return self._hourly(every)
        if every.growth is not None:
            return self._growing(every)
        step = self.frame.counting.offset(every.span)
        skipped = 1 if self.here.skip or (every.after_start and not self.here.back) else 0
        if isinstance(step, Days):
            return self._day_steps(step.n, skipped, str(every.span))
        return self._month_steps(step, skipped, str(every.span))

    def _interval_of_days(self) -> Here | None:
        return self._day_steps(1, 0, "1 d")

    def _day_steps(self, step: int, skipped: int, text: str) -> Here | None:
        ceiling = self._ceiling()
        k = skipped
        while not self._full():
            day = self.here.days + step * k
            if self.bounds.refused is not None and step > 1 and day == self.bounds.refused[0]:
                raise PlanError(_exactly_on(self.bounds.refused[1]))
            if ceiling is not None and day > ceiling:
                break
            token = self.day_token(day, self.here.fixed)
            fixed = day if self.here.fixed else None
            self.add(self.here.base, Days(day), fixed, token, self._day_term(step, k, text))
            k += 1
        self._check_count_and_bound()
        if self.phase.lasting is not None and not self.bounds.guards and self.bounds.last is not None:
            return Here(self.here.base, self.bounds.last + 1)
        if self.phase.lasting is not None:
            return self._after_lasting()
        return self._after_days(step, k)

    def _day_term(self, step: int, k: int, text: str) -> str:
        before = self.here.days - self.here.back
        k += 1 if self.here.back else 0
        start = f"{before} d" if before else ""
        steps = (f"{k} × {text}" if step > 1 else f"{k} d") if k else ""
        return " + ".join(part for part in (start, steps) if part)

    def _after_days(self, step: int, k: int) -> Here | None:
        if self._open():
            return None
        return Here(self.here.base, self.here.days + step * k)

    def _after_lasting(self) -> Here | None:
        assert self.phase.lasting is not None
        base = self.firm_base()
        offset = self.frame.counting.offset(self.phase.lasting)
        self.expansion.starts.append(Start(f"then{self.number + 1}", base, offset, str(self.phase.lasting)))
        return Here(len(self.expansion.starts) - 1, 0)

    def _month_steps(self, step: Offset, skipped: int, text: str) -> Here | None:
        assert isinstance(step, Months)
        base = self.firm_base()
        ceiling = self._ceiling()
        prefix = "" if base == 0 else f"{self.expansion.starts[base].token}."
        k = skipped
        while not self._full() and not (ceiling is not None and _shortest(_times(step, k)) > ceiling - self._based()):
            self.add(base, Months(step.n * k), None, f"{prefix}m{step.n * k}", f"{k} × {text}" if k else "")
            k += 1
        if self.phase.lasting is not None:
            return self._after_lasting()
        return self._after(base, step, k)

    def _based(self) -> int:
        return self.here.days

    def _growing(self, every: Interval) -> Here | None:
        assert every.growth is not None
        by, longest = (self.frame.counting.offset(span) for span in every.growth)
        step = self.frame.counting.offset(every.span)
        if not (isinstance(step, Days) and isinstance(by, Days) and isinstance(longest, Days)):
            raise PlanError("a growing interval is in days or weeks, such as every 4 w growing by 2 w to 12 w.")
        ceiling = self._ceiling()
        day, length = self.here.days, step.n
        if every.after_start:
            day += length
        while not self._full() and not (ceiling is not None and day > ceiling):
            token = self.day_token(day, self.here.fixed)
            self.add(self.here.base, Days(day), day if self.here.fixed else None, token, f"{day} d" if day else "")
            day, length = day + length, min(length + by.n, longest.n)
        return None if self._open() else Here(self.here.base, day)

    # ------------------------------------------------------------ hours
    def _hourly(self, every: Interval) -> Here | None:
        minutes = every.span.minutes
        assert minutes is not None
        span = self.phase.lasting or (self.phase.up_to.span if self.phase.up_to else None)
        length = self.frame.counting.offset(span) if span is not None else None
        total = length.n * 1440 if isinstance(length, Days) else length.minutes if isinstance(length, Elapsed) else None
        if total is None and isinstance(self.frame.length, Days) and self.bounds.count is None:
            total = (self.frame.length.n - self.here.days) * 1440
        count = self.bounds.count if self.bounds.count is not None else -(-total // minutes) if total is not None else None
        if count is None:
            raise PlanError(f"every {every.span} needs a count (x16) or a length (for 4 d), and a first clock time.")
        self._lay_hours(self.here, [minutes * k for k in range(min(count, self.frame.limit + 1))])
        if self._open():
            return None
        return Here(self.here.base, self.here.days + -(-count * minutes // 1440))

    def _hourly_in_days(self, days: DayList, every: Interval) -> Here | None:
        minutes = every.span.minutes
        assert minutes is not None
        last = self.here.days
        for run in self._runs(days):
            first = run[0]
            if not isinstance(first, Days):
                raise PlanError("hours inside months are not possible; list days or weeks.")
            count = len(run) * 1440 // minutes
            self._lay_hours(Here(0, first.n), [minutes * k for k in range(count)])
            last = first.n + len(run)
        if self.phase.times is not None and self.phase.times != self.count_done():
            raise PlanError(
                f"the listed days hold {self.count_done()} doses {every.span.every} and the count says "
                f"x{self.phase.times}; keep one of them."
            )
        return Here(0, last)

    def _hours(self, days: DayList) -> Here | None:
        self._check_size(days)
        numbers = list(days.numbers())
        self._lay_hours(self.here, [60 * n for n in numbers])
        return Here(self.here.base, self.here.days + numbers[-1] // 24 + 1)

    def _lay_hours(self, here: Here, minutes: Iterable[int]) -> None:
        first = self.phase.at[0] if self.phase.at else None
        clock = (first.hour * 60 + first.minute) if first is not None else 0
        day_name = self.day_token(here.days, here.fixed)
        self.expansion.starts.append(
            Start(day_name, here.base, Days(here.days), f"{here.days} d" if here.days else "", clock=first)
        )
        start = len(self.expansion.starts) - 1
        in_day: dict[int, int] = {}
        for offset in minutes:
            day = here.days + (clock + offset) // 1440
            in_day[day] = in_day.get(day, 0) + 1
            if len(self.expansion.steps) >= self.frame.limit:
                raise PlanError(f"the schedule gives more than {self.frame.limit:,} events; check the count.")
            term = f"{offset // 60} h" if offset % 60 == 0 else f"{offset} min"
            self.expansion.steps.append(
                Step(
                    start, Elapsed(offset), day if here.fixed else None, self.day_token(day, here.fixed),
                    term if offset else "", self.phase, guards=self.bounds.guards, ordinal=in_day[day],
                )
            )  # fmt: skip

    # ------------------------------------------------------------ weekdays
    def _weekdays(self) -> Here | None:
        pattern, every = self.phase.weekdays, self.phase.every
        assert pattern is not None
        base = self.firm_base()
        if every is not None and every.span.days not in (None, 7):
            return self._weekly_on(every, base)
        ceiling = self._ceiling()
        names = "–".join(WEEKDAYS[d] for d in (pattern.days[0], pattern.days[-1])) if len(pattern.days) > 1 else ""
        name = names or WEEKDAYS[pattern.days[0]]
        prefix = "" if base == 0 else f"{self.expansion.starts[base].token}."
        k = 0
        while not self._full():
            offset = Nth(k * pattern.nth, pattern.days)
            if ceiling is not None and 7 * (offset.k // len(pattern.days)) - 7 > ceiling:
                break
            self.add(base, offset, None, f"{prefix}n{k + 1}", f"{k + 1}. {name} on or after")
            k += 1
        if self._open():
            return None
        return self._after_steps()

    def _weekly_on(self, every: Interval, base: int) -> Here | None:
        pattern = self.phase.weekdays
        assert pattern is not None and every.span.days is not None
        if len(pattern.days) > 1:
            raise PlanError(
                f"{every.span.every} on several weekdays can start on any of them; write one item for each weekday."
            )
        name = WEEKDAYS[pattern.days[0]]
        self.expansion.starts.append(Start(name.lower(), base, Nth(0, pattern.days), f"first {name} on or after"))
        start = len(self.expansion.starts) - 1
        ceiling = self._ceiling()
        k = 0
        while not self._full() and not (ceiling is not None and every.span.days * k > ceiling):
            self.add(start, Days(every.span.days * k), None, f"n{k + 1}", f"{k} × {every.span}" if k else "")
            k += 1
        return None if self._open() else self._after(start, Days(every.span.days), k)

    def _undated_week(self) -> None:
        often = self.phase.frequency
        assert often is not None
        self.expansion.undated.append(
            f"{often.n} times a week does not say on which days; add on Mon,Wed,Fri or on days 1,3,5 of each week"
        )

    # ------------------------------------------------------------ continuous infusions
    def _continuous(self) -> Here | None:
        phase, dose = self.phase, self.phase.dose
        assert dose is not None
        span = phase.lasting or (phase.up_to.span if phase.up_to else None)
        token, term = self.day_token(self.here.days, self.here.fixed), f"{self.here.days} d" if self.here.days else ""
        fixed = self.here.days if self.here.fixed else None
        length: Offset
        if span is not None:
            length = self.frame.counting.offset(span)
        elif self.bounds.last is not None:
            length = Days(self.bounds.last - self.here.days + 1)
        elif dose.over is not None:
            length = self.frame.counting.offset(dose.over)
        else:
            raise PlanError("a continuous infusion needs its days (days 1-28) or a length (for 28 d).")
        if isinstance(length, Days):
            length = Elapsed(length.n * 1440)
        self.add(self.here.base, Days(self.here.days), fixed, token, term, length=length, guards=())
        if isinstance(length, Elapsed):
            return Here(self.here.base, self.here.days + -(-length.minutes // 1440))
        return self._after_lasting() if phase.lasting is not None else None

    # ------------------------------------------------------------ ends
    def _full(self) -> bool:
        return self.bounds.count is not None and self.count_done() >= self.bounds.count

    def _open(self) -> bool:
        return self.phase.until is not None or self.phase.up_to is not None or self.bounds.open_end

    def _ceiling(self) -> int | None:
        ceiling = self.bounds.ceiling(self.frame)
        if ceiling is None and self.bounds.count is None:
            bound = self.phase.through or self.phase.before
            if bound is not None and bound.kind == "cycle":
                return None
            raise needs_end(self.phase)
        return ceiling

    def _check_count_and_bound(self) -> None:
        count, phase = self.phase.times, self.phase
        bound = phase.through or phase.before or phase.lasting
        if count is None or bound is None:
            return
        if self.bounds.guards or self.count_done() != count:
            raise PlanError(
                f"the count says x{count} and the bound allows {self.count_done()} doses at most; the two must agree, "
                "so keep one of them."
            )

    def _after(self, base: int, step: Offset, k: int) -> Here | None:
        """The start of the next phase: a step after the last occurrence, which is k steps after the base."""
        if self._open():
            return None
        if isinstance(step, Days) and base == self.here.base:
            return Here(base, self.here.days + step.n * k)
        self.expansion.starts.append(Start(f"then{self.number + 1}", base, _times(step, k), ""))
        return Here(len(self.expansion.starts) - 1, 0)

    def _after_steps(self) -> Here:
        """The day after the last step, wherever the calendar puts it."""
        laid = tuple(range(self.first_step, len(self.expansion.steps)))
        self.expansion.starts.append(Start(f"then{self.number + 1}", 0, Days(1), "1 d", after=laid))
        return Here(len(self.expansion.starts) - 1, 0)


def _times(step: Offset, k: int) -> Offset:
    return Days(step.n * k) if isinstance(step, Days) else Months(step.n * k) if isinstance(step, Months) else step


def _shortest(offset: Offset) -> int:
    return offset.n * 28 if isinstance(offset, Months) else longest_days(offset)


def _exactly_on(text: str) -> str:
    return (
        f"an occurrence falls exactly on the bound '{text}', so the text can be read with and without it; "
        "write 'through' to include it or 'before' to leave it out."
    )


__all__ = ["Bounds", "lay_phase"]
