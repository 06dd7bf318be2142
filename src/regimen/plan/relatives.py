"""Where do items lie that hang on another item's doses? Before, with or after each dose, or in weeks without any."""

from __future__ import annotations

from regimen.errors import PlanError
from regimen.notation.terms import Phase, Relative
from regimen.plan.points import Base, Content, Gathered, Point, position_of
from regimen.plan.tree import CycleStart, Tree, negated
from regimen.timing import Days, Elapsed, Nth, Offset


def lay_relative(
    tree: Tree, epoch: str, key: str, phase: Phase, content: Content, cycle: CycleStart | None
) -> list[str]:
    """Lay a point for each dose the phase hangs on; days named twice are given once, and that is said."""
    relative = phase.relative
    assert relative is not None
    ids: list[str] = []
    seen: set[tuple[str | None, int]] = set()
    repeated = 0
    targets = tree.doses_of(relative.item, epoch)
    if phase.cycles is not None and targets and all(tree.points[target].cycle is None for target in targets):
        raise PlanError(f"'in cycles' needs cycles, and {relative.item} has none; leave it out, or give it cycles.")
    for target in targets:
        point = tree.points[target]
        if not _in_scope(phase, point, cycle):
            continue
        for offset, term, mark in _offsets(tree, relative, epoch):
            days = tree.fixed_days(target)
            place = (tree.roots[target], days + offset.n) if days is not None and isinstance(offset, Days) else None
            if place is not None and place in seen:
                repeated += 1
                continue
            if place is not None:
                seen.add(place)
            ids += _lay_one(tree, key, phase, content, point, offset, term, mark)
    if repeated:
        tree.notes.append(f"{content.label}: {repeated} days that follow from two doses are given once.")
    return ids


def _in_scope(phase: Phase, target: Point, cycle: CycleStart | None) -> bool:
    if cycle is not None and (target.cycle != cycle.number or not target.id.startswith(f"{cycle.prefix}/")):
        return False
    return phase.cycles is None or (target.cycle is not None and phase.cycles.holds(target.cycle))


def _offsets(tree: Tree, relative: Relative, epoch: str) -> list[tuple[Offset, str, str]]:
    if relative.days is not None:
        unit = 7 if relative.days.unit == "week" else 1
        return [
            (Days(n * unit), f"{n * unit} d after" if n else "with", f"+{n * unit}" if n else "")
            for n in relative.days.numbers()
        ]
    if relative.span is None:
        return [(Days(0), "with", "")]
    offset = tree.study.study.counting(tree.epochs.get(epoch)).offset(relative.span)
    word, sign = ("after", "+") if relative.sign > 0 else ("before", "-")
    mark = f"{sign}{relative.span.short}" if not isinstance(offset, Days) else f"{sign}{offset.n}"
    return [(offset if relative.sign > 0 else negated(offset), f"{relative.span} {word}", mark)]


def _lay_one(
    tree: Tree, key: str, phase: Phase, content: Content, target: Point, offset: Offset, term: str, mark: str
) -> list[str]:
    relative = phase.relative
    assert relative is not None
    assert target.content is not None
    base: Base = Gathered("last", (target.id,)) if relative.edge == "end" else target.id
    day = target.day
    first = target.first_day
    if day is not None and isinstance(offset, Days):
        whole = day - (1 if first == 1 and day > 0 else 0) + offset.n
        day = whole + 1 if first == 1 and whole >= 0 else whole
    prefix, _, tail = target.id.rpartition(f"/{target.content.item}")
    minutes = phase.dose.over.minutes if phase.dose is not None and phase.dose.over is not None else None
    over = Elapsed(minutes) if minutes else None
    ids: list[str] = []
    times = phase.at if phase.at and not isinstance(offset, Elapsed) else (None,)
    often = phase.frequency.n if phase.frequency is not None and phase.frequency.per == "day" else 1
    clocks = times if times != (None,) else (None,) * often
    for ordinal, clock in enumerate(clocks, start=1):
        id = f"{prefix}{mark}/{key}{tail}" + (f"/{ordinal}" if len(clocks) > 1 else "")
        while id in tree.points:
            id += "/2"
        position = position_of(target.cycle, day, target.course)
        tree.add(
            Point(
                id, base, offset, f"{term} {target.content.label}", "", clock, (), content,
                over,
                target.cycle, target.course,
                day if isinstance(offset, Days) else None, position, target.origin, first,
                tree.undecided(phase.condition), target.optional,
            )
        )  # fmt: skip
        ids.append(id)
    return ids


def without_others(
    tree: Tree, epoch: str, phase: Phase, start: str, offset: Offset, cycle: int | None, frame: str
) -> bool:
    """Whether a step falls in a week or cycle in which the other item is given, and the phase says without it."""
    if phase.without is None:
        return False
    block, name = phase.without
    doses = tree.doses_of(name, epoch)
    if block == "cycle":
        return any(tree.points[id].cycle == cycle for id in doses)
    if isinstance(offset, Nth) or not isinstance(offset, Days):
        raise PlanError(f"'in weeks without {name}' needs days that do not depend on weekdays or months.")
    week = _week(tree, start, offset.n, frame)
    return any(_week(tree, id, 0, frame) == week for id in doses)


def _week(tree: Tree, id: str, more: int, frame: str) -> int:
    days, first = tree.fixed_days(id), tree.fixed_days(frame)
    if days is None or first is None or tree.roots[id] != tree.roots[frame]:
        raise PlanError("'in weeks without' compares days, and these doses lie on days that only the calendar knows.")
    return (days + more - first) // 7
