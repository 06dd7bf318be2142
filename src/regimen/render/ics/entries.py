"""Which entries does a calendar become, before any comparison with what was exported earlier?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from regimen.events import Calendar, Event
from regimen.render.ics import full, vocabulary
from regimen.render.ics.entry import (
    APPOINTMENT,
    CANCELLED,
    CONFIRMED,
    KEY_DATE,
    ONE_DAY,
    SHOWN_LENGTH,
    TENTATIVE,
    TREATMENT,
    VISIT,
    Entry,
    exact,
    in_file,
    shown_end,
)
from regimen.render.ics.faults import refuse_faults
from regimen.render.ics.identity import uid_of
from regimen.render.ics.options import Options

STATUS = {
    "planned": CONFIRMED, "given": CONFIRMED, "done": CONFIRMED, "tentative": TENTATIVE,
    "cancelled": CANCELLED, "held": CANCELLED, "missed": CANCELLED, "not applicable": CANCELLED,
}  # fmt: skip
CATEGORY = {"visit": VISIT, "dose": TREATMENT, "activity": APPOINTMENT, "milestone": KEY_DATE}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be in the file, and what must be said beside it."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def entries_of(calendar: Calendar, options: Options = Options()) -> tuple[Entry, ...]:  # noqa: B008 - frozen
    """One entry for each event, and for what belongs to it, in file order; see ``Entry``.

    Raises RegimenError with every event that cannot be written.
    """
    return prepared(calendar, options).entries


def prepared(calendar: Calendar, options: Options) -> Prepared:
    """The entries with notes about what was left out or needs attention."""
    events = list(calendar)
    refuse_faults(events)
    entries = [entry for event in events for entry in _entries(event, calendar, options)]
    return Prepared(tuple(sorted(entries, key=lambda entry: entry.order)))


def _entries(event: Event, calendar: Calendar, options: Options) -> Iterator[Entry]:
    start, end = event.start, event.end
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        yield _entry(event, calendar, options, start, end + ONE_DAY)
    elif event.continuous and event.last_day > event.first_day:
        # The stop follows elapsed time, so no later change of a zone's rules may move it.
        stop = end.astimezone(UTC)
        yield _entry(event, calendar, options, event.first_day, event.last_day + ONE_DAY)
        yield _entry(event, calendar, options, stop, stop + SHOWN_LENGTH, role="stop")
    else:
        yield _entry(event, calendar, options, *in_file(start, end if exact(end) > exact(start) else shown_end(start)))


def _entry(
    event: Event,
    calendar: Calendar,
    options: Options,
    start: date | datetime,
    end: date | datetime,
    role: str = "event",
) -> Entry:
    uid = uid_of(event.id if role == "event" else f"{event.id}#{role}", calendar.study, options.subject, options.secret)
    said = vocabulary if options.profile == "discreet" else full
    opaque = event.kind == "visit" and isinstance(start, datetime)
    return Entry(
        uid, start, end, said.title(event, role), "\n".join([*said.sentences(event), said.AID]),
        STATUS[event.state], opaque, CATEGORY[event.kind],
    )  # fmt: skip
