"""How does the undated plan of an arm become a schedule of activities?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.plan import Plan, Point
from regimen.plan.extents import Extents
from regimen.render.described import OPEN_END, arm_plan
from regimen.render.soa.condensing import MOST_APART, Stretch, apart, condensed
from regimen.render.soa.grid import Cell, Column, Grid, Row
from regimen.render.soa.heads import Heads
from regimen.render.soa.noting import Footnotes
from regimen.render.soa.placing import Mark, RowKey, amounts, content_of, slots
from regimen.render.words import PLANNING_AID, one_line
from regimen.timing import Elapsed, Span

ACTIVITIES, DOSES = "Visits and activities", "Doses"
GOES_ON = "→"
NOT_LISTED = "no activities listed"


def schedule(
    study: Study, arm: str | None = None, *, decisions: Mapping[str, str] | None = None, horizon: Span | None = None
) -> Grid:
    """The schedule of activities of one arm; no date of any subject is needed.

    Raises ``RegimenError`` if the study has several arms and none is named, or if the arm has no schedule to show.
    """
    if arm is None and len(study.arms) > 1:
        raise RegimenError(f"{study.study.id} has several arms; say which one: --arm {' or --arm '.join(study.arms)}.")
    key = arm or next(iter(study.arms))
    plan, reason = arm_plan(study, key, decisions=decisions, horizon=horizon)
    if plan is None:
        raise RegimenError(reason)
    if horizon is not None and arm_plan(study, key, decisions=decisions)[1].startswith(OPEN_END):
        reason = f"{OPEN_END}; what is open is shown for {horizon.words}"
    return grid_of(study, plan, reason)


def grid_of(study: Study, plan: Plan, shortened: str = "") -> Grid:
    """The grid of a plan; ``shortened`` says why more or less may take place than is shown."""
    return _Building(study, plan).grid(shortened)


class _Building:
    """One grid being built."""

    def __init__(self, study: Study, plan: Plan) -> None:
        self.study, self.plan = study, plan
        self.extents = Extents(plan)
        self.notes = Footnotes(study, plan)
        found = [slots(plan, self.extents, epoch) for epoch in plan.epochs]
        few = sum(map(len, found)) <= MOST_APART
        self.stretches = [stretch for one in found for stretch in (apart if few else condensed)(one)]
        self.visits_noted: set[str] = set()
        self.common = {epoch: self._conditions(epoch) for epoch in plan.epochs}

    def grid(self, shortened: str) -> Grid:
        columns = tuple(self._column(stretch) for stretch in self.stretches)
        rows = (*self._activities(), *self._doses())
        texts = [c.text for row in rows for c in row.cells.values()]
        texts += [cell.text for column in columns for cell in column.heads.values()]
        return Grid(
            self.plan.study, one_line(self.plan.title), self.plan.arm, _without_twice(columns), rows,
            self.notes.listed(), tuple(self._remarks(texts, shortened, columns)),
        )  # fmt: skip

    # ------------------------------------------------------------ heads
    def _column(self, stretch: Stretch) -> Column:
        epoch = stretch.first.epoch
        marks = (*self.notes.of_epoch(epoch), *self.notes.of_conditions(self.common[epoch]))
        open_ = " and ".join(condition.replace("=", " = ") for condition in self.common[epoch])
        title = one_line(self.plan.epochs[epoch]) + (f", only if {one_line(open_)}" if open_ else "")
        heads = {"Epoch": Cell(title, notes=marks)}
        heads |= {head: Cell(text) for head, text in Heads(self.plan, self.extents).of(stretch)}
        visits = [mark for key, marks in stretch.first.marks.items() if key.kind == "visit" for mark in marks]
        if visits:
            heads["Visit"] = self._visit(stretch, visits)
            windows = dict.fromkeys(str(v.content.window).replace("-", "−") for v in visits if v.content.window)
            if windows:
                heads["Visit window"] = Cell("; ".join(windows))
        return Column(heads)

    def _visit(self, stretch: Stretch, visits: list[Mark]) -> Cell:
        names = dict.fromkeys(_optional(_times(one_line(v.content.label), v), v.points[0]) for v in visits)
        notes = [note for v in visits for note in (*self._first_note(v), *self._own_conditions(v))]
        ids = [id for slot in stretch.slots for key, marks in slot.marks.items() if key.kind == "visit"
               for mark in marks for id in _ids(mark)]  # fmt: skip
        return Cell("; ".join(names), tuple(ids), tuple(dict.fromkeys(notes)))

    def _first_note(self, visit: Mark) -> tuple[str, ...]:
        """The rule of a visit is noted where it first takes place."""
        key = f"{visit.content.epoch}/{visit.content.item}"
        if key in self.visits_noted:
            return ()
        self.visits_noted.add(key)
        return self.notes.of_item(visit.content)

    def _conditions(self, epoch: str) -> tuple[str, ...]:
        """The undecided questions that all of an epoch hangs on."""
        points = [p for s in self.stretches if s.first.epoch == epoch for slot in s.slots for p in slot.points]
        first = points[0].conditions if points else ()
        return tuple(c for c in first if all(c in point.conditions for point in points))

    def _own_conditions(self, mark: Mark) -> tuple[str, ...]:
        point = mark.points[0]
        common = self.common[content_of(point).epoch]
        return self.notes.of_conditions(tuple(c for c in point.conditions if c not in common))

    # ------------------------------------------------------------ rows
    def _keys(self, kind: str) -> list[RowKey]:
        """Rows of a kind in the order of the definition."""
        found = dict.fromkeys(key for s in self.stretches for key in s.first.marks if key.kind == kind)
        order = {label: number for number, label in enumerate(self._labels())}
        return sorted(found, key=lambda key: order.get(key.label, len(order)))

    def _labels(self) -> Iterator[str]:
        for point in sorted(self.plan, key=lambda p: list(self.plan.lanes).index(content_of(p).item)
                            if content_of(p).item in self.plan.lanes else len(self.plan.lanes)):  # fmt: skip
            yield content_of(point).label

    def _activities(self) -> Iterator[Row]:
        """What is done at visits, a row for each activity; then procedures; and visits of which nothing is listed."""
        done: dict[str, dict[int, Cell]] = {}
        silent: dict[str, dict[int, Cell]] = {}
        for number, stretch in enumerate(self.stretches):
            for key, marks in stretch.first.marks.items():
                for mark in marks if key.kind == "visit" else ():
                    cell = Cell(_optional("X", mark.points[0]))
                    for activity in mark.points[0].activities:
                        done.setdefault(one_line(activity), {})[number] = cell
                    if not mark.points[0].activities:
                        silent.setdefault(one_line(key.label), {})[number] = cell
        own = {one_line(key.label): key for key in self._keys("activity")}
        for label, cells in silent.items():
            yield Row(ACTIVITIES, f"{label} ({NOT_LISTED})", cells)
        for label, cells in done.items():
            more, notes = self._cells(own.pop(label)) if label in own else ({}, ())
            yield Row(ACTIVITIES, label, dict(sorted({**cells, **more}.items())), notes)
        for label, key in own.items():
            cells, notes = self._cells(key)
            yield Row(ACTIVITIES, label, cells, notes)

    def _doses(self) -> Iterator[Row]:
        for key in self._keys("dose"):
            cells, notes = self._cells(key)
            yield Row(DOSES, _labelled(key, self._all(key)), cells, notes)
        shown = {key.label for key in self._keys("dose")}
        for item, reason in self.plan.undated:
            name = one_line(self.plan.lanes.get(item, item))
            if name not in shown:
                yield Row(DOSES, name, {}, (self.notes.mark(f"{name}: no days are shown: {one_line(reason)}"),))

    def _all(self, key: RowKey) -> list[Mark]:
        return [mark for s in self.stretches for slot in s.slots for mark in slot.marks.get(key, ())]

    def _cells(self, key: RowKey) -> tuple[dict[int, Cell], tuple[str, ...]]:
        """The cells of a row, and the marks of what holds for all of it."""
        marks = self._all(key)
        differ = _differing(marks)
        notes = dict.fromkeys(note for mark in marks for note in self.notes.of_item(mark.content))
        cells: dict[int, Cell] = {}
        for number, stretch in enumerate(self.stretches):
            here = stretch.first.marks.get(key, [])
            if here:
                ids = tuple(id for slot in stretch.slots for mark in slot.marks.get(key, ()) for id in _ids(mark))
                text = "; ".join(dict.fromkeys(_said(mark, differ) for mark in here))
                own = dict.fromkeys(note for mark in here for note in self._own_conditions(mark))
                cells[number] = Cell(text, ids, tuple(own))
        for number in self._while_going_on(key):
            cells.setdefault(number, Cell(GOES_ON))
        return dict(sorted(cells.items())), tuple(notes)

    def _while_going_on(self, key: RowKey) -> Iterator[int]:
        """The columns on whose days a run or an infusion that began before goes on."""
        for stretch in self.stretches:
            for mark in stretch.first.marks.get(key, ()):
                last = _last_day(mark, stretch)
                for number, other in enumerate(self.stretches):
                    if last is not None and _is_inside(other, stretch, last):
                        yield number

    # ------------------------------------------------------------ remarks
    def _remarks(self, texts: list[str], shortened: str, columns: tuple[Column, ...]) -> Iterator[str]:
        yield "X: planned."
        if any(text.startswith("(") for text in texts):
            yield '(X): at most planned, part of an "up to"; it may not happen.'
        if GOES_ON in texts:
            yield f"{GOES_ON}: goes on."
        first_day = self.plan.counting.first_day
        if first_day is not None:
            anchor = one_line(self.plan.anchors.get(self.plan.origin.lstrip("@"), self.plan.origin.lstrip("@")))
            zero = " The day before it is day −1; there is no day 0." if first_day == 1 else ""
            yield f"Study day {first_day} is the day of: {anchor}.{zero}"
        known = sum("Study day" in column.heads for column in columns)
        if 0 < known < len(columns):
            yield "Where no study day is shown, it is known only when the dates are."
        yield "Where no window is shown, none is given; that is not a window of 0 days."
        if shortened:
            yield f"The arm {one_line(self.plan.arm)} {shortened}."
        shown = {stretch.first.epoch for stretch in self.stretches}
        for epoch, title in self.plan.epochs.items():
            if epoch not in shown:
                yield f"{self.notes.epoch_said(epoch) or one_line(title) + '.'} Nothing is planned there."
        yield from (one_line(n) for n in self.plan.notes if ": assumed: " not in n and ": not stated: " not in n)
        yield from self.notes.elsewhere()
        yield "What is assumed about weights, rounding, bags, vials and tablets is not shown here."
        yield PLANNING_AID


# ---------------------------------------------------------------- words of cells


def _differing(marks: list[Mark]) -> tuple[int, ...]:
    """Which of dose, route and length are not the same in all cells of a row, so that each cell says them."""
    return tuple(n for n, values in enumerate(zip(*(amounts(m.content) for m in marks), strict=True))
                 if len(set(values)) > 1)  # fmt: skip


def _labelled(key: RowKey, marks: list[Mark]) -> str:
    """The drug with all that is the same in every cell of its row."""
    differ = _differing(marks)
    same = [text for n, text in enumerate(amounts(marks[0].content)) if n not in differ]
    return one_line(" ".join([key.label, *(text for text in same if text and f" {text} " not in f" {key.label} ")]))


def _said(mark: Mark, differ: tuple[int, ...]) -> str:
    found = amounts(mark.content)
    text = " ".join(found[n] for n in differ if found[n]) or "X"
    text = f"{text} {mark.until}" if mark.until else _times(text, mark)
    return _optional(text, mark.points[0])


def _times(text: str, mark: Mark) -> str:
    return f"{text}, {len(mark.points)} times" if len(mark.points) > 1 else text


def _optional(text: str, point: Point) -> str:
    return f"({text})" if point.optional else text


def _ids(mark: Mark) -> tuple[str, ...]:
    return tuple(point.id for point in mark.points)


def _last_day(mark: Mark, stretch: Stretch) -> int | None:
    """The last day of a run or of a continuous infusion, counted as places are."""
    if mark.last is not None and mark.until:
        return mark.last
    length, place = mark.points[0].length, stretch.first.place
    if mark.content.continuous and isinstance(length, Elapsed) and not place.name:
        return place.least + -(-length.minutes // 1440) - 1
    return None


def _is_inside(other: Stretch, stretch: Stretch, last: int) -> bool:
    one, here = other.first, stretch.first
    same = (one.epoch, one.counted_from, len(other.rounds)) == (here.epoch, here.counted_from, len(stretch.rounds))
    if len(stretch.rounds) > 1:
        same = same and one.cycle == here.cycle
    return same and here.place.least < one.place.least and other.rounds[0][-1].place.most <= last


def _without_twice(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Without the day of the epoch, where it is the study day everywhere."""
    if all(c.heads.get("Day") in (None, c.heads.get("Study day")) for c in columns):
        return tuple(Column({k: v for k, v in c.heads.items() if k != "Day"}) for c in columns)
    return columns
