"""Which dates depend on what a month is? Calendar months against months of 28 or 30 days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from regimen.calendars import make_calendar
from regimen.checks.finding import Draft, KeyPath
from regimen.checks.survey import Expanded, Survey, listed
from regimen.definition.models import Study
from regimen.errors import DatingError, PlanError
from regimen.events import Event, day_of
from regimen.notation import point_in_words
from regimen.notation.terms import Point as Place
from regimen.plan import Content, Plan, Point, make_plan
from regimen.plan.extents import extent_of
from regimen.timing import Months, Offset, Span

READINGS = ("calendar", "28d", "30d")


def month_readings(survey: Survey) -> Iterator[Draft]:
    """Every rule that counts in calendar months, with the days it would give if a month were 28 or 30 days."""
    for arm, plan, _ in survey.plans():
        for path, counted in _counted(survey, arm, plan).items():
            names = [name for name, _ in counted]
            months = sorted({n for _, n in counted})
            yield Draft("note", path, _sentence(names, months), _REMEDY)


_REMEDY = "check that the protocol means calendar months; else declare months: 28d or months: 30d"


def _counted(survey: Survey, arm: Expanded, plan: Plan) -> dict[KeyPath, list[tuple[str, int]]]:
    """For each place in the definition the points it puts a number of calendar months away."""
    found: dict[KeyPath, list[tuple[str, int]]] = {}
    for point in plan.points:
        for path, name, offset in _offsets(survey, arm, point):
            if isinstance(offset, Months) and (name, offset.n) not in found.setdefault(path, []):
                found[path].append((name, offset.n))
    return {path: entries for path, entries in found.items() if entries}


def _offsets(survey: Survey, arm: Expanded, point: Point) -> Iterator[tuple[KeyPath, str, Offset]]:
    epoch = arm.homes.get(point.id.partition("/")[0])
    content = point.content
    if epoch is None:
        if point.id.startswith("@"):
            yield ("anchors", point.id[1:], "from"), point.name.replace("_", " "), point.offset
        return
    if content is not None and content.kind != "milestone":
        path = survey.path_of(arm, content, "when")
        yield path, point.position or content.label, point.offset
        yield from ((path, f"the bound of {content.label}", bound.offset) for bound in point.bounds)
        return
    yield _frame_path(epoch, point), _frame_name(epoch, point), point.offset
    yield from ((("epochs", epoch, "cycles"), f"the bound of the cycles of {epoch}", b.offset) for b in point.bounds)


def _frame_path(epoch: str, point: Point) -> KeyPath:
    tail = point.id.rpartition("/")[2]
    if point.cycle is not None or tail in ("cycles-end", "rest") or "/c" in point.id:
        return "epochs", epoch, "cycles"
    return "epochs", epoch, "lasts" if tail == "end" else "from"


def _frame_name(epoch: str, point: Point) -> str:
    if point.id.endswith("/cycles-end"):
        return f"the end of {epoch}"
    return point.name or f"a point of {epoch}"


def _sentence(names: list[str], months: list[int]) -> str:
    shown = months[:4]
    verb = "lies" if len(names) == 1 else "lie"
    unit = "calendar month" if months == [1] else "calendar months"
    more = f" (and {len(months) - len(shown)} more)" if len(months) > len(shown) else ""
    days = listed([str(extent_of(Months(n))) for n in shown])
    others = " and ".join(f"{size}-day months would make it {listed([f'{n * size:,}' for n in shown])}" for size in (28, 30))
    what = listed(list(dict.fromkeys(names)), 4)
    return f"{what} {verb} {listed([str(n) for n in shown])} {unit}{more} on, that is {days} days; {others}"


# ---------------------------------------------------------------- with dates


@dataclass(frozen=True, slots=True)
class MonthChange:
    """An event whose date depends on what a month is; ``None`` where a reading does not have it."""

    arm: str
    id: str
    label: str
    position: str
    calendar: date | None
    days_28: date | None
    days_30: date | None
    what: str = "start"
    """Which day of the event: its ``start``, or its ``end`` where only that differs."""

    def __str__(self) -> str:
        name = " ".join(part for part in (self.label, self.position) if part)
        dates = zip(("calendar months", "28-day months", "30-day months"), self._dates(), strict=True)
        said = "; ".join(f"{reading}: {_said(day)}" for reading, day in dates)
        return f"{self.arm}: {name} ({self.id}){', last day' if self.what == 'end' else ''}: {said}"

    def _dates(self) -> tuple[date | None, ...]:
        return self.calendar, self.days_28, self.days_30


def month_changes(
    study: Study,
    anchors: Mapping[str, date | datetime],
    *,
    arm: str | None = None,
    decisions: Mapping[str, str] | None = None,
    horizon: Span | None = None,
) -> tuple[MonthChange, ...]:
    """Every event that a month of 28 or 30 days would put on another date; all arms unless one is named.

    Only what the definition counts in calendar months is read otherwise. Raises ``PlanError`` and ``DatingError``.
    """
    changes: list[MonthChange] = []
    for name in [arm] if arm is not None else list(study.arms):
        dated = [_events(_reading(study, months), name, anchors, decisions, horizon) for months in READINGS]
        ids = dict.fromkeys(id for events in dated for id in events)
        changes += [change for id in ids if (change := _change(name, id, [events.get(id) for events in dated]))]
    return tuple(sorted(changes, key=lambda c: (c.arm, c.calendar or c.days_28 or c.days_30 or date.max, c.id)))


def _events(
    study: Study, arm: str, anchors: Mapping[str, date | datetime],
    decisions: Mapping[str, str] | None, horizon: Span | None,
) -> dict[str, Event]:  # fmt: skip
    plan = make_plan(study, arm, decisions=decisions, horizon=horizon)
    return {event.id: event for event in make_calendar(plan, anchors)}


def _reading(study: Study, months: str) -> Study:
    """The study with every calendar month read as ``months``; what the protocol declares itself stays."""
    facts = study.study
    if facts.months == "calendar":
        facts = facts.model_copy(update={"months": months})
    epochs = {
        key: epoch.model_copy(update={"months": months}) if epoch.months == "calendar" else epoch
        for key, epoch in study.epochs.items()
    }
    return study.model_copy(update={"study": facts, "epochs": epochs})


def _change(arm: str, id: str, events: list[Event | None]) -> MonthChange | None:
    known = next(event for event in events if event is not None)
    for what in ("start", "end"):
        days = [None if event is None else day_of(getattr(event, what)) for event in events]
        if len(set(days)) > 1:
            return MonthChange(arm, id, known.label, known.position, *days, what=what)
    return None


def _said(day: date | None) -> str:
    return "no such event" if day is None else point_in_words(Place("date", date=day))
