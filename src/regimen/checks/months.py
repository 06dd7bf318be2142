"""Which dates depend on what a month is? Calendar months against months of 28 or 30 days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from regimen.calendars import make_calendar
from regimen.checks.finding import Draft, KeyPath
from regimen.checks.survey import Expanded, Survey, listed, placed_items
from regimen.definition.models import Study
from regimen.errors import DatingError, PlanError
from regimen.events import Event, day_of
from regimen.notation import point_in_words
from regimen.notation.terms import Point as Place
from regimen.plan import Plan, Point, make_plan
from regimen.plan.extents import extent_of
from regimen.timing import Months, Offset, Span

READINGS = ("calendar", "28d", "30d")
_NAMES = {"calendar": "calendar months", "28d": "28-day months", "30d": "30-day months"}


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
            if isinstance(offset, Months) and offset.n and (name, offset.n) not in found.setdefault(path, []):
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
        yield from ((path, f"the end of {content.label}", bound.offset) for bound in point.bounds)
        return
    item = _item_of(survey, epoch, point)
    if item is not None:
        yield item, f"the start of a phase of {item[3]}", point.offset
        return
    yield _frame_path(epoch, point), _frame_name(epoch, point), point.offset
    yield from ((("epochs", epoch, "cycles"), f"the last cycle of {epoch}", b.offset) for b in point.bounds)


def _item_of(survey: Survey, epoch: str, point: Point) -> KeyPath | None:
    """The item whose phase or own starting point this is: ``treatment/then2@drug``, ``treatment/drug/start``."""
    tail = point.id.rpartition("@")[2] if "@" in point.id else point.id.partition("/")[2].removesuffix("/start")
    key = tail if point.cycle is None else ""
    found = {
        k: path for path, k, _ in placed_items(epoch, survey.study.epochs[epoch]) if key == k or key.startswith(f"{k}.")
    }
    return next(((*path, "when") for path in found.values()), None)


def _frame_path(epoch: str, point: Point) -> KeyPath:
    tail = point.id.rpartition("/")[2]
    if point.cycle is not None or tail in ("cycles-end", "rest") or "/c" in point.id:
        return "epochs", epoch, "cycles"
    return "epochs", epoch, "lasts" if tail == "end" else "from"


def _frame_name(epoch: str, point: Point) -> str:
    if point.id.endswith("/cycles-end"):
        return f"the end of {epoch}"
    if point.id.endswith(("/start", "/end")) and point.cycle is None:
        return f"the {point.id.rpartition('/')[2]} of {epoch}"
    return point.name or f"a point of {epoch}"


def _sentence(names: list[str], months: list[int]) -> str:
    shown = months[:4]
    more = f" and {len(months) - len(shown)} more" if len(months) > len(shown) else ""
    what = listed(list(dict.fromkeys(names)), 4)
    is_one = len(set(names)) == 1
    counted = f"{listed([str(n) for n in shown])} month{'s are' if months != [1] else ' is'}"
    days = listed([str(extent_of(Months(n))) for n in shown])
    fixed = {size: listed([f"{n * size:,}" for n in shown]) for size in (28, 30)}
    return (
        f"{what} {'is' if is_one else 'are'} counted in calendar months: {counted} {days} days{more}; with months of "
        f"28 days {'it' if is_one else 'they'} would be at {fixed[28]} days, with months of 30 days at {fixed[30]}"
    )


# ---------------------------------------------------------------- with dates


@dataclass(frozen=True, slots=True)
class MonthChange:
    """An event whose date depends on what a month is; ``None`` where a reading has no date for it."""

    arm: str
    id: str
    label: str
    position: str
    calendar: date | None
    days_28: date | None
    days_30: date | None
    what: str = "start"
    """Which day of the event: its ``start``, or its ``end`` where only that differs."""
    unknown: tuple[str, ...] = ()
    """Readings that give no dates for the arm, so that nothing is known of this event under them."""
    refused: str = ""
    """Why a reading gives no dates at all for the arm; then the entry stands for the whole arm."""

    def __str__(self) -> str:
        if self.refused:
            return f"{self.arm}: {self.label} {self.refused}"
        name = " ".join(part for part in (self.label, self.position) if part)
        days = zip(READINGS, (self.calendar, self.days_28, self.days_30), strict=True)
        said = "; ".join(
            f"{_NAMES[reading]}: {'not known' if reading in self.unknown else _said(day)}" for reading, day in days
        )
        return f"{self.arm}: {name} ({self.id}){', last day' if self.what == 'end' else ''}: {said}"


def month_changes(
    study: Study,
    anchors: Mapping[str, date | datetime],
    *,
    arm: str | None = None,
    decisions: Mapping[str, str] | None = None,
    horizon: Span | None = None,
) -> tuple[MonthChange, ...]:
    """Every event that a month of 28 or 30 days would put on another date; all arms unless one is named.

    Only what the definition counts in calendar months is read otherwise; a reading that cannot be dated is said so.
    Raises ``PlanError`` and ``DatingError`` if calendar months themselves cannot be.
    """
    changes: list[MonthChange] = []
    for name in [arm] if arm is not None else list(study.arms):
        dated: list[dict[str, Event] | None] = []
        for months in READINGS:
            try:
                dated.append(_events(_reading(study, months), name, anchors, decisions, horizon))
            except (PlanError, DatingError) as error:
                if months == "calendar":
                    raise
                dated.append(None)
                changes.append(_refused(name, months, str(error)))
        changes += _changes(name, dated)
    return tuple(sorted(changes, key=lambda c: (c.arm, c.calendar or c.days_28 or c.days_30 or date.max, c.id)))


def _refused(arm: str, months: str, reason: str) -> MonthChange:
    label = f"with months of {months.removesuffix('d')} days it cannot be dated:"
    return MonthChange(arm, "", label, "", None, None, None, refused=" ".join(reason.split()))


def _changes(arm: str, dated: list[dict[str, Event] | None]) -> list[MonthChange]:
    ids = dict.fromkeys(id for events in dated if events is not None for id in events)
    found = (_change(arm, id, [_NONE if events is None else events.get(id) for events in dated]) for id in ids)
    return [change for change in found if change is not None]


_NONE = "refused"
"""In place of an event under a reading that gives no dates: neither a date nor the absence of one."""


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


def _change(arm: str, id: str, events: list[Event | str | None]) -> MonthChange | None:
    known = next(event for event in events if isinstance(event, Event))
    unknown = tuple(reading for reading, event in zip(READINGS, events, strict=True) if event == _NONE)
    for what in ("start", "end"):
        days = [day_of(getattr(event, what)) if isinstance(event, Event) else None for event in events]
        compared = {day for day, event in zip(days, events, strict=True) if event != _NONE}
        if len(compared) > 1:
            return MonthChange(arm, id, known.label, known.position, days[0], days[1], days[2], what, unknown)
    return None


def _said(day: date | None) -> str:
    return "no date" if day is None else point_in_words(Place("date", date=day))
