"""When is it, in words a patient uses? One day, each day from one to another, with times where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from regimen.events import Event, day_of
from regimen.languages import Language
from regimen.render.runs import Run


def when_of(run: Run, speaks: Language) -> str:
    """The days of one event, or of a run of daily doses."""
    first, last = run[0], run[-1]
    if len(run) == 1:
        return _single(first, speaks)
    days = len({event.first_day for event in run})
    from_, until = speaks.day(first.first_day), speaks.day(last.first_day)
    if days == 1:
        return speaks.plural("{day}, {n} time", "{day}, {n} times", n=len(run), day=from_)
    if isinstance(first.start, datetime):
        return speaks.say(
            "Every day from {first} through {last}, at {time}", first=from_, last=until,
            time=speaks.time(first.start.time()),
        )  # fmt: skip
    if len(run) == days:
        return speaks.say("Every day from {first} through {last}", first=from_, last=until)
    if len(run) % days:
        return speaks.plural(
            "From {first} through {last}, {n} dose in all", "From {first} through {last}, {n} doses in all", n=len(run),
            first=from_, last=until,
        )  # fmt: skip
    return speaks.plural(
        "Every day from {first} through {last}, {n} time a day",
        "Every day from {first} through {last}, {n} times a day",
        n=len(run) // days, first=from_, last=until,
    )  # fmt: skip


_FEW = 14
"""So many days of equal steps are listed one by one."""


def stretches_of_weeks(days: Sequence[date], speaks: Language) -> Iterator[str]:
    """The days in order; many that lie the same number of weeks apart are one line, which names the first and last."""
    start = 0
    while start < len(days):
        weeks, end = _even_weeks(days, start)
        if end - start > _FEW:
            yield speaks.plural(
                "Every week from {first} through {last}", "Every {n} weeks from {first} through {last}", n=weeks,
                first=speaks.day(days[start]), last=speaks.day(days[end - 1]),
            )  # fmt: skip
            start = end
        else:
            yield speaks.day(days[start])
            start += 1


def _even_weeks(days: Sequence[date], start: int) -> tuple[int, int]:
    """The step in weeks from this day on, and the index after the last day that it holds for."""
    if start + 1 >= len(days) or (days[start + 1] - days[start]).days % 7:
        return 0, start + 1
    step, end = days[start + 1] - days[start], start + 1
    while end < len(days) and days[end] - days[end - 1] == step:
        end += 1
    return step.days // 7, end


def _single(event: Event, speaks: Language) -> str:
    day = speaks.day(event.first_day)
    if event.any_day and event.window is not None:
        first, last = day_of(event.window.earliest), day_of(event.window.latest)
        return speaks.say("Between {first} and {last}", first=speaks.day(first), last=speaks.day(last))
    if event.last_day > event.first_day:
        return _lasting(event, speaks)
    if isinstance(event.start, datetime):
        return speaks.say("{day} at {time}", day=day, time=speaks.time(event.start.time()))
    return day


def _lasting(event: Event, speaks: Language) -> str:
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        return speaks.say(
            "From {first} at {start} until {last} at {end}", first=speaks.day(event.first_day),
            start=speaks.time(event.start.time()), last=speaks.day(event.end.date()), end=speaks.time(event.end.time()),
        )  # fmt: skip
    return speaks.say("From {first} through {last}", first=speaks.day(event.first_day), last=speaks.day(event.last_day))
