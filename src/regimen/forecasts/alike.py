"""Which subjects are counted together? Those with the same answers, and those with calendars of the same shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from regimen.definition.models import Study
from regimen.errors import PlanError
from regimen.events import Calendar
from regimen.forecasts.terms import Choices
from regimen.plan import Plan


@dataclass(frozen=True, slots=True)
class Dated:
    """A calendar with the plan it was made from, the day of entry it was made for, and its shape."""

    plan: Plan
    calendar: Calendar
    entry: date
    shape: tuple[Any, ...]


def shape_of(calendar: Calendar, entry: date) -> tuple[Any, ...]:
    """All of a calendar that amounts hang on, counted from the day of entry."""
    first = entry.toordinal()
    return tuple(
        (event.id, event.start.toordinal() - first, event.end.toordinal() - first, event.start.isoformat()[10:],
         event.end.isoformat()[10:], event.dose)
        for event in calendar
    )  # fmt: skip


def branches_of(study: Study, choices: Choices, answers: Mapping[str, str]) -> Iterator[tuple[dict[str, str], float]]:
    """Every combination of answers with its chance; what is answered already has no chance left."""
    for name, shares in choices.shares.items():
        if name not in study.decisions:
            raise PlanError(f"there is no decision {name!r}; there are {', '.join(study.decisions) or 'none'}.")
        if name in choices.decide:
            raise PlanError(f"{name} is decided and has chances as well; leave one of them out.")
        unknown = [answer for answer in shares if answer not in study.decisions[name].options]
        if unknown:
            raise PlanError(f"{name} cannot be {unknown[0]!r}; it is {' or '.join(study.decisions[name].options)}.")
    left = {name: shares for name, shares in choices.shares.items() if name not in answers}
    for picked in product(*(shares.items() for shares in left.values())):
        chance = 1.0
        for _, share in picked:
            chance *= share
        drawn = {name: answer for name, (answer, _) in zip(left, picked, strict=True)}
        yield {**choices.decide, **drawn, **answers}, chance
