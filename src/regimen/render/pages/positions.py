"""Which days of the protocol are meant? Positions of doses, with an even step said once instead of day by day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from regimen.render.runs import Run
from regimen.render.words import counted, one_line

_FEW = 6
"""So many positions are listed; more are put as a step where they have one."""


def position_of(run: Run) -> str:
    """``C1D1``, ``Day 1 to 7``, or ``C1D1, 28 days`` for what lasts."""
    one, last = run[0], run[-1]
    if len(run) == 1 and one.last_day > one.first_day:
        return f"{one_line(one.position)}, {counted(one.dose_days, 'day')}"
    if one.cycle is not None and one.day is not None and last.day is not None and last.day != one.day:
        return f"C{one.cycle}D{one.day} to D{last.day}"
    first, other = one_line(one.position), one_line(last.position)
    word = first.rpartition(" ")[0]
    return first if first == other else f"{first} to {other.removeprefix(f'{word} ') if word else other}"


def days_of(runs: Sequence[Run]) -> str:
    """The positions of all runs; many single days an equal number of days apart as a step with both ends."""
    step = _step(runs)
    if step is None:
        return ", ".join(dict.fromkeys(position_of(run) for run in runs))
    first, last = position_of(runs[0]), position_of(runs[-1])
    return f"{first}, then every {counted(step, 'day')} through {last} ({counted(len(runs), 'dose')})"


def _step(runs: Sequence[Run]) -> int | None:
    if len(runs) <= _FEW or any(len(run) > 1 or run[0].last_day > run[0].first_day for run in runs):
        return None
    days = [run[0].first_day for run in runs]
    steps = {(after - before).days for before, after in pairwise(days)}
    return next(iter(steps)) if len(steps) == 1 and min(steps) > 0 else None
