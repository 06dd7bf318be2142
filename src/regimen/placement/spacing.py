"""What must keep its order on a calendar, and how near may two of a kind come to each other?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from regimen.events import Event, day_of, exact_time
from regimen.moments import Moment, comparable, shifted
from regimen.timing import Counting, Span

OPEN = frozenset({"planned", "tentative"})
"""States in which an event is still to come."""
HAPPENED = frozenset({"given", "done"})

Chain = tuple[str, str]


def chain_of(event: Event) -> Chain:
    """What never shares a day and keeps its order: the doses of one drug, the visits or procedures of one item."""
    return event.kind, event.label.casefold() if event.kind == "dose" else event.item


def chains(events: Iterable[Event]) -> dict[Chain, list[Event]]:
    """Everything that took place or is still to come, in chains by day and time."""
    found: dict[Chain, list[Event]] = {}
    for event in sorted(events, key=lambda event: (comparable(event.start), event.id)):
        if event.kind != "milestone" and event.state in OPEN | HAPPENED and not event.is_piece:
            found.setdefault(chain_of(event), []).append(event)
    return found


def both_possible(one: Event, other: Event) -> bool:
    """Whether two events can both take place: no decision has to be taken one way for one and another for the other."""
    answers = dict(condition.split("=", 1) for condition in one.conditions if "=" in condition)
    others = dict(condition.split("=", 1) for condition in other.conditions if "=" in condition)
    return all(answers.get(name, answer) == answer for name, answer in others.items())


def meant_together(one: Event, other: Event) -> bool:
    """Whether the plan itself puts two events on one day, as with tablets in the morning and in the evening."""
    (first, last), (start, end) = _planned(one), _planned(other)
    return first <= end and start <= last


def _planned(event: Event) -> tuple[date, date]:
    """The days that the plan has for an event, first and last."""
    first = day_of(event.was_planned or event.start)
    return first, first + (event.last_day - event.first_day)


def too_near(earlier: Moment, later: Moment, least: Span) -> bool:
    """Whether a start comes less than ``least`` after an earlier one.

    Hours between two days without times of day are too few only if no times of these days would make them enough.
    """
    if least.minutes is None:
        return day_of(later) < day_of(shifted(day_of(earlier), Counting().offset(least)))
    if isinstance(earlier, datetime) and isinstance(later, datetime):
        return exact_time(later, earlier) < timedelta(minutes=least.minutes)
    most = timedelta(days=(day_of(later) - day_of(earlier)).days + 1) - timedelta(minutes=1)
    return most < timedelta(minutes=least.minutes)
