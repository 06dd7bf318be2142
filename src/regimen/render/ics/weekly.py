"""Which doses are weekly, so that taking them daily, a mistake that has killed, must be warned of by weekday?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from regimen.events import Event
from regimen.timing import WEEKDAY_WORDS

NEVER_TAKEN = frozenset({"cancelled", "held", "missed", "not applicable"})
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Weekly:
    """The weekday of a weekly dose; None where the drug's doses do not all lie on one weekday."""

    weekday: int | None

    @property
    def in_title(self) -> str:
        """``only on Mondays``."""
        return "only once a week" if self.weekday is None else f"only on {WEEKDAY_WORDS[self.weekday]}s"

    @property
    def sentence(self) -> str:
        """What the description says: ``Only on Mondays, on no other day of the week``, as a sentence."""
        if self.weekday is None:
            return "Only once a week, not on other days."
        return f"Only on {WEEKDAY_WORDS[self.weekday]}s, on no other day of the week."


def weekly_doses(events: Iterable[Event]) -> dict[str, Weekly]:
    """The ids of the doses whose nearest dose of the same drug lies exactly seven days away."""
    lanes: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "dose" and event.state not in NEVER_TAKEN:
            lanes.setdefault(event.item, []).append(event)
    return {id: weekly for lane in lanes.values() for id, weekly in _of_lane(lane)}


def _of_lane(lane: list[Event]) -> Iterable[tuple[str, Weekly]]:
    days = sorted({event.first_day.toordinal() for event in lane})
    gaps = [later - day for day, later in pairwise(days)]
    nearest = {day: min(gaps[max(n - 1, 0) : n + 1], default=0) for n, day in enumerate(days)}
    same = len({event.first_day.weekday() for event in lane}) == 1
    for event in lane:
        if event.first_day == event.last_day and nearest[event.first_day.toordinal()] == _WEEK:
            yield event.id, Weekly(event.first_day.weekday() if same else None)
