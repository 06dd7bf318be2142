"""When does each point of a plan fall for one subject? The door to the calendar: ``make_calendar``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from regimen.calendars.assembly import assembled
from regimen.calendars.replanning import replanned
from regimen.calendars.walk import Walk
from regimen.errors import DatingError
from regimen.events import Calendar, JournalSeen, day_of
from regimen.facts import Fact, effective
from regimen.moments import Moment, as_recorded, localised, zone_named
from regimen.plan import Plan

__all__ = ["make_calendar"]


def make_calendar(
    plan: Plan, anchors: Mapping[str, Moment], *, zone: str | None = None, facts: Sequence[Fact] = ()
) -> Calendar:
    """Date a plan for one subject, and re-plan it after what happened.

    ``anchors`` maps anchor keys to dates, or to datetimes where a time of day matters; ``zone`` is the IANA zone that
    clock times are in (without it they stay local clock times). ``facts`` are the lines of a journal in their order;
    anchors that they set are added. Points whose anchor is not given are listed in ``Calendar.waiting``; what a fact
    leaves to a person is in ``Calendar.notices``. Raises ``DatingError`` for unknown anchors, an occurrence exactly on
    an ambiguous bound, or dates outside the calendar.
    """
    info = zone_named(zone) if zone is not None else None
    holding = tuple(replace(f, on=as_recorded(f.on, info)) if f.on is not None else f for f in effective(facts))
    known = _checked(plan, _with_recorded(anchors, holding), zone)
    planned = Walk(plan, known, info)
    planned.run()
    calendar = replanned(planned, holding) if holding else assembled(planned)
    return replace(calendar, journal=_seen(facts)) if facts else calendar


def _seen(facts: Sequence[Fact]) -> JournalSeen:
    recorded = [fact.recorded for fact in facts if fact.recorded is not None]
    return JournalSeen(len(facts), max(recorded, default=None))


def _with_recorded(anchors: Mapping[str, Moment], facts: Sequence[Fact]) -> dict[str, Moment]:
    """The given anchors and the recorded ones; they may not contradict each other, the last recorded date holds."""
    recorded = {fact.target: fact for fact in facts if fact.what == "anchor" and fact.on is not None}
    for name, fact in recorded.items():
        if name in anchors and fact.on is not None and day_of(anchors[name]) != day_of(fact.on):
            raise DatingError(
                f"{name} is {anchors[name].isoformat()} as given, and {fact.on} in the journal (line {fact.number}); "
                "leave one of them out, or correct the journal."
            )
    return {**anchors, **{name: fact.on for name, fact in recorded.items() if fact.on is not None}}


def _checked(plan: Plan, anchors: Mapping[str, Moment], zone: str | None) -> dict[str, Moment]:
    unknown = [name for name in anchors if name not in plan.anchors]
    if unknown:
        known = ", ".join(f"{key} ({title})" for key, title in plan.anchors.items())
        close = get_close_matches(unknown[0], list(plan.anchors), n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise DatingError(f"{plan.study} has no anchor {unknown[0]!r}; its anchors are: {known}.{hint}")
    if not anchors:
        example = next(iter(plan.anchors))
        raise DatingError(f"no date is given to count from; give at least one, such as --on {example}=2027-01-04.")
    info = zone_named(zone) if zone is not None else None
    return {name: localised(moment, info) for name, moment in anchors.items()}
