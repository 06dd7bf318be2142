"""What does a forecast by expectation cost, and does it grow with the subjects? python benchmarks/forecast.py."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

SOURCE = Path(__file__).resolve().parent.parent / "src"
if SOURCE.is_dir():
    sys.path.insert(0, str(SOURCE))

from regimen.cohort.enrolled import BySubject, Start  # noqa: E402
from regimen.cohort.enrolment import Floats  # noqa: E402
from regimen.cohort.expecting import Window, by_period, expected_days, periods_of  # noqa: E402
from regimen.cohort.leaving import Course, Hazard  # noqa: E402
from regimen.cohort.profiles import Profile  # noqa: E402

SITES, DAYS, EVENTS, THINGS = 50, 730, 100, 5
FIRST = date(2027, 1, 4)
LIMIT = 0.3


def enrolled(subjects: int) -> BySubject:
    """So many subjects, spread over 50 sites and two years of entry."""
    random = np.random.default_rng(1)
    starts = tuple(Start("arm", FIRST + timedelta(days=n), ()) for n in range(DAYS))
    sites = tuple(f"{n:02d}" for n in range(SITES))
    return BySubject(sites, starts, random.integers(0, SITES, subjects), random.integers(0, DAYS, subjects))


def profile() -> Profile:
    """100 weekly events of five kinds, all of them doses."""
    numbers = np.arange(EVENTS)
    return Profile(numbers % THINGS, numbers * 7, np.ones(EVENTS), np.ones(EVENTS, bool))


def forecast(counts: Floats, one: Profile) -> Floats:
    """Drop-out, every day of two years, and weeks, for each site."""
    window = Window(FIRST, FIRST + timedelta(days=DAYS - 1))
    kept = Course(drop_out=Hazard(0.02, "")).expected(one, DAYS)
    entries = [FIRST + timedelta(days=n) for n in range(DAYS)]
    daily = expected_days(counts, entries, [kept] * DAYS, THINGS, window)
    return by_period(daily, periods_of(window, "week"), window, most=None)


def event_by_event(people: BySubject, one: Profile) -> Floats:
    """The peer: every event of every subject placed by itself, vectorised over subjects, in float64."""
    kept = Course(drop_out=Hazard(0.02, "")).expected(one, DAYS)
    width = THINGS * DAYS
    found = np.zeros(SITES * width)
    for thing, offset, amount in zip(kept.things, kept.offsets, kept.amounts, strict=True):
        day = people.start_of + offset
        inside = day < DAYS
        cells = people.site_of[inside] * width + thing * DAYS + day[inside]
        found += amount * np.bincount(cells, minlength=len(found))
    return found.reshape(SITES, THINGS, DAYS)


def timed(call: Callable[[], object], rounds: int) -> float:
    """The median of its seconds, after a first call that does not count."""
    call()
    took = []
    for _ in range(rounds):
        began = perf_counter()
        call()
        took.append(perf_counter() - began)
    return median(took)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure forecasts by expectation; see benchmarks/README.md.")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is measured (5)")
    options = parser.parse_args()
    one, figures = profile(), []
    for subjects in (100_000, 1_000_000, 10_000_000):
        people = enrolled(subjects)
        counts = people.counts()
        weeks, days = forecast(counts, one), event_by_event(people, one)
        # Two years are 104 weeks and two days.
        again = np.add.reduceat(days, range(0, DAYS, 7), axis=-1)
        if not np.allclose(weeks, again, rtol=1e-9):
            raise SystemExit("the two do not agree, so their times say nothing")
        counting = timed(people.counts, options.rounds)
        expecting = timed(lambda c=counts: forecast(c, one), options.rounds)
        peer = timed(lambda p=people: event_by_event(p, one), 1)
        figures.append({"subjects": subjects, "counting": counting, "expectation": expecting, "event by event": peer,
                        "ratio": peer / (counting + expecting), "within": expecting < LIMIT})  # fmt: skip
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    print(f"{EVENTS} events a subject with drop-out, {SITES} sites, {DAYS} days of entry; seconds, limit {LIMIT} s")
    for figure in figures:
        print(
            f"{figure['subjects']:>12,} subjects: counting {figure['counting']:.3f}, expectation "
            f"{figure['expectation']:.3f}, event by event {figure['event by event']:.3f} "
            f"({figure['ratio']:.1f} times the sum)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
