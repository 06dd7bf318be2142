"""Which days does a day list with an interval give? Cycles of the phase's own, each with the same days."""

from __future__ import annotations

from dataclasses import replace

from regimen.errors import PlanError
from regimen.notation.terms import DayList, Interval
from regimen.rules.bounds import exactly_on
from regimen.rules.frames import Expansion, Frame, Guard, Here, Start, Step
from regimen.rules.laying import Laying
from regimen.rules.listed import lay_listed
from regimen.timing import Days, Months, Offset, Span, multiplied, shortest_days


def lay_on_off(laying: Laying) -> Here | None:
    """So many days on and so many off, again and again."""
    assert laying.phase.on_off is not None
    on, off = laying.phase.on_off
    if on.days is None or off.days is None:
        raise PlanError(f"{on} on {off} off: give both in days or weeks.")
    first = laying.frame.counting.first_day or 0
    days = DayList("day", ((first, first + on.days - 1),))
    return lay_cycles(laying, days, Interval(Span(on.days + off.days, "d")))


def lay_cycles(laying: Laying, days: DayList, every: Interval) -> Here | None:
    """The listed days in each of the phase's own cycles."""
    if laying.frame.length is not None:
        raise PlanError(
            "a day list with an interval makes cycles of its own, but cycles are already given; "
            "leave out the interval here, or count this item from its own start."
        )
    if every.growth:
        raise PlanError("a growing interval takes no day list; it gives one dose a step.")
    step = laying.frame.counting.offset(every.span)
    base, before = laying.months_from() if isinstance(step, Months) else (laying.firm_base(), 0)
    _refuse_overlap(days, every, step)
    _remark_beyond(laying, days, step)
    inner = Frame(laying.frame.counting.inside_cycle(), None, None, laying.frame.reach, laying.frame.limit)
    ceiling = laying.ceiling()
    scope = laying.phase.cycles
    k = 0
    while not _cycles_full(laying, k):
        offset = Months(before + step.n * k) if isinstance(step, Months) else multiplied(step, k)
        if ceiling is not None and laying.here.days + shortest_days(offset) > ceiling:
            break
        _check_exact_cycle(laying, step, k)
        if scope is None or scope.holds(k + 1):
            parts = (f"{before} mo" if before else "", f"{k} × {every.span}" if k else "")
            _one_cycle(laying, days, inner, base, offset, k, " + ".join(part for part in parts if part))
        k += 1
        if k > laying.frame.limit:
            raise PlanError(f"more than {laying.frame.limit:,} cycles; check the count and the bounds.")
    _check_cycle_count(laying, step, k)
    return laying.after(base, step, k, before)


def _refuse_overlap(days: DayList, every: Interval, step: Offset) -> None:
    """A range longer than the interval is no cycle: every day would be given twice."""
    longest = max((b - a + 1 for a, b in days.ranges), default=0)
    if days.unit == "day" and isinstance(step, Days) and not days.of_weeks and longest > step.n:
        listed = ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in days.ranges)
        raise PlanError(
            f"a range of {longest} days does not fit into cycles of {every.span}; to give it {every.span.every} "
            "inside the "
            f"range write q{every.span.short} within days {listed}."
        )


def _cycles_full(laying: Laying, k: int) -> bool:
    bound = laying.phase.through or laying.phase.before
    if bound is not None and bound.kind == "cycle":
        assert bound.number is not None
        return k >= bound.number - (laying.phase.through is None)
    counted = laying.bounds.total
    if laying.phase.up_to is not None and laying.phase.up_to.n and laying.phase.up_to.noun == "doses":
        return laying.count_done() >= laying.phase.up_to.n
    return counted is not None and k >= counted


def _check_exact_cycle(laying: Laying, step: Offset, k: int) -> None:
    refused = laying.bounds.refused
    if refused is not None and isinstance(step, Days) and laying.here.days + step.n * k == refused[0]:
        raise exactly_on(refused[1])


def _one_cycle(laying: Laying, days: DayList, inner: Frame, base: int, offset: Offset, k: int, term: str) -> None:
    start = len(laying.expansion.starts)
    laying.expansion.starts.append(Start(f"c{k + 1}", base, offset, term, cycle=k + 1))
    bare = replace(
        laying.phase, every=None, on_off=None, days=days, times=None, up_to=None, through=None, before=None,
        lasting=None, until=None, start=None, cycles=None, window=laying.phase.window,
    )  # fmt: skip
    sub = Expansion()
    lay_listed(Laying(bare, Here(), inner, sub, laying.number), days)
    guards = _cycle_guards(laying, base, offset)
    optional = laying.bounds.optional and k > 0
    ceiling = laying.bounds.last if laying.phase.cut else None
    for step in sub.steps:
        fixed = _day_from_base(laying, offset, step)
        if ceiling is not None and fixed is not None and fixed > ceiling:
            continue
        laying.expansion.steps.append(
            step._replace(
                start=start, phase=laying.phase, guards=(*step.guards, *guards), cycle=k + 1, optional=optional
            )
        )
    if len(laying.expansion.steps) > laying.frame.limit:
        raise PlanError(f"the schedule gives more than {laying.frame.limit:,} events; check counts and bounds.")


def _day_from_base(laying: Laying, offset: Offset, step: Step) -> int | None:
    if isinstance(offset, Days) and step.day is not None:
        return laying.here.days + offset.n + step.day
    return None


def _remark_beyond(laying: Laying, days: DayList, step: Offset) -> None:
    """A day beyond its cycle lies in the next one: a finding, not an error."""
    if days.unit == "day" and isinstance(step, Days) and not days.of_weeks:
        beyond = [n for n in days.numbers() if laying.frame.counting.inside_cycle().offset_of_day(n) >= step.n]
        if beyond:
            laying.expansion.remarks.append(f"Day {beyond[0]} lies beyond the cycle of {step.n} days.")


def _check_cycle_count(laying: Laying, step: Offset, k: int) -> None:
    following = laying.here.days + step.n * k if isinstance(step, Days) else None
    laying.check_count_and_bound(following, k)


def _cycle_guards(laying: Laying, base: int, offset: Offset) -> tuple[Guard, ...]:
    """A cycle open at a bound is completed, so its start is what is held against the bound, unless cut."""
    guards = laying.guards_from(base) if isinstance(offset, Months) else laying.bounds.guards
    return guards if laying.phase.cut else tuple(replace(guard, on_start=True) for guard in guards)
