"""Which days does a list give? Days, weeks and months as listed, each week's days, and intervals inside ranges."""

from __future__ import annotations

from collections.abc import Iterator

from regimen.errors import PlanError
from regimen.notation.terms import DayList
from regimen.rules.bounds import exactly_on
from regimen.rules.frames import Guard, Here
from regimen.rules.laying import Laying
from regimen.timing import Days, Elapsed, Months, Offset, Span


def lay_listed(laying: Laying, days: DayList) -> Here | None:
    """Listed days, weeks or months; consecutive days of a continuous infusion are one step."""
    if days.of_each_week:
        return _days_of_each_week(laying, days)
    often = laying.phase.frequency
    if often is not None and often.per == "week":
        raise PlanError(
            f"{often.n} times a week on listed days is read for one week and for every week; write on days 1,3,5 "
            "of each "
            "week, or leave out how often."
        )
    _remark_beyond(laying, days)
    laid: list[int] = []
    for offsets in runs(laying, days):
        laid += _lay_run(laying, offsets)
    _check_listed_count(laying)
    if days.unit == "month" and laying.frame.counting.months == "calendar":
        last = laying.expansion.steps[-1].offset if len(laying.expansion.steps) > laying.first_step else None
        return Here(0, months=last.n, listed=True) if isinstance(last, Months) else None
    return Here(0, laid[-1] if laid else laying.here.days, listed=True)


def _remark_beyond(laying: Laying, days: DayList) -> None:
    length, counting = laying.frame.length, laying.frame.counting
    if days.unit != "day" or days.of_weeks or not isinstance(length, Days):
        return
    beyond = [n for n in days.numbers() if n > 0 and counting.offset_of_day(n) >= length.n]
    if beyond:
        laying.expansion.remarks.append(f"Day {beyond[0]} lies beyond the {length.n} days that it belongs to.")


def runs(laying: Laying, days: DayList) -> Iterator[list[Offset]]:
    """Consecutive days belong to one run, since a continuous infusion does not stop between them."""
    run: list[Offset] = []
    for offset in _offsets(laying, days):
        if run and isinstance(offset, Days) and isinstance(run[-1], Days) and offset.n == run[-1].n + 1:
            run.append(offset)
            continue
        if run:
            yield run
        run = [offset]
    if run:
        yield run


def _offsets(laying: Laying, days: DayList) -> Iterator[Offset]:
    counting = laying.frame.counting
    laying.check_size(days)
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
        yield from (_month(laying, n, days) for n in days.numbers())


def _month(laying: Laying, number: int, days: DayList) -> Offset:
    counting = laying.frame.counting
    ordinal = counting.weeks == "ordinal" and days.ranges[0][0] != 0
    if counting.weeks is None and days.ranges[0][0] != 0:
        raise PlanError(
            f"months {number}, … can count from 0 (months after the anchor) or from 1 (the first month). "
            "Start the list with 0, or declare weeks: elapsed or weeks: ordinal."
        )
    return counting.offset(Span(number - ordinal, "mo")) if number - ordinal else Days(0)


def _lay_run(laying: Laying, offsets: list[Offset]) -> list[int]:
    kept = [o for o in offsets if _inside(laying, o)]
    if len(kept) < len(offsets) and laying.own_bound():
        raise PlanError(
            "the listed days reach beyond the bound, so the two disagree; list only the days that are meant, or "
            "leave out "
            "the bound."
        )
    if not kept:
        return []
    every = laying.phase.every
    first = kept[0]
    if laying.phase.dose is not None and laying.phase.dose.continuous and isinstance(first, Days):
        _add_listed(laying, first, length=Elapsed(_infusion_minutes(laying, len(kept))))
    elif every is not None and every.within:
        step = every.span.days
        if step is None:
            raise PlanError("an interval within days is in days or weeks: q1w within days 10-60.")
        kept = kept[::step]
        for offset in kept:
            _add_listed(laying, offset)
    else:
        for offset in kept:
            _add_listed(laying, offset)
    return [o.n for o in kept if isinstance(o, Days)]


def _infusion_minutes(laying: Laying, days: int) -> int:
    """How long a continuous infusion on consecutive days runs; a stated length must be just that long."""
    assert laying.phase.dose is not None
    over = laying.phase.dose.over
    minutes = over.minutes if over is not None else None
    if minutes is None:
        return days * 1440
    if days > 1 and minutes != days * 1440:
        raise PlanError(
            f"over {over} and {days} days of one continuous infusion ({days * 24} h) disagree; leave out one of "
            "them, or "
            f"list the days apart if an infusion starts on each."
        )
    return minutes


def _inside(laying: Laying, offset: Offset) -> bool:
    if not isinstance(offset, Days) or laying.bounds.last is None:
        return True
    if laying.frame.length is not None and isinstance(laying.frame.length, Days) and laying.phase.weekdays is None:
        own = laying.bounds.last if laying.own_bound() else None
        return own is None or offset.n <= own
    return offset.n <= laying.bounds.last


def _add_listed(laying: Laying, offset: Offset, **more: object) -> None:
    guards = tuple(g for g in laying.bounds.guards if laying.own_bound() or not isinstance(g.base, int))
    if laying.phase.weekdays is not None:
        guards = (*guards, Guard(weekdays=laying.phase.weekdays.days))
    if isinstance(offset, Days):
        _refuse_exact(laying, offset.n)
        term = f"{offset.n} d" if offset.n else ""
        laying.add(
            0, offset, offset.n, laying.day_token(offset.n), term, guards=guards, named=_name(laying, offset), **more
        )
    else:
        assert isinstance(offset, Months)
        laying.add(
            0, offset, None, f"m{offset.n}", f"{offset.n} mo", guards=guards, named=_name(laying, offset), **more
        )


def _name(laying: Laying, offset: Offset) -> str:
    days = laying.phase.days
    ordinal = laying.frame.counting.weeks == "ordinal"
    if days is not None and days.unit == "week" and isinstance(offset, Days):
        return f"Week {offset.n // 7 + ordinal}"
    if days is not None and days.unit == "month":
        length = laying.frame.counting.months
        months = offset.n if isinstance(offset, Months) else 0
        if isinstance(offset, Days) and length != "calendar":
            months = offset.n // int(length.removesuffix("d"))
        return f"Month {months + (ordinal and days.ranges[0][0] != 0)}"
    return ""


def _refuse_exact(laying: Laying, day: int) -> None:
    if laying.bounds.refused is not None and day == laying.bounds.refused[0] and not _daily(laying):
        raise exactly_on(laying.bounds.refused[1])


def _daily(laying: Laying) -> bool:
    every = laying.phase.every
    return every is None or every.span.days == 1 or every.span.minutes is not None


def _check_listed_count(laying: Laying) -> None:
    count = laying.phase.times
    if count is None:
        return
    if laying.phase.weekdays is not None:
        raise PlanError(
            f"how many of the listed days fall on the weekdays depends on the start, so the count x{count} cannot "
            "hold; keep the days or the count."
        )
    given = laying.count_done()
    if laying.bounds.guards or given != count:
        raise PlanError(
            f"the listed days give {given} doses and the count says x{count}; remove the count, or add an "
            "interval if cycles are meant (days 1-14 q28d x4)."
        )


def _days_of_each_week(laying: Laying, days: DayList) -> Here | None:
    numbers = days.numbers()
    if not all(1 <= n <= 7 for n in numbers):
        raise PlanError("days of each week are 1 to 7.")
    ceiling = laying.ceiling()
    weeks = 0
    while True:
        for number in numbers:
            day = laying.here.days + 7 * weeks + number - 1
            if laying.full() or (ceiling is not None and day > ceiling):
                return Here(laying.here.base, laying.here.days + 7 * (weeks + (number != numbers[0])))
            token = laying.day_token(day, laying.here.fixed)
            laying.add(laying.here.base, Days(day), day if laying.here.fixed else None, token, f"{day} d")
        weeks += 1
