"""How does a test say what happened? Facts in a row, numbered as in a journal, and the calendar after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from regimen.definition.loading import load_study
from regimen.definition.models import Study
from regimen.events import Calendar
from regimen.facts import Fact
from regimen.library import expand

_HEAD = """\
format: regimen/1
study: {id: small, title: A small study, first_day: 1}
anchors: {first_dose: first dose, MORE}
arms: {main: [ARM]}
epochs:
  treatment:
    from: first_dose
"""


def fact(what: str, target: str = "", on: date | datetime | None = None, **more: object) -> Fact:
    """A fact without a number; its line gives it one."""
    return Fact(what, target, on, **more)  # type: ignore[arg-type]


def facts(rows: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts as lines of a journal."""
    return tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))


def study_from(epoch: str, arm: Sequence[str] = ("treatment",), anchors: str = "") -> Study:
    """A study from the text of its treatment epoch (and those after it)."""
    head = _HEAD.replace("ARM", ", ".join(arm)).replace(", MORE", f", {anchors}" if anchors else "")
    return load_study(head + epoch.lstrip("\n"))


def calendar_after(
    study: Study | str, on: date | datetime | None, rows: Iterable[Fact], *,
    arm: Sequence[str] = ("treatment",), zone: str | None = None,
) -> Calendar:  # fmt: skip
    """The calendar of a subject who started on a day, after the facts."""
    whole = study_from(study, arm) if isinstance(study, str) else study
    return expand(whole, {"first_dose": on} if on is not None else {}, zone=zone, facts=facts(rows))


def starts_of(calendar: Calendar, item: str) -> list[date | datetime]:
    """When an item's events lie, in the order of their planned days."""
    return [event.start for event in _in_plan_order(calendar, item)]


def states_of(calendar: Calendar, item: str) -> list[str]:
    """The states of an item's events, in the order of their planned days."""
    return [event.state for event in _in_plan_order(calendar, item)]


def _in_plan_order(calendar: Calendar, item: str) -> list:
    return sorted(calendar.of_item(item), key=lambda event: (str(event.was_planned), event.id))
