"""What is declared and never used? Epochs, anchors, decisions and sources that nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regimen.checks.finding import Draft
from regimen.checks.survey import Survey
from regimen.definition.models import Study
from regimen.definition.sourced import Model, Sourced
from regimen.notation.terms import Cycles, Phase, Point


def unused(survey: Survey) -> Iterator[Draft]:
    """Declared and never used: either a leftover, or a reference that was forgotten."""
    study = survey.study
    values = list(_values(study))
    yield from _epochs(study)
    yield from _anchors(study, values)
    yield from _decisions(study, values)
    yield from _sources(study, values)


def _epochs(study: Study) -> Iterator[Draft]:
    used = {key for arm in study.arms.values() for key in arm.epochs}
    for key in study.epochs:
        if key not in used:
            yield Draft(
                "warning", ("epochs", key), f"no arm goes through the epoch {key}, so nothing in it is ever dated",
                f"add {key} to an arm, or delete the epoch", key=True,
            )  # fmt: skip


def _anchors(study: Study, values: list[Any]) -> Iterator[Draft]:
    used = {name for value in values if isinstance(value, Point) and value.kind == "anchor" for name in value.names}
    for key in study.anchors:
        if key not in used:
            yield Draft(
                "warning", ("anchors", key), f"nothing counts from the anchor {key}, so its date changes nothing",
                f"count something from it (from: {key}), or delete the anchor", key=True,
            )  # fmt: skip


def _decisions(study: Study, values: list[Any]) -> Iterator[Draft]:
    used = {value[0] for value in values if _is_condition(value)}
    used |= {value.condition[0] for value in values if isinstance(value, Phase) and value.condition is not None}
    for key in study.decisions:
        if key not in used:
            yield Draft(
                "warning", ("decisions", key), f"nothing depends on the decision {key}, so its answer changes nothing",
                f"hang something on it (if: {key}={study.decisions[key].options[0]}), or delete the decision", key=True,
            )  # fmt: skip


def _sources(study: Study, values: list[Any]) -> Iterator[Draft]:
    used = {value.source.document for value in values if isinstance(value, Sourced) and value.source is not None}
    used |= {str(value).partition(",")[0].strip() for value in _sources_set(study)}
    for key in study.sources:
        if key not in used:
            yield Draft(
                "warning", ("sources", key), f"no value names the source {key}, so nobody can see what it supports",
                f"name it where it is used (source: {key}, section), or delete it", key=True,
            )  # fmt: skip


def _sources_set(study: Study) -> Iterator[Any]:
    """Sources named inside what an assumption sets, which is plain data until it is chosen."""
    waiting: list[Any] = [assumption.sets for assumption in study.assumptions.values()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from (text for name, text in value.items() if name == "source" and isinstance(text, str))
            waiting += value.values()


def _is_condition(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _values(value: Any) -> Iterator[Any]:
    """A value and everything inside it that may refer to something."""
    yield value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _values(getattr(value, name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, Phase | Cycles):
        yield from (point for point in _points(value) if point is not None)
    elif isinstance(value, tuple) and not _is_condition(value):
        for inner in value:
            yield from _values(inner)


def _points(value: Phase | Cycles) -> tuple[Point | None, ...]:
    return (value.through, value.before, value.start if isinstance(value, Phase) else None)
