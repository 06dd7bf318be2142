"""Is an amount per day, hour or minute given so that it can be read one way only? If not, the readings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from regimen.errors import NotationError
from regimen.notation.clauses import Ambiguity, Clause, Edit
from regimen.notation.terms import Dose, Phase, Ramp
from regimen.quantities import Amount, Unit

_INFUSED = frozenset({None, "IV", "subcut", "IT", "intra-arterial", "intraperitoneal"})
_SAYS_WHEN = frozenset({"days", "every", "frequency", "weekdays", "on_off", "relative", "days_of_cycle"})
_MINUTES = {"min": 1, "h": 60}


def check_rate(phase: Phase, amount: Clause, found: Mapping[str, Clause]) -> None:
    """Refuse a rate that is neither continuous nor divided, and a continuous infusion without a rate."""
    dose = phase.dose
    assert dose is not None
    if isinstance(dose.amount, Ramp):
        _check_ramp(dose, dose.amount, amount, found)
    if not isinstance(dose.amount, Amount):
        return
    often = phase.frequency.n if phase.frequency and phase.frequency.per == "day" else None
    if dose.divided is not None and often is not None and often != dose.divided:
        raise NotationError(
            f"in {dose.divided} doses and {often} times a day disagree.", "", found["divided"].position,
            "Give the same number twice, or leave one of them out.",
        )  # fmt: skip
    if dose.amount.unit.is_rate and not dose.continuous and dose.divided is None:
        raise _rate_per_day(dose, dose.amount, often, amount, found)
    if dose.continuous and not dose.amount.unit.is_rate and dose.over is None:
        raise _infusion_without_rate(dose.amount, amount, found)


def _rate_per_day(
    dose: Dose, rate: Amount, often: int | None, amount: Clause, found: Mapping[str, Clause]
) -> Ambiguity:
    if rate.unit.time == "day" and often and often > 1:
        single = _single(rate)
        return Ambiguity(
            f"{rate} {often} times a day can be read as the amount of one dose or of the whole day.",
            found["frequency"].position,
            (f"{single} at each of {often} doses a day", (_instead(amount, str(single)),)),
            (f"{rate} in all, in {often} doses", (_after(amount, f"in {often} doses"),)),
        )
    readings = [_one_dose(dose, rate, amount, found)]
    if dose.route in _INFUSED:
        readings.append((f"a continuous infusion of {rate}", _continuous(amount, found)))
    if rate.unit.time == "day" and dose.over is None:
        readings.append(("the amount of a day, given in one dose", (_after(amount, "in 1 dose"),)))
    if len(readings) < 2 or (len(readings) < 3 and rate.unit.time == "day" and dose.over is None):
        readings.append(("the amount of a day, given in two doses", (_after(amount, "in 2 doses"),)))
    return Ambiguity(
        f"{rate} is a rate, but the dose is neither a continuous infusion (CIV) nor divided.",
        amount.position,
        *readings,
    )


def _one_dose(dose: Dose, rate: Amount, amount: Clause, found: Mapping[str, Clause]) -> tuple[str, tuple[Edit, ...]]:
    if rate.unit.time != "day":
        total = _total(dose, rate)
        return f"one dose of {total}", (_instead(amount, str(total)),)
    single = _single(rate)
    if _SAYS_WHEN & found.keys():
        return f"one dose of {single} on each day", (_instead(amount, str(single)),)
    last = max((found[name].end for name in ("route", "over") if name in found), default=amount.end)
    return f"one dose of {single} a day", (_instead(amount, str(single)), Edit(last, last, " daily"))


def _total(dose: Dose, rate: Amount) -> Amount:
    """What flows over the stated time; the bare number where no time is stated."""
    minutes = dose.over.minutes if dose.over is not None else None
    if minutes is None or rate.unit.time is None:
        return _single(rate)
    exact = rate.value * minutes / Decimal(_MINUTES[rate.unit.time])
    whole = exact * _MINUTES[rate.unit.time] == rate.value * minutes and exact == round(exact, 6)
    return Amount(exact.normalize() if whole else rate.value, Unit(rate.unit.base, rate.unit.per))


def _continuous(amount: Clause, found: Mapping[str, Clause]) -> tuple[Edit, ...]:
    edits = [Edit(found["route"].position, found["route"].end, "CIV")] if "route" in found else [_after(amount, "CIV")]
    if "over" in found:
        edits.append(Edit(found["over"].position, found["over"].end, ""))
    return tuple(edits)


def _infusion_without_rate(total: Amount, amount: Clause, found: Mapping[str, Clause]) -> Ambiguity:
    daily = Amount(total.value, Unit(total.unit.base, total.unit.per, "day"))
    return Ambiguity(
        f"{total} as a continuous infusion does not say whether that is per day or in all.",
        amount.position,
        (f"{total} each day", (_instead(amount, str(daily)),)),
        (f"{total} in all, here over 24 hours", (Edit(found["route"].end, found["route"].end, " over 24 h"),)),
    )


def _check_ramp(dose: Dose, ramp: Ramp, amount: Clause, found: Mapping[str, Clause]) -> None:
    """A step longer than a day does not say how often the dose is given within it."""
    longer = ramp.every.minutes is None and ramp.every.days != 1
    if not longer or ramp.unit.is_rate or dose.continuous or _SAYS_WHEN & found.keys():
        return
    raise Ambiguity(
        f"{ramp.every.words} for each step does not say how often the dose is given: daily, or once a step?",
        amount.position,
        ("every day of each step", (_after(amount, "daily"),)),
        ("once at each step", (_after(amount, f"q{ramp.every.short}"),)),
    )


def _single(rate: Amount) -> Amount:
    return Amount(rate.value, Unit(rate.unit.base, rate.unit.per))


def _instead(clause: Clause, text: str) -> Edit:
    return Edit(clause.position, clause.end, text)


def _after(clause: Clause, text: str) -> Edit:
    return Edit(clause.end, clause.end, f" {text}")
