"""What does a dose on another day mean for those after it? The item's policy, its limit, and what a person chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from regimen.events import DatedWindow, day_of, exact_time
from regimen.facts import LatePolicy
from regimen.moments import Moment, window_around
from regimen.plan import Content
from regimen.timing import MINUTES, Span

DAY = timedelta(days=1)


class Verdict(NamedTuple):
    """Which policy holds (none where nothing needs one), how late it was, and whether it came too early."""

    policy: str
    late: timedelta
    early: bool = False
    stated: bool = True
    """Whether the definition or a person said so; else nobody has, and a person must."""


def delay(actual: Moment, due: Moment) -> timedelta:
    """How much later than due: exact between two times, in whole days otherwise."""
    if isinstance(actual, datetime) and isinstance(due, datetime):
        return exact_time(actual, due)
    return day_of(actual) - day_of(due)


def length(span: Span) -> timedelta:
    """A limit as exact time; a day is 24 hours, a month its longest."""
    if span.minutes is not None:
        return timedelta(minutes=span.n * MINUTES[span.unit])
    days = span.days if span.days is not None else span.n * (31 if span.unit == "mo" else 366)
    return timedelta(days=days)


def verdict(content: Content, due: Moment, actual: Moment, then: str) -> Verdict:
    """What a dose given at ``actual`` instead of ``due`` means; ``then`` is what a person chose for it."""
    late = delay(actual, due)
    if then and late:
        return Verdict(then, late)
    if not late or inside(window_around(due, content.window), actual):
        return Verdict("", late)
    if late < timedelta(0):
        return Verdict("", late, early=True)
    return resolved(content.late, late)


def resolved(policy: LatePolicy | None, late: timedelta) -> Verdict:
    """The policy that holds for so much delay; ``ask`` where none is stated."""
    if policy is None:
        return Verdict("ask", late, stated=False)
    if policy.within is not None and late > length(policy.within):
        return Verdict(policy.beyond, late)
    return Verdict(policy.policy, late)


def inside(window: DatedWindow | None, moment: Moment) -> bool:
    """Whether a moment lies in a window; both ends are inside, days are compared where one has no time."""
    if window is None:
        return False
    return not (_before(moment, window.earliest) or _before(window.latest, moment))


def _before(one: Moment, other: Moment) -> bool:
    return delay(one, other) < timedelta(0)


def in_words(late: timedelta) -> str:
    """``5 d late``, ``7 h late``, ``2 d early``."""
    size = abs(late)
    if size % DAY == timedelta(0):
        amount = f"{size // DAY} d"
    else:
        hours, rest = divmod(size // timedelta(minutes=1), 60)
        amount = " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
    return f"{amount} {'late' if late > timedelta(0) else 'early'}"
