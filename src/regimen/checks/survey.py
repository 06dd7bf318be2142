"""What do the checks look at? A study with the plan of each arm, and where each thing stands in the definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from regimen.checks.finding import KeyPath
from regimen.definition.items import DoseItem, Part, ProcedureItem, VisitItem
from regimen.definition.models import Epoch, Study
from regimen.errors import PlanError
from regimen.notation.terms import Phase
from regimen.plan import Content, Plan, Point, make_plan
from regimen.plan.extents import Extents
from regimen.timing import Span

Item = DoseItem | VisitItem | ProcedureItem
HORIZON = Span(365, "d")
"""How far an open end is followed, so that what comes before it can be checked."""
REACH = 366
"""How many days after the first anchor a bound may lie that counts from another one."""


class Schedule(NamedTuple):
    """One ``when`` of a definition: of an item, or of one part of it."""

    path: KeyPath
    epoch_key: str
    epoch: Epoch
    key: str
    item: Item
    part: Part | None
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Expanded:
    """One arm's plan, or why there is none; ``shortened`` if an open end was followed for ``HORIZON`` only."""

    arm: str
    plan: Plan | None
    error: str = ""
    shortened: bool = False
    homes: dict[str, str] = field(default_factory=dict)
    """Epochs of the plan and their keys in the definition: an epoch used twice has two names and one key."""


class Survey:
    """A study with everything the checks ask of it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.arms = tuple(expanded(study, arm) for arm in study.arms)

    def plans(self) -> tuple[tuple[Expanded, Plan, Extents], ...]:
        """The arms that can be expanded."""
        return self._plans

    @cached_property
    def _plans(self) -> tuple[tuple[Expanded, Plan, Extents], ...]:
        return tuple((arm, arm.plan, Extents(arm.plan)) for arm in self.arms if arm.plan is not None)

    def items(self) -> Iterator[tuple[KeyPath, str, Item]]:
        """Every item of every epoch with its path and key."""
        for epoch_key, epoch in self.study.epochs.items():
            yield from placed_items(epoch_key, epoch)

    def schedules(self) -> Iterator[Schedule]:
        """Every ``when`` (or ``between``) with its place."""
        for epoch_key, epoch in self.study.epochs.items():
            for path, key, item in placed_items(epoch_key, epoch):
                if not isinstance(item, DoseItem):
                    field = "when" if item.when is not None else "between"
                    yield Schedule((*path, field), epoch_key, epoch, key, item, None, item.when or item.between or ())
                    continue
                for part_key, part, phases in item.schedules():
                    below = ("parts", part_key, "when") if part is not None else ("when",)
                    yield Schedule((*path, *below), epoch_key, epoch, key, item, part, phases)

    def path_of(self, arm: Expanded, content: Content, *below: str) -> KeyPath:
        """Where the item of a planned point stands."""
        epoch_key = arm.homes[content.epoch]
        return next(
            (
                (*path, *below)
                for path, key, _ in placed_items(epoch_key, self.study.epochs[epoch_key])
                if key == content.item
            ),
            ("epochs", epoch_key),
        )


def expanded(study: Study, arm: str) -> Expanded:
    """The plan of an arm; what only dates or an event can end is followed for a year, if nothing else is missing."""
    reason = refused = ""
    for horizon, reach in ((None, None), (None, REACH), (HORIZON, REACH)):
        try:
            plan = make_plan(study, arm, horizon=horizon, reach=reach)
        except PlanError as error:
            refused = str(error)
            reason = reason or refused
            continue
        homes = dict(zip(plan.epochs, study.arms[arm].epochs, strict=True))
        return Expanded(arm, plan, reason, horizon is not None, homes)
    return Expanded(arm, None, refused)


def placed_items(epoch_key: str, epoch: Epoch) -> Iterator[tuple[KeyPath, str, Item]]:
    """The items of an epoch with their paths."""
    for section in ("doses", "visits", "procedures"):
        for key, item in getattr(epoch, section).items():
            yield ("epochs", epoch_key, section, key), key, item


def name_of(key: str, item: Item) -> str:
    """The name people use for an item."""
    if isinstance(item, DoseItem):
        return item.drug or key
    return (item.visit if isinstance(item, VisitItem) else item.procedure) or key


def drug_of(content: Content) -> str:
    """What tells one drug from another: its name, however it is written; two items may give the same drug."""
    return content.label.casefold()


def content_of(point: Point) -> Content:
    """What happens at a point at which something happens."""
    assert point.content is not None
    return point.content


def named(point: Point) -> str:
    """How a sentence calls a point."""
    return point.position or point.id


def together(one: Point, other: Point) -> bool:
    """Whether two points can both happen: no decision has to be taken one way for one and another for the other."""
    answers = dict(condition.split("=", 1) for condition in one.conditions)
    others = dict(condition.split("=", 1) for condition in other.conditions)
    return all(answers.get(name, answer) == answer for name, answer in others.items())


def numbers(values: list[int], most: int = 6) -> str:
    """``2, 3 and 4``, or the first few and how many more."""
    words = [f"{value:,}" for value in values]
    return listed(words, most)


def listed(words: list[str], most: int = 6) -> str:
    """``a, b and c``, or the first few and how many more."""
    if len(words) > most + 1:
        words = [*words[:most], f"{len(words) - most} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, noun: str) -> str:
    """``1 rule``, ``3 rules``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
