"""How does a forecast become a csv file or a spreadsheet? A row for each number; a sheet for each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from regimen.expected import BUSIEST, EVERY, Bands, Forecast
from regimen.render.tables import csv_of
from regimen.render.words import PLANNING_AID
from regimen.render.workbook import Sheet, Value, as_workbook

COLUMNS = ("period", "from", "to", "site", "arm", "kind", "item", "unit", "expected")
BAND_COLUMNS = ("mean", "standard_error", "low", "median", "high")


def as_csv(forecast: Forecast) -> str:
    """A row for each period, site, arm and thing; site and arm ``all`` are the sums."""
    columns = (*COLUMNS, *BAND_COLUMNS) if forecast.bands is not None else COLUMNS
    return csv_of(columns, _rows(forecast))


def _rows(forecast: Forecast) -> Iterator[dict[str, object]]:
    for at, period in enumerate(forecast.periods):
        for where, place in enumerate(forecast.places):
            for what, thing in enumerate(forecast.things):
                row: dict[str, object] = dict(
                    zip(COLUMNS, (period.number, period.first.isoformat(), period.last.isoformat(), place.site,
                                  place.arm, thing.kind, thing.item, thing.unit,
                                  rounded(forecast.expected[where][what][at])), strict=True)
                )  # fmt: skip
                if forecast.bands is not None:
                    numbers = (rounded(table[where][what][at]) for table in _tables(forecast.bands))
                    row.update(zip(BAND_COLUMNS, numbers, strict=True))
                yield row


def _tables(bands: Bands) -> tuple[Sequence[Sequence[Sequence[float]]], ...]:
    return bands.mean, bands.error, bands.low, bands.middle, bands.high


def rounded(number: float) -> Decimal:
    """Six decimals at most, without zeros that say nothing."""
    found = Decimal(f"{number:.6f}")
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


def as_spreadsheet(forecast: Forecast) -> bytes:
    """All sites by period, each site and arm by period, sums, and how it was counted."""
    every = len(forecast.places) - 1
    return as_workbook([
        Sheet("All sites", ("Period", "From", "To", *_heads(forecast)), list(_wide(forecast, every))),
        Sheet("By site and arm", ("Site", "Arm", "Period", "From", "To", *_heads(forecast)), [
            (place.site, place.arm, *row)
            for number, place in enumerate(forecast.places[:-1]) for row in _wide(forecast, number)
        ]),
        Sheet("Sums", ("Site", "Arm", *map(str, forecast.things)), list(_sums(forecast))),
        Sheet("Outside these days", ("What", "Before the first day", "After the last day"), list(_outside(forecast))),
        Sheet("How it was counted", ("Note",), [(note,) for note in _about(forecast)]),
    ])  # fmt: skip


def _heads(forecast: Forecast) -> Iterator[str]:
    for thing in forecast.things:
        yield str(thing)
        if forecast.bands is not None:
            low, middle, high = (f"{100 * q:g} %" for q in forecast.bands.quantiles)
            yield from (f"{thing}, {quantile} quantile" for quantile in (low, middle, high))


def _wide(forecast: Forecast, place: int) -> Iterator[tuple[Value, ...]]:
    for at, period in enumerate(forecast.periods):
        row: list[Value] = [period.number, period.first, period.last]
        for what in range(len(forecast.things)):
            row.append(rounded(forecast.expected[place][what][at]))
            if forecast.bands is not None:
                row += [rounded(table[place][what][at]) for table in _tables(forecast.bands)[2:]]
        yield tuple(row)


def _sums(forecast: Forecast) -> Iterator[tuple[Value, ...]]:
    for number, place in enumerate(forecast.places):
        name = "all" if place.site == EVERY else place.site
        yield name, place.arm, *(rounded(forecast.total(thing, number)) for thing in forecast.things)


def _outside(forecast: Forecast) -> Iterator[tuple[Value, ...]]:
    for thing, before, after in zip(forecast.things, forecast.before, forecast.after, strict=True):
        if thing.kind != BUSIEST:
            yield str(thing), rounded(before), rounded(after)


def _about(forecast: Forecast) -> Iterator[str]:
    yield from forecast.notes
    if forecast.bands is not None:
        yield f"Quantiles of {forecast.bands.runs:,} simulated studies, seed {forecast.bands.seed}."
    yield PLANNING_AID
