"""Does a definition hold together? Names point at something, starts do not wait for each other, one reading each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from regimen.definition.declarations import check_declared, check_general
from regimen.definition.items import DoseItem, Placed, VisitItem
from regimen.definition.models import Epoch, Study
from regimen.errors import NotationError, PlanError
from regimen.notation import read_line
from regimen.notation.banded import Bands
from regimen.notation.canonical import item_text
from regimen.notation.terms import Cycles, Item, Phase, Point
from regimen.timing import Counting

Path_ = tuple[str | int, ...]
Complaint = tuple[Path_, str, str, str, bool]
"""Path, what was found, what is allowed, what to do, and whether the key rather than the value is meant."""
Start = tuple[str, str]
"""Something that starts: ``anchors`` or ``epochs``, and its key."""


def check_references(study: Study) -> Iterator[Complaint]:
    """Every name that points at nothing, and what can be read two ways once all values are known."""
    if study.study.counts_from is not None and study.study.counts_from not in study.anchors:
        yield (("study", "counts_from"), *_unknown("anchor", study.study.counts_from, study.anchors), False)
    yield from check_general(study.sources, study.study.dosing)
    for name, arm in study.arms.items():
        for index, key in enumerate(arm.epochs):
            if key not in study.epochs:
                yield (("arms", name, index), *_unknown("epoch", key, study.epochs), False)
        yield from _point(study, arm.from_, ("arms", name, "from"))
    for name, anchor in study.anchors.items():
        yield from _point(study, anchor.from_, ("anchors", name, "from"))
    for name, epoch in study.epochs.items():
        yield from _epoch(study, name, epoch)
    yield from _circles(study)


def _epoch(study: Study, name: str, epoch: Epoch) -> Iterator[Complaint]:
    root: Path_ = ("epochs", name)
    if epoch.from_ is None and "from" not in epoch.not_stated and any(name in a.epochs for a in study.arms.values()):
        starts = f"from: {' or '.join(study.anchors)}, or from: end of previous epoch"
        yield (root, "the epoch does not say where it starts", starts, "add from: and where the epoch starts", True)
    yield from _point(study, epoch.from_, (*root, "from"))
    if epoch.cycles is not None:
        yield from _edges(study, epoch.cycles, study.study.counting(epoch), (*root, "cycles"))
    yield from _condition(study, epoch.if_, (*root, "if"))
    seen: dict[str, str] = {}
    for section, items in (("doses", epoch.doses), ("visits", epoch.visits), ("procedures", epoch.procedures)):
        for key, item in items.items():
            if key in seen:
                yield (
                    (*root, section, key), f"the key {key!r} is also used under {seen[key]}",
                    "a key is used once in an epoch, because ids are made of it", "rename one of them", True,
                )  # fmt: skip
            seen.setdefault(key, section)
            yield from _item(study, (*root, section, key), item, _inside(study, epoch))


def _inside(study: Study, epoch: Epoch) -> Counting:
    counting = study.study.counting(epoch)
    return counting if epoch.cycles is None else counting.inside_cycle()


def _item(study: Study, path: Path_, item: Placed, counting: Counting) -> Iterator[Complaint]:
    yield from _condition(study, item.if_, (*path, "if"))
    yield from _point(study, item.from_, (*path, "from"))
    if item.source is not None and study.sources and item.source.document not in study.sources:
        yield ((*path, "source"), *_unknown("source", item.source.document, study.sources), False)
    yield from _phases(study, item.when or (), (*path, "when"), counting)
    if isinstance(item, DoseItem):
        yield from check_declared(study.sources, path, item)
        yield from _doses(study, path, item, counting)
    else:
        yield from _phases(study, getattr(item, "between", None) or (), (*path, "between"), counting)
    for index, activity in enumerate(item.activities if isinstance(item, VisitItem) else ()):
        yield from _phases(study, activity.when or (), (*path, "activities", index, "when"), counting)


def _doses(study: Study, path: Path_, item: DoseItem, counting: Counting) -> Iterator[Complaint]:
    yield from _point(study, item.ends, (*path, "ends"))
    yield from _together(path, item)
    for key, part in item.parts.items():
        yield from _condition(study, part.if_, (*path, "parts", key, "if"))
        yield from _point(study, part.from_, (*path, "parts", key, "from"))
        yield from _phases(study, part.when, (*path, "parts", key, "when"), counting)


def _phases(study: Study, phases: Iterable[Phase], path: Path_, counting: Counting) -> Iterator[Complaint]:
    for phase in phases:
        yield from _condition(study, phase.condition, path)
        yield from _edges(study, phase, counting, path)
        for name in ([phase.relative.item] if phase.relative else []) + ([phase.without[1]] if phase.without else []):
            if not _drug(study, name):
                yield (path, *_unknown("drug", name, _drugs(study)), False)


def _edges(study: Study, rule: Phase | Cycles, counting: Counting, path: Path_) -> Iterator[Complaint]:
    points = [rule.through, rule.before, rule.start if isinstance(rule, Phase) else None]
    for point in points:
        yield from _point(study, point, path)
    numbers = [(p.kind, p.number) for p in points if p is not None and p.number is not None]
    if isinstance(rule, Phase) and rule.days is not None and not (rule.days.of_weeks or rule.days.of_each_week):
        numbers += [(rule.days.unit, n) for ends in rule.days.ranges for n in ends]
    wrong = next((words for unit, n in numbers if (words := _uncounted(counting, unit, n))), "")
    if wrong:
        yield (path, wrong, "", "", False)


def _uncounted(counting: Counting, unit: str, number: int) -> str:
    """Why a day or week has no place, as far as the study says how it counts; empty if it has one."""
    try:
        if unit == "day":
            counting.offset_of_day(number)
        elif unit == "week":
            counting.start_of_week(number)
    except PlanError as error:
        return str(error).removesuffix(".")
    return ""


def _together(path: Path_, item: DoseItem) -> Iterator[Complaint]:
    """Dose and schedule given apart must make one line that can be read in one way only."""
    for key, part, phases in item.schedules():
        if phases[0].unstated or phases[0].dose is None:
            continue
        home = (*path, "parts", key) if part is not None else path
        own = part.dose is not None if part is not None else item.dose is not None
        for definite in _each_band(phases):
            try:
                read_line(item_text(Item(definite)))
            except NotationError as error:
                yield ((*home, "dose" if own else "when"), error.show(), "", "", False)


def _each_band(phases: tuple[Phase, ...]) -> Iterator[tuple[Phase, ...]]:
    """The phases once for each band of their dose; as they are where it has none."""
    dose = phases[0].dose
    if dose is None or not isinstance(dose.amount, Bands):
        yield phases
        return
    yield from ((replace(phases[0], dose=band.dose), *phases[1:]) for band in dose.amount.bands)


def _circles(study: Study) -> Iterator[Complaint]:
    """Starts that wait for each other, so that none of them ever has a date; told once, at the first of them."""
    starts: list[tuple[Start, Point | None]] = [(("anchors", key), a.from_) for key, a in study.anchors.items()]
    starts += [(("epochs", key), epoch.from_) for key, epoch in study.epochs.items() if epoch.if_ is None]
    waits = {start: _waited_for(study, point) for start, point in starts if point is not None}
    told: set[Start] = set()
    for start in waits:
        way = _way_back(start, waits)
        if way and not told & set(way) and _in_one_arm(study, way):
            told |= set(way)
            chain = " → ".join([*(key for _, key in way), start[1]])
            found = f"these starts wait for each other: {chain}" if len(way) > 1 else f"{start[1]} waits for itself"
            yield ((*start, "from"), found, "", "let one of them start at an anchor with a date of its own", False)


def _waited_for(study: Study, point: Point) -> list[Start]:
    if point.kind == "anchor":
        return [("anchors", name) for name in point.names]
    if point.kind in ("start", "end"):
        return [("epochs", name) for name in point.names]
    if point.kind in ("first", "last"):
        homes = [[key for key, epoch in study.epochs.items() if _gives(epoch, name)] for name in point.names]
        return [("epochs", keys[0]) for keys in homes if len(keys) == 1]
    return []


def _way_back(start: Start, waits: Mapping[Start, list[Start]]) -> tuple[Start, ...]:
    """The shortest way from a start over what it waits for back to itself; empty if there is none."""
    ways: list[tuple[Start, ...]] = [(start,)]
    seen: set[Start] = set()
    for way in ways:
        for other in waits.get(way[-1], ()):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return ()


def _in_one_arm(study: Study, way: tuple[Start, ...]) -> bool:
    epochs = {key for section, key in way if section == "epochs"}
    return any(epochs <= set(arm.epochs) for arm in study.arms.values())


def _point(study: Study, point: Point | None, path: Path_) -> Iterator[Complaint]:
    if point is None:
        return
    for name in point.names:
        if point.kind == "anchor" and name not in study.anchors:
            found, allowed, remedy = _unknown("anchor", name, study.anchors)
            if name in study.epochs:
                remedy = f"{name} is an epoch: write start of {name}, or a gap such as 28 d after end of {name}"
            yield (path, found, allowed, remedy, False)
        elif (
            point.kind in ("start", "end") and name not in study.epochs and name.rpartition("-")[0] not in study.epochs
        ):
            found, allowed, remedy = _unknown("epoch", name, study.epochs)
            if _drug(study, name):
                remedy = f"{name} is a drug: write first dose of {name} or last dose of {name}"
            yield (path, found, allowed, remedy, False)
        elif point.kind in ("first", "last") and not _drug(study, name):
            yield (path, *_unknown("drug", name, _drugs(study)), False)


def _condition(study: Study, condition: tuple[str, str] | None, path: Path_) -> Iterator[Complaint]:
    if condition is None:
        return
    name, value = condition
    if name not in study.decisions:
        yield (path, *_unknown("decision", name, study.decisions), False)
    elif value not in study.decisions[name].options:
        options = ", ".join(study.decisions[name].options)
        yield (path, f"{name} cannot be {value!r}", f"its options are {options}", "choose one of them", False)


def _drugs(study: Study) -> list[str]:
    return sorted({name for epoch in study.epochs.values() for name in _given(epoch)})


def _given(epoch: Epoch) -> set[str]:
    return {name for key, item in epoch.doses.items() for name in (key, item.drug) if name}


def _gives(epoch: Epoch, name: str) -> bool:
    return name.lower() in {known.lower() for known in _given(epoch)}


def _drug(study: Study, name: str) -> bool:
    return any(_gives(epoch, name) for epoch in study.epochs.values())


def _unknown(what: str, name: str, known: Iterable[str]) -> tuple[str, str, str]:
    names = list(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    allowed = f"the {what}s are {', '.join(names)}" if names else f"the definition has no {what}s"
    return (
        f"there is no {what} {name!r}",
        allowed,
        f"did you mean {close[0]}?" if close else "add it, or correct the name",
    )
