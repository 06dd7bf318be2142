"""Which doses are weekly, so that taking them daily, a mistake that has killed, must be warned of by weekday?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from regimen.events import Event
from regimen.languages import ENGLISH, Language

NEVER_TAKEN = frozenset({"cancelled", "held", "missed", "not applicable"})
_WEEK = 7


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """The weekday of a weekly dose; None where the drug's doses do not all lie on one weekday. One object of each."""

    weekday: int | None

    def in_title(self, language: Language = ENGLISH) -> str:
        """``only on Mondays``."""
        if self.weekday is None:
            return language.say("only once a week")
        return language.say("only on {weekday}s", weekday=language.weekday(self.weekday))

    def sentence(self, language: Language = ENGLISH) -> str:
        """What the description says: ``Only on Mondays, on no other day of the week``, as a sentence."""
        if self.weekday is None:
            return language.say("Only once a week, not on other days.")
        weekday = language.weekday(self.weekday)
        return language.say("Only on {weekday}s, on no other day of the week.", weekday=weekday)


_EACH = {weekday: Weekly(weekday) for weekday in (None, *range(_WEEK))}


def weekly_doses(events: Iterable[Event]) -> dict[str, Weekly]:
    """The ids of the doses whose nearest dose of the same drug lies exactly seven days away."""
    lanes: dict[str, list[tuple[int, Event]]] = {}
    for event in events:
        if event.kind == "dose" and event.state not in NEVER_TAKEN:
            lanes.setdefault(event.item, []).append((event.start.toordinal(), event))
    return {id: weekly for lane in lanes.values() for id, weekly in _of_lane(lane)}


def _of_lane(lane: list[tuple[int, Event]]) -> Iterator[tuple[str, Weekly]]:
    days = sorted({day for day, _ in lane})
    gaps = [later - day for day, later in pairwise(days)]
    if _WEEK not in gaps:
        return
    never = max(gaps) + 1
    nearest = dict(zip(days, map(min, [never, *gaps], [*gaps, never]), strict=True))
    weekly = _EACH[(days[0] - 1) % _WEEK if all(gap % _WEEK == 0 for gap in gaps) else None]
    for day, event in lane:
        if nearest[day] == _WEEK and (event.start is event.end or event.first_day == event.last_day):
            yield event.id, weekly
