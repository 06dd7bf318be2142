"""Can the minimum interval be kept? The steps of the plan, and what windows and late doses would leave between two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.gaps import DAY, earliest, latest, minutes_of, more, said, steps
from regimen.checks.survey import Survey, content_of, named
from regimen.plan import Plan, Point
from regimen.plan.extents import Extent, Extents


class Pair(NamedTuple):
    """Two that follow each other: the minutes between them, and by how much windows let them come nearer."""

    one: Point
    other: Point
    apart: Extent
    reach: tuple[int, int]


def minimum_intervals(survey: Survey) -> Iterator[Draft]:
    """A minimum interval that the plan itself breaks, or that only restraint inside the windows keeps."""
    for arm, plan, extents in survey.plans():
        for points in _with_minimum(plan, extents).values():
            path = survey.path_of(arm, content_of(points[0]), "min_interval")
            yield from _of_item(path, [pair for pair in _pairs(points, extents) if _known(pair)])


def _with_minimum(plan: Plan, extents: Extents) -> dict[tuple[str, str], list[Point]]:
    items: dict[tuple[str, str], list[Point]] = {}
    for point in plan:
        content = point.content
        if content is not None and content.min_interval is not None and extents.stays(point) is not False:
            items.setdefault((content.epoch, content.item), []).append(point)
    return items


def _pairs(points: list[Point], extents: Extents) -> Iterator[Pair]:
    for one, other, apart in steps(points, extents, same_day=True):
        reach = (latest(one, other, extents), earliest(other)) if apart.most else (0, 0)
        yield Pair(one, other, apart, reach)


def _known(pair: Pair) -> bool:
    """Whether two of one day, whose times nobody has said, are known to be too near: for a day or more they are."""
    return pair.apart.most > 0 or _least(pair).least >= DAY


def _of_item(path: KeyPath, pairs: list[Pair]) -> Iterator[Draft]:
    broken = [pair for pair in pairs if pair.apart.most < _least(pair).least]
    if broken:
        yield _draft("error", path, broken, "the plan itself breaks it")
        return
    at_times = [pair for pair in pairs if _breaks_at_times(pair)]
    if at_times:
        yield _draft("warning", path, at_times, "some start dates break it")
        return
    close = [pair for pair in pairs if pair.apart.least - sum(pair.reach) < _least(pair).least]
    if close:
        yield _close(path, close)


def _least(pair: Pair) -> Extent:
    least = content_of(pair.one).min_interval
    assert least is not None
    return minutes_of(least)


def _breaks_at_times(pair: Pair) -> bool:
    """A step of fixed days against months of 28 to 31 days, or a step in months against fixed days."""
    least = _least(pair)
    return pair.apart.least < (least.most if pair.apart.fixed is not None else least.least)


def _draft(level: str, path: KeyPath, pairs: list[Pair], outcome: str) -> Draft:
    one, other, apart, _ = pairs[0]
    twice = f"comes twice on {named(one)}"
    between = f"on {named(one)} and {named(other)} lie {said(apart)} apart" if apart.most else twice
    return Draft(
        level, path,
        f"{content_of(one).label} {between}, less than the minimum interval of {content_of(one).min_interval}, so "
        f"{outcome}{more(pairs)}",
        "check the interval and the schedule; one of them is not what the protocol says",
    )  # fmt: skip


def _close(path: KeyPath, pairs: list[Pair]) -> Draft:
    """What the windows leave; a warning where one window alone breaks the interval, with the other dose on its day."""
    closest = min(pairs, key=lambda pair: pair.apart.least - sum(pair.reach))
    one, other, least, reach = closest.one, closest.other, closest.apart.least, closest.reach
    alone = least - max(reach) < _least(closest).least
    left = least - (max(reach) if alone else sum(reach))
    leaves = said(Extent(left, left)) if left > 0 else "no time"
    used = "one of the windows alone leaves" if alone else "both windows used in full leave"
    return Draft(
        "warning" if alone else "note", path,
        f"{used} {leaves} between {content_of(one).label} on {named(one)} and {named(other)}, less than the "
        f"minimum interval of {content_of(one).min_interval}{more(pairs)}",
        "check the window and the interval" if alone else "choose each date by its window and by the date before it",
    )  # fmt: skip
