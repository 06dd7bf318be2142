"""Do windows leave each visit and dose its own days? Windows that meet, and rules that need a window and have none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.gaps import earliest, gap, latest, more, neighbours, said
from regimen.checks.survey import Expanded, Survey, content_of, drug_of, name_of, named
from regimen.definition.items import DoseItem
from regimen.plan import Content, Plan, Point
from regimen.plan.extents import Extent, Extents
from regimen.timing import Elapsed, Window

Pair = tuple[Point, Point]
_NUMBER = re.compile(r"\d")


# ---------------------------------------------------------------- windows that meet


def windows_meet(survey: Survey) -> Iterator[Draft]:
    """The latest day of one visit or dose reaches the earliest day of the next."""
    for arm, plan, extents in survey.plans():
        found: dict[tuple[KeyPath, KeyPath], list[Pair]] = {}
        for points in _chains(plan, extents).values():
            times = Counter(content_of(point).item for point in points)
            for one, other in neighbours(points, extents):
                if _meet(one, other, extents) and not _interleaved(one, other, times):
                    paths = _path(survey, arm, content_of(one)), _path(survey, arm, content_of(other))
                    found.setdefault(paths, []).append((one, other))
        for (_, path), pairs in found.items():
            yield _met(path, pairs, extents)


def _chains(plan: Plan, extents: Extents) -> dict[tuple[str, str], list[Point]]:
    """What must keep its order: the doses of a drug, all visits, and the occurrences of a procedure."""
    chains: dict[tuple[str, str], list[Point]] = {}
    for point in plan:
        content = point.content
        if content is None or content.window is None or content.interval or extents.stays(point) is False:
            continue
        if content.kind == "dose":
            chains.setdefault(("dose", drug_of(content)), []).append(point)
        elif content.kind == "visit":
            chains.setdefault(("visit", ""), []).append(point)
        elif content.kind == "activity" and not _beside_a_visit(point, extents):
            chains.setdefault(("activity", content.item), []).append(point)
    return chains


def _beside_a_visit(point: Point, extents: Extents) -> bool:
    base = extents.index.get(point.base) if isinstance(point.base, str) else None
    return base is not None and base.content is not None and base.content.kind == "visit"


def _interleaved(one: Point, other: Point, times: Counter[str]) -> bool:
    """Two series that run side by side, such as clinic visits and calls, have no order of their own."""
    items = {content_of(one).item, content_of(other).item}
    return len(items) > 1 and all(times[item] > 1 for item in items) and not _in_one_series(one, other)


def _meet(one: Point, other: Point, extents: Extents) -> bool:
    """Whether the first can reach the second; what has a minimum interval is judged by that instead."""
    if content_of(one).min_interval is not None and content_of(one).item == content_of(other).item:
        return False
    room = _room(one, other, extents)
    return room is not None and (room < 0 or (room == 0 and not _lasts(one)))


def _room(one: Point, other: Point, extents: Extents) -> int | None:
    """Minutes left between the latest end of one and the earliest start of the next."""
    apart = gap(one, other, extents, clocks=_by_the_clock(one, other))
    if apart is None:
        return None
    return apart.least - latest(one, other, extents) - earliest(other) - _lasts(one)


def _by_the_clock(one: Point, other: Point) -> bool:
    """Whether both windows are in hours; days allowed early or late are whole days."""
    return all(span.minutes is not None for span in (_window(one).late, _window(other).early))


def _lasts(point: Point) -> int:
    """Minutes that an infusion without a break runs."""
    running = content_of(point).continuous and isinstance(point.length, Elapsed)
    return point.length.minutes if running and isinstance(point.length, Elapsed) else 0


def _window(point: Point) -> Window:
    window = content_of(point).window
    assert window is not None
    return window


def _path(survey: Survey, arm: Expanded, content: Content) -> KeyPath:
    """The window itself, where the item has one of its own."""
    path = survey.path_of(arm, content)
    own = any(place == path and item.window is not None for place, _, item in survey.items())
    return (*path, "window") if own else path


def _met(path: KeyPath, pairs: list[Pair], extents: Extents) -> Draft:
    one, other = pairs[0]
    same = content_of(one).item == content_of(other).item
    apart = gap(one, other, extents, clocks=_by_the_clock(one, other))
    assert apart is not None
    return Draft(
        "warning" if same or _in_one_series(one, other) else "note", path,
        f"the windows of {_said(one, same)} and {_said(other, same)} meet: the first {_late(one, other, extents)} and "
        f"the second {_early(other)}, and they lie {said(apart)} apart, so "
        f"{_outcome(one, other, extents)}{more(pairs)}",
        "make the windows narrower, or leave them if this is meant",
    )  # fmt: skip


def _said(point: Point, same: bool) -> str:
    label = content_of(point).label
    return f"{label} on {named(point)}" if not same else named(point)


def _late(point: Point, following: Point, extents: Extents) -> str:
    if not latest(point, following, extents):
        return "is not late"
    lasting = f", after running {said(Extent(_lasts(point), _lasts(point)))}" if _lasts(point) else ""
    return f"may be up to {_window(point).late} late{lasting}"


def _early(point: Point) -> str:
    return f"may be up to {_window(point).early} early" if earliest(point) else "is not early"


def _outcome(one: Point, other: Point, extents: Extents) -> str:
    if _lasts(one):
        return "the second could start while the first still runs"
    room = _room(one, other, extents)
    if room == 0:
        return "both could fall on the same day" if not _by_the_clock(one, other) else "both could fall together"
    return "they could fall on the same day or change places"


def _in_one_series(one: Point, other: Point) -> bool:
    """Whether both have a number in their name, as visits of one series have: Week 4 and Week 8."""
    return all(_NUMBER.search(f"{content_of(p).label} {content_of(p).item}") is not None for p in (one, other))


# ---------------------------------------------------------------- rules that need a window


def without_window(survey: Survey) -> Iterator[Draft]:
    """What a window hangs on, and closed days, change nothing where there is no window."""
    windowed = {
        schedule.path[:4] for schedule in survey.schedules()
        if schedule.item.window or (schedule.part and schedule.part.window) or any(p.window for p in schedule.phases)
    }  # fmt: skip
    for path, key, item in survey.items():
        if path in windowed:
            continue
        name = name_of(key, item)
        interval = not isinstance(item, DoseItem) and item.between is not None
        why = f"any day of the interval will do for {name}" if interval else f"{name} has no window"
        give = "leave it out" if interval else "give window: as well, or leave it out"
        if item.window_from == "planned":
            yield Draft("warning", (*path, "window_from"), f"{why}, so window_from: planned changes nothing", give)
        if item.working_days in _MOVING:
            sentence = f"{why}, so working_days: {item.working_days} never moves it"
            yield Draft("warning", (*path, "working_days"), sentence, give)


_MOVING = ("nearest", "next", "previous")
