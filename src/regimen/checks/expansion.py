"""Can every arm and every assumption be expanded, and which rules give no dates or name no source?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.survey import HORIZON, Expanded, Schedule, Survey, expanded, name_of
from regimen.definition.items import DoseItem
from regimen.definition.models import Study
from regimen.definition.sourced import Model


def expands(survey: Survey) -> Iterator[Draft]:
    """Every arm can be expanded; if not, the reason is the finding."""
    silent = [schedule for schedule in survey.schedules() if schedule.phases[0].unstated]
    for arm in survey.arms:
        if arm.plan is None and not (silent and "schedule is not stated" in arm.error):
            yield _refused(("arms", arm.arm), arm)
        elif arm.plan is not None and arm.shortened:
            yield Draft(
                "note", ("arms", arm.arm),
                f"the arm {arm.arm} has an open end, so a calendar needs a horizon: {_line(arm.error)}",
                f"say how far to look when dating it (the checks looked {HORIZON.words} ahead)",
            )  # fmt: skip
    for schedule in silent:
        yield _silent(survey.study, schedule)


def _refused(path: tuple[str, ...], arm: Expanded) -> Draft:
    return Draft(
        "error", path, f"the arm {arm.arm} cannot be expanded, so it has no calendar: {_line(arm.error)}",
        "change what the sentence names",
    )  # fmt: skip


def _silent(study: Study, schedule: Schedule) -> Draft:
    """No schedule: worth a warning, unless an assumption is offered for it."""
    name = name_of(schedule.key, schedule.item)
    offered = [f"--assume {key}" for key, a in study.assumptions.items() if _sets(a.sets, schedule)]
    if offered:
        sentence = f"the schedule of {name} is not stated, so it has no dates until an assumption is chosen"
        return Draft("note", schedule.path, sentence, f"choose with {' or '.join(offered)}")
    sentence = f"the schedule of {name} is not stated and no assumption is offered, so nothing of its arm can be dated"
    return Draft("warning", schedule.path, sentence, "offer one under assumptions:, or write the schedule")


def _sets(sets: dict[str, Any], schedule: Schedule) -> bool:
    inner: Any = sets
    for name in ("epochs", schedule.epoch_key, "doses", schedule.key):
        inner = inner.get(name) if isinstance(inner, dict) else None
    return inner is not None


def _line(error: str) -> str:
    return " ".join(error.split()).rstrip(".")


# ---------------------------------------------------------------- assumptions


def assumptions_expand(survey: Survey) -> Iterator[Draft]:
    """An assumption that is offered must work on the day somebody chooses it."""
    for key, assumption in survey.study.assumptions.items():
        path = ("assumptions", key, "sets")
        try:
            assumed = Study.model_validate(_laid_over(_plain(survey.study), assumption.sets))
        except ValueError as error:
            yield Draft(
                "error", path, f"the assumption {key} does not fit the definition: {_line(str(error))}",
                "write under sets: the same keys as in the definition",
            )  # fmt: skip
            continue
        for name in assumed.arms:
            arm = expanded(assumed, name)
            if arm.plan is None:
                yield Draft(
                    "error", path, f"with the assumption {key} the arm {name} cannot be expanded: {_line(arm.error)}",
                    "change what the assumption sets",
                )  # fmt: skip


def _plain(value: Any) -> Any:
    """Models as maps by the names of the file; values that are already read stay as they are."""
    if isinstance(value, Model):
        fields = type(value).model_fields
        given = [name for name in fields if name in value.model_fields_set]
        return {fields[name].alias or name: _plain(getattr(value, name)) for name in given}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _laid_over(old: Any, new: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {**old, **{key: _laid_over(old.get(key), value) for key, value in new.items()}}


# ---------------------------------------------------------------- no dates, no source


def without_dates(survey: Survey) -> Iterator[Draft]:
    """Items that are kept as text because nothing says on which days they happen."""
    undated = {entry for _, plan, _ in survey.plans() for entry in plan.undated}
    for schedule in survey.schedules():
        name = f"{name_of(schedule.key, schedule.item)} ({schedule.epoch_key})"
        for reason in sorted(reason for who, reason in undated if who == name):
            if _gives_none(schedule):
                yield Draft(
                    "note", schedule.path,
                    f"{name_of(schedule.key, schedule.item)} gives no dates and is kept as text: {reason}",
                    "name the days if they are known (on days 1, 3, 5 of each week), or leave it",
                )  # fmt: skip


def _gives_none(schedule: Schedule) -> bool:
    phases = schedule.phases
    weekly = any(p.frequency is not None and p.frequency.per == "week" and p.weekdays is None for p in phases)
    return weekly or any(p.dose is not None and p.dose.prn for p in phases)


def without_source(survey: Survey) -> Iterator[Draft]:
    """A rule that names no source cannot be checked against the protocol."""
    found = list(_without_source(survey))
    rules = {schedule.path[:4] for schedule in survey.schedules()}
    if rules and rules <= {path for path, _ in found}:
        sentence = (
            f"none of the {len(rules)} rules names its source, so nobody can check them against the protocol"
            if len(rules) > 1 else "the only rule names no source, so nobody can check it against the protocol"
        )  # fmt: skip
        yield Draft("note", ("epochs",), sentence, "add source: document, section to each epoch or item", key=True)
        return
    for path, what in found:
        sentence = f"no source is named for {what}, so nobody can check it against the protocol"
        yield Draft("note", path, sentence, "add source: document, section", key=True)


def _without_source(survey: Survey) -> Iterator[tuple[KeyPath, str]]:
    for key, epoch in survey.study.epochs.items():
        if epoch.source is None:
            ruled = [field for field in ("cycles", "lasts") if getattr(epoch, field) is not None]
            yield from ((("epochs", key, field), f"the {_RULED[field]} of {key}") for field in ruled)
    seen: set[KeyPath] = set()
    for schedule in survey.schedules():
        path, part = schedule.path[:4], schedule.part
        sources = (schedule.epoch.source, schedule.item.source, part.source if part is not None else None)
        if sources == (None, None, None) and path not in seen:
            seen.add(path)
            kind = "doses" if isinstance(schedule.item, DoseItem) else "days"
            yield path, f"the {kind} of {name_of(schedule.key, schedule.item)}"


_RULED = {"cycles": "cycles", "lasts": "length"}
