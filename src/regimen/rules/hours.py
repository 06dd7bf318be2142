"""Which hours does a phase give? Elapsed hours from a first clock time."""

from __future__ import annotations

from collections.abc import Iterable

from regimen.errors import PlanError
from regimen.notation.terms import DayList, Interval
from regimen.rules.frames import Here, Start, Step
from regimen.rules.laying import Laying
from regimen.rules.listed import runs
from regimen.timing import Days, Elapsed


def lay_hourly(laying: Laying, every: Interval) -> Here | None:
    """Every so many hours or minutes, for a count or a length."""
    minutes = every.span.minutes
    assert minutes is not None
    span = laying.phase.lasting or (laying.phase.up_to.span if laying.phase.up_to else None)
    length = laying.frame.counting.offset(span) if span is not None else None
    total = length.n * 1440 if isinstance(length, Days) else length.minutes if isinstance(length, Elapsed) else None
    if total is None and isinstance(laying.frame.length, Days) and laying.bounds.total is None:
        total = (laying.frame.length.n - laying.here.days) * 1440
    count = (
        laying.bounds.total if laying.bounds.total is not None else -(-total // minutes) if total is not None else None
    )
    if count is None:
        raise PlanError(f"every {every.span} needs a count (x16) or a length (for 4 d), and a first clock time.")
    _lay_hours(laying, laying.here, [minutes * k for k in range(min(count, laying.frame.limit + 1))])
    if laying.open_ended():
        return None
    return Here(laying.here.base, laying.here.days + -(-count * minutes // 1440))


def lay_hourly_in_days(laying: Laying, days: DayList, every: Interval) -> Here | None:
    """Every so many hours inside listed days."""
    minutes = every.span.minutes
    assert minutes is not None
    last = laying.here.days
    for run in runs(laying, days):
        first = run[0]
        if not isinstance(first, Days):
            raise PlanError("hours inside months are not possible; list days or weeks.")
        count = -(-(len(run) * 1440 - _first_minute(laying)) // minutes)
        _lay_hours(laying, Here(0, first.n), [minutes * k for k in range(count)])
        last = first.n + len(run)
    if laying.phase.times is not None and laying.phase.times != laying.count_done():
        raise PlanError(
            f"the listed days hold {laying.count_done()} doses {every.span.every} and the count says "
            f"x{laying.phase.times}; keep one of them."
        )
    return Here(0, last)


def lay_hours(laying: Laying, days: DayList) -> Here | None:
    """Listed hours from the phase's start."""
    laying.check_size(days)
    numbers = list(days.numbers())
    _lay_hours(laying, laying.here, [60 * n for n in numbers])
    return Here(laying.here.base, laying.here.days + numbers[-1] // 24 + 1)


def _lay_hours(laying: Laying, here: Here, minutes: Iterable[int]) -> None:
    first = laying.phase.at[0] if laying.phase.at else None
    clock = _first_minute(laying)
    day_name = laying.day_token(here.days, here.fixed)
    laying.expansion.starts.append(
        Start(day_name, here.base, Days(here.days), f"{here.days} d" if here.days else "", clock=first)
    )
    start = len(laying.expansion.starts) - 1
    in_day: dict[int, int] = {}
    for offset in minutes:
        day = here.days + (clock + offset) // 1440
        in_day[day] = in_day.get(day, 0) + 1
        if len(laying.expansion.steps) >= laying.frame.limit:
            raise PlanError(f"the schedule gives more than {laying.frame.limit:,} events; check the count.")
        term = f"{offset // 60} h" if offset % 60 == 0 else f"{offset} min"
        laying.expansion.steps.append(
            Step(
                start, Elapsed(offset), day if here.fixed else None, laying.day_token(day, here.fixed),
                term if offset else "", laying.phase, guards=laying.bounds.guards, ordinal=in_day[day],
            )
        )  # fmt: skip


def _first_minute(laying: Laying) -> int:
    """Minutes from midnight to the first clock time; 0 where the anchor has to give it."""
    first = laying.phase.at[0] if laying.phase.at else None
    return first.hour * 60 + first.minute if first is not None else 0
