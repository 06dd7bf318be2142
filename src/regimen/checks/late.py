"""Does each drug say what becomes of a missed or late dose, and can that be done with it as it is scheduled?"""

from __future__ import annotations

from collections.abc import Iterator

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.gaps import at_anchor, minutes_of, said, steps
from regimen.checks.survey import Survey, counted, name_of
from regimen.definition.items import DoseItem
from regimen.facts import POLICY_WORDS, LatePolicy
from regimen.notation.terms import Phase
from regimen.plan import Point
from regimen.plan.extents import Extent
from regimen.timing import Span

Dosed = tuple[KeyPath, str, DoseItem]


# ---------------------------------------------------------------- a policy for each drug


def without_policy(survey: Survey) -> Iterator[Draft]:
    """A drug given several times, of which nothing says what a late dose means; told once for each drug."""
    repeated = _repeated(survey)
    judged = [entry for entry in _dosed(survey) if entry[0] in repeated]
    silent = [entry for entry in judged if entry[2].late is None and not _left_open(survey, entry)]
    first = {name_of(key, item).casefold(): path for path, key, item in reversed(silent)}
    if len(first) > 1 and len(silent) == len(judged):
        yield Draft(
            "note", ("epochs",),
            f"none of the {counted(len(first), 'drug')} says what becomes of a missed or late dose, so each one will "
            "need a decision",
            _REMEDY, key=True,
        )  # fmt: skip
        return
    for path, key, item in silent:
        name = name_of(key, item)
        if first[name.casefold()] == path:
            yield Draft(
                "note", path, f"nothing says what becomes of a missed or late dose of {name}, so each one will need a "
                "decision", _REMEDY, key=True,
            )  # fmt: skip


_REMEDY = "add late: with the protocol's rule (such as give late, shift the grid), or under not_stated: late: and why"


def _dosed(survey: Survey) -> Iterator[Dosed]:
    return ((path, key, item) for path, key, item in survey.items() if isinstance(item, DoseItem))


def _left_open(survey: Survey, entry: Dosed) -> bool:
    """Whether the item, its epoch or the study says that the protocol is silent about it."""
    epoch = survey.study.epochs[str(entry[0][1])]
    return any("late" in described.not_stated for described in (entry[2], epoch, survey.study.study))


def _repeated(survey: Survey) -> set[KeyPath]:
    """Items with more than one dose of their own; what hangs on doses of another drug moves with those."""
    counts: dict[KeyPath, int] = {}
    for arm, plan, extents in survey.plans():
        for point in plan:
            if point.content is not None and point.content.kind == "dose" and not _hangs(point, extents.index):
                path = survey.path_of(arm, point.content)
                counts[path] = counts.get(path, 0) + 1
    return {path for path, count in counts.items() if count > 1}


def _hangs(point: Point, index: dict[str, Point]) -> bool:
    base = index.get(point.base) if isinstance(point.base, str) else None
    return base is not None and base.content is not None and base.content.kind == "dose"


# ---------------------------------------------------------------- policies that cannot be followed


def policies(survey: Survey) -> Iterator[Draft]:
    """A policy that the item's own doses and schedule do not allow."""
    shortest = _shortest_steps(survey)
    for path, key, item in _dosed(survey):
        if item.late is None:
            continue
        name, where = name_of(key, item), (*path, "late")
        yield from _of_infusions(where, name, item, item.late)
        yield from _of_cycles(survey, where, name, item, item.late)
        step = shortest.get(path)
        if step is not None and item.follows != "previous actual":
            yield from _too_late(where, name, item.late, step)
            yield from _too_near(where, name, item, item.late, step)


def _says(policy: LatePolicy, word: str) -> bool:
    return word in (policy.policy, policy.beyond)


def _phases(item: DoseItem) -> list[Phase]:
    return [phase for _, _, phases in item.schedules() for phase in phases]


def _of_infusions(path: KeyPath, name: str, item: DoseItem, policy: LatePolicy) -> Iterator[Draft]:
    doses = [phase.dose for phase in _phases(item) if phase.dose is not None]
    if _says(policy, "resume") and doses and not any(dose.continuous for dose in doses):
        yield Draft(
            "warning", path,
            f"{name} is no continuous infusion, so there is nothing to resume: resume to total speaks of infusion days",
            "write give late, shift the grid, or CIV in the dose if it runs without a break",
        )  # fmt: skip


def _of_cycles(survey: Survey, path: KeyPath, name: str, item: DoseItem, policy: LatePolicy) -> Iterator[Draft]:
    own = any(phase.on_off is not None or (phase.days and phase.every) for phase in _phases(item))
    if _says(policy, "restart") and survey.study.epochs[str(path[1])].cycles is None and not own:
        yield Draft(
            "warning", path, f"{name} is not given in cycles, so no new cycle can begin after a late dose (restart)",
            "give the epoch cycles:, or write what becomes of the doses after it",
        )  # fmt: skip


# ---------------------------------------------------------------- late doses and the next one


def _shortest_steps(survey: Survey) -> dict[KeyPath, Extent]:
    """The least time from a dose that can be late to the next, for each item that has a policy."""
    found: dict[KeyPath, Extent] = {}
    for arm, plan, extents in survey.plans():
        items: dict[KeyPath, list[Point]] = {}
        for point in plan:
            if point.content is not None and point.content.late is not None and extents.stays(point) is not False:
                items.setdefault(survey.path_of(arm, point.content), []).append(point)
        for path, points in items.items():
            for one, _, step in steps(points, extents):
                if not at_anchor(one, extents):
                    found[path] = min(step, found.get(path, step))
    return found


def _grid_kept(policy: LatePolicy) -> tuple[bool, Span | None]:
    """Whether a late dose leaves the next one where it is, and up to how late it is given (None: no limit)."""
    if policy.beyond == "keep" or (policy.policy == "keep" and policy.within is None):
        return True, None
    return policy.policy == "keep", policy.within


def _too_late(path: KeyPath, name: str, policy: LatePolicy, step: Extent) -> Iterator[Draft]:
    kept, within = _grid_kept(policy)
    if kept and within is not None and minutes_of(within).most >= step.least:
        yield Draft(
            "warning", path,
            f"a dose of {name} may be given up to {within} late, and the next one is due {said(step)} after it, so "
            "both could be given together",
            "shorten the limit, or skip the dose that is late",
        )  # fmt: skip


def _too_near(path: KeyPath, name: str, item: DoseItem, policy: LatePolicy, step: Extent) -> Iterator[Draft]:
    """With the grid kept, a late dose comes nearer to the next one than the minimum interval."""
    kept, within = _grid_kept(policy)
    if not kept or item.min_interval is None:
        return
    room = step.least - minutes_of(item.min_interval).least
    if room < 0 or (within is not None and minutes_of(within).most <= room):
        return
    late = f"up to {within} late" if within is not None else f"late without a limit ({POLICY_WORDS['keep']})"
    most = f"more than {said(Extent(room, room))} late" if room else "late at all"
    yield Draft(
        "note" if within is None else "warning", path,
        f"a dose of {name} may be given {late}, and one that is {most} leaves less than the minimum interval of "
        f"{item.min_interval} to the next one",
        "say up to how late it is given (give late, keep the grid within 2 d, else skip), or let it shift the grid",
    )  # fmt: skip
