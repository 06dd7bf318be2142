"""What will a delay move, and how far? Longest delays against cycles, and items whose follow rule is only a default."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.gaps import minutes_of
from regimen.checks.survey import Schedule, Survey, name_of
from regimen.definition.items import DoseItem, ProcedureItem
from regimen.plan import Plan
from regimen.plan.extents import Extent, Extents

# ---------------------------------------------------------------- longest delays


def longest_delays(survey: Survey) -> Iterator[Draft]:
    """A delay that may be longer than the cycle itself: rare, and more often a wrong unit."""
    for key, epoch in survey.study.epochs.items():
        if epoch.cycles is None:
            continue
        lengths = [span for run in epoch.cycles.runs for span in run.lengths]
        shortest = min(lengths, key=lambda span: minutes_of(span).least)
        for cause, most in epoch.max_delay.items():
            if minutes_of(most).least > minutes_of(shortest).most:
                yield Draft(
                    "note", ("epochs", key, "max_delay", cause),
                    f"a delay of {most} is allowed for {cause}, longer than a cycle of {shortest}, so a delayed cycle "
                    "may begin after the next one was due",
                    "check the number and its unit, or leave it if the protocol says so",
                )  # fmt: skip


# ---------------------------------------------------------------- follow rules


def follow_rules(survey: Survey) -> Iterator[Draft]:
    """Items for which the default of follows: decides whether a delay moves them, and may decide it wrongly."""
    for schedule in survey.schedules():
        item = schedule.item
        if item.follows is not None or item.when is None:
            continue
        name = name_of(schedule.key, item)
        if isinstance(item, ProcedureItem):
            sentence = _of_procedure(schedule)
        elif schedule.epoch.cycles is not None and item.from_ is not None and item.from_.kind == "anchor":
            sentence = f"counts from {item.from_.names[0]} and not in the cycles, so a delayed cycle does not move it"
        else:
            continue
        if sentence:
            yield _default(schedule.path[:4], f"{name} {sentence}")
    yield from _beside_shifting_doses(survey)


def _of_procedure(schedule: Schedule) -> str:
    """A procedure that is planned by cycles or doses, and by default does not move with them."""
    relative = schedule.phases[0].relative
    if relative is not None:
        return f"is planned by the doses of {relative.item}, and by default a dose on another day does not move it"
    if schedule.epoch.cycles is not None and schedule.item.from_ is None:
        return "is planned in the cycles, and by default a delayed cycle does not move it"
    return ""


def _default(path: KeyPath, sentence: str) -> Draft:
    remedy = "say what it follows: follows: anchor if it stays on its dates, follows: cycle if it moves"
    return Draft("note", path, sentence, remedy, key=True)


def _beside_shifting_doses(survey: Survey) -> Iterator[Draft]:
    """Visits on the days of doses that a late dose moves: outside cycles they stay behind."""
    for arm, plan, extents in survey.plans():
        days = _days(plan, extents)
        for name, home in arm.homes.items():
            epoch = survey.study.epochs[home]
            drugs = [key for key, item in epoch.doses.items() if _shifts(item)] if epoch.cycles is None else []
            for key, visit in epoch.visits.items():
                drug = next((drug for drug in drugs if len(days[name, key] & days[name, drug]) > 1), None)
                if drug is not None and visit.follows is None and not (visit.when and visit.when[0].relative):
                    yield _left_behind(("epochs", home, "visits", key), name_of(key, visit), drug)


def _days(plan: Plan, extents: Extents) -> defaultdict[tuple[str, str], set[tuple[str, Extent]]]:
    """On which days from which root each item of each epoch takes place."""
    found: defaultdict[tuple[str, str], set[tuple[str, Extent]]] = defaultdict(set)
    for point in plan:
        place = extents.from_root(point.id)
        if point.content is not None and place is not None:
            found[point.content.epoch, point.content.item].add((extents.root(point.id), place))
    return found


def _shifts(item: DoseItem) -> bool:
    return item.late is not None and bool({item.late.policy, item.late.beyond} & {"shift", "resume", "restart"})


def _left_behind(path: KeyPath, name: str, drug: str) -> Draft:
    return Draft(
        "note", path,
        f"{name} lies on days of {drug}; a late dose moves the later doses (late: says so), and by default {name} "
        "does not move with them",
        f"say follows: anchor if it stays on its dates, or plan it by the doses (when: with dose of {drug})", key=True,
    )  # fmt: skip
