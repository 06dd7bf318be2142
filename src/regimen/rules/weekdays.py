"""Which weekdays does a phase give? Series that only the calendar can place."""

from __future__ import annotations

from regimen.errors import PlanError
from regimen.notation.terms import Interval
from regimen.rules.frames import Here, Start
from regimen.rules.laying import Laying
from regimen.timing import WEEKDAYS, Days, Nth


def lay_weekdays(laying: Laying) -> Here | None:
    """The weekdays named, from the first one on or after the phase's start."""
    pattern, every = laying.phase.weekdays, laying.phase.every
    assert pattern is not None
    base = laying.firm_base()
    if every is not None and every.span.days not in (None, 7):
        return _weekly_on(laying, every, base)
    ceiling = laying.ceiling()
    name = _names(pattern.days)
    prefix = "" if base == 0 else f"{laying.expansion.starts[base].token}."
    k = 0
    while not laying.full():
        offset = Nth(k * pattern.nth, pattern.days)
        if ceiling is not None and 7 * (offset.k // len(pattern.days)) - 7 > ceiling:
            break
        guards = laying.guards_from(base)
        laying.add(base, offset, None, f"{prefix}n{k + 1}", f"{offset.k + 1}. {name} on or after", guards=guards)
        k += 1
    return _after(laying)


def _after(laying: Laying) -> Here | None:
    if laying.open_ended():
        return None
    if laying.phase.lasting is not None:
        return laying.after_lasting()
    if laying.bounds.own_last is not None:
        return Here(laying.here.base, laying.bounds.own_last + 1)
    return laying.after_steps()


def _names(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}–{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def _weekly_on(laying: Laying, every: Interval, base: int) -> Here | None:
    pattern = laying.phase.weekdays
    assert pattern is not None
    assert every.span.days is not None
    if len(pattern.days) > 1:
        raise PlanError(
            f"{every.span.every} on several weekdays can start on any of them; write one item for each weekday."
        )
    name = WEEKDAYS[pattern.days[0]]
    laying.expansion.starts.append(Start(name.lower(), base, Nth(0, pattern.days), f"first {name} on or after"))
    start = len(laying.expansion.starts) - 1
    ceiling = laying.ceiling()
    k = 0
    while not laying.full() and not (ceiling is not None and every.span.days * k > ceiling):
        term = f"{k} × {every.span}" if k else ""
        laying.add(start, Days(every.span.days * k), None, f"n{k + 1}", term, guards=laying.guards_from(base))
        k += 1
    if laying.phase.times is None:
        return _after(laying)
    return None if laying.open_ended() else laying.after(start, Days(every.span.days), k)


def lay_undated_week(laying: Laying) -> None:
    """So many times a week without days: no dates, and the reason."""
    often = laying.phase.frequency
    assert often is not None
    laying.expansion.undated.append(
        f"{often.n} times a week does not say on which days; add on Mon,Wed,Fri or on days 1,3,5 of each week"
    )
