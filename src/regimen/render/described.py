"""What does a definition say, in plain sentences? A study described for somebody who checks it against the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from regimen.definition.models import Epoch, Study
from regimen.errors import PlanError
from regimen.notation import cycles_in_words, point_in_words
from regimen.notation.terms import Cycles
from regimen.notation.terms import Point as Place
from regimen.plan import Plan, make_plan
from regimen.plan.arms import did_you_mean
from regimen.plan.extents import Extents
from regimen.render.activities import Grid, grids
from regimen.render.items import ItemSaid, condition_said, say_items
from regimen.render.remarks import Open, open_values
from regimen.render.words import counted, day_in_words, one_line
from regimen.timing import Span

HORIZON = Span(12, "mo")
"""How far an open end is shown in the grid."""
OPEN_END = "has an open end"

_ATTEMPTS = (
    (None, None, ""),
    (None, 366, "ends on a day that only the dates of its anchors tell, so less may take place than is shown"),
    (HORIZON, 366, f"{OPEN_END}; what is open is shown for {HORIZON.words}"),
)
"""Horizon and reach to try in turn, with what it means if only these work."""

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EpochSaid:
    """One epoch: where it starts, how it cycles, what is given and done, and its schedule of activities."""

    key: str
    title: str
    facts: Facts
    items: tuple[ItemSaid, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class ArmSaid:
    """One arm: its epochs in order, and why it has no schedule of activities if it has none."""

    key: str
    title: str
    path: tuple[str, ...]
    refused: str = ""
    shortened: str = ""
    """Why not all that is shown may take place, or more may than is shown."""


@dataclass(frozen=True, slots=True)
class StudySaid:
    """All that a reader of the definition sees, in reading order."""

    title: str
    facts: Facts
    counting: tuple[str, ...]
    anchors: Facts
    decisions: Facts
    arms: tuple[ArmSaid, ...]
    epochs: tuple[EpochSaid, ...]
    assumed: tuple[Open, ...]
    not_stated: tuple[Open, ...]
    assumptions: Facts
    sources: Facts


def described(study: Study, arm: str | None = None) -> StudySaid:
    """The study in words; one arm, or all of them. Raises ``PlanError`` for an arm that does not exist."""
    if arm is not None and arm not in study.arms:
        known = ", ".join(study.arms)
        hint = did_you_mean(arm, study.arms)
        raise PlanError(f"{study.study.id} has no arm {arm!r}; its arms are: {known}.{hint}")
    chosen = [arm] if arm is not None else list(study.arms)
    plans = {name: arm_plan(study, name) for name in chosen}
    shown = list(dict.fromkeys(key for name in chosen for key in study.arms[name].epochs))
    return StudySaid(
        title=one_line(study.study.title),
        facts=tuple(_facts(study)),
        counting=tuple(_counting(study)),
        anchors=tuple((key, _anchor(study, key)) for key in study.anchors),
        decisions=tuple((key, _decision(study, key)) for key in study.decisions),
        arms=tuple(_arm(study, name, *plans[name]) for name in chosen),
        epochs=tuple(_epoch(study, key, *_home(study, key, plans)) for key in shown),
        assumed=tuple(open_values(study, "assumed", shown)),
        not_stated=tuple(open_values(study, "not_stated", shown)),
        assumptions=tuple((key, _assumption(study, key)) for key in study.assumptions),
        sources=tuple((key, one_line(text)) for key, text in study.sources.items()),
    )


def arm_plan(
    study: Study, arm: str, *, decisions: Mapping[str, str] | None = None, horizon: Span | None = None
) -> tuple[Plan | None, str]:
    """The arm's plan, and why it is shown for a year only or cannot be shown at all."""
    reason = ""
    for shown, reach, ending in _ATTEMPTS:
        try:
            return make_plan(study, arm, decisions=decisions, horizon=horizon or shown, reach=reach), ending
        except PlanError as error:
            reason = reason or str(error)
    return None, reason


def _home(study: Study, key: str, plans: dict[str, tuple[Plan | None, str]]) -> tuple[Plan | None, str]:
    """The first plan that has the epoch, and what the epoch is called there."""
    for arm, (plan, _) in plans.items():
        if plan is not None and key in study.arms[arm].epochs:
            return plan, list(plan.epochs)[study.arms[arm].epochs.index(key)]
    return None, key


# ---------------------------------------------------------------- the study


def _facts(study: Study) -> Iterator[tuple[str, str]]:
    facts = study.study
    yield "Name", facts.id
    yield "Registry", facts.registry or "no number given"
    if facts.enrolment is not None:
        over = f", enrolled over {facts.accrual.words}" if facts.accrual is not None else ""
        yield "Participants", f"{facts.enrolment:,}{over}"
    elif facts.accrual is not None:
        yield "Enrolment", f"over {facts.accrual.words}"
    if facts.starts is not None:
        yield "Starts", day_in_words(facts.starts)
    if facts.completes is not None:
        yield "Completes", day_in_words(facts.completes)
    if facts.source is not None:
        yield "Source", str(facts.source)


def _counting(study: Study) -> Iterator[str]:
    facts = study.study
    before = " The day before it is day -1; there is no day 0." if facts.first_day == 1 else ""
    yield f"The anchor day is day {facts.first_day}.{before}"
    if facts.weeks == "elapsed":
        yield "Week N is the day 7 × N days after the anchor: week 0 is the anchor day, week 1 the day 7 days later."
    elif facts.weeks == "ordinal":
        yield "Weeks are counted from 1: week 1 is the first seven days."
    else:
        yield "Numbered weeks are not declared, and none are used."
    if facts.months == "calendar":
        yield "A month is a calendar month, counted from the anchor: three months after 31 Jan is 30 Apr."
    else:
        yield f"A month is {facts.months.removesuffix('d')} days."
    for key, epoch in study.epochs.items():
        own = [
            f"{name} {value}"
            for name in ("first_day", "weeks", "months")
            if (value := getattr(epoch, name)) is not None
        ]
        if own:
            yield f"In {epoch.title or key} otherwise: {', '.join(own)}."
    yield "Where no window is shown, the definition gives none; that is not a window of 0 days."


def _anchor(study: Study, key: str) -> str:
    anchor = study.anchors[key]
    placed = f" If no date is given: {place_said(study, anchor.from_)}." if anchor.from_ is not None else ""
    return f"{one_line(anchor.title)}.{placed}"


def _decision(study: Study, key: str) -> str:
    decision = study.decisions[key]
    answers = " or ".join(f"--decide {key}={option}" for option in decision.options)
    opened = [
        f"{one_line(epoch.title or name)} takes place only if {epoch.if_[1]}."
        for name, epoch in study.epochs.items()
        if epoch.if_ is not None and epoch.if_[0] == key
    ]
    return " ".join([one_line(decision.question), f"Answer with {answers}.", *opened])


def _assumption(study: Study, key: str) -> str:
    assumption = study.assumptions[key]
    mark = f"{assumption.title}: {assumption.reason}"
    chosen = any(mark == value.reason for value in open_values(study, "assumed", list(study.epochs)))
    source = f" Source: {assumption.source}." if assumption.source is not None else ""
    how = "Chosen here." if chosen else f"Choose it with --assume {key}."
    return f"{one_line(assumption.title)}. Why: {one_line(assumption.reason)}.{source} {how}"


def place_said(study: Study, place: Place) -> str:
    """A point in words; an anchor with what happens there."""
    words = point_in_words(place)
    if place.kind != "anchor" or place.names[0] not in study.anchors:
        return words
    title = one_line(study.anchors[place.names[0]].title)
    return f"{words} ({title})" if place.shift is not None else f"on {place.names[0]} ({title})"


# ---------------------------------------------------------------- arms and epochs


def _arm(study: Study, key: str, plan: Plan | None, reason: str) -> ArmSaid:
    arm = study.arms[key]
    path = tuple(one_line(study.epochs[name].title or name) for name in arm.epochs)
    title = one_line(arm.title or key)
    return ArmSaid(key, title, path, "" if plan is not None else reason, reason if plan is not None else "")


def _epoch(study: Study, key: str, plan: Plan | None, name: str) -> EpochSaid:
    epoch = study.epochs[key]
    return EpochSaid(
        key, one_line(epoch.title or key), tuple(epoch_facts(study, epoch, plan, name)),
        tuple(say_items(study, key, plan, name)), grids(plan, name) if plan is not None else (),
    )  # fmt: skip


def epoch_facts(study: Study, epoch: Epoch, plan: Plan | None, name: str) -> Iterator[tuple[str, str]]:
    """Where an epoch starts, how it cycles and how long it lasts, what it hangs on, and its source."""
    if epoch.from_ is not None:
        place = place_said(study, epoch.from_)
        yield ("Counted from", f"{place.removeprefix('on ')}.") if _counts_back(plan, name) else ("Starts", f"{place}.")
    if epoch.cycles is not None:
        yield "Cycles", f"{_cycles(epoch.cycles)}{_in_all(plan, name)}."
    if epoch.courses is not None:
        rest = f", with a rest of {epoch.courses.rest.words} between" if epoch.courses.rest is not None else ""
        yield "Courses", f"{counted(epoch.courses.times, 'course')} of all its cycles{rest}."
    if epoch.lasts is not None:
        yield "Lasts", f"{epoch.lasts.words}."
    if epoch.max_delay:
        longest = "; ".join(f"{cause} {span.words}" for cause, span in epoch.max_delay.items())
        yield "Longest delay", f"{longest}. Past it a person decides."
    if epoch.if_ is not None:
        yield "Only if", condition_said(study, epoch.if_)
    for word, values in (("Assumed", epoch.assumed), ("Not stated", epoch.not_stated)):
        if values:
            yield word, f"{', '.join(values)} (see below)."
    if epoch.source is not None:
        yield "Source", f"{epoch.source}."
    if epoch.note is not None:
        yield "Note", one_line(epoch.note)


def _counts_back(plan: Plan | None, name: str) -> bool:
    """Whether the epoch lies before the point it is counted from, as screening does."""
    points = plan.points if plan is not None else ()
    return any(point.id == f"{name}/start" and point.content is None for point in points)


def _cycles(cycles: Cycles) -> str:
    run, up_to = cycles.runs[0], cycles.up_to
    if len(cycles.runs) == 1 and len(run.lengths) == 1 and up_to is not None and up_to.n:
        return f"up to {counted(up_to.n, 'cycle')} of {run.lengths[0].words}"
    return cycles_in_words(cycles)


def _in_all(plan: Plan | None, name: str) -> str:
    """How long all cycles take together, where the plan knows the end."""
    extents = Extents(plan) if plan is not None else None
    if extents is None or f"{name}/end" not in extents.index:
        return ""
    starts = [point for point in extents.index.values() if point.cycle and point.id.endswith("/start")]
    if not all(extents.stays(point) for point in starts if point.id.startswith(f"{name}/")):
        return ""
    whole = extents.between(f"{name}/start", f"{name}/end")
    most = "at most " if extents.index[f"{name}/end"].optional else ""
    return f" ({most}{whole} days in all)" if whole is not None else ""
