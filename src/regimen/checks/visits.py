"""Do visits say what is meant? Labels that disagree with their day, intervals written as targets, nested windows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.survey import Expanded, Survey, listed, name_of
from regimen.definition.items import DoseItem, VisitItem
from regimen.plan import Point
from regimen.plan.extents import Extents
from regimen.timing import Counting, Span, Window

_CYCLE = re.compile(r"\bc(?:ycle)?[ _-]?(\d+)[ _-]?d(?:ay)?[ _-]?(\d+)\b", re.IGNORECASE)
_LONG = re.compile(r"\b(week|wk|day|month)[ _-]?(\d+)\b(?!\s*[-–]\s*\d)", re.IGNORECASE)
_SHORT = re.compile(r"(w|d|m)[_-]?(\d+)", re.IGNORECASE)
_DAY_0 = re.compile(r"\bd(?:ay)?[ _-]?0\b", re.IGNORECASE)
_FEWEST_DAYS = 3
"""From so many days in a row a visit on each of them is unlikely to be meant."""


# ---------------------------------------------------------------- labels


def labels(survey: Survey) -> Iterator[Draft]:
    """A name such as "Week 12" is a label; dates never come from it, so it must agree with the days."""
    for arm, plan, extents in survey.plans():
        wrong: dict[tuple[KeyPath, str], list[Point]] = {}
        for point in plan:
            content = point.content
            if content is None or content.kind not in ("visit", "activity") or content.interval:
                continue
            for text in dict.fromkeys((content.item, content.label)):
                if _disagrees(text, point, survey, arm, extents):
                    wrong.setdefault((survey.path_of(arm, content), text), []).append(point)
        for (path, text), points in wrong.items():
            where = listed([_where(point) for point in points], 4)
            none = _is_day_0(text, survey.study.study.counting(survey.study.epochs[str(path[1])]))
            named = "a day 0, and there is none before day 1" if none else "another day than the visit has"
            yield Draft(
                "warning", path, f"the label {text!r} names {named}: it lies on {where}",
                "correct the label or the days; dates come from the days, never from the label", key=True,
            )  # fmt: skip


def _is_day_0(text: str, counting: Counting) -> bool:
    """Whether a label speaks of day 0 where the day before day 1 is day -1."""
    return counting.first_day == 1 and _DAY_0.search(text.replace("_", " ")) is not None


def _where(point: Point) -> str:
    day = f"day {point.day}" if point.day is not None and point.cycle is None else ""
    return f"{point.position} ({day})" if day and point.position.lower() != day else point.position or day or point.id


def _disagrees(text: str, point: Point, survey: Survey, arm: Expanded, extents: Extents) -> bool:
    words = text.replace("_", " ")
    if (found := _CYCLE.search(words)) is not None:
        return (point.cycle, point.day) != (int(found[1]), int(found[2]))
    found = _LONG.search(words) or _SHORT.fullmatch(text)
    if found is None or point.content is None:
        return False
    counting = survey.study.study.counting(survey.study.epochs[arm.homes[point.content.epoch]])
    start = point.origin or f"{point.content.epoch}/start"
    if _is_day_0(text, counting):
        return True
    gap = extents.between(start, point.id) if start in extents.index else None
    if gap is None or gap.fixed is None:
        return False
    inside = counting.inside_cycle() if point.cycle is not None else counting
    return gap.fixed not in _days_named(found[1][0].lower(), int(found[2]), inside)


def _days_named(unit: str, number: int, counting: Counting) -> set[int]:
    """Offsets that a label may mean; where the protocol's counting is not declared, both readings."""
    if unit == "d":
        shift = 1 if counting.first_day == 1 else 0
        return {number - shift, -number}
    if unit == "w":
        elapsed, ordinal = {7 * number}, set(range(7 * number - 7, 7 * number))
        return {"elapsed": elapsed, "ordinal": ordinal}.get(counting.weeks or "", elapsed | ordinal)
    return set(range(28 * number - 31, 31 * number + 1))


# ---------------------------------------------------------------- intervals written as targets


def intervals(survey: Survey) -> Iterator[Draft]:
    """A range of days under when: is one visit a day; an interval in which one visit takes place is between:."""
    for schedule in survey.schedules():
        item, phases = schedule.item, schedule.phases
        if isinstance(item, DoseItem) or item.when is None or len(phases) != 1:
            continue
        days = phases[0].days
        plain = phases[0].every is None and phases[0].relative is None and phases[0].frequency is None
        if not plain or days is None or days.unit != "day" or len(days.ranges) != 1 or days.of_weeks:
            continue
        first, last = days.ranges[0]
        count = len(days.numbers())
        if count >= _FEWEST_DAYS:
            name = name_of(schedule.key, item)
            yield Draft(
                "warning", schedule.path,
                f"days {first} to {last} as target days mean {name} on each of {count} days",
                f"write between: days {first} to {last} if it takes place once, on any of these days",
            )  # fmt: skip


# ---------------------------------------------------------------- windows


def windows(survey: Survey) -> Iterator[Draft]:
    """A narrower window must lie inside the wider one that it refines."""
    for schedule in survey.schedules():
        item, path = schedule.item, schedule.path[:4]
        own = schedule.part.window if schedule.part is not None else None
        for allowed in [p.window or own or item.window for p in schedule.phases]:
            if item.preferred is not None and not _inside(item.preferred, allowed):
                yield _outside((*path, "preferred"), "the preferred window", item.preferred, allowed)
        if isinstance(item, VisitItem):
            for number, activity in enumerate(item.activities):
                if (
                    activity.window is not None
                    and item.window is not None
                    and not _inside(activity.window, item.window)
                ):
                    inner = (*path, "activities", number, "window")
                    yield _outside(inner, f"the window of {activity.activity}", activity.window, item.window)


def _outside(path: KeyPath, what: str, inner: Window, outer: Window | None) -> Draft:
    if outer is None:
        return Draft("warning", path, f"{what} ({inner}) has no allowed window around it", "give window: as well")
    return Draft(
        "error", path, f"{what} ({inner}) is not inside the allowed window ({outer}), so some of its days are "
        "not allowed",
        "make it narrower, or the allowed window wider",
    )  # fmt: skip


def _inside(inner: Window, outer: Window | None) -> bool:
    return outer is not None and all(
        _minutes(one) <= _minutes(other) for one, other in ((inner.early, outer.early), (inner.late, outer.late))
    )


def _minutes(span: Span) -> int:
    minutes, days = span.minutes, span.days
    return minutes if minutes is not None else 1440 * days if days is not None else span.n * 1440 * 28
