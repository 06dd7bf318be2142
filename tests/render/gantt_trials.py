"""Calendars as the five real trials would give them, built by hand so that the plots do not depend on the planner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from regimen.events import Calendar, DatedWindow, Event, Waiting

START = date(2027, 1, 4)


def moment(offset: int, hour: int) -> datetime:
    return datetime.combine(START + timedelta(days=offset), time(hour))


def event(item: str, offset: int, *, kind: str = "dose", last: int | None = None, **more: Any) -> Event:
    """One whole-day event; ``last`` is the offset of its last day."""
    fields: dict[str, Any] = {
        "id": f"{item}/{offset}",
        "kind": kind,
        "item": item,
        "label": item,
        "epoch": "treatment",
        "cycle": None,
        "day": None,
        "position": f"Day {offset + 1}",
        "study_day": offset + (offset >= 0),
        "offset_days": offset,
        "start": START + timedelta(days=offset),
        "end": START + timedelta(days=offset if last is None else last),
        "state": "planned",
        "why": "",
    }
    return Event(**(fields | more))


def calendar(events: Sequence[Event], **more: Any) -> Calendar:
    """A calendar of one epoch, its lanes in the order of the events given."""
    fields: dict[str, Any] = {
        "study": "S1",
        "title": "A study",
        "arm": "Arm A",
        "anchors": {"first_dose": START},
        "events": tuple(sorted(events, key=lambda e: (str(e.start), e.kind, e.id))),
        "lanes": {e.item: e.item for e in events if e.kind != "milestone"},
        "epochs": {"treatment": "Treatment"},
    }
    return Calendar(**(fields | more))


def belimumab_lupus() -> Calendar:
    """14 infusions over one hour, 8 evaluations on dose days, with windows."""

    def window(offset: int, days: int) -> DatedWindow:
        day = START + timedelta(days=offset)
        return DatedWindow(day - timedelta(days=days), day + timedelta(days=days))

    doses = [
        event("belimumab", n, dose="10 mg/kg", route="IV", duration="1 h", window=window(n, 3), study_day=n)
        for n in (0, 14, *range(28, 337, 28))
    ]
    doses = [replace(d, start=moment(d.offset_days, 10), end=moment(d.offset_days, 11)) for d in doses]
    weeks = (0, 2, 4, 8, 12, 24, 36, 48)
    visits = [
        event("evaluation", 7 * w, kind="visit", window=window(7 * w, 7), preferred=window(7 * w, 3), study_day=7 * w)
        for w in weeks
    ]
    names = {"belimumab": "belimumab", "evaluation": "evaluation"}
    return calendar(doses + visits, title="Belimumab in systemic lupus erythematosus", lanes=names)


def blinatumomab_maintenance() -> Calendar:
    """Four continuous infusions of 14 days, every three months."""
    starts = (0, 90, 181, 273)
    look: dict[str, Any] = {"dose": "9 mcg/day", "route": "CIV", "continuous": True, "basis": "assumed: usual"}
    found = []
    for number, n in enumerate(starts, start=1):
        begin = moment(n, 10)
        found.append(event("blinatumomab", n, start=begin, end=begin + timedelta(days=14), cycle=number, day=1, **look))
    waiting = (Waiting("transplant", ("a", "b"), "give its date"),)
    return calendar(found, title="Blinatumomab maintenance after transplant", waiting=waiting)


def blinatumomab_mrd() -> Calendar:
    """Screening, five cycles, tentative maintenance, and a follow-up that is only its two ends."""
    look: dict[str, Any] = {"dose": "28 mcg/day", "route": "CIV", "continuous": True}
    found = [event("screening", -28, last=-14, kind="visit", epoch="screening", study_day=-28)]
    for number in range(1, 6):
        n = 42 * (number - 1)
        found.append(event("blinatumomab", n, last=n + 27, cycle=number, day=1, optional=number > 1, **look))
    for number, n in enumerate((210, 301, 391, 483), start=1):
        more: dict[str, Any] = {
            "state": "tentative",
            "optional": True,
            "cycle": number,
            "day": 1,
            "epoch": "maintenance",
        }
        found.append(event("blinatumomab", n, last=n + 27, **more, **look))
    for label, n, state in (("Start of follow-up", 575, "tentative"), ("End of follow-up", 1122, "tentative")):
        found.append(event("follow_up", n, kind="milestone", label=label, epoch="follow_up", state=state))
    found.append(event("mrd", 210, kind="milestone", label="Decision: transplant or maintenance"))
    epochs = {
        "screening": "Screening",
        "treatment": "Treatment",
        "maintenance": "Maintenance",
        "follow_up": "Follow-up",
    }
    names = {"screening": "screening", "blinatumomab": "blinatumomab"}
    return calendar(found, title="Blinatumomab, MRD-positive ALL", epochs=epochs, lanes=names, arm="")


def belimumab_leukaemia() -> Calendar:
    """A daily ramp-up over five levels, six infusions with a change of dose, and 105 weekly injections."""
    levels = ["20 mg", "50 mg", "100 mg", "200 mg"]
    found = [event("venetoclax", n, dose=levels[n // 7] if n < 28 else "400 mg", route="PO") for n in range(765)]
    for number in range(6):
        dose = "375 mg/m2" if number == 0 else "500 mg/m2"
        found.append(event("rituximab", 35 + 28 * number, dose=dose, route="IV", cycle=number + 1, day=1))
    found += [event("belimumab", 7 * n, dose="200 mg", route="subcut", basis="assumed: usual") for n in range(105)]
    names = {"belimumab": "belimumab", "rituximab": "rituximab", "venetoclax": "venetoclax"}
    return calendar(found, title="Belimumab with rituximab and venetoclax in CLL", lanes=names)


def daratumumab() -> Calendar:
    """Weekly for 8, every two weeks for 8, then every four weeks."""
    days = [*range(0, 56, 7), *range(56, 168, 14), *range(168, 700, 28)]
    basis = "assumed: label schedule"
    found = [event("daratumumab", n, dose="16 mg/kg", route="IV", basis=basis, optional=n > 400) for n in days]
    return calendar(found, title="Daratumumab, MRD-positive T-ALL")


def three_days() -> Calendar:
    """Tablets twice a day by the clock, an infusion over a night, and visits."""
    found = []
    for n in range(3):
        for hour in (8, 20):
            begin = moment(n, hour)
            found.append(event("tablet", n, id=f"{n}/{hour}", start=begin, end=begin, dose="5 mg", route="PO"))
        found.append(event("visit", n, kind="visit"))
        found.append(event("blood", n, kind="activity"))
    begin = moment(0, 20)
    found.append(event("infusion", 0, start=begin, end=begin + timedelta(hours=14), dose="9 mcg/day", continuous=True))
    return calendar(found, title="Three days")


TRIALS: dict[str, Callable[[], Calendar]] = {
    "lupus": belimumab_lupus,
    "maintenance": blinatumomab_maintenance,
    "mrd": blinatumomab_mrd,
    "leukaemia": belimumab_leukaemia,
    "daratumumab": daratumumab,
    "three_days": three_days,
}
