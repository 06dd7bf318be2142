"""What does a study need in each period? Enrolment and profiles put together, with bands where studies are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.expected import BUSIEST, EVERY, Bands, Forecast, Place, Thing
from regimen.forecasts.making import Making
from regimen.forecasts.terms import Choices, Enrolment
from regimen.library import load
from regimen.safetext import day_in_words

if TYPE_CHECKING:
    from regimen.cohort.leaving import Course

PERIODS = ("day", "week", "month")
_ORDER = (
    "subjects",
    "administrations",
    BUSIEST,
    "hours",
    "doses",
    "amount",
    "vials",
    "tablets",
    "visits",
    "activities",
)


def forecast(
    trial: str | Path | Study,
    enrolment: Enrolment,
    *,
    weeks: int | None = None,
    first: date | None = None,
    last: date | None = None,
    by: str = "week",
    choices: Choices | None = None,
    course: Course | None = None,
    assume: Sequence[str] = (),
    runs: int = 0,
    seed: int | None = None,
) -> Forecast:
    """What a study is expected to need in each period, by site and arm; with bands where ``runs`` studies are drawn.

    The days go from ``first`` (the first entry if left out) for so many ``weeks``, or to ``last``. Raises RegimenError
    or one of its children.
    """
    from regimen.cohort.expecting import (
        Window,
        by_period,
        by_place,
        expected_days,
        periods_of,
        places_of,
        with_total,
    )  # fmt: skip
    from regimen.cohort.leaving import Course

    if by not in PERIODS:
        raise RegimenError(f"a forecast is by {', '.join(PERIODS)}, not {by!r}.")
    if runs and seed is None:
        raise RegimenError("a simulation needs a seed, so that it can be repeated; give one, such as --seed 1.")
    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    making = Making(study, choices or Choices(), course or Course())
    source = making.source(enrolment.file)
    window = Window(*window_of(source.first, weeks, first, last))
    enrolled = source.enrolled(enrolment, window.last)
    making.date_all(enrolled, (window.last - min(s.entry for s in enrolled.starts)).days + 1)
    places, place_of = places_of(enrolled)
    things = list(making.register.things)
    entries = [start.entry for start in enrolled.starts]
    counts = by_place(enrolled, place_of, len(places))
    daily = with_total(expected_days(counts, entries, making.expected, len(things), window))
    periods = periods_of(window, by)
    most = things.index(Thing("administrations")) if Thing("administrations") in things else None
    bands = making.bands(enrolled, place_of, len(places), window, periods, most, runs, seed) if runs else None
    names = [*things, *([Thing(BUSIEST)] if most is not None else [])]
    order = sorted(range(len(names)), key=lambda n: (*_rank(names[n]), n))
    table = by_period(daily, periods, window, most=most)[:, order].tolist()
    before, after = ([_edge(daily, n, edge) for n in order] for edge in (0, -1))
    notes = (*source.notes(enrolment, window.last), *_said_of_periods(by, window.first), *making.said())
    return Forecast(
        study.study.id, study.study.title, by, (*places, Place(EVERY, EVERY)), tuple(names[n] for n in order), periods,
        table, before, after, _sorted(bands, order), tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _rank(thing: Thing) -> tuple[int, str, int]:
    """The clinic's load first, then drug by drug, then visits."""
    place = _ORDER.index(thing.kind)
    return (1, thing.item, place) if 4 <= place < 8 else (2 * (place >= 8), "", place)


def _edge(daily: Any, thing: int, edge: int) -> float:
    """What lies before (0) or after (-1) the days shown; the busiest day has no such number."""
    return float(daily[-1, thing, edge]) if thing < daily.shape[1] else 0.0


def _sorted(bands: Bands | None, order: list[int]) -> Bands | None:
    if bands is None:
        return None
    tables = ([[place[n] for n in order] for place in table]
              for table in (bands.mean, bands.error, bands.low, bands.middle, bands.high))  # fmt: skip
    return Bands(bands.runs, bands.seed, bands.quantiles, *tables)


def window_of(entry: date, weeks: int | None, first: date | None, last: date | None) -> tuple[date, date]:
    """The first and the last day, from what was asked."""
    start = first or entry
    if weeks is not None and last is not None:
        raise RegimenError("the number of weeks and the last day are both given; leave one of them out.")
    if weeks is None and last is None:
        raise RegimenError("how far to look is missing; say so: --weeks 104, or --until 2028-12-31.")
    if weeks is not None and not 1 <= weeks <= 2600:
        raise RegimenError(f"{weeks} weeks cannot be forecast; give 1 to 2,600.")
    end = last or start + timedelta(days=7 * (weeks or 0) - 1)
    if end < start:
        raise RegimenError(
            f"the last day {end.isoformat()} is before the first, {start.isoformat()}; give a later one."
        )
    return start, end


def _said_of_periods(by: str, first: date) -> list[str]:
    if by == "week":
        return [f"Weeks are seven days each, counted from {day_in_words(first)}."]
    return ["Months are calendar months; the first and the last may be cut."] if by == "month" else []
