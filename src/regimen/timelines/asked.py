"""What accrual does somebody ask for? Numbers, lengths and rates given or stated, made one, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path

from regimen.definition.models import Facts
from regimen.errors import RegimenError
from regimen.moments import spoken
from regimen.timelines.accrual import (
    MOST_PARTICIPANTS,
    MOST_YEARS,
    RULE,
    Accrual,
    Entry,
    Piece,
    Rate,
    Stream,
    after,
    entries_of,
    expected,
    plain,
    steady,
)
from regimen.timelines.files import Site, read_counts, read_sites
from regimen.timing import Span

_RATE = re.compile(r"(?P<n>\d{1,6}(?:\.\d{1,6})?) ?(?:/|per ) ?(?P<unit>d|w|mo|y|day|week|month|year)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is given besides what the study states."""

    starts: date | None = None
    enrol: int | None = None
    over: Span | None = None
    rate: Rate | None = None
    sites: Path | None = None
    counts: Path | None = None


def read_rate(text: str) -> Rate:
    """Read ``6/mo``; a rate of none is refused."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise RegimenError(f"{text[:40]!r} is not a rate; write participants and a unit of time: 6/mo, 1.5/w, 40/y.")
    rate = Rate(Fraction(found["n"]), Span(1, _UNITS.get(found["unit"], found["unit"])))
    if rate.participants <= 0:
        raise RegimenError(f"at {text.strip()} nobody ever enters; write a rate above 0, such as 6/mo.")
    return rate


_UNITS = {"day": "d", "week": "w", "month": "mo", "year": "y"}


def accrual_of(facts: Facts, asked: Asked) -> Accrual:
    """Everybody's day in; what is given goes before what the study states, and may not contradict itself.

    Raises ``RegimenError`` for what is missing or contradicts, ``TableError`` for a file that cannot be used.
    """
    if asked.enrol is not None and not 1 <= asked.enrol <= MOST_PARTICIPANTS:
        raise RegimenError(f"{asked.enrol} participants cannot enter; give a number from 1 to {MOST_PARTICIPANTS:,}.")
    files = [name for name, given in (("--sites", asked.sites), ("--counts", asked.counts)) if given is not None]
    ways = [name for name, given in (("--over", asked.over), ("--rate", asked.rate)) if given is not None]
    if files and (ways or len(files) > 1):
        raise RegimenError(f"{' and '.join([*files, *ways])} say twice how participants come in; give one of them.")
    if asked.counts is not None:
        return _by_counts(facts, asked, asked.counts)
    if asked.sites is not None:
        return _by_sites(facts, asked, asked.sites)
    return _by_rate(facts, asked) if asked.rate is not None else _evenly(facts, asked)


def _start(facts: Facts, asked: Asked) -> date:
    if (starts := asked.starts or facts.starts) is None:
        raise RegimenError(f"{facts.id} does not state when it starts; give the day with --start, such as 2027-01-04.")
    return starts


def _number(facts: Facts, asked: Asked) -> int:
    if (number := asked.enrol or facts.enrolment) is None:
        raise RegimenError(f"{facts.id} does not state how many participants enter; say it with --enrol, such as 60.")
    return number


def _end(starts: date, over: Span, facts: Facts) -> date:
    """The day after the last of the accrual."""
    before = after(starts, over, facts.counting())
    if before.year > starts.year + MOST_YEARS:
        raise RegimenError(f"accrual over {over} is longer than {MOST_YEARS} years; write a shorter one.")
    return before


def _evenly(facts: Facts, asked: Asked) -> Accrual:
    starts, number, over = _start(facts, asked), _number(facts, asked), asked.over or facts.accrual
    if over is None:
        raise RegimenError(
            f'{facts.id} does not state over how long participants enter; give --over, such as "12 mo", or --rate, '
            "such as 6/mo, or --sites or --counts with a file."
        )
    days = (_end(starts, over, facts) - starts).days
    if days < 1:
        raise RegimenError(f"{number} participants cannot enter within {over}; write at least 1 d.")
    last = starts + timedelta(days=days - 1)
    how = f"{_people(number)} evenly over {over.words}: the {days} days from {spoken(starts)} through {spoken(last)}."
    found = entries_of([Stream("", [Piece(starts, days, Fraction(number))])], number)
    return Accrual(starts, found, (how, RULE, *_other_number(facts, number)), number)


def _by_rate(facts: Facts, asked: Asked) -> Accrual:
    starts, rate, counting = _start(facts, asked), asked.rate, facts.counting()
    assert rate is not None
    said = f"{plain(rate.participants)} each {rate.per.words.removeprefix('1 ')} from {spoken(starts)}"
    if asked.over is None:
        number = _number(facts, asked)
        found = entries_of([Stream("", steady(starts, rate, counting))], number)
        if len(found) < number:
            raise RegimenError(f"at {rate} only {len(found)} of {number} are in after 100 years; give a higher rate.")
        unused = () if facts.accrual is None else (f"The stated accrual of {facts.accrual.words} is set aside.",)
        return Accrual(
            starts, found, (f"{_people(number)}, {said}.", RULE, *unused, *_other_number(facts, number)), number
        )
    before = _end(starts, asked.over, facts)
    total = expected(steady(starts, rate, counting, before))
    number = floor(total)
    if asked.enrol is not None and asked.enrol != number:
        raise RegimenError(
            f"--rate {rate} over {asked.over} gives {plain(total)} participants, and --enrol says {asked.enrol}; "
            "leave one of the three out."
        )
    if number < 1:
        raise RegimenError(f"--rate {rate} over {asked.over} gives nobody ({plain(total)}); give more of one of them.")
    part = () if total == number else (f"{plain(total)} are expected; the part of a participant is left out.",)
    how = f"{_people(number)}, {said} for {asked.over.words}."
    found = entries_of([Stream("", steady(starts, rate, counting, before))], None)
    return Accrual(starts, found, (how, RULE, *part, *_other_number(facts, number)), number)


def _by_counts(facts: Facts, asked: Asked, path: Path) -> Accrual:
    streams = read_counts(path, asked.starts)
    found = _filled(streams, asked.enrol, path)
    starts = asked.starts or min(piece.first for stream in streams for piece in stream.pieces)
    how = f"{_people(len(found))} by {path.name}; each month's evenly over its days."
    return Accrual(starts, found, (how, RULE, *_fewer(streams, found, path), *_other_number(facts, len(found))),
                   len(found), _cohorts(streams))  # fmt: skip


def _by_sites(facts: Facts, asked: Asked, path: Path) -> Accrual:
    sites = read_sites(path, read_rate)
    streams = [_stream(site, facts) for site in sites]
    number = asked.enrol or facts.enrolment
    if number is None and any(site.end is None and site.cap is None for site in sites):
        _number(facts, asked)
    found = _filled(streams, number, path)
    starts = asked.starts or min(site.start for site in sites)
    if starts > min(site.start for site in sites):
        raise RegimenError(f"{path.name} opens a site before the start on {spoken(starts)}; correct one of them.")
    how = f"{_people(len(found))} from {len(sites)} site{'' if len(sites) == 1 else 's'} ({path.name})."
    rule = RULE.removesuffix(".") + " at the site; on one day in the order of the file."
    return Accrual(starts, found, (how, rule, *_other_number(facts, len(found))), len(found), _cohorts(streams))


def _stream(site: Site, facts: Facts) -> Stream:
    before = site.end + timedelta(days=1) if site.end is not None else None
    return Stream(site.name, steady(site.start, site.rate, facts.counting(), before), site.cap)


def _filled(streams: list[Stream], number: int | None, path: Path) -> tuple[Entry, ...]:
    found = entries_of(streams, number)
    if number is not None and len(found) < number:
        raise RegimenError(
            f"{path.name} brings only {len(found)} of {number} participants; add to it, or give --enrol."
        )
    if not found:
        raise RegimenError(f"{path.name} brings nobody; give higher numbers.")
    return found


def _fewer(streams: list[Stream], found: tuple[Entry, ...], path: Path) -> tuple[str, ...]:
    total = sum(floor(expected(stream.pieces)) for stream in streams)
    return (f"{path.name} expects {total}; --enrol ends it at {len(found)}.",) if total > len(found) else ()


def _cohorts(streams: list[Stream]) -> tuple[str, ...]:
    return tuple(stream.cohort for stream in streams if stream.cohort)


def _other_number(facts: Facts, number: int) -> tuple[str, ...]:
    if facts.enrolment is None or facts.enrolment == number:
        return ()
    return (f"The study states {facts.enrolment}; {number} are counted here.",)


def _people(number: int) -> str:
    return f"{number:,} participant{'' if number == 1 else 's'}"
