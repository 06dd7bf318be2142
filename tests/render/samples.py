"""Calendars with one of everything, built by hand so that their dates do not depend on the planner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from regimen.events import Calendar, DatedWindow, Event, Waiting

BERLIN = ZoneInfo("Europe/Berlin")
ANCHOR = date(2027, 1, 4)
ASSUMED = "assumed: 200 mg is the product's usual weekly amount"


def event(item: str = "belimumab", start: date | datetime = ANCHOR, **given: Any) -> Event:
    """One event; what a test does not name is a plain planned dose on one day."""
    day = start.date() if isinstance(start, datetime) else start
    offset = (day - ANCHOR).days
    facts: dict[str, Any] = {
        "id": f"treatment/d{offset}/{item}",
        "kind": "dose",
        "item": item,
        "label": item.capitalize(),
        "epoch": "treatment",
        "cycle": None,
        "day": offset,
        "position": f"Day {offset}",
        "study_day": offset,
        "offset_days": offset,
        "start": start,
        "end": start,
        "state": "planned",
        "why": f"{day.isoformat()} = first_dose {ANCHOR.isoformat()} + {offset} d",
    }
    return Event(**{**facts, **given})


def calendar(events: Iterable[Event] = (), **given: Any) -> Calendar:
    """A calendar of these events in their order."""
    facts: dict[str, Any] = {
        "study": "NCT00000000",
        "title": "A study of everything",
        "arm": "active",
        "anchors": {"first_dose": ANCHOR},
        "epochs": {"screening": "Screening", "treatment": "Treatment", "follow_up": "Follow-up"},
    }
    return Calendar(events=tuple(sorted(events, key=_order)), **{**facts, **given})


def days_around(day: date, early: int, late: int) -> DatedWindow:
    """A window of whole days."""
    return DatedWindow(day - timedelta(days=early), day + timedelta(days=late))


def infusion(start: date | datetime = ANCHOR, days: int = 14, **given: Any) -> Event:
    """A continuous infusion on so many days; a timed one stops at the same clock time."""
    end = start + timedelta(days=days if isinstance(start, datetime) else days - 1)
    given = {
        "end": end,
        "dose": "9 mcg/day",
        "route": "CIV",
        "continuous": True,
        "cycle": 1,
        "position": "C1D1",
        **given,
    }
    return event("blinatumomab", start, **given)


def lupus() -> Calendar:
    """The lupus trial: 14 doses, 8 evaluations with windows, a milestone."""
    offsets = [0, 14, *range(28, 337, 28)]
    doses = [_dose_on(ANCHOR + timedelta(days=n)) for n in offsets]
    visits = [_evaluation(week) for week in (0, 2, 4, 8, 12, 24, 36, 48)]
    end = event("end", ANCHOR + timedelta(days=336), kind="milestone", label="End of treatment", id="treatment/end")
    return calendar(
        [*doses, *visits, end],
        study="NCT04893161",
        title="Belimumab in systemic lupus erythematosus",
        arm="belimumab",
        conventions=("The first dose is day 0.", "Week N is 7 × N days after the first dose."),
        notes=("Windows are not stated in the protocol text for doses.",),
        lanes={"belimumab": "Belimumab", "evaluation": "Evaluation"},
    )


def ramp_up() -> Calendar:
    """730 daily doses in five levels: 20, 50, 100, 200 mg for a week each, then 400 mg."""
    return calendar(_ramp_up_doses(), title="Venetoclax ramp-up", anchors={"first_dose": date(2026, 1, 5)})


def everything() -> Calendar:
    """Interval visit, timed and tentative events, an infusion, a daily run, an assumption, something not dated."""
    screening = _screening()
    course = infusion(duration="14 d", window=days_around(ANCHOR, 0, 3))
    timed = _timed_visit()
    tentative = replace(
        infusion(date(2027, 4, 4)), id="maintenance/c1/d1/blinatumomab", epoch="maintenance", state="tentative",
        conditions=("transplant=no",), basis="assumed: maintenance starts where the last cycle ends", study_day=91,
    )  # fmt: skip
    steroid = [_steroid(n) for n in range(7)]
    weekly = [_weekly(n) for n in range(3)]
    waiting = Waiting("transplant", tuple(f"follow_up/d{n}/visit" for n in (30, 60, 90)), "Give the transplant's date.")
    return calendar(
        [screening, course, timed, tentative, *steroid, *weekly],
        waiting=(waiting,),
        anchors={"first_dose": datetime(2027, 1, 4, 10, tzinfo=BERLIN)},
        notes=("The clock changes on Sun 28 Mar 2027.",),
        epochs={"screening": "Screening", "treatment": "Treatment", "maintenance": "Maintenance"},
    )


def _order(one: Event) -> tuple[str, str, str]:
    return one.start.isoformat(), one.kind, one.id


def _dose_on(day: date) -> Event:
    return event("belimumab", day, dose="10 mg/kg", route="IV", duration="1 h")


def _evaluation(week: int) -> Event:
    day = ANCHOR + timedelta(weeks=week)
    given = {"kind": "visit", "label": f"Evaluation week {week}", "position": f"Week {week}"}
    return event("evaluation", day, window=days_around(day, 3, 3) if week else None, activities=("SLEDAI",), **given)


def _ramp_up_doses() -> Iterator[Event]:
    start = date(2026, 1, 5)
    for n in range(730):
        level = ("20 mg", "50 mg", "100 mg", "200 mg", "400 mg")[min(n // 7, 4)]
        day = start + timedelta(days=n)
        numbers = {"study_day": n + 1, "day": n + 1, "position": f"Day {n + 1}", "offset_days": n}
        yield event("venetoclax", day, dose=level, route="PO", id=f"treatment/d{n + 1}/venetoclax", **numbers)


def _screening() -> Event:
    numbers = {"study_day": -28, "position": "Day -28 to -1", "offset_days": -28, "day": -28}
    return event(
        "screening", ANCHOR - timedelta(days=28), kind="visit", label="Screening visit", epoch="screening",
        end=ANCHOR - timedelta(days=1), activities=("consent", "bone marrow"), **numbers,
    )  # fmt: skip


def _timed_visit() -> Event:
    start = datetime(2027, 1, 5, 8, 30, tzinfo=BERLIN)
    window = DatedWindow(start - timedelta(minutes=30), start + timedelta(hours=2))
    return event("pk", start, kind="visit", label="Blood sample", end=start + timedelta(minutes=15), window=window)


def _steroid(n: int) -> Event:
    day = ANCHOR + timedelta(days=n)
    return event("dexamethasone", day, dose="8 mg", route="PO", window=days_around(day, 0, 1))


def _weekly(n: int) -> Event:
    day = ANCHOR + timedelta(weeks=n, days=2)
    return event("belimumab", day, dose="200 mg", route="subcut", basis=ASSUMED, optional=n == 2)
