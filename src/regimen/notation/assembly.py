"""Do these clauses make sense together? Gathers the clauses of one dose or phase and refuses what contradicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from regimen.errors import NotationError
from regimen.notation.clauses import Ambiguity, Clause, Edit
from regimen.notation.rates import check_rate
from regimen.notation.terms import DayList, Dose, Interval, Phase, Until
from regimen.timing import Span

_DOSE_FIELDS = frozenset(field.name for field in fields(Dose)) - {"amount"}
_WORDS = {
    "every": "an interval", "lasting": "for", "start": "from", "at": "clock times", "days": "a day list",
    "times": "a count", "up_to": "up to", "frequency": "how often it is given", "weekdays": "weekdays",
    "relative": "a place relative to a dose", "cycles": "which cycles", "days_of_cycle": "a cycle length",
    "within_days": "within", "on_off": "time on and off", "round_to": "round to", "at_most": "at most", "over": "over",
    "unstated": "'schedule not stated'", "phase_window": "a window",
}  # fmt: skip


def assemble_dose(amount: Clause, clauses: Sequence[Clause]) -> Dose:
    """A dose from its amount and clauses."""
    return _dose(amount.value, gather(clauses))


def assemble_phase(amount: Clause | None, clauses: Sequence[Clause]) -> Phase:
    """A phase from its dose (None: inherited, or given apart) and its clauses, checked for contradictions."""
    found = gather(clauses)
    parts = {clause.name: clause for clause in clauses}
    places = {clause.name: clause.position for clause in clauses}
    if amount is not None:
        found["dose"] = _dose(amount.value, found)
    else:
        _refuse_stray_dose(found, places)
    _fold_cycle_days(found, places)
    _fold_interval(found, places)
    _fold_bounds(found, places)
    phase = Phase(**{name: value for name, value in found.items() if name not in _DOSE_FIELDS})
    _check_phase(phase, places, parts)
    if amount is not None:
        check_rate(phase, amount, parts)
    return phase


def gather(clauses: Sequence[Clause]) -> dict[str, Any]:
    """The clauses by name; only caps may be given more than once."""
    found: dict[str, Any] = {}
    for name, value, position, _ in clauses:
        if name == "caps":
            found["caps"] = (*found.get("caps", ()), value)
        elif name in found:
            what = _WORDS.get(name, name)
            raise NotationError(
                f"{what} is given twice in one part.", "", position, "Keep one, or join two parts with then."
            )
        else:
            found[name] = value
    return found


def _dose(amount: Any, found: Mapping[str, Any]) -> Dose:
    if found.keys().isdisjoint(_BEYOND_ROUTE):
        return Dose(amount, found.get("route"))
    return Dose(amount, **{name: value for name, value in found.items() if name in _DOSE_FIELDS})


_BEYOND_ROUTE = _DOSE_FIELDS - {"route"}


def _refuse_stray_dose(found: Mapping[str, Any], places: dict[str, int]) -> None:
    for name in found:
        if name in _DOSE_FIELDS:
            raise NotationError(
                f"{name.replace('_', ' ')} belongs to a dose, and this part has none.", "", places[name],
                "Write the dose before it, such as 10 mg PO, or put it under dose:.",
            )  # fmt: skip


def _fold_cycle_days(found: dict[str, Any], places: dict[str, int]) -> None:
    if "days_of_cycle" in found:
        days, span = found.pop("days_of_cycle")
        if "days" in found or "every" in found:
            raise NotationError(
                "the cycle length is given twice; keep either 'of each 28-day cycle' or 'every 28 days'.", "",
                places["days_of_cycle"],
            )  # fmt: skip
        found["days"], found["every"] = days, Interval(span)
    if "within_days" in found:
        if "every" not in found or "days" in found:
            raise NotationError(
                "'within' runs an interval inside a day range: q1w within days 10-60.", "", places["within_days"]
            )
        found["days"] = found.pop("within_days")
        found["every"] = Interval(found["every"].span, within=True)


def _fold_interval(found: dict[str, Any], places: dict[str, int]) -> None:
    growth, after = found.pop("growing", None), found.pop("after_start", False)
    if not (growth or after):
        return
    every = found.get("every")
    days = found.get("days")
    if after and every is None and days is not None and days.unit == "hour":
        return
    if every is None:
        name = "growing" if growth else "after_start"
        raise NotationError("this needs an interval before it, such as every 4 w.", "", places[name])
    if growth and not growth[0].unit == growth[1].unit == every.span.unit:
        raise NotationError(
            "a growing interval needs one unit throughout, such as every 4 w growing by 2 w to 12 w.", "",
            places["growing"],
        )  # fmt: skip
    if growth and growth[1].n < every.span.n:
        raise NotationError("the longest interval is shorter than the first one.", "", places["growing"])
    found["every"] = Interval(every.span, growth, after, every.within)


def _fold_bounds(found: dict[str, Any], places: dict[str, int]) -> None:
    if "hold" in found:
        if "lasting" in found:
            raise NotationError("'for' and 'hold for' are two lengths; keep one.", "", places["hold"])
        found["lasting"], found["hold"] = found["hold"], True
    if "at_most" in found:
        at_most = found.pop("at_most")
        until = found.get("until")
        if until is None:
            raise NotationError(
                "'at most' follows an open end: until progression, at most 24 mo.", "", places["at_most"],
                "For a plain length write for 24 mo; for a limit that may not be reached, up to 24 mo.",
            )  # fmt: skip
        found["until"] = Until(until.event, at_most)
    if "times" in found:
        times, noun = found["times"]
        listed = isinstance(found.get("days"), DayList) and "every" in found and not found["every"].within
        if noun and (noun == "cycles") != (listed or "on_off" in found):
            counted = "cycles" if listed else "doses"
            raise NotationError(
                f"here a count is of {counted}, not of {noun}.", "", places["times"],
                f"Write x{times} when {times} {counted} are meant"
                + (", or a day list with an interval for cycles." if noun == "cycles" else "."),
            )  # fmt: skip
        found["times"] = times


def _check_phase(phase: Phase, places: dict[str, int], parts: Mapping[str, Clause]) -> None:
    bounds = [name for name in ("times", "up_to", "through", "before", "lasting", "until") if getattr(phase, name)]
    if "until" in bounds and len(bounds) > 1 and "up_to" not in bounds:
        raise NotationError(
            "an open end (until an event) and a fixed end cannot both hold.", "", places.get("until"),
            "Write until progression, at most 24 mo; or only the fixed end.",
        )  # fmt: skip
    if "through" in bounds and "before" in bounds:
        raise NotationError("'through' and 'before' are two ends; keep one.", "", places.get("before"))
    _check_weekday_interval(phase, parts)
    _check_frequency(phase, places)
    if phase.unstated and (phase.days or phase.every or phase.frequency or phase.weekdays or phase.on_off):
        raise NotationError(
            "the schedule is given and also said to be not stated.", "", places["unstated"], "Leave one of them out."
        )
    if phase.relative is not None and (phase.days is not None or phase.every is not None):
        raise NotationError(
            "a place relative to a dose cannot also have days or an interval of its own.", "", places.get("relative")
        )


def _check_weekday_interval(phase: Phase, parts: Mapping[str, Clause]) -> None:
    if phase.weekdays is None or phase.every is None or "every" not in parts:
        return
    span = phase.every.span
    if span.days is not None and span.days % 7 == 0:
        return
    every, weekdays = parts["every"], parts["weekdays"]
    weeks = max(1, round((span.days or span.n * (365 if span.unit == "y" else 30)) / 7))
    if span.minutes is not None:
        raise NotationError(
            f"{span.every} does not keep to a weekday; the two contradict each other.", "", weekdays.position,
            "Leave one of them out.",
        )  # fmt: skip
    raise Ambiguity(
        f"{span.every} does not keep to a weekday; the two contradict each other.",
        weekdays.position,
        (f"{span.every}, on any weekday", (Edit(weekdays.position, weekdays.end, ""),)),
        (f"{Span(weeks, 'w').every}, on that weekday", (Edit(every.position, every.end, f"q{weeks}w"),)),
    )


def _check_frequency(phase: Phase, places: dict[str, int]) -> None:
    often = phase.frequency
    if often is None:
        if len(phase.at) > 1:
            raise NotationError(
                f"{len(phase.at)} clock times need a frequency.", "", places.get("at"),
                "Write bid at 08:00,20:00, or give one time.",
            )  # fmt: skip
        return
    if often.per == "day" and phase.at and len(phase.at) != often.n:
        raise NotationError(
            f"{often.n} times a day and {len(phase.at)} clock time(s) disagree.", "", places.get("at"),
            f"Give {often.n} times, or another frequency.",
        )  # fmt: skip
    if often.per == "day" and phase.every is not None and phase.days is None:
        raise NotationError(
            f"'{_often(often.n)}' and '{phase.every.span.every}' say twice how often; keep one.", "",
            places.get("frequency"), "For some days of each cycle add the days: daily days 1-21 q28d.",
        )  # fmt: skip
    if often.per == "week":
        days = phase.days.numbers() if phase.days is not None and phase.days.of_each_week else None
        named = len(phase.weekdays.days) if phase.weekdays is not None else len(days) if days is not None else None
        if named is not None and named != often.n:
            raise NotationError(
                f"{often.n} times a week and {named} named day(s) disagree.", "", places.get("frequency")
            )


def _often(n: int) -> str:
    return "daily" if n == 1 else f"{n}x/day"
