"""How does a test say a small study? A minimal definition from a line or two, compiled and dated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from textwrap import indent

from regimen.calendars import make_calendar
from regimen.definition.loading import load_study
from regimen.definition.models import Study
from regimen.events import Calendar, day_of
from regimen.plan import Plan, make_plan
from regimen.rules import LIMIT
from regimen.timing import Span

ZERO = "first_dose"
"""The anchor that every study built here counts from."""


def text_of(
    *,
    when: str = "",
    dose: str = "1 mg PO",
    first_day: int = 1,
    weeks: str | None = None,
    months: str | None = None,
    cycles: str | None = None,
    lasts: str | None = None,
    line: str | None = None,
    doses: Mapping[str, tuple[str, str]] | None = None,
    visits: Mapping[str, str] | None = None,
    decisions: tuple[str, ...] = (),
    condition: str | None = None,
    more_epochs: str = "",
    arm: tuple[str, ...] = ("treatment",),
) -> str:
    """The text of a definition with one arm; ``doses`` maps a drug's key to its dose and when, ``visits`` to its when.

    ``line`` is a whole line of notation for the one drug, instead of ``dose`` and ``when``.
    """
    given = doses if doses is not None else {"drug": (dose, when)}
    lines = [
        "format: regimen/1",
        "study:",
        "  id: small",
        "  title: A small study",
        f"  first_day: {first_day}",
        *([f"  weeks: {weeks}"] if weeks else []),
        *([f"  months: {months}"] if months else []),
        f"anchors: {{{ZERO}: first dose}}",
        *(["decisions:", *(f"  {name}: {{question: '{name}?'}}" for name in decisions)] if decisions else []),
        f"arms: {{main: [{', '.join(arm)}]}}",
        "epochs:",
        "  treatment:",
        f"    from: {ZERO}",
        *([f"    if: {condition}"] if condition else []),
        *([f"    cycles: '{cycles}'"] if cycles else []),
        *([f"    lasts: {lasts}"] if lasts else []),
    ]
    if line is not None:
        lines += ["    doses:", f"      drug: '{line}'"]
    elif given:
        lines.append("    doses:")
        lines += [f"      {key}: {{dose: '{amount}', when: '{days}'}}" for key, (amount, days) in given.items()]
    if visits:
        lines += ["    visits:", *(f"      {key}: {{when: '{days}'}}" for key, days in visits.items())]
    return "\n".join(lines) + "\n" + indent(more_epochs, "  ")


def study_of(**said: object) -> Study:
    """A study from the same words as ``text_of``."""
    return load_study(text_of(**said))  # type: ignore[arg-type]


def plan_of(
    *,
    horizon: Span | None = None,
    decided: Mapping[str, str] | None = None,
    limit: int = LIMIT,
    reach: int | None = None,
    **said: object,
) -> Plan:
    """The plan of a study in the same words as ``text_of``."""
    return make_plan(study_of(**said), horizon=horizon, decisions=decided, limit=limit, reach=reach)


def calendar_of(
    on: date | datetime,
    *,
    zone: str | None = None,
    horizon: Span | None = None,
    decided: Mapping[str, str] | None = None,
    reach: int | None = None,
    **said: object,
) -> Calendar:
    """The calendar of a study in the same words as ``text_of``, counted from ``on``."""
    return make_calendar(plan_of(horizon=horizon, decided=decided, reach=reach, **said), {ZERO: on}, zone=zone)


def days(calendar: Calendar, item: str = "drug") -> list[date]:
    """The civil days on which an item starts, in order."""
    return [event.first_day for event in calendar.of_item(item)]


def offsets(calendar: Calendar, item: str = "drug") -> list[int]:
    """Whole days from the anchor to each start of an item, in order."""
    zero = day_of(calendar.anchors[ZERO])
    return [(day - zero).days for day in days(calendar, item)]


def starts(calendar: Calendar, item: str = "drug") -> list[date | datetime]:
    """The moments at which an item starts, in order."""
    return [event.start for event in calendar.of_item(item)]
