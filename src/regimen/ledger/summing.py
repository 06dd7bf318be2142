"""What does a drug come to: on each day, in each cycle, in all? Found in different ways, as a check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from regimen.errors import DosingError
from regimen.events import Calendar
from regimen.ledger.terms import Administration, Sum, added
from regimen.quantities import Quantity, Unit
from regimen.safetext import day_in_words

_CYCLE = re.compile(r"(.+?/c\d+)/")
_DAY = 1440


def total_of(given: Sequence[Administration], unit: Unit) -> Quantity:
    """In all: a rate times its hours, an amount times how often it is given, and what was recorded as it is."""
    flows = (one for one in given if one.recorded is None and one.minutes is not None)
    single = [one for one in given if one.recorded is None and one.minutes is None]
    times: dict[int, list[Administration]] = {}
    for one in single:
        times.setdefault(id(one.calculated), []).append(one)
    parts = [_over_its_hours(one) for one in flows]
    parts += [_amount(group[0]).times(len(group)) for group in times.values()]
    parts += [one.recorded for one in given if one.recorded is not None]
    return added(parts, unit)


def days_of(given: Sequence[Administration], unit: Unit) -> tuple[Sum, ...]:
    """Each day; of an infusion, the 24 h that begin on it."""
    found: dict[str, list[Quantity]] = {}
    titles: dict[str, str] = {}
    for one in given:
        day = one.event.first_day
        for number, part in enumerate(_by_day(one)):
            on = day + timedelta(days=number)
            found.setdefault(on.isoformat(), []).append(part)
            titles[on.isoformat()] = day_in_words(on)
    return tuple(Sum(name, titles[name], added(parts, unit), len(parts)) for name, parts in sorted(found.items()))


def cycles_of(given: Sequence[Administration], unit: Unit, calendar: Calendar) -> tuple[Sum, ...]:
    """Each cycle, and what has no cycles by its epoch, in the order of their days."""
    found: dict[str, list[Administration]] = {}
    for one in given:
        found.setdefault(group_of(one), []).append(one)
    return tuple(
        Sum(name, _title(name, ones[0], calendar), added(map(_amount, ones), unit), len(ones), stated_of(ones))
        for name, ones in found.items()
    )


def group_of(one: Administration) -> str:
    """The cycle that an administration belongs to, by the beginning of its id; the epoch if there are no cycles."""
    cycle = _CYCLE.match(one.event.id)
    return cycle[1] if cycle is not None and one.event.cycle is not None else one.event.epoch


def stated_of(given: Iterable[Administration]) -> Quantity | None:
    """As the protocol counts it, per kg or m2; None for flat doses and where a dose was changed on the way."""
    parts: list[Quantity] = []
    for one in given:
        found = one.calculated
        if found is None or one.recorded is not None:
            return None
        stated = found.stated_total if one.minutes is not None else found.stated_each
        if stated is None:
            return None
        parts.append(stated)
    try:
        return added(parts, parts[0].unit) if parts else None
    except DosingError:
        return None


def _title(name: str, one: Administration, calendar: Calendar) -> str:
    epoch = calendar.epochs.get(one.event.epoch, one.event.epoch)
    if one.event.cycle is None or name == one.event.epoch:
        return epoch
    inner = name.removeprefix(f"{one.event.epoch}/")
    course = re.match(r"\D*(\d+)/", inner)
    return f"{epoch}, {f'course {course[1]}, ' if course else ''}cycle {one.event.cycle}"


def _amount(one: Administration) -> Quantity:
    assert one.amount is not None
    return one.amount


def _over_its_hours(one: Administration) -> Quantity:
    found = one.calculated
    if found is None or found.rate is None or found.administration is not None:
        return _amount(one)
    return found.rate.in_hours(Fraction(one.minutes or 0, 60))


def _by_day(one: Administration) -> Iterator[Quantity]:
    if one.minutes is None:
        yield _amount(one)
        return
    left = one.minutes
    while left > 0:
        yield _amount(one).times(Fraction(min(left, _DAY), one.minutes))
        left -= _DAY
