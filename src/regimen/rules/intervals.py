"""Which days does an interval give? Steps of days, weeks or months, and intervals that grow."""

from __future__ import annotations

from regimen.errors import PlanError
from regimen.notation.terms import Interval
from regimen.rules.bounds import exactly_on
from regimen.rules.frames import Here
from regimen.rules.hours import lay_hourly
from regimen.rules.laying import Laying
from regimen.timing import Days, Months, Offset, shortest_days


def lay_interval(laying: Laying, every: Interval) -> Here | None:
    """Steps of one length, from the phase's start or one step later."""
    if every.span.minutes is not None:
        return lay_hourly(laying, every)
    if every.growth is not None:
        return _growing(laying, every)
    step = laying.frame.counting.offset(every.span)
    skipped = 1 if laying.here.skip or (every.after_start and not laying.here.back) else 0
    if isinstance(step, Days):
        return _day_steps(laying, step.n, skipped, str(every.span))
    return _month_steps(laying, step, skipped, str(every.span))


def lay_daily(laying: Laying) -> Here | None:
    """Every day."""
    return _day_steps(laying, 1, 0, "1 d")


def _day_steps(laying: Laying, step: int, skipped: int, text: str) -> Here | None:
    ceiling = laying.ceiling()
    k = skipped
    while not laying.full():
        day = laying.here.days + step * k
        if laying.bounds.refused is not None and step > 1 and day == laying.bounds.refused[0]:
            raise exactly_on(laying.bounds.refused[1])
        if ceiling is not None and day > ceiling:
            break
        token = laying.day_token(day, laying.here.fixed)
        fixed = day if laying.here.fixed else None
        laying.add(laying.here.base, Days(day), fixed, token, _day_term(laying, step, k, text))
        k += 1
    laying.check_count_and_bound(laying.here.days + step * k)
    if laying.phase.lasting is not None and not laying.bounds.guards and laying.bounds.last is not None:
        return Here(laying.here.base, laying.bounds.last + 1)
    if laying.phase.lasting is not None:
        return laying.after_lasting()
    return _after_days(laying, step, k)


def _day_term(laying: Laying, step: int, k: int, text: str) -> str:
    before = laying.here.days - laying.here.back
    k += 1 if laying.here.back else 0
    start = f"{before} d" if before else ""
    steps = (f"{k} × {text}" if step > 1 else f"{k} d") if k else ""
    return " + ".join(part for part in (start, steps) if part)


def _after_days(laying: Laying, step: int, k: int) -> Here | None:
    if laying.open_ended():
        return None
    return Here(laying.here.base, laying.here.days + step * k)


def _month_steps(laying: Laying, step: Offset, skipped: int, text: str) -> Here | None:
    assert isinstance(step, Months)
    base, before = laying.months_from()
    ceiling = laying.ceiling()
    prefix = "" if base == 0 else f"{laying.expansion.starts[base].token}."
    k = skipped
    while not laying.full():
        offset = Months(before + step.n * k)
        if ceiling is not None and laying.here.days + shortest_days(offset) > ceiling:
            break
        parts = (f"{before} mo" if before else "", f"{k} × {text}" if k else "")
        term = " + ".join(part for part in parts if part)
        laying.add(base, offset, None, f"{prefix}m{offset.n}", term, guards=laying.guards_from(base))
        k += 1
    laying.check_count_and_bound(None)
    if laying.phase.lasting is not None:
        return laying.after_lasting()
    return laying.after(base, step, k, before)


def _growing(laying: Laying, every: Interval) -> Here | None:
    assert every.growth is not None
    by, longest = (laying.frame.counting.offset(span) for span in every.growth)
    step = laying.frame.counting.offset(every.span)
    if not (isinstance(step, Days) and isinstance(by, Days) and isinstance(longest, Days)):
        raise PlanError("a growing interval is in days or weeks, such as every 4 w growing by 2 w to 12 w.")
    ceiling = laying.ceiling()
    day, length = laying.here.days, step.n
    if every.after_start:
        day += length
    while not laying.full() and not (ceiling is not None and day > ceiling):
        token = laying.day_token(day, laying.here.fixed)
        laying.add(laying.here.base, Days(day), day if laying.here.fixed else None, token, f"{day} d" if day else "")
        day, length = day + length, min(length + by.n, longest.n)
    return None if laying.open_ended() else Here(laying.here.base, day)
