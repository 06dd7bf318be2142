"""How does the pharmacy's list read: what is taken off the shelf for each dose and bag, and in all?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from regimen.events import day_of
from regimen.ledger import Drug, Ledger
from regimen.ledger.calculating import span_of
from regimen.ledger.dispensing import Dispensed, Shelf, Taken, dispensed, shelves
from regimen.render.columns import GAP, WIDTH, table_lines
from regimen.render.ledger_rows import Marks, Named, as_named, days_in_words, positions, states
from regimen.render.ledger_text import named_lines, page_of, titled
from regimen.render.words import counted, moment_in_words, one_line, wrapped

_HEADINGS = ("Date", "Position", "Prepare", "Take", "Waste", "State")
_LEAST = ((3, 32), (0, 30), (2, 24), (5, 12), (3, 20), (0, 18))


def as_text(ledger: Ledger, *, named: Named = as_named, more: Sequence[str] = ()) -> str:
    """The list for the pharmacy: each dose or bag, equal ones that follow each other in one line, and totals."""
    return page_of(ledger, "Dispensing list", _drug, named, more)


def _drug(drug: Drug, marks: Marks, named: Named, weekly: str) -> list[str]:
    lines = dispensed(drug)
    if not lines:
        return wrapped(f"{one_line(named(drug.label))}: nothing can be listed; see above.", WIDTH)
    rows = [_cells(group, marks) for group in _groups(lines)]
    return [
        *wrapped(titled(drug, named, weekly), WIDTH), "", *table_lines(_HEADINGS, rows, _LEAST), "",
        *named_lines(_totals(drug, lines), GAP),
    ]  # fmt: skip


def _groups(lines: Sequence[Dispensed]) -> Iterator[tuple[Dispensed, ...]]:
    group: list[Dispensed] = []
    for line in lines:
        if group and not _goes_on(group[-1], line):
            yield tuple(group)
            group = []
        group.append(line)
    yield tuple(group)


def _goes_on(one: Dispensed, other: Dispensed) -> bool:
    """Whether the next line is the same again: the next bag of an infusion, or the next day's dose."""
    same = (one.needed, one.taken, one.waste, one.group, one.of) == (
        other.needed, other.taken, other.waste, other.group, other.of,
    )  # fmt: skip
    a, b = one.administration.event, other.administration.event
    if not same or (a.state, a.basis, a.conditions, a.optional) != (b.state, b.basis, b.conditions, b.optional):
        return False
    if one.bag is not None and other.bag is not None:
        return other.number == one.number + 1 and one.bag.minutes == other.bag.minutes
    return one.bag is other.bag and not isinstance(one.start, datetime) and (
        (day_of(other.start) - day_of(one.start)).days <= 1
    )  # fmt: skip


def _cells(group: Sequence[Dispensed], marks: Marks) -> tuple[tuple[str, ...], ...]:
    first, last = group[0], group[-1]
    each = " each" if len(group) > 1 else ""
    position = positions(first.administration, last.administration)
    waste = f"{first.waste}{each}" if first.waste is not None and first.waste.value else ""
    state = tuple(states(first.administration, marks))
    return (_when(group, marks.zone),), (position,), tuple(_what(group)), tuple(_takes(group)), (waste,), state


def _when(group: Sequence[Dispensed], zone: bool) -> str:
    first, last = group[0], group[-1]
    if len(group) == 1:
        return moment_in_words(first.start, zone=zone)
    if first.bag is not None:
        return f"{moment_in_words(first.start, zone=zone)}, every {first.bag.minutes // 60} h"
    days = len({day_of(line.start) for line in group})
    often = f"daily ({counted(days, 'day')})" if days == len(group) else counted(len(group), "dose")
    return f"{days_in_words(day_of(first.start), day_of(last.start))}, {often}"


def _what(group: Sequence[Dispensed]) -> Iterator[str]:
    first, last = group[0], group[-1]
    each = " each" if len(group) > 1 else ""
    if first.bag is None:
        minutes = first.administration.minutes
        yield f"{first.needed.shown}{each}" + (f" in {span_of(minutes)}" if minutes is not None else "")
        return
    numbers = f"bag {first.number}" if len(group) == 1 else f"bags {first.number} to {last.number}"
    yield f"{numbers} of {first.of}"
    yield f"{first.needed.shown} in {first.bag.minutes // 60} h{each}"
    if first.bag.why:
        yield first.bag.why


def _takes(group: Sequence[Dispensed]) -> Iterator[str]:
    first = group[0]
    each = " each" if len(group) > 1 else ""
    for taken in first.taken:
        yield f"{taken_in_words(taken)}{each}"
    if len(group) > 1 and first.taken:
        sums = (Taken(one.kind, one.strength, one.count * len(group)) for one in first.taken)
        yield f"in all {' + '.join(map(taken_in_words, sums))}"


def taken_in_words(taken: Taken) -> str:
    """``6 vials of 120 mg``: how many, what it is, and which strength."""
    return f"{taken.count:,} {taken.kind}{'' if taken.count == 1 else 's'} of {taken.strength}"


def _totals(drug: Drug, lines: Sequence[Dispensed]) -> Iterator[tuple[str, str]]:
    found = shelves(lines)
    titles = {cycle.name: cycle.title for cycle in drug.cycles}
    if len(found.cycles) > 1:
        for name, one in found.cycles.items():
            yield titles.get(name, name), _shelf(one, lines)
    assert found.total is not None
    yield "In all", _shelf(found.total, lines)


def _shelf(one: Shelf, lines: Iterable[Dispensed]) -> str:
    noun = "bag" if any(line.bag is not None for line in lines) else "dose"
    takes = " + ".join(map(taken_in_words, one.taken)) or "strengths not stated"
    waste = f", waste {one.waste}" if one.waste is not None and one.waste.value else ""
    return f"{one.needed.shown} in {counted(one.lines, noun)}: {takes}{waste}"
