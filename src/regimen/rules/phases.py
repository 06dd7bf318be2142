"""Which offsets does a ``when`` give? Phases are laid end to end on one frame; every result is an undated step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regimen.errors import PlanError
from regimen.notation.terms import Frequency, Phase, Point, Ramp
from regimen.quantities import Amount
from regimen.rules.bounds import fixed_day
from regimen.rules.frames import LIMIT, Expansion, Frame, Here, Start
from regimen.rules.patterns import lay_phase
from regimen.timing import Days, Months


def expand_when(phases: Sequence[Phase], frame: Frame) -> Expansion:
    """Lay phases end to end on a frame; raise ``PlanError`` for an open end, a contradiction or too many steps."""
    expansion = Expansion()
    here: Here | None = Here()
    for number, phase in enumerate(settled(phases), start=1):
        if phase.start is not None:
            here = _named_start(phase.start, frame, expansion, number)
        elif here is None:
            raise PlanError(
                "a phase after 'then' has no start, because the phase before it has an open end; "
                "write where it starts: then from week 12 …"
            )
        elif here.listed:
            here = _after_list(here, phase, frame)
        here = _on_firm_ground(here, phase, frame, expansion, number)
        laid = len(expansion.steps)
        following = lay_phase(phase, here, frame, expansion, number)
        if number > 1 and len(expansion.steps) == laid and _must_give_doses(phase):
            raise PlanError(
                f"phase {number} gives nothing, because its bound lies before its start at "
                f"{_day_word(here.days, frame)}; check the bound, or leave the phase out."
            )
        here = following
        if phase.days is not None and phase.days.unit != "hour" and number > 1 and phase.start is None:
            _check_later(expansion, laid, phase)
    return expansion


def _must_give_doses(phase: Phase) -> bool:
    undated = phase.unstated or phase.relative is not None or phase.days is not None
    prn = phase.dose is not None and phase.dose.prn
    weekly = phase.frequency is not None and phase.frequency.per == "week"
    return not (undated or prn or weekly)


def _on_firm_ground(here: Here, phase: Phase, frame: Frame, expansion: Expansion, number: int) -> Here:
    """Months after months go on from their anchor; anything else needs a point at which the phase starts."""
    if not here.months or (phase.every is not None and isinstance(frame.counting.offset(phase.every.span), Months)):
        return here
    expansion.starts.append(Start(f"then{number}", here.base, Months(here.months), f"{here.months} mo"))
    return Here(len(expansion.starts) - 1)


def _check_later(expansion: Expansion, laid: int, phase: Phase) -> None:
    """Day numbers count from the frame, so a list after *then* lies after everything before it."""
    before, after = expansion.steps[:laid], expansion.steps[laid:]
    if not before or not after or (phase.every is not None and not phase.every.within):
        return
    days = [step.day for step in before]
    first = after[0].day
    if first is None or None in days or first <= max(day for day in days if day is not None):
        raise PlanError(
            "the days listed after 'then' must be later than every day before it, because they too count from the "
            "start of the cycle or epoch; list later days, or write them as an item or part of its own."
        )


def _after_list(here: Here, phase: Phase, frame: Frame) -> Here:
    """After a day list the next phase starts one new interval after the last listed day."""
    if phase.every is None or phase.every.span.minutes is not None or phase.days is not None:
        if here.months:
            raise PlanError("after a list of months the next phase says where it starts: then from month 7 …")
        return Here(here.base, here.days + 1, back=0 if phase.days is not None else 1)
    step = frame.counting.offset(phase.every.span)
    if here.months and not isinstance(step, Months):
        raise PlanError("after a list of months the next interval is in months, or says where it starts: then from …")
    if isinstance(step, Days):
        return Here(here.base, here.days + step.n, back=step.n)
    return Here(here.base, here.days, here.months, skip=1)


def settled(phases: Sequence[Phase]) -> list[Phase]:
    """The phases with ramps unfolded to levels, and everything that is inherited after *then* written out."""
    result: list[Phase] = []
    ramped = False
    for phase in phases:
        if phase.stop:
            continue
        last = result[-1] if result else None
        whole = _inherit(phase, last) if last is not None else phase
        _refuse_unclear(phase, whole, ramped)
        ramped = phase.dose is not None and isinstance(phase.dose.amount, Ramp)
        result += _unfold(whole)
    return result


def _refuse_unclear(phase: Phase, whole: Phase, ramped: bool) -> None:
    """What a phase takes over from the one before must leave one reading only."""
    if phase.hold and phase.dose is None and not ramped:
        raise PlanError(
            "'hold for' goes on with the last dose of a titration or taper, and after other doses it is read as "
            "a pause; "
            "write the dose and how often (then 10 mg daily for 2 w), or where the next phase starts (then from "
            "day 43 …)."
        )
    dose = whole.dose
    if dose is None or not dose.continuous or not isinstance(dose.amount, Amount):
        return
    if not dose.amount.unit.is_rate and dose.over is None:
        raise PlanError(
            f"{dose.amount} takes over the continuous infusion of the phase before, and does not say per day or "
            "in all; "
            f"write {dose.amount}/day CIV for an infusion, or the other route, such as {dose.amount} IV."
        )


def _inherit(phase: Phase, last: Phase) -> Phase:
    changes: dict[str, object] = {}
    if phase.dose is None:
        changes["dose"] = last.dose
    elif last.dose is not None and phase.dose.route is None:
        over = phase.dose.over or last.dose.over
        changes["dose"] = replace(phase.dose, route=last.dose.route, over=over, bolus=last.dose.bolus)
    if not _has_pattern(phase):
        for name in ("frequency", "weekdays", "every"):
            changes[name] = getattr(last, name)
    if not phase.at:
        changes["at"] = last.at
    if phase.frequency is not None and last.frequency is not None and phase.frequency.n != last.frequency.n:
        changes.pop("at", None)
    return replace(phase, **changes) if changes else phase  # type: ignore[arg-type]


def _has_pattern(phase: Phase) -> bool:
    return any((phase.days, phase.every, phase.frequency, phase.weekdays, phase.on_off, phase.relative))


def _unfold(phase: Phase) -> list[Phase]:
    ramp = phase.dose.amount if phase.dose is not None else None
    if not isinstance(ramp, Ramp) or phase.dose is None:
        return [phase]
    if abs(ramp.last - ramp.first) / abs(ramp.step) > LIMIT:
        raise PlanError(f"the ramp has more than {LIMIT:,} levels; check its step.")
    if not _has_pattern(phase):
        phase = _daily_levels(phase, ramp)
    assert phase.dose is not None
    levels = [replace(phase.dose, amount=Amount(value, ramp.unit)) for value in ramp.levels()]
    phases = [replace(phase, dose=level, lasting=ramp.every) for level in levels]
    return [phases[0], *(replace(p, start=None) for p in phases[1:])]


def _daily_levels(phase: Phase, ramp: Ramp) -> Phase:
    """Steps of a day are daily doses; for longer steps the text must say how often a level is given."""
    if ramp.every.days != 1:
        raise PlanError(
            f"the dose changes {ramp.every.every}, but the text does not say how often it is given; "
            "add daily, bid or another frequency."
        )
    return replace(phase, frequency=Frequency(1, "day"))


def _named_start(point: Point, frame: Frame, expansion: Expansion, number: int) -> Here:
    day = fixed_day(point, frame)
    if day is not None:
        return Here(0, day)
    expansion.starts.append(Start(f"then{number}", 0, Days(0), place=point))
    return Here(len(expansion.starts) - 1, 0)


def _day_word(day: int, frame: Frame) -> str:
    return f"day {frame.counting.day_of_offset(day)}" if frame.counting.first_day is not None else f"offset {day}"
