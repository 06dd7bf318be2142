"""How does a tree of points grow? Parents first; each point knows its root and how far from it it can lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from regimen.definition.models import Epoch, Study
from regimen.errors import PlanError
from regimen.notation.terms import Point as Place
from regimen.plan.points import Base, Bound, Gathered, Point
from regimen.timing import Days, Elapsed, Months, Nth, Offset, Span, longest_days


class CycleStart(NamedTuple):
    """One cycle of an epoch: number, point, length, whether it may not happen, and its course (0: the only one)."""

    number: int
    id: str
    length: Offset
    optional: bool
    prefix: str
    course: int = 0


class Tree:
    """The points of one arm while they are being laid."""

    def __init__(
        self, study: Study, epochs: Mapping[str, Epoch], decisions: Mapping[str, str],
        horizon: Span | None, limit: int, reach: int | None,
    ) -> None:  # fmt: skip
        self.study, self.epochs, self.decisions = study, epochs, decisions
        self.horizon, self.limit, self.reach = horizon, limit, reach
        self.points: dict[str, Point] = {}
        self.roots: dict[str, str | None] = {}
        self.near: dict[str, int] = {}
        self.far: dict[str, int] = {}
        self.cycles: dict[str, list[CycleStart]] = {}
        self.items: dict[tuple[str, str], list[str]] = {}
        self.open: dict[str, bool] = {}
        self.stack: list[str] = []
        self.endless: set[tuple[str, str]] = set()
        self.cuts: dict[str, tuple[Bound, ...]] = {}
        self.lanes: dict[str, str] = {}
        self.notes: list[str] = []
        self.undated: list[tuple[str, str]] = []
        self.refused: list[str] = []
        self.locate: Callable[[Place, str], tuple[Base, Offset, str]]
        self.sow: Callable[[Tree, str], None]
        self.sow_item: Callable[[Tree, str, str], None]

    # ------------------------------------------------------------ points
    def add(self, point: Point) -> str:
        """Add a point; its conditions are its own and those of what it counts from."""
        if len(self.points) >= self.limit * 2:
            raise PlanError(f"the plan has more than {self.limit:,} events; check counts, or allow more with --limit.")
        self._refuse_circle(point.base)
        root, near, far = self._span(point.base)
        inherited = self._conditions(point.base)
        if inherited:
            point = point._replace(conditions=tuple(dict.fromkeys((*inherited, *point.conditions))))
        self.points[point.id] = point
        self.roots[point.id] = root if point.base is not None else point.id
        shortest, longest = _extent(point.offset)
        self.near[point.id], self.far[point.id] = near + shortest, far + longest
        return point.id

    def _refuse_circle(self, base: Base | None) -> None:
        """Something that is not laid yet cannot be counted from: it waits for what is being laid."""
        if isinstance(base, str) and base in self.points:
            return
        ids = base.ids if isinstance(base, Gathered) else (base,) if isinstance(base, str) else ()
        missing = next((id for id in ids if id not in self.points), None)
        if missing is not None:
            chain = " → ".join([*self.stack, missing.replace("/", " ")])
            raise PlanError(f"these starts wait for each other: {chain}. Give one of them an anchor of its own.")

    def _span(self, base: Base | None) -> tuple[str | None, int, int]:
        if isinstance(base, Gathered):
            roots = {self.roots[id] for id in base.ids}
            ends = [self.far[id] + self._length(id) for id in base.ids]
            return (roots.pop() if len(roots) == 1 else None), min(self.near[id] for id in base.ids), max(ends) + 1
        if isinstance(base, str):
            return self.roots[base], self.near[base], self.far[base]
        return None, 0, 0

    def _length(self, id: str) -> int:
        length = self.points[id].length
        return longest_days(length) if length is not None else 0

    def _conditions(self, base: Base | None) -> tuple[str, ...]:
        if isinstance(base, Gathered):
            return tuple(dict.fromkeys(c for id in base.ids for c in self.points[id].conditions))
        return self.points[base].conditions if isinstance(base, str) else ()

    def intermediate(self, id: str, base: Base, offset: Offset, term: str, name: str) -> str:
        """A point at which nothing happens but from which others count; found again by its id."""
        return id if id in self.points else self.add(Point(id, base, offset, term, name))

    def fixed_days(self, id: str) -> int | None:
        """Whole days from the root, where they do not depend on the calendar."""
        return self.near[id] if self.near[id] == self.far[id] and self.roots[id] is not None else None

    def distance(self, start: str, base: Base, offset: Offset) -> int | None:
        """At most how many days after ``start`` a bound can lie; None if only the calendar knows."""
        root, _, far = self._span(base)
        if root is None or root != self.roots[start]:
            return self.reach + max(0, longest_days(offset)) if self.reach is not None else None
        return far + longest_days(offset) - self.near[start]

    def anchor(self, name: str) -> str:
        """The point of a named anchor, which may itself be placed by a definition."""
        id = f"@{name}"
        if id in self.points:
            return id
        anchor = self.study.anchors[name]
        if anchor.from_ is None:
            return self.add(Point(id, None, name=name, waits_for=name))
        with_stack = self._enter(f"anchor {name}")
        try:
            base, offset, term = self.locate(anchor.from_, "")
        finally:
            with_stack.pop()
        return self.add(Point(id, base, offset, term, name))

    def waiting(self, what: str, once: Gathered) -> str:
        """A point that only the future can date, such as the last dose of an open series."""
        id = f"?{what}"
        return id if id in self.points else self.add(Point(id, None, name=what, waits_for=what, once=once))

    # ------------------------------------------------------------ epochs and items
    def build(self, key: str) -> bool:
        """Lay an epoch unless it is laid; False if a decision has closed it."""
        if key in self.open:
            return self.open[key]
        self.open[key] = self.holds(self.epochs[key].if_)
        if self.open[key]:
            stack = self._enter(f"epoch {key}")
            try:
                self.sow(self, key)
            finally:
                stack.pop()
        return self.open[key]

    def _enter(self, what: str) -> list[str]:
        if what in self.stack:
            chain = " → ".join([*self.stack[self.stack.index(what) :], what])
            raise PlanError(f"these starts wait for each other: {chain}. Give one of them an anchor of its own.")
        self.stack.append(what)
        return self.stack

    def edge(self, epoch: str, which: str) -> str:
        """The start or end point of an epoch that has been laid, or is being laid."""
        id = f"{epoch}/{which}"
        if id not in self.points:
            chain = " → ".join([*self.stack, f"{which} of {epoch}"])
            raise PlanError(f"these starts wait for each other: {chain}. Give one of them an anchor of its own.")
        return id

    def holds(self, condition: tuple[str, str] | None) -> bool:
        """Whether a condition is met or still open."""
        if condition is None:
            return True
        name, value = condition
        if name not in self.study.decisions:
            known = ", ".join(self.study.decisions) or "none"
            raise PlanError(f"the condition {name}={value} names no decision; the decisions are: {known}.")
        options = self.study.decisions[name].options
        if value not in options:
            raise PlanError(f"the condition {name}={value} cannot hold: {name} can be {' or '.join(options)}.")
        return self.decisions.get(name, value) == value

    def undecided(self, *conditions: tuple[str, str] | None) -> tuple[str, ...]:
        """Those of the conditions that are still open, as text."""
        return tuple(f"{c[0]}={c[1]}" for c in conditions if c is not None and c[0] not in self.decisions)

    def open_ended(self, epoch: str) -> bool:
        """Whether the epoch's end is known only when something happens."""
        return any(home == epoch for home, _ in self.endless)

    def closed(self, what: str) -> str:
        """A point that never comes, because a decision has closed its epoch."""
        id = f"!{what}"
        return id if id in self.points else self.add(Point(id, None, name=what))

    def endless_doses(self, name: str) -> bool:
        """Whether the last dose of an item is known only when it happens."""
        return any(self._key_in(self.epochs[epoch], name) == key for epoch, key in self.endless)

    def is_item(self, name: str) -> bool:
        """Whether any epoch has an item of that name."""
        return any(name in epoch.doses for epoch in self.study.epochs.values())

    def doses_of(self, name: str, epoch: str) -> list[str]:
        """Ids of the doses of an item, here if this epoch has it and elsewhere in the arm otherwise."""
        exact = [key for key, e in self.epochs.items() if name in e.doses]
        homes = exact or [key for key, e in self.epochs.items() if self._key_in(e, name)]
        if not homes:
            known = sorted({k for e in self.epochs.values() for k in e.doses})
            raise PlanError(f"there is no drug {name!r} in this arm; its drugs are: {', '.join(known) or 'none'}.")
        chosen = [epoch] if epoch in homes else homes
        ids: list[str] = []
        for key in chosen:
            if key == epoch or self.build(key):
                item = self._key_in(self.epochs[key], name)
                assert item is not None
                ids += self.item(key, item)
        return ids

    def _key_in(self, epoch: Epoch, name: str) -> str | None:
        if name in epoch.doses:
            return name
        lowered = name.lower()
        return next((k for k, i in epoch.doses.items() if lowered in (k.lower(), (i.drug or "").lower())), None)

    def item(self, epoch: str, key: str) -> list[str]:
        """Ids of an item's points, laid now if they are not yet."""
        if (epoch, key) not in self.items:
            stack = self._enter(f"{key} in {epoch}")
            try:
                self.sow_item(self, epoch, key)
            finally:
                stack.pop()
        return self.items[epoch, key]


def _extent(offset: Offset) -> tuple[int, int]:
    """Fewest and most whole days an offset can take."""
    match offset:
        case Days(n):
            return n, n
        case Months(n):
            return (n * 28, n * 31) if n >= 0 else (n * 31, n * 28)
        case Elapsed(minutes):
            return minutes // 1440, longest_days(offset)
        case Nth(k, weekdays):
            return 7 * (k // len(weekdays)), longest_days(offset)


def negated(offset: Offset) -> Offset:
    """The offset backwards."""
    match offset:
        case Days(n):
            return Days(-n)
        case Months(n):
            return Months(-n)
        case Elapsed(minutes):
            return Elapsed(-minutes)
    raise PlanError("a weekday cannot be counted backwards.")
