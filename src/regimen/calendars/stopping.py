"""What ends when treatment is stopped or a subject leaves? Which points a stop cancels, and which epochs it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from regimen.calendars.recorded import before, within
from regimen.facts import ALL, Fact
from regimen.moments import Moment
from regimen.plan import Point


@dataclass(frozen=True, slots=True)
class Stopping:
    """The discontinuations and withdrawals of one subject."""

    stops: Sequence[Fact]
    doses: Mapping[str, tuple[Point, ...]]
    """Epochs in which something is given, with the points of their doses."""
    courses: Mapping[str, str]
    own_anchors: frozenset[str]
    """Epochs that start on an anchor of their own."""
    start_of: Callable[[str], Moment | None]
    """When an epoch starts."""

    def of(self, point: Point, due: Moment) -> Fact | None:
        """The stop that cancels a point; follow-up and what follows the anchor go on after a discontinuation."""
        return next((fact for fact in self.stops if self._covers(fact, point, due)), None)

    def _covers(self, fact: Fact, point: Point, due: Moment) -> bool:
        content = point.content
        if content is None or fact.on is None or before(due, fact.on):
            return False
        if fact.what == "withdrawn":
            return True
        scope = fact.target or ALL
        if not within(scope, point) or self._new_course(content.epoch, fact.on):
            return False
        if content.kind == "dose":
            return True
        if scope not in (ALL, content.epoch) or content.epoch not in self.doses or point.id.endswith("/end"):
            return False
        return content.follows != "anchor"

    def _new_course(self, epoch: str, on: Moment) -> bool:
        """Whether an epoch is a new course that began after the stop."""
        if epoch not in self.courses and epoch not in self.own_anchors:
            return False
        start = self.start_of(epoch)
        return start is None or before(on, start)

    def of_epoch(self, epoch: str) -> Fact | None:
        """The stop after which nothing more is given in an epoch."""
        doses = self.doses.get(epoch, ())
        found: list[Fact] = []
        for item in {point.content.item for point in doses if point.content is not None}:
            first = next(point for point in doses if point.content is not None and point.content.item == item)
            stop = next((fact for fact in self.stops if self._stops(fact, first)), None)
            if stop is None:
                return None
            found.append(stop)
        return max(found, key=lambda fact: (str(fact.on), fact.number), default=None)

    def _stops(self, fact: Fact, point: Point) -> bool:
        if fact.what == "withdrawn":
            return True
        epoch = point.content.epoch if point.content is not None else ""
        return within(fact.target or ALL, point) and fact.on is not None and not self._new_course(epoch, fact.on)
