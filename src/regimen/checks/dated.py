"""What is worth a look on a dated calendar? Overdue events, windows that meet, intervals too short, doubled days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from regimen.calendars.lateness import delay
from regimen.events import LEVELS, Calendar, Event, Notice, day_of
from regimen.moments import Moment, comparable, spoken
from regimen.placement.spacing import HAPPENED, OPEN, both_possible, chain_of, chains, too_near
from regimen.standing import Standing, closes, standings

FEW = 3
"""So many findings of one kind about one item are told one by one; more are told as the first and their number."""

Pair = tuple[Event, Event]
Found = TypeVar("Found")
_NUMBER = re.compile(r"\d")


def with_findings(calendar: Calendar, as_of: date | None = None) -> Calendar:
    """The calendar with ``dated_findings`` among its notices, the most urgent first; a second time adds nothing."""
    notices = dict.fromkeys((*calendar.notices, *dated_findings(calendar, as_of)))
    return replace(calendar, notices=tuple(sorted(notices, key=lambda notice: LEVELS.index(notice.level))))


def dated_findings(calendar: Calendar, as_of: date | None = None) -> tuple[Notice, ...]:
    """What a look at the dates shows, whatever the protocol is.

    With ``as_of`` also what is overdue on that day. A broken minimum interval before something still to come is a
    ``decision``; what has happened, and what is overdue, is a ``warning``; what is only possible is a ``note``.
    """
    found: list[Notice] = [*_overdue(calendar, as_of), *_outside(calendar, as_of)]
    for chain in chains(calendar).values():
        found += _spacing(chain)
        if chain[0].kind == "dose":
            found += _doubled(chain)
    found += _windows_meet(calendar)
    return tuple(found)


# ---------------------------------------------------------------- against a day


def _overdue(calendar: Calendar, as_of: date | None) -> Iterator[Notice]:
    if as_of is None:
        return
    late = [one for one in standings(calendar.events, as_of) if one.status == "overdue"]
    yield from _gathered(late, lambda one: one.event.item, partial(_overdue_one, as_of=as_of))


def _overdue_one(one: Standing, as_of: date) -> Notice:
    event, days = one.event, _days(one.days_out)
    closed = f"; its window closed on {spoken(closes(event))}" if event.window is not None else ""
    recorded = "given" if event.kind == "dose" else "done"
    return Notice(
        "warning", event.id, f"due on {spoken(event.due)}{closed}, {days} before {spoken(as_of)}, and nothing "
        "is recorded.", f"Record it as {recorded}, missed or skipped.",
    )  # fmt: skip


def _outside(calendar: Calendar, as_of: date | None) -> Iterator[Notice]:
    out = [one for one in standings(calendar.events, as_of) if one.status in ("early", "late")]
    yield from _gathered(out, lambda one: one.event.item, _outside_one)


def _outside_one(one: Standing) -> Notice:
    event, window = one.event, one.window
    assert window is not None
    assert event.actual is not None
    edge, words = (window.earliest, "opened") if one.status == "early" else (window.latest, "closed")
    days = f"{_days(abs(one.days_out))} {'before' if one.status == 'early' else 'after'}"
    return Notice(
        "note", event.id, f"took place on {spoken(event.actual)}, {days} its window {words} on "
        f"{spoken(edge)}.", "It is a deviation; regimen deviations lists it with its reason.",
    )  # fmt: skip


# ---------------------------------------------------------------- one after the other


def _spacing(chain: list[Event]) -> Iterator[Notice]:
    """Minimum intervals that are broken, and those that the windows would allow to break."""
    items: dict[str, list[Event]] = {}
    for event in chain:
        items.setdefault(event.item, []).append(event)
    for events in items.values():
        pairs = [pair for pair in _neighbours(events) if pair[0].min_interval is not None]
        broken = [pair for pair in pairs if _too_near(pair, pair[0].start, pair[1].start)]
        close = [
            (one, two) for one, two in pairs
            if (one, two) not in broken and two.state in OPEN and _too_near((one, two), _latest(one), _earliest(two))
        ]  # fmt: skip
        yield from _gathered(broken, lambda pair: pair[0].item, _broken)
        yield from _gathered(close, lambda pair: pair[0].item, _close, few=1)


def _neighbours(events: list[Event]) -> Iterator[Pair]:
    """Each event with the next one that can take place together with it."""
    for place, one in enumerate(events):
        following = (two for two in events[place + 1 :] if both_possible(one, two))
        if (two := next(following, None)) is not None:
            yield one, two


def _too_near(pair: Pair, earlier: Moment, later: Moment) -> bool:
    least = pair[0].min_interval
    return least is not None and too_near(earlier, later, least)


def _latest(event: Event) -> Moment:
    """The latest it can still take place, or where it took place."""
    return event.window.latest if event.window is not None and event.state in OPEN else event.start


def _earliest(event: Event) -> Moment:
    return event.window.earliest if event.window is not None and event.state in OPEN else event.start


def _broken(pair: Pair) -> Notice:
    one, two = pair
    coming = two.state in OPEN
    said = f"on {spoken(two.start)} it comes {_apart(one, two)} {_named(one)} on {spoken(one.start)}"
    return Notice(
        "decision" if coming else "warning", two.id,
        f"{said}, less than the minimum interval of {one.min_interval}.",
        "Give it later, or have the investigator decide." if coming else "Report it as the protocol asks.",
    )  # fmt: skip


def _close(pair: Pair) -> Notice:
    one, two = pair
    return Notice(
        "note", two.id, f"if {_named(one)} takes place as late as {spoken(_latest(one))}, this one may not take place "
        f"as early as its window allows, {spoken(_earliest(two))}: the minimum interval is {one.min_interval}.",
        "Give each its day from the one before.",
    )  # fmt: skip


def _apart(one: Event, two: Event) -> str:
    days = (two.first_day - one.first_day).days
    return f"{_days(days)} after" if days else "on the same day as"


# ---------------------------------------------------------------- doses of one day


def _doubled(chain: list[Event]) -> Iterator[Notice]:
    """Two doses of a drug on a day that were not planned for one day."""
    yield from _gathered(_sharing(chain), lambda pair: pair[0].label, _doubled_one)


def _sharing(chain: list[Event]) -> Iterator[Pair]:
    for place, one in enumerate(chain):
        for two in chain[place + 1 :]:
            if two.first_day > one.last_day:
                break
            if both_possible(one, two) and not _meant(one, two):
                yield one, two


def _meant(one: Event, two: Event) -> bool:
    """Whether the definition itself puts both on one day, as with two tablets a day."""
    planned = [day_of(event.was_planned or event.start) for event in (one, two)]
    return one.epoch == two.epoch and planned[0] == planned[1]


def _doubled_one(pair: Pair) -> Notice:
    one, two = pair
    return Notice(
        "warning", two.id, f"it shares {spoken(max(one.first_day, two.first_day))} with {_named(one)}: two doses of a "
        "drug on one day.", "Skip one of them, or move it to another day.",
    )  # fmt: skip


# ---------------------------------------------------------------- windows that meet


def _windows_meet(calendar: Calendar) -> Iterator[Notice]:
    """The latest day of one reaches the earliest of the next, or the next takes place before it."""
    for series in _series(calendar):
        pairs = list(_neighbours(series))
        turned = [pair for pair in pairs if pair[1].first_day < pair[0].first_day]
        meet = [pair for pair in pairs if pair not in turned and _meet(*pair)]
        yield from _gathered(turned, lambda pair: pair[0].item, _turned_one)
        yield from _gathered(meet, lambda pair: pair[0].item, _meet_one, few=1)


def _series(calendar: Calendar) -> Iterator[list[Event]]:
    """The doses of each drug, the dates of each item, and visits with numbers in their names, in planned order."""
    series: dict[object, list[Event]] = {}
    for event in calendar:
        if (
            event.kind == "milestone"
            or event.state not in OPEN | HAPPENED
            or event.any_day
            or event.was_planned is None
        ):
            continue
        numbered = event.kind == "visit" and _NUMBER.search(f"{event.label} {event.item}") is not None
        series.setdefault((event.epoch, "visits") if numbered else chain_of(event), []).append(event)
    for events in series.values():
        yield sorted(events, key=lambda event: (comparable(event.was_planned or event.start), event.id))


def _meet(one: Event, two: Event) -> bool:
    if not (one.window or two.window) or not (one.state in OPEN or two.state in OPEN) or _meant(one, two):
        return False
    judged_apart = one.min_interval is not None and one.item == two.item
    return not judged_apart and delay(_earliest(two), _latest(one)) <= timedelta(0)


def _meet_one(pair: Pair) -> Notice:
    one, two = pair
    until = (
        f"may take place until {spoken(_latest(one))}" if one.state in OPEN else f"took place on {spoken(one.start)}"
    )
    begin = f"from {spoken(_earliest(two))} on" if two.state in OPEN else f"on {spoken(two.start)} already"
    return Notice(
        "note", two.id, f"{_named(one)} {until}, and this one {begin}: both could fall on one day or change places.",
        "Agree on both days together.",
    )  # fmt: skip


def _turned_one(pair: Pair) -> Notice:
    one, two = pair
    return Notice(
        "warning", two.id, f"on {spoken(two.start)} it comes before {_named(one)} on {spoken(one.start)}, which is "
        "planned first.", "Check the dates; record the first one as skipped if it does not take place.",
    )  # fmt: skip


# ---------------------------------------------------------------- words


def _named(event: Event) -> str:
    return f"{event.label} ({event.position})" if event.position else event.label


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def _gathered(
    found: Iterable[Found], key: Callable[[Found], str], notice: Callable[[Found], Notice], *, few: int = FEW
) -> Iterator[Notice]:
    """A notice for each, or for the first of them and how many more there are of its kind."""
    groups: dict[str, list[Found]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    for group in groups.values():
        if len(group) <= few:
            yield from map(notice, group)
            continue
        first = notice(group[0])
        yield replace(first, sentence=f"{first.sentence} {len(group) - 1:,} more like this.")
