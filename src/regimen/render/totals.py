"""What does each drug of a calendar add up to: doses, the days they fall on, and what became of them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regimen.events import Calendar, Event
from regimen.render.outcomes import OFF
from regimen.render.words import day_in_words, one_line

WITHOUT = "Dose days, first and last are without doses that are missed, held, cancelled or not applicable."
NO_DAY = "—"

_STATES = ("given", "missed", "held", "cancelled", "not applicable", "planned", "tentative")


@dataclass(frozen=True, slots=True)
class Total:
    """What one item adds up to; days are of the doses that were given or are still to come."""

    label: str
    doses: int
    dose_days: int
    first: str
    last: str
    of_these: str
    """How many of the doses are in which state, and how many may not happen, in words."""
    off: int = 0
    """How many of the doses do not take place."""


def totals(calendar: Calendar) -> tuple[Total, ...]:
    """The items that are given, in protocol order."""
    doses: dict[str, list[Event]] = {}
    for event in calendar.of_kind("dose"):
        doses.setdefault(event.item, []).append(event)
    lanes = list(calendar.lanes)
    items = sorted(doses, key=lambda key: lanes.index(key) if key in lanes else len(lanes))
    told = calendar.journal is not None
    return tuple(_total(one_line(calendar.lanes.get(i, doses[i][0].label)), doses[i], told) for i in items)


def _total(label: str, events: Sequence[Event], told: bool) -> Total:
    whole = [event for event in events if not event.is_piece]
    live = [event for event in events if event.state not in OFF]
    return Total(
        label, len(whole), _dose_days(live),
        day_in_words(min(event.first_day for event in live)) if live else NO_DAY,
        day_in_words(max(event.last_day for event in live)) if live else NO_DAY,
        ", ".join(_of_these(whole, told)), sum(event.state in OFF for event in whole),
    )  # fmt: skip


def _dose_days(events: Sequence[Event]) -> int:
    timed = sum(event.dose_days for event in events if _is_timed_infusion(event))
    days = {
        event.first_day + timedelta(days=n)
        for event in events
        if not _is_timed_infusion(event)
        for n in range((event.last_day - event.first_day).days + 1)
    }
    return timed + len(days)


def _of_these(events: Sequence[Event], told: bool) -> Iterator[str]:
    states = Counter(event.state for event in events)
    counts = {state: states[state] for state in (_STATES if told else ("tentative",))}
    counts["optional"] = sum(event.optional for event in events)
    counts["assumed or not stated"] = sum(event.basis != "stated" for event in events)
    yield from (f"{count} {word}" for word, count in counts.items() if count)


def _is_timed_infusion(event: Event) -> bool:
    return event.continuous and isinstance(event.start, datetime)
