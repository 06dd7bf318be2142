"""Which pattern does a phase follow? Chooses one, and lays its steps."""

from __future__ import annotations

from regimen.errors import PlanError
from regimen.notation.terms import Phase
from regimen.rules.frames import Expansion, Frame, Here
from regimen.rules.hours import lay_hourly_in_days, lay_hours
from regimen.rules.intervals import lay_daily, lay_interval
from regimen.rules.laying import Laying
from regimen.rules.listed import lay_listed
from regimen.rules.own_cycles import lay_cycles, lay_on_off
from regimen.rules.weekdays import lay_undated_week, lay_weekdays
from regimen.timing import Days, Elapsed, Offset


def lay_phase(phase: Phase, here: Here, frame: Frame, expansion: Expansion, number: int) -> Here | None:
    """Add a phase's steps to the expansion; the result is where a next phase would start, None after an open end."""
    laying = Laying(phase, here, frame, expansion, number)
    following = _lay(laying)
    dated = len(expansion.steps) > laying.first_step
    expansion.endless = expansion.endless or (dated and _is_series(phase) and laying.endless())
    return following


def _is_series(phase: Phase) -> bool:
    """Listed days end by themselves; everything else goes on until it is told to stop."""
    own_cycles = phase.on_off is not None or (phase.every is not None and not phase.every.within)
    return phase.days is None or own_cycles or phase.days.of_each_week


def _lay(laying: Laying) -> Here | None:
    phase = laying.phase
    continuous = phase.dose is not None and phase.dose.continuous
    if phase.unstated:
        laying.expansion.undated.append("the schedule is not stated")
        return None
    if phase.relative is not None:
        laying.expansion.relative.append(phase)
        return None
    if phase.on_off is not None:
        return lay_on_off(laying)
    if phase.days is not None and phase.days.unit == "hour":
        return lay_hours(laying, phase.days)
    if phase.days is not None and phase.every is not None and not phase.every.within:
        hourly = phase.every.span.minutes is not None
        return (
            lay_hourly_in_days(laying, phase.days, phase.every)
            if hourly
            else lay_cycles(laying, phase.days, phase.every)
        )
    if phase.days is not None:
        return lay_listed(laying, phase.days)
    if phase.frequency is not None and phase.frequency.per == "week" and phase.weekdays is None:
        lay_undated_week(laying)
        return None
    if phase.weekdays is not None:
        return lay_weekdays(laying)
    if continuous and phase.every is None:
        return lay_continuous(laying)
    if phase.every is not None:
        if continuous and (phase.dose is None or phase.dose.over is None):
            raise PlanError(
                "a continuous infusion at intervals does not say how long each runs; write over 24 h, or days 1-4 q21d."
            )
        return lay_interval(laying, phase.every)
    if phase.frequency is not None or laying.per_day > 1 or phase.hold:
        return lay_daily(laying)
    if phase.dose is not None and phase.dose.prn:
        laying.expansion.undated.append("given as needed")
        return None
    raise PlanError(
        "this does not say on which days or how often; write days 1, 8, 15 or daily or q28d (or prn for as needed)."
    )


def lay_continuous(laying: Laying) -> Here | None:
    """One continuous infusion, as long as the phase lasts."""
    phase, dose = laying.phase, laying.phase.dose
    assert dose is not None
    if phase.times is not None:
        raise PlanError(
            "a count of a continuous infusion needs an interval; write its days and the interval: days 1-10 q21d x3."
        )
    span = phase.lasting or (phase.up_to.span if phase.up_to else None)
    token, term = (
        laying.day_token(laying.here.days, laying.here.fixed),
        f"{laying.here.days} d" if laying.here.days else "",
    )
    fixed = laying.here.days if laying.here.fixed else None
    length: Offset
    if span is not None:
        length = laying.frame.counting.offset(span)
    elif laying.bounds.last is not None:
        length = Days(laying.bounds.last - laying.here.days + 1)
    elif dose.over is not None:
        length = laying.frame.counting.offset(dose.over)
    else:
        raise PlanError("a continuous infusion needs its days (days 1-28) or a length (for 28 d).")
    if isinstance(length, Days):
        length = Elapsed(length.n * 1440)
    laying.add(laying.here.base, Days(laying.here.days), fixed, token, term, length=length, guards=())
    if isinstance(length, Elapsed):
        return Here(laying.here.base, laying.here.days + -(-length.minutes // 1440))
    return laying.after_lasting() if phase.lasting is not None else None
