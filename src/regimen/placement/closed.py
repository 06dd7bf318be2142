"""What does a calendar look like on a site's working days, and what has to stay on a closed one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from regimen.calendars.assembly import in_order
from regimen.events import LEVELS, Calendar, Event, Notice, day_of
from regimen.moments import spoken
from regimen.placement.moving import first_day_of
from regimen.placement.placing import MOVING, Placing
from regimen.placement.spacing import OPEN
from regimen.timing import WEEKDAY_WORDS
from regimen.workdays import Site, holidays_version

LISTED = 3
"""How many days of one item a sentence names."""
_AGREE = "Agree on another day with the sponsor, or see that the site works on this one."


def on_working_days(calendar: Calendar, site: Site) -> Calendar:
    """The calendar with what its definition allows to move put on working days, inside its window only.

    A moved event keeps its target (``current``), its window and its id; what hangs on a dose moves with it. No dose
    reaches another one of its drug or comes nearer to it than its minimum interval; what cannot be moved stays. What
    took place, lies on the day given for an anchor, was put on its day by a person, or is kept by its definition, does
    not move. ``notices`` say all of it; to do this again changes nothing.
    """
    given = {day_of(moment): name for name, moment in calendar.anchors.items()}
    placing = Placing({event.id: event for event in calendar}, site, first_day_of(calendar), given)
    placing.run()
    events = tuple(sorted(placing.events.values(), key=in_order))
    notices = dict.fromkeys((*calendar.notices, *_notices(placing, events)))
    return replace(
        calendar, events=events, conventions=tuple(dict.fromkeys((*calendar.conventions, *closed_days(site)))),
        notices=tuple(sorted(notices, key=lambda notice: LEVELS.index(notice.level))),
    )  # fmt: skip


def closed_days(site: Site) -> tuple[str, ...]:
    """The days on which a site is closed, and how another one is chosen, in sentences."""
    weekend = [WEEKDAY_WORDS[day] for day in sorted(site.weekend)]
    parts = [" and ".join([", ".join(weekend[:-1]), weekend[-1]] if len(weekend) > 1 else weekend)] if weekend else []
    if site.region:
        parts.append(f"public holidays of {site.region} (holidays {holidays_version()})")
    parts += [_closure(closure.first, closure.last, closure.reason) for closure in site.closures]
    name = f" of {site.name}" if site.name else ""
    return (
        f"Closed days{name}: {'; '.join(parts) or 'none'}.",
        "A day is moved to a working day only inside its window; of two equally near days the later one is taken.",
    )


def _closure(first: date, last: date, reason: str) -> str:
    days = spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"
    return f"{days} ({reason})" if reason else days


# ---------------------------------------------------------------- what is said


def _notices(placing: Placing, events: Sequence[Event]) -> Iterator[Notice]:
    yield from _unknown(placing.site, events)
    kept: dict[str, list[Event]] = {}
    for event in events:
        if event.state not in OPEN or event.kind == "milestone" or event.is_piece:
            continue
        if event.any_day:
            yield from _interval(event, placing.site)
        elif why := placing.site.why_closed(event.first_day):
            if event.working_days == "keep":
                kept.setdefault(event.item, []).append(event)
            else:
                yield Notice("warning", event.id, _stays(event, why, placing.stuck.get(event.id, "")), _AGREE)
    yield from (_kept(group, placing.site) for group in kept.values())
    yield from _moved(placing)


def _stays(event: Event, why: str, reason: str) -> str:
    closed = f"{spoken(event.start)}, when the site is closed ({why})"
    if reason:
        return f"due on {closed}; {reason}, so it stays."
    if event.working_days in MOVING:
        return f"put on {closed}; it stays there."
    return f"due on {closed}; its definition says to warn, so it stays."


def _interval(event: Event, site: Site) -> Iterator[Notice]:
    first, last = day_of(event.start), event.last_day
    if any(site.is_open(first + timedelta(days=n)) for n in range((last - first).days + 1)):
        return
    said = f"any day from {spoken(first)} to {spoken(last)} would do, and the site is closed on each of them."
    yield Notice("warning", event.id, said, _AGREE)


def _kept(events: Sequence[Event], site: Site) -> Notice:
    """One sentence for all of an item: daily tablets lie on every weekend, and nobody moves them."""
    several = len(events) > 1
    noun = "dose" if events[0].kind == "dose" else "date"
    lie = (
        f"{len(events):,} {noun}s lie on closed days and stay"
        if several
        else f"1 {noun} lies on a closed day and stays"
    )
    days = dict.fromkeys(f"{spoken(event.first_day)} ({site.why_closed(event.first_day)})" for event in events)
    return Notice(
        "note", "", f"{events[0].label}: {lie} there, as its definition has it (working_days: keep): {_listed(days)}.",
        "If this is given or done at the site, write working_days: nearest, next, previous or warn.",
    )  # fmt: skip


def _moved(placing: Placing) -> Iterator[Notice]:
    """One sentence for all of an item."""
    items: dict[tuple[str, str], list[str]] = {}
    for id, why in placing.moved.items():
        event = placing.events[id]
        words = f"{spoken(event.due)} ({why}) to {spoken(event.start)}"
        items.setdefault((event.item, event.label), []).append(words)
    for (_, label), moves in items.items():
        where = "a working day in its window" if len(moves) == 1 else "working days in their windows"
        yield Notice("note", "", f"{label}: {len(moves):,} moved to {where}: {_listed(dict.fromkeys(moves))}.")


def _unknown(site: Site, events: Sequence[Event]) -> Iterator[Notice]:
    """Years in which a holiday would not be noticed."""
    years = site.unknown_years(sorted({event.first_day.year for event in events if event.state in OPEN}))
    if years:
        yield Notice(
            "warning", "", f"the public holidays of {site.region} are not known for {_listed(map(str, years))}; only "
            "the weekend and the closures count there.",
            "Give the holidays of these years as closures.",
        )  # fmt: skip


def _listed(words: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    said = list(words)
    more = len(said) - LISTED
    return "; ".join([*said[:LISTED], *([f"{more:,} more"] if more > 0 else [])])
