"""Which drugs are given once a week, always on one weekday? Taken daily by mistake, such drugs have killed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from regimen.events import Calendar, Event
from regimen.render.words import one_line
from regimen.safetext import weekly_in_words

_FEWEST = 3


def weekly_drugs(calendar: Calendar) -> Iterator[tuple[str, str]]:
    """The key of each weekly drug with the sentence to print: ``once a week, only on Mondays, on no other day``."""
    for key in dict.fromkeys(event.item for event in calendar.of_kind("dose")):
        events = [event for event in calendar.of_item(key) if event.kind == "dose"]
        if _is_weekly(events):
            yield key, f"once a week, {weekly_in_words(events[0].first_day.weekday())}"


def weekly_notes(calendar: Calendar) -> tuple[str, ...]:
    """A note for each weekly drug, under the name that people use."""
    return tuple(f"{one_line(calendar.lanes.get(key, key))}: {said}." for key, said in weekly_drugs(calendar))


def _is_weekly(events: Sequence[Event]) -> bool:
    days = [event.first_day for event in events]
    return (
        len(days) >= _FEWEST
        and all((later - earlier).days == 7 for earlier, later in pairwise(days))
        and all(event.last_day == event.first_day for event in events)
    )
