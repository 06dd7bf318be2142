"""What is done at which visit? The activities of a visit, on all of its days or only on some."""

from __future__ import annotations

from dataclasses import replace

from regimen.definition.items import Activity
from regimen.definition.models import slug
from regimen.errors import PlanError
from regimen.plan.points import Content
from regimen.plan.tree import Tree
from regimen.rules import Frame, Step, expand_when
from regimen.timing import Days, Offset

Place = tuple[int, Offset]


class Activities:
    """The activities of one visit item; remembers which of their days have met a visit."""

    def __init__(self, activities: tuple[Activity, ...]) -> None:
        self.activities = activities
        self._days: dict[tuple[int, Offset | None], frozenset[Place]] = {}
        self._met: set[tuple[int, Place]] = set()

    def at(self, frame: Frame, cycle: int | None, step: Step) -> tuple[str, ...]:
        """The names of what is done at one visit."""
        if not self.activities:
            return ()
        return tuple(a.activity for n, a in enumerate(self.activities) if self._takes_place(n, frame, cycle, step))

    def _takes_place(self, number: int, frame: Frame, cycle: int | None, step: Step) -> bool:
        when = self.activities[number].when
        if when is None:
            return True
        scope = when[0].cycles
        place = (step.start, step.offset)
        if place not in self._days_of(number, frame):
            return False
        self._met.add((number, place))
        return scope is None or cycle is None or scope.holds(cycle)

    def _days_of(self, number: int, frame: Frame) -> frozenset[Place]:
        key = (number, frame.length)
        if key not in self._days:
            when = self.activities[number].when
            assert when is not None
            self._days[key] = frozenset((s.start, s.offset) for s in expand_when(when, frame).steps)
        return self._days[key]

    def refuse_unused(self) -> None:
        """A day named for an activity on which there is no visit is a mistake in the definition."""
        for (number, _), places in self._days.items():
            unused = [place for place in places if (number, place) not in self._met]
            if unused:
                days = ", ".join(_said(offset) for _, offset in sorted(unused, key=str))
                raise PlanError(
                    f"the activity {self.activities[number].activity!r} is to be done on days on which there is no "
                    f"visit (offset {days}); name days of the visit, or make it a procedure of its own."
                )

    def lay_own_windows(
        self, tree: Tree, visit: str, frame: Frame, cycle: int | None, step: Step, content: Content
    ) -> None:
        """An activity with a window of its own is shown beside its visit."""
        for number, activity in enumerate(self.activities):
            if activity.window is None or not self._takes_place(number, frame, cycle, step):
                continue
            own = replace(content, kind="activity", label=activity.activity, window=activity.window, preferred=None)
            point = tree.points[visit]
            tree.add(
                point._replace(
                    id=f"{visit}/{slug(activity.activity)}", base=visit, offset=Days(0), term="", clock=None, bounds=(),
                    content=own, activities=(),
                )
            )  # fmt: skip


def _said(offset: Offset) -> str:
    return f"{offset.n} d" if isinstance(offset, Days) else str(offset)
