"""How does a forecast read on a screen? One table for the clinic, one for each drug, one for visits, sums by site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from regimen.expected import BUSIEST, EVERY, Forecast, Thing
from regimen.render.words import PLANNING_AID, day_in_words, wrapped

_WIDE = 120
_HEADS = {
    "subjects": "Enrolled", "administrations": "Given", BUSIEST: "Busiest day", "hours": "Hours", "doses": "Doses",
}  # fmt: skip


def as_text(forecast: Forecast) -> str:
    """The forecast of all sites by period, the sums of each site and arm, and how it was counted."""
    first, last = forecast.periods[0].first, forecast.periods[-1].last
    lines = [
        f"Forecast: {forecast.title}",
        f"{day_in_words(first)} to {day_in_words(last)}, by {forecast.by}, all sites and arms; expected numbers",
    ]
    if forecast.bands is not None:
        low, _, high = (f"{100 * q:g} %" for q in forecast.bands.quantiles)
        lines.append(f"In brackets: {low} and {high} quantiles of {forecast.bands.runs:,} simulated studies")
    for title, things in sections(forecast):
        lines += ["", title, *_by_period(forecast, things)]
    lines += ["", "Sums over all periods by site and arm", *_by_place(forecast)]
    lines += ["", *_outside(forecast), "How it was counted"]
    for note in forecast.notes:
        lines += wrapped(note, _WIDE, "  - ", "    ")
    return "\n".join([*lines, "", PLANNING_AID])


def sections(forecast: Forecast) -> Iterator[tuple[str, list[Thing]]]:
    """The clinic's load, each drug, and visits, with what belongs to them."""
    clinic = [thing for thing in forecast.things if thing.kind in ("subjects", "administrations", BUSIEST, "hours")]
    yield "Subjects and administrations", clinic
    drugs = [thing for thing in forecast.things if thing.kind in ("doses", "amount", "vials", "tablets")]
    for drug in dict.fromkeys(thing.item for thing in drugs):
        yield drug, [thing for thing in drugs if thing.item == drug]
    if visits := [thing for thing in forecast.things if thing.kind in ("visits", "activities")]:
        yield "Visits", visits


def head(thing: Thing) -> str:
    """A short heading; the section says of which drug."""
    if thing.kind == "amount":
        return f"Amount ({thing.unit})"
    if thing.kind in ("vials", "tablets"):
        return f"{thing.kind.capitalize()} of {thing.unit}"
    return thing.item if thing.kind in ("visits", "activities") else _HEADS[thing.kind]


def number_in_words(number: float) -> str:
    """One decimal, none where it is 0; what is less than 0.05 and not nothing says so."""
    if 0 < number < 0.05:
        return "<0.05"
    return f"{number:,.1f}".removesuffix(".0")


def _by_period(forecast: Forecast, things: Sequence[Thing]) -> Iterator[str]:
    """The table in as many parts as its width needs."""
    widths = [max(len(head(thing)), *(len(_cell(forecast, thing, n)) for n in range(len(forecast.periods)))) + 2
              for thing in things]  # fmt: skip
    for n, part in enumerate(_parts(list(things), widths, _WIDE - 24)):
        if n:
            yield ""
        rows = [("From", *map(head, part))]
        for at, period in enumerate(forecast.periods):
            rows.append((day_in_words(period.first), *(_cell(forecast, thing, at) for thing in part)))
        rows.append(("In all", *(_total(forecast, thing, -1) for thing in part)))
        yield from aligned(rows)


def _parts(things: list[Thing], widths: list[int], most: int) -> Iterator[list[Thing]]:
    part: list[Thing] = []
    width = 0
    for thing, more in zip(things, widths, strict=True):
        if part and width + more > most:
            yield part
            part, width = [], 0
        part.append(thing)
        width += more
    yield part


def _cell(forecast: Forecast, thing: Thing, period: int) -> str:
    row = forecast.things.index(thing)
    said = number_in_words(forecast.best(thing)[period])
    if forecast.bands is None:
        return said
    low, high = (number_in_words(table[-1][row][period]) for table in (forecast.bands.low, forecast.bands.high))
    return f"{said} ({low}–{high})"


def _total(forecast: Forecast, thing: Thing, place: int) -> str:
    said = number_in_words(forecast.total(thing, place))
    return f"highest {said}" if thing.kind == BUSIEST else said


def _by_place(forecast: Forecast) -> Iterator[str]:
    things = [thing for thing in forecast.things if thing.kind != BUSIEST]
    names = [str(thing) for thing in things]
    numbers = [[number_in_words(forecast.total(thing, place)) for thing in things]
               for place in range(len(forecast.places))]  # fmt: skip
    heads = [f"{place.site}, {place.arm}" if place.site != EVERY else "All" for place in forecast.places]
    if len(heads) <= 6:
        yield from aligned([("", *heads), *zip(names, *numbers, strict=True)])
        return
    widths = [max(len(name), *(len(row[n]) for row in numbers)) + 2 for n, name in enumerate(names)]
    left = max(map(len, heads))
    for n, part in enumerate(_parts(things, widths, _WIDE - left)):
        if n:
            yield ""
        at = [things.index(thing) for thing in part]
        rows = [("", *(names[n] for n in at))]
        rows += [(place, *(row[n] for n in at)) for place, row in zip(heads, numbers, strict=True)]
        yield from aligned(rows)


def _outside(forecast: Forecast) -> Iterator[str]:
    """What the days shown do not hold; never left out in silence."""
    for when, numbers in (("Before the first day", forecast.before), ("After the last day", forecast.after)):
        said = [f"{thing} {number_in_words(number)}" for thing, number in zip(forecast.things, numbers, strict=True)
                if number > 0]  # fmt: skip
        if said:
            yield from wrapped(f"{when}, not in these tables: {'; '.join(said)}.", _WIDE, "", "  ")
            yield ""


Row = TypeVar("Row", bound=Sequence[str])


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names to the left, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [f"{row[0]:<{widths[0]}}", *(f"{c:>{w}}" for c, w in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines
