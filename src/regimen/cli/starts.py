"""When could a subject start? ``regimen suggest-start``."""

from __future__ import annotations

import argparse
import re
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE, REFUSED
from regimen.cli.options import TRIAL, Commands, add_dating, add_verb
from regimen.cli.sites import add_site, day_of_option, site_of
from regimen.cli.verbs import as_json, columns, emit, pairs
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.starts import Shift, Start, Starts

LISTED = 3
"""How many problems of a start, and how many of its moves, are told."""
OTHERS = 10
"""How many starts that do not work are listed in words."""


def add_starts(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``suggest-start``."""
    verb = add_verb(
        commands, "suggest-start", suggest,
        "list start dates for which every window has a working day, best first, and what is wrong with the others",
        "regimen suggest-start examples/nested-windows.yaml --from 2027-01-04 --to 2027-01-29 --region DE-BY",
    )  # fmt: skip
    verb.add_argument("--from", dest="first", metavar="DATE", required=True, help="the first day to look at")
    verb.add_argument("--to", dest="last", metavar="DATE", required=True, help="the last day to look at")
    verb.add_argument("--anchor", metavar="NAME", help="which anchor's date; the first one without a date if left out")
    verb.add_argument("--weekdays", metavar="DAYS", help="on which weekdays one may start, such as Mon-Thu")
    verb.add_argument("--at", metavar="TIME", help="the time of day of the start, such as 10:00, where hours count")
    verb.add_argument("--count", type=_count, default=5, metavar="N", help="how many to list (5 if left out)")
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    add_dating(verb)
    add_site(verb)
    verb.add_argument("--json", action="store_true", help="every day that was looked at, as JSON")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of start dates, from 1")
    return int(text)


def suggest(options: Namespace) -> int:
    """The best start dates of a range."""
    from regimen.definition.sites import read_weekdays
    from regimen.library import load, read_moment
    from regimen.rules import LIMIT
    from regimen.starts import EVERY_DAY, suggest_starts
    from regimen.workdays import Site

    first, last = day_of_option(options.first, "--from"), day_of_option(options.last, "--to")
    assert first is not None
    assert last is not None
    study = load(options.trial, assume=options.assume)
    found = suggest_starts(
        study, site_of(options) or Site(), first, last, anchor=options.anchor,
        on={name: read_moment(text) for name, text in pairs(options.on, "--on", "transplant=2027-01-04").items()},
        weekdays=read_weekdays(options.weekdays) if options.weekdays else EVERY_DAY, at=_time(options.at),
        arm=options.arm, decide=pairs(options.decide, "--decide", "transplant=no"), horizon=options.horizon,
        zone=options.tz, limit=options.limit or LIMIT,
    )  # fmt: skip
    emit(as_json(_data(found)) if options.json else _text(found, study.study.title, options.count, first, last))
    return FINE if found.good else REFUSED


def _time(text: str | None) -> time | None:
    if text is None:
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if found is None:
        raise RegimenError(f"--at {text!r} is not a time; write 24-hour times, such as 10:00.")
    return time(int(found[1]), int(found[2]))


# ---------------------------------------------------------------- in words


def _text(found: Starts, title: str, count: int, first: date, last: date) -> str:
    from regimen.render.words import PLANNING_AID, day_in_words, wrapped

    looked = len(found.good) + len(found.others)
    days = f"{found.anchor} from {day_in_words(first)} to {day_in_words(last)}"
    lines = [
        f"Start dates: {title}", f"{days}: {looked} days looked at, {len(found.good)} work.",
        *found.conventions, *found.notes,
        *(f"Not looked at: {len(w.events)} events that wait for {w.for_}." for w in found.waiting), "",
    ]  # fmt: skip
    said = [line for text in lines for line in wrapped(text, 120, "", "  ")]
    return "\n".join([*said, *_good(found.good, count), *_others(found), "", PLANNING_AID])


def _good(starts: tuple[Start, ...], count: int) -> Iterator[str]:
    from regimen.render.words import day_in_words, wrapped

    if not starts:
        yield "No start of this range works."
        return
    heads = ("Start", "Off target", "Days moved", "On closed days")
    rows = [
        (day_in_words(s.day), str(len(s.shifts)), str(s.days_moved), str(s.closed) if s.closed else "")
        for s in starts[:count]
    ]
    table = columns([heads, *rows] if any(row[3] for row in rows) else [heads[:3], *(row[:3] for row in rows)])
    yield table[0]
    for line, start in zip(table[1:], starts, strict=False):
        yield line
        for text in _first_few(_moved(shift) for shift in start.shifts):
            yield from wrapped(text, 120, "    ", "      ")
    if len(starts) > count:
        yield f"{len(starts) - count:,} more work; list them with --count {len(starts)}."


def _moved(shift: Shift) -> str:
    from regimen.render.words import day_in_words

    return f"{shift.label} on {day_in_words(shift.day)} instead of {day_in_words(shift.target)} ({shift.why})"


def _first_few(words: Iterable[str]) -> list[str]:
    said = list(words)
    more = len(said) - LISTED
    return [*said[:LISTED], *([f"{more:,} more"] if more > 0 else [])]


def _others(found: Starts) -> Iterator[str]:
    """What is wrong with the other days; those on which the site is closed are only counted."""
    from regimen.render.words import day_in_words, wrapped

    wrong = [start for start in found.others if not start.shut]
    shut = Counter(start.shut for start in found.others if start.shut)
    if found.others:
        yield ""
        yield "These do not work"
    for start in wrong[:OTHERS]:
        yield f"  {day_in_words(start.day)}"
        for text in _first_few(o.sentence for o in start.obstacles):
            yield from wrapped(text, 120, "    ", "      ")
    if len(wrong) > OTHERS:
        yield f"  {len(wrong) - OTHERS:,} more days; --json lists them all."
    if shut:
        days = f"{shut.total():,} day{'' if shut.total() == 1 else 's'}"
        reasons = "; ".join(f"{n} x {why}" for why, n in shut.items())
        yield from wrapped(f"{days} on which the site is closed: {reasons}", 120, "  ", "    ")
    if found.blockers:
        event, number = found.blockers[0]
        yield f"  {event} stands in the way most often: on {number:,} of these {len(found.others):,}."


# ---------------------------------------------------------------- for programs


def _data(found: Starts) -> dict[str, Any]:
    return {
        "anchor": found.anchor, "conventions": found.conventions, "notes": found.notes,
        "waiting": [{"for": w.for_, "events": w.events, "remedy": w.remedy} for w in found.waiting],
        "starts": [_start(start) for start in found.good], "others": [_start(start) for start in found.others],
        "blockers": [{"event": event, "days": days} for event, days in found.blockers],
    }  # fmt: skip


def _start(start: Start) -> dict[str, Any]:
    return {
        "day": start.day, "off_target": len(start.shifts), "days_moved": start.days_moved, "closed": start.closed,
        "shifts": [{"event": s.event, "label": s.label, "target": s.target, "day": s.day, "days": s.days, "why": s.why}
                   for s in start.shifts],
        "obstacles": [{"event": o.event, "sentence": o.sentence} for o in start.obstacles],
    }  # fmt: skip
