"""What does a reader of a calendar see, in words and in reading order, before anyone decides how to print it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regimen.events import Calendar, Event, JournalSeen, Waiting
from regimen.render.notices import Block, Names, blocks
from regimen.render.outcomes import plain_line
from regimen.render.rows import Marks, Row, row
from regimen.render.runs import daily_runs, edges_of
from regimen.render.totals import Total, totals
from regimen.render.weekly import weekly_notes
from regimen.render.words import counted, moment_in_words, one_line, span_in_words, zone_in_words

_KINDS = {"dose": "doses", "visit": "visits", "activity": "activities", "milestone": "milestones"}


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one epoch under its name."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said once beneath the table, and the letter or number that marks it there."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What has no date yet: the point it waits for, the events, what to do."""

    head: str
    events: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Outline:
    """All a reader sees, in reading order."""

    title: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    notices: tuple[Block, ...]
    sections: tuple[Section, ...]
    remarks: tuple[Remark, ...]
    """Each basis that is not simply stated."""
    reasons: tuple[Remark, ...]
    """Why what is no longer as planned is so."""
    totals: tuple[Total, ...]
    notes: tuple[str, ...]
    waiting: tuple[Missing, ...]


def outline(calendar: Calendar) -> Outline:
    """The calendar in words: facts, one section an epoch, remarks on what was assumed, totals."""
    remarks, reasons = _remarks(calendar.events), _reasons(calendar)
    marks = Marks(
        {remark.text: remark.mark for remark in remarks},
        {because: reason.mark for because, reason in reasons.items()}, told=calendar.journal is not None,
    )  # fmt: skip
    zone = common_zone(calendar) is None
    return Outline(
        title=one_line(calendar.title) or one_line(calendar.study),
        facts=_facts(calendar),
        notices=blocks(calendar, zone=zone),
        sections=tuple(_sections(calendar, marks, zone)),
        remarks=remarks,
        reasons=tuple(reasons.values()),
        totals=totals(calendar),
        notes=(*weekly_notes(calendar), *(one_line(note) for note in calendar.notes)),
        waiting=tuple(_missing(waiting) for waiting in calendar.waiting),
    )


def common_zone(calendar: Calendar) -> str | None:
    """The one time zone of all times, so that it can be said once; None when there are none or several."""
    moments = [moment for event in calendar for moment in (event.start, event.end, *edges_of(event))]
    moments += [moment for event in calendar for moment in (event.planned, event.current) if moment is not None]
    zones = {zone_in_words(moment.tzinfo) for moment in moments if isinstance(moment, datetime)}
    return zones.pop() if len(zones) == 1 else None


def _missing(waiting: Waiting, listed: int = 6) -> Missing:
    names = ", ".join(one_line(name) for name in waiting.events[:listed])
    more = len(waiting.events) - listed
    return Missing(
        head=f"Waiting for {one_line(waiting.for_)}: {counted(len(waiting.events), 'event')} without a date",
        events=names + (f" and {more} more" if more > 0 else ""),
        remedy=one_line(waiting.remedy),
    )


def _facts(calendar: Calendar) -> tuple[tuple[str, tuple[str, ...]], ...]:
    anchors = tuple(f"{one_line(key)}: {moment_in_words(moment)}" for key, moment in calendar.anchors.items())
    facts = [
        ("Study", (one_line(calendar.study),)),
        ("Arm", (one_line(calendar.arm),)),
        *_journal(calendar.journal),
        ("Anchors", anchors or ("none given",)),
        ("Contents", (_contents(calendar),)),
        ("Times", _times(calendar)),
        ("Conventions", tuple(one_line(sentence) for sentence in calendar.conventions)),
    ]
    return tuple((name, lines) for name, lines in facts if any(lines))


def _journal(seen: JournalSeen | None) -> Iterable[tuple[str, tuple[str, ...]]]:
    if seen is None:
        return
    newest = f", the newest recorded {moment_in_words(seen.newest.replace(second=0))}" if seen.newest else ""
    yield "Subject", (one_line(seen.subject),)
    yield "Journal", (f"{counted(seen.lines, 'line')}{newest}",)


def _contents(calendar: Calendar) -> str:
    if not calendar.events:
        return "no dated events"
    counts = Counter(event.kind for event in calendar)
    known = [counted(counts[kind], kind, plural) for kind, plural in _KINDS.items() if counts[kind]]
    first, last = min(e.first_day for e in calendar), max(e.last_day for e in calendar)
    return f"{', '.join(known)}; {span_in_words(first, last)}"


def _times(calendar: Calendar) -> tuple[str, ...]:
    zone = common_zone(calendar)
    if zone is None:
        return ()
    return (f"local time in {zone}, 24-hour clock" if zone else "24-hour clock; no time zone stated",)


def _sections(calendar: Calendar, marks: Marks, zone: bool) -> Iterable[Section]:
    for epoch, events in _by_epoch(calendar).items():
        heading = one_line(calendar.epochs.get(epoch, epoch)) or "No epoch"
        first, last = min(e.first_day for e in events), max(e.last_day for e in events)
        rows = tuple(row(run, marks, zone) for run in daily_runs(events))
        yield Section(f"{heading} ({span_in_words(first, last)})", rows)


def _by_epoch(calendar: Calendar) -> dict[str, list[Event]]:
    """Epochs by first day, so that reading down follows time; those that start together in protocol order."""
    epochs: dict[str, list[Event]] = {}
    for event in calendar:
        epochs.setdefault(event.epoch, []).append(event)
    order = {key: place for place, key in enumerate(calendar.epochs)}
    ranked = sorted(epochs, key=lambda key: (epochs[key][0].first_day, order.get(key, len(order)), key))
    return {key: epochs[key] for key in ranked}


def _remarks(events: Sequence[Event]) -> tuple[Remark, ...]:
    texts = dict.fromkeys(one_line(event.basis) for event in events if event.basis != "stated")
    return tuple(Remark(f"[{_letters(place)}]", text) for place, text in enumerate(texts))


def _reasons(calendar: Calendar) -> dict[str, Remark]:
    """The reasons in the order in which a reader meets them, each once."""
    names = Names(calendar)
    events = (event for events in _by_epoch(calendar).values() for event in events)
    because = [event.because for event in events if event.because and not plain_line(event)]
    return {
        text: Remark(f"[{number}]", names.without_ids(text)) for number, text in enumerate(dict.fromkeys(because), 1)
    }


def _letters(number: int) -> str:
    """Letters in place of a number: a to z, then aa, ab and so on."""
    rest, letter = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + letter)
