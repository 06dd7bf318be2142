"""At which points does an item happen? Lays the points of doses, visits and procedures on their frames."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from regimen.definition.items import DoseItem, Part, VisitItem
from regimen.definition.models import Epoch
from regimen.errors import PlanError
from regimen.notation.terms import Phase
from regimen.notation.terms import Point as Place
from regimen.plan.activities import Activities
from regimen.plan.contents import Item, Subject, content_of, name_of, other_gaps, window_of_gap
from regimen.plan.points import Base, Bound, Content, Gathered, Point, position_of
from regimen.plan.relatives import lay_relative, without_others
from regimen.plan.tree import CycleStart, Tree
from regimen.rules import Expansion, Frame, Guard, Start, Step, expand_when
from regimen.timing import Counting, Days, Elapsed, Offset, Window


def sow_item(tree: Tree, epoch_key: str, key: str) -> None:
    """Lay all points of one item of an epoch."""
    epoch = tree.epochs[epoch_key]
    item = dict(epoch.items())[key]
    tree.items[epoch_key, key] = []
    if not tree.holds(item.if_):
        return
    tree.lanes.setdefault(key, name_of(key, item))
    try:
        for part_key, part, phases in _schedules(item):
            if part is None or tree.holds(part.if_):
                _Sowing(tree, epoch_key, epoch, key, item, part_key, part, phases).lay()
    except PlanError as error:
        place = "" if tree.study.study.id == "line" else f"{epoch_key}, {key}: "
        raise PlanError(f"{place}{error}") from None


def _schedules(item: Item) -> list[tuple[str, Part | None, tuple[Phase, ...]]]:
    if isinstance(item, DoseItem):
        return list(item.schedules())
    phases = item.when or item.between
    assert phases is not None
    return [("", None, phases)]


class Patch(NamedTuple):
    """One frame an item is laid on: its start, its length, and the cycle it belongs to."""

    start: str
    frame: Frame
    prefix: str
    cycle: CycleStart | None


class _Known(NamedTuple):
    """What is known of a phase once: it, what happens in it, and whether each of its occurrences was asked for."""

    phase: Phase
    content: Content
    counted: bool


class _Sowing:
    """One item (or one part of it) being laid."""

    def __init__(
        self, tree: Tree, epoch_key: str, epoch: Epoch, key: str, item: Item,
        part_key: str, part: Part | None, phases: tuple[Phase, ...],
    ) -> None:  # fmt: skip
        self.tree, self.epoch_key, self.epoch, self.key, self.item = tree, epoch_key, epoch, key, item
        self.part_key, self.part, self.phases = part_key, part, phases
        self.subject = Subject(epoch_key, epoch, key, item, part)
        self.counting = tree.study.study.counting(epoch)
        self.ids = tree.items[epoch_key, key]
        self.conditions = tree.undecided(item.if_, part.if_ if part else None)
        self.own_start = ""
        self.gap_window: Window | None = None
        self.activities = Activities(item.activities if isinstance(item, VisitItem) else ())
        self.interval = not isinstance(item, DoseItem) and item.between is not None
        # Keyed by identity for speed; each entry holds on to the object so that no other can take its identity.
        self.contents: dict[tuple[int, Offset | None], _Known] = {}
        self.memo: dict[Offset | None, Expansion] = {}
        self.bound_memo: dict[tuple[int, str], tuple[tuple[Guard, ...], tuple[Bound, ...]]] = {}
        self.bounds = self._ends()

    def lay(self) -> None:
        undated: set[str] = set()
        remarks: set[str] = set()
        for patch in self._patches():
            expansion = self._expand(patch)
            undated |= set(expansion.undated)
            remarks |= set(expansion.remarks)
            self._plant(patch, expansion)
            if expansion.endless:
                self.tree.endless.add((self.epoch_key, self.key))
        for reason in sorted(undated):
            self._report_undated(reason)
        self.tree.notes += [f"{name_of(self.key, self.item)}: {remark}" for remark in sorted(remarks)]
        self.tree.notes += [gap for gap in other_gaps(self.subject) if gap not in self.tree.notes]
        self.activities.refuse_unused()

    # ------------------------------------------------------------ frames
    def _patches(self) -> list[Patch]:
        tree, key = self.tree, self.epoch_key
        place = self._own_start()
        scoped = any(phase.cycles is not None for phase in self.phases)
        if place is not None:
            base, offset, term = tree.locate(place, key)
            name = f"{key}/{self.key}{'.' + self.part_key if self.part_key else ''}/start"
            start = tree.intermediate(name, base, offset, term, f"start of {self.key}")
            self.own_start, self.gap_window = start, window_of_gap(place)
            return [Patch(start, self._frame(start, None, self.counting), key, None)]
        if key in tree.cycles:
            inner = self.counting.inside_cycle()
            return [Patch(c.id, self._frame(c.id, c.length, inner), c.prefix, c) for c in tree.cycles[key]]
        if scoped and not any(self._own_cycles(phase) or phase.relative for phase in self.phases):
            raise PlanError("'in cycles' needs cycles; give the epoch cycles: or the item an interval with days.")
        length = self.counting.offset(self.epoch.lasts) if self.epoch.lasts is not None else None
        start = f"{key}/start"
        return [Patch(start, self._frame(start, length, self.counting), key, None)]

    def _own_start(self) -> Place | None:
        """Its own starting point; a numbered day or week of the epoch only says where its first phase starts."""
        place = (self.part.from_ if self.part else None) or self.item.from_
        if place is None or place.kind not in ("day", "week", "month") or place.shift is not None:
            return place
        if self.phases[0].days is not None:
            raise PlanError("listed days count from the start of the epoch; leave out from:, or use an interval.")
        self.phases = (replace(self.phases[0], start=place), *self.phases[1:])
        return None

    def _own_cycles(self, phase: Phase) -> bool:
        return phase.on_off is not None or (phase.days is not None and phase.every is not None)

    def _frame(self, start: str, length: Offset | None, counting: Counting) -> Frame:
        tree = self.tree
        horizon = self.counting.offset(tree.horizon) if tree.horizon is not None else None

        def reach(guard: Guard) -> int | None:
            if isinstance(guard.base, int):
                return None
            base, offset = self._resolved(guard, [])
            return tree.distance(start, base, offset)

        return Frame(counting, length, horizon, reach, tree.limit)

    def _expand(self, patch: Patch) -> Expansion:
        simple = patch.cycle is not None and not any(_names_a_point(phase) for phase in self.phases)
        if simple and patch.frame.length in self.memo:
            return self.memo[patch.frame.length]
        expansion = expand_when(self._bounded(self.phases), patch.frame)
        if self.interval:
            expansion.steps[:] = [_whole(expansion.steps)]
        if simple:
            self.memo[patch.frame.length] = expansion
        return expansion

    def _bounded(self, phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        """An end given for the whole item also ends its last open phase."""
        ends = self.item.ends if isinstance(self.item, DoseItem) else None
        last = phases[-1]
        closed = any((last.times, last.through, last.before, last.lasting, last.up_to, last.unstated, last.relative))
        if ends is None or closed or (last.days is not None and last.every is None):
            return phases
        return (*phases[:-1], replace(last, before=ends, until=None))

    def _ends(self) -> tuple[Bound, ...]:
        """The bounds of all its points: its own end, and the cut of the epoch's cycles."""
        cuts = self.tree.cuts.get(self.epoch_key, ())
        ends = self.item.ends if isinstance(self.item, DoseItem) else None
        if ends is None:
            return cuts
        base, offset, _ = self.tree.locate(ends, self.epoch_key)
        return (*cuts, Bound(base, offset, cuts=True))

    # ------------------------------------------------------------ points
    def _plant(self, patch: Patch, expansion: Expansion) -> None:
        starts = self._plant_starts(patch, expansion)
        laid: list[str | None] = []
        for step in expansion.steps:
            laid.append(self._plant_step(patch, starts, step, laid))
        for phase in expansion.relative:
            if self.tree.holds(phase.condition):
                self.ids += lay_relative(
                    self.tree, self.epoch_key, self.key, phase, self._known(phase, None).content, patch.cycle
                )

    def _plant_starts(self, patch: Patch, expansion: Expansion) -> list[str]:
        starts = [patch.start]
        self._pending: dict[int, Start] = {}
        for number, start in enumerate(expansion.starts[1:], start=1):
            id = f"{patch.prefix}/{start.token or number}@{self.key}{'.' + self.part_key if self.part_key else ''}"
            if id in self.tree.points:
                id = f"{id}.{number}"
            starts.append(id)
            if start.after:
                self._pending[number] = start
            elif start.place is not None:
                base, offset, term = self.tree.locate(start.place, self.epoch_key)
                self.tree.add(Point(id, base, offset, term, start.token))
            else:
                self._add_start(id, starts[start.base], start)
        return starts

    def _add_start(self, id: str, base: Base, start: Start) -> None:
        name = f"C{start.cycle}" if start.cycle else ""
        if isinstance(base, str) and base not in self.tree.points:
            raise PlanError("a phase counts from one that only the calendar can place; give it its own from.")
        self.tree.add(Point(id, base, start.offset, start.term, name, clock=start.clock, cycle=start.cycle))

    def _plant_step(self, patch: Patch, starts: list[str], step: Step, laid: list[str | None]) -> str | None:
        phase = step.phase
        cycle = patch.cycle.number if patch.cycle is not None else step.cycle
        if patch.cycle is not None and not _holds_in(phase, patch.cycle.number):
            return None
        if phase.condition is not None and not self.tree.holds(phase.condition):
            return None
        if step.start in self._pending:
            start = self._pending.pop(step.start)
            ids = tuple(id for n in start.after if (id := laid[n]) is not None)
            base: Base = Gathered("last", ids) if ids else patch.start
            self._add_start(starts[step.start], base, start)
        if phase.without is not None and without_others(
            self.tree, self.epoch_key, phase, starts[step.start], step.offset, cycle, patch.start
        ):
            return None
        id = self._id(patch, step)
        known = self._known(phase, step.length)
        content = known.content
        if self.gap_window is not None and content.window is None and not self.ids:
            content = replace(content, window=self.gap_window)
        origin = starts[step.start] if step.cycle is not None else patch.start
        day = self._day(step, patch)
        course = patch.cycle.course if patch.cycle is not None else 0
        self.tree.add(
            Point(
                id, starts[step.start], step.offset, step.term, "", step.clock,
                self._step_bounds(step, starts), content, step.length or self._over(phase),
                cycle, course, day, step.named or position_of(cycle, day, course), origin,
                patch.frame.counting.first_day or 0,
                (*self.conditions, *self.tree.undecided(phase.condition)) if phase.condition else self.conditions,
                step.optional or (patch.cycle is not None and patch.cycle.optional),
                known.counted,
                bool(step.ordinal) and step.clock is None and not isinstance(step.offset, Elapsed),
                self.activities.at(patch.frame, cycle, step),
                last=self._last(step, starts),
            )
        )  # fmt: skip
        self.ids.append(id)
        self.activities.lay_own_windows(self.tree, id, patch.frame, cycle, step, content)
        return id

    def _last(self, step: Step, starts: list[str]) -> tuple[str, int] | None:
        """A bound of the last phase; one between two phases moves with them."""
        own, last = step.phase, self.phases[-1]
        if step.last is None or (own.through, own.before, own.every) != (last.through, last.before, last.every):
            return None
        start, day = step.last
        return starts[start], day

    def _over(self, phase: Phase) -> Offset | None:
        over = phase.dose.over if phase.dose is not None else None
        return Elapsed(over.minutes) if over is not None and over.minutes else None

    def _id(self, patch: Patch, step: Step) -> str:
        prefix = patch.prefix if step.cycle is None else f"{patch.prefix}/c{step.cycle}"
        own = f".{self.part_key}" if self.part is not None and self.own_start else ""
        id = f"{prefix}/{step.token}/{self.key}{own}" + (f"/{step.ordinal}" if step.ordinal else "")
        candidate, n = id, 1
        while candidate in self.tree.points:
            n += 1
            candidate = f"{id}/{n}"
        return candidate

    def _day(self, step: Step, patch: Patch) -> int | None:
        """The day's number where it is fixed; hours can reach into the next day, so only the calendar knows theirs."""
        if step.day is None or isinstance(step.offset, Elapsed):
            return None
        return patch.frame.counting.day_of_offset(step.day)

    def _step_bounds(self, step: Step, starts: list[str]) -> tuple[Bound, ...]:
        if not step.guards:
            return self.bounds
        key = (id(step.guards), starts[step.start] if any(g.on_start for g in step.guards) else starts[0])
        if key not in self.bound_memo:
            self.bound_memo[key] = step.guards, self._new_bounds(step, starts)
        return self.bound_memo[key][1]

    def _new_bounds(self, step: Step, starts: list[str]) -> tuple[Bound, ...]:
        bounds = list(self.bounds)
        for guard in step.guards:
            if guard.weekdays:
                bounds.append(Bound("", weekdays=guard.weekdays))
                continue
            held = starts[step.start] if guard.on_start else ""
            base, offset = self._resolved(guard, starts)
            continuous = step.phase.dose is not None and step.phase.dose.continuous
            cuts = continuous and not guard.on_start
            bounds.append(Bound(base, offset, guard.inclusive, guard.refused, held=held, cuts=cuts))
        return tuple(bounds)

    def _resolved(self, guard: Guard, starts: list[str]) -> tuple[Base, Offset]:
        if isinstance(guard.base, int):
            return starts[guard.base], guard.offset
        if isinstance(guard.base, Place):
            base, offset, _ = self.tree.locate(guard.base, self.epoch_key)
            return base, offset
        return guard.base, guard.offset

    # ------------------------------------------------------------ what happens
    def _known(self, phase: Phase, length: Offset | None) -> _Known:
        key = (id(phase), length)
        if key not in self.contents:
            content = content_of(self.subject, phase, length, self.interval)
            self.contents[key] = _Known(phase, content, _is_counted(phase))
        return self.contents[key]

    def _report_undated(self, reason: str) -> None:
        name = f"{name_of(self.key, self.item)} ({self.epoch_key})"
        if reason != "the schedule is not stated":
            self.tree.undated.append((name, reason))
            return
        choices = [k for k, a in self.tree.study.assumptions.items() if _sets(a.sets, self.epoch_key, self.key)]
        options = "".join(
            f"\n  --assume {k}: {self.tree.study.assumptions[k].title} ({self.tree.study.assumptions[k].reason})"
            for k in choices
        )
        self.tree.refused.append(
            f"{name}: the schedule is not stated, so there are no dates to give."
            + (f" One may opt into an assumption:{options}" if options else " No assumption is offered.")
        )


def _whole(steps: list[Step]) -> Step:
    """The one step that spans an interval's first to last day."""
    first, last = steps[0].offset, steps[-1].offset
    if not (isinstance(first, Days) and isinstance(last, Days)) or len(steps) != last.n - first.n + 1:
        raise PlanError("between: names one unbroken range of days, such as days -28 to -1.")
    return steps[0]._replace(length=Days(len(steps)))


def _sets(sets: dict[str, object], epoch: str, key: str) -> bool:
    inner: object = sets
    for name in ("epochs", epoch, "doses", key):
        inner = inner.get(name) if isinstance(inner, dict) else None
    return inner is not None


def _is_counted(phase: Phase) -> bool:
    """Whether each occurrence was asked for: by a count, or by a day of its own in a list."""
    single = phase.days is not None and all(a == b for a, b in phase.days.ranges)
    return phase.times is not None or (single and phase.every is None)


def _holds_in(phase: Phase, cycle: int) -> bool:
    """Whether a phase takes place in a cycle: by its scope, and by a bound that names a cycle."""
    if phase.cycles is not None and not phase.cycles.holds(cycle):
        return False
    through, before = phase.through, phase.before
    if through is not None and through.kind == "cycle" and cycle > (through.number or 0):
        return False
    return not (before is not None and before.kind == "cycle" and cycle >= (before.number or 0))


def _names_a_point(phase: Phase) -> bool:
    points = (phase.through, phase.before, phase.start)
    return any(point is not None and point.kind not in ("day", "week", "cycle") for point in points)
