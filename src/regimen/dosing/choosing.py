"""Which of a subject's measures applies to a dose, and when is a dose calculated anew? As the study declares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from regimen.errors import DosingError
from regimen.quantities import exact_number
from regimen.quantities.measured import Measure
from regimen.safetext import day_in_words


@dataclass(frozen=True, slots=True)
class Choice:
    """Which measure counts, and by how much it must change before the dose is calculated anew.

    ``baseline`` is "latest" (the last one on or before the dose), "previous cycle" (the last one before the dose's own
    cycle starts), or the name of an occasion such as "screening" or "C1D1".
    ``change`` is in percent: a later measure replaces the one in use when it differs by MORE than that. None means
    never for an occasion, and always for latest and previous cycle. ``moves`` says whether the measure that replaced
    the baseline is what later ones are compared with (else the first baseline stays the comparison).
    """

    baseline: str
    change: Fraction | None = None
    moves: bool = True

    def __post_init__(self) -> None:
        if self.change is not None and not 0 < self.change <= 100:
            raise DosingError(
                f"a change of {exact_number(self.change)} % is not above 0 and at most 100 %; write 10 for 10 %."
            )


LATEST = Choice("latest")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The measure that applies, and why."""

    measure: Measure
    steps: tuple[str, ...]


def choose(series: Iterable[Measure], on: date, rule: Choice = LATEST, cycle_starts: Sequence[date] = ()) -> Chosen:
    """The measure of one kind for a dose on a day; ``cycle_starts`` are the first days of the cycles up to then."""
    known = sorted((m for m in series if m.on is None or m.on <= on), key=_day)
    if not known:
        raise DosingError(f"no measure was taken on or before {day_in_words(on)}; measure, or choose another rule.")
    if rule.baseline == "previous cycle":
        return _by_cycles(known, on, rule, cycle_starts)
    if rule.baseline == "latest":
        if rule.change is None:
            return Chosen(known[-1], (f"{_said(known[-1])} is the latest measure",))
        return _followed(known[0], known[1:], rule)
    return _from_occasion(known, rule)


def _from_occasion(known: list[Measure], rule: Choice) -> Chosen:
    wanted = [m for m in known if m.occasion.casefold() == rule.baseline.casefold()]
    if not wanted:
        named = ", ".join(dict.fromkeys(m.occasion for m in known if m.occasion)) or "none"
        raise DosingError(
            f"no measure is marked {rule.baseline!r}; marked are: {named}. Mark it with at: {rule.baseline}."
        )
    if len(wanted) > 1:
        raise DosingError(
            f"{len(wanted)} measures are marked {rule.baseline!r} ({', '.join(map(_said, wanted))}); mark one of them."
        )
    if rule.change is None:
        return Chosen(wanted[0], (f"{_said(wanted[0])} applies to every dose",))
    return _followed(wanted[0], [m for m in known if _day(m) > _day(wanted[0])], rule)


def _by_cycles(known: list[Measure], on: date, rule: Choice, starts: Sequence[date]) -> Chosen:
    """One measure for each cycle: the last one on or before its first day, or before it for the rule without change."""
    begun = [start for start in sorted(starts) if start <= on]
    if not begun:
        raise DosingError(
            "the rule 'previous cycle' needs the first days of the cycles up to the dose; none are given."
        )
    if rule.change is None:
        before = (
            [m for m in known if _day(m) < begun[-1]] if len(begun) > 1 else [m for m in known if _day(m) <= begun[0]]
        )
        if not before:
            raise DosingError(f"no measure was taken before the cycle that starts {day_in_words(begun[-1])}.")
        return Chosen(before[-1], (f"{_said(before[-1])} is the last measure before the cycle",))
    by_cycle = [[m for m in known if _day(m) <= start] for start in begun]
    if not by_cycle[0]:
        raise DosingError(f"no measure was taken on or before the first cycle's start, {day_in_words(begun[0])}.")
    used, steps = by_cycle[0][-1], (f"{_said(by_cycle[0][-1])} is the measure of cycle 1",)
    for cycle, (earlier, own) in enumerate(pairwise(by_cycle), start=2):
        if _exceeds(earlier[-1], own[-1], rule):
            used, steps = own[-1], (f"{_compared(earlier[-1], own[-1], rule)}: calculated anew in cycle {cycle}",)
    return Chosen(used, steps)


def _followed(base: Measure, later: list[Measure], rule: Choice) -> Chosen:
    used, against = base, base
    steps = [f"{_said(base)} is the baseline"]
    for measure in later:
        if _exceeds(against, measure, rule):
            steps.append(f"{_compared(against, measure, rule)}: calculated anew")
            used = measure
            against = measure if rule.moves else against
        else:
            steps.append(f"{_compared(against, measure, rule)}: {used.written} stays")
            if not rule.moves:
                used = base
    return Chosen(used, tuple(steps[:1] + steps[1:][-1:]))


def _exceeds(base: Measure, other: Measure, rule: Choice) -> bool:
    return rule.change is not None and abs(other.value - base.value) * 100 > rule.change * base.value


def _compared(base: Measure, other: Measure, rule: Choice) -> str:
    percent = abs(other.value - base.value) * 100 / base.value
    shown = exact_number(percent)
    limit = exact_number(rule.change or Fraction(0))
    verb = "more than" if _exceeds(base, other, rule) else "not more than"
    return f"{_said(other)} differs by {shown} % from {base.written}, {verb} {limit} %"


def _said(measure: Measure) -> str:
    when = ", ".join(part for part in (measure.occasion, day_in_words(measure.on) if measure.on else "") if part)
    return f"{measure.kind.name} {measure.written}" + (f" ({when})" if when else "")


def _day(measure: Measure) -> date:
    return measure.on or date.min
